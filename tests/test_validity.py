"""Questions whether a notice is still in force, and questions that only sound like one."""

from __future__ import annotations

import pytest

from assistant.ask import ask
from assistant.expectation import asks_validity
from core.types import Status
from store.archive import Archive


@pytest.mark.parametrize(
    ("question", "does"),
    [
        ("Is the 2019 bursary notice still in force?", True),
        ("Has Education Notice No. 7 [2019] been repealed?", True),
        ("Is the 2018 charter notice still valid?", True),
        ("Which notice replaced Education Notice No. 7 [2019]?", True),
        ("Does the 2019 notice apply any more?", True),
        ("云教发〔2019〕20号是否仍然有效？", True),
        ("2019年的通知废止了吗？", True),
        ("Which identity cards are valid for enrolment?", False),
        ("Who replaced the director?", False),
        ("How are broken lockers replaced?", False),
        ("采取了哪些有效措施？", False),
        ("怎样提高教学的有效性？", False),
        ("What must schools do under the law in force?", False),
    ],
)
def test_what_asks_whether_a_notice_holds(question: str, does: bool) -> None:
    assert asks_validity(question) is does


@pytest.mark.model
def test_the_sentence_that_repeals_answers_and_rules_do_not(desk: Archive) -> None:
    repealed = ask(desk, "Is the 2019 bursary notice still in force?")
    assert "No. 31 [2019], which is repealed" in repealed.sentences[0].text
    standing = ask(desk, "Is the notice on classroom AI tools still in force?")
    assert all("1 October 2023" in sentence.text for sentence in standing.sentences)


@pytest.mark.model
def test_a_notice_that_nobody_knows_is_not_called_repealed(desk: Archive) -> None:
    assert ask(desk, "Is the 2019 dinosaur notice still in force?").status is Status.no_evidence
