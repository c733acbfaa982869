"""What the page draws of an answer: sentences under their notices, what must be known beside them, sources."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from assistant import wording
from assistant.emphasis import find_emphasis
from assistant.wording import (
    name_notice_of,
    say_advice,
    say_caveat,
    say_searched,
    say_status,
    say_who_drafted,
    say_withheld,
)
from cite.export import Exchange, write_answer_bare, write_answer_rich
from cite.legible import drop_turns, is_numbered, measure_bullet
from cite.styles import STYLES, write_bibliography, write_citation, write_citation_rich, write_place, write_plain
from core.errors import UnknownNoticeError
from core.settings import EXTRACTIVE
from core.types import Answer, AnswerSentence, CaveatKind, Citation, Fallback, Hit, Sentence, SentenceKind, Span
from store.catalogue import Catalogue
from views.pieces import cut_emphasis, cut_labels, find_cells, show_turns
from views.wording import read_words

_EXCERPT = 220
_LINE = 120
# A text is cut before a word that would be cut, if the word is not longer than this.
_WORD = 20
_DRAWN = (
    "source", "sources", "open", "copy", "copied", "not_copied", "nearest", "table",
    "open_nearest",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TableRow:
    """Where a quoted row stands: its notice, the ordinal of its table's first row, and whether it is that row."""

    notice_id: str
    table: int
    is_head: bool


def find_tables(catalogue: Catalogue, answer: Answer) -> dict[int, TableRow]:
    """The place of each quoted table row, by its label."""
    by_label = {citation.label: citation for citation in answer.citations}
    labels = [s.labels[0] for s in answer.sentences if s.kind is SentenceKind.row]
    found: dict[int, TableRow] = {}
    for label in labels:
        citation = by_label[label]
        for row in _read_sentences(catalogue, citation):
            if row.span == citation.span and row.kind is SentenceKind.row:
                head = row.ordinal if row.head is None else row.head
                found[label] = TableRow(citation.card.notice_id, head, row.head is None)
    return found


def _read_sentences(catalogue: Catalogue, citation: Citation) -> Sequence[Sentence]:
    """The sentences at a citation; none where its notice has left the desk since."""
    try:
        return catalogue.sentences(citation.card.notice_id, citation.span)
    except UnknownNoticeError:
        return ()


def describe_answer(
    answer: Answer,
    holding: set[int],
    words: dict[str, str],
    tables: Mapping[int, TableRow] | None = None,
    style: str = STYLES[0],
) -> dict[str, Any]:
    """What the component draws; a sentence whose citations no longer hold loses its words.

    Its labels stay, since they open what stood there and what stands there now.
    `holding` are the labels whose quotes stand in their notices now; `tables` places quoted rows;
    citations are copied in `style`.
    """
    describer = _Describer(answer, holding, words, tables or {}, style)
    compared = {label for sentence in answer.sentences if not sentence.quoted for label in sentence.labels}
    count = len(answer.withheld)
    return {
        "status": show_turns(say_status(answer)),
        "kind": (answer.fallback if answer.fallback is Fallback.stopped else answer.status).value,
        "advice": show_turns(say_advice(answer)),
        "caveats": [*describer.say(CaveatKind.respelt), *describer.say(CaveatKind.differ)],
        "groups": list(describer.group()),
        "drafted": show_turns(say_who_drafted(answer)),
        "sources": describer.list_sources(compared),
        "nearest": [_describe_hit(place, hit) for place, hit in enumerate(answer.nearest)],
        "searched": show_turns(say_searched(answer)) if answer.sentences else "",
        "withheld": [
            {
                "text": show_turns(withheld.text),
                "reason": show_turns(say_withheld(withheld, answer.language)),
                "has_nearest": withheld.nearest is not None,
            }
            for withheld in answer.withheld
        ],
        "withheld_title": words["withheld_one" if count == 1 else "withheld"].format(count=count),
        "words": {name: words[name] for name in _DRAWN}
        | {"replaced_since": read_words(answer.language)["replaced_since"]},
    }


