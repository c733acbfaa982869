"""A notice as it is read for one answer: its text and sentences with their terms, each made once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise

from assistant.names import fold
from core.types import NoticeCard, Sentence, Span
from store.archive import Archive
from store.words import content_terms, index_terms, is_stop_term


class SentenceReading:
    """The words of one sentence, by their terms."""

    def __init__(self, text: str) -> None:
        """Read a sentence, or the sentences that lead in to one."""
        self.text = text

    @cached_property
    def _in_order(self) -> tuple[str, ...]:
        return tuple(index_terms(self.text))

    @cached_property
    def terms(self) -> frozenset[str]:
        """The terms that carry meaning."""
        return frozenset(term for term in self._in_order if not is_stop_term(term))

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """The neighbouring terms."""
        return frozenset(pairwise(self._in_order))

    @cached_property
    def written(self) -> frozenset[str]:
        """The words as they are written, in small letters."""
        return frozenset(re.findall(r"\w+", self.text.lower()))


class NoticeReading:
    """A notice that is read for one answer."""

    def __init__(self, card: NoticeCard, text: str, sentences: Sequence[Sentence]) -> None:
        """Read a notice with this canonical text, which these sentences divide."""
        self.card = card
        self.text = text
        self.sentences = sentences
        self._read: dict[int, SentenceReading] = {}

    def read(self, ordinal: int) -> SentenceReading:
        """The sentence at this place."""
        found = self._read.get(ordinal)
        if found is None:
            found = self._read[ordinal] = SentenceReading(self.sentences[ordinal].span.of(self.text))
        return found

    def touching(self, span: Span) -> list[Sentence]:
        """The sentences that lie in a span or reach into it."""
        return [row for row in self.sentences if row.span.end > span.start and row.span.start < span.end]

    @cached_property
    def title_terms(self) -> frozenset[str]:
        """The terms of the title."""
        return frozenset(content_terms(self.card.title))

    @cached_property
    def named_by(self) -> frozenset[str]:
        """The terms of the title, the issuer and the number."""
        return self.title_terms | frozenset(content_terms(f"{self.card.issuer}\n{self.card.number}"))

    @cached_property
    def told(self) -> str:
        """All that the notice says, with its title, issuer and number, in small letters and without accents."""
        card = self.card
        return fold(f"{card.title}\n{card.issuer}\n{card.number}\n{self.text}")


def read_notices(archive: Archive, cards: Iterable[NoticeCard]) -> dict[str, NoticeReading]:
    """The notices of these cards by their ids; raises UnknownNoticeError for one that has gone."""
    known = {card.notice_id: card for card in cards}
    sentences = archive.catalogue.sentences_of(known)
    texts = {notice_id: archive.catalogue.text(notice_id) for notice_id in known}
    return {
        notice_id: NoticeReading(card, texts[notice_id], sentences.get(notice_id, []))
        for notice_id, card in known.items()
    }


def join_terms(readings: Iterable[SentenceReading]) -> frozenset[str]:
    """The terms of several sentences together."""
    return frozenset().union(*(reading.terms for reading in readings))
