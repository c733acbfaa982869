"""ingest.metadata: sources.csv wins, then the file, the text, the path; dates of issue that differ are told."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.types import NoticeCard, Origin, Provenance
from ingest.dates import is_date
from ingest.metadata import describe, find_year
from ingest.readers import Reading

_NOTICE = (
    "Notice on Meals\n\nDongmu City Education Bureau\n\nDongmu Education Notice No. 7 [2022]\n\n"
    "Date of issue: 16 March 2022. In force from 1 September 2022.\n\nSchools must serve meals."
)
_CHINESE = (
    "云岚省教育厅关于做好供餐工作的通知\n\n云教发〔2021〕9号\n\n各市教育局：\n\n"
    "学校应当供餐。自2022年1月1日起施行。\n\n2021年11月9日"
)


_NAMES = (
    "title",
    "page_title",
    "issuer",
    "author",
    "site",
    "number",
    "issued_on",
    "published_on",
    "meeting_on",
    "language",
)
_VALUES = ("title", "issuer", "number", "issued_on", "meeting_on", "in_force_on", "repealed_on", "year")


def _describe(
    text: str, properties: Mapping[str, str] | None = None, row: Mapping[str, str] | None = None, path: str = "a.txt"
) -> NoticeCard:
    return describe(path, "id", Reading(text, properties=properties or {}), row or {})[0]


def _warn(
    text: str, properties: Mapping[str, str] | None = None, row: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    return describe("a.txt", "id", Reading(text, properties=properties or {}), row or {})[1]


def test_an_english_notice_describes_itself() -> None:
    card = _describe(_NOTICE)
    assert (card.title, card.issuer) == ("Notice on Meals", "Dongmu City Education Bureau")
    assert card.number == "Dongmu Education Notice No. 7 [2022]"
    assert (card.issued_on, card.in_force_on, card.year, card.language) == ("2022-03-16", "2022-09-01", 2022, "en")


def test_a_chinese_notice_describes_itself() -> None:
    card = _describe(_CHINESE)
    assert (card.issuer, card.number) == ("云岚省教育厅", "云教发〔2021〕9号")
    assert (card.issued_on, card.in_force_on, card.year, card.language) == ("2021-11-09", "2022-01-01", 2021, "zh")


def test_sources_win_over_the_file_and_the_file_over_the_text() -> None:
    properties = {"title": "From the file", "issuer": "File"}
    card = _describe(_NOTICE, properties, {"title": "From sources", "issuer": "", "issued_on": "2019"})
    assert (card.title, card.issuer, card.issued_on, card.year) == ("From sources", "File", "2019", 2019)
    assert card.provenance == Provenance(
        title=Origin.sources,
        issuer=Origin.file,
        number=Origin.text,
        issued_on=Origin.sources,
        in_force_on=Origin.text,
        year=Origin.sources,
    )


def test_the_days_in_sources_win_too() -> None:
    row = {"meeting_on": "2022-03-01", "in_force_on": "2022-10", "repealed_on": "2030"}
    card = _describe(_NOTICE, None, row)
    assert (card.meeting_on, card.in_force_on, card.repealed_on) == ("2022-03-01", "2022-10", "2030")


@pytest.mark.parametrize(
    ("path", "text", "year", "origin"),
    [
        ("2019/a.txt", "On meals\n\nIssued on 5 May 2021.", 2021, "text"),
        ("2019/a.txt", "On meals\n\nMeals Notice No. 4 [2020]\n\n2018, 2018, 2018", 2020, "text"),
        ("a.txt", "Minutes of the board\n\n14 June 2022\n\nThe last was held in 2020, 2020.", 2022, "text"),
        ("2019/a.txt", "On meals in 2018\n\nSchools must serve.", 2019, "path"),
        ("meals 2021-03-05.txt", "On meals\n\nSchools must serve.", 2021, "path"),
        ("a.txt", "Meals in 2018\n\nSchools say 2030 and 2030.", 2018, "text"),
        ("a.txt", "It summed up 2022 and deployed the tasks of 2023. The year 2023 is crucial. " * 9, 2023, "text"),
        ("a.txt", "word " * 300 + "2020", None, ""),
    ],
)
def test_the_year_of_issue_beats_years_merely_named(path: str, text: str, year: int | None, origin: str) -> None:
    card = _describe(text, path=path)
    assert (card.year, card.provenance.year) == (year, Origin(origin))


def test_a_report_without_a_date_belongs_to_the_year_that_it_names_most() -> None:
    assert find_year("It summed up 2022 and deployed the tasks of 2023. The year 2023 is crucial." * 9) == 2023
    assert find_year("word " * 300 + "2020") is None


def test_the_one_date_of_minutes_is_that_of_the_meeting() -> None:
    card = _describe("Dongmu School Board\n\nMinutes of the Finance Panel\n\n14 June 2022\n\nAll were present.")
    assert (card.issued_on, card.meeting_on) == ("", "2022-06-14")


@pytest.mark.parametrize(
    "junk", ["Microsoft Word - x.doc", "Untitled", "首页", "Department for Education", "5 May 2021"]
)
def test_a_title_of_a_file_that_is_none_gives_way(junk: str) -> None:
    assert _describe(_NOTICE, {"title": junk}).title == "Notice on Meals"
    assert _describe(_NOTICE, {"title": junk, "page_title": "Meals at school - GOV.UK"}).title == "Meals at school"


def test_an_author_counts_before_the_text_and_a_site_behind_it() -> None:
    assert _describe(_NOTICE, {"author": "Ministry of Meals"}).issuer == "Ministry of Meals"
    assert _describe(_NOTICE, {"author": "Jane Smith"}).issuer == "Dongmu City Education Bureau"
    assert _describe(_NOTICE, {"site": "Ministry of Meals"}).issuer == "Dongmu City Education Bureau"
    assert _describe("Meals\n\nServe them.", {"site": "Ministry of Meals"}).issuer == "Ministry of Meals"


def test_a_clock_that_was_never_set_is_ignored_and_told() -> None:
    text = (
        "Inspections\n\nIssued on 5 March 2021, in force from 1 September 2021 until 31 August 2024. Scanned in 2023."
    )
    card, warnings = describe("a.md", "id", Reading(text, properties={"issued_on": "1970-01-01"}), {})
    assert (card.issued_on, card.year, card.provenance.issued_on) == ("2021-03-05", 2021, Origin.text)
    assert len(warnings) == 1
    assert "1970-01-01" in warnings[0] and "2021-03-05" in warnings[0]


def test_claims_of_the_date_of_issue_that_disagree_are_told() -> None:
    text = "On meals\n\nIssued on 5 March 2021."
    (warning,) = _warn(text, {"issued_on": "2019-01-01"})
    assert "2019-01-01 was taken" in warning and "2021-03-05" in warning
    assert len(_warn(text, {"published_on": "2015-01-01"})) == 1
    assert len(_warn(text, None, {"issued_on": "2019"})) == 1
    assert len(_warn("On meals\n\nIssued on 5 March 2021.\n\nDate of issue: 4 June 2019.")) == 1


@pytest.mark.parametrize(
    ("text", "properties", "row"),
    [
        ("Meeting on meals\n\nThe meeting was held on 5 March 2021.", {}, {"issued_on": "2022-01-04"}),
        ("On meals\n\nIssued on 5 March 2021.", {"published_on": "2024-05-01"}, {}),
        ("On meals\n\nIssued on 5 March 2021.", {"issued_on": "2021-03-09"}, {}),
        ("On meals\n\nIssued on 5 March 2021.", {"issued_on": "2021"}, {}),
        ("Policy\n\nAdopted: 12 January 2010. Revised: 3 June 2016.", {}, {"issued_on": "2010-01-12"}),
        ("On meals\n\nPublished 5 March 2019. Last updated 8 May 2021.", {}, {}),
        ("On meals\n\nIssued on 5 March 2021. In force from 1 May 2022.", {}, {}),
    ],
)
def test_no_false_alarms(text: str, properties: dict[str, str], row: dict[str, str]) -> None:
    assert _warn(text, properties, row) == ()


_PIECES = st.sampled_from(
    "Notice|关于|的通知|教育部|令|第4号|〔2021〕|9号|\n\n|\n|\t| |:|：|2021年3月5日|5 May 2021|Issued on "
    "|Adopted: |自|起施行|Department of Meals|File: |© |1999|#|—|《|》|（|）".split("|")
)
_TEXTS = st.one_of(st.text(), st.lists(_PIECES, max_size=30).map("".join))


@given(
    path=_TEXTS,
    text=_TEXTS,
    properties=st.dictionaries(st.sampled_from(_NAMES), _TEXTS),
    row=st.dictionaries(st.sampled_from(_NAMES), _TEXTS),
)
@example(path="", text="", properties={}, row={})
def test_whatever_a_file_says_it_is_described(
    path: str, text: str, properties: dict[str, str], row: dict[str, str]
) -> None:
    card, warnings = describe(path, "id", Reading(text, properties=properties), row)
    assert card.title.strip() and card.title.isprintable()
    for name in ("issued_on", "meeting_on", "in_force_on", "repealed_on"):
        assert getattr(card, name) == "" or is_date(getattr(card, name))
    for name in _VALUES:
        assert bool(getattr(card, name)) == bool(getattr(card.provenance, name))
    assert all("\n" not in warning for warning in warnings)
