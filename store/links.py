"""The links between notices, found from what is kept of each: so they are the same in whatever order these came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sqlalchemy as sa

from core.types import Link, LinkKind, NoticeCard, Span
from store import tables
from store.names import VERSION, fits, names_notice, number_terms
from store.rows import to_card
from store.sqlite import batch

# Two so alike are near-duplicates: copies in another format keep over 0.8 of their runs of words, municipal versions
# of one national text share up to 0.67, and the estimate errs by 0.04. Or one holds so much of the other's paragraphs.
ALIKE, CONTAINED = 0.75, 0.8
# So many characters in long paragraphs are needed to say that one notice stands in another.
_FEWEST_CHARACTERS = 200
# What more notices than these have in common is a form, and is not looked up: so the work grows with their number only.
_COMMON = 200
ENDINGS = frozenset({LinkKind.replaces, LinkKind.repeals, LinkKind.amends})
# Those along which one notice is another's later version.
SUCCESSIONS = frozenset({LinkKind.replaces, LinkKind.version_of})

_Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Measured:
    """How like two notices are: the Jaccard similarity of their words, and which share of the long paragraphs of
    the second stands in the first (`held`), and of the first in the second (`holding`)."""

    similar: float
    held: float
    holding: float

    @property
    def is_near(self) -> bool:
        return self.similar >= ALIKE or max(self.held, self.holding) >= CONTAINED

    @property
    def most(self) -> float:
        return self.similar if self.similar >= ALIKE else max(self.held, self.holding)


def read_links(connection: sa.Connection, notice_ids: Collection[str] | None = None) -> list[Link]:
    """The links from these notices, or from all, in the order of notice, place and kind."""
    if notice_ids is None:
        notice_ids = connection.execute(sa.select(tables.notices.c.notice_id)).scalars().all()
    links: list[Link] = []
    for ids in batch(sorted(notice_ids)):
        alike = _measure_pairs(connection, ids)
        held = {pair: share for (a, b), m in alike.items() for pair, share in (((a, b), m.held), ((b, a), m.holding))}
        near = {pair for pair, measured in alike.items() if measured.is_near}
        # Whether the other one forwards this one is asked too: such a pair is no near-duplicate besides.
        involved = sorted({*ids, *(other for _, other in near)})
        named = [link for part in batch(involved) for link in _resolve(connection, part, held)]
        forwarded = {(link.notice_id, link.to_id) for link in named if link.kind is LinkKind.forwards}
        links += [link for link in named if link.notice_id in set(ids)] + _find_versions(connection, ids)
        links += [
            Link(one, LinkKind.resembles, other, measure=alike[one, other].most)
            for one, other in near
            if not {(one, other), (other, one)} & forwarded
        ]
    return sorted(links, key=_order)


def read_successions(connection: sa.Connection, notice_ids: Collection[str]) -> list[Link]:
    """As `read_links`, of the kinds by which one notice follows another: they need no likeness, and take less time."""
    links: list[Link] = []
    for ids in batch(sorted(notice_ids)):
        links += [link for link in _resolve(connection, ids, {}) if link.kind in SUCCESSIONS]
        links += _find_versions(connection, ids)
    return sorted(links, key=_order)


def read_links_to(connection: sa.Connection, notice_id: str) -> list[Link]:
    """The links from other notices to this one."""
    sharing = (
        _find_sharing(connection, notice_id, tables.names, tables.relation_terms, "term")
        | _find_sharing(connection, notice_id, tables.names, tables.names, "term", VERSION)
        | _find_sharing(connection, notice_id, tables.marks, tables.marks, "mark")
    )
    return [link for link in read_links(connection, sharing - {notice_id}) if link.to_id == notice_id]


def read_endings_of(connection: sa.Connection, notice_id: str) -> list[Link]:
    """As `read_links_to`, of the kinds that end a notice or a part of it: they need no likeness, and take less time."""
    sources = sorted(_find_sharing(connection, notice_id, tables.names, tables.relation_terms, "term") - {notice_id})
    links = [link for ids in batch(sources) for link in _resolve(connection, ids, {})]
    return sorted((link for link in links if link.to_id == notice_id and link.kind in ENDINGS), key=_order)


def read_endings(connection: sa.Connection) -> list[Link]:
    """All links that end a notice or a part of it, in the order of the notices that they come from."""
    ids = sorted(connection.execute(sa.select(tables.notices.c.notice_id)).scalars())
    links = [link for part in batch(ids) for link in _resolve(connection, part, {})]
    return sorted((link for link in links if link.kind in ENDINGS), key=_order)


def _find_sharing(
    connection: sa.Connection, notice_id: str, own: sa.Table, others: sa.Table, key: str, beginning: str = ""
) -> set[str]:
    """The notices that share a key with this one, of those that begin so and that are not a form's."""
    mine, theirs = own.alias(), others.alias()
    query = (
        sa.select(theirs.c.notice_id)
        .join_from(mine, theirs, mine.c[key] == theirs.c[key])
        .where(mine.c.notice_id == notice_id, is_rare(own, mine.c[key]))
    )
    if beginning:
        query = query.where(sa.func.substr(mine.c[key], 1, 1) == beginning)
    return set(connection.execute(query.distinct()).scalars())


