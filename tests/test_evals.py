"""evals: both kinds of sets, measured end to end beside the baseline; bad sets are refused in words."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from langchain_text_splitters import RecursiveCharacterTextSplitter

from core.errors import DatasetError
from core.settings import read_settings
from core.types import NoticeCard
from evals.__main__ import main
from evals.asking import ask_both
from evals.baseline import Recipe, SameModel
from evals.datasets import Case, Dataset, Form, read_dataset
from evals.ours import Desk, take_in
from evals.ranking import Ranking
from store.archive import Archive
from store.embedder import Embedded, Embedder
from tests.conftest import Silence

BUSES = "Pupils who live more than three kilometres from school ride the bus free of charge."
RECORDS: list[dict[str, Any]] = [
    {"id": "meals", "title": "Canteens", "text": "Every school serves a warm meal at noon, with fruit on two days."},
    {"id": "buses", "title": "Transport", "text": BUSES},
    {"id": "copy", "title": "Transport again", "text": BUSES},
    # Looks like markup and like a heading, and must stay what it is.
    {
        "id": "odd",
        "title": "Kiln",
        "text": "# <b>Glaze</b> is fired at 1998 degrees.\n\n\n* Wear gloves at the kiln.  ",
    },
    {"id": "library", "title": "Reading", "text": "The library lends twelve books to a pupil for a whole term."},
]
QUERIES: list[dict[str, Any]] = [
    {"id": "q1", "text": "What is served at noon?", "answerable": True},
    {"id": "q2", "text": "Who rides the bus free of charge?", "answerable": True},
    {"id": "q3", "text": "At what temperature is glaze fired?"},
    {"id": "q4", "text": "How many swimming pools are there?", "answerable": False},
    {"id": "q5", "text": "?", "answerable": True},
]
# The copy has the same text as buses: finding that one notice is right for both. What the set calls
# unanswerable stays out, whatever is judged of it.
QRELS = ["q1\tmeals\t1", "q1\tlibrary\t0", "q2\tcopy\t2", "q3\todd\t1", "q4\tmeals\t1", "q5\tlibrary\t1"]

NOTICES = {
    "2021/homework.md": "# Homework\n\nWritten homework is limited to forty minutes a day.",
    "2022/homework.md": "# Homework\n\nWritten homework is limited to sixty minutes a day.",
    "2022/boilers.md": "# Boilers\n\nSchool boilers are inspected every second spring.",
    "charters.txt": "School charters\n\nEvery school adopts a charter and files it with the county office.",
    "演练.txt": "关于演练的通知\n\n学校应当每月开展一次消防演练。",
}
QUESTIONS: list[dict[str, Any]] = [
    {
        "id": "a",
        "lang": "en",
        "type": "number",
        "question": "To how many minutes was written homework limited in 2021?",
        "answerable": True,
        "parent_id": None,
        "paths": ["2021/homework.md"],
        "also_accept": [],
    },
    {
        "id": "b",
        "lang": "en",
        "type": "later",
        "question": "And in 2022?",
        "standalone_question": "To how many minutes was written homework limited in 2022?",
        "answerable": True,
        "parent_id": "a",
        "paths": ["2022/homework.md"],
        "also_accept": ["charters.txt"],
    },
    {
        "id": "c",
        "lang": "zh",
        "type": "number",
        "question": "消防演练多久开展一次？",
        "answerable": True,
        "paths": ["演练.txt"],
    },
    {"id": "d", "lang": "en", "type": "none", "question": "Who paints the roof?", "answerable": False, "paths": []},
]


def _write_lines(file: Path, rows: Sequence[dict[str, Any]]) -> None:
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def public(tmp_path: Path) -> Path:
    """A public set of five records and five questions."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    _write_lines(folder / "corpus.jsonl", RECORDS)
    _write_lines(folder / "queries.jsonl", QUERIES)
    (folder / "qrels.tsv").write_text("\n".join(["query-id\tcorpus-id\tscore", *QRELS]), encoding="utf-8")
    return folder


