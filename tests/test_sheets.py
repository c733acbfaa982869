"""ingest.readers.xlsx, csv_rows: rows as their reader sees them, hidden ones left out, hostile ones refused."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Callable, Sequence

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from core.errors import NoticeTooLargeError, UnknownFormatError, UnreadableNoticeError
from core.types import SentenceKind
from ingest.readers import Limits, read_file
from ingest.readers.cells import write_cell
from ingest.sentences import parse_sentences
from tests.conftest import LIMITS


def _xlsx(fill: Callable[[Worksheet], None], title: str = "Sheet") -> bytes:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title
    fill(sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _sheet_of(rows: Sequence[Sequence[str | None]]) -> bytes:
    def fill(sheet: Worksheet) -> None:
        for row in rows:
            sheet.append(row)

    return _xlsx(fill)


def _change(content: bytes, member: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same archive with one of its parts changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            body = source.read(name)
            target.writestr(name, change(body) if name == member else body)
    return stream.getvalue()


def _fill(sheet: Worksheet) -> None:
    sheet.append(["2023年课后服务收费标准"])
    sheet.merge_cells("A1:D1")
    sheet.append(["学段", "学校", "收费", "起始日期"])
    sheet.append(["小学", "第一小学", 180, datetime.date(2023, 9, 1)])
    sheet.append([None, "第二小学", 0.25, datetime.date(2023, 9, 2)])
    sheet.append(["机密", "不公开", 1, None])
    sheet.merge_cells("A3:A4")
    sheet["C3"].number_format, sheet["C4"].number_format = '#,##0.00"元"', "0%"
    sheet["D3"].number_format, sheet["D4"].number_format = 'yyyy"年"m"月"d"日"', "yyyy-mm-dd"
    sheet.row_dimensions[5].hidden = True
    sheet["F2"] = "内部备注"
    sheet.column_dimensions["F"].hidden = True


def test_a_sheet_reads_as_it_is_seen() -> None:
    reading = read_file("a.xlsx", _xlsx(_fill, "收费"), LIMITS)
    assert reading.text == (
        "收费\n\n2023年课后服务收费标准\n\n学段\t学校\t收费\t起始日期\n"
        "小学\t第一小学\t180.00元\t2023年9月1日\n小学\t第二小学\t25%\t2023-09-02"
    )
    assert "rows of the sheet 收费; columns of the sheet 收费" in reading.warnings[0]
    sentences = parse_sentences(reading.text)
    rows = [sentence for sentence in sentences if sentence.kind is SentenceKind.row]
    assert [row.head for row in rows] == [None, rows[0].ordinal, rows[0].ordinal]


def test_hidden_sheets_and_names_that_say_nothing_are_left_out() -> None:
    book = Workbook()
    assert isinstance(book.active, Worksheet)
    book.active.append(["School", "Places"])
    book.create_sheet("Drafts").append(["secret", "words"])
    book["Drafts"].sheet_state = "veryHidden"
    stream = io.BytesIO()
    book.save(stream)
    reading = read_file("whatever", stream.getvalue(), LIMITS)
    assert reading.text == "School\tPlaces"
    assert "Drafts" in reading.warnings[0]


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (1234567, "#,##0", "1,234,567"),
        (-1234.5, "#,##0.00;(#,##0.00)", "(1,234.50)"),
        (-3, "0.0", "-3.0"),
        (0.125, "0.0%", "12.5%"),
        (12, "0000", "0012"),
        (5, "[$¥-804]#,##0", "¥5"),
        (1500000, "#,##0,", "1,500"),
        (0.1 + 0.2, "General", "0.3"),
        (123456789012345678, "General", "123456789012345678"),
        (7, ";;;", ""),
        (True, "General", "TRUE"),
        (datetime.datetime(2023, 3, 5, 14, 30), "yyyy-mm-dd hh:mm", "2023-03-05 14:30"),
        (datetime.datetime(2023, 3, 5), 'yyyy"年"m"月"', "2023年3月"),
        (datetime.time(9, 5), "h:mm", "09:05"),
    ],
)
def test_a_cell_shows_its_value_in_its_format(value: object, number_format: str, shown: str) -> None:
    assert write_cell(value, number_format) == shown


def test_a_sheet_that_claims_to_be_vast_costs_nothing() -> None:
    content = _change(
        _xlsx(lambda sheet: sheet.append(["School", "Places"])),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'ref="A1:B1"', b'ref="A1:XFD1048576"').replace(
            b"</sheetData>",
            b'<row r="1048576"><c r="XFD1048576"><v>7</v></c></row></sheetData>'
            b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>',
        ),
    )
    assert read_file("a.xlsx", content, LIMITS).text.startswith("School\tPlaces\n\n")


def test_bombs_are_refused() -> None:
    plain = _xlsx(lambda sheet: sheet.append(["School", "Places"]))
    sheet = "xl/worksheets/sheet1.xml"
    padded = _change(plain, sheet, lambda xml: xml + b" " * 5_000_000)
    assert len(padded) < 50_000
    with pytest.raises(NoticeTooLargeError):
        read_file("a.xlsx", padded, Limits(10**7, 4_000_000, 10))
    cells = _change(plain, sheet, lambda xml: xml.replace(b"</sheetData>", b"<row/>" * 3_100_000 + b"</sheetData>"))
    with pytest.raises(NoticeTooLargeError):
        read_file("a.xlsx", cells, LIMITS)
    long = _sheet_of([["word " * 1000, "x"]] * 300)
    with pytest.raises(NoticeTooLargeError):
        read_file("a.xlsx", long, Limits(100_000, 10**9, 10))
    spread = _sheet_of([["word " * 1000 if row == 0 else None, "x"] for row in range(90)])
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="A1:A90"/></mergeCells>'
    with pytest.raises(NoticeTooLargeError):
        read_file(
            "a.xlsx",
            _change(spread, sheet, lambda xml: xml.replace(b"</sheetData>", merged)),
            Limits(100_000, 10**9, 10),
        )


@pytest.mark.parametrize("member", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"])
def test_entities_are_refused(member: str) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'

    def declare(xml: bytes) -> bytes:
        head, mark, rest = xml.partition(b"?>")
        return head + mark + bomb + rest if mark else bomb + xml

    content = _change(_xlsx(lambda sheet: sheet.append(["School", "Places"])), member, declare)
    with pytest.raises(UnreadableNoticeError, match="entities"):
        read_file("a.xlsx", content, LIMITS)


def test_damage_and_other_formats_are_told() -> None:
    content = _xlsx(lambda sheet: sheet.append(["School", "Places"]))
    with pytest.raises(UnreadableNoticeError, match=r"^a\.xlsx"):
        read_file("a.xlsx", content[: len(content) // 2], LIMITS)
    with pytest.raises(UnreadableNoticeError):
        read_file("a.xlsx", _change(content, "xl/worksheets/sheet1.xml", lambda xml: xml[:-30]), LIMITS)
    with pytest.raises(UnknownFormatError):
        read_file("a.xlsx", b"words, no sheet", LIMITS)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_whatever_parts_its_cells(delimiter: str, encoding: str) -> None:
    lines = [["学校", "说明", "人数"], ["第一小学", '"试点、示范\n学校"', "120"], ["第二小学", "", "95"]]
    content = "\r\n".join(delimiter.join(line) for line in lines).encode(encoding)
    assert read_file("a.csv", content, LIMITS).text == "学校\t说明\t人数\n第一小学\t试点、示范学校\t120\n第二小学\t\t95"


def test_commas_in_cells_are_not_what_parts_them() -> None:
    content = "School;Rule\nA;Report, check, and mend\nB;Report, then mend\n"
    assert read_file("a.csv", content.encode(), LIMITS).text.startswith("School\tRule\nA\tReport, check, and mend")
