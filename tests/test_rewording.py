"""assistant.rewording and joining: what may be said in other words, and what only looks like it."""

from __future__ import annotations

import pytest

from assistant.joining import is_row_said, join_lists, resolve_pronoun
from assistant.rewording import read_about, reword_claim
from assistant.support import find_unsupported

_MEETING = "Meeting on special education Yunlan Provincial Department of Education  2024-10-18"
_WRONG = [
    ("The meeting was held in Beijing.", ["The national meeting on special education was held in Beijing."], _MEETING),
    (
        "The 2023 meeting on special education was held in Beijing.",
        ["The meeting on special education was held in Beijing."],
        _MEETING,
    ),
    (
        "Within 15 days, a teacher who has been refused may ask.",
        ["A teacher who has been refused within 15 days may ask."],
        _MEETING,
    ),
    (
        "In May, schools must publish the list of pupils absent.",
        ["Schools must publish the list of pupils absent in May."],
        _MEETING,
    ),
    (
        "On 3 May 2024, schools must publish the list of pupils absent.",
        ["Schools must publish the list of pupils absent on 3 May 2024."],
        _MEETING,
    ),
    (
        "Before 1 May, a teacher may ask for a review of a decision taken.",
        ["A teacher may ask for a review of a decision taken before 1 May."],
        _MEETING,
    ),
    ("李四主持。", ["会议不由教育厅厅长李四主持。"], _MEETING),
    ("共40人参加会议。", ["各校代表112人、其中教师共40人参加会议。"], _MEETING),
    ("She is president of the college.", ["Ms Su thanked the host.", "He is president of the college."], _MEETING),
    ("Ms Su is president.", ["Ms Su thanked the host.", "She is president."], _MEETING),
    ("The report must be published.", ["Schools must keep a list, and bureaus must not publish the report."], _MEETING),
    ("人数为12。", ["项目\t人数（万人）", "人数\t12"], _MEETING),
    ("小学人数为12人。", ["学段\t人数（万人）", "小学\t12"], _MEETING),
    ("Linque has 480 places.", ["County\tPlaces\tSchools", "Linque\t520\t480"], _MEETING),
    ("小学新标准为1000元/生·年。", ["学段\t原标准（元/生·年）\t新标准（元/生·年）", "小学\t1000\t1250"], _MEETING),
    (
        "A pupil must meet low income.",
        ["A pupil must meet one of the following conditions:", "(1) low income;"],
        _MEETING,
    ),
    ("学校应当报告。", ["学校应当有下列情形之一：", "（一）报告。"], _MEETING),
    ("In 2024, the allowance was 2.5 yuan.", ["The allowance was 2.5 yuan."], _MEETING),
    ("In 2024, Ms Su attended the meeting of 2020.", ["Ms Su attended."], _MEETING),
    ("Ms Su attended the conference in Paris.", ["Ms Su attended."], _MEETING),
    ("Parents have to apply.", ["Parents do not have to apply."], _MEETING),
    ("Parents must not apply.", ["Parents do not have to apply."], _MEETING),
    ("Parents need not apply.", ["Parents must not apply."], _MEETING),
    ("Schools are required to close.", ["Schools may have to close."], _MEETING),
    ("No school is required to keep a list.", ["No school must keep a list."], _MEETING),
    ("Schools must keep a list for every month.", ["Schools must keep a list for a month."], _MEETING),
    ("学校必须收费。", ["学校响应收费。"], _MEETING),
    ("学校应当急救。", ["学校应急救。"], _MEETING),
    ("学校不得少于3人。", ["学校不超过3人。"], _MEETING),
    ("学校对学生收费。", ["学校不得公示，对学生收费。"], _MEETING),
    ("学校年龄不超过12岁。", ["学校应当组织学生体检，年龄不超过12岁。"], _MEETING),
    ("初中每生每年1250元。", ["补助标准调整为：小学每生每年1250元，初中每生每年1500元。"], "调整补助标准的通知"),
    (
        "初中补助标准为每生每年1250元。",
        ["补助标准调整为：小学每生每年1250元，初中每生每年1500元。"],
        "调整补助标准的通知",
    ),
    ("补助标准为每生每年1250元。", ["补助标准调整为：小学每生每年1250元，初中每生每年1500元。"], "调整补助标准的通知"),
    ("《关于学校的通知》自2024年1月1日起废止。", ["本通知自2024年1月1日起废止。"], "关于幼儿园的通知"),
    ("All schools must report.", ["Every school in Linque County must report."], _MEETING),
    ("Schools must report.", ["Every school that has a pool must report."], _MEETING),
    ("Parents need to be asked.", ["Parents must not be asked."], _MEETING),
    ("The notice requires that schools may close.", ["Schools may close."], _MEETING),
    ("The board must be paid by May.", ["The fee is set by the board.", "It must be paid by May."], _MEETING),
    (
        "The charter must decide within 60 days.",
        ["The charter is approved by the bureau.", "It must decide within 60 days."],
        _MEETING,
    ),
    ("Gu Mingzhe presided over the meeting.", ["Gu Mingzhe did not preside."], _MEETING),
    ("Two schools did not report.", ["Two schools reported: A School, B School."], _MEETING),
    ("A School and B School made speeches.", ["Two institutions made no speeches: A School, B School."], _MEETING),
    (
        "Ms Su noted that schools had closed.",
        ["Ms Su noted that no schools had opened, and that schools had not closed."],
        _MEETING,
    ),
    (
        "The allowance is 4 yuan a school day.",
        ["The meal allowance is 4 yuan a school day."],
        "Notice on the transport allowance",
    ),
    ("2023年整改完成率为95.0%。", ["项目\t2021年\t2022年", "整改完成率\t91.2%\t95.0%"], _MEETING),
    ("县教育局负责审批2023年。", ["项目\t责任单位", "审批2023年\t县教育局"], _MEETING),
]


