"""Reads a set of questions with the notices that answer them, public or of notices, into a `Dataset`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Protocol, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from core.errors import DatasetError

QUESTIONS_ENDING = "-questions.jsonl"
_Id = Annotated[str, Field(min_length=1)]


class Form(StrEnum):
    """How a question is put: as it was asked, after those before it, or so that it stands alone."""

    asked = "as asked"
    alone = "stand-alone"


@dataclass(frozen=True, slots=True)
class Case:
    """A question to ask in one form; `accepted` gives the gain of each path that answers it.

    `history` holds the earlier questions of its conversation, oldest first. `type` and `language`
    are '' where the set does not say.
    """

    question_id: str
    question: str
    accepted: Mapping[str, int]
    history: tuple[str, ...] = ()
    form: Form = Form.asked
    type: str = ""
    language: str = ""


class Record(BaseModel):
    """A line of corpus.jsonl: a passage of a public set, with its title."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, frozen=True)

    id: _Id
    title: str = ""
    text: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """What to ask over what: `records` by path are to become notices; without them `folder` holds notices.

    `left_out` counts the questions that no notice answers: retrieval cannot be right about them.
    """

    name: str
    kind: Literal["public", "notices"]
    folder: Path
    cases: tuple[Case, ...]
    left_out: int
    records: Mapping[str, Record]


class _PublicQuestion(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    id: _Id
    text: str
    answerable: bool = True


class _NoticeQuestion(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    id: _Id
    question: str
    standalone_question: str | None = None
    # None, and not measured: a question that waits for somebody to complete it.
    answerable: bool | None
    measured: bool = True
    lang: str = ""
    type: str = ""
    parent_id: str | None = None
    paths: list[str]
    also_accept: list[str] = []

    @model_validator(mode="after")
    def _has_paths(self) -> _NoticeQuestion:
        if self.measured and self.answerable is None:
            raise ValueError("a question that is measured is answerable or not")
        if self.measured and self.answerable and not self.paths:
            raise ValueError("an answerable question needs paths")
        return self


class _HasId(Protocol):
    @property
    def id(self) -> str: ...

    @classmethod
    def model_validate_json(cls, json_data: str) -> Self: ...


_Line = TypeVar("_Line", bound=_HasId)


def read_dataset(folder: Path) -> Dataset:
    """The set in a folder: public where it holds corpus.jsonl, else one of notices.

    Raises DatasetError where a file is missing or cannot be understood (with its line), or where
    no question is answerable.
    """
    if not folder.is_dir():
        raise DatasetError(f"{folder}: there is no such folder")
    public = any((folder / name).exists() for name in ("corpus.jsonl", "queries.jsonl", "qrels.tsv"))
    dataset = _read_public(folder) if public else _read_notices(folder)
    if not dataset.cases:
        raise DatasetError(f"{folder}: no question in it is answerable", "Retrieval is measured on answerable ones.")
    return dataset


def _read_public(folder: Path) -> Dataset:
    records = read_lines(folder / "corpus.jsonl", Record)
    # No four digits on end: a name must not be taken for a year.
    paths = {name: f"{number // 1000:03}-{number % 1000:03}.txt" for number, name in enumerate(records)}
    questions = read_lines(folder / "queries.jsonl", _PublicQuestion)
    gains: dict[str, dict[str, int]] = {}
    for line, question_id, record_id, gain in _read_qrels(folder / "qrels.tsv"):
        if question_id not in questions or record_id not in records:
            unknown = record_id if question_id in questions else question_id
            raise DatasetError(f"{folder / 'qrels.tsv'}, line {line}: {unknown!r} is in neither .jsonl file")
        if gain > 0:
            gains.setdefault(question_id, {})[paths[record_id]] = gain
    cases = [
        Case(question.id, question.text, gains[question.id])
        for question in questions.values()
        if question.answerable and question.id in gains
    ]
    by_path = {paths[name]: record for name, record in records.items()}
    return Dataset(folder.resolve().name, "public", folder, tuple(cases), len(questions) - len(cases), by_path)


def _read_qrels(file: Path) -> Iterator[tuple[int, str, str, int]]:
    """(line, question id, record id, gain) of each line after the header."""
    for number, line in _number_lines(file):
        if number == 1 and line.startswith("query-id"):
            continue
        columns = line.split("\t")
        if len(columns) != 3 or not columns[2].strip().removeprefix("-").isdecimal():
            raise DatasetError(f"{file}, line {number}: not query-id, corpus-id and a whole score between tabs")
        yield number, columns[0], columns[1], int(columns[2])


def _read_notices(folder: Path) -> Dataset:
    file = find_questions(folder)
    questions = read_lines(file, _NoticeQuestion)
    cases: list[Case] = []
    measured = [question for question in questions.values() if question.measured]
    for question in measured:
        if not question.answerable:
            continue
        accepted = dict.fromkeys([*question.paths, *question.also_accept], 1)
        history = _find_history(file, question, questions)
        described = (question.type, question.lang)
        cases.append(Case(question.id, question.question, accepted, history, Form.asked, *described))
        if history:
            alone = question.standalone_question or question.question
            cases.append(Case(question.id, alone, accepted, (), Form.alone, *described))
    left_out = sum(1 for question in measured if not question.answerable)
    return Dataset(folder.resolve().name, "notices", folder, tuple(cases), left_out, {})


def find_questions(folder: Path) -> Path:
    """FOLDER-questions.jsonl beside the folder or in it, else the only file named so in either."""
    places = (folder.resolve().parent, folder.resolve())
    for place in places:
        if (place / (folder.resolve().name + QUESTIONS_ENDING)).is_file():
            return place / (folder.resolve().name + QUESTIONS_ENDING)
    found = [file for place in places for file in sorted(place.glob("*" + QUESTIONS_ENDING))]
    if not found:
        raise DatasetError(f"{folder}: there is neither a corpus.jsonl in it nor a …{QUESTIONS_ENDING} beside it")
    if len(found) > 1:
        names = ", ".join(file.name for file in found)
        raise DatasetError(f"{folder}: which questions belong to it is not clear ({names})")
    return found[0]


def _find_history(file: Path, question: _NoticeQuestion, questions: Mapping[str, _NoticeQuestion]) -> tuple[str, ...]:
    """The questions before a follow-up, oldest first."""
    earlier: list[_NoticeQuestion] = []
    parent_id = question.parent_id
    while parent_id is not None:
        parent = questions.get(parent_id)
        if parent is None or parent in earlier or parent is question:
            raise DatasetError(f"{file}, question {question.id}: its parent {parent_id!r} is no earlier question")
        earlier.insert(0, parent)
        parent_id = parent.parent_id
    return tuple(parent.question for parent in earlier)


def read_lines(file: Path, kind: type[_Line]) -> dict[str, _Line]:
    """The lines of a JSON Lines file by id, in order; raises DatasetError that names the line."""
    read: dict[str, _Line] = {}
    for number, line in _number_lines(file):
        try:
            made = kind.model_validate_json(line)
        except ValidationError as error:
            fault = error.errors()[0]
            place = ".".join(str(part) for part in fault["loc"])
            raise DatasetError(f"{file}, line {number}: {place + ': ' if place else ''}{fault['msg']}") from error
        if made.id in read:
            raise DatasetError(f"{file}, line {number}: the id {made.id!r} is there twice")
        read[made.id] = made
    return read


def _number_lines(file: Path) -> Sequence[tuple[int, str]]:
    """The lines that are not blank, numbered from 1."""
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"{file}: it is missing or cannot be read ({error})") from error
    return [(number, line.rstrip("\r")) for number, line in enumerate(lines, start=1) if line.strip()]
