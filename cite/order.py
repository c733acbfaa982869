"""The order of a list of references: by author, or by first use."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cite.entries import read_entry
from core.types import NoticeCard

_BY_AUTHOR = frozenset({"apa", "chicago"})
_ARTICLE = re.compile(r"^(?:the|an|a)\s+")


def order_cards(style: str, cards: Sequence[NoticeCard]) -> list[NoticeCard]:
    """Each notice once, in the order of a style: as they come, or in those of authors and dates by author.

    By author: by title where there is none, then by date and title; undated ones first, Chinese after English.
    """
    once = list({card.notice_id: card for card in cards}.values())
    return sorted(once, key=_place) if style in _BY_AUTHOR else once


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
