"""XLSX by openpyxl: each sheet under its name, row by row as its reader sees it, without what is hidden."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import openpyxl
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.worksheet._reader import WorkSheetParser

from core.errors import IngestError, NoticeTooLargeError, UnreadableNoticeError
from core.package import open_package, refuse_entities
from ingest.readers.cells import write_cell
from ingest.readers.reading import Limits, Reading, fold_spaces, is_borne_out, make_canonical
from ingest.readers.rows import write_rows

_TOO_MUCH = "its sheets hold more than the desk reads"
_HIDDEN = "what is hidden in it was left out: {}"
# Names that the program gave, which say nothing.
_UNNAMED = re.compile(r"(?:sheet|工作表|table|feuil1?)\s*\d*", re.IGNORECASE)
# A notice's tables are far smaller; a hostile sheet of more would take gigabytes of memory.
_MOST_CELLS, _MOST_TAGS = 300_000, 3_000_000
_LAST_COLUMN = 16_384

# Row by row and column by column, both from 1: the words of the cells that are not empty.
_Grid = dict[int, dict[int, str]]


@dataclass(slots=True)
class _Sheet:
    """A sheet as it is read: its words, its merged ranges, its hidden rows and columns."""

    grid: _Grid = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: bytearray = field(default_factory=lambda: bytearray(_LAST_COLUMN + 1))


def read(path: str, content: bytes, limits: Limits) -> Reading:
    """An .xlsx file; raises UnreadableNoticeError or NoticeTooLargeError."""
    try:
        with open_package(path, content, limits.unpacked_bytes) as package, warnings.catch_warnings():
            # openpyxl warns of what it does not draw: charts, rules of entry.
            warnings.simplefilter("ignore")
            _check_parts(path, package)
            return _read_workbook(path, content, limits)
    except IngestError:
        raise
    except Exception as error:
        # Damage shows in openpyxl, zipfile, zlib and the XML parsers as a dozen kinds of exception.
        raise UnreadableNoticeError(path, "the Excel file is damaged or incomplete") from error


def _check_parts(path: str, package: zipfile.ZipFile) -> None:
    tags = 0
    for name in package.namelist():
        part = package.read(name)
        # By its bytes: a sheet may have any name. Old drawings (.vml) are often no XML, and are not read.
        if part[:8].lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\x00").startswith(b"<") and not name.endswith(".vml"):
            refuse_entities(path, part)
            tags += part.count(b"<")
    if tags > _MOST_TAGS:
        raise NoticeTooLargeError(path, _TOO_MUCH)


def _read_workbook(path: str, content: bytes, limits: Limits) -> Reading:
    workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    blocks: list[str] = []
    hidden: list[str] = []
    room = limits.file_bytes
    for worksheet in workbook.worksheets:
        if worksheet.sheet_state != "visible":
            hidden.append(f"the sheet {fold_spaces(worksheet.title)}")
            continue
        sheet = _read_sheet(path, worksheet, room)
        if any(row in sheet.hidden_rows for row in sheet.grid):
            hidden.append(f"rows of the sheet {fold_spaces(worksheet.title)}")
        if any(sheet.hidden_columns[column] for row in sheet.grid.values() for column in row):
            hidden.append(f"columns of the sheet {fold_spaces(worksheet.title)}")
        _spread(path, sheet, room)
        rows = write_rows(list(_lay_out(sheet)))
        room -= len(rows)
        if rows.strip():
            named = [] if _UNNAMED.fullmatch(worksheet.title.strip()) else [fold_spaces(worksheet.title)]
            blocks += [*named, rows]
    text = make_canonical("\n\n".join(blocks))
    reading = Reading(text, (), _name(workbook, text))
    return reading.with_warning(_HIDDEN.format("; ".join(hidden))) if hidden else reading


def _name(workbook: Any, text: str) -> dict[str, str]:
    title = (workbook.properties.title or "").strip()
    return {"title": title} if is_borne_out(title, text) else {}


def _read_sheet(path: str, worksheet: Any, room: int) -> _Sheet:
    """A sheet in one pass over its XML; raises NoticeTooLargeError for more cells or characters than are read.

    openpyxl's own rows tell neither what is hidden nor what is merged, and are as wide and as many as
    the sheet claims to be: a small file may claim 17 thousand million cells.
    """
    book = worksheet.parent
    sheet, cells = _Sheet(), 0
    with worksheet._get_source() as source:
        parser = WorkSheetParser(
            source, worksheet._shared_strings, True, book.epoch, book._date_formats, book._timedelta_formats
        )
        for number, row in parser.parse():
            for cell in row:
                words = _write(worksheet, cell)
                if words:
                    sheet.grid.setdefault(number, {})[cell["column"]] = words
                    room -= len(words)
                cells += 1
            if cells > _MOST_CELLS or len(parser.row_dimensions) > _MOST_CELLS or room < 0:
                raise NoticeTooLargeError(path, _TOO_MUCH)
    sheet.hidden_rows = {int(row) for row, said in parser.row_dimensions.items() if _is_on(said.get("hidden"))}
    for said in parser.column_dimensions.values():
        if _is_on(said.get("hidden")):
            first, last = int(said["min"]), min(int(said.get("max", said["min"])), _LAST_COLUMN)
            sheet.hidden_columns[first : last + 1] = b"\1" * (last + 1 - first)
    if parser.merged_cells is not None:
        bounds = (openpyxl.utils.range_boundaries(merged.ref) for merged in parser.merged_cells.mergeCell)
        sheet.merged = [bound for bound in bounds if None not in bound and bound[2] <= _LAST_COLUMN]
    return sheet


def _is_on(written: str | None) -> bool:
    return written in ("1", "true")


def _write(worksheet: Any, cell: dict[str, Any]) -> str:
    value = cell["value"]
    if value is None or cell["column"] > _LAST_COLUMN:
        return ""
    if isinstance(value, str):
        return value
    shown = ReadOnlyCell(worksheet, cell["row"], cell["column"], value, cell["data_type"], cell["style_id"])
    return write_cell(value, shown.number_format)


def _lay_out(sheet: _Sheet) -> Iterator[list[str]]:
    """The rows that are shown, with an empty one where some are left free."""
    used = {column for row in sheet.grid.values() for column in row}
    columns = [column for column in sorted(used) if not sheet.hidden_columns[column]]
    before = 0
    for number in sorted(sheet.grid):
        if number in sheet.hidden_rows:
            continue
        if any(row not in sheet.hidden_rows for row in range(max(before + 1, number - 3), number)):
            yield []
        before = number
        yield [sheet.grid[number].get(column, "") for column in columns]


def _spread(path: str, sheet: _Sheet, room: int) -> None:
    """Write what is merged downwards into each row that it stands beside, so that every row says it.

    Across, it is written once: a title that runs over a whole table is one line. What begins in a row
    or column that is hidden is seen in the first that is shown. Raises NoticeTooLargeError.
    """
    rows = sorted(sheet.grid)
    cells = 0
    for left, top, right, bottom in sheet.merged:
        words = sheet.grid.get(top, {}).get(left)
        shown = sheet.hidden_columns.find(0, left, right + 1)
        if words is None or shown < 0:
            continue
        for number in rows[bisect_left(rows, top) : bisect_right(rows, bottom)]:
            sheet.grid[number].setdefault(shown, words)
            cells, room = cells + 1, room - len(words)
            if cells > _MOST_CELLS or room < 0:
                raise NoticeTooLargeError(path, _TOO_MUCH)
