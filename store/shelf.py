"""The cards of all notices in memory, by year, language and issuer: what a filter leaves, at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from core.types import NoticeCard
from store.words import find_numbers

# So many filters are remembered.
_REMEMBERED = 256


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of the notices: of these years, in this language, of issuers with this in their name, of these issuers.

    What is empty does not narrow.
    """

    years: tuple[int, ...] = ()
    language: str = ""
    issuer: str = ""
    issuers: tuple[str, ...] = ()

    @property
    def is_all(self) -> bool:
        """Whether nothing is left out."""
        return not (self.years or self.language or self.issuer or self.issuers)


class Shelf:
    """The cards of one generation of the catalogue, with the number of each notice's passages."""

    def __init__(self, cards: Iterable[NoticeCard], sizes: Mapping[str, int]) -> None:
        """`cards` in the catalogue's order, oldest first."""
        self.cards = {card.notice_id: card for card in cards}
        self._sizes = sizes
        self._kept: dict[Scope, frozenset[str]] = {}
        self._years: dict[Scope, tuple[int, ...]] = {}
        self._totals: dict[Scope, int] = {}

    @cached_property
    def languages(self) -> frozenset[str]:
        """The languages in which there are notices."""
        return frozenset(card.language for card in self.cards.values())

    @cached_property
    def issuers(self) -> tuple[str, ...]:
        """The names of the issuers, in the order of their first notice."""
        return tuple(dict.fromkeys(card.issuer for card in self.cards.values() if card.issuer))

    @cached_property
    def numbered(self) -> Mapping[str, frozenset[str]]:
        """The notices that bear a number, by its index term, as `words.find_numbers` makes it."""
        found: dict[str, set[str]] = {}
        for notice_id, card in self.cards.items():
            for number in find_numbers(f"{card.number}\n{card.title}"):
                for term in number.terms:
                    found.setdefault(term, set()).add(notice_id)
        return {term: frozenset(ids) for term, ids in found.items()}

    @cached_property
    def passages(self) -> int:
        """How many passages there are in all."""
        return sum(self._sizes.values())

    def keep(self, scope: Scope) -> frozenset[str]:
        """The ids of the notices in a scope."""
        known = self._kept.get(scope)
        if known is None:
            years, issuer, issuers = frozenset(scope.years), scope.issuer.casefold(), frozenset(scope.issuers)
            known = frozenset(
                notice_id
                for notice_id, card in self.cards.items()
                if (not years or card.year in years)
                and (not scope.language or card.language == scope.language)
                and (not issuer or issuer in card.issuer.casefold())
                and (not issuers or card.issuer in issuers)
            )
            if len(self._kept) > _REMEMBERED:
                self._kept.clear()
            self._kept[scope] = known
        return known

    def cards_in(self, scope: Scope) -> tuple[NoticeCard, ...]:
        """The cards of the notices in a scope, in the catalogue's order."""
        kept = self.keep(scope)
        return tuple(card for notice_id, card in self.cards.items() if notice_id in kept)

    def years_in(self, scope: Scope) -> tuple[int, ...]:
        """The years of the notices in a scope, in order."""
        years = self._years.get(scope)
        if years is None:
            years = tuple(sorted({card.year for card in self.cards_in(scope) if card.year is not None}))
            if len(self._years) > _REMEMBERED:
                self._years.clear()
            self._years[scope] = years
        return years

    def count_in(self, scope: Scope) -> int:
        """How many passages the notices in a scope have together."""
        total = self._totals.get(scope)
        if total is None:
            total = self.count_passages(self.keep(scope))
            if len(self._totals) > _REMEMBERED:
                self._totals.clear()
            self._totals[scope] = total
        return total

    def count_passages(self, notice_ids: Iterable[str]) -> int:
        """How many passages these notices have together."""
        return sum(self._sizes.get(notice_id, 0) for notice_id in notice_ids)
