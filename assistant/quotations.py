"""Where a paragraph quotes: pairs of quotation marks of every kind, nested ones within the outermost."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.types import Span
from store.words import CJK

_PAIRS = {"“": "”", "「": "」", "『": "』", "«": "»", "‘": "’"}
_CLOSING = frozenset('”」』»’"')
_OPENS = "open"
# Marks that may open a quotation of several paragraphs, by what closes them; of so many at most.
_LONG = frozenset("”」』")
_MOST_PARAGRAPHS = 8
_MARKS = re.compile(r"[“”「」『』«»‘’\"]")


@dataclass(frozen=True, slots=True)
class Quoted:
    """The quotations of a paragraph; where one begins behind a mark that nothing closes, and ends before such one."""

    spans: tuple[Span, ...]
    opened: int | None = None
    closed: int | None = None


def find_quotations(text: str, start: int, end: int) -> Quoted:
    """What stands between the outermost pairs of quotation marks in text[start:end], marks left out, in order.

    A mark without a partner opens nothing; an apostrophe is no mark. One pass: the time grows with the length.
    """
    found: list[Span] = []
    waiting: list[tuple[str, int]] = []
    # How many of each mark wait, so that a stray one is known without a look through all.
    counts: dict[str, int] = {}
    possessive: int | None = None
    closed: int | None = None
    for match in _MARKS.finditer(text, start, end):
        mark, at = match.group(), match.start()
        if mark == '"':
            mark = _read_straight(text, at, end, counts.get('"', 0) > 0)
        if mark == "‘" and possessive is not None and counts.get("’"):
            # No other mark came that closes the one before.
            found.append(Span(_close(waiting, counts, "’") + 1, possessive))
        if mark == "’" and (_is_apostrophe(text, at, end) or _may_be_possessive(text, at, end)):
            possessive = possessive if _is_apostrophe(text, at, end) else at
        elif mark in _CLOSING and counts.get(mark):
            found.append(Span(_close(waiting, counts, mark) + 1, at))
        elif mark in _LONG:
            closed = at
        elif mark == _OPENS or mark in _PAIRS:
            _open(waiting, counts, _PAIRS.get(mark, '"'), at)
        if mark in "‘":
            possessive = None
    if possessive is not None and counts.get("’"):
        found.append(Span(_close(waiting, counts, "’") + 1, possessive))
    spans = _keep_outermost(found)
    last = spans[-1].end if spans else start
    opened = next((at + 1 for closes, at in waiting if closes in _LONG and at >= last), None)
    return Quoted(tuple(spans), opened, closed)


def join_paragraphs(text: str, blocks: Sequence[Span]) -> list[list[Span]]:
    """The quotations of each paragraph, with those that go on over several.

    Such a one opens in each paragraph and closes in the last, or opens in the first and closes in the last.
    """
    quoted = [find_quotations(text, block.start, block.end) for block in blocks]
    spans = [list(one.spans) for one in quoted]
    for place, (block, one) in enumerate(zip(blocks, quoted, strict=True)):
        if one.opened is None:
            continue
        mark = text[one.opened - 1]
        following = range(place + 1, min(len(blocks), place + _MOST_PARAGRAPHS))
        if following and text[blocks[place + 1].start] == mark:
            spans[place].append(Span(one.opened, block.end))
            continue
        last = next((at for at in following if quoted[at].closed or quoted[at].opened), None)
        if last is not None and (closed := quoted[last].closed):
            spans[place].append(Span(one.opened, block.end))
            for between in range(place + 1, last):
                spans[between] = [blocks[between]]
            kept = [span for span in spans[last] if span.start > closed]
            spans[last] = [Span(blocks[last].start, closed), *kept] if closed > blocks[last].start else kept
    return spans


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


def _read_straight(text: str, at: int, end: int, is_open: bool) -> str:
    """What a straight double mark is: _OPENS, '"' where it closes, '' for one that does neither, such as an inch."""
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < end else " "
    if is_open and not (before.isspace() and not after.isspace()):
        return '"'
    return "" if after.isspace() or before.isdigit() else _OPENS


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
