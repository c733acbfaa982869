"""store.words: what a question and a notice have in common as terms."""

import pytest

from store.words import content_terms, index_terms, name_language


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("by 教基厅〔2021〕3号 it is", "教基厅〔2021〕3号"),
        ("教基厅[2021] 3号", "教基厅〔2021〕3号"),
        ("Notice No. 12 [2021] says", "no.12〔2021〕"),
        ("3,600 yuan", "3600"),
        ("2.5 yuan", "2.5"),
        ("requirements", "requir"),
        ("the school’s charter", "school"),
        ("会议由马丽芳主持", "主持"),
    ],
)
def test_terms(text: str, term: str) -> None:
    assert term in index_terms(text)


def test_a_question_keeps_what_carries_meaning() -> None:
    assert content_terms("Who presided over the meeting?") == ["presid", "meet"]
    assert content_terms("会议由谁主持？") == ["会议", "主持"]
    assert content_terms("What is the?") == []


@pytest.mark.parametrize(
    ("text", "language"),
    [("Who presided?", "en"), ("会议由谁主持？", "zh"), ("IRP试点从哪一天开始？", "zh"), ("2023", "en"), ("", "en")],
)
def test_language(text: str, language: str) -> None:
    assert name_language(text) == language
