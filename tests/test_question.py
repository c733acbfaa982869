"""retriever.question: the years, terms and topic of a question as officials type it."""

from __future__ import annotations

import datetime
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import UsageError
from retriever.periods import find_periods
from retriever.question import LONGEST_QUESTION, read_question


@pytest.mark.parametrize(
    ("question", "periods"),
    [
        ("What was required in 2022?", [(2022,)]),
        ("What changed between 2020 and 2022?", [(2020,), (2021,), (2022,)]),
        ("2020–2022", [(2020,), (2021,), (2022,)]),
        ("in 2018 and 2022", [(2018,), (2022,)]),
        ("the 2022/23 school year", [(2022, 2023)]),
        ("for 2024-25 pay", [(2024, 2025)]),
        ("2021年对学校提出了哪些要求？", [(2021,)]),
        ("2018年至2020年", [(2018,), (2019,), (2020,)]),
        ("教基厅〔2021〕3号 and No. 12 [2021]", []),
        ("3,600 yuan and 2.2022 and 120223", []),
        ("from 1949 to 2022", [tuple(range(1949, 2023))]),
    ],
)
def test_periods(question: str, periods: list[tuple[int, ...]]) -> None:
    assert list(find_periods(question)) == periods


def test_years_are_no_content_terms() -> None:
    query = read_question("What was required about charters in 2022?")
    assert query.years == (2022,)
    assert query.terms == ("requir", "charter")


def test_a_follow_up_carries_the_topic_and_drops_the_year() -> None:
    history = ["What was required about school charters in 2018?"]
    query = read_question("And in 2022?", history)
    assert query.years == (2022,)
    assert {"school", "charter"} <= set(query.terms)
    assert "2018" not in query.text


def test_a_question_that_stands_alone_carries_nothing() -> None:
    query = read_question("How much is the rural teacher bursary in 2024?", ["What about meals in 2018?"])
    assert "meal" not in query.text
    assert query.years == (2024,)


def test_all_that_is_understood_of_a_question() -> None:
    query = read_question(
        "According to the 2019 policy HB 2417 of Sichuan, what had schools to do by 2030 and in 2022/23?",
        issuers=["Sichuan Provincial Department of Education", "Baitao County Education Bureau"],
        today=datetime.date(2026, 11, 23),
    )
    assert query.issue_years == (2019,)
    assert query.spoken_years == (2022, 2023, 2030)
    assert query.school_years == (2022,)
    assert query.years == query.named_years == (2019, 2022, 2023, 2030)
    assert query.periods == ((2019,),)
    assert query.numbers == ("hb2417",)
    assert query.issuers == ("Sichuan Provincial Department of Education",)
    assert "2030" not in query.terms


def test_the_day_may_be_given() -> None:
    assert read_question("What was required last year?", today=datetime.date(2022, 2, 1)).years == (2021,)
    assert read_question("What was required last year?").years == (datetime.date.today().year - 1,)


def test_a_question_asked_of_one_of_its_periods_holds_no_other_year() -> None:
    query = read_question(
        "What did the 2019 policy and the 2021 policy say of 2022/23, and from 1 September 2025?",
        today=datetime.date(2026, 11, 23),
    )
    assert (query.issue_years, query.school_years, query.effect_years) == ((2019, 2021), (2022,), (2022, 2023, 2025))
    narrow = query.narrow((2021,))
    assert narrow.years == narrow.named_years == narrow.issue_years == (2021,)
    assert narrow.periods == ((2021,),)
    assert narrow.spoken_years == narrow.effect_years == narrow.school_years == ()
    assert query.narrow((2022, 2023)).school_years == (2022,)
    assert (narrow.asked, narrow.text, narrow.terms) == (query.asked, query.text, query.terms)
    assert (query.narrow(()).years, query.narrow(()).periods) == ((), ())


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What was required before 1950?", ["the years before 1950"]),
        ("the rules until 2015", ["the years until 2015"]),
        ("What was required since 2019?", ["2019–2026"]),
        ("since 2030", ["2030"]),
        ("between 1900 and 2025", ["1900–2025"]),
        ("in 2018 and 2022", ["2018", "2022"]),
        ("What must be reached by 2030 and 2035?", ["2030, 2035"]),
        ("in 2022/23", ["2022/23"]),
        ("in the 1999/2000 school year", ["1999/2000"]),
        ("去年有哪些要求？", ["2025年"]),
        ("“十四五”期间有哪些要求？", ["2021–2025年"]),
        ("1950年以前的规定", ["1950年以前"]),
        ("2015年及以前的文件", ["2015年及以前"]),
        ("2022-2023学年有哪些要求？", ["2022–2023学年"]),
        ("到2030年和2035年各要建成多少所？", ["2030年、2035年"]),
        ("要求是什么？", []),
    ],
)
def test_a_period_is_named_as_a_person_would(question: str, names: list[str]) -> None:
    query = read_question(question, today=datetime.date(2026, 11, 23))
    assert [query.name_period(period) for period in query.periods] == names


def test_without_a_conversation_nothing_is_carried() -> None:
    query = read_question("And in 2022?")
    assert (query.text, query.carried) == ("And in 2022?", ())


@pytest.mark.parametrize(
    "piece", ["2021, 2021年的", "2021-《", "教育部〔2021〕", "since ", "and 2021 policy ", "呢", "A-1", "No. 1 ", "it "]
)
def test_the_longest_question_is_read_in_a_moment(piece: str) -> None:
    question = (piece * LONGEST_QUESTION)[:LONGEST_QUESTION]
    read_question("教育")  # the segmenter reads its dictionary at its first text
    started = time.perf_counter()
    read_question(question, [question] * 5, issuers=["教育部", "Sichuan Provincial Department of Education"])
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize("question", ["", "  \n", "???", "x" * 2001])
def test_no_question(question: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_question(question)
    assert caught.value.help


@settings(deadline=None)
@given(st.text(max_size=200), st.lists(st.text(max_size=50), max_size=3))
def test_any_question_is_understood_or_refused(question: str, history: list[str]) -> None:
    try:
        query = read_question(question, history)
    except UsageError:
        assert not any(character.isalnum() for character in question)
    else:
        assert {year for period in query.periods for year in period} <= set(query.years)
        assert list(query.years) == sorted(set(query.years))
        for period in (query.years, *query.periods):
            narrow = query.narrow(period)
            assert narrow.years == period
            for years in (narrow.issue_years, narrow.spoken_years, narrow.named_years, narrow.school_years):
                assert set(years) <= set(period)
            assert narrow.name_period(period) == query.name_period(period)
            assert bool(query.name_period(period)) == bool(period)
        if not history:
            assert query == read_question(question)
