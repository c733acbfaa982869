"""ingest.dates: dates as notices write them become ISO 8601."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dates import dates_in, find_dates, is_date, is_unset, read_date, stands_alone


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("on 5 May 2021 and March 3, 2022", ["2021-05-05", "2022-03-03"]),
        ("the 2nd day of Sept. 2020; Jan 7th, 2019", ["2020-09-02", "2019-01-07"]),
        ("二〇二四年六月三十日", ["2024-06-30"]),
        ("二○一二年十二月十一日", ["2012-12-11"]),
        ("2023年 3 月 15 日", ["2023-03-15"]),
        ("2021/3/5, 2021.03.06, 2021-3-7", ["2021-03-05", "2021-03-06", "2021-03-07"]),
        ("99 May 2021, 2021-13-01, 5.5.2021, 1.2.2021.3", []),
    ],
)
def test_dates(text: str, dates: list[str]) -> None:
    assert dates_in(text) == dates


def test_months_are_found_only_where_they_are_asked_for() -> None:
    text = "Published March 2021, 2022年3月"
    assert find_dates(text) == []
    assert [found.iso for found in find_dates(text, monthly=True)] == ["2021-03", "2022-03"]


@pytest.mark.parametrize(
    ("said", "date"),
    [
        ("2021-03-05T10:00:00Z", "2021-03-05"),
        ("2021-03", "2021-03"),
        ("20210305", "2021-03-05"),
        ("D:20210305101500+08'00'", "2021-03-05"),
        ("5 March 2021", "2021-03-05"),
        ("20211305", ""),
        ("soon", ""),
    ],
)
def test_what_a_file_says_of_a_date(said: str, date: str) -> None:
    assert read_date(said) == date


def test_a_date_that_stands_alone_may_have_its_weekday_and_hour() -> None:
    assert stands_alone("Tuesday, 14 June 2022, 6:00 pm")
    assert stands_alone("（2022年6月14日）")
    assert not stands_alone("Plans are due on 14 June 2022 at the latest")


def test_a_clock_that_was_never_set() -> None:
    assert is_unset("1970-01-01")
    assert not is_unset("2021-01-01")


@given(st.text())
def test_whatever_is_found_is_a_date_where_it_stands(text: str) -> None:
    end = 0
    for found in find_dates(text + " 5 May 2021 " + text, monthly=True):
        assert end <= found.start < found.end
        assert is_date(found.iso)
        end = found.end
