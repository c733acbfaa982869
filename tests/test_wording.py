"""The words of the pages: each has one meaning, and each is there in both languages."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given, strategies

from assistant.wording import say_advice, say_searched, say_status
from core.types import Answer, Fallback, Searched, Status
from views.phrasebook import asking, desk, notices, status, talks
from views.wording import escape_markdown, read_words

PARTS = (asking, desk, notices, status, talks)


def test_no_two_parts_name_a_word_alike() -> None:
    named = Counter(name for part in PARTS for name in part.ENGLISH)
    assert [name for name, count in named.items() if count > 1] == []


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_each_word_is_there_in_both_languages(part: object) -> None:
    english, chinese = (getattr(part, name) for name in ("ENGLISH", "CHINESE"))
    assert english.keys() == chinese.keys()
    assert all(english.values())
    assert all(chinese.values())


@given(strategies.text(alphabet="htpsw:/.@ab", max_size=30))
def test_no_address_in_a_text_makes_itself_a_link(text: str) -> None:
    for address in (text, f"http://{text}", f"see HTTPS://{text}", f"www.{text}"):
        shown = escape_markdown(address).replace("\\", "")
        assert not re.search(r"https?://|www\.", shown, re.IGNORECASE)
        assert shown.replace("\u2060", "") == address


def test_the_browser_chooses() -> None:
    assert read_words("zh-CN")["title"] != read_words("en-GB")["title"] == read_words(None)["title"]


@pytest.mark.parametrize(
    ("language", "searched", "said"),
    [
        ("en", Searched(1, (2018,)), "1 notice was searched, of 2018."),
        (
            "en",
            Searched(3, (2018, 2019), only_years=(2018, 2019), issuers=("A", "B"), language="zh"),
            "3 notices were searched, of 2018–2019, by A or B, in Chinese. The filters left out all others.",
        ),
        (
            "en",
            Searched(3, (2018,), issuers=("A", "B", "C", "D")),
            "3 notices were searched, of 2018, by 4 issuers. The filters left out all others.",
        ),
        ("zh", Searched(3, (2018,), only_years=(2018,)), "共检索3份文件（2018年）。其余文件因筛选条件未予检索。"),
        (
            "zh",
            Searched(3, (), issuers=("甲局", "乙局"), language="en"),
            "共检索3份文件（甲局、乙局，英文）。其余文件因筛选条件未予检索。",
        ),
    ],
)
def test_what_was_searched_names_the_filters(language: str, searched: Searched, said: str) -> None:
    assert say_searched(Answer("?", language, Status.answered, searched)) == said


def test_filters_that_no_notice_fits_are_told_apart_from_an_empty_desk() -> None:
    unfit = Answer("?", "en", Status.no_evidence, Searched(0, (), only_years=(2018,), issuers=("A",)))
    assert say_status(unfit).startswith("No notice on the desk fits the filters")
    assert say_advice(unfit).startswith("Clear the filters")
    empty = Answer("?", "en", Status.no_evidence, Searched(0, ()))
    assert "desk is empty" in say_status(empty)


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Stopped: this answer is not whole."), ("zh", "已停止：回答不完整。")]
)
def test_a_stopped_draft_is_said_not_to_be_whole(language: str, said: str) -> None:
    answer = Answer("?", language, Status.answered, Searched(1, (2018,)), model="openai:m", fallback=Fallback.stopped)
    assert say_status(answer).startswith(said)
    partly = Answer("?", language, Status.partly, Searched(1, ()), missing=("x",), model="m", fallback=Fallback.stopped)
    assert say_status(partly).startswith(said)
    assert "x" in say_status(partly)
