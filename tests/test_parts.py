"""assistant.parts: a question that asks for several things, taken apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.parts import split_question
from core.errors import UsageError
from retriever.question import read_question


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Who presided over the meeting?", ["Who presided over the meeting?"]),
        ("How long is the course and how is it paid?", ["How long is the course", "how is it paid"]),
        ("Are dogs allowed? What is the exception?", ["Are dogs allowed", "What is the exception"]),
        ("Which schools and colleges took part?", ["Which schools and colleges took part?"]),
        ("When did it start and end?", ["When did it start and end?"]),
        ("What must schools and what may parents do?", ["What must schools", "what may parents do"]),
        ("培训在什么时候、什么地点举行？", ["培训在什么时候", "什么地点举行"]),
        ("全省有多少所学校申报、多少所入选名单？", ["全省有多少所学校申报", "多少所入选名单"]),
        ("本法从什么时候起施行？可以进行考试吗？", ["本法从什么时候起施行", "可以进行考试吗"]),
        ("关于章程，学校应当怎么做？", ["关于章程，学校应当怎么做？"]),
        ("下限和上限是多少？", ["下限和上限是多少？"]),
    ],
)
def test_parts(question: str, parts: list[str]) -> None:
    assert [part.asked for part in split_question(read_question(question))] == parts


def test_a_part_keeps_the_matter_of_the_whole_and_asks_for_its_own() -> None:
    whole = read_question("How long is the nursery course and how is it paid?")
    _, second = split_question(whole)
    assert second.terms == whole.terms
    assert second.text == whole.text
    assert set(second.carried) == set(whole.terms) - {"paid"}


@given(st.text(max_size=80))
def test_any_question_has_between_one_and_three_parts(text: str) -> None:
    try:
        query = read_question(text)
    except UsageError:
        return
    parts = split_question(query)
    assert 1 <= len(parts) <= 3
    assert all(part.text == query.text for part in parts)
