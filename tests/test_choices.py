"""views.choices: what an address chooses on the page What was required, whoever wrote it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from core.types import Further, Strength
from views.choices import write_choices

_NOTHING: tuple[int, int, str, list[str]] = (2024, 2024, "", [])


def _show_choices() -> None:
    import streamlit

    from views.choices import read_choices

    read = read_choices([2019, 2021, 2022, 2024], 2024)
    streamlit.session_state["read"] = (read.first, read.last, read.bound, [one.value for one in read.strengths])


def _read(query: dict[str, str | list[str]]) -> object:
    page = AppTest.from_function(_show_choices)
    for name, value in query.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page.session_state["read"]


def test_what_was_asked_for_is_chosen() -> None:
    must = (Strength.must, Strength.must_not)
    both = ["must", "must_not"]
    assert _read(write_choices(Further(3, 2, (2022,), must, "schools"))) == (2022, 2022, "schools", both)
    assert _read(write_choices(Further(3, 2, (2021, 2022), must, "学校"))) == (2021, 2022, "学校", both)
    assert _read(write_choices(Further(3, 2, (), (Strength.may,), "学校"))) == (2019, 2024, "学校", ["may"])
    assert _read(write_choices(Further(3, 2, tuple(range(1900, 2023)), must))) == (2019, 2022, "", both)


@pytest.mark.parametrize(
    ("query", "chosen"),
    [
        ({}, _NOTHING),
        ({"from": "x", "to": "99999"}, _NOTHING),
        ({"from": "2020", "to": "2020"}, _NOTHING),
        ({"from": "2022", "to": "2019"}, (2019, 2022, "", [])),
        ({"from": "2021"}, (2021, 2021, "", [])),
        ({"strength": ["nonsense", "should"]}, (2019, 2024, "", ["should"])),
        ({"bound": "x" * 5000}, (2019, 2024, "x" * 100, [])),
    ],
)
def test_what_makes_no_sense_is_left_out(query: dict[str, str | list[str]], chosen: object) -> None:
    assert _read(query) == chosen


@given(st.text(max_size=12), st.text(max_size=12), st.text(max_size=12))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_address_chooses_something_that_there_is(first: str, last: str, strength: str) -> None:
    read = _read({"from": first, "to": last, "strength": strength})
    assert isinstance(read, tuple)
    assert {read[0], read[1]} <= {2019, 2021, 2022, 2024}
    assert read[0] <= read[1]