class _Describer:
    """One answer, its citations by label, and which of them a later notice replaced."""

    def __init__(
        self, answer: Answer, holding: set[int], words: dict[str, str], tables: Mapping[int, TableRow], style: str
    ) -> None:
        self.answer, self.holding, self.words, self.tables = answer, holding, words, tables
        self.style = style
        self.by_label = {citation.label: citation for citation in answer.citations}
        superseding = [caveat for caveat in answer.caveats if caveat.kind is CaveatKind.superseded]
        self.replaced = {label for caveat in superseding for label in caveat.labels}
        self.ending = {caveat.by for caveat in superseding if caveat.by is not None}
        self.points = {
            label for s in answer.sentences if s.kind is SentenceKind.point and s.quoted for label in s.labels
        }

    def say(self, kind: CaveatKind, about: Collection[int] | None = None) -> list[dict[str, Any]]:
        """The caveats of a kind, or those about these labels, in pieces with the labels that can be opened."""
        chosen = [
            caveat
            for caveat in self.answer.caveats
            if caveat.kind is kind and (about is None or not set(about).isdisjoint(caveat.labels))
        ]
        said = dict.fromkeys(say_caveat(self.answer, caveat) for caveat in chosen)
        return [{"kind": kind.value, "pieces": self._open_labels(sentence)} for sentence in said]

    def _open_labels(self, sentence: str) -> list[dict[str, Any]]:
        pieces: list[dict[str, Any]] = []
        for piece in cut_labels(sentence):
            label = piece.get("label")
            opens = isinstance(label, int) and label in self.holding and label in self.by_label
            pieces.append(self._describe_label(int(label or 0)) if opens else {"text": piece["text"]})
        return pieces

    def _describe_label(self, label: int) -> dict[str, Any]:
        title = show_turns(self.by_label[label].card.title)
        return {"number": label, "title": title, "replaced": label in self.replaced}

    def group(self) -> Iterator[dict[str, Any]]:
        """The sentences under the notices that they come from; what a chat model drafted stays one text.

        A quote that says that a notice is repealed stands under its own notice.
        """
        named: list[tuple[str, list[AnswerSentence]]] = []
        for sentence in self.answer.sentences:
            heading = self._name_group(sentence)
            ends = bool(self.ending.intersection(sentence.labels))
            same = [members for name, members in named if name == heading] if ends else []
            if not same and named and named[-1][0] == heading:
                same = [named[-1][1]]
            if same:
                same[-1].append(sentence)
            else:
                named.append((heading, [sentence]))
        for heading, members in named:
            labels = {label for sentence in members for label in sentence.labels}
            yield {
                "heading": show_turns(heading),
                "caveats": [*self.say(CaveatKind.superseded, labels), *self.say(CaveatKind.amended, labels)],
                "blocks": list(self._block(members)) if heading else [self._block_flow(members)],
            }

    def _name_group(self, sentence: AnswerSentence) -> str:
        drafted = self.answer.model != EXTRACTIVE and not self.ending.intersection(sentence.labels)
        return "" if drafted else name_notice_of(self.by_label[sentence.labels[0]])

    def _block(self, sentences: Sequence[AnswerSentence]) -> Iterator[dict[str, Any]]:
        """Runs of list points, of rows of one table, and of other sentences."""
        for (kind, _), run in groupby(sentences, key=self._name_block):
            members = list(run)
            described = [self._describe_sentence(sentence) for sentence in members]
            head = None
            if kind == "table":
                place = self.tables.get(members[0].labels[0])
                head = described.pop(0) if place is not None and place.is_head and len(described) > 1 else None
            yield {"kind": kind, "head": head, "sentences": described}

    def _block_flow(self, sentences: Sequence[AnswerSentence]) -> dict[str, Any]:
        """Drafted text: while it was drafted each sentence was a paragraph, and stays one."""
        return {"kind": "sentences", "head": None, "sentences": [self._describe_sentence(s) for s in sentences]}

    def _name_block(self, sentence: AnswerSentence) -> tuple[str, object]:
        if sentence.kind is SentenceKind.row and "\t" in sentence.text:
            place = self.tables.get(sentence.labels[0])
            return "table", (place.notice_id, place.table) if place else None
        return ("points" if sentence.kind is SentenceKind.point else "sentences"), None

    def _describe_sentence(self, sentence: AnswerSentence) -> dict[str, Any]:
        labels = [label for label in sentence.labels if label in self.holding]
        described: dict[str, Any] = {
            "changed": "" if labels else self.words["changed"],
            "kind": sentence.kind.value,
            "labels": [self._describe_label(label) for label in labels or sentence.labels],
            "caveats": self.say(CaveatKind.garbled, sentence.labels),
        }
        if not labels:
            return described | {"pieces": [], "cells": [], "numbered": True}
        text = sentence.text
        strong = find_emphasis(self.answer.question, text) if sentence.quoted else ()
        has_cells = sentence.kind is SentenceKind.row and "\t" in text
        text_at = measure_bullet(text) if sentence.kind is SentenceKind.point else 0
        return described | {
            "pieces": cut_emphasis(text, strong, Span(text_at, len(text))),
            "cells": [cut_emphasis(text, strong, cell) for cell in find_cells(text)] if has_cells else [],
            "numbered": is_numbered(text[text_at:]),
        }

    def list_sources(self, compared: set[int]) -> list[dict[str, Any]]:
        """The notices in the order of their first label, below each its labels with page, quote and citation."""
        notices: dict[str, list[Citation]] = {}
        for citation in self.answer.citations:
            if citation.label in self.holding:
                notices.setdefault(citation.card.notice_id, []).append(citation)
        return [
            {
                "line": show_turns(write_plain(citations[0].card)),
                "replaced": any(citation.label in self.replaced for citation in citations),
                "citations": [self._describe_citation(c, c.label in compared) for c in citations],
            }
            for citations in notices.values()
        ]

    def _describe_citation(self, citation: Citation, compared: bool) -> dict[str, Any]:
        """A label with the beginning of its quote, or the whole where it proves a sentence in other words."""
        quote = citation.quote[measure_bullet(citation.quote) if citation.label in self.points else 0 :]
        return {
            **self._describe_label(citation.label),
            "place": show_turns(write_place(citation.place, self.answer.language)),
            "quote": show_turns(quote) if compared else "",
            "excerpt": "" if compared else show_turns(_shorten(quote, _LINE)),
            "copy": drop_turns(write_citation(self.style, citation.card, citation.place, quote)),
            "html": drop_turns(write_citation_rich(self.style, citation.card, citation.place, quote)),
        }


def describe_copies(exchange: Exchange, style: str, words: dict[str, str]) -> list[dict[str, str]]:
    """What can be copied of an answer at once: {label, text, html}; nothing of one without citations."""
    cards = [citation.card for citation in exchange.answer.citations]
    if not cards:
        return []
    text, html = (write(exchange, style, wording) for write in (write_answer_bare, write_answer_rich))
    return [
        {"label": words["copy_answer"], "text": drop_turns(text), "html": drop_turns(html)},
        {"label": words["copy_bibliography"], "text": drop_turns(write_bibliography(style, cards)), "html": ""},
    ]


def _describe_hit(place: int, hit: Hit) -> dict[str, Any]:
    about = f" ({hit.card.issued_on})" if hit.card.issued_on else ""
    return {
        "place": place,
        "title": show_turns(hit.card.title + about),
        "excerpt": show_turns(_shorten(hit.passage.text, _EXCERPT)),
    }


def _shorten(text: str, most: int) -> str:
    """The text on one line, cut to so many characters."""
    folded = " ".join(text.split())
    if len(folded) <= most:
        return folded
    space = folded.rfind(" ", most - _WORD, most + 1)
    return folded[: most if space < 0 else space].rstrip() + " …"
