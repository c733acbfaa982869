"""Questions with what a right answer must quote, or the word that nothing answers them."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from evals.datasets import Dataset, find_questions, read_lines


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question; one of `answers` must stand in a sentence of the notice at `path`, or all `quotes` be cited.

    `path` is '' where nothing answers it; `history` holds the earlier questions, oldest first; `status` is how
    the answer should end, '' where the set does not say.
    """

    question_id: str
    question: str
    path: str = ""
    answers: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    type: str = ""
    language: str = ""
    status: str = ""

    @property
    def is_answerable(self) -> bool:
        """Whether the notices answer it."""
        return bool(self.path)


class _PublicLine(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    id: str
    text: str
    answerable: bool = True
    answers: list[str] = []
    gold_passage: str | None = None


class _NoticeLine(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    id: str
    question: str
    answerable: bool | None
    measured: bool = True
    paths: list[str] = []
    gold_quotes: list[str] = []
    parent_id: str | None = None
    type: str = ""
    lang: str = ""
    status: str = ""


def read_inquiries(dataset: Dataset) -> tuple[Inquiry, ...]:
    """The questions of a set that are measured, those without an answer too.

    Raises DatasetError where a line makes no sense.
    """
    if dataset.kind == "public":
        places = {record.id: path for path, record in dataset.records.items()}
        lines = read_lines(dataset.folder / "queries.jsonl", _PublicLine)
        return tuple(
            Inquiry(line.id, line.text, places.get(line.gold_passage or "", ""), tuple(line.answers))
            for line in lines.values()
            if not line.answerable or (line.gold_passage in places and line.answers)
        )
    known = read_lines(find_questions(dataset.folder), _NoticeLine)
    return tuple(
        Inquiry(
            line.id,
            line.question,
            line.paths[0] if line.answerable else "",
            quotes=tuple(line.gold_quotes),
            history=tuple(_read_history(line, known)),
            type=line.type,
            language=line.lang,
            status=line.status,
        )
        for line in known.values()
        if line.measured
    )


def _read_history(line: _NoticeLine, known: dict[str, _NoticeLine]) -> list[str]:
    """The questions before this one in its conversation, oldest first."""
    earlier: list[str] = []
    parent = line.parent_id
    while parent in known and len(earlier) < len(known):
        earlier.insert(0, known[parent].question)
        parent = known[parent].parent_id
    return earlier
