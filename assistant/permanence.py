"""Where a citation made in the past leads now: to its words, to what stands in their place, or to nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assistant.matching import Piece, match_quotation, take_last_mark
from core.errors import UnknownNoticeError
from core.types import Notice, Span
from store.catalogue import Catalogue


class Fate(StrEnum):
    """What became of cited words.

    stands: the notice is on the desk as it was cited; moved: another version of it is, and says the same words;
    changed: another version is, and does not; removed: it is no longer on the desk, and nothing took its place;
    unknown: the desk never had it, or has erased it.
    """

    stands = "stands"
    moved = "moved"
    changed = "changed"
    removed = "removed"
    unknown = "unknown"


@dataclass(frozen=True, slots=True)
class Standing:
    """A citation looked up: `cited` is the notice as it was cited, `present` what is on the desk in its place.

    `now` is where the cited words, or those nearest to them, stand in `present`; `pieces` say how they differ.
    Each is None, or empty, where there is none.
    """

    fate: Fate
    cited: Notice | None = None
    present: Notice | None = None
    now: Span | None = None
    pieces: tuple[Piece, ...] = ()


def look_up(catalogue: Catalogue, notice_id: str, span: Span | None) -> Standing:
    """Where a citation of these code points of a notice, or of the whole (None), leads now."""
    try:
        notice = catalogue.notice(notice_id)
        return Standing(Fate.stands, notice, notice, span)
    except UnknownNoticeError:
        pass
    try:
        cited = catalogue.departed(notice_id)
    except UnknownNoticeError:
        cited = None
    present = _find_present(catalogue, notice_id)
    if cited is None:
        # Erased, or gone from a desk that kept nothing of what left: what took its place may still be there.
        return Standing(Fate.changed if present else Fate.unknown, None, present)
    if present is None:
        return Standing(Fate.removed, cited)
    quote = span.of(cited.text) if span else ""
    match = match_quotation(quote, present.text) if quote.strip() else None
    if match is None:
        return Standing(Fate.changed, cited, present)
    now = take_last_mark(match.span, quote, present.text)
    return Standing(Fate.moved if match.exact else Fate.changed, cited, present, now, match.pieces)


def _find_present(catalogue: Catalogue, notice_id: str) -> Notice | None:
    """What stands on the desk in the place of a notice that has left; None where nothing does."""
    successor = catalogue.successor(notice_id)
    try:
        return catalogue.notice(successor) if successor else None
    except UnknownNoticeError:
        # Removed by another process between the two readings.
        return None
