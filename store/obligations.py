"""What notices ask of whom, as it is kept: written with a notice, read by notice, year and strength."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from core.types import Obligation, Span, Strength
from store import tables
from store.sqlite import batch


@dataclass(frozen=True, slots=True)
class Obligations:
    """The obligations of one notice in its order, as the rules of the version `rules` find them."""

    rules: str
    found: tuple[Obligation, ...] = ()


def put_obligations(connection: sa.Connection, notice_id: str, obligations: Obligations) -> None:
    """Write the obligations of a notice, in place of those that were written before."""
    drop_obligations(connection, notice_id)
    rules = {"notice_id": notice_id, "rules": obligations.rules}
    connection.execute(sa.insert(tables.obligation_rules).values(rules))
    rows = [
        {
            "notice_id": notice_id,
            "ordinal": each.ordinal,
            "start": each.span.start,
            "end": each.span.end,
            "strength": each.strength.value,
            "bound": each.bound,
            "due": each.due,
            "year": each.year,
            "exhorts": each.exhorts,
        }
        for each in obligations.found
    ]
    if rows:
        connection.execute(sa.insert(tables.obligations), rows)


def drop_obligations(connection: sa.Connection, notice_id: str) -> None:
    """Delete what is kept of a notice's obligations; it counts as not examined then."""
    for table in (tables.obligations, tables.obligation_rules):
        connection.execute(sa.delete(table).where(table.c.notice_id == notice_id))


def read_obligations(
    connection: sa.Connection,
    notice_ids: Collection[str] | None,
    years: Collection[int],
    strengths: Collection[Strength],
) -> dict[str, list[Obligation]]:
    """The obligations of these notices (None: of all), in order; `years` and `strengths` narrow where there are any.

    Notices without any are left out.
    """
    table = tables.obligations
    query = sa.select(table).order_by(table.c.notice_id, table.c.ordinal)
    if years:
        query = query.where(table.c.year.in_(sorted(years)))
    if strengths:
        query = query.where(table.c.strength.in_(sorted(strength.value for strength in strengths)))
    parts = [None] if notice_ids is None else batch(sorted(notice_ids))
    found: dict[str, list[Obligation]] = {}
    for ids in parts:
        for row in connection.execute(query if ids is None else query.where(table.c.notice_id.in_(ids))):
            found.setdefault(row.notice_id, []).append(_to_obligation(row))
    return found


def read_places(connection: sa.Connection) -> list[tuple[str, int]]:
    """The notice's id and the sentence's ordinal of each obligation, in order."""
    table = tables.obligations
    query = sa.select(table.c.notice_id, table.c.ordinal).order_by(table.c.notice_id, table.c.ordinal)
    return [(notice_id, ordinal) for notice_id, ordinal in connection.execute(query)]


def read_years(connection: sa.Connection) -> list[int]:
    """The years that obligations are about, ascending."""
    year = tables.obligations.c.year
    query = sa.select(year).where(year.is_not(None)).distinct().order_by(year)
    return list(connection.execute(query).scalars())


def find_without(connection: sa.Connection, rules: str) -> list[str]:
    """The ids of the notices that the rules of this version have not examined."""
    table = tables.obligation_rules
    examined = sa.select(table.c.notice_id).where(table.c.rules == rules)
    query = sa.select(tables.notices.c.notice_id).where(tables.notices.c.notice_id.not_in(examined))
    return sorted(connection.execute(query).scalars())


def _to_obligation(row: sa.Row[tuple[object, ...]]) -> Obligation:
    span, strength = Span(row.start, row.end), Strength(row.strength)
    return Obligation(row.ordinal, span, strength, row.bound, row.due, row.year, row.exhorts)
