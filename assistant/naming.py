"""Which notices of a desk a draft names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.references import Reference, ReferenceKind, find_references
from core.types import NoticeCard
from retriever.issuers import read_issuers
from store.archive import Archive
from store.names import VERSION, call_names, fits, fold_title, name_terms
from store.words import has_chinese

# A shorter title stands in sentences that do not name it.
_SHORTEST, _SHORTEST_HAN = 16, 8
_LOOSE = frozenset({ReferenceKind.phrase, ReferenceKind.lead})
_STATE = "中华人民共和国"
_NOBODY = NoticeCard("", "", "")
_WORD = re.compile(r"[^\W\d_]+")
_SMALL = frozenset("of the for and a an in on".split())


@dataclass(frozen=True, slots=True)
class Named:
    """What a statement names: the notices that are on the desk, and the words that name one that is not.

    `words` are how the draft names it, '' where it names none; `year` is that of a missing one, '' if unknown.
    """

    cards: tuple[NoticeCard, ...] = ()
    words: str = ""
    missing: str = ""
    year: str = ""

    def misses(self, card: NoticeCard) -> bool:
        """Whether a notice that is not on the desk is named, and this one cannot be meant: it is of another year."""
        return bool(self.missing) and not (self.year and card.issued_on[:4] == self.year)


class Roster:
    """The notices of a desk by what they are called."""

    def __init__(self, archive: Archive) -> None:
        """Read the cards of an archive."""
        self._archive = archive
        self._cards = {card.notice_id: card for card in archive.catalogue.cards()}
        self._by_term: dict[str, list[NoticeCard]] = defaultdict(list)
        self._by_title: dict[str, list[NoticeCard]] = defaultdict(list)
        self._titles: list[tuple[str, NoticeCard]] = []
        for card in self._cards.values():
            for term in call_names(card):
                if not term.startswith(VERSION):
                    self._by_term[term].append(card)
            title = fold_title(card.title)
            self._by_title[title.removeprefix(_STATE)].append(card)
            if len(title) >= (_SHORTEST_HAN if has_chinese(title) else _SHORTEST):
                self._titles.append((title, card))

    def resolve(self, references: Sequence[Reference]) -> Named:
        """The notices that all of these name, else that any of them names."""
        found = [(reference, self._find(reference)) for reference in references]
        sets = [{card.notice_id for card in cards} for _, cards in found if cards]
        told = [(one, cards) for one, cards in found if cards or one.kind is not ReferenceKind.lead]
        words = next((one.named for one, cards in told if cards), "") or next((one.named for one, _ in told), "")
        if not sets:
            missing = next((one for one, _ in found if _is_certain(one)), None)
            return Named((), words, missing.named.strip("()（）[] "), missing.year) if missing else Named((), words)
        chosen = set.intersection(*sets) or set.union(*sets)
        return Named(tuple(self._cards[notice_id] for notice_id in sorted(chosen)), words)

    def _find(self, reference: Reference) -> list[NoticeCard]:
        if reference.kind is ReferenceKind.link:
            return self._follow(reference.notice_id)
        if reference.kind is ReferenceKind.issued:
            return self._find_issued(reference.body, reference.year)
        if reference.kind in _LOOSE:
            return self._find_titled(reference.named)
        if reference.kind is ReferenceKind.note:
            within = find_references(reference.named, 0, len(reference.named), {})
            known = [card for one in within for card in self._find(one)]
            return known or self._find_titled(reference.named)
        terms = name_terms(reference.named)
        cards = {card.notice_id: card for term in sorted(terms) for card in self._by_term.get(term, [])}
        known = [card for card in cards.values() if fits(reference.named, terms, card, _NOBODY)]
        # Between title marks a short title (《教师法》) names a notice too.
        return known or self._by_title.get(fold_title(reference.named).removeprefix(_STATE), [])

    def _follow(self, notice_id: str) -> list[NoticeCard]:
        """The notice of a deep link, or the one that took its place."""
        if notice_id not in self._cards:
            notice_id = (self._archive.catalogue.succession(notice_id) or ("", None))[1] or ""
        return [self._cards[notice_id]] if notice_id in self._cards else []

    def _find_issued(self, body: str, year: str) -> list[NoticeCard]:
        """The notices of a body and year, or of a title and year."""
        of_year = [c for c in self._cards.values() if c.issued_on[:4] == year or (c.year and str(c.year) == year)]
        issuers = read_issuers(body, {card.issuer for card in of_year})
        return [
            card
            for card in of_year
            if card.issuer in issuers or _names_body(body, card.issuer) or _names_body(body, card.title)
        ]

    def _find_titled(self, words: str) -> list[NoticeCard]:
        """The notices whose title stands in some words; not those whose title is a part of another that does."""
        folded = fold_title(words)
        found = [(title, card) for title, card in self._titles if title in folded]
        return [card for title, card in found if not any(title != other and title in other for other, _ in found)]


def _is_certain(reference: Reference) -> bool:
    """Whether words can only name a notice, so that one which is not on the desk is missed."""
    if reference.kind is ReferenceKind.note:
        within = find_references(reference.named, 0, len(reference.named), {})
        return any(_is_certain(one) for one in within)
    return reference.kind not in _LOOSE


def _names_body(named: str, known: str) -> bool:
    """Whether all words of a name are those of a known one: "Department of Education" of a province's department."""
    if has_chinese(named):
        return named in known or (bool(known) and any(part in named for part in re.split("[、；;，,]", known) if part))
    words = [word for word in _WORD.findall(named.casefold()) if word not in _SMALL]
    held = set(_WORD.findall(known.casefold()))
    return bool(words) and all(word in held for word in words)
