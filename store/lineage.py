"""Which links bind some notices together: their own, and those of the notices through which one succeeds another."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from core.types import Link, LinkKind
from store import tables
from store.links import SUCCESSIONS, is_rare, read_links, read_successions
from store.names import VERSION
from store.sqlite import batch


def read_lineage(connection: sa.Connection, notice_ids: Collection[str]) -> list[Link]:
    """The links from these notices; and the successions to and from them and on, through whatever notices.

    What is connected by successions among all links is connected among these. Of the work most grows with
    what these notices have in common with others, not with the desk.
    """
    links = read_links(connection, notice_ids)
    known, fresh = set(notice_ids), set(notice_ids)
    led_to = {link.to_id for link in links if link.kind in SUCCESSIONS and link.to_id is not None}
    while beside := (led_to | _find_succeeding(connection, fresh)) - known:
        found = read_successions(connection, beside)
        links += found
        known |= beside
        fresh, led_to = beside, {link.to_id for link in found if link.to_id is not None}
    return links


def _find_succeeding(connection: sa.Connection, notice_ids: Collection[str]) -> set[str]:
    """The notices that may succeed one of these: they say of a name of it that they replace it, or share its title."""
    named, terms, relations = tables.names, tables.relation_terms, tables.relations
    replacing = (
        sa.select(terms.c.notice_id)
        .join_from(named, terms, named.c.term == terms.c.term)
        .join(relations, (relations.c.notice_id == terms.c.notice_id) & (relations.c.ordinal == terms.c.ordinal))
        .where(relations.c.kind == LinkKind.replaces.value)
    )
    other = named.alias()
    entitled = (
        sa.select(other.c.notice_id)
        .join_from(named, other, named.c.term == other.c.term)
        .where(sa.func.substr(named.c.term, 1, 1) == VERSION, is_rare(named, named.c.term))
    )
    found: set[str] = set()
    for ids in batch(sorted(notice_ids)):
        for query in (replacing, entitled):
            found |= set(connection.execute(query.where(named.c.notice_id.in_(ids)).distinct()).scalars())
    return found