@pytest.fixture
def notices(tmp_path: Path) -> Path:
    """A folder of five notices with its questions beside it."""
    folder = tmp_path / "county"
    for path, text in NOTICES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    (folder / "sources.csv").write_text("path,issued_on\n2021/homework.md,2021-09\n", encoding="utf-8")
    _write_lines(tmp_path / "county-questions.jsonl", QUESTIONS)
    return folder


def _run_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


# -- reading the sets --------------------------------------------------------------------------------


def test_a_public_set_counts_only_what_a_record_answers(public: Path) -> None:
    dataset = read_dataset(public)
    assert (dataset.name, dataset.kind, dataset.left_out) == ("tiny", "public", 1)
    assert [case.question_id for case in dataset.cases] == ["q1", "q2", "q3", "q5"]
    accepted = [{dataset.records[path].id: gain for path, gain in case.accepted.items()} for case in dataset.cases]
    assert accepted == [{"meals": 1}, {"copy": 2}, {"odd": 1}, {"library": 1}]


def test_follow_ups_are_asked_after_their_parents_and_alone(notices: Path) -> None:
    dataset = read_dataset(notices)
    assert dataset.left_out == 1
    asked = [(case.question_id, case.form, case.history, case.question) for case in dataset.cases]
    assert asked == [
        ("a", Form.asked, (), QUESTIONS[0]["question"]),
        ("b", Form.asked, (QUESTIONS[0]["question"],), "And in 2022?"),
        ("b", Form.alone, (), QUESTIONS[1]["standalone_question"]),
        ("c", Form.asked, (), QUESTIONS[2]["question"]),
    ]
    assert dict(dataset.cases[1].accepted) == {"2022/homework.md": 1, "charters.txt": 1}


def test_a_question_after_a_follow_up_has_the_whole_history(notices: Path) -> None:
    third = {**QUESTIONS[1], "id": "e", "parent_id": "b", "question": "And now?"}
    _write_lines(notices.parent / "county-questions.jsonl", [*QUESTIONS, third])
    case = next(case for case in read_dataset(notices).cases if case.question_id == "e")
    assert case.history == (QUESTIONS[0]["question"], "And in 2022?")


def test_questions_may_lie_in_the_folder_or_bear_another_name(notices: Path) -> None:
    beside = notices.parent / "county-questions.jsonl"
    inside = notices / "autumn-questions.jsonl"
    shutil.move(beside, inside)
    assert len(read_dataset(notices).cases) == 4
    shutil.copy(inside, notices.parent / "spring-questions.jsonl")
    with pytest.raises(DatasetError, match=r"spring-questions.jsonl, autumn-questions.jsonl"):
        read_dataset(notices)
    shutil.copy(inside, beside)
    assert len(read_dataset(notices).cases) == 4


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("corpus.jsonl", '{"id": "meals", "text": "Noon."}\n\n{"id": ', r"corpus.jsonl, line 3: "),
        ("corpus.jsonl", '{"id": "meals"}', r"corpus.jsonl, line 1: text: "),
        ("queries.jsonl", '{"id": "q1", "text": "?"}\n{"id": "q1", "text": "!"}', r"queries.jsonl, line 2: .*twice"),
        ("queries.jsonl", None, r"queries.jsonl: it is missing"),
        ("qrels.tsv", None, r"qrels.tsv: it is missing"),
        ("qrels.tsv", "query-id\tcorpus-id\tscore\nq1\tmeals", r"qrels.tsv, line 2: "),
        ("qrels.tsv", "q1\tmeals\tmuch", r"qrels.tsv, line 1: "),
        ("qrels.tsv", "q1\tmeals\t1\nq1\tsoup\t1", r"qrels.tsv, line 2: 'soup'"),
        ("qrels.tsv", "query-id\tcorpus-id\tscore\nq1\tmeals\t0", r"no question in it is answerable"),
    ],
)
def test_a_public_set_that_makes_no_sense(public: Path, file: str, content: str | None, said: str) -> None:
    (public / file).unlink()
    if content is not None:
        (public / file).write_text(content, encoding="utf-8")
    with pytest.raises(DatasetError, match=said) as caught:
        read_dataset(public)
    assert caught.value.help


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"paths": []}, r"county-questions.jsonl, line 1: .*needs paths"),
        ({"answerable": "perhaps"}, r"line 1: answerable: "),
        ({"parent_id": "z"}, r"question a: its parent 'z'"),
        ({"parent_id": "a"}, r"question a: its parent 'a'"),
    ],
)
def test_questions_that_make_no_sense(notices: Path, changes: dict[str, Any], said: str) -> None:
    _write_lines(notices.parent / "county-questions.jsonl", [{**QUESTIONS[0], **changes}])
    with pytest.raises(DatasetError, match=said):
        read_dataset(notices)


