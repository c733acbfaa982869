"""cite.tables: tables that spreadsheets open, and in which no word of a notice is a formula."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from cite.legible import fold_line
from cite.tables import write_csv, write_xlsx

_HEAD = ["Year", "Quote"]
_ROWS = st.lists(st.tuples(st.text(max_size=20), st.text(max_size=40)), max_size=5)


@given(rows=_ROWS)
def test_a_csv_is_read_back_and_holds_no_formula(rows: list[tuple[str, str]]) -> None:
    written = write_csv(_HEAD, rows).decode("utf-8-sig")
    back = list(csv.reader(io.StringIO(written, newline="")))
    assert back[0] == _HEAD
    assert [[cell.removeprefix("'") for cell in row] for row in back[1:]] == [
        [fold_line(cell).removeprefix("'") for cell in row] for row in rows
    ]
    assert not [cell for row in back for cell in row if cell.startswith(("=", "+", "-", "@"))]


@given(rows=_ROWS, title=st.text(max_size=50))
def test_a_workbook_is_read_back_with_every_cell_as_text(rows: list[tuple[str, str]], title: str) -> None:
    sheet = load_workbook(io.BytesIO(write_xlsx(_HEAD, rows, title))).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == _HEAD
    for place, row in enumerate(rows, start=2):
        cells = sheet[place]
        assert [cell.value or "" for cell in cells] == [fold_line(cell) for cell in row]
        assert all(cell.data_type != "f" and isinstance(cell.value, str | None) for cell in cells)


def test_a_formula_stays_words() -> None:
    sheet = load_workbook(io.BytesIO(write_xlsx(_HEAD, [("2022", '=HYPERLINK("http://evil.example")')], "x"))).active
    assert sheet is not None
    assert sheet["B2"].data_type == "s"
    assert sheet["B2"].value == '=HYPERLINK("http://evil.example")'
