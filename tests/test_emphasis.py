"""assistant.emphasis: what is set in bold is what was asked for."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.emphasis import find_emphasis


@pytest.mark.parametrize(
    ("question", "sentence", "bold"),
    [
        ("How many people attended?", "In all 96 people came to the meeting of 2021.", ["96"]),
        ("How much is the bursary?", "The bursary is 4,800 yuan a year from 2024.", ["4,800 yuan"]),
        ("How much is the cost?", "The cost is 4.32 million yuan.", ["4.32 million yuan"]),
        ("What percentage is it?", "It is 40% of the time.", ["40%"]),
        ("By when must schools report?", "Schools report by 30 November 2022.", ["30 November 2022"]),
        ("Who presided over the meeting?", "Du Yanqiu presided over the meeting.", ["Du Yanqiu"]),
        ("收费不超过多少元？", "每生每学期不超过180元。", ["180元"]),
        ("什么时候施行？", "本法自2025年6月1日起施行。", ["2025年6月1日"]),
        ("What must schools do?", "Schools report by 30 November 2022.", []),
    ],
)
def test_bold(question: str, sentence: str, bold: list[str]) -> None:
    assert [span.of(sentence) for span in find_emphasis(question, sentence)] == bold


@given(st.sampled_from(["How many came?", "When?", "Who?", "何时？", "多少元？"]), st.text(max_size=200))
def test_marks_lie_in_the_sentence_in_order(question: str, sentence: str) -> None:
    spans = find_emphasis(question, sentence)
    assert all(span.end <= len(sentence) for span in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))
