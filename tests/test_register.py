"""assistant.register: notices found by words and facets, their standing, order, links and numbers."""

from __future__ import annotations

import pytest

from assistant.register import (
    Order,
    Standing,
    Wanted,
    count_by_year,
    find_in_text,
    find_notices,
    find_top_issuers,
    list_relations,
    put_in_order,
    read_standings,
)
from core.types import LinkKind, NoticeCard
from store.archive import Archive

pytestmark = pytest.mark.model


def _paths(desk: Archive, **wanted: object) -> set[str]:
    found = find_notices(desk, Wanted(**wanted), read_standings(desk))  # type: ignore[arg-type]
    return {card.path.rsplit("/", 1)[-1] for card in found}


def _find(desk: Archive, ending: str) -> NoticeCard:
    return next(card for card in desk.catalogue.cards() if card.path.endswith(ending))


def test_each_facet_narrows_and_all_of_them_together_do(desk: Archive) -> None:
    everything = len(desk.catalogue.cards())
    assert len(_paths(desk)) == everything
    assert _paths(desk, words="BURSARIES rural") == {
        "2019-rural-teacher-bursaries.html",
        "2024-rural-teacher-bursaries.txt",
    }
    assert _paths(desk, words="bursaries rural", first=2020) == {"2024-rural-teacher-bursaries.txt"}
    assert _paths(desk, words="no such words") == set()
    assert 0 < len(_paths(desk, language="zh")) < everything
    assert len(_paths(desk, language="zh")) + len(_paths(desk, language="en")) == everything
    standings = [_paths(desk, standing=one) for one in Standing]
    assert sum(map(len, standings)) == everything
    assert "2019-rural-teacher-bursaries.html" in _paths(desk, standing=Standing.ended)
    assert "2018-school-charters.md" in _paths(desk, standing=Standing.amended)
    issuer = _find(desk, "2018-school-safety-zh.txt").issuer
    assert all(_find(desk, path).issuer == issuer for path in _paths(desk, issuer=issuer))


def test_words_in_the_text_are_looked_for_only_if_asked(desk: Archive) -> None:
    assert _paths(desk, words="Zhong Junmin") == set()
    found = find_in_text(desk, "Zhong Junmin")
    assert found
    assert all("Zhong Junmin" in desk.catalogue.text(notice_id) for notice_id in found)
    assert {card.notice_id for card in find_notices(desk, Wanted("Zhong Junmin", True), {})} == set(found)
    assert find_in_text(desk, "顾明哲")
    assert find_in_text(desk, "…") == frozenset()


def test_a_notice_whose_last_day_is_past_has_ended(archive: Archive) -> None:
    from tests.conftest import make_entry

    entries = [
        make_entry("Schools must rest.", repealed_on="2020-05-01"),
        make_entry("Schools must wake.", repealed_on="2999"),
    ]
    archive.add(entries, archive.embed(entries), [])
    assert read_standings(archive) == {entries[0].notice.card.notice_id: Standing.ended}


def test_orders(desk: Archive) -> None:
    cards = [*desk.catalogue.cards(), NoticeCard("x", "x.txt", "Undated")]
    newest, oldest = put_in_order(cards, Order.newest), put_in_order(cards, Order.oldest)
    assert newest[-1].title == oldest[-1].title == "Undated"
    assert newest[0].year == 2024
    assert oldest[0].year == 2018
    titles = [card.title.casefold() for card in put_in_order(cards, Order.title)]
    assert titles == sorted(titles)
    assert put_in_order(cards, Order.issuer)[-1].title == "Undated"


def test_links_are_told_from_both_sides(desk: Archive) -> None:
    old, new = _find(desk, "2019-rural-teacher-bursaries.html"), _find(desk, "2024-rural-teacher-bursaries.txt")
    forth = [one for one in list_relations(desk, new.notice_id) if one.card == old and one.span is not None]
    back = [one for one in list_relations(desk, old.notice_id) if one.card == new and one.span is not None]
    assert {one.is_outgoing for one in forth} == {True}
    assert {one.is_outgoing for one in back} == {False}
    assert {one.kind for one in forth} == {one.kind for one in back} <= {LinkKind.repeals, LinkKind.replaces}


def test_counts_add_up(desk: Archive) -> None:
    cards = desk.catalogue.cards()
    counts = count_by_year(cards, lambda card: card.language)
    assert list(counts) == sorted(counts)
    assert sum(sum(kinds.values()) for kinds in counts.values()) == sum(1 for card in cards if card.year is not None)
    assert len(find_top_issuers(cards)) <= 8
