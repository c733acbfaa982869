"""ingest.markers: what opens the items of a list, and what only looks so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.markers import find_points, read_marker


@pytest.mark.parametrize(
    ("line", "marker"),
    [
        ("3. Every school", ("dotted", 3)),
        ("(2) Every school", ("bracketed", 2)),
        ("第十二条 学校", ("chinese-article", 12)),
        ("（三）学校", ("chinese-bracketed", 3)),
        ("二、学校", ("chinese", 2)),
        ("3.2 Every school", ("decimal", 2)),
        ("Article 14 Schools", ("article", 14)),
        ("- schools", ("bullet", 0)),
        ("Third, schools", ("ordinal", 3)),
        ("2023 was a year", None),
        ("2.5 yuan a day", None),
    ],
)
def test_markers(line: str, marker: tuple[str, int] | None) -> None:
    assert read_marker(line) == marker


def test_no_list_in_an_ordinary_sentence() -> None:
    assert find_points("In the first and second grade, pupils rest.") == []
    assert find_points("The first, and best, school.") == []


@pytest.mark.parametrize(
    ("body", "points"),
    [
        ("first, be calm; second, be quick.", ["first", "second"]),
        ("一是抓好落实；二是强化监督。", ["一是", "二是"]),
        ("They must: (a) teach; (b) report.", ["(a)", "(b)"]),
        ("要求：1.自查；2.整改。", ["1.", "2."]),
        ("first, be calm.", []),
    ],
)
def test_points_begin_where_their_markers_stand(body: str, points: list[str]) -> None:
    starts = find_points(body)
    assert [body[start:].startswith(point) for start, point in zip(starts, points, strict=True)] == [True] * len(points)


@given(
    st.text(max_size=80)
    | st.lists(st.sampled_from(["一是", "二是", "(a) ", "(b)", "1.", "2.", "；", " x", "first, "])).map("".join)
)
def test_any_text_has_no_point_or_two_and_more_in_order(body: str) -> None:
    starts = find_points(body)
    assert starts == sorted(set(starts))
    assert len(starts) != 1
    assert all(0 <= start < len(body) for start in starts)
    read_marker(body)
