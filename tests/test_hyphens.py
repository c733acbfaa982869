"""ingest.readers.hyphens: cut words are whole again, compounds keep their hyphen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.hyphens import Words


@pytest.mark.parametrize(
    ("before", "after", "joined"),
    [
        ("the right to educa-", "tion of every", "the right to education of every"),
        ("the right to educa\u2010", "tion", "the right to education"),
        ("THE RIGHT TO EDUCA-", "TION", "THE RIGHT TO EDUCATION"),
        ("(inclu-", "ding meals)", "(including meals)"),
        ("their well-", "being and", "their well-being and"),
        ("whether full-", "time or not", "whether full-time or not"),
        ("a language-of-", "instruction test", "a language-of-instruction test"),
        ("the up-", "to-date list", "the up-to-date list"),
        ("of 15-", "year-old pupils", "of 15-year-old pupils"),
        ("in 2018-", "19 the", "in 2018-19 the"),
        ("the Secretary-", "General said", "the Secretary-General said"),
        ("primary-", "and secondary schools", "primary- and secondary schools"),
        ("https://a.org/rules-", "for-all", "https://a.org/rules-for-all"),
        ("6 月 12-", "30 日", "6 月 12-30 日"),
        ("the fee -", "paid in May", "the fee - paid in May"),
        ("one", "two", "one two"),
        ("学校应当", "报告", "学校应当报告"),
    ],
)
def test_where_the_notice_says_nothing_else_a_rule_decides(before: str, after: str, joined: str) -> None:
    assert Words([before, after]).join(before, after) == joined


@pytest.mark.parametrize(
    ("elsewhere", "joined"),
    [
        ("Good practice of co-operation.", "co-operation"),
        ("Good practice of cooperation.", "cooperation"),
        ("Cooperation, co-operation and COOPERATION.", "cooperation"),
        ("The operation of buses.", "co-operation"),
    ],
)
def test_the_notice_itself_decides(elsewhere: str, joined: str) -> None:
    assert Words([elsewhere, "by co-", "operation"]).join("by co-", "operation") == f"by {joined}"


def test_parts_of_cut_words_are_no_evidence() -> None:
    assert Words(["of instruc-", "tion and"] * 3).join("of instruc-", "tion and") == "of instruction and"


def test_two_words_that_the_notice_knows_are_a_compound() -> None:
    words = Words(["Every teacher reports each student.", "a teacher-", "student ratio"])
    assert words.join("a teacher-", "student ratio") == "a teacher-student ratio"


_TEXT = st.text(st.sampled_from("abT1 -\u2010教/.,"), max_size=20)


@given(_TEXT, _TEXT, st.lists(_TEXT, max_size=3))
def test_nothing_but_a_hyphen_is_lost(before: str, after: str, others: list[str]) -> None:
    joined = Words([*others, before, after]).join(before, after)
    whole = (before + after).replace(" ", "")
    cut = (before[:-1] + after).replace(" ", "") if before.endswith(("-", "\u2010")) else whole
    assert joined.replace(" ", "") in (whole, cut)
