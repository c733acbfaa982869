"""The order of a list of references that goes by author."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cite.entries import read_entry
from core.types import NoticeCard

_ARTICLE = re.compile(r"^(?:the|an|a)\s+")


def sort_entries(cards: Sequence[NoticeCard]) -> list[NoticeCard]:
    """By author, or title where there is none, then by date and title; undated ones first, Chinese after English."""
    return sorted(cards, key=_place)


def _place(card: NoticeCard) -> tuple[bytes, tuple[int, ...], bytes, str]:
    entry = read_entry(card)
    return (
        _sort_word(", ".join(entry.issuers) or entry.title),
        entry.issued,
        _sort_word(entry.title),
        card.notice_id,
    )


def _sort_word(name: str) -> bytes:
    # GB 18030 has the common characters in the order of their pinyin, after the letters of ASCII.
    return _ARTICLE.sub("", name.casefold()).encode("gb18030")