@pytest.mark.parametrize(("claim", "quotes", "about"), _WRONG)
def test_what_only_looks_like_it_is_refused(claim: str, quotes: list[str], about: str) -> None:
    assert find_unsupported(claim, quotes, about=about, touching=len(quotes) > 1) is not None


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        (
            "The 2024 meeting on special education was chaired by Gu Mingzhe.",
            "Gu Mingzhe, head of the Office, presided.",
        ),
        ("In 2024, Gu Mingzhe presided.", "Gu Mingzhe, head of the Office, presided."),
        ("Schools are required to report every month.", "Every school must report each month."),
        ("In May, schools must publish the list.", "Schools must publish the list in May."),
        ("The list must be published in May.", "Schools must publish the list in May."),
        ("学校须至少保存3年。", "学校应当保存不得少于3年。"),
        ("如果人数超过计划，必须摇号。", "人数超过计划的，必须摇号。"),
    ],
)
def test_the_same_in_other_words_is_let_through(claim: str, quote: str) -> None:
    assert find_unsupported(claim, [quote], about=_MEETING) is None


def test_the_year_of_a_notice_is_known_only_where_it_is_sure() -> None:
    assert read_about(_MEETING).year == "2024"
    assert read_about("Meeting on schools 2024-01-09").year == ""
    assert read_about("Four requirements for 2019 2018-11-12").year == ""


def test_a_claim_is_one_of_its_own_ways() -> None:
    assert reword_claim("Schools must report.", "")[0] == "Schools must report."


@pytest.mark.parametrize(
    ("before", "quote", "said"),
    [
        ("Ms Su spoke.", "She left early.", "Ms Su left early."),
        ("Ms Su spoke.", "He left early.", ""),
        ("Ms Su thanked the host.", "She left early.", ""),
        ("The fee is 4 yuan a day.", "It must be paid by May.", "The fee must be paid by May."),
        ("The fee is set by the board.", "It must be paid by May.", ""),
    ],
)
def test_a_pronoun_is_resolved_only_where_it_is_safe(before: str, quote: str, said: str) -> None:
    assert resolve_pronoun(before, quote) == said


def test_a_row_is_said_with_its_heads() -> None:
    head, row = "County\tPlaces\tSchools", "Linque\t520\t480"
    assert is_row_said("Linque has 520 places.", head, row)
    assert is_row_said("For Linque there are 480 schools.", head, row)
    assert not is_row_said("Linque has 520 schools.", head, row)
    assert not is_row_said("Linque has 520 places.", row, head)


def test_a_list_says_its_points_without_its_number() -> None:
    head = "A charter must contain at least the following two points:"
    assert "A charter must contain the aims." in join_lists([head, "1. the aims."])
    assert "A pupil must meet low income." not in join_lists(
        ["A pupil must meet one of the following:", "1. low income."]
    )
