"""assistant.counting: what a question wants counted, and whether a sentence counts it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.counting import counts, holds_figure, read_counted


@pytest.mark.parametrize(
    ("question", "sentence", "around", "does"),
    [
        ("How many people attended?", "In all 96 people came.", "", True),
        ("How many people attended?", "120 delegates came.", "", True),
        ("How many people received the grant?", "You may pay tax on earnings over 50,270 yuan.", "", False),
        ("How many students attend the school?", "All pupils take a half-year course in the 9th grade.", "", False),
        ("How many students attend the school?", "The school has 1,204 students.", "", True),
        ("How many schools were there?", "Primary\t4,312", "Kind\tSchools", True),
        ("How many schools were there?", "Primary\t4,312", "Kind\tTeachers", False),
        ("How many days are worked?", "Teachers work 195 days a year.", "", True),
        ("How many days are worked?", "Teachers worked in 2021 without a day off.", "", False),
        ("What percentage of time is spent in school?", "About 40% of the time.", "", True),
        ("What percentage of time is spent in school?", "About 40 hours.", "", False),
        ("全省有多少所学校申报？", "全省共有 47 所中小学校申报。", "", True),
        ("全省有多少所学校申报？", "抽调14名专家组成3个小组。", "", False),
        ("每班人数上限是多少？", "每班不超过45人。", "", True),
        ("每班人数上限是多少？", "第六十三条 合理确定分担比例。", "", False),
        ("最低工资是多少？", "教师最低工资为2500元。", "", True),
        ("行动计划的经费是多少？", "实施三年行动计划。", "", False),
        ("每周安排几次活动？", "每周安排3次以上。", "", True),
    ],
)  # fmt: skip
def test_what_is_counted(question: str, sentence: str, around: str, does: bool) -> None:
    counted = read_counted(question)
    assert counted is not None
    assert counts(counted, sentence, around) is does


@pytest.mark.parametrize("question", ["Who presided?", "How much homework is allowed?", "How many?", "会议由谁主持？"])
def test_no_number_of_things_is_asked(question: str) -> None:
    assert read_counted(question) is None


@pytest.mark.parametrize(
    ("sentence", "does"),
    [
        ("2. Schools must report.", False),
        ("Notice No. 12 [2021] of 3 March 2021 applies.", False),
        ("第三条 学校应当报告。", False),
        ("They have 30 days.", True),
        ("三十天内报告。", True),
        ("Reports are due on March 15.", False),
    ],
)
def test_digits_that_count_nothing(sentence: str, does: bool) -> None:
    assert holds_figure(sentence) is does


@given(st.integers(2, 900), st.sampled_from(["schools", "teachers", "classes", "meetings"]))
def test_a_figure_before_its_noun_counts_it(number: int, noun: str) -> None:
    counted = read_counted(f"How many {noun} were there?")
    assert counted is not None
    assert counts(counted, f"There were {number} {noun}.")


@pytest.mark.parametrize(
    ("question", "sentence", "does"),
    [
        ("What is the maximum tuition fee?", "£9,250 per year for a full-time course", True),
        ("What is the maximum tuition fee?", "The maximum tuition fee for a trainee is:", False),
        ("What was the minimum salary in 2022?", "Figures are for teachers in the 2022/23 academic year.", False),
        ("What pay range do heads have?", "Inner city £65,731 £147,586", True),
        ("How much is the bursary?", "4,800 yuan a year.", True),
        ("要提前几天提出申请？", "It must be asked for seven days before the meeting.", True),
        ("How many schools were there?", "全省共有47所学校。", True),
    ],
)
def test_sums_and_other_languages(question: str, sentence: str, does: bool) -> None:
    counted = read_counted(question)
    assert counted is not None
    assert counts(counted, sentence) is does


@pytest.mark.parametrize(
    ("sentence", "does"),
    [
        ("Students will spend two days in each workshop.", False),
        ("Some 1,204 full-time students attend.", True),
        ("The number of students rose to 1,204.", True),
        ("Students can receive at most 105 points.", False),
        ("No students attend on Fridays.", True),
        ("The school must accept no students from other towns.", False),
    ],
)
def test_a_figure_counts_the_thing_that_it_stands_before(sentence: str, does: bool) -> None:
    counted = read_counted("How many students attend the school?")
    assert counted is not None
    assert counts(counted, sentence) is does


@pytest.mark.parametrize(
    ("question", "sentence", "does"),
    [
        ("How many schools were there?", "各学校应当于9月30日前完成3项工作。", False),
        ("How many schools were there?", "全省共有4312所学校。", True),
        ("How many students were there?", "在校生共120人。", True),
        ("要提前几天提出申请？", "Ask the Superintendent seven days before.", True),
        ("要提前几天提出申请？", "Ask two members before.", False),
        ("共有多少所学校？", "There are 4,312 schools.", True),
        ("共有多少所学校？", "There are 4,312 teachers.", False),
    ],
)
def test_the_unit_has_another_name_in_the_other_language(question: str, sentence: str, does: bool) -> None:
    counted = read_counted(question)
    assert counted is not None
    assert counts(counted, sentence) is does


@pytest.mark.parametrize(
    ("question", "sentence", "does"),
    [
        ("What is the minimum salary of a teacher?", "讲课费不超过900元。", False),
        ("What is the minimum salary of a teacher?", "教师最低工资为2500元。", True),
        ("乡村教师补助是多少？", "The allowance is 4 yuan a day.", True),
        ("乡村教师补助是多少？", "The fine is 400 yuan.", False),
    ],
)
def test_a_sum_is_called_the_same_in_the_other_language(question: str, sentence: str, does: bool) -> None:
    counted = read_counted(question)
    assert counted is not None
    assert counts(counted, sentence) is does


@pytest.mark.parametrize(
    ("question", "sentence", "around", "does"),
    [
        ("How many types of schools are there?", "There are two kinds of schools.", "", False),
        ("How many schools are there?", "There are two kinds of schools.", "", True),
        ("How many times was it published?", "It was published twice.", "", True),
        ("How many pupils were excluded?", "In all 14 were excluded.", "Some pupils broke the rules.", True),
        ("How many teachers were excluded?", "In all 14 were excluded.", "Some pupils broke the rules.", False),
    ],
)
def test_what_a_figure_stands_for(question: str, sentence: str, around: str, does: bool) -> None:
    counted = read_counted(question)
    assert counted is not None
    assert counts(counted, sentence, around) is does
