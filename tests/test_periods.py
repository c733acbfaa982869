"""retriever.periods: the years of a question, in groups, and what each is to the notices."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retriever.periods import EARLIEST_YEAR, find_periods, read_times

TODAY = datetime.date(2026, 11, 23)


def _run(first: int, last: int) -> tuple[int, ...]:
    return tuple(range(first, last + 1))


@pytest.mark.parametrize(
    ("question", "periods"),
    [
        ("the rules from 2019 to 2021", [(2019,), (2020,), (2021,)]),
        ("2020–22", [(2020,), (2021,), (2022,)]),
        ("从2019年到2021年", [(2019,), (2020,), (2021,)]),
        ("2020年和2022年分别是多少？", [(2020,), (2022,)]),
        ("in 2020, 2021 and 2022", [(2020,), (2021,), (2022,)]),
        ("What has applied since 2019?", [_run(2019, 2026)]),
        ("2019年以来", [_run(2019, 2026)]),
        ("自2019年起", [_run(2019, 2026)]),
        ("2019年至今", [_run(2019, 2026)]),
        ("from 2019 to the present", [_run(2019, 2026)]),
        ("2019 onwards", [_run(2019, 2026)]),
        ("rules issued after 2019", [_run(2020, 2026)]),
        ("the rules before 2015", [_run(EARLIEST_YEAR, 2014)]),
        ("between 1900 and 2025", [_run(1900, 2025)]),
        ("从2005年到2025年", [_run(2005, 2025)]),
        ("from 2010 to 2021", [(year,) for year in range(2010, 2022)]),
        ("in 2022, of the programme from 2005 to 2025", [(2022,)]),
        ("the rules after 2019 and before 2023", [_run(2020, 2022)]),
        ("2019年以后、2023年以前的规定", [_run(2019, 2022)]),
        ("since 2019 and until 2022", [_run(2019, 2022)]),
        ("the rules before 2015 and after 2023", [_run(EARLIEST_YEAR, 2014), _run(2024, 2026)]),
        ("the rules until 2015", [_run(EARLIEST_YEAR, 2015)]),
        ("2015年以前的文件", [_run(EARLIEST_YEAR, 2014)]),
        ("2015年及以前的文件", [_run(EARLIEST_YEAR, 2015)]),
        ("last year", [(2025,)]),
        ("this year and the year before last", [(2024,), (2026,)]),
        ("去年、今年和前年", [(2024,), (2025,), (2026,)]),
        ("in the last three years", [_run(2024, 2026)]),
        ("近三年", [_run(2024, 2026)]),
        ("the 2022/23 academic year", [(2022, 2023)]),
        ("for 2022-23", [(2022, 2023)]),
        ("the 2022 to 2023 school year", [(2022, 2023)]),
        ("a place starting in 2023 to 2024", [(2023, 2024)]),
        ("2022-2023学年", [(2022, 2023)]),
        ("2022—2023学年度", [(2022, 2023)]),
        ("2024学年第一学期", [(2024, 2025)]),
        ("this school year", [(2026, 2027)]),
        ("“十四五”规划", [_run(2021, 2025)]),
        ("十三五时期", [_run(2016, 2020)]),
        ("十二五和十五五", [_run(2011, 2015), _run(2026, 2030)]),
        ("the 14th Five-Year Plan", [_run(2021, 2025)]),
        ("the fourteenth five-year plan", [_run(2021, 2025)]),
        ("“十四五”期间，2022年投入多少？", [(2022,)]),
        ("２０２１年", [(2021,)]),
        ("二〇二一年", [(2021,)]),
        ("二零二一年和二○二二年", [(2021,), (2022,)]),
        ("on 1 September 2025", [(2025,)]),
        ("September 1st, 2025", [(2025,)]),
        ("2025-09-01", [(2025,)]),
        ("2025年9月1日", [(2025,)]),
        ("2022年秋季学期", [(2022,)]),
        ("the 2010s", [_run(2010, 2019)]),
    ],
)
def test_periods(question: str, periods: list[tuple[int, ...]]) -> None:
    assert list(find_periods(question, TODAY)) == periods


@pytest.mark.parametrize(
    "question",
    [
        "教基厅〔2021〕3号",
        "根据云政办发﹝2016﹞40号文件",
        "Notice No. 15 of 2021",
        "EN-2022-031",
        "House Bill 2021",
        "How many schools have 2025 pupils?",
        "2025名学生",
        "US$2022 and £2021 and 2000元",
        "3,600 yuan, 2.2021 and 12021",
        "十四个五年级班",
        "以前年度 and 前年级",
        "room 2019",
    ],
)
def test_what_is_no_year(question: str) -> None:
    assert read_times(question, TODAY).years == ()


@pytest.mark.parametrize(
    ("question", "issued"),
    [
        ("What does the 2019 policy allow?", (2019,)),
        ("How many visits did the 2019 Baitao enrolment policy allow?", (2019,)),
        ("the fee in the 2022 version of the handbook", (2022,)),
        ("according to the pensions page of 2021", (2021,)),
        ("Which rules were issued in 2020?", (2020,)),
        ("the notice of 20 March 2018", (2018,)),
        ("Compare the 2022 and the 2023 circulars.", (2022, 2023)),
        ("2016年省政府办公厅的意见提出了什么？", (2016,)),
        ("2020年教育部印发的办法", (2020,)),
        ("2021年省教育厅关于课后服务的通知", (2021,)),
        ("《云岚省学前教育条例》（2024年）", (2024,)),
        ("去年的通知", (2025,)),
        ("2018年的通知与2022年的通知有什么不同？", (2018, 2022)),
        ("In 2021 schools must follow what policy?", ()),
        ("How many certificates were issued in 2020 under the policy?", ()),
        ("2021年学校应当执行哪些规定？", ()),
        ("the 2021 meeting on education policy", ()),
        ("2015年以前的规定", ()),
    ],
)
def test_the_year_of_the_notice_itself(question: str, issued: tuple[int, ...]) -> None:
    assert read_times(question, TODAY).issue_years == issued


@pytest.mark.parametrize(
    ("question", "spoken"),
    [
        ("What must schools reach by 2030?", (2030,)),
        ("到2019年和2022年要建成多少所？", (2019, 2022)),
        ("What fee applies from 1 March 2025?", (2025,)),
        ("grants for courses starting in January 2025", (2025,)),
        ("places on January 2025 courses", (2025,)),
        ("2025年9月1日起的标准", (2025,)),
        ("2020年底前要完成什么？", (2020,)),
        ("What was required in 2021?", ()),
    ],
)
def test_a_year_that_a_notice_speaks_of(question: str, spoken: tuple[int, ...]) -> None:
    times = read_times(question, TODAY)
    assert (times.spoken_years, times.issue_years) == (spoken, ())


def test_targets_are_the_content_of_the_notice_that_is_asked_for() -> None:
    times = read_times("2016年省政府办公厅的意见提出，到2019年和2022年各要建成多少所？", TODAY)
    assert times.years == (2016, 2019, 2022)
    assert times.periods == ((2016,),)
    assert read_times("到2019年和2022年各要建成多少所？", TODAY).periods == ((2019, 2022),)


def test_a_year_that_a_notice_of_another_year_reports() -> None:
    times = read_times("According to the bulletin of 2021, how many schools were there in 2020?", TODAY)
    assert (times.periods, times.issue_years, times.spoken_years) == (((2021,),), (2021,), (2020,))


def test_years_that_stand_in_the_words() -> None:
    assert read_times("since 2019", TODAY).named_years == (2019,)
    assert read_times("the rules before 2015", TODAY).named_years == ()
    assert read_times("“十四五”规划", TODAY).named_years == (2021, 2025)
    assert read_times("2022/23", TODAY).school_years == (2022,)


def test_the_day_decides_what_last_year_is() -> None:
    assert find_periods("去年", datetime.date(2020, 1, 1)) == ((2019,),)
    assert find_periods("this academic year", datetime.date(2026, 3, 1)) == ((2025, 2026),)
    assert find_periods("since 2019", datetime.date(2019, 5, 1)) == ((2019,),)
    assert find_periods("since 2031", TODAY) == ((2031,),)


_PIECES = st.lists(
    st.sampled_from(
        [
            "2019",
            "2021年",
            "2022/23",
            "–",
            "-",
            " to ",
            " and ",
            " since ",
            " before ",
            " by ",
            " from ",
            " in ",
            "年",
            "以来",
            "到",
            "、",
            "“十四五”",
            "去年",
            " last year",
            " the ",
            " policy",
            " notice of ",
            "的通知",
            "号",
            "〔2021〕",
            "，",
        ]
    ),
    max_size=25,
).map("".join)


@settings(deadline=None)
@given(st.text(max_size=120) | _PIECES)
def test_the_groups_agree(text: str) -> None:
    times = read_times(text, TODAY)
    assert list(times.years) == sorted(set(times.years))
    assert times.periods == tuple(sorted(set(times.periods)))
    assert bool(times.years) == bool(times.periods)
    for group in (*times.periods, times.issue_years, times.spoken_years, times.school_years, times.named_years):
        assert set(group) <= set(times.years)
        assert list(group) == sorted(set(group))
    assert all(EARLIEST_YEAR <= year < 2101 for year in times.years)
    places = [place for mention in times.mentions for place in (mention.start, mention.end)]
    assert all(0 <= place <= len(text) for place in places)