def test_the_command_says_what_is_wrong_and_ends_with_2(
    notices: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "county-questions.jsonl").unlink()
    (tmp_path / "a file").write_text("x", encoding="utf-8")
    for folder in (notices, tmp_path / "nowhere"):
        assert main([str(folder)]) == 2
        printed = capsys.readouterr()
        assert printed.out == ""
        assert str(folder) in printed.err
        assert DatasetError.help in printed.err
    _write_lines(tmp_path / "county-questions.jsonl", QUESTIONS)
    assert main([str(notices), "--report", str(tmp_path / "a file" / "r")]) == 2
    assert "the report cannot be written" in capsys.readouterr().err


# -- the two systems ---------------------------------------------------------------------------------


class CountingEmbedder(Embedder):
    """The real model; it remembers how many passages it was given, its plain form included."""

    passages = 0

    def embed_in_detail(self, texts: Sequence[str], *arguments: Any) -> Embedded:
        """Count, and embed."""
        self.passages += len(texts)
        return super().embed_in_detail(texts, *arguments)

    def load_plain(self) -> Any:
        """The plain model, counting too."""
        plain: Any = super().load_plain()
        encode = plain.encode_document

        def count(texts: Sequence[str], **options: Any) -> Any:
            self.passages += len(texts)
            return encode(texts, **options)

        plain.encode_document = count
        return plain


def _cards(archive: Archive) -> dict[str, NoticeCard]:
    return {card.path: card for card in archive.catalogue.cards()}


@pytest.mark.model
def test_a_record_becomes_a_notice_with_its_text_and_title(public: Path, archive: Archive, tmp_path: Path) -> None:
    dataset = read_dataset(public)
    library = take_in(dataset, archive, tmp_path / "written", read_settings(), Silence())
    assert library.warnings == ()
    paths = {record.id: path for path, record in dataset.records.items()}
    for record in dataset.records.values():
        # All that the canonical form takes away are blank ends and more than one blank line.
        kept = "\n".join(line.rstrip() for line in record.text.split("\n")).replace("\n\n\n", "\n\n")
        assert library.texts[library.ids[paths[record.id]]] == kept
    assert _cards(archive)[paths["odd"]].title == "Kiln"
    assert library.ids[paths["copy"]] == library.ids[paths["buses"]]
    assert len(library.texts) == len(RECORDS) - 1
    assert library.locate({paths["copy"]: 2, paths["buses"]: 1}) == {library.ids[paths["buses"]]: 2}
    assert library.locate({"gone.txt": 1}) == {"gone.txt": 1}


@pytest.mark.model
def test_a_file_that_answers_and_cannot_be_read_is_told(notices: Path, archive: Archive, tmp_path: Path) -> None:
    (notices / "charters.txt").write_bytes(b"\x00\x01")
    # A file of questions is no notice, and nothing to complain of.
    shutil.move(notices.parent / "county-questions.jsonl", notices)
    dataset = read_dataset(notices)
    warnings = take_in(dataset, archive, tmp_path / "written", read_settings(), Silence()).warnings
    assert [warning.partition(":")[0] for warning in warnings] == ["charters.txt", "charters.txt"]
    assert warnings[1].endswith("answers a question, and is not among the notices")


