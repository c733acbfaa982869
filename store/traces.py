"""What is kept of a notice so that others are linked with it: what it says of them, and what its text is like."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from core.types import LinkKind, Span
from store import tables


@dataclass(frozen=True, slots=True)
class Relation:
    """That a notice says to be of some kind to another: the words that name that one, and their terms.

    `span` is the sentence that says so.
    """

    kind: LinkKind
    named: str
    terms: frozenset[str]
    span: Span


@dataclass(frozen=True, slots=True)
class Trace:
    """All that links a notice with others, made of its text and title alone by the rules of the version `rules`.

    `signature` is a MinHash as uint32, little-endian; two of different lengths do not compare. `marks` are hashes
    (63 bits) of its bands, worth 0, and of its long paragraphs, worth their characters; `characters` counts those
    of all long paragraphs.
    """

    rules: str
    relations: tuple[Relation, ...] = ()
    signature: bytes = b""
    marks: tuple[tuple[int, int], ...] = ()
    characters: int = 0


def put_trace(connection: sa.Connection, notice_id: str, trace: Trace) -> None:
    """Write what links a notice, in place of what was written before."""
    for table in (tables.relations, tables.relation_terms, tables.signatures, tables.marks):
        connection.execute(sa.delete(table).where(table.c.notice_id == notice_id))
    for ordinal, relation in enumerate(trace.relations):
        place = {"notice_id": notice_id, "ordinal": ordinal}
        row = {"kind": relation.kind.value, "named": relation.named}
        bounds = {"start": relation.span.start, "end": relation.span.end}
        connection.execute(sa.insert(tables.relations).values(**place, **row, **bounds))
        if relation.terms:
            rows = [{"term": term, **place} for term in sorted(relation.terms)]
            connection.execute(sa.insert(tables.relation_terms), rows)
    signed = {"rules": trace.rules, "signature": trace.signature, "characters": trace.characters}
    connection.execute(sa.insert(tables.signatures).values(notice_id=notice_id, **signed))
    if trace.marks:
        marks = [{"mark": mark, "notice_id": notice_id, "characters": worth} for mark, worth in trace.marks]
        connection.execute(sa.insert(tables.marks), marks)


def put_names(connection: sa.Connection, notice_id: str, terms: frozenset[str]) -> None:
    """Write the terms by which others name a notice, in place of those before."""
    connection.execute(sa.delete(tables.names).where(tables.names.c.notice_id == notice_id))
    if terms:
        rows = [{"term": term, "notice_id": notice_id} for term in sorted(terms)]
        connection.execute(sa.insert(tables.names), rows)


def find_unexamined(connection: sa.Connection, rules: str) -> list[str]:
    """The ids of the notices that the rules of this version have not examined."""
    examined = sa.select(tables.signatures.c.notice_id).where(tables.signatures.c.rules == rules)
    query = sa.select(tables.notices.c.notice_id).where(tables.notices.c.notice_id.not_in(examined))
    return sorted(connection.execute(query).scalars())
