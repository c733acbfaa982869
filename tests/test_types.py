"""core.types: spans count code points, and a notice knows its pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.types import Notice, NoticeCard, Page, Span


@given(st.text(), st.integers(0, 60), st.integers(0, 60))
def test_a_span_covers_code_points(text: str, a: int, b: int) -> None:
    start, end = sorted((min(a, len(text)), min(b, len(text))))
    assert Span(start, end).of("x" * start + text[start:]) == text[start:end]
    assert Span(start, end).of_offset(text[start:], start) == text[start:end]
    assert len(Span(start, end)) == end - start


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2)])
def test_a_span_upside_down_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="not a span"):
        Span(start, end)


def test_characters_beyond_the_basic_plane_count_once() -> None:
    assert Span(1, 2).of("𠀀教育") == "教"


def test_the_page_is_that_on_which_the_span_begins() -> None:
    notice = Notice(NoticeCard("id", "a.pdf", "A"), "one two", (Page(1, Span(0, 3)), Page(2, Span(4, 7))))
    assert notice.page_of(Span(2, 6)) == 1
    assert notice.page_of(Span(4, 5)) == 2
    assert Notice(NoticeCard("id", "a.txt", "A"), "one").page_of(Span(0, 1)) is None
