"""Notices that somebody took off the desk, and the files that must not bring them back until they are restored."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

import sqlalchemy as sa

from store import tables


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A file whose notice somebody removed: `at` is in UTC, as ISO 8601 to the second, `person` their name.

    `location`, `path` and `file_digest` are as in a `FileRecord`.
    """

    notice_id: str
    location: str
    path: str
    file_digest: str
    person: str
    at: str


def put_withdrawn(connection: sa.Connection, notice_id: str, person: str, at: str) -> None:
    """Note that the files of a notice which is about to leave the catalogue are withdrawn."""
    drop_withdrawn(connection, notice_id)
    files = tables.files
    rows = connection.execute(sa.select(files).where(files.c.notice_id == notice_id)).all()
    for row in rows:
        withdrawal = Withdrawal(notice_id, row.location, row.path, row.file_digest, person, at)
        connection.execute(sa.insert(tables.withdrawn).values(asdict(withdrawal)))


def drop_withdrawn(connection: sa.Connection, notice_id: str) -> None:
    """Let the files of a notice be read again."""
    connection.execute(sa.delete(tables.withdrawn).where(tables.withdrawn.c.notice_id == notice_id))


def read_withdrawn(connection: sa.Connection) -> list[Withdrawal]:
    """All that is withdrawn, the latest first; the files of one notice stand together."""
    table = tables.withdrawn
    query = sa.select(*(table.c[field.name] for field in fields(Withdrawal)))
    rows = connection.execute(query.order_by(table.c.at.desc(), table.c.notice_id, table.c.location))
    return [Withdrawal(*row) for row in rows]
