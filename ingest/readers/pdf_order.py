"""The lines and tables of a PDF's page in the order in which they are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, groupby

from ingest.readers.columns import part_columns
from ingest.readers.layout import Line
from ingest.readers.pdf_lines import Row, TextLayer, make_rows


def order_lines(layer: TextLayer, tables: Sequence[Line]) -> list[Line]:
    """The lines of a page's text layer, in reading order, its tables among them.

    That is the order of the file, which is right but where it runs across columns.
    """
    rows: list[Row | Line] = [row for run in layer.runs for row in make_rows(run)]
    for table in tables:
        rows.insert(_find_place(table, rows), table)
    places = [(row, piece) for row in rows for piece in (row.pieces if isinstance(row, Row) else [(0, 0)])]
    blocks = part_columns([row.cut(*piece) if isinstance(row, Row) else row for row, piece in places])
    lines = []
    for column, block in enumerate(blocks):
        for _, group in groupby((places[place] for place in block), key=lambda found: id(found[0])):
            found = list(group)
            row, first, last = found[0][0], found[0][1], found[-1][1]
            line = row.cut(first[0], last[1]) if isinstance(row, Row) else row
            lines.append(replace(line, column=column))
    return [line for line in lines if line.text]


def _find_place(table: Line, rows: Sequence[Row | Line]) -> int:
    """Before which row a table stands: most of those before it are above, most of those behind it below.

    A page may store its tables and its footer in any place.
    """
    above = [(row.glyphs[0].bottom if isinstance(row, Row) else row.bottom) > table.bottom for row in rows]
    wrong = [*accumulate((1 - 2 * is_above for is_above in above), initial=sum(above))]
    return wrong.index(min(wrong))
