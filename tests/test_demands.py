"""retriever.demands: which questions ask for requirements and nothing else, of which strength, and of whom."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.types import Strength
from retriever.demands import read_demand
from retriever.question import read_question

_MUST = {Strength.must, Strength.must_not}
_SHOULD = _MUST | {Strength.should}
_MAY, _MUST_NOT = {Strength.may}, {Strength.must_not}


@pytest.mark.parametrize(
    ("question", "strengths", "bound"),
    [
        ("What was required of schools in 2022?", _MUST, "schools"),
        ("What was required in 2022?", _MUST, ""),
        ("In 2022, what did the notices require every school to do?", _MUST, "schools"),
        ("What must schools not do in 2024?", _MUST_NOT, "schools"),
        ("What mustn't teachers do?", _MUST_NOT, "teachers"),
        ("What must not be done by a teacher in 2023?", _MUST_NOT, "teachers"),
        ("What were schools prohibited from doing in the school year 2022/23?", _MUST_NOT, "schools"),
        ("What is not permitted in 2023?", _MUST_NOT, ""),
        ("What may schools do in 2022?", _MAY, "schools"),
        ("What were schools allowed to do in 2019?", _MAY, "schools"),
        ("What should primary schools do in 2021?", _SHOULD, "primary schools"),
        ("List the obligations of universities for 2023", _MUST, "universities"),
        ("Which requirements applied to schools and teachers between 2019 and 2021?", _MUST, "schools and teachers"),
        ("Tell me what schools must do in 2022.", _MUST, "schools"),
        ("2021年对学校提出了哪些要求？", _MUST, "学校"),
        ("2022年有哪些要求？", _MUST, ""),
        ("学校在2022年不得做什么？", _MUST_NOT, "学校"),
        ("2022年禁止学校做什么？", _MUST_NOT, "学校"),
        ("教师在2023年可以做什么？", _MAY, "教师"),
        ("教师应该做什么？", _SHOULD, "教师"),
        ("请列出2023年对中小学校和教师的全部要求", _MUST, "中小学校和教师"),
        ("2022年的文件要求民办学校做什么？", _MUST, "民办学校"),
    ],
)
def test_what_is_asked_for(question: str, strengths: set[Strength], bound: str) -> None:
    demand = read_demand(read_question(question))
    assert demand is not None
    assert (set(demand.strengths), demand.bound, demand.is_known) == (strengths, bound, True)


@pytest.mark.parametrize(
    "question",
    [
        "What were the requirements for bursaries in 2022?",
        "What must teachers do about lunch in 2022?",
        "What is required?",
        "有哪些要求？",
        "Which schools must close in 2022?",
        "How many requirements were there in 2022?",
        # What need not be done is no requirement.
        "What are schools not required to do in 2022?",
        "What was not prohibited in 2022?",
        "2022年学校不必做什么？",
        # What schools require of others.
        "What did schools require in 2022?",
        "What did the bureau require of teachers in 2022?",
        "2022年学校提出了哪些要求？",
        "2022年学校要求学生做什么？",
        # A day by which something is due is no year that it is about.
        "What must schools do by 2025?",
        "What must schools do in May 2022?",
        "What does No. 9 [2022] require of schools?",
    ],
)
def test_what_asks_for_something_else(question: str) -> None:
    assert read_demand(read_question(question)) is None


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("What must the superintendent do in 2022?", "superintendent"),
        ("What was required about school charters in 2022?", "about school charters"),
        ("What must schools publish in 2022?", "schools publish"),
        ("2021年对校园安全提出了哪些要求？", "校园安全"),
    ],
)
def test_whether_an_unknown_name_is_a_party_is_left_to_the_notices(question: str, named: str) -> None:
    demand = read_demand(read_question(question))
    assert demand is not None
    assert (demand.bound, demand.is_known) == (named, False)


def test_a_later_question_takes_the_year_of_its_own_and_the_filter_counts_as_one() -> None:
    query = read_question("And in 2023?", ["What was required of schools in 2022?"])
    demand = read_demand(query)
    assert query.years == (2023,)
    assert demand is not None
    assert demand.bound == "schools"
    assert read_demand(read_question("What is required?", only_years=[2022])) is not None


@given(st.text(max_size=80).filter(lambda text: any(character.isalnum() for character in text)))
def test_any_question_is_read(question: str) -> None:
    demand = read_demand(read_question(question))
    assert demand is None or demand.strengths
