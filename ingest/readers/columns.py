"""Pages that are set in columns: what stands in each is read from top to bottom, before the next."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median

from ingest.readers.layout import Line, group_rows

# A column has so many lines; fewer are a table, a letterhead, two signatures.
_FEWEST_LINES = 4
# So many of the lines of a column fill so much of it: the cells of a table are shorter.
_FILLED, _FILLING = 0.5, 0.75
# A gutter is so wide, in heights of a line, and is no nearer to the edges of what is written than this share.
_GUTTER, _EDGE = 0.7, 0.2
# It is looked for at every so many points.
_STEP = 2.0
# Spaces on both sides of the gutter, so many and so many of all of them, are those between the rows of a table.
_ALIGNED, _MOST_ALIGNED = 2, 0.6
_DEEPEST = 2


@dataclass(frozen=True, slots=True)
class _Gutter:
    """A white band between two columns, in points."""

    left: float
    right: float

    def side(self, piece: Line) -> int:
        """0 for what is left of it, 1 for what is right, 2 for what stands across."""
        if piece.right <= self.left + 0.1:
            return 0
        return 1 if piece.left >= self.right - 0.1 else 2


def part_columns(pieces: Sequence[Line], depth: int = 0) -> list[list[int]]:
    """The places of the pieces of a page's lines, in blocks to be read one after the other.

    A block is a column, or what stands above, below and across columns: titles, tables. A page without
    columns is one block; inside a block the pieces keep their order. Columns are where a white band has
    lines on both sides which fill the space beside it; the cells of a table do not, or stand in rows.
    """
    gutter = _find_gutter(pieces) if depth < _DEEPEST else None
    if gutter is None:
        return [list(range(len(pieces)))] if pieces else []
    blocks: list[tuple[bool, list[int]]] = []
    by_height = sorted(range(len(pieces)), key=lambda place: -(pieces[place].top + pieces[place].bottom))
    for across, group in groupby(by_height, key=lambda place: gutter.side(pieces[place]) == 2):
        band = sorted(group)
        sides = [[place for place in band if gutter.side(pieces[place]) == side] for side in (0, 1)]
        if not across and _are_columns([[pieces[place] for place in side] for side in sides], pieces, gutter):
            for side in sides:
                inner = part_columns([pieces[place] for place in side], depth + 1)
                blocks += [(True, [side[place] for place in block]) for block in inner]
        elif blocks and not blocks[-1][0]:
            blocks[-1] = False, sorted(blocks[-1][1] + band)
        else:
            blocks.append((False, band))
    return [block for _, block in blocks]


def read_columns(pieces: Sequence[Line]) -> list[Line]:
    """Pieces in any order as lines in reading order: those of one column from top to bottom, then the next."""
    return [
        replace(line, column=column)
        for column, block in enumerate(part_columns(pieces))
        for line in group_rows([pieces[place] for place in block])
    ]


def _find_gutter(pieces: Sequence[Line]) -> _Gutter | None:
    """The band in the middle of what is written that the fewest pieces cross, with enough of them on both sides."""
    if len(pieces) < 2 * _FEWEST_LINES:
        return None
    half = max(1.0, median(piece.top - piece.bottom for piece in pieces) * _GUTTER) / 2
    lefts, rights = sorted(piece.left for piece in pieces), sorted(piece.right for piece in pieces)
    width = rights[-1] - lefts[0]
    best: tuple[int, list[float]] = len(pieces), []
    for step in range(int(width * (1 - 2 * _EDGE) / _STEP)):
        middle = lefts[0] + width * _EDGE + step * _STEP
        before, behind = bisect_right(rights, middle - half), len(lefts) - bisect_left(lefts, middle + half)
        crossing = len(pieces) - before - behind
        if min(before, behind) >= _FEWEST_LINES and crossing <= best[0]:
            best = crossing, [*(best[1] if crossing == best[0] else []), middle]
    if not best[1]:
        return None
    middle = best[1][len(best[1]) // 2]
    return _Gutter(middle - half, middle + half)


def _are_columns(sides: Sequence[Sequence[Line]], pieces: Sequence[Line], gutter: _Gutter) -> bool:
    """Whether what is on the two sides of a gutter, between what stands across, is two columns of text."""
    rows = [_group(side) for side in sides]
    if min(map(len, rows)) < _FEWEST_LINES:
        return False
    edges = min(piece.left for piece in pieces), max(piece.right for piece in pieces)
    for lines, width in zip(rows, (gutter.left - edges[0], edges[1] - gutter.right), strict=True):
        filled = sum(line.right - line.left >= _FILLING * width for line in lines)
        if filled < _FILLED * len(lines):
            return False
    spaces, others = (_find_spaces(lines) for lines in rows)
    height = median(line.top - line.bottom for lines in rows for line in lines)
    aligned = sum(any(abs(space - other) < height / 4 for other in others) for space in spaces)
    return aligned < _ALIGNED or aligned < _MOST_ALIGNED * max(len(spaces), len(others))


def _group(side: Sequence[Line]) -> list[Line]:
    """The pieces of one side as lines from top to bottom, without their words."""
    lines: list[Line] = []
    for piece in sorted(side, key=lambda piece: -(piece.top + piece.bottom)):
        if lines and (piece.top + piece.bottom) / 2 > lines[-1].bottom:
            last = lines[-1]
            lines[-1] = Line("", min(last.left, piece.left), max(last.right, piece.right), last.top, last.bottom)
        else:
            lines.append(Line("", piece.left, piece.right, piece.top, piece.bottom))
    return lines


def _find_spaces(lines: Sequence[Line]) -> list[float]:
    """Where a line stands below a space that is wider than that between most lines."""
    steps = [a.bottom - b.bottom for a, b in pairwise(lines)]
    usual = min(steps) * 1.3
    return [line.bottom for step, line in zip(steps, lines[1:], strict=True) if step > usual]
