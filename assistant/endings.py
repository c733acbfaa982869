"""Which later notice repeals or replaces a notice, in whole or in part, and the sentence that says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.draft import Draft
from core.types import LinkKind, NoticeCard, Sentence, Span
from store.archive import Archive

# What a sentence with a colon announces is quoted with it up to this length.
_ANNOUNCED = 420


@dataclass(frozen=True, slots=True)
class Ending:
    """That `card` was repealed or replaced, `in_part` or wholly, by the notice of `draft`, which says so."""

    card: NoticeCard
    draft: Draft
    in_part: bool


def find_endings(archive: Archive, cards: Sequence[NoticeCard]) -> list[Ending]:
    """Each of these notices that another repeals or replaces, with the sentence that says so."""
    found = (_find_ending(archive, card) for card in dict.fromkeys(cards))
    return [ending for ending in found if ending is not None]


def _find_ending(archive: Archive, card: NoticeCard) -> Ending | None:
    """What ends it wholly, if anything does, else what ends a part of it; of several the latest."""
    said = [
        (link.kind is not LinkKind.amends, archive.catalogue.card(link.notice_id), link.span)
        for link in archive.catalogue.endings_of(card.notice_id)
        if link.span is not None
    ]
    if not said:
        return None
    is_whole, by, span = max(said, key=lambda found: (found[0], found[1].issued_on, found[1].notice_id))
    return Ending(card, _quote(archive, by, span), not is_whole)


def _quote(archive: Archive, card: NoticeCard, said: Span) -> Draft:
    sentence = archive.catalogue.sentences(card.notice_id, said)[-1]
    span = Span(said.start, max(said.end, _with_what_follows(archive, card, sentence).end))
    return Draft(card, span, archive.catalogue.quote(card.notice_id, span), sentence.kind)


def _with_what_follows(archive: Archive, card: NoticeCard, sentence: Sentence) -> Span:
    """A sentence, with what it announces where it ends with a colon: the sentence behind it, to the end of a quotation.

    What is long is cut at the end of a sentence.
    """
    if not archive.catalogue.quote(card.notice_id, sentence.span).rstrip().endswith((":", "：")):
        return sentence.span
    whole = sentence.span
    for following in (s.span for s in archive.catalogue.sentences(card.notice_id) if s.ordinal > sentence.ordinal):
        announced = archive.catalogue.quote(card.notice_id, Span(sentence.span.end, following.end))
        if len(announced.strip()) > _ANNOUNCED:
            break
        whole = Span(sentence.span.start, following.end)
        if announced.count("“") <= announced.count("”"):
            break
    return whole
