"""The register of a desk: its notices found by words and facets, put in order, counted, and what links them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum

from core.types import LinkKind, NoticeCard, Span
from store.archive import Archive
from store.words import content_terms, index_terms

# So many passages are weighed for words in the text: those of more notices than anybody looks through.
_PASSAGES = 4000
# What a plot tells apart by colour.
_MOST_ISSUERS = 8


class Standing(StrEnum):
    """Whether a notice still holds, as far as the desk knows: nothing ends it, a part, or the whole of it."""

    in_force = "in_force"
    amended = "amended"
    ended = "ended"


class Order(Enum):
    """In which order notices are listed."""

    newest = "newest"
    oldest = "oldest"
    title = "title"
    issuer = "issuer"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; what is empty or None does not narrow. `first` and `last` are years."""

    words: str = ""
    in_text: bool = False
    first: int | None = None
    last: int | None = None
    issuer: str = ""
    language: str = ""
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """That a notice is of some kind to another, or (not `is_outgoing`) another to it.

    `card` is the other one's, None where it is not on the desk; `named` are the words that name it. `span` is
    the sentence that says so, of the notice from which the link goes.
    """

    kind: LinkKind
    is_outgoing: bool
    card: NoticeCard | None
    named: str = ""
    span: Span | None = None


def read_standings(archive: Archive) -> dict[str, Standing]:
    """The standing of each notice of which more is known than that it was issued; the others are in force."""
    today = date.today().isoformat()
    standings = {
        card.notice_id: Standing.ended
        for card in archive.catalogue.cards()
        if card.repealed_on and card.repealed_on < today[: len(card.repealed_on)]
    }
    for link in archive.catalogue.endings():
        if link.to_id is not None and link.kind is not LinkKind.amends:
            standings[link.to_id] = Standing.ended
        elif link.to_id is not None:
            standings.setdefault(link.to_id, Standing.amended)
    return standings


def find_notices(archive: Archive, wanted: Wanted, standings: Mapping[str, Standing]) -> list[NoticeCard]:
    """The cards of the notices that fit, oldest first."""
    words = wanted.words.casefold().split()
    in_text = find_in_text(archive, wanted.words) if words and wanted.in_text else frozenset()
    return [
        card
        for card in archive.shelf.cards.values()
        if (_is_called(card, words) or card.notice_id in in_text)
        and (wanted.first is None or (card.year is not None and card.year >= wanted.first))
        and (wanted.last is None or (card.year is not None and card.year <= wanted.last))
        and wanted.issuer in ("", card.issuer)
        and wanted.language in ("", card.language)
        and wanted.standing in (None, standings.get(card.notice_id, Standing.in_force))
    ]


def find_in_text(archive: Archive, words: str) -> Collection[str]:
    """The ids of the notices that have a passage with all of these words, in any form of them."""
    terms = dict.fromkeys(content_terms(words) or index_terms(words), 1.0)
    if not terms:
        return frozenset()
    passages = [passage_id for passage_id, _ in archive.best_by_words(terms, _PASSAGES)]
    held, _ = archive.score_by_cover(terms, [], passages)
    return {passage_id.rpartition(":")[0] for passage_id, share in held.items() if share > len(terms) - 0.5}


def _is_called(card: NoticeCard, words: Sequence[str]) -> bool:
    called = f"{card.title}\n{card.issuer}\n{card.number}\n{card.path}".casefold()
    return all(word in called for word in words)


def put_in_order(cards: Iterable[NoticeCard], order: Order) -> list[NoticeCard]:
    """The cards in this order; those without the value by which it goes come last."""

    def dated(card: NoticeCard) -> str:
        return card.issued_on or str(card.year or "")

    keys: dict[Order, Callable[[NoticeCard], tuple[bool, str, str]]] = {
        Order.oldest: lambda card: (not dated(card), dated(card), card.title),
        Order.title: lambda card: (False, card.title.casefold(), dated(card)),
        Order.issuer: lambda card: (not card.issuer, card.issuer.casefold(), dated(card)),
    }
    if order is not Order.newest:
        return sorted(cards, key=keys[order])
    return sorted(cards, key=lambda card: (bool(dated(card)), dated(card), card.title), reverse=True)


def list_relations(archive: Archive, notice_id: str) -> list[Relation]:
    """What links this notice with others, its own links first; the same near-duplicate is told once."""
    relations = [
        Relation(link.kind, True, archive.shelf.cards.get(link.to_id or ""), link.named, link.span)
        for link in archive.catalogue.links([notice_id])
    ]
    relations += [
        Relation(link.kind, False, archive.shelf.cards.get(link.notice_id), link.named, link.span)
        for link in archive.catalogue.links_to(notice_id)
        # That two resemble each other is said from both sides.
        if link.kind is not LinkKind.resembles
    ]
    return list(dict.fromkeys(relations))


def count_by_year(cards: Iterable[NoticeCard], by: Callable[[NoticeCard], str]) -> dict[int, Counter[str]]:
    """How many notices of each year are of which kind, by year; those of no year are left out."""
    counts: dict[int, Counter[str]] = {}
    for card in cards:
        if card.year is not None:
            counts.setdefault(card.year, Counter())[by(card)] += 1
    return dict(sorted(counts.items()))


def find_top_issuers(cards: Iterable[NoticeCard]) -> list[str]:
    """The issuers with most notices, at most eight."""
    counts = Counter(card.issuer for card in cards if card.issuer)
    return [issuer for issuer, _ in counts.most_common(_MOST_ISSUERS)]
