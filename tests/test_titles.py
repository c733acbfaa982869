"""ingest.titles and ingest.title_lines: the title by the text's first lines or the file's name."""

from __future__ import annotations

import pytest

from core.types import Origin
from ingest.edges import cut_edges
from ingest.title_lines import cut_site, is_title
from ingest.titles import find_title, read_stem


@pytest.mark.parametrize(
    ("path", "text", "title", "origin"),
    [
        ("a.txt", "On meals\n\nSchools must serve.", "On meals", "text"),
        ("a.txt", "Dongmu City Education Bureau\n\nOn Meals\n\nDongmu Notice No. 5 [2025]", "On Meals", "text"),
        ("a.txt", "Guidance\n\nSchool food standards\n\nFrom:\nDepartment of Meals", "School food standards", "text"),
        (
            "a.txt",
            "Department of Meals\n\nDCL 1/19\n\nSubject: School transport\n\nDear all,",
            "School transport",
            "text",
        ),
        (
            "a.txt",
            "Opportunity for all: schools with\n\ngreat teachers\n\nMarch 2022",
            "Opportunity for all: schools with great teachers",
            "text",
        ),
        ("n/school meals policy 2020.txt", "Schools must serve meals to all.", "school meals policy 2020", "path"),
        ("000_a5347d.txt", "Schools must serve meals to all pupils, " + "every day and " * 20, "", "text"),
        (
            "a.txt",
            "云岚省教育厅文件\n\n云教发〔2021〕9号　　签发人：张三\n\n关于做好学校\n供餐工作的\n通　知\n\n各校：",
            "关于做好学校供餐工作的通知",
            "text",
        ),
        (
            "a.txt",
            "中华人民共和国教育部令\n\n第49号\n\n《学校规章》已经审议通过，现予公布，自2021年3月1日起施行。",
            "学校规章",
            "text",
        ),
        ("a.txt", "信息名称：学校规章\n\n信息索引：360A02\t生成日期：2002-07-25", "学校规章", "text"),
        ("关于供餐的通知(2021-03-05).txt", "来源【引证码】 X.1.2\n关于供餐的通知\n\n各校：", "关于供餐的通知", "text"),
        ("a1.txt", f"原文链接：https://a.example/{'b' * 60}\n关于供餐的通知\n各校：", "关于供餐的通知", "text"),
        ("关于供餐的通知.txt", "通告栏\n\n各校应当供餐。", "关于供餐的通知", "path"),
        (
            "pisa.pdf",
            "Schools " * 40 + "\n\n2 | Country Note - Meals 2018 Results\n\nMore.",
            "Country Note - Meals 2018 Results",
            "text",
        ),
        ("rows.csv", "Year\tPupils\n2021\t300", "", "text"),
    ],
)
def test_titles(path: str, text: str, title: str, origin: str) -> None:
    found, whence = find_title(path, cut_edges(text))
    assert whence is Origin(origin)
    assert found == title if title else found.endswith(("…", "300", "Pupils"))


@pytest.mark.parametrize(
    "line",
    [
        "Skip to main content",
        "首页",
        "Contents",
        "目录",
        "5 March 2021",
        "2021年3月5日",
        "云教发〔2021〕9号",
        "（云教发〔2021〕9号）",
        "Department for Education",
        "云岚省教育厅",
        "云岚省教育厅文件",
        "Microsoft Word - meals.doc",
        "Untitled",
        "[Title]",
        "Press release",
        "1. Introduction",
        "第一章 总则",
        "https://a.example/b",
        "主送：各市教育局",
        "…",
        "",
    ],
)
def test_what_is_no_title(line: str) -> None:
    assert not is_title(line)


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("Teacher pay - GOV.UK", "Teacher pay"),
        ("School meals | Department for Education", "School meals"),
        ("国务院办公厅关于供餐的意见_中国政府网", "国务院办公厅关于供餐的意见"),
        ("学校规章 - 云岚省教育厅门户网站", "学校规章"),
        ("Meals - what schools must know", "Meals - what schools must know"),
        ("GOV.UK", "GOV.UK"),
    ],
)
def test_the_name_of_a_site_is_cut_off(page: str, title: str) -> None:
    assert cut_site(page) == title


def test_a_title_may_begin_with_a_figure() -> None:
    assert is_title("16 to 19 study programmes")
    assert is_title("2023年全省教育工作要点")
    assert not is_title("2.1 Who may apply")


def test_a_file_name_without_its_day_and_marks_of_copies() -> None:
    assert read_stem("a/2021-03-05 school_meals final (2).docx") == "school meals"
    assert read_stem("学位法(2024-04-26).md") == "学位法"
