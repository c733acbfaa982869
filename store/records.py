"""What people leave at the desk, in tables of their own: conversations, feedback, who changed which notices.

It is not derived from the notices and no change of them touches it; it is not in the catalogue, so that asking
never waits for an ingest that is writing there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from core.errors import BrokenStoreError, FullDiskError
from core.place import Place, to_place
from store.columns import LINE, TEXT
from store.database import Database
from store.disk import is_full

RECORDS_VERSION = "1"
_NUMBERED = "ALTER TABLE %(fullname)s ADD COLUMN rowid BIGINT GENERATED ALWAYS AS IDENTITY"

metadata = sa.MetaData()
conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("conversation_id", LINE, primary_key=True),
    sa.Column("person", LINE, nullable=False, index=True),
    sa.Column("title", LINE, nullable=False),
    sa.Column("changed_at", LINE, nullable=False),
)
# An answer as JSON, with its citations: digest, span and quote outlive the notices.
turns = sa.Table(
    "turns",
    metadata,
    sa.Column(
        "conversation_id",
        LINE,
        sa.ForeignKey("conversations.conversation_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column("place", sa.Integer, primary_key=True),
    sa.Column("question", LINE, nullable=False),
    sa.Column("answer", TEXT, nullable=False),
    # What a search looks in, folded: the question and what was answered.
    sa.Column("words", TEXT, nullable=False),
)
feedback = sa.Table(
    "feedback",
    metadata,
    sa.Column("feedback_id", sa.Integer, primary_key=True),
    sa.Column("at", LINE, nullable=False),
    sa.Column("person", LINE, nullable=False),
    sa.Column("question", LINE, nullable=False),
    sa.Column("history", sa.JSON, nullable=False),
    sa.Column("answer", TEXT, nullable=False),
    sa.Column("good", sa.Boolean, nullable=False),
    sa.Column("reason", LINE, nullable=False),
    sa.Column("comment", LINE, nullable=False),
)
audit = sa.Table(
    "audit",
    metadata,
    sa.Column("event_id", sa.Integer, primary_key=True),
    sa.Column("at", LINE, nullable=False),
    sa.Column("person", LINE, nullable=False),
    sa.Column("action", LINE, nullable=False),
    sa.Column("subject", LINE, nullable=False),
    sa.Column("outcome", LINE, nullable=False),
)
# What people were last called, by the keys that stand elsewhere.
people = sa.Table(
    "people", metadata, sa.Column("person", LINE, primary_key=True), sa.Column("name", LINE, nullable=False)
)
state = sa.Table("state", metadata, sa.Column("key", LINE, primary_key=True), sa.Column("value", LINE, nullable=False))


# In which order conversations were begun. SQLite numbers the rows of every table, and calls that so; PostgreSQL has
# no such thing, and is given it.
conversations.append_column(sa.Column("rowid", sa.BigInteger, system=True))
sa.event.listen(
    conversations,
    "after_create",
    sa.DDL(_NUMBERED).execute_if(dialect="postgresql"),  # type: ignore[no-untyped-call]
)


class Records:
    """The records of one desk; safe from many threads and processes."""

    def __init__(self, place: Place | Path) -> None:
        """Open or make the records at `place`; raises BrokenStoreError, UnreachableStoreError."""
        self._folder = to_place(place).folder
        self._database = Database(to_place(place), "records")
        if self._database.url is None:
            sa.event.listen(self._database.engine, "connect", _overwrite_deleted)
        with self._tell(), self._database.opening(metadata), self._database.begin() as connection:
            found = connection.execute(sa.select(state.c.value).where(state.c.key == "version")).scalar_one_or_none()
            if found is None:
                connection.execute(sa.insert(state).values(key="version", value=RECORDS_VERSION))
            elif found != RECORDS_VERSION:
                raise BrokenStoreError(
                    f"{self._database.where}: written by another version of Policy Desk ({found})",
                    "Start the version that wrote it, or move the file away: conversations begin anew.",
                )

    def close(self) -> None:
        """Release the connections."""
        self._database.close()

    def settle(self) -> None:
        """Bring it about that what people deleted is in no file of the tables either; raises BrokenStoreError."""
        with self._tell():
            self._database.vacuum((conversations, turns, feedback))

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection to read from; raises BrokenStoreError, UnreachableStoreError."""
        with self._tell(), self._database.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A transaction that is kept if the block ends well; raises BrokenStoreError, FullDiskError.

        Raises UnreachableStoreError where a server that holds it is gone.
        """
        with self._tell(), self._database.begin() as connection:
            yield connection

    @contextmanager
    def _tell(self) -> Iterator[None]:
        where = self._database.where
        try:
            yield
        except DatabaseError as error:
            if is_full(self._folder, error):
                raise FullDiskError(f"{where}: no room is left on its disk") from error
            advice = "Move the file away: conversations and feedback begin anew, the notices are not touched."
            raise BrokenStoreError(f"{where}: {error.orig}", self._database.help or advice) from error


def _overwrite_deleted(connection: Any, _record: Any) -> None:
    """What is deleted is overwritten, not only let go: people were promised that it is gone."""
    connection.execute("PRAGMA secure_delete=ON")
