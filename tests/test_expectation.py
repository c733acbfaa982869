"""assistant.expectation: what kind of answer is asked for, and what cannot be one."""

from __future__ import annotations

import pytest

from assistant.expectation import Expected, asks_for_several, meets, read_expectation


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("Who presided over the meeting?", {Expected.person}),
        ("Where was the meeting held?", {Expected.place}),
        ("How many people attended?", {Expected.figure, Expected.tally}),
        ("By what date must schools report?", {Expected.time, Expected.rule}),
        ("What must teachers not do?", {Expected.rule, Expected.prohibition}),
        ("会议由谁主持？", {Expected.person}),
        ("会议在哪里召开？", {Expected.place}),
        ("什么时候施行？", {Expected.time}),
        ("每生收费多少元？", {Expected.figure, Expected.tally}),
        ("学校不得做什么？", {Expected.rule, Expected.prohibition}),
        ("What is the name of the director?", {Expected.name}),
        ("Tell me about charters", set()),
    ],
)
def test_kinds(question: str, kinds: set[Expected]) -> None:
    assert read_expectation(question) == kinds


@pytest.mark.parametrize(
    ("question", "kind", "sentence", "can"),
    [
        ("Where was the meeting held?", Expected.place, "The meeting was held in Qingluo City Hall.", True),
        ("Where was the meeting held?", Expected.place, "Chengdu Education Bureau spoke at the meeting.", False),
        ("Where was the meeting held?", Expected.place, "It studied the economic circle in Chengdu.", False),
        ("会议在哪里召开？", Expected.place, "会议在东沐市会议中心召开。", True),
        ("How many came?", Expected.figure, "In all 96 people came.", True),
        ("How many came?", Expected.figure, "The 20th National Congress met.", False),
        ("What must they not do?", Expected.prohibition, "Teachers may use AI tools.", False),
        ("What must they not do?", Expected.prohibition, "Teachers must not grade with AI tools.", True),
        ("When?", Expected.time, "By 30 June 2024.", True),
        ("When?", Expected.time, "Schools must report.", False),
    ],
)
def test_what_can_be_an_answer(question: str, kind: Expected, sentence: str, can: bool) -> None:
    assert meets(question, kind, sentence) is can


def test_several() -> None:
    assert asks_for_several("What three requirements were put forward?")
    assert asks_for_several("提出了哪些要求？")
    assert not asks_for_several("Who presided over the meeting?")
