"""assistant.premises: what a question takes for granted must be in the notice."""

from __future__ import annotations

import pytest

from assistant.premises import is_borne_out
from assistant.reading import NoticeReading
from store.words import name_language
from tests.conftest import make_entry

_NOTICE = (
    "the meals budget is 4 million yuan. the lunch fee is 12 yuan a day; the deposit was 200 yuan and ended in 2020."
)


def _read(text: str) -> NoticeReading:
    return NoticeReading(make_entry(text, language=name_language(text)).notice.card, text, ())


@pytest.mark.parametrize(
    ("question", "is_so"),
    [
        ("Why was the meals budget doubled in 2023?", False),
        ("By how much was the lunch fee raised?", False),
        ("Who reduced the lunch fee?", False),
        ("How long has the lunch fee been 20 yuan?", False),
        ("Why is the deposit 500 yuan?", False),
        ("How long has the lunch fee been 12 yuan?", True),
        ("When was the deposit abolished?", True),
        ("How much is the lunch fee?", True),
        ("Was the fee raised?", True),
    ],
)
def test_premises(question: str, is_so: bool) -> None:
    assert is_borne_out(question, _read(_NOTICE)) is is_so


@pytest.mark.parametrize(
    ("question", "notice", "is_so"),
    [
        ("为什么把经费翻了一番？", "经费为400万元。", False),
        ("为什么提高补助标准？", "补助标准上调至1250元。", True),
        ("为什么提高补助标准？", "the allowance is 4 yuan.", True),
        ("谁把押金定为500元？", "the deposit is 200 yuan.", False),
    ],
)
def test_premises_in_chinese_and_across(question: str, notice: str, is_so: bool) -> None:
    assert is_borne_out(question, _read(notice)) is is_so
