"""References as an export shows them: in footnotes, in the list at the end, with links; the one user of the styles."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from cite.legible import fold_piece
from cite.order import order_cards
from cite.styles import PROSE, Run, write_note, write_reference
from core.types import Citation, NoticeCard


def write_citation_note(style: str, citation: Citation) -> tuple[Run, ...]:
    """The reference of a citation with its place; a style for machines is written as the plain one."""
    return _tidy(write_note(_choose_prose(style), citation.card, citation.place))


def write_entry(style: str, card: NoticeCard) -> tuple[Run, ...]:
    """The reference of a notice; a style for machines is written as the plain one."""
    return _tidy(write_reference(_choose_prose(style), card))


def list_entries(style: str, cards: Sequence[NoticeCard]) -> list[tuple[Run, ...]]:
    """The references of these notices, in the order of the style."""
    return [write_entry(style, card) for card in order_cards(style, cards)]


def write_link(address: str, citation: Citation) -> str:
    """Where the desk at `address` shows the words cited; '' without an address."""
    if not address:
        return ""
    notice = quote(citation.card.notice_id, safe="")
    return f"{address.rstrip('/')}/?notice={notice}&at={citation.span.start}-{citation.span.end}"


def _choose_prose(style: str) -> str:
    return style if style in PROSE else "plain"


def _tidy(runs: Sequence[Run]) -> tuple[Run, ...]:
    return tuple(Run(fold_piece(run.text), run.italic) for run in runs)
