"""assistant.compared: a question that asks what changed is answered by both years' words."""

from __future__ import annotations

import pytest

from assistant.ask import ask
from assistant.compared import asks_what_changed
from core.types import CaveatKind, Status
from retriever.question import read_question
from store.archive import Archive


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("What changed about bursaries between 2019 and 2024?", True),
        ("How did the bursary change from 2019 to 2024?", True),
        ("What is different in 2024 from 2019 for bursaries?", True),
        ("2019年和2024年之间，教师补助有哪些变化？", True),
        ("What changed about bursaries?", False),
        ("What was required about bursaries in 2019 and 2024?", False),
        ("What changed between 2018, 2019 and 2024?", False),
        ("Who changed the bursary in 2024?", False),
    ],
)
def test_which_questions_ask_what_changed(question: str, asks: bool) -> None:
    assert asks_what_changed(read_question(question, ())) is asks


@pytest.mark.model
def test_both_years_words_are_quoted_and_the_figures_compared(desk: Archive) -> None:
    answer = ask(desk, "What changed about bursaries between 2019 and 2024?")
    assert answer.status is Status.answered
    texts = [sentence.text for sentence in answer.sentences]
    assert "The bursary is 3,600 yuan a year for each teacher." in texts
    assert "The bursary is 4,800 yuan for each teacher for each school year." in texts
    assert {citation.card.year for citation in answer.citations} == {2019, 2024}
    assert {CaveatKind.superseded, CaveatKind.differ} <= {caveat.kind for caveat in answer.caveats}


@pytest.mark.model
def test_where_nothing_takes_the_place_of_anything_the_notices_are_asked_as_always(desk: Archive) -> None:
    answer = ask(desk, "What changed about swimming pools between 2019 and 2024?")
    assert answer.status is Status.no_evidence
    # "Teacher" stands in the title of the notices on bursaries, which are no pensions.
    answer = ask(desk, "What changed about teacher pensions between 2019 and 2024?")
    assert not [s for s in answer.sentences if "3,600 yuan" in s.text]
