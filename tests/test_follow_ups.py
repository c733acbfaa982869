"""Questions to ask next: each is answered, says something new, and none is tried when the time is over."""

from __future__ import annotations

from itertools import count

import pytest

from assistant.ask import ask
from assistant.follow_ups import suggest_follow_ups
from core.types import Status
from store.archive import Archive

pytestmark = pytest.mark.model

_BURSARY = "How much was the rural teacher bursary in 2019?"


def _stand_still() -> float:
    """A clock on which no machine is slow."""
    return 0.0


def test_the_next_year_and_the_same_notice_are_asked_about(desk: Archive) -> None:
    suggested = suggest_follow_ups(desk, ask(desk, _BURSARY), [_BURSARY], clock=_stand_still)
    assert suggested[0] == "How much was the rural teacher bursary in 2024?"
    assert any("Notice on the Introduction of Bursaries" in question for question in suggested)
    for question in suggested:
        assert ask(desk, question, [_BURSARY]).status is Status.answered


def test_they_are_answered_under_the_filters_that_are_set(desk: Archive) -> None:
    answer = ask(desk, _BURSARY, years=[2019])
    suggested = suggest_follow_ups(desk, answer, [_BURSARY], years=[2019], clock=_stand_still)
    assert suggested
    assert not any("2024" in question for question in suggested)
    for question in suggested:
        assert ask(desk, question, [_BURSARY], years=[2019]).status is Status.answered


def test_what_was_asked_is_not_suggested(desk: Archive) -> None:
    history = [_BURSARY, "How much was the rural teacher bursary in 2024?"]
    suggested = suggest_follow_ups(desk, ask(desk, history[1], history[:1]), history, clock=_stand_still)
    assert suggested
    assert not set(suggested) & set(history)


def test_none_is_tried_when_the_time_is_over(desk: Archive) -> None:
    ticks = count(step=10)
    assert len(suggest_follow_ups(desk, ask(desk, _BURSARY), [_BURSARY], clock=lambda: next(ticks))) == 0
