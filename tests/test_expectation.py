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
        ("When a school closes, what becomes of its pupils?", set()),
        ("When must a school report?", {Expected.time, Expected.rule}),
        ("What happens if schools do not report?", set()),
        ("What are teachers not allowed to do?", {Expected.rule, Expected.prohibition}),
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
        ("When do the rules apply?", Expected.time, "The rules apply as soon as they are published.", True),
        ("On what date do the rules apply?", Expected.time, "They apply as soon as they are published.", False),
        ("Where is the school located?", Expected.place, "The school lies at the right bank of the river.", True),
    ],
)
def test_what_can_be_an_answer(question: str, kind: Expected, sentence: str, can: bool) -> None:
    assert meets(question, kind, sentence) is can


def test_several() -> None:
    assert asks_for_several("What three requirements were put forward?")
    assert asks_for_several("提出了哪些要求？")
    assert not asks_for_several("Who presided over the meeting?")


@pytest.mark.parametrize(
    ("question", "sentence", "can"),
    [
        ("学前教育法从什么时候起施行？", "本法自2025年6月1日起施行。", True),
        ("学前教育法何时施行？", "对三周岁以上的儿童实施保育。", False),
        ("When do the rules take effect?", "They take effect on 1 June 2025.", True),
        ("When do the rules take effect?", "They were made on 1 June 2025.", False),
        ("On what date was the meeting held?", "It was held in 2023.", False),
        ("On what date was the meeting held?", "It was held on 3 May 2023.", True),
        ("On what date was the meeting held?", "The report names neither the day nor the venue.", True),
        ("When was the 2022 intake closed?", "The 2022 intake is closed.", False),
    ],
)
def test_times_are_those_that_are_asked_for(question: str, sentence: str, can: bool) -> None:
    assert meets(question, Expected.time, sentence) is can
