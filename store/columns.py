"""The kinds of columns that mean the same in SQLite and in PostgreSQL, and how rows are put into both."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

# SQLite orders and compares texts by their bytes, PostgreSQL by a language, unless it is told not to.
LINE = sa.String().with_variant(sa.String(collation="C"), "postgresql")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
# So many characters of a key are in the index: PostgreSQL takes 2,704 bytes there.
_KEY = 600
# 64 bits: what SQLite calls an integer.
LONG = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
_INSERTS: Mapping[str, Callable[[sa.Table], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Key(sa.TypeDecorator[str]):
    """A text that rows are found by and that is never read back whole: on PostgreSQL a long one ends in its digest."""

    impl = sa.String
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[str]:
        """The type of the column."""
        return dialect.type_descriptor(LINE.dialect_impl(dialect))

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:
        """The key as it is kept, and as it is looked for."""
        if value is None or len(value) <= _KEY or dialect.name != "postgresql":
            return value
        return value[:_KEY] + hashlib.sha256(value.encode("utf-8")).hexdigest()


def put_rows(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, whole; each takes the place of the one with its key, also of one that another is writing now."""
    if not rows:
        return
    insert = _INSERTS[connection.dialect.name](table)
    values = {column.name: insert.excluded[column.name] for column in table.columns if not column.primary_key}
    connection.execute(insert.on_conflict_do_update(index_elements=list(table.primary_key), set_=values), rows)
