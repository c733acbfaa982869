"""Where lines stand on a page: boxes into rows and columns, lines into paragraphs."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from statistics import median

from ingest.markers import read_marker
from ingest.readers.reading import join_lines, make_canonical
from store.words import CJK

_STOP = re.compile(r"[.;:!?。；：！？]\s*$")
_ENDED = re.compile(r"[.!?:;。！？：；”’」)）]$")
_DOT = re.compile(r"\s*[•●▪◦·]\s")
# Sizes of letters are told apart by so much, as a power of e: 5 %; a heading differs from its text by more.
_SIZE, _OTHER_SIZE, _LARGE = 0.05, 1.25, 1.15
# A gap between cells, in heights of a line; one behind so few signs is that behind a bullet or number.
_CELL_GAP, _LONGEST_MARKER = 1.5, 4


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page, or a piece of one, with its box: in points from the lower left corner.

    A table is one with line ends and tabs. Lines of one `column` stand below each other; one that is `parted`
    has a gap as between the cells of a table without rules.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    column: int = 0
    parted: bool = False

    @property
    def is_table(self) -> bool:
        """Whether it holds rows of cells."""
        return "\t" in self.text or "\n" in self.text


class _Layout:
    """What is usual in a column, in points: a line's height, the widest step inside a paragraph, the margin."""

    def __init__(self, lines: Sequence[Line], exact: bool) -> None:
        self.height = max(1.0, median(line.top - line.bottom for line in lines))
        self.margin = max(line.right for line in lines)
        self.width = self.margin - min(line.left for line in lines)
        self._exact = exact
        self._steps: dict[int, float] = {}
        for before, line in pairwise(lines):
            step = before.bottom - line.bottom
            size = self._size(line)
            if step > self.height * 0.5 and abs(size - self._size(before)) <= 1:
                self._steps[size] = min(step, self._steps.get(size, step))

    def is_step(self, before: Line, line: Line) -> bool:
        """Whether the space between two lines is no wider than inside a paragraph."""
        step = before.bottom - line.bottom
        if not self._exact:
            return step <= min(self._steps.values(), default=self.height * 1.5) * 1.25 + self.height * 0.2
        sizes = self._size(before), self._size(line)
        usual = min(self._steps.get(size + near, math.inf) for size in sizes for near in (-1, 0, 1))
        return not _differ(before, line) and step <= usual * 1.2

    def is_set_right(self, *lines: Line) -> bool:
        """Whether lines begin far from the left and end nearer to the right, as those that sign a notice."""
        free = [(line.left - self.margin + self.width, self.margin - line.right) for line in lines]
        return all(left > self.width * 0.3 and right < left / 2 for left, right in free)

    def is_title(self, *lines: Line) -> bool:
        """Whether lines are set in the middle, in letters larger than is usual."""
        middle = self.margin - self.width / 2
        return self._exact and all(
            abs((line.left + line.right) / 2 - middle) < self.height and line.top - line.bottom > self.height * _LARGE
            for line in lines
        )

    def _size(self, line: Line) -> int:
        return round(math.log(max(1.0, line.top - line.bottom)) / _SIZE) if self._exact else 0


def _differ(before: Line, line: Line) -> bool:
    heights = before.top - before.bottom, line.top - line.bottom
    return max(heights) > _OTHER_SIZE * min(heights)


def join_paragraphs(
    lines: Sequence[Line],
    opening: frozenset[int] = frozenset(),
    join: Callable[[str, str], str] = join_lines,
    exact: bool = False,
) -> str:
    """The canonical text of a page's lines, which come in reading order; paragraphs stand a blank line apart.

    `opening` are the places of lines that open a paragraph whatever their place on the page; `join` makes
    two lines of a paragraph one. Where the boxes are `exact`, as high as the letters are set, the space
    between lines is measured for each size of letters, and another size opens a paragraph.
    """
    columns: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        if not line.is_table:
            columns[line.column].append(line)
    layouts = {column: _Layout(within, exact) for column, within in columns.items()}
    paragraphs = [line.text for line in lines[:1]]
    for place, (before, line) in enumerate(pairwise(lines), start=1):
        if before.is_table or line.is_table or place in opening:
            goes_on = False
        elif before.column != line.column:
            above = line.left >= before.right and line.bottom > before.bottom
            goes_on = above and runs_on(paragraphs[-1], line.text) and not (exact and _differ(before, line))
        else:
            goes_on = _continues(before, line, layouts[line.column])
        if goes_on:
            paragraphs[-1] = join(paragraphs[-1], line.text)
        else:
            paragraphs.append(line.text)
    return make_canonical("\n\n".join(paragraphs))


def runs_on(before: str, after: str) -> bool:
    """Whether a paragraph goes on behind the end of a page or column, by what it says."""
    last, first = before.rsplit("\n", 1)[-1], after.split("\n", 1)[0]
    if "\t" in last + first or len(last) <= 20 or _ENDED.search(last) or read_marker(first):
        return False
    return first[0].islower() or first[0].isdigit() or re.match(f"[{CJK}]", first[0]) is not None


def _continues(before: Line, line: Line, layout: _Layout) -> bool:
    """Whether `line` goes on with the paragraph of `before`.

    A paragraph ends where the space below it is wider than that between its lines, where the next
    line is indented or set further left, where its last line stops well before the right margin, or
    where the next item of a list begins: behind a stop, or with a dot. The lines of an item may be
    indented below its first. A title goes on in the middle of its next line. Rows of cells are no
    paragraph, and names that sign at the right are none.
    """
    if (before.parted and line.parted) or _DOT.match(line.text) or layout.is_set_right(before, line):
        return False
    if layout.is_title(before, line):
        return before.bottom > line.bottom and layout.is_step(before, line)
    height = layout.height
    indented = height * 4 if read_marker(before.text) else height
    return not (_STOP.search(before.text) and read_marker(line.text)) and (
        before.bottom - line.bottom > height * 0.5
        and layout.is_step(before, line)
        and -height * 3 < line.left - before.left < indented
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
        parted=piece.parted or parts_cells(piece.text, other.left - piece.right, piece.top - piece.bottom),
    )


def parts_cells(before: str, gap: float, height: float) -> bool:
    """Whether a gap behind these words, in points as the height of the line, is one between cells."""
    return gap > _CELL_GAP * height and len(before) > _LONGEST_MARKER
