"""ingest.claims: which of its dates a notice gives of itself, and in which role."""

from __future__ import annotations

import pytest

from ingest.claims import Claims, find_claims
from ingest.edges import cut_edges


def _claim(text: str) -> Claims:
    return find_claims(text, cut_edges(text))


def _issue(text: str) -> str:
    return next(iter(_claim(text).of_issue), "")


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Notice\n\nIssued on 5 March 2021, printed on 8 March 2021, in force from 1 May 2021.", "2021-03-05"),
        ("Guidance\n\nPublished\n5 March 2019\nLast updated\n8 May 2021\n\nSchools must act.", "2019-03-05"),
        (
            "Policy\n\nFirst reading: 2008-12-16. Second reading: 2009-01-06. Adopted: 2009-07-21.\n\nText.",
            "2009-07-21",
        ),
        ("Policy\n\nFirst reading: 2008-12-16. Second reading: 2009-01-06.\n\nText.", "2009-01-06"),
        ("Policy\n\nAdopted: January 12, 2010\nRevised: June 3, 2016; May 8, 2019\n\nText.", "2019-05-08"),
        ("Meals Act 2021\n\nAn Act to provide meals. [29th April 2021]\n\n1 Meals", "2021-04-29"),
        ("Strong schools\n\nSchools matter.\n\n© Meals Institute 2019", "2019"),
        ("成文日期：2021年03月01日\t发布日期：2021年03月09日\n\n关于供餐的意见", "2021-03-01"),
        (
            "关于供餐的通知\n\n各校：\n\n供餐。\n\n云岚省教育厅\n2021年11月9日\n\n厅办公室 2021年11月12日印发",
            "2021-11-09",
        ),
        (
            "学位条例\n\n1980年2月12日 第五届全国人民代表大会常务委员会第十三次会议通过\n\n2004年8月28日 "
            "第十届全国人民代表大会常务委员会第十一次会议《关于修改<学位条例>的决定》修正\n\n第一条 为了发展。",
            "2004-08-28",
        ),
        ("教师条例\n\n1995年12月12日 中华人民共和国国务院令第188号发布\n\n第一条 为了发展。", "1995-12-12"),
    ],
)
def test_the_date_of_issue(text: str, date: str) -> None:
    assert _issue(text) == date


@pytest.mark.parametrize(
    "text",
    [
        "Notice\n\nIn force from 1 September 2022.",
        "Guidance\n\nThe white paper published on 28 March 2022 sets out more.",
        "Code\n\nTaken from the Association of School Administrators Code of Ethics, adopted March 1, 2007.",
        "Notice\n\nDeadline: 5 March 2021",
        "通知\n\n根据教育部2019年3月5日发布的《学校食品规定》，现通知如下。",
    ],
)
def test_no_date_of_another_thing_is_one_of_issue(text: str) -> None:
    assert _issue(text) == ""


def test_a_signature_before_an_attachment_is_found() -> None:
    body = "学校应当报告。" * 900
    text = f"关于公布名单的通知\n\n{body}\n\n青萝市教育局\n2020年5月6日\n\n附件\n\n" + "第一中学\n" * 900
    assert _issue(text) == "2020-05-06"


def test_a_month_gives_way_to_a_day_in_it() -> None:
    assert (
        _issue("Rules\n\nAdopted by the Board on 25\n\nJanuary 2024\n\nPromulgated on 25 January 2024") == "2024-01-25"
    )


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Minutes of the meeting held on 14 June 2022\n\n1. The minutes were approved.", "2022-06-14"),
        ("News\n\nThe annual conference took place in Qingluo City Hall on 8 November 2018.", "2018-11-08"),
        ("会议召开\n\n2021年4月20日，全省教育工作会议在东沐市召开。", "2021-04-20"),
        ("通知\n\n贯彻2021年4月20日召开的全省教育工作会议精神。", ""),
    ],
)
def test_the_day_of_a_meeting(text: str, date: str) -> None:
    assert next(iter(_claim(text).meeting), "") == date


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("Notice\n\nIn force from 1 September 2021 until 31 August 2024.", "2021-09-01", "2024-08-31"),
        ("Act\n\nThis Act comes into force on 1 September 2021.", "2021-09-01", ""),
        ("条例\n\n" + "学校应当报告。" * 1500 + "\n\n第九条 本条例自2024年1月1日起施行。", "2024-01-01", ""),
        ("通知\n\n本通知自2022年1月1日起施行，有效期至2026年12月31日。", "2022-01-01", "2026-12-31"),
        ("法\n\n本法自2003年9月1日起施行。1997年7月31日国务院颁布的《办学条例》同时废止。", "2003-09-01", ""),
        ("通知\n\n《办学条例》自2003年9月1日起施行。", "", ""),
    ],
)
def test_from_when_and_until_when_a_notice_holds(text: str, start: str, end: str) -> None:
    claims = _claim(text)
    assert (next(iter(claims.in_force), ""), next(iter(claims.repealed), "")) == (start, end)
