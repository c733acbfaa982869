"""A draft's text as blocks and sentences: paragraphs, points of lists, table rows, block quotes."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from core.types import Span
from store.words import CJK

_POINT = re.compile(r"^[ \t]*(?:[-*+•·]\s|\d{1,3}[.)]\s|#{1,6}\s|[|])")
_BEHIND = r"(?:[”’」』»)）\]\"]|\[\^?\w{1,12}\])*"
_STOP = re.compile(rf"[。！？]{_BEHIND}|[.!?]{_BEHIND}(?=\s|$)")
_ABBREVIATED = re.compile(
    r"(?:\b(?:[Nn]os?|[Aa]rt|[Pp]aras?|pp?|vol|cf|e\.g|i\.e|Dr|Mr|Mrs|Ms|St|etc|vs|[A-Z])|^\s*\d{1,3})$"
)
QUOTED_LINE = re.compile(r"^[ \t]{0,3}>[ \t]?", re.MULTILINE)


def split_blocks(text: str) -> Iterator[Span]:
    """Paragraphs, points of lists, table rows, definitions, and runs of quoted lines; wrapped lines stay together."""
    start, at, quoted = 0, 0, False
    for line in text.splitlines(keepends=True):
        is_quoted = QUOTED_LINE.match(line) is not None
        opens = _POINT.match(line) is not None or line.lstrip().startswith("[") or "\t" in line
        if at > start and (not line.strip() or is_quoted != quoted or (opens and not is_quoted)):
            yield from trim(text, start, at)
            start = at
        quoted = is_quoted
        at += len(line)
    yield from trim(text, start, at)


def trim(text: str, start: int, end: int) -> Iterator[Span]:
    """text[start:end] without white space at its ends; nothing where there is no more."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield Span(start, end)


def split_sentences(text: str, block: Span, quoted: Sequence[Span]) -> Iterator[Span]:
    """The sentences of a block; one does not end within a quotation, but may end with it."""
    start = block.start
    starts = [span.start for span in quoted]
    for match in _STOP.finditer(text, block.start, block.end):
        stop = match.start()
        place = bisect_left(starts, stop + 1) - 1
        if place >= 0 and stop < quoted[place].end:
            span = quoted[place]
            ends_with_it = match.end() > span.end or stop == span.end - 1
            follows = text[span.end + 1 : span.end + 3].lstrip()[:1]
            if not ends_with_it or not (follows.isupper() or not follows or re.match(f"[{CJK}]", follows)):
                continue
        if match.group()[0] == "." and _ABBREVIATED.search(text[max(start, stop - 8) : stop]):
            continue
        yield from trim(text, start, match.end())
        start = match.end()
    yield from trim(text, start, block.end)
