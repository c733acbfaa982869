"""ingest.numbers: the number that a notice itself bears."""

from __future__ import annotations

import pytest

from ingest.numbers import find_number, is_number, year_of


@pytest.mark.parametrize(
    ("head", "number"),
    [
        (["On meals", "Dongmu Education Notice No. 7 [2022]"], "Dongmu Education Notice No. 7 [2022]"),
        (["关于供餐的通知", "（云教发〔2014〕7 号）"], "云教发〔2014〕7号"),
        (["云教发〔2021〕9号　　签发人：张三"], "云教发〔2021〕9号"),
        (["发文字号：国办发〔2021〕9号\t主题分类：教育"], "国办发〔2021〕9号"),
        (["中华人民共和国教育部令", "第49号"], "教育部令第49号"),
        (["条例", "1995年12月12日 中华人民共和国国务院令第188号发布"], "国务院令第188号"),
        (["Department of Education", "DCL 1/19"], "DCL 1/19"),
        (["Document no.: Meals-Edu [2024] 17"], "Meals-Edu [2024] 17"),
        (["Policy Number: 4119.11", "On meals"], "4119.11"),
        (["File: BAA. First reading: 2008-12-16."], "Policy BAA"),
        (["Meals Act 2021", "2021 CHAPTER 12"], "2021 CHAPTER 12"),
        (["为贯彻《关于供餐的意见》（国办发〔2015〕71号）精神，提出以下意见。"], ""),
        (["云岚省办公厅关于贯彻国办发〔2015〕71号文件供餐的意见"], ""),
        (["Schools must report under No. 4 and Notice No. 7 of last year."], ""),
    ],
)
def test_numbers(head: list[str], number: str) -> None:
    assert find_number(head) == number


def test_the_year_in_a_number() -> None:
    assert [year_of(one) for one in ("云教发〔2021〕9号", "Notice No. 7 [2022]", "DCL 1/19", "")] == [
        2021,
        2022,
        None,
        None,
    ]


def test_a_line_that_is_a_number() -> None:
    assert is_number("（云教发〔2021〕9号）")
    assert not is_number("关于贯彻云教发〔2021〕9号文件的通知")