def is_rare(table: sa.Table, key: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Whether no more notices have a key than may be looked up."""
    counted = table.alias()
    total = sa.select(sa.func.count()).where(counted.c[key.name] == key).scalar_subquery()
    return total <= _COMMON


def _order(link: Link) -> tuple[str, int, str, str, str]:
    return (link.notice_id, link.span.start if link.span else -1, link.kind.value, link.to_id or "", link.named)


# -- what is named -----------------------------------------------------------------------------


def _resolve(connection: sa.Connection, ids: Sequence[str], held: Mapping[_Pair, float]) -> list[Link]:
    """The relations of these notices with those that they name; one that surely names a notice dangles without it."""
    relations, terms, named = tables.relations, tables.relation_terms, tables.names
    rows = connection.execute(sa.select(relations).where(relations.c.notice_id.in_(ids))).all()
    shared = sa.select(terms.c.notice_id, terms.c.ordinal, terms.c.term, named.c.notice_id.label("to_id"))
    shared = shared.join_from(terms, named, terms.c.term == named.c.term).where(terms.c.notice_id.in_(ids))
    meant: dict[tuple[str, int], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for notice_id, ordinal, term, to_id in connection.execute(shared):
        meant[notice_id, ordinal][to_id].add(term)
    whole = {pair for pair, share in held.items() if share >= CONTAINED}
    involved = {row.notice_id for row in rows} | {to_id for found in meant.values() for to_id in found}
    cards = _read_cards(connection, involved | {name for pair in whole for name in pair})
    links: list[Link] = []
    for row in rows:
        by, kind = cards[row.notice_id], LinkKind(row.kind)
        candidates = meant.get((row.notice_id, row.ordinal), {})
        fitting = [cards[to] for to, common in candidates.items() if fits(row.named, frozenset(common), cards[to], by)]
        if any(card.notice_id == by.notice_id for card in fitting):
            # It names itself: a law in the record of its own amendments.
            continue
        targets: Iterable[str | None] = _choose(row.named, [card for card in fitting if _may_speak_of(by, card)], by)
        if kind is LinkKind.forwards and not targets:
            targets = sorted(to for source, to in whole if source == by.notice_id and _may_speak_of(by, cards[to]))
        if not targets and not names_notice(row.named):
            continue
        links += [
            Link(by.notice_id, kind, to, row.named, Span(row.start, row.end), held.get((by.notice_id, to or "")))
            for to in targets or [None]
        ]
    return _drop_repeated(links)


def _choose(named: str, fitting: Sequence[NoticeCard], by: NoticeCard) -> list[str]:
    """Of the notices that fit, those of the number where one is stated, and of the same issuer where one is."""
    stated = number_terms(named)
    chosen = [card for card in fitting if stated & number_terms(card.number)] or list(fitting)
    chosen = [card for card in chosen if card.issuer and card.issuer == by.issuer] or chosen
    return sorted(card.notice_id for card in chosen)


def _may_speak_of(by: NoticeCard, card: NoticeCard) -> bool:
    """Whether `by` is not earlier than `card`, as far as both dates are known."""
    known = min(len(by.issued_on), len(card.issued_on))
    return by.issued_on[:known] >= card.issued_on[:known]


def _drop_repeated(links: Sequence[Link]) -> list[Link]:
    """Each pair of notices once a kind, at its first place; and of what ends one, the whole before a part."""
    kept: dict[tuple[str, str, str], Link] = {}
    for link in sorted(links, key=_order):
        group = "ends" if link.kind in ENDINGS else link.kind.value
        key = (link.notice_id, group, link.to_id or f"《{link.named}")
        known = kept.get(key)
        if known is None or (known.kind is LinkKind.amends and link.kind is not LinkKind.amends):
            kept[key] = link
    return list(kept.values())


def _read_cards(connection: sa.Connection, notice_ids: Collection[str]) -> dict[str, NoticeCard]:
    query = sa.select(*tables.CARD)
    return {
        row["notice_id"]: to_card(row)
        for ids in batch(sorted(notice_ids))
        for row in connection.execute(query.where(tables.notices.c.notice_id.in_(ids))).mappings()
    }


# -- versions ----------------------------------------------------------------------------------


def _find_versions(connection: sa.Connection, ids: Sequence[str]) -> list[Link]:
    """Each notice with those of the year before it, as far as any is there, of the same title and issuer."""
    own, other, notices = tables.names.alias(), tables.names.alias(), tables.notices
    query = (
        sa.select(own.c.notice_id, other.c.notice_id.label("to_id"), notices.c.year)
        .join_from(own, other, (own.c.term == other.c.term) & (own.c.notice_id != other.c.notice_id))
        .join(notices, notices.c.notice_id == other.c.notice_id)
        .where(own.c.notice_id.in_(ids), sa.func.substr(own.c.term, 1, 1) == VERSION, notices.c.year.is_not(None))
        .where(is_rare(tables.names, own.c.term))
    )
    years: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for notice_id, to_id, year in connection.execute(query):
        years[notice_id].append((year, to_id))
    if not years:
        return []
    own_years = sa.select(notices.c.notice_id, notices.c.year).where(notices.c.notice_id.in_(ids))
    links: list[Link] = []
    for notice_id, year in connection.execute(own_years):
        earlier = [(other_year, to_id) for other_year, to_id in years.get(notice_id, []) if other_year < (year or 0)]
        last = max((other_year for other_year, _ in earlier), default=0)
        links += [Link(notice_id, LinkKind.version_of, to) for other_year, to in earlier if other_year == last]
    return links


# -- near-duplicates ---------------------------------------------------------------------------


def _measure_pairs(connection: sa.Connection, ids: Sequence[str]) -> dict[_Pair, _Measured]:
    """How like the notices are that have a mark in common; the first of each pair is one of these."""
    mine, other = tables.marks.alias(), tables.marks.alias()
    query = (
        sa.select(mine.c.notice_id, other.c.notice_id.label("to_id"), sa.func.sum(other.c.characters).label("shared"))
        .join_from(mine, other, (other.c.mark == mine.c.mark) & (other.c.notice_id != mine.c.notice_id))
        .where(mine.c.notice_id.in_(ids), is_rare(tables.marks, mine.c.mark))
        .group_by(mine.c.notice_id, other.c.notice_id)
    )
    rows = connection.execute(query).all()
    signed = _read_signatures(connection, {name for row in rows for name in (row.notice_id, row.to_id)})
    alike: dict[_Pair, _Measured] = {}
    for notice_id, to_id, shared in rows:
        (one, length), (two, other_length) = signed[notice_id], signed[to_id]
        similar = float(np.mean(one == two)) if one.size and one.size == two.size else 0.0
        shares = (round(shared / total, 3) if total >= _FEWEST_CHARACTERS else 0.0 for total in (other_length, length))
        alike[notice_id, to_id] = _Measured(round(similar, 3), *shares)
    return alike


def _read_signatures(connection: sa.Connection, notice_ids: Collection[str]) -> dict[str, tuple[Any, int]]:
    table = tables.signatures
    query = sa.select(table.c.notice_id, table.c.signature, table.c.characters)
    return {
        row.notice_id: (np.frombuffer(row.signature, "<u4"), row.characters)
        for ids in batch(sorted(notice_ids))
        for row in connection.execute(query.where(table.c.notice_id.in_(ids)))
    }
