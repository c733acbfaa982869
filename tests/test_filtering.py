"""The user's filters: nothing outside them is searched or quoted, whatever the question names."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.ask import ask
from core.types import Status
from retriever.question import read_question
from retriever.search import search
from store.archive import Archive

pytestmark = pytest.mark.model

_CONGRESS = "云岚省人民代表大会常务委员会"
_DEPARTMENT = "Yunlan Provincial Department of Education"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_passage_outside_the_filters_is_found(desk: Archive, data: st.DataObject) -> None:
    cards = desk.shelf.cards
    years = data.draw(st.sets(st.sampled_from(sorted({card.year or 0 for card in cards.values()})), max_size=3))
    issuers = data.draw(st.sets(st.sampled_from(desk.shelf.issuers), max_size=2))
    language = data.draw(st.sampled_from(["", "en", "zh"]))
    question = data.draw(
        st.sampled_from(
            [
                f"What did the {_DEPARTMENT} require about school charters in 2022?",
                "2019年劳动教育有哪些要求？",
                "What does the Yunlan Provincial Department of Finance pay?",
            ]
        )
    )
    query = read_question(
        question,
        only_years=sorted(years),
        only_issuers=sorted(issuers),
        only_language=language,
        issuers=desk.shelf.issuers,
    )
    kept = desk.shelf.keep(query.scope)
    hits = search(desk, query)
    assert {hit.card.notice_id for hit in hits} <= kept
    assert all(not issuers or hit.card.issuer in issuers for hit in hits)
    assert all(not language or hit.card.language == language for hit in hits)
    assert bool(hits) == bool(kept)


def test_a_filter_wins_over_the_issuer_and_the_year_that_a_question_names(desk: Archive) -> None:
    asked = f"What did the {_DEPARTMENT} require about school charters in 2018?"
    assert ask(desk, asked).status is Status.answered
    elsewhere = ask(desk, asked, issuers=[_CONGRESS])
    assert elsewhere.status is Status.no_evidence
    assert elsewhere.searched.notices == 1
    assert ask(desk, asked, years=[2023]).status is Status.no_evidence


def test_a_language_leaves_out_the_other(desk: Archive) -> None:
    answer = ask(desk, "What are the class size limits by stage?", language="zh")
    assert {citation.card.language for citation in answer.citations} <= {"zh"}
    assert answer.searched.language == "zh"
    assert answer.searched.notices < 29


def test_what_changed_is_told_only_of_notices_that_the_filters_leave(desk: Archive) -> None:
    asked = "What changed in the rural teacher bursaries between 2019 and 2024?"
    assert {citation.card.year for citation in ask(desk, asked).citations} == {2019, 2024}
    assert {citation.card.year for citation in ask(desk, asked, years=[2024]).citations} <= {2024}


def test_filters_that_leave_nothing_are_said_to(desk: Archive) -> None:
    answer = ask(desk, "What about charters?", issuers=[_CONGRESS], language="en")
    assert (answer.status, answer.searched.notices) == (Status.no_evidence, 0)
    assert answer.searched.is_filtered
