"""ingest.readers.columns: pages in columns are read column by column, tables row by row."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.readers import read_file
from ingest.readers.columns import part_columns, read_columns
from ingest.readers.layout import Line
from tests.conftest import LIMITS
from tests.pdf_pages import Words, column, write_pdf

LEFT = [
    "Every school of the province reports",
    "to its district by the end of May. The",
    "report names each of its teachers and",
    "says what they teach, and to how many",
    "pupils. No school may leave it to others",
    "to write it, and no district may ask for",
]
RIGHT = [
    "more than this law says. The districts",
    "answer in June. An answer says what is",
    "to be mended, and by what day. A school",
    "that disagrees may write to the ministry",
    "within ten days, and the ministry shall",
    "hear both sides before it decides.",
]
WHOLE = " ".join(LEFT + RIGHT)


def _interleave(top: float = 700) -> list[Words]:
    sides = zip(column(LEFT, 60, top), column(RIGHT, 320, top), strict=True)
    return [words for row in sides for words in row]


def _read(*page: Words) -> list[str]:
    return read_file("a.pdf", write_pdf(page), LIMITS).text.split("\n\n")


def test_columns_that_are_stored_row_by_row_are_read_one_after_the_other() -> None:
    assert _read(*_interleave()) == [WHOLE]


def test_columns_that_are_stored_one_after_the_other_stay_so() -> None:
    assert _read(*column(LEFT, 60, 700), *column(RIGHT, 320, 700)) == [WHOLE]


def test_what_stands_across_the_columns_stays_in_its_place() -> None:
    title = Words("On the reports of schools, and on what districts answer to them, 2023", 60, 760, 14)
    close = Words("This notice was made by the ministry, and is in force from the first day of September.", 60, 600)
    assert _read(*_interleave(), title, close) == [title.text, WHOLE, close.text]


def test_three_columns_are_read_one_after_the_other() -> None:
    words = "aaa bbb ccc ddd eee".split()
    third = [f"{word} school teachers report to it" for word in words]
    rows = [Words(line, left, 700 - 14 * place) for place, line in enumerate(third) for left in (40, 220, 400)]
    assert " ".join(_read(*rows)) == " ".join(third * 3)


def test_a_table_is_read_row_by_row() -> None:
    areas = ["England", "London fringe", "Outer London", "Inner London", "Wales", "Scotland"]
    table = [
        words
        for place, area in enumerate(areas)
        for words in (Words(area, 60, 700 - 20 * place), Words(f"{place}2,916 a year", 320, 700 - 20 * place))
    ]
    assert _read(*table)[:2] == ["England 02,916 a year", "London fringe 12,916 a year"]


def test_a_table_of_long_cells_is_read_row_by_row() -> None:
    table = []
    for place in range(3):
        for left, lines in ((60, LEFT[:2]), (320, RIGHT[:2])):
            table += column(lines, left, 700 - 60 * place)
    pieces = [Line(words.text, words.left, words.left + 190, words.base + 11, words.base) for words in table]
    assert len(part_columns(pieces)) == 1


def test_pieces_that_ocr_finds_in_any_order_are_read_by_columns() -> None:
    found = [Line(words.text, words.left, words.left + 200, words.base + 11, words.base) for words in _interleave()]
    assert " ".join(line.text for line in read_columns(found[::-1])) == WHOLE


_PLACES = st.tuples(st.integers(0, 400), st.integers(1, 300), st.integers(0, 800))


@given(st.lists(_PLACES, max_size=40))
def test_every_piece_is_in_one_block(places: list[tuple[int, int, int]]) -> None:
    pieces = [Line("x", left, left + width, bottom + 12, bottom) for left, width, bottom in places]
    blocks = part_columns(pieces)
    assert sorted(place for block in blocks for place in block) == list(range(len(pieces)))
    assert all(block == sorted(block) for block in blocks)
