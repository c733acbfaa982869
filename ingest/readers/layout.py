"""Where lines stand on a page: boxes into rows and columns, lines into paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from statistics import median

from ingest.markers import read_marker
from ingest.readers.reading import join_lines, make_canonical

_STOP = re.compile(r"[.;:!?。；：！？]\s*$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page, or a piece of one, with its box: in points from the lower left corner."""

    text: str
    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class _Layout:
    """What is usual on a page, in points: a line's height, the widest step inside a paragraph, the margin."""

    height: float
    step: float
    margin: float
    width: float


def join_paragraphs(lines: Sequence[Line], opening: frozenset[int] = frozenset()) -> str:
    """The canonical text of a page's lines, which come in reading order; paragraphs stand a blank line apart.

    `opening` are the places of lines that open a paragraph whatever their place on the page.
    """
    if not lines:
        return ""
    layout = _measure(lines)
    paragraphs = [lines[0].text]
    for place, (before, line) in enumerate(pairwise(lines), start=1):
        if place not in opening and _continues(before, line, layout):
            paragraphs[-1] = join_lines(paragraphs[-1], line.text)
        else:
            paragraphs.append(line.text)
    return make_canonical("\n\n".join(paragraphs))


def _measure(lines: Sequence[Line]) -> _Layout:
    height = max(1.0, median(line.top - line.bottom for line in lines))
    steps = [a.bottom - b.bottom for a, b in pairwise(lines) if a.bottom - b.bottom > height * 0.5]
    margin = max(line.right for line in lines)
    step = min(steps, default=height * 1.5) * 1.25 + height * 0.2
    return _Layout(height, step, margin, margin - min(line.left for line in lines))


def _continues(before: Line, line: Line, layout: _Layout) -> bool:
    """Whether `line` goes on with the paragraph of `before`.

    A paragraph ends where the space below it is wider than that between its lines, where the next
    line is indented or set further left, where its last line stops well before the right margin, or
    where the next item of a list begins behind a stop.
    """
    height = layout.height
    return not (_STOP.search(before.text) and read_marker(line.text)) and (
        height * 0.5 < before.bottom - line.bottom <= layout.step
        and abs(line.left - before.left) < height * 3
        and line.left - before.left < height
        and layout.margin - before.right < max(layout.width * 0.12, height * 3)
    )


def group_rows(pieces: Sequence[Line]) -> list[Line]:
    """Pieces in any order as lines from top to bottom; those of one height are one line, from left to right."""
    rows: list[list[Line]] = []
    for piece in sorted(pieces, key=lambda piece: -(piece.top + piece.bottom)):
        if rows and _is_beside(rows[-1][0], piece):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [reduce(_join_pieces, sorted(row, key=lambda piece: piece.left)) for row in rows]


def _is_beside(piece: Line, other: Line) -> bool:
    middle, height = (other.top + other.bottom) / 2, other.top - other.bottom
    within = piece.bottom < middle < piece.top
    return within and min(piece.top, other.top) - max(piece.bottom, other.bottom) > height * 0.4


def _join_pieces(piece: Line, other: Line) -> Line:
    """Two pieces of one height; a gap between them is a space, also between Chinese words."""
    return Line(
        f"{piece.text} {other.text}",
        piece.left,
        max(piece.right, other.right),
        max(piece.top, other.top),
        min(piece.bottom, other.bottom),
    )
