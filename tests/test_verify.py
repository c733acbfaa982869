"""assistant.verify: whatever is drafted, only what the source says is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.draft import Draft
from assistant.support import FaultKind
from assistant.verify import Proof, ProvenClaim, prove, prove_claim, still_holds
from core.types import Citation, Place, SentenceKind, Span, Withheld
from store.archive import Archive
from store.catalogue import Entry
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


_RULES = make_entry(
    "Every school must keep a register of visitors. The register is kept for three years.\n\n"
    "The bureau must:\n\n1. inspect the register in May;\n2. publish what it finds.\n\n"
    "Parents may:\n\n1. see the register on request;\n2. ask for a copy.\n\n学校应当公示收费标准。\n"
)
_OTHER = make_entry("Every school must keep a register of books. A visitor must sign in.", title="Another notice")


def _drafts(entry: Entry) -> list[Draft]:
    text = entry.notice.text
    return [Draft(entry.notice.card, one.span, one.span.of(text), one.kind) for one in entry.sentences]


_POOL = [*_drafts(_OTHER), *_drafts(_RULES)]


@pytest.mark.parametrize("draft", [draft for draft in _POOL if not draft.text.endswith(":")])
def test_each_sentence_proves_itself_whatever_is_cited(draft: Draft) -> None:
    assert prove_claim(draft.text, [], _POOL) == ProvenClaim(draft.text, (draft,))
    wrong = next(other for other in _POOL if other.text != draft.text)
    assert prove_claim(draft.text, [wrong], _POOL) == ProvenClaim(draft.text, (draft,))


def test_what_is_cited_goes_before_what_was_shown() -> None:
    twin = replace(_POOL[0], span=Span(500, 550))
    assert prove_claim(twin.text, [twin], _POOL) == ProvenClaim(twin.text, (twin,))


@pytest.mark.parametrize(
    ("claim", "said_by"),
    [
        ("The bureau must inspect the register in May.", ["The bureau must:", "1. inspect the register in May;"]),
        ("Parents may ask for a copy.", ["Parents may:", "2. ask for a copy."]),
        (
            "The register is kept for 3 years. Every school must keep a register of visitors.",
            ["Every school must keep a register of visitors.", "The register is kept for three years."],
        ),
    ],
)
def test_neighbours_prove_together(claim: str, said_by: list[str]) -> None:
    proven = prove_claim(claim, [], _POOL)
    assert isinstance(proven, ProvenClaim)
    assert [draft.text for draft in proven.spans] == said_by


@pytest.mark.parametrize(
    ("claim", "fault", "nearest"),
    [
        ("The bureau must see the register on request.", FaultKind.mixture, "1. see the register on request;"),
        ("Parents may inspect the register in May.", FaultKind.words, "1. inspect the register in May;"),
        ("The bureau must ask for a copy.", FaultKind.words, "2. ask for a copy."),
        ("Every school must keep a register of visitors and books.", FaultKind.words, None),
        ("The register is kept for four years.", FaultKind.figure, "The register is kept for three years."),
        ("学校可以公示收费标准。", FaultKind.modality, "学校应当公示收费标准。"),
        ("The minister resigned yesterday.", FaultKind.words, None),
        ("Who keeps the register?", FaultKind.statement, None),
    ],
)
def test_what_no_sentence_says_is_withheld(claim: str, fault: FaultKind, nearest: str | None) -> None:
    withheld = prove_claim(claim, [], _POOL)
    assert isinstance(withheld, Withheld)
    assert withheld.text == claim
    assert withheld.reason
    assert nearest is None or withheld.nearest in {_place(draft) for draft in _POOL if draft.text == nearest}


def _place(draft: Draft) -> Place:
    return Place(draft.card.notice_id, draft.span)


def test_meaning_chooses_the_nearest_where_it_is_known() -> None:
    chosen = _drafts(_RULES)[1]
    withheld = prove_claim("The register burnt.", [], _POOL, lambda _, quote: float(quote == chosen.text))
    assert isinstance(withheld, Withheld)
    assert withheld.nearest == _place(chosen)


def test_nothing_is_proved_by_nothing() -> None:
    withheld = prove_claim("Every school must keep a register.", [], [])
    assert isinstance(withheld, Withheld)
    assert withheld.nearest is None
