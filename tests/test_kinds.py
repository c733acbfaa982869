"""cite.kinds: what kind of notice a card describes."""

from __future__ import annotations

import pytest
from hypothesis import given

from cite.kinds import NoticeKind, tell_kind
from core.types import NoticeCard
from tests.cards import CITED, cards

_PAGE = "https://edu.example/meals"


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("School Meals Act 2021", "law"),
        ("School Meals (Amendment) Act", "law"),
        ("The School Meals (Allergens) Regulations 2022", "law"),
        ("School Meals Ordinance (Chapter 12)", "law"),
        ("Public Schools Law", "law"),
        ("Education Code", "law"),
        ("SCHOOL MEALS ACT OF 1998", "law"),
        ("Statutory Instrument on Meals", "law"),
        ("School Meals Order 2023", "law"),
        ("Notice on the School Meals Act", "notice"),
        ("Open meetings and the Public Meetings Law", "notice"),
        ("Dress Code", "notice"),
        ("Staff Code of Ethics", "notice"),
        ("Development of Regulations", "notice"),
        ("Warm Meals in Primary Schools", "notice"),
        ("30 minutes of reading", "notice"),
        ("Report of the Meeting on Meals", "meeting_report"),
        ("Minutes of the Meals Council", "meeting_report"),
        ("Conference on School Meals: Summary", "meeting_report"),
        ("Meals Council Meeting, 5 January 2023", "meeting_report"),
        ("Notice of Meeting", "notice"),
        ("Meeting the needs of hungry pupils", "notice"),
        ("Committees and the Open Meeting Law", "notice"),
        ("Open Meeting Act", "law"),
        ("中华人民共和国供餐法", "law"),
        ("青湖市供餐条例（2019年修正）", "law"),
        ("《青湖市供餐管理办法》", "law"),
        ("供餐管理规定(试行)", "law"),
        ("供餐条例实施细则", "law"),
        ("学校供餐工作规程", "law"),
        ("关于印发《供餐管理办法》的通知", "notice"),
        ("《供餐条例》解读", "notice"),
        ("供餐管理的好做法", "notice"),
        ("中小学书法", "notice"),
        ("学校供餐工作会议纪要", "meeting_report"),
        ("全市供餐工作会议在青湖召开", "meeting_report"),
        ("关于召开供餐工作会议的通知", "notice"),
        ("关于加强供餐工作的意见", "notice"),
        ("", "notice"),
    ],
)
def test_kinds_by_title(title: str, kind: str) -> None:
    assert tell_kind(NoticeCard("id", "a.pdf", title)) == kind


@pytest.mark.parametrize(
    ("title", "url", "number", "kind"),
    [
        ("How to apply for meals", _PAGE, "", "guidance"),
        ("Meals: guidance for schools", _PAGE, "", "guidance"),
        ("Meals if you’re a parent", _PAGE, "", "guidance"),
        ("供餐补贴申请指南", _PAGE, "", "guidance"),
        ("Meal rates", "https://edu.example/guidance/meals", "", "guidance"),
        ("Meal rates", _PAGE, "", "notice"),
        ("How to apply for meals", "", "", "notice"),
        ("How to apply for meals", _PAGE, "No. 7", "notice"),
        ("A guide to the School Meals Act", _PAGE, "", "guidance"),
    ],
)
def test_guidance_is_a_page_without_a_number(title: str, url: str, number: str, kind: str) -> None:
    assert tell_kind(NoticeCard("id", "a.html", title, number=number, url=url)) == kind


def test_a_decree_is_a_law_and_a_day_of_meeting_makes_a_report() -> None:
    assert tell_kind(NoticeCard("id", "a.pdf", "供餐若干问题", number="青湖市人民政府令第18号")) is NoticeKind.law
    assert tell_kind(NoticeCard("id", "a.pdf", "On Meals", number="S.I. 2021/14")) is NoticeKind.law
    assert tell_kind(NoticeCard("id", "a.pdf", "On Meals", meeting_on="2023-01-05")) is NoticeKind.meeting_report
    assert tell_kind(NoticeCard("id", "a.pdf", "The School Meals Law", number="Policy BE")) is NoticeKind.notice
    calling = NoticeCard("id", "a.pdf", "关于召开供餐研讨会的通知", meeting_on="2023-01-05")
    assert tell_kind(calling) is NoticeKind.notice


@pytest.mark.parametrize("name", [name for name in CITED if not name.startswith("bare")])
def test_the_cards_of_the_golden_citations_are_what_they_are_called(name: str) -> None:
    assert tell_kind(CITED[name][0]).value.split("_")[0] == name.split("_", maxsplit=1)[0]


@given(cards)
def test_any_card_has_a_kind(card: NoticeCard) -> None:
    assert tell_kind(card) in NoticeKind
