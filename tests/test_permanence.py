"""assistant.permanence: a citation opens its words years later, or says what became of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.permanence import Fate, look_up
from core.types import Span
from store.catalogue import Catalogue, name_notice
from tests.conftest import make_entry

_OLD = "Schools report once a year.\n\nEach school must report by 30 June 2022.\n\nParents may ask."
_QUOTE = "Each school must report by 30 June 2022."
_SPAN = Span(_OLD.index(_QUOTE), _OLD.index(_QUOTE) + len(_QUOTE))


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    """A catalogue with one notice."""
    opened = Catalogue(tmp_path)
    opened.add([make_entry(_OLD)], [])
    yield opened
    opened.close()


def _change(catalogue: Catalogue, text: str) -> None:
    catalogue.add([make_entry(text)], [], {name_notice(_OLD): name_notice(text)})
    catalogue.remove(name_notice(_OLD))


def test_what_is_on_the_desk_stands(catalogue: Catalogue) -> None:
    standing = look_up(catalogue, name_notice(_OLD), _SPAN)
    assert standing.fate is Fate.stands
    assert standing.cited is standing.present
    assert standing.now == _SPAN


def test_words_that_a_new_version_says_too_have_moved(catalogue: Catalogue) -> None:
    new = "A new beginning.\n\n" + _OLD
    _change(catalogue, new)
    standing = look_up(catalogue, name_notice(_OLD), _SPAN)
    assert standing.fate is Fate.moved
    assert standing.cited is not None
    assert _SPAN.of(standing.cited.text) == _QUOTE
    assert standing.present is not None
    assert standing.now is not None
    assert standing.now.of(new) == _QUOTE


def test_words_that_were_altered_have_changed_and_both_are_told(catalogue: Catalogue) -> None:
    new = _OLD.replace("30 June", "15 May")
    _change(catalogue, new)
    standing = look_up(catalogue, name_notice(_OLD), _SPAN)
    assert standing.fate is Fate.changed
    assert standing.cited is not None
    assert _SPAN.of(standing.cited.text) == _QUOTE
    assert standing.now is not None
    assert "15 May 2022" in standing.now.of(new)
    assert {"15", "May", "30", "June"} <= set(" ".join(piece.text for piece in standing.pieces).split())


def test_words_that_nothing_resembles_any_more_are_told_alone(catalogue: Catalogue) -> None:
    _change(catalogue, "The kitchen opens at noon.")
    standing = look_up(catalogue, name_notice(_OLD), _SPAN)
    assert (standing.fate, standing.now) == (Fate.changed, None)
    assert standing.cited is not None
    assert standing.present is not None


def test_a_notice_that_was_removed_still_shows_its_words(catalogue: Catalogue) -> None:
    catalogue.remove(name_notice(_OLD))
    standing = look_up(catalogue, name_notice(_OLD), _SPAN)
    assert (standing.fate, standing.present) == (Fate.removed, None)
    assert standing.cited is not None
    assert _SPAN.of(standing.cited.text) == _QUOTE


def test_one_that_was_erased_shows_what_took_its_place_or_nothing(catalogue: Catalogue) -> None:
    _change(catalogue, _OLD + " And so on.")
    catalogue.erase(name_notice(_OLD))
    standing = look_up(catalogue, name_notice(_OLD), _SPAN)
    assert (standing.fate, standing.cited, standing.now) == (Fate.changed, None, None)
    catalogue.remove(name_notice(_OLD + " And so on."))
    catalogue.erase(name_notice(_OLD + " And so on."))
    assert look_up(catalogue, name_notice(_OLD), _SPAN).fate is Fate.unknown


@given(before=st.text("abc .\n", max_size=30), behind=st.text("abc .\n", max_size=30), letter=st.sampled_from("xyz9"))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
def test_never_other_words_as_those_that_were_cited(
    tmp_path_factory: pytest.TempPathFactory, before: str, behind: str, letter: str
) -> None:
    catalogue = Catalogue(tmp_path_factory.mktemp("desk"))
    catalogue.add([make_entry(_OLD)], [])
    _change(catalogue, f"Ahead {before}\n\n{_QUOTE.replace('school', 'scho' + letter + 'ol')}\n\n{behind} Z")
    standing = look_up(catalogue, name_notice(_OLD), _SPAN)
    assert standing.fate is Fate.changed
    assert standing.cited is not None
    assert _SPAN.of(standing.cited.text) == _QUOTE
    catalogue.close()
