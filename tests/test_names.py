"""assistant.names: the names in a question, and whether a sentence names a person."""

from __future__ import annotations

import pytest

from assistant.names import find_names, fold, is_named, names_person


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What applied in Scotland in 2024?", ["Scotland"]),
        ("What did the Beijing Education Commission require?", ["Beijing", "Education", "Commission"]),
        ("When did the IRP start in September?", ["IRP"]),
        ("贵州省的经费是多少？", ["贵州省"]),
        ("Who presided over the meeting?", []),
        ("What is a Chinese-style school?", ["Chinese"]),
        ("What does KD-REV say about Northern schools?", ["KD-REV"]),
    ],
)
def test_names(question: str, names: list[str]) -> None:
    assert find_names(question) == names


@pytest.mark.parametrize(
    ("sentence", "does"),
    [
        ("The Superintendent, Edward Brannigan, opened the meeting.", True),
        ("Superintendent Edward Brannigan opened it.", True),
        ("Dr. Marsh gave the lecture.", True),
        ("The Superintendent of the Holm Regional Technical School District performs in good faith.", False),
        ("The School Committee determines policy.", False),
        ("会议邀请王建国教授作讲座。", True),
        ("会议由省教育厅主任李明主持。", True),
        ("参会人员：课题组成员（见附件）。", False),
    ],
)
def test_a_person_is_named(sentence: str, does: bool) -> None:
    assert names_person(sentence) is does


@pytest.mark.parametrize(
    ("name", "text", "does"),
    [
        ("US", "The status of the bus.", False),
        ("US", "Schools in the U.S. report.", True),
        ("US", "Schools in the United States report.", True),
        ("WWII", "After World War II the school closed.", True),
        ("MOE", "The Ministry of Education writes.", True),
        ("PO", "Schools report.", False),
        ("Rome", "The palindrome was read.", False),
        ("France", "The French government paid.", True),
        ("Scotland", "The French government paid.", False),
        ("Boleslaw", "Bolesław spoke.", True),
        ("Brannigan's", "Edward Brannigan spoke.", True),
        ("Germans", "The German school.", True),
    ],
)
def test_a_name_stands_in_a_text(name: str, text: str, does: bool) -> None:
    assert is_named(name, fold(text), "en") is does
