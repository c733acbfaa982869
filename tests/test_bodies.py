"""ingest.bodies, ingest.masthead and ingest.issuers: names of bodies, and which of them issued a notice."""

from __future__ import annotations

import pytest

from ingest.bodies import is_body, lead_body, split_bodies
from ingest.edges import cut_edges
from ingest.issuers import find_issuer, find_owner, read_named
from ingest.masthead import Masthead, read_masthead


@pytest.mark.parametrize(
    "name",
    [
        "Department for Education",
        "Department for Education (Get Into Teaching)",
        "MINISTRY OF EDUCATION",
        "Dongmu District School Board",
        "云岚省教育厅",
        "国务院",
        "云岚省人民代表大会常务委员会",
        "教育部办公厅",
        "青萝市教委",
    ],
)
def test_bodies(name: str) -> None:
    assert is_body(name)


@pytest.mark.parametrize(
    "line",
    [
        "SCHOOL COMMITTEE POWERS AND DUTIES",
        "School Committee Bylaws",
        "SUBCOMMITTEES OF THE SCHOOL COMMITTEE",
        "Consultants to the School Committee",
        "TRANSFER FROM ANOTHER DISTRICT",
        "Schools must report.",
        "Notice on the Department",
        "Yunlan Provincial Department of",
        "各市教育局",
        "有关部门",
        "全省教育工作会议",
        "关于成立办公室",
    ],
)
def test_what_is_no_body(line: str) -> None:
    assert not is_body(line)


def test_several_bodies_on_a_line() -> None:
    assert split_bodies("云岚省教育厅　云岚省财政厅") == ["云岚省教育厅", "云岚省财政厅"]
    two = "Yunlan Department of Education Yunlan Department of Finance"
    assert split_bodies(two) == ["Yunlan Department of Education", "Yunlan Department of Finance"]
    assert lead_body("教育部等五部门关于供餐的意见") == "教育部"


@pytest.mark.parametrize(
    ("line", "masthead"),
    [
        (
            "Yunlan Department of Education Yunlan Education Notice No. 3 [2020] 14 February 2020",
            Masthead(("Yunlan Department of Education",), "Yunlan Education Notice No. 3 [2020]", "2020-02-14"),
        ),
        (
            "云岚省教育厅　云教发〔2020〕27号　2020年9月3日",
            Masthead(("云岚省教育厅",), "云教发〔2020〕27号", "2020-09-03"),
        ),
        ("Ministry of Meals (Schools) Page 1", Masthead(("Ministry of Meals (Schools)",))),
        ("Report of the Ministry of Meals, 5 May 2021", Masthead(("Ministry of Meals",), "", "2021-05-05")),
        ("The Ministry of Meals met on 5 May 2021 and found that schools serve too few meals.", None),
    ],
)
def test_mastheads(line: str, masthead: Masthead | None) -> None:
    assert read_masthead(line) == masthead


@pytest.mark.parametrize(
    ("title", "text", "issuer"),
    [
        ("On meals", "On meals\n\nIssued by: Ministry of Meals Number: 4\n\nSchools must act.", "Ministry of Meals"),
        ("Meals", "Meals\n\nFrom:\nDepartment for Education\n\nSchools must act.", "Department for Education"),
        (
            "On meals",
            "On meals\n\nDepartment for Education (Meals). Page as published on 5 May 2021.",
            "Department for Education (Meals)",
        ),
        (
            "关于供餐的通知",
            "关于供餐的通知\n\n各校：\n\n供餐。\n\n云岚省教育厅\n云岚省财政厅\n2021年11月9日",
            "云岚省教育厅、云岚省财政厅",
        ),
        ("云岚省教育厅关于供餐的通知", "云岚省教育厅关于供餐的通知\n\n各市教育局：\n\n供餐。", "云岚省教育厅"),
        (
            "条例",
            "条例\n\n2019年9月27日 云岚省第十三届人民代表大会常务委员会第十四次会议通过\n\n第一条",
            "云岚省人民代表大会常务委员会",
        ),
        ("条例", "条例\n\n1995年12月12日 中华人民共和国国务院令第188号发布\n\n第一条", "国务院"),
        (
            "规程",
            "信息索引：360A 生成日期：2002-07-25 发文机构：中华人民共和国教育\n\n部\n\n规程",
            "中华人民共和国教育部",
        ),
        ("Meals", "Meals\n\nThe Dongmu School Committee agrees to serve meals.", "Dongmu School Committee"),
        ("Meals", "Meals\n\nThe School Committee agrees. Ask the Department of Meals.", ""),
        ("Meals", "Meals\n\nSchools must serve.\n\n© OECD 2019", "OECD"),
        (
            "Meals",
            "Meals\n\nTo: schools; Dongmu Normal University\n\nThe University will report. © Crown copyright 2021",
            "",
        ),
        ("Meals", "Schools must report.\n\nThey may ask.", ""),
    ],
)
def test_issuers(title: str, text: str, issuer: str) -> None:
    assert find_issuer(text, cut_edges(text), title) == issuer


def test_an_author_is_an_issuer_only_where_it_is_a_body() -> None:
    assert read_named("Department for Education") == "Department for Education"
    assert read_named("云岚省教育厅门户网站") == "云岚省教育厅"
    assert [read_named(name) for name in ("Jane Smith", "SCHWABE Markus", "python-docx", "GOV.UK", "新华社", "")] == [
        ""
    ] * 6


def test_a_policy_belongs_to_the_only_board_that_it_names() -> None:
    assert find_owner("Ask the Dongmu School District. The Dongmu School Committee votes.") == "Dongmu School Committee"
    assert find_owner("The Dongmu School Board heard the Linque School Board.") == ""
    assert find_owner("Each School Board and The School Committee vote.") == ""


def test_several_bodies_that_issue_one_decree() -> None:
    text = (
        "条例\n\n1990年2月20日 国务院批准\n\n1990年3月12日 国家教育委员会令第8号、国家体育委员会令第11号发布\n\n第一条"
    )
    assert find_issuer(text, cut_edges(text), "条例") == "国家教育委员会、国家体育委员会"
