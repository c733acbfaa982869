"""Exchanges as every export tells them: blocks of lines with numbered notes, and what must be known beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from cite.legible import fold_line, fold_piece, measure_bullet
from cite.phrases import say
from core.settings import EXTRACTIVE
from core.types import Answer, AnswerSentence, Caveat, CaveatKind, Citation, NoticeCard, SentenceKind, Span

_LABEL = re.compile(r"\[(\d{1,3})\]")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One turn of a conversation; `heads` are the labels of table rows that head their table."""

    question: str
    answer: Answer
    heads: frozenset[int] = frozenset()


class Said(Protocol):
    """What the desk says in its own words of an answer; the module assistant.wording is one."""

    def say_status(self, answer: Answer) -> str:
        """How it ended; '' for one that is simply answered."""

    def say_advice(self, answer: Answer) -> str:
        """What to do where it does not answer; '' elsewhere."""

    def say_searched(self, answer: Answer) -> str:
        """What was searched."""

    def say_further(self, answer: Answer) -> str:
        """How much more was required than is quoted; '' where nothing is."""

    def say_who_drafted(self, answer: Answer) -> str:
        """That a chat model drafted it; '' where none did."""

    def say_caveat(self, answer: Answer, caveat: Caveat) -> str:
        """A thing to know beside it, with labels such as [3]."""

    def name_notice_of(self, citation: Citation) -> str:
        """The notice of a citation as a heading."""


class Shape(StrEnum):
    """How the lines of a block stand together."""

    text = "text"
    heading = "heading"
    points = "points"
    table = "table"


# Words, and the numbers of notes between them.
Remark = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence on one line, in cells where it is a table row, with the numbers of its notes."""

    text: str
    notes: tuple[int, ...]
    cells: tuple[str, ...] = ()
    is_head: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one shape; `name` is the notice that begins to speak here, `remarks` are of its sentences."""

    shape: Shape
    lines: tuple[Line, ...]
    name: str = ""
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """A question and its answer: what is said first, the blocks, what is said last."""

    question: str
    language: str
    opening: tuple[str, ...]
    blocks: tuple[Block, ...]
    closing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A numbered note: a citation, its quote where no sentence above it spells it; `first` is the note it repeats."""

    number: int
    citation: Citation
    quote: str = ""
    first: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """All that is exported; `notes` are numbered from 1 in the order of their use, `cards` each notice cited once."""

    chapters: tuple[Chapter, ...]
    notes: tuple[Note, ...]
    cards: tuple[NoticeCard, ...]
    language: str


def tell(exchanges: Sequence[Exchange], said: Said, *, each_use: bool) -> Told:
    """The exchanges in blocks; with `each_use` a citation has a note for each of its uses, else one for all.

    A sentence whose words are not those of its citation is left out, and said to be.
    """
    notes = _Notes(each_use)
    chapters = tuple(_tell_exchange(exchange, said, notes) for exchange in exchanges)
    cards = {note.citation.card.notice_id: note.citation.card for note in notes.given}
    language = "zh" if exchanges and exchanges[0].answer.language == "zh" else "en"
    return Told(chapters, tuple(notes.given), tuple(cards.values()), language)


class _Notes:
    """Gives each use of a citation the number of its note."""

    def __init__(self, each_use: bool) -> None:
        self.given: list[Note] = []
        self._each_use = each_use
        self._first: dict[tuple[str, Span], int] = {}
        self._spelt: set[tuple[str, Span]] = set()

    def give(self, citation: Citation, quoted: bool) -> int:
        """The number of the note for this use; `quoted` where the sentence spells the citation's words."""
        key = (citation.card.notice_id, citation.span)
        quote = "" if quoted or key in self._spelt else fold_line(citation.quote)
        if quote:
            self._spelt.add(key)
        first = self._first.get(key)
        if first is None or self._each_use:
            self.given.append(Note(len(self.given) + 1, citation, quote, first))
            self._first.setdefault(key, len(self.given))
            return len(self.given)
        if quote:
            self.given[first - 1] = Note(first, citation, quote)
        return first


def _tell_exchange(exchange: Exchange, said: Said, notes: _Notes) -> Chapter:
    answer = exchange.answer
    proved = [(sentence, citations) for sentence in answer.sentences if (citations := _find_proof(answer, sentence))]
    numbers: dict[int, int] = {}
    blocks = []
    for name, members in _group(answer, proved, exchange.heads, said):
        lines = tuple(_tell_line(member, numbers, notes, exchange.heads) for member in members)
        labels = {citation.label for _, citations in members for citation in citations}
        blocks.append((_choose_shape(members[0][0]), lines, name, labels))
    remarks = _place_remarks(answer, said, [labels for *_, labels in blocks], numbers)
    return Chapter(
        fold_line(exchange.question),
        answer.language,
        _fold_all([said.say_status(answer), said.say_advice(answer), *_say_respelt(answer, said)]),
        tuple(Block(*block[:3], remarks=tuple(remarks[place])) for place, block in enumerate(blocks)),
        _fold_all(
            [
                said.say_further(answer),
                said.say_who_drafted(answer),
                said.say_searched(answer) if proved else "",
                _say_left_out(len(answer.sentences) - len(proved), answer.language),
            ]
        ),
    )