@pytest.mark.model
def test_the_desk_finds_as_its_search_does(notices: Path, archive: Archive, tmp_path: Path) -> None:
    library = take_in(read_dataset(notices), archive, tmp_path / "written", read_settings(), Silence())
    desk = Desk(archive, 30)
    for before, path in [
        ("To how many minutes was written homework limited in 2021?", "2022/homework.md"),
        ("How often were school boilers inspected in 2021?", "2022/boilers.md"),
    ]:
        assert desk.ask("And in 2022?", [before]).notice_ids[0] == library.ids[path]
    assert desk.ask("消防演练多久开展一次？", []).notice_ids[0] == library.ids["演练.txt"]
    found = desk.ask("School charters", [])
    assert len(set(found.notice_ids)) == len(found.notice_ids) == len(NOTICES)
    assert found.seconds > 0
    assert desk.ask("?", []).notice_ids == ()


@pytest.mark.model
def test_the_recipe_ranks_by_the_nearest_of_its_chunks(embedder: Embedder, tmp_path: Path) -> None:
    buses = " ".join(f"Bus number {number} stops at gate {number % 7}." for number in range(60))
    meals = " ".join(f"On day {number} the canteen serves soup number {number}." for number in range(60))
    texts = {"buses": buses, "meals": meals, "short": "Gate 3 is closed in winter."}
    recipe = Recipe(tmp_path, SameModel(embedder), texts, 30, Silence())
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    chunks = [(name, chunk) for name, text in texts.items() for chunk in splitter.split_text(text)]
    assert recipe.chunks == len(chunks) > len(texts)
    plain: Any = embedder.load_plain()
    vectors = plain.encode_document([chunk for _, chunk in chunks])
    for question in ("Where does bus 12 stop?", "Which soup is there on day 3?", "Which gate is closed?"):
        order = np.argsort(-(vectors @ plain.encode_query(question)))
        nearest = tuple(dict.fromkeys(chunks[place][0] for place in order))
        assert recipe.ask(question, ()).notice_ids == nearest


@pytest.mark.model
def test_what_is_kept_is_not_embedded_again(public: Path, tmp_path: Path) -> None:
    dataset = read_dataset(public)

    def prepare(embedder: Embedder) -> tuple[int, Ranking]:
        archive = Archive(tmp_path / "desk", embedder)
        library = take_in(dataset, archive, tmp_path / "written", read_settings(), Silence())
        recipe = Recipe(tmp_path / "baseline", SameModel(embedder), library.texts, 30, Silence())
        archive.close()
        return recipe.chunks, recipe.ask("Who rides the bus?", ())

    first, second = CountingEmbedder(), CountingEmbedder()
    before = prepare(first)
    assert first.passages >= 2 * (len(RECORDS) - 1)
    after = prepare(second)
    assert second.passages == 0
    assert (after[0], after[1].notice_ids) == (before[0], before[1].notice_ids)


class Echo:
    """A system that finds the question itself, and writes down when it was asked."""

    def __init__(self, name: str, log: list[tuple[str, str]]) -> None:
        self._name = name
        self._log = log

    def ask(self, question: str, history: Sequence[str]) -> Ranking:
        """The question, and the earlier ones."""
        self._log.append((self._name, question))
        return Ranking((question, *history), 1.0)


@pytest.mark.parametrize("count", [1, 2, 3, 20])
def test_both_are_asked_everything_in_turns(count: int) -> None:
    log: list[tuple[str, str]] = []
    cases = [Case(f"{n}", f"question {n}", {}, (f"before {n}",)) for n in range(count)]
    outcomes = ask_both(cases, Echo("ours", log), Echo("baseline", log), Silence())
    for case, outcome in zip(cases, outcomes, strict=True):
        assert outcome.case is case
        assert outcome.ours.notice_ids == outcome.baseline.notice_ids == (case.question, *case.history)
    measured = log[2 * min(5, count) :]
    assert len(measured) == 2 * count == len(set(measured))
    pairs = list(zip(measured[::2], measured[1::2], strict=True))
    assert all({first[0], second[0]} == {"ours", "baseline"} for first, second in pairs)
    if count > 1:
        assert all(first[1] != second[1] for first, second in pairs)
        assert {first[0] for first, _ in pairs} == {"ours", "baseline"}


