"""What an answerer proposes to say: a span of a notice with its words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.types import NoticeCard, SentenceKind, Span
from store.archive import Archive

# Behind a point inside a sentence, the stop that only led on to the next one is not quoted.
_TRAILING = re.compile(r"(?:[;；,，]\s*(?:and|以及)?|\s)+$")


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence that an answerer proposes: a span of a notice and the words it is said to hold."""

    card: NoticeCard
    span: Span
    text: str
    kind: SentenceKind


def make_draft(archive: Archive, card: NoticeCard, span: Span, kind: SentenceKind) -> Draft:
    """The words of a span, without the stop that only leads on to the next point."""
    text = archive.catalogue.quote(card.notice_id, span)
    trailing = _TRAILING.search(text) if kind is SentenceKind.point else None
    tight = Span(span.start, span.end - (len(trailing.group()) if trailing else 0))
    return Draft(card, tight, tight.of_offset(text, span.start), kind)
