"""The rows of a sheet as text: cells by tabs, what stands above or below a table as paragraphs of its own."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ingest.readers.reading import fold_spaces


def write_rows(rows: Sequence[Sequence[str]]) -> str:
    """The rows as lines, cells parted by tabs, without columns and rows that are empty throughout.

    A row with words in its first cell alone is a line of words, as a title above a table is; it stands
    apart from the rows by a blank line, and so does what follows an empty row.
    """
    folded = [[fold_spaces(cell.replace("\t", " ")) for cell in row] for row in rows]
    used = sorted({place for row in folded for place, cell in enumerate(row) if cell})
    lines = ["\t".join(row[place] if place < len(row) else "" for place in used).rstrip() for row in folded]
    parts = lines[:1]
    for before, line in pairwise(lines):
        parts += ["\n" if "\t" in before and "\t" in line else "\n\n", line]
    return "".join(parts)
