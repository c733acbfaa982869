"""How the files of SQLite are opened, and how many names go into one statement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

# SQLite allows 32,766 variables in a statement.
_BATCH = 5000


def make_engine(file: Path) -> sa.Engine:
    """The engine of a file, which is opened, or made, at the first connection."""
    # Made of its parts: in a URL that is written out, a folder's "?" would end its name.
    # An answer keeps a connection until it is whole, and a chat model may take its time: there must always be one more.
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(file)), max_overflow=-1)
    sa.event.listen(engine, "connect", _prepare)
    return engine


def batch(names: Sequence[str]) -> Iterator[Sequence[str]]:
    """The names in their order, so many at a time as one statement takes."""
    for first in range(0, len(names), _BATCH):
        yield names[first : first + _BATCH]


def _prepare(connection: Any, _record: Any) -> None:
    """Set up a new connection so that readers and one writer do not block each other."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.close()
