"""Notices that have left the desk: kept as they stood, so that a citation of them opens years later."""

from __future__ import annotations

import sqlalchemy as sa

from core.types import Notice, Page, Paragraph, Span
from store import tables
from store.rows import find_succession, list_origins, read_notice, to_card, unknown

# A chain of successors longer than this is a fault, and is not followed for ever.
_LONGEST_CHAIN = 1000


def put_departed(connection: sa.Connection, notice_id: str) -> None:
    """Keep a notice that is about to leave the catalogue as it stands; raises UnknownNoticeError."""
    notice = read_notice(connection, notice_id)
    card = {column.name: getattr(notice.card, column.name) for column in tables.CARD}
    connection.execute(sa.delete(tables.departed).where(tables.departed.c.notice_id == notice_id))
    connection.execute(
        sa.insert(tables.departed).values(
            **card | {"provenance": list_origins(notice.card.provenance)},
            text=notice.text,
            pages=[[page.number, page.span.start, page.span.end] for page in notice.pages],
            paragraphs=[[each.number, each.span.start, each.span.end, each.clause] for each in notice.paragraphs],
        )
    )


def read_departed(connection: sa.Connection, notice_id: str) -> Notice:
    """A notice that has left, as it stood; raises UnknownNoticeError where none with this id has."""
    query = sa.select(tables.departed).where(tables.departed.c.notice_id == notice_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise unknown(notice_id)
    return Notice(
        to_card(row),
        row["text"],
        tuple(Page(number, Span(start, end)) for number, start, end in row["pages"]),
        tuple(Paragraph(number, Span(start, end), clause) for number, start, end, clause in row["paragraphs"]),
    )


def erase_departed(connection: sa.Connection, notice_id: str) -> bool:
    """Erase what is kept of a notice that has left; whether anything was."""
    gone = connection.execute(sa.delete(tables.departed).where(tables.departed.c.notice_id == notice_id))
    return bool(gone.rowcount)


def find_successor(connection: sa.Connection, notice_id: str) -> str | None:
    """The id of the notice on the desk that stands in the place of one that has left; None where none does."""
    known = sa.select(tables.notices.c.notice_id)
    for _ in range(_LONGEST_CHAIN):
        succession = find_succession(connection, notice_id)
        if succession is None or succession[1] is None:
            return None
        notice_id = succession[1]
        if connection.execute(known.where(tables.notices.c.notice_id == notice_id)).scalar_one_or_none():
            return notice_id
    return None
