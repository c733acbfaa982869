"""evals.calibrate and evals.answers: weights are fitted to a public set, and whole answers are measured."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from assistant import calibration
from evals.__main__ import main as measure
from evals.answers import Outcome, as_table, summarise
from evals.calibrate import main as calibrate
from evals.datasets import read_dataset
from evals.inquiries import Inquiry, read_inquiries

_MATTERS = (
    ("meals", "Every school serves a warm meal at noon, and fruit.", "What is served at noon?", "warm meal"),
    ("buses", "Pupils who live three kilometres away ride the bus free.", "Who rides the bus free?", "Pupils"),
    ("books", "The library lends twelve books to a pupil for a term.", "How many books are lent to a pupil?", "twelve"),
    ("boilers", "School boilers are inspected every second spring.", "When are boilers inspected?", "second spring"),
    ("drills", "A fire drill is held on the first Monday of each month.", "When is a fire drill held?", "first Monday"),
    ("choir", "The choir rehearses in the hall on Wednesdays.", "Where does the choir rehearse?", "in the hall"),
    ("garden", "Grade six looks after the garden of herbs.", "Who looks after the garden?", "Grade six"),
    ("nurse", "The nurse weighs each child in October.", "When does the nurse weigh the children?", "October"),
)  # fmt: skip


@pytest.fixture
def public(tmp_path: Path) -> Path:
    """A public set of eight passages, a question for each, and two that nothing answers."""
    folder = tmp_path / "matters"
    folder.mkdir()
    records = [
        {"id": name, "title": name.title(), "text": f"{text} The rest of {name} is told elsewhere."}
        for name, text, _, _ in _MATTERS
    ]
    asked: list[dict[str, Any]] = [
        {"id": f"q-{name}", "text": question, "answerable": True, "answers": [answer], "gold_passage": name}
        for name, _, question, answer in _MATTERS
    ]
    asked += [
        {"id": f"none-{place}", "text": question, "answerable": False, "answers": [], "gold_passage": None}
        for place, question in enumerate(("Who paints the bicycle shed?", "How many goats graze there?"))
    ]
    for file, rows in (("corpus.jsonl", records), ("queries.jsonl", asked)):
        (folder / file).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    judged = "".join(f"q-{name}\t{name}\t1\n" for name, _, _, _ in _MATTERS)
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n" + judged, encoding="utf-8")
    return folder


def test_questions_come_with_their_answers_and_those_without_too(public: Path) -> None:
    inquiries = read_inquiries(read_dataset(public))
    assert sum(inquiry.is_answerable for inquiry in inquiries) == len(_MATTERS)
    assert inquiries[0].answers == ("warm meal",)
    assert [inquiry.question_id for inquiry in inquiries if not inquiry.is_answerable] == ["none-0", "none-1"]


@pytest.mark.model
def test_weights_are_fitted_and_printed(public: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = calibration.FILE.read_text(encoding="utf-8")
    assert calibrate([str(public), "--store", str(tmp_path / "store")]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert set(printed["scales"]) == {"en", "words"}
    for scales in printed["scales"].values():
        for part in ("sentence", "answer"):
            assert all(math.isfinite(weight) for weight in scales[part]["weights"].values())
    assert "tokens" not in printed["scales"]["words"]["sentence"]["weights"]
    assert calibration.FILE.read_text(encoding="utf-8") == kept


def test_the_kept_weights_are_those_that_the_answerer_asks_for() -> None:
    scales = calibration.read_scales()
    assert set(scales) == {"en", "zh", "across", "words"}
    assert all(scale.sentence.weights and scale.answer.weights for scale in scales.values())


def test_a_set_of_notices_teaches_no_weights(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "notices"
    folder.mkdir()
    (folder / "a.txt").write_text("Schools report.", encoding="utf-8")
    line = {"id": "a", "question": "Who reports?", "answerable": True, "paths": ["a.txt"], "parent_id": None}
    (tmp_path / "notices-questions.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    assert calibrate([str(folder)]) == 2
    assert "public sets only" in capsys.readouterr().err


@pytest.mark.model
def test_whole_answers_are_measured(public: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert measure([str(public), "--answers", "--json", "--store", str(tmp_path / "store")]) == 0
    figures = json.loads(capsys.readouterr().out)["all"]
    assert figures["questions"] == len(_MATTERS) + 2
    assert figures["quotes_exact"] == 1.0
    assert figures["answer_in_first_three"] >= 0.75
    assert figures["answer_in_first"] <= figures["answer_in_first_three"]
    assert measure([str(public), "--answers", "--store", str(tmp_path / "store")]) == 0
    assert "| quotes equal to the source | 1.000 |" in capsys.readouterr().out


def test_a_refusal_of_what_nothing_answers_is_right_and_a_refusal_of_the_rest_is_not() -> None:
    outcomes = [
        Outcome(Inquiry("1", "?", "a.txt", answers=("x",)), None, exact=True, seconds=1.0),
        Outcome(Inquiry("2", "?"), None, exact=True, seconds=2.0),
        Outcome(Inquiry("3", "?"), None, exact=True, seconds=3.0),
    ]
    figures = summarise(outcomes)
    assert figures["all"]["refusal_precision"] == pytest.approx(2 / 3)
    assert figures["all"]["refusal_recall"] == 1.0
    assert figures["all"]["answerable_refused"] == 1.0
    assert figures["all"]["answer_in_first"] == 0.0
    assert "gold_cited" not in figures["all"]
    assert "refusal recall" in as_table(figures)
