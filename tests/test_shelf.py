"""store.shelf: what a filter leaves."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.types import NoticeCard
from store.shelf import Scope, Shelf

_CARDS = st.builds(
    NoticeCard,
    notice_id=st.uuids().map(str),
    path=st.just("a.txt"),
    title=st.just("A notice"),
    issuer=st.sampled_from(["", "Bureau", "City Bureau", "教育局"]),
    year=st.sampled_from([None, 2021, 2022]),
    language=st.sampled_from(["en", "zh"]),
)
_SCOPES = st.builds(
    Scope,
    years=st.sampled_from([(), (2021,), (2021, 2022)]),
    language=st.sampled_from(["", "zh"]),
    issuer=st.sampled_from(["", "bureau", "局"]),
    issuers=st.sampled_from([(), ("Bureau",)]),
)


@given(st.lists(_CARDS, max_size=12), _SCOPES)
def test_a_scope_keeps_just_what_meets_all_of_it(cards: list[NoticeCard], scope: Scope) -> None:
    shelf = Shelf(cards, {card.notice_id: 3 for card in cards})
    kept = shelf.keep(scope)
    for card in cards:
        meets = (
            (not scope.years or card.year in scope.years)
            and (not scope.language or card.language == scope.language)
            and scope.issuer.lower() in card.issuer.lower()
            and (not scope.issuers or card.issuer in scope.issuers)
        )
        assert (card.notice_id in kept) == meets
    assert shelf.count_passages(kept) == 3 * len(kept)
    assert shelf.cards_in(scope) == tuple(card for card in cards if card.notice_id in kept)
    assert shelf.keep(Scope()) == {card.notice_id for card in cards}


def test_a_notice_is_known_by_its_number() -> None:
    card = NoticeCard("1", "a.txt", "Charters", number="Notice No. 4 [2018]")
    shelf = Shelf([card, NoticeCard("2", "b.txt", "Charters again")], {})
    assert set(shelf.numbered.values()) == {frozenset({"1"})}
