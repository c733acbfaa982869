"""The notices of an archive as a draft is checked against them: each read once, found by words."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from functools import cached_property

from assistant.draft import Draft
from assistant.endings import Ending, find_endings
from assistant.matching import Text
from assistant.naming import Roster
from assistant.orders import without_orders
from core.types import Notice, NoticeCard
from store.archive import Archive
from store.words import content_terms, index_terms

# So many notices are kept as read: their tokens take some hundred bytes each.
_KEPT = 48
# A long quotation is looked for by so many of its rarest words.
_MOST_TERMS = 60
_PASSAGES = 40


class Library:
    """An archive for the check of one draft; for one thread."""

    def __init__(self, archive: Archive) -> None:
        """Read from an archive that is held."""
        self.archive = archive
        self._notices: OrderedDict[str, tuple[Notice, Text]] = OrderedDict()
        self._endings: dict[str, Ending | None] = {}

    @cached_property
    def roster(self) -> Roster:
        """The notices by what they are called."""
        return Roster(self.archive)

    def read(self, notice_id: str) -> tuple[Notice, Text]:
        """A notice, and its text to look for quotations in; raises UnknownNoticeError."""
        if notice_id not in self._notices:
            notice = self.archive.catalogue.notice(notice_id)
            self._notices[notice_id] = (notice, Text(notice.text))
            while len(self._notices) > _KEPT:
                self._notices.popitem(last=False)
        self._notices.move_to_end(notice_id)
        return self._notices[notice_id]

    def find_ending(self, card: NoticeCard) -> Ending | None:
        """Which later notice repeals or replaces this one, if any."""
        if card.notice_id not in self._endings:
            self._endings[card.notice_id] = next(iter(find_endings(self.archive, [card])), None)
        return self._endings[card.notice_id]

    def is_ended(self, card: NoticeCard) -> bool:
        """Whether a later notice repeals or replaces the whole of this one."""
        ending = self.find_ending(card)
        return ending is not None and not ending.in_part

    def find_passages(self, words: str) -> list[str]:
        """The ids of the passages that hold most of some words, best first."""
        terms = content_terms(words) or list(dict.fromkeys(index_terms(words)))
        terms.sort(key=lambda term: -self.archive.weigh(term))
        if not terms:
            return []
        found = self.archive.best_by_words(dict.fromkeys(terms[:_MOST_TERMS], 1.0), _PASSAGES)
        return [passage_id for passage_id, _ in found]

    def find_notices(self, words: str, most: int) -> list[NoticeCard]:
        """The notices of those passages, best first, no more than `most`."""
        ids = dict.fromkeys(passage_id.rpartition(":")[0] for passage_id in self.find_passages(words))
        return [self.archive.catalogue.card(notice_id) for notice_id in list(ids)[:most]]

    def read_sentences(self, card: NoticeCard) -> list[Draft]:
        """The sentences of a notice that may prove something."""
        notice, _ = self.read(card.notice_id)
        kept = without_orders(self.archive.catalogue.sentences(card.notice_id), notice.text)
        return [Draft(card, one.span, one.span.of(notice.text), one.kind) for one in kept]

    def read_near(self, words: str, most: int) -> list[Draft]:
        """The sentences of the best passages for some words, in the order of their notices."""
        passages = self.archive.catalogue.passages(self.find_passages(words)[:most])
        spans: dict[str, list[tuple[int, int]]] = {}
        for passage, _ in passages.values():
            spans.setdefault(passage.notice_id, []).append((passage.span.start, passage.span.end))
        cards = {card.notice_id: card for _, card in passages.values()}
        return [draft for notice_id in spans for draft in self._within(cards[notice_id], spans[notice_id])]

    def _within(self, card: NoticeCard, spans: Sequence[tuple[int, int]]) -> list[Draft]:
        drafts = self.read_sentences(card)
        return [one for one in drafts if any(one.span.start < end and start < one.span.end for start, end in spans)]
