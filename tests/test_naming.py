"""retriever.naming: years as a person names them."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from retriever.naming import name_years
from retriever.periods import EARLIEST_YEAR

_YEARS = st.sets(st.integers(EARLIEST_YEAR + 1, 2100), max_size=40)


@given(_YEARS, st.sampled_from(["en", "zh"]))
def test_a_name_says_just_the_years(years: set[int], language: str) -> None:
    said: set[int] = set()
    for first, last in re.findall(r"(\d{4})(?:–(\d{4}))?", name_years(years, language)):
        said.update(range(int(first), int(last or first) + 1))
    assert said == years


@given(st.integers(EARLIEST_YEAR, 2100))
def test_fifty_years_are_named_by_their_end(last: int) -> None:
    run = range(EARLIEST_YEAR, last + 1)
    assert name_years(run, "en") == f"the years before {last + 1}"
    assert name_years(run, "en", named=[last]) == (
        f"the years until {last}" if last > EARLIEST_YEAR else str(EARLIEST_YEAR)
    )
    assert name_years(run, "zh") == f"{last + 1}年以前"


def test_two_years_are_a_school_year_only_where_one_was_named() -> None:
    assert name_years((2022, 2023), "en") == "2022–2023"
    assert name_years((2022, 2023), "en", school_years=(2022,)) == "2022/23"
    assert name_years((2022, 2023), "zh", school_years=(2022,)) == "2022–2023学年"
    assert name_years((2022, 2023, 2025), "en", school_years=(2022,)) == "2022–2023, 2025"
