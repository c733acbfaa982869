"""assistant.grades: grades, and those inside a range."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.grades import is_about_grades, read_grades


@pytest.mark.parametrize(
    ("text", "grades"),
    [
        ("grade 4 pupils", {4}),
        ("Grades 3 to 6. Homework", {3, 4, 5, 6}),
        ("grades 1 and 2", {1, 2}),
        ("grades 1, 3 and 5-7", {1, 3, 5, 6, 7}),
        ("三至六年级", {3, 4, 5, 6}),
        ("一、二年级", {1, 2}),
        ("小学四年级", {4}),
        ("Schools report.", set()),
    ],
)
def test_grades(text: str, grades: set[int]) -> None:
    assert read_grades(text) == grades


def test_another_grade_is_no_answer() -> None:
    assert is_about_grades("How much may grade 4 get?", "2. Grades 3 to 6. At most 60 minutes.")
    assert not is_about_grades("How much may grade 4 get?", "1. Grades 1 and 2. None.")
    assert is_about_grades("How much may grade 4 get?", "At most 60 minutes.")
    assert is_about_grades("四年级作业多少分钟？", "Grades 3 to 6: 60 minutes.")


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    assert all(grade >= 0 for grade in read_grades(text))


@given(st.integers(1, 12), st.integers(0, 6), st.integers(0, 12))
def test_a_range_holds_what_lies_in_it(first: int, more: int, asked: int) -> None:
    inside = first <= asked <= first + more
    assert is_about_grades(f"grade {asked}", f"grades {first} to {first + more}") is inside