# -- the whole command -------------------------------------------------------------------------------


@pytest.mark.model
def test_a_public_set_end_to_end(public: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = _run_json(capsys, str(public))
    assert figures["counts"] == {
        "notices": 4,
        "passages": figures["counts"]["passages"],
        "baseline_chunks": 4,
        "questions": 4,
        "left_out": 1,
    }
    assert [group["group"] for group in figures["groups"]] == ["all"]
    ranks = {question["id"]: question["ours"] for question in figures["questions"]}
    # q5 has no words: the desk refuses it, which is a miss and no crash.
    assert ranks == {"q1": 1, "q2": 1, "q3": 1, "q5": None}
    whole = figures["groups"][0]
    assert (whole["ours"]["hit@1"], whole["ours"]["MRR@10"], whole["ours"]["nDCG@10"]) == (0.75, 0.75, 0.75)
    baseline = [question["baseline"] for question in figures["questions"]]
    # The recipe refuses nothing: it finds all four notices for q5, in some order.
    assert baseline[:3] == [1, 1, 1]
    assert 1 <= baseline[3] <= 4
    assert whole["baseline"]["hit@1"] == sum(rank == 1 for rank in baseline) / 4
    for metric, value in whole["difference"].items():
        assert value == pytest.approx(whole["ours"][metric] - whole["baseline"][metric], abs=2e-4)
        low, high = whole["intervals"]["difference"][metric]
        assert low <= value <= high
    speed = figures["speed"]
    assert speed["searches"] == 4
    assert speed["ratio"] == pytest.approx(speed["ours"] / speed["baseline"], rel=0.01)


@pytest.mark.model
def test_notices_end_to_end_with_a_report(notices: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stem, store = tmp_path / "docs" / "v1.0", tmp_path / "kept"
    arguments = [str(notices), "--store", str(store), "--report", str(stem)]
    figures = _run_json(capsys, *arguments)
    assert [(group["group"], group["questions"]) for group in figures["groups"]] == [
        ("all", 3),
        ("all, follow-ups stand-alone", 3),
        ("follow-ups, as asked", 1),
        ("follow-ups, stand-alone", 1),
        ("type: number", 2),
        ("language: en", 2),
        ("language: zh", 1),
    ]
    asked = {(question["id"], question["form"]): question for question in figures["questions"]}
    assert {key: question["ours"] for key, question in asked.items()} == {
        ("a", "as asked"): 1,
        ("b", "as asked"): 1,
        ("b", "stand-alone"): 1,
        ("c", "as asked"): 1,
    }
    kept = json.loads((stem.parent / "v1.0.json").read_text(encoding="utf-8"))
    # A report tells how many warnings there were, not the names of files.
    assert kept == {name: value for name, value in figures.items() if name != "questions"} | {"warnings": 0}
    written = (stem.parent / "v1.0.md").read_text(encoding="utf-8")
    assert "| all (3) | Policy Desk | 1.000 [1.00, 1.00] |" in written
    assert "](v1.0.svg)" in written
    assert str(tmp_path) not in written
    plot = (stem.parent / "v1.0.svg").read_bytes()
    assert b"language: zh (1)" in plot
    assert main(arguments) == 0
    printed = capsys.readouterr().out
    assert "follow-ups, as asked (1)" in printed
    assert "Policy Desk" in printed
    # The second run found the same, so it drew the same.
    assert (stem.parent / "v1.0.svg").read_bytes() == plot


def test_a_set_of_another_folder_has_another_store(public: Path, tmp_path: Path) -> None:
    from evals.__main__ import _open_room

    other = tmp_path / "elsewhere" / "tiny"
    shutil.copytree(public, other)
    rooms: list[Path] = []
    for folder in (public, other, public):
        dataset: Dataset = read_dataset(folder)
        with _open_room(dataset, tmp_path / "kept") as room:
            rooms.append(room)
    assert rooms[0] == rooms[2] != rooms[1]
    assert all(room.is_relative_to(tmp_path / "kept") for room in rooms)
