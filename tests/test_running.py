"""ingest.readers.running: what runs through the margins of the pages is left out, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.layout import Line
from ingest.readers.running import drop_running
from ingest.readers.scan import PageLines

HEIGHT = 842.0
TOP, BODY, FOOT = 800.0, 700.0, 30.0


def _page(*lines: tuple[str, float]) -> PageLines:
    """A page of A4 with lines of 12 points, each with how far its lower edge is from that of the page."""
    return PageLines(tuple(Line(text, 72, 500, bottom + 12, bottom) for text, bottom in lines), HEIGHT)


def _left(*pages: PageLines) -> list[list[str]]:
    return [[line.text for line in page.lines] for page in drop_running(pages)]


@pytest.mark.parametrize(
    ("header", "footer"),
    [
        ("Ministry of Education  Page {}", "Circular 12 of 2023"),
        ("教育部文件", "第 {} 页 共 3 页"),
        ("Chapter 2: On meals {}", "{} of 3"),
        ("{} | Annual report 2023", "— {} —"),
        ("Annual report 2023 | {}", "{}"),
    ],
)
def test_headers_and_footers_are_left_out(header: str, footer: str) -> None:
    pages = [
        _page((header.format(number), TOP), (f"Body of page {number}.", BODY), (footer.format(number), FOOT))
        for number in (1, 2, 3)
    ]
    assert _left(*pages) == [[f"Body of page {number}."] for number in (1, 2, 3)]


def test_a_header_of_two_pages_is_one_and_so_are_those_of_odd_and_even_pages() -> None:
    assert _left(_page(("School law", TOP), ("One.", BODY)), _page(("School law", TOP), ("Two.", BODY))) == [
        ["One."],
        ["Two."],
    ]
    pages = [_page((f"{'Left' if n % 2 else 'Right'} hand title", TOP), (f"Body {n}.", BODY)) for n in range(6)]
    assert _left(*pages) == [[f"Body {n}."] for n in range(6)]


def test_a_heading_that_repeats_in_the_body_stays() -> None:
    pages = [_page(("Opening words.", TOP), ("Notes", BODY)), _page(("Other words.", TOP), ("Notes", BODY))]
    assert _left(*pages) == [["Opening words.", "Notes"], ["Other words.", "Notes"]]


def test_a_line_that_recurs_where_other_pages_have_their_text_stays() -> None:
    texts = ["Notes", "Every school reports.", "Fees are due in May.", "Notes", "Pupils are heard."]
    assert _left(*(_page((text, 760)) for text in texts)) == [[text] for text in texts]


def test_what_stands_on_one_page_only_stays_but_for_its_number() -> None:
    page = _page(("Ministry of Education", TOP), ("The body.", BODY), ("Page 1 of 1", FOOT))
    assert _left(page) == [["Ministry of Education", "The body."]]
    assert _left(_page(("The body.", BODY), ("1", FOOT))) == [["The body."]]
    assert _left(_page(("The body.", BODY), ("2024", FOOT))) == [["The body.", "2024"]]


def test_numbered_parts_of_a_notice_stay() -> None:
    pages = [_page((f"Annex {number}", TOP), (f"Body {number}.", BODY)) for number in (1, 2, 3)]
    assert _left(*pages) == [[f"Annex {number}", f"Body {number}."] for number in (1, 2, 3)]


def test_pages_that_say_nothing_else_stay() -> None:
    pages = [_page((f"Annex, page {number} of 3", TOP)) for number in (1, 2, 3)]
    assert _left(*pages) == [[f"Annex, page {number} of 3"] for number in (1, 2, 3)]


def test_figures_that_do_not_run_with_the_pages_stay() -> None:
    pages = [_page((f"Budget of {year}", TOP), (f"Body {year}.", BODY)) for year in (2019, 2021, 2022)]
    assert _left(*pages)[0] == ["Budget of 2019", "Body 2019."]


def test_a_row_of_a_table_stays() -> None:
    pages = [_page(("Area\tFee", TOP), (f"Body {number}.", BODY)) for number in (1, 2)]
    assert _left(*pages)[1] == ["Area\tFee", "Body 2."]


_LINES = st.tuples(st.sampled_from(["Header", "Page 1", "2", "第3页", "Body", "a\tb"]), st.integers(0, 830))


@given(st.lists(st.lists(_LINES, max_size=8), max_size=6))
def test_only_whole_lines_of_the_margins_are_left_out(written: list[list[tuple[str, int]]]) -> None:
    pages = [_page(*((text, float(bottom)) for text, bottom in lines)) for lines in written]
    for page, left in zip(pages, drop_running(pages), strict=True):
        kept = iter(page.lines)
        assert all(any(line is other for other in kept) for line in left.lines)
        dropped = [line for line in page.lines if not any(line is other for other in left.lines)]
        assert all(not HEIGHT * 0.12 < (line.top + line.bottom) / 2 < HEIGHT * 0.88 for line in dropped)
