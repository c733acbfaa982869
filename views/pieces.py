"""Text of notices and questions as the page draws it: nothing in it turns the page's own words around."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from core.types import Span

# Controls of writing direction: they would show the characters behind them in another order than the source's.
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_BULLET = re.compile(r"\s*(?:[*•●▪◦·]|[-–—])\s+")
# What opens an item of a list that is numbered already: 3. (a) 一、 （二） 第三条 一是 First,
_NUMBERED = re.compile(
    r"(?i)[(（]?(?:\d{1,3}|[ivx]{1,4}|[a-z]|[一二三四五六七八九十]{1,3})[.)）、．是要]"
    r"|[①-⑳]|第[一二三四五六七八九十百\d]+|(?:first|second|third|fourth|fifth|sixth|article|clause|section)(?:ly)?\b"
)
_LABEL = re.compile(r"\[(\d{1,3})\]")


def show_turns(text: str) -> str:
    """The text with each control of writing direction as a visible mark such as ⟨U+202E⟩: all is in its true order."""
    return _TURNS.sub(lambda control: f"⟨U+{ord(control.group()):04X}⟩", text)


def drop_turns(text: str) -> str:
    """The text without controls of writing direction, as it may be pasted."""
    return _TURNS.sub("", text)


def measure_bullet(text: str) -> int:
    """How many characters at the beginning are a bullet and the spaces around it; 0 where there is none."""
    bullet = _BULLET.match(text)
    return bullet.end() if bullet else 0


def is_numbered(text: str) -> bool:
    """Whether a list point bears its own number or letter, so that it needs no bullet."""
    return _NUMBERED.match(text) is not None


def cut_emphasis(text: str, strong: Iterable[Span], part: Span | None = None) -> list[dict[str, str | bool]]:
    """The text, or a part of it, in pieces {text, strong}; `strong` spans are in order and do not overlap."""
    whole = part or Span(0, len(text))
    pieces: list[dict[str, str | bool]] = []
    at = whole.start
    for span in strong:
        start, end = max(span.start, whole.start, at), min(span.end, whole.end)
        if start < end:
            pieces += _piece(text[at:start], False) + _piece(text[start:end], True)
            at = end
    return pieces + _piece(text[at : whole.end], False)


def _piece(text: str, strong: bool) -> list[dict[str, str | bool]]:
    return [{"text": show_turns(text), "strong": strong}] if text else []


def find_cells(row: str) -> Iterator[Span]:
    """The cells of a table row, which tabs divide."""
    start = 0
    for cell in row.split("\t"):
        yield Span(start, start + len(cell))
        start += len(cell) + 1


def cut_labels(said: str) -> list[dict[str, str | int]]:
    """A sentence of the desk in pieces: {text}, and {text, label} where it names a citation as [3]."""
    pieces: list[dict[str, str | int]] = []
    at = 0
    for match in _LABEL.finditer(said):
        pieces += [{"text": said[at : match.start()]}] if match.start() > at else []
        pieces.append({"text": match.group(), "label": int(match.group(1))})
        at = match.end()
    return pieces + ([{"text": said[at:]}] if at < len(said) else [])
