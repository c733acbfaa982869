"""CSV and its kin: the rows of a table as text, whatever parts their cells."""

from __future__ import annotations

import csv
import io
from collections import Counter
from itertools import islice

from core.errors import UnreadableNoticeError
from ingest.readers.charset import decode
from ingest.readers.reading import Limits, Reading, make_canonical
from ingest.readers.rows import write_rows

_DELIMITERS = ",;\t|"
# Enough to see what parts the cells.
_SAMPLE, _ROWS = 20_000, 50


def read(path: str, content: bytes, limits: Limits) -> Reading:
    """A .csv or .tsv file; raises WrongEncodingError, or UnreadableNoticeError where it is no table."""
    decoded = decode(path, content)
    text = decoded.text
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_find_delimiter(text)))
    except csv.Error as error:
        raise UnreadableNoticeError(path, f"its rows cannot be told apart ({error})") from error
    ragged = len({len(row) for row in rows if row}) > 1
    warnings = ("its rows differ in length: check that figures stand in their columns",) if ragged else ()
    return Reading(make_canonical(write_rows(rows)), warnings=(*decoded.warnings, *warnings))


def _find_delimiter(text: str) -> str:
    """The sign that cuts most of the first rows into equally many cells, two at least; a comma where none does.

    A comma in a sentence parts no cells: rows would then differ in their number.
    """

    def count_alike(delimiter: str) -> tuple[int, int]:
        try:
            rows = list(islice(csv.reader(io.StringIO(text[:_SAMPLE], newline=""), delimiter=delimiter), _ROWS))
        except csv.Error:
            return 0, 0
        widths = Counter(len(row) for row in rows if len(row) > 1)
        width, alike = max(widths.items(), key=lambda item: item[1], default=(0, 0))
        return alike, width

    return max(_DELIMITERS, key=count_alike)
