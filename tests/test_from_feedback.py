"""evals.feedback: what people said of answers becomes test questions that can be measured with."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.ask import ask
from core.errors import DatasetError
from core.types import Answer, Searched, Status
from evals.__main__ import main
from evals.datasets import read_dataset
from evals.feedback import collect_questions
from evals.inquiries import read_inquiries
from store.archive import Archive
from store.feedback import Reason, give_feedback
from store.records import Records
from tests.conftest import CORPUS

CHAIR, CHARTERS, CUP = (
    "Who presided over the Sichuan meeting?",
    "What was required about school charters in 2022?",
    "Who won the football cup of Antarctica?",
)
BARE = Answer("And before?", "en", Status.no_evidence, Searched(3, (2022,)))


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return Records(tmp_path / "desk")


def _by_question(lines: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    assert len({line["id"] for line in lines}) == len(lines)
    return {line["question"]: line for line in lines}


@pytest.mark.model
def test_praise_expects_the_quotes_and_blame_waits_for_somebody(records: Records, desk: Archive) -> None:
    chair, charters, cup = (ask(desk, question) for question in (CHAIR, CHARTERS, CUP))
    give_feedback(records, "li.na", chair, [], good=True, comment="right")
    give_feedback(records, "wang.wei", replace(chair, question=CHAIR.upper() + " "), [], good=True)
    give_feedback(records, "li.na", cup, [], good=True)
    give_feedback(records, "wang.wei", charters, [], good=False, reason=Reason.incomplete, comment="see 4.2")
    lines = collect_questions(records, desk.catalogue)
    assert len(lines) == 3
    assert "li.na" not in json.dumps(lines)
    told = {line["question"].strip().casefold(): line for line in lines}
    praised = told[CHAIR.casefold()]
    assert (praised["measured"], praised["answerable"], praised["status"]) == (True, True, "answered")
    assert praised["gold_quotes"] == [citation.quote for citation in chair.citations]
    assert praised["paths"] == [chair.citations[0].card.path]
    assert praised["comments"] == ["right"]
    refused = told[CUP.casefold()]
    assert (refused["measured"], refused["answerable"], refused["paths"]) == (True, False, [])
    blamed = told[CHARTERS.casefold()]
    assert (blamed["measured"], blamed["answerable"], blamed["gold_quotes"]) == (False, None, [])
    assert (blamed["reasons"], blamed["comments"]) == (["incomplete"], ["see 4.2"])


def test_one_who_blames_outweighs_one_who_praises(records: Records, desk: Archive) -> None:
    give_feedback(records, "a", BARE, [], good=False, reason=Reason.should_answer)
    give_feedback(records, "b", BARE, [], good=True)
    [line] = collect_questions(records, desk.catalogue)
    assert not line["measured"]
    assert line["reasons"] == ["should_answer"]


def test_a_quote_that_stands_no_more_is_not_expected(records: Records, desk: Archive) -> None:
    answer = ask(desk, CHAIR)
    citation = replace(answer.citations[0], quote=answer.citations[0].quote + "!")
    give_feedback(records, "a", replace(answer, citations=(citation, *answer.citations[1:])), [], good=True)
    [line] = collect_questions(records, desk.catalogue)
    assert not line["measured"]


def test_a_follow_up_stands_below_what_was_asked_before_it(records: Records, desk: Archive) -> None:
    give_feedback(records, "a", BARE, ["What of 2022?", "And who chaired?"], good=True)
    give_feedback(records, "a", replace(BARE, question="And who chaired?"), ["What of 2022?"], good=True)
    lines = collect_questions(records, desk.catalogue)
    assert [line["question"] for line in lines] == ["What of 2022?", "And who chaired?", "And before?"]
    assert [line["parent_id"] for line in lines] == [None, lines[0]["id"], lines[1]["id"]]
    assert [line["measured"] for line in lines] == [False, True, True]


@pytest.mark.model
def test_the_questions_are_measured_end_to_end(
    desk: Archive, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "desk"
    shutil.copytree(desk.folder, store, ignore=shutil.ignore_patterns("records.sqlite*"))
    records = Records(store)
    for question, good in ((CHAIR, True), (CUP, True), (CHARTERS, False)):
        give_feedback(records, "a", ask(desk, question), [], good=good)
    folder, file = tmp_path / "corpus", tmp_path / "corpus-questions.jsonl"
    shutil.copytree(CORPUS, folder)
    assert main(["--from-feedback", "--store", str(store), "--output", str(file)]) == 0
    asked = _by_question([json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()])
    assert set(asked) == {CHAIR, CUP, CHARTERS}
    dataset = read_dataset(folder)
    assert [case.question for case in dataset.cases] == [CHAIR]
    assert dataset.left_out == 1
    assert [inquiry.question for inquiry in read_inquiries(dataset)] == [CHAIR, CUP]
    kept = ["--store", str(tmp_path / "kept"), "--json"]
    assert main([str(folder), "--answers", *kept]) == 0
    figures = json.loads(capsys.readouterr().out)["all"]
    assert {name: figures[name] for name in ("questions", "gold_cited", "status_right", "refusal_recall")} == {
        "questions": 2,
        "gold_cited": 1.0,
        "status_right": 1.0,
        "refusal_recall": 1.0,
    }
    assert main([str(folder), *kept]) == 0
    compared = json.loads(capsys.readouterr().out)
    assert [question["ours"] for question in compared["questions"]] == [1]


def test_a_measured_question_must_say_whether_it_is_answerable(records: Records, desk: Archive, tmp_path: Path) -> None:
    give_feedback(records, "a", BARE, [], good=False)
    [line] = collect_questions(records, desk.catalogue)
    (tmp_path / "set").mkdir()
    (tmp_path / "set-questions.jsonl").write_text(json.dumps(line | {"measured": True}), encoding="utf-8")
    with pytest.raises(DatasetError, match="answerable or not"):
        read_dataset(tmp_path / "set")


@pytest.mark.parametrize("arguments", [["--from-feedback", "corpus"], []])
def test_a_set_or_feedback_and_not_both(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2


def test_no_desk_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--from-feedback", "--store", str(tmp_path / "nowhere")]) == 2
    assert "there is no store" in capsys.readouterr().err
    assert not (tmp_path / "nowhere").exists()
