"""assistant.verify: whatever is drafted, only what the source says is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.extractive import Draft
from assistant.verify import Proof, prove, still_holds
from core.types import Citation, SentenceKind, Span
from store.archive import Archive
from tests.conftest import make_entry

_TEXT = (
    "Schools must report by 30 June. 学校应当在6月30日前报告。𠀀 They may ask for help. Schools must report by 30 June."
)
_ENTRY = make_entry(_TEXT)
_CARD = _ENTRY.notice.card


def _draft(start: int, end: int, text: str | None = None) -> Draft:
    span = Span(start, end)
    return Draft(_CARD, span, span.of(_TEXT) if text is None else text, SentenceKind.sentence)


@pytest.fixture
def known(archive: Archive) -> Archive:
    """An archive whose catalogue holds the notice of these tests."""
    archive.catalogue.add([_ENTRY], [])
    return archive


_SPANS = st.tuples(st.integers(0, len(_TEXT)), st.integers(0, len(_TEXT))).map(lambda pair: Span(*sorted(pair)))
_ALTERATIONS = st.sampled_from([str, str.upper, lambda text: text + " ", lambda text: text.replace("must", "may")])


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drafts=st.lists(st.tuples(_SPANS, _ALTERATIONS), max_size=8))
def test_what_is_shown_is_what_the_source_says(known: Archive, drafts: list[tuple[Span, object]]) -> None:
    proof = prove(
        known.catalogue,
        [Draft(_CARD, span, alter(span.of(_TEXT)), SentenceKind.sentence) for span, alter in drafts],  # type: ignore[operator]
    )
    _assert_proved(known, proof)
    true = {span for span, alter in drafts if span.of(_TEXT).strip() and alter(span.of(_TEXT)) == span.of(_TEXT)}  # type: ignore[operator]
    assert {citation.span for citation in proof.citations} == true


def _assert_proved(archive: Archive, proof: Proof) -> None:
    """The invariants of an answer that is shown."""
    by_label = {citation.label: citation for citation in proof.citations}
    used = list(dict.fromkeys(label for sentence in proof.sentences for label in sentence.labels))
    assert used == list(range(1, len(proof.citations) + 1))
    for sentence in proof.sentences:
        assert sentence.labels
        for label in sentence.labels:
            citation = by_label[label]
            assert archive.catalogue.quote(citation.card.notice_id, citation.span) == citation.quote
            assert " ".join(citation.quote.split()) == " ".join(sentence.text.split())


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (0, 31, "Schools must report by 30 July."),
        (0, 31, "Schools may report by 30 June."),
        (1, 32, "Schools must report by 30 June."),
        (0, 31, "schools must report by 30 June."),
        (0, 31, ""),
        (0, 9999, "Schools must report by 30 June."),
    ],
)
def test_what_differs_in_a_character_is_withheld(known: Archive, start: int, end: int, text: str) -> None:
    proof = prove(known.catalogue, [_draft(start, end, text)])
    assert not proof.sentences
    assert not proof.citations
    assert proof.withheld[0].text == text
    assert proof.withheld[0].reason


def test_the_same_words_in_two_places_are_said_once_with_both_labels(known: Archive) -> None:
    again = _TEXT.rindex("Schools must")
    proof = prove(known.catalogue, [_draft(0, 31), _draft(32, 48), _draft(again, len(_TEXT))])
    assert [sentence.labels for sentence in proof.sentences] == [(1, 2), (3,)]


def test_a_notice_that_is_gone_proves_nothing(archive: Archive) -> None:
    assert prove(archive.catalogue, [_draft(0, 31)]).withheld[0].reason == "its notice is no longer in the catalogue"


def test_a_citation_holds_only_as_long_as_its_source(known: Archive) -> None:
    citation = Citation(1, _CARD, Span(0, 31), _TEXT[:31])
    assert still_holds(known.catalogue, citation)
    assert not still_holds(known.catalogue, replace(citation, quote="Schools may report by 30 June."))
    known.catalogue.remove(_CARD.notice_id)
    assert not still_holds(known.catalogue, citation)
