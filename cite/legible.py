"""Text of notices and questions as it may stand in a file: on one line, without what cannot be seen."""

from __future__ import annotations

import re

# Controls of writing direction: they would show the characters behind them in another order than the source's.
TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# What XML 1.0 cannot hold, and the controls that it can: none of them is a word. U+FEFF is a mark of order.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]")
_BULLET = re.compile(r"\s*(?:[*•●▪◦·]|[-–—])\s+")
# What opens an item of a list that is numbered already: 3. (a) 一、 （二） 第三条 一是 First,
_NUMBERED = re.compile(
    r"(?i)[(（]?(?:\d{1,3}|[ivx]{1,4}|[a-z]|[一二三四五六七八九十]{1,3})[.)）、．是要]"
    r"|[①-⑳]|第[一二三四五六七八九十百\d]+|(?:first|second|third|fourth|fifth|sixth|article|clause|section)(?:ly)?\b"
)


def fold_line(text: str) -> str:
    """The text on one line, each run of white space one space; no controls, no turns of the writing direction."""
    return " ".join(_UNSEEN.sub("", drop_turns(" ".join(text.split()))).split())


def fold_piece(text: str) -> str:
    """A piece of a line, folded as the line is; a space at its edges stays."""
    before, after = (" " if edge.isspace() else "" for edge in (text[:1], text[-1:]))
    inner = fold_line(text)
    return f"{before}{inner}{after}" if inner else before


def drop_turns(text: str) -> str:
    """The text without controls of writing direction, as it may be pasted."""
    return TURNS.sub("", text)


def measure_bullet(text: str) -> int:
    """How many characters at the beginning are a bullet and the spaces around it; 0 where there is none."""
    bullet = _BULLET.match(text)
    return bullet.end() if bullet else 0


def is_numbered(text: str) -> bool:
    """Whether a list point bears its own number or letter, so that it needs no bullet."""
    return _NUMBERED.match(text) is not None