def _find_proof(answer: Answer, sentence: AnswerSentence) -> list[Citation]:
    """The citations of a sentence; of a quoted one those whose quote it is, white space aside."""
    by_label = {citation.label: citation for citation in answer.citations}
    citations = [by_label[label] for label in sentence.labels if label in by_label]
    if not sentence.quoted:
        return citations
    return [citation for citation in citations if citation.quote.split() == sentence.text.split()]


_Proved = tuple[AnswerSentence, list[Citation]]


def _group(
    answer: Answer, proved: Sequence[_Proved], heads: frozenset[int], said: Said
) -> Iterator[tuple[str, list[_Proved]]]:
    """Runs of points and of rows of one notice, other sentences each alone; a name where another notice begins."""
    several = len({citations[0].card.notice_id for _, citations in proved}) > 1 and answer.model == EXTRACTIVE
    run: list[_Proved] = []
    name, before = "", ""
    for sentence, citations in proved:
        notice = citations[0].card.notice_id
        shape = _choose_shape(sentence)
        goes_on = run and notice == before and shape is _choose_shape(run[-1][0])
        if not (goes_on and shape in (Shape.points, Shape.table)) or citations[0].label in heads:
            if run:
                yield name, run
            name = fold_line(said.name_notice_of(citations[0])) if several and notice != before else ""
            run = []
        run.append((sentence, citations))
        before = notice
    if run:
        yield name, run


def _choose_shape(sentence: AnswerSentence) -> Shape:
    if sentence.kind is SentenceKind.row and "\t" in sentence.text:
        return Shape.table
    kinds = {SentenceKind.point: Shape.points, SentenceKind.heading: Shape.heading}
    return kinds.get(sentence.kind, Shape.text)


def _tell_line(proved: _Proved, numbers: dict[int, int], notes: _Notes, heads: frozenset[int]) -> Line:
    sentence, citations = proved
    given = []
    for citation in citations:
        number = notes.give(citation, sentence.quoted)
        numbers.setdefault(citation.label, number)
        given.append(number)
    shape = _choose_shape(sentence)
    text = sentence.text[measure_bullet(sentence.text) if shape is Shape.points else 0 :]
    cells = tuple(fold_line(cell) for cell in text.split("\t")) if shape is Shape.table else ()
    return Line(fold_line(text), tuple(given), cells, citations[0].label in heads)


def _place_remarks(
    answer: Answer, said: Said, blocks: Sequence[set[int]], numbers: dict[int, int]
) -> list[list[Remark]]:
    """What must be known of each block: below the first that it is about, a difference below the last."""
    remarks: list[dict[Remark, None]] = [{} for _ in blocks]
    for caveat in answer.caveats:
        places = [place for place, labels in enumerate(blocks) if not labels.isdisjoint(caveat.labels)]
        if caveat.kind is not CaveatKind.respelt and places:
            place = places[-1 if caveat.kind is CaveatKind.differ else 0]
            remarks[place].setdefault(_tell_remark(answer, said, caveat, numbers))
    return [list(block) for block in remarks]


def _tell_remark(answer: Answer, said: Said, caveat: Caveat, numbers: dict[int, int]) -> Remark:
    """A caveat with the numbers of notes for its labels; where one has no note, with the name of its notice."""
    by_label = {citation.label: citation for citation in answer.citations}
    pieces: list[str | int] = []
    for place, part in enumerate(_LABEL.split(said.say_caveat(answer, caveat))):
        label = int(part) if place % 2 else None
        if label is None:
            pieces.append(fold_piece(part))
        elif label in numbers:
            pieces.append(numbers[label])
        elif label in by_label:
            pieces.append(fold_line(said.name_notice_of(by_label[label])))
        else:
            pieces.append(f"[{part}]")
    return tuple(piece for piece in pieces if piece != "")


def _say_respelt(answer: Answer, said: Said) -> list[str]:
    return [said.say_caveat(answer, caveat) for caveat in answer.caveats if caveat.kind is CaveatKind.respelt]


def _say_left_out(count: int, language: str) -> str:
    if not count:
        return ""
    return say("withheld_one" if count == 1 else "withheld", language).format(count=count)


def _fold_all(said: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line for line in map(fold_line, said) if line))
