"""ingest.readers.pdf and its parts: a page is read as a person reads it."""

from __future__ import annotations

import pytest

from ingest.readers import Reading, read_file
from tests.conftest import LIMITS
from tests.pdf_pages import HEIGHT, Page, Words, column, write_pdf


def _read(*pages: Page, turned: int = 0) -> Reading:
    return read_file("a.pdf", write_pdf(*pages, turned=turned), LIMITS)


def test_a_word_cut_at_the_end_of_a_line_or_page_is_whole() -> None:
    lines = [
        "Every child of this province has a right to a full educa-",
        "tion, and all who teach here report what they know of the dis-",
    ]
    reading = _read(column(lines), column(["tricts."]))
    assert "a full education, and" in reading.text
    assert reading.text.endswith("what they know of the districts.")
    spans = [page.span for page in reading.pages]
    assert spans[1].of(reading.text) == "tricts."
    assert spans[0].end == spans[1].start


def test_signs_of_another_font_stand_where_they_are_seen() -> None:
    page = [Words("落实我省", 72, 700), Words("十三五", 127, 700), Words("期间任务", 171, 700)]
    page += [Words("“", 116, 700), Words("”", 160, 700)]
    assert _read(page).text == "落实我省“十三五”期间任务"


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_page_that_is_shown_turned_is_read_in_lines(turned: int) -> None:
    page = [*column(["Every school reports on its meals", "to the district."], top=400), Words("— 1 —", 200, 20)]
    assert _read(page, turned=turned).text == "Every school reports on its meals to the district."


def test_the_lines_of_a_list_point_are_one_paragraph_and_points_stand_apart() -> None:
    wide = "words that reach to the margin on the right side of it all"
    page = [
        *column([f"1. Schools shall report {wide}"], top=700),
        *column([f"each year, and shall say {wide}", "what they did."], left=90, top=686),
        *column([f"2. Districts shall answer {wide}"], top=656),
        *column(["in time."], left=90, top=642),
    ]
    assert [paragraph[:2] for paragraph in _read(page).text.split("\n\n")] == ["1.", "2."]


def test_small_print_does_not_break_the_paragraphs_of_large() -> None:
    body = [
        "Every school of this province shall report to its district on",
        "the last day of May, and every district shall answer it, and",
    ] * 3
    notes = [
        "Notes: only schools with a charter are shown here, as they all stood in the books of the districts on",
        "the first day of May, when the count was made.",
    ]
    page = [*column(body, top=700, step=16, size=12), *column(notes, top=500, step=8, size=7)]
    assert len(_read(page).text.split("\n\n")) == 2


def test_names_that_sign_stand_apart_and_a_title_in_the_middle_does_not_fall_apart() -> None:
    body = ["Every school of this province shall report to its district on what it teaches", "each year."]
    title = [Words("On the training of teachers in the", 144, 760, 16), Words("schools of Yunlan", 197, 742, 16)]
    names = column(["Department of Education", "Department of Finances"], 330, 660)
    page = [*title, *column(body, top=710), *names]
    assert _read(page).text.split("\n\n") == [
        "On the training of teachers in the schools of Yunlan",
        "Every school of this province shall report to its district on what it teaches each year.",
        "Department of Education",
        "Department of Finances",
    ]


def test_headers_footers_and_page_numbers_are_left_out() -> None:
    pages = [
        [
            Words("Department of Schools", 72, HEIGHT - 40, 9),
            *column([f"Part {name} of the notice says this."]),
            Words(f"Page {number} of 2", 280, 30, 9),
        ]
        for number, name in enumerate(("one", "two"), start=1)
    ]
    reading = _read(*pages)
    assert reading.text == "Part one of the notice says this.\n\nPart two of the notice says this."
    assert [page.span.of(reading.text) for page in reading.pages] == reading.text.split("\n\n")
