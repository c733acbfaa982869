"""Text of notices and questions as the page draws it: nothing in it turns the page's own words around."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cite.legible import TURNS
from core.types import Span

_LABEL = re.compile(r"\[(\d{1,3})\]")


def show_turns(text: str) -> str:
    """The text with each control of writing direction as a visible mark such as ⟨U+202E⟩: all is in its true order."""
    return TURNS.sub(lambda control: f"⟨U+{ord(control.group()):04X}⟩", text)


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
