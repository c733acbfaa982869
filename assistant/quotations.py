"""Where a paragraph quotes: pairs of quotation marks of every kind, nested ones within the outermost."""

from __future__ import annotations

import re

from core.types import Span
from store.words import CJK

_PAIRS = {"“": "”", "「": "」", "『": "』", "«": "»", "‘": "’", "„": "“"}
_CLOSING = frozenset("”」』»’")
_MARKS = re.compile(r"[“”„「」『』«»‘’\"]")


def find_quotations(text: str, start: int, end: int) -> list[Span]:
    """The spans between the outermost pairs of quotation marks in text[start:end], marks left out, in order.

    A mark without a partner opens nothing; an apostrophe is no mark. One pass: the time grows with the length.
    """
    found: list[Span] = []
    waiting: list[tuple[str, int]] = []
    # How many of each mark wait, so that a stray one is known without a look through all.
    counts: dict[str, int] = {}
    tentative: Span | None = None
    for match in _MARKS.finditer(text, start, end):
        mark, at = match.group(), match.start()
        if mark == '"':
            mark = _read_straight(text, at, end, counts.get('"', 0) > 0)
        if mark == "’" and (not counts.get("’") or _is_apostrophe(text, at, end)):
            continue
        if mark == "’" and _may_be_possessive(text, at, end):
            tentative = Span(_find_open(waiting, mark) + 1, at)
            continue
        if mark in _CLOSING or mark == "close":
            wanted = '"' if mark == "close" else mark
            if not counts.get(wanted):
                continue
            opened = _close(waiting, counts, wanted)
            found.append(Span(opened + 1, at))
            tentative = None if mark == "’" else tentative
        elif mark == "open":
            _open(waiting, counts, '"', at)
        elif mark in _PAIRS:
            if mark == "‘" and tentative is not None:
                found.append(tentative)
                _close(waiting, counts, "’")
                tentative = None
            _open(waiting, counts, _PAIRS[mark], at)
    return _keep_outermost([*found, *([tentative] if tentative else [])])


def _open(waiting: list[tuple[str, int]], counts: dict[str, int], closes: str, at: int) -> None:
    waiting.append((closes, at))
    counts[closes] = counts.get(closes, 0) + 1


def _close(waiting: list[tuple[str, int]], counts: dict[str, int], mark: str) -> int:
    """Where the innermost mark that waits for this one stands; those within it have no partner."""
    while True:
        closes, at = waiting.pop()
        counts[closes] -= 1
        if closes == mark:
            return at


def _find_open(waiting: list[tuple[str, int]], mark: str) -> int:
    return next(at for closes, at in reversed(waiting) if closes == mark)


def _read_straight(text: str, at: int, end: int, is_open: bool) -> str:
    """Whether a straight double mark opens or closes; '' for one that does neither, such as an inch."""
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < end else " "
    if is_open and not (before.isspace() and not after.isspace()):
        return "close"
    return "" if after.isspace() or before.isdigit() else "open"


def _is_apostrophe(text: str, at: int, end: int) -> bool:
    after = text[at + 1] if at + 1 < end else " "
    return after.isalnum() and re.match(f"[{CJK}]", after) is None


def _may_be_possessive(text: str, at: int, end: int) -> bool:
    """Whether ’ may be that of "the schools’ heads": what follows decides."""
    return text[at - 1 : at] in ("s", "x", "z") and re.match(r" [a-z]", text[at + 1 : min(end, at + 3)]) is not None


def _keep_outermost(spans: list[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept
