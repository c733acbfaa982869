"""The ruled tables of a PDF's page, by pdfplumber, as rows with tabs between their cells."""

from __future__ import annotations

import io
import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ingest.readers.hyphens import Words
from ingest.readers.layout import Line, group_rows
from ingest.readers.pdf_lines import Glyph, TextLayer, make_rows
from ingest.readers.rows import write_rows

_LOG = logging.getLogger(__name__)
# A ruled line is so thin, and so long, in points.
_THIN, _LONG = 3.0, 12.0
# More is a drawing, and would take long.
_MOST_PATHS = 3000
# Fewer cells with words, or a smaller share of all, are a chart with its grid.
_FEWEST_CELLS, _FILLED = 3, 0.3
# A frame around the text of a page has one cell with most of its letters.
_MOST_OF_ALL, _LONG_TEXT = 0.6, 600


@dataclass(frozen=True, slots=True)
class _Box:
    """A cell, in points from the lower left corner of the page."""

    left: float
    right: float
    top: float
    bottom: float

    def holds(self, glyph: Glyph) -> bool:
        """Whether a character's middle lies in it."""
        across, up = (glyph.left + glyph.right) / 2, (glyph.top + glyph.bottom) / 2
        return self.left <= across < self.right and self.bottom < up <= self.top


Grid = tuple[tuple[_Box | None, ...], ...]


def has_rules(page: pdfium.PdfPage) -> bool:
    """Whether a page has two ruled lines across and two up, or boxes: what the smallest table has."""
    across = up = 0
    for count, path in enumerate(page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_PATH], max_depth=3)):
        if count > _MOST_PATHS:
            return False
        left, bottom, right, top = path.get_bounds()
        drawn = 2 if pdfium_c.FPDFPath_CountSegments(path) > 5 else 1
        across += drawn * (right - left > _LONG)
        up += drawn * (top - bottom > _LONG)
        if right - left > _THIN < top - bottom:
            across, up = across + 1, up + 1
    return min(across, up) >= 2


def find_grids(document: pdfium.PdfDocument, page: pdfium.PdfPage, number: int, layer: TextLayer) -> list[Grid]:
    """The cells of the ruled tables on a page, whose number counts from 0; None is a part of a merged cell.

    [] where pdfplumber cannot read the page, and where it counts its points in another way than `layer`.
    """
    import pdfplumber

    # What it finds odd about fonts and colours is nothing to a table.
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    if layer.turn != page.get_rotation() or page.get_mediabox() != page.get_bbox():
        return []
    alone, stored = pdfium.PdfDocument.new(), io.BytesIO()
    try:
        alone.import_pages(document, [number])
        alone.save(stored)
        with pdfplumber.open(stored) as opened:
            tables = opened.pages[0].find_tables()
            height = float(opened.pages[0].height)
            return [tuple(tuple(_place(cell, height) for cell in row.cells) for row in table.rows) for table in tables]
    except Exception:
        # A library that fails on what pdfium reads, in ways that nobody foresees: the table is read as lines.
        _LOG.warning("the tables of a page cannot be found", exc_info=True)
        return []
    finally:
        alone.close()


def _place(cell: tuple[float, float, float, float] | None, height: float) -> _Box | None:
    return None if cell is None else _Box(cell[0], cell[2], height - cell[1], height - cell[3])


def take_tables(layer: TextLayer, grids: Sequence[Grid]) -> tuple[TextLayer, list[Line]]:
    """What the page says outside its tables, and each table as one line: rows with tabs, in their order."""
    tables: list[Line] = []
    for grid in grids:
        rest, cells = _fill(layer, grid)
        texts = {box: _write(lines) for box, lines in cells.items()}
        if _is_table(grid, texts):
            rows = [[texts.get(box, "") if box else "" for box in row] for row in grid]
            boxes = [box for box in chain.from_iterable(grid) if box]
            left, right = min(box.left for box in boxes), max(box.right for box in boxes)
            top, bottom = max(box.top for box in boxes), min(box.bottom for box in boxes)
            tables.append(Line(write_rows(rows), left, right, top, bottom))
            layer = rest
    return layer, tables


def _fill(layer: TextLayer, grid: Grid) -> tuple[TextLayer, dict[_Box, list[Line]]]:
    """The characters outside the cells, and the lines in each of them."""
    boxes = [box for box in chain.from_iterable(grid) if box]
    cells: dict[_Box, list[Line]] = defaultdict(list)
    rest: list[tuple[Glyph, ...]] = []
    for run in layer.runs:
        found: dict[_Box | None, list[Glyph]] = defaultdict(list)
        for glyph in run:
            found[next((box for box in boxes if box.holds(glyph)), None)].append(glyph)
        rest += [tuple(glyphs) for box, glyphs in found.items() if box is None]
        for box, glyphs in found.items():
            if box is not None:
                cells[box] += [row.cut(0, len(row.glyphs)) for row in make_rows(glyphs)]
    return TextLayer(tuple(rest), layer.height, layer.turn), cells


def _write(lines: Sequence[Line]) -> str:
    """The lines of a cell as one."""
    texts = [line.text for line in group_rows(lines)]
    return reduce(Words(texts).join, texts) if texts else ""


def _is_table(grid: Grid, texts: dict[_Box, str]) -> bool:
    """Whether a grid has two rows and two columns with words, and no cell that is the page itself."""
    filled = [text for text in texts.values() if text]
    if len(filled) < max(_FEWEST_CELLS, _FILLED * sum(box is not None for row in grid for box in row)):
        return False
    rows = [row for row in grid if any(box and texts.get(box) for box in row)]
    columns = {place for row in grid for place, box in enumerate(row) if box and texts.get(box)}
    longest = max(map(len, filled))
    return len(rows) > 1 < len(columns) and (longest < _LONG_TEXT or longest < _MOST_OF_ALL * sum(map(len, filled)))
