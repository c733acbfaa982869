"""retriever.issuers: which issuers of the desk a question names."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retriever.issuers import find_issuers, read_issuers

_KNOWN = (
    "云岚省教育厅",
    "云岚省教育厅、云岚省财政厅",
    "青萝市教育局",
    "云岚省人民代表大会常务委员会",
    "教育部",
    "吉林省教育厅",
    "吉林市教育局",
    "西安市教育局",
    "内蒙古自治区教育厅",
    "省教育厅",
    "Department for Education (Get Into Teaching)",
    "Sichuan Provincial Department of Education",
    "Yunlan Provincial Department of Education; Yunlan Provincial Department of Finance",
    "Reading Borough Council",
)


@pytest.mark.parametrize(
    ("question", "issuers"),
    [
        ("云岚省教育厅的通知", ["云岚省教育厅", "云岚省教育厅、云岚省财政厅"]),
        ("青萝市什么时候完成？", ["青萝市教育局"]),
        ("青萝教育局转发了什么？", ["青萝市教育局"]),
        ("云岚省人大常委会公告", ["云岚省人民代表大会常务委员会"]),
        ("教育部有什么要求？", ["教育部"]),
        ("教育部门有什么要求？", []),
        ("教育部署了什么？", []),
        ("省教育厅有什么要求？", []),
        ("吉林市的规定", ["吉林市教育局"]),
        ("吉林省2017年的规定", ["吉林省教育厅"]),
        ("陕西安康的规定", []),
        ("吉林大学的规定", []),
        ("内蒙古的规定", ["内蒙古自治区教育厅"]),
        ("What does the DfE say?", ["Department for Education (Get Into Teaching)"]),
        ("the department for education", ["Department for Education (Get Into Teaching)"]),
        ("Who presided over the Sichuan meeting?", ["Sichuan Provincial Department of Education"]),
        ("sichuan meeting", ["Sichuan Provincial Department of Education"]),
        ("Yunlan Provincial Department of Finance", [_KNOWN[12]]),
        ("Is reading aloud required in Baitao?", []),
        ("Which department is in charge?", []),
        ("吉林市和青萝市的经费分别是多少？", ["吉林市教育局", "青萝市教育局"]),
    ],
)
def test_issuers_that_are_named(question: str, issuers: list[str]) -> None:
    assert list(read_issuers(question, _KNOWN)) == issuers


@settings(deadline=None)
@given(st.text(max_size=80), st.lists(st.text(max_size=30), max_size=6))
def test_any_names_and_questions(question: str, known: list[str]) -> None:
    namings = find_issuers(question, known)
    assert all(set(naming.issuers) <= set(known) for naming in namings)
    ends = [0, *(naming.end for naming in namings)]
    assert all(end <= naming.start < naming.end for end, naming in zip(ends, namings, strict=False))
