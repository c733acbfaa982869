"""Rows of text as a table to hand on: CSV and XLSX, in which nothing is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from cite.legible import fold_line

# What a spreadsheet takes for the beginning of a formula: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = tuple("=+-@\t\r＝＋－＠")
_LONGEST_CELL = 32_767
_WIDEST, _PER_LETTER = 70, 1.1


def write_csv(head: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """A table as CSV in UTF-8 with its mark, as spreadsheets want it; a cell that could be a formula gets a quote."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(head)
    for row in rows:
        cells = map(fold_line, row)
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return stream.getvalue().encode("utf-8-sig")


def write_xlsx(head: Sequence[str], rows: Sequence[Sequence[str]], title: str) -> bytes:
    """A table as a workbook with one sheet, its head in view, every cell text; a longer cell than may be is cut."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = _name_sheet(title)
    sheet.append(list(head))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for number, row in enumerate(rows, start=2):
        for column, text in enumerate(row, start=1):
            cell = sheet.cell(number, column)
            cell.value = fold_line(text)[:_LONGEST_CELL]
            # It would take what begins with = for a formula.
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for column, name in enumerate(head, start=1):
        longest = max([len(name), *(len(row[column - 1]) for row in rows)])
        sheet.column_dimensions[get_column_letter(column)].width = min(_WIDEST, longest * _PER_LETTER + 2)
    sheet.freeze_panes = "A2"
    book.properties.creator = "Policy Desk"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _name_sheet(title: str) -> str:
    """The title as a sheet may be called: 31 characters, none of those that it must not have."""
    plain = "".join(" " if character in "[]:*?/\\'" else character for character in fold_line(title))
    return plain[:31].strip() or "1"
