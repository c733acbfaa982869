"""A page of a PDF with the cited words marked: found across lines, drawn under limits, only from the file as read."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from store.archive import Archive
from store.page_drawing import Mark, find_words, fold_letters
from store.page_images import PageImage, draw_page, picture_citation
from tests.conftest import take_in
from tests.pdf_pages import HEIGHT, WIDTH, Words, column, write_pdf

_LINES = ["Schools must keep a list of all visitors, with the day and hour", "of each visit, for two years."]


def _find_marked(image: PageImage) -> tuple[float, float, float, float] | None:
    """The box of what is marked, in points from the upper left corner; None where nothing is."""
    picture = Image.open(BytesIO(image.png)).convert("RGB")
    red, _, blue = picture.split()
    marked = Image.eval(blue, lambda value: 255 if 100 < value < 180 else 0)
    bright = Image.eval(red, lambda value: 255 if value > 250 else 0)
    box = Image.composite(marked, Image.new("L", picture.size), bright).getbbox()
    if box is None:
        return None
    across, down = picture.width / WIDTH, picture.height / HEIGHT
    return box[0] / across, box[1] / down, box[2] / across, box[3] / down


@pytest.mark.parametrize("turned", [0, 90])
def test_words_over_two_lines_are_marked_where_they_stand(turned: int) -> None:
    pdf = write_pdf(column(["Another line."]), [*column(["A heading"]), *column(_LINES, top=400)], turned=turned)
    image = draw_page(pdf, 2, fold_letters(" ".join(_LINES)))
    assert image
    assert image.mark is Mark.whole
    if turned:
        assert _find_marked(image)
        return
    box = _find_marked(image)
    assert box
    assert box[0] == pytest.approx(72, abs=4)
    # The two lines stand 400 and 386 points above the lower edge.
    assert HEIGHT - 400 - 12 <= box[1] <= HEIGHT - 400
    assert HEIGHT - 386 <= box[3] <= HEIGHT - 386 + 8


def test_of_words_that_stand_twice_the_right_ones_are_marked() -> None:
    pdf = write_pdf([Words("See the annex to this.", 72, 700), Words("See the annex to this.", 72, 300)])
    boxes = [_find_marked(image) for earlier in (0, 1) if (image := draw_page(pdf, 1, "seetheannextothis", earlier))]
    assert [box and round(box[1], -2) for box in boxes] == [100, 500]


def test_words_that_go_on_overleaf_are_marked_as_far_as_they_are_there() -> None:
    pdf = write_pdf(column(_LINES[:1]), column(_LINES[1:]))
    image = draw_page(pdf, 1, fold_letters(" ".join(_LINES)))
    assert image
    assert image.mark is Mark.begins
    assert _find_marked(image)


def test_words_that_are_not_there_are_not_marked() -> None:
    image = draw_page(write_pdf(column(_LINES)), 1, fold_letters("Nobody says this anywhere."))
    assert image
    assert image.mark is Mark.none
    assert _find_marked(image) is None


def test_what_is_no_pdf_or_has_no_such_page_is_not_drawn() -> None:
    assert draw_page(b"PK\x03\x04", 1, "") is None
    assert draw_page(b"%PDF-1.4 and then nothing", 1, "") is None
    assert draw_page(write_pdf(column(_LINES)), 7, "") is None


def test_a_page_that_is_huge_is_drawn_small() -> None:
    pdf = write_pdf(column(_LINES)).replace(f"[0 0 {WIDTH} {HEIGHT}]".encode(), b"[0 0 9999 9999]")
    image = draw_page(pdf, 1, "")
    assert image
    width, height = Image.open(BytesIO(image.png)).size
    assert width * height <= 2_010_000


@pytest.mark.model
def test_only_the_file_as_it_was_read_is_drawn(archive: Archive, tmp_path: Path) -> None:
    file = tmp_path / "visitors.pdf"
    file.write_bytes(write_pdf(column(_LINES)))
    take_in(archive, tmp_path)
    notice = archive.catalogue.notice(archive.catalogue.cards()[0].notice_id)
    span = archive.catalogue.sentences(notice.card.notice_id)[0].span
    image = picture_citation(archive.catalogue, notice, span)
    assert image
    assert (image.page, image.mark) == (1, Mark.whole)
    file.write_bytes(write_pdf(column(["Other words."])))
    assert picture_citation(archive.catalogue, notice, span) is None


@given(st.text("ab ", max_size=30), st.text("ab", min_size=1, max_size=20), st.integers(0, 3))
def test_what_is_marked_is_a_beginning_of_the_words(page: str, words: str, earlier: int) -> None:
    letters = [(sign, place) for place, sign in enumerate(page) if sign != " "]
    start, count, mark = find_words(letters, words, earlier)
    found = page[start : start + count].replace(" ", "")
    assert words.startswith(found)
    assert (mark is Mark.whole) == (found == words) == (words in page.replace(" ", ""))
