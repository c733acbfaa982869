"""retriever.changes: what two years require differently."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from retriever.changes import Change, ChangeKind, compare_years
from store.catalogue import Catalogue
from tests.conftest import make_entry

_BEFORE = """Guide to bursaries

Each trainee in physics gets £5,000 a year.

Trainees must apply by 30 June.

Trainees must attend every course.

Trainees may choose their school."""
_AFTER = """Guide to bursaries

Each trainee in physics gets £6,000 a year.

Trainees must apply by 30 June.

Trainees must carry a card of the bureau.

Trainees may choose their school."""


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    """Two versions of a guide, and a notice that nothing follows."""
    opened = Catalogue(tmp_path)
    opened.add(
        [
            make_entry(_BEFORE, title="Guide to bursaries 2022", year=2022, issuer="Bureau", path="2022.txt"),
            make_entry(_AFTER, title="Guide to bursaries 2023", year=2023, issuer="Bureau", path="2023.txt"),
            make_entry("Schools must plant 12 trees.", title="On trees", year=2022, issuer="Bureau", path="trees.txt"),
        ],
        [],
    )
    yield opened
    opened.close()


def _tell(changes: list[Change]) -> list[tuple[str, str, str]]:
    return [
        (change.kind.value, change.before.quote if change.before else "", change.after.quote if change.after else "")
        for change in changes
    ]


def test_what_is_new_dropped_and_changed(catalogue: Catalogue) -> None:
    assert _tell(compare_years(catalogue, 2022, 2023)) == [
        ("changed", "Each trainee in physics gets £5,000 a year.", "Each trainee in physics gets £6,000 a year."),
        ("new", "", "Trainees must carry a card of the bureau."),
        ("dropped", "Trainees must attend every course.", ""),
    ]


def test_what_nothing_follows_is_not_dropped_and_a_topic_is_kept_to(catalogue: Catalogue) -> None:
    assert "trees" not in str(_tell(compare_years(catalogue, 2022, 2023)))
    assert [kind for kind, _, _ in _tell(compare_years(catalogue, 2022, 2023, topic="cards"))] == ["new"]
    assert [kind for kind, _, _ in _tell(compare_years(catalogue, 2022, 2023, topic="bursaries in physics"))] == [
        "changed"
    ]
    assert compare_years(catalogue, 2022, 2023, topic="bursaries of cooks") == []
    assert compare_years(catalogue, 2022, 2023, topic="swimming") == []
    assert compare_years(catalogue, 2022, 2023, issuer="Ministry") == []


def test_of_a_year_without_notices_nothing_is_said(catalogue: Catalogue) -> None:
    assert compare_years(catalogue, 2023, 2031) == []
    assert {change.kind for change in compare_years(catalogue, 2001, 2022)} == {ChangeKind.new}


def test_every_citation_has_the_words_of_its_notice(catalogue: Catalogue) -> None:
    for change in compare_years(catalogue, 2022, 2023):
        for citation in (change.before, change.after):
            if citation is not None:
                assert catalogue.quote(citation.card.notice_id, citation.span) == citation.quote
