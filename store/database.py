"""Tables that belong together, in a file of SQLite or in a schema of PostgreSQL: the place of the store decides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager

import sqlalchemy as sa
from filelock import FileLock

from core.place import Place
from store.postgres import Claim, claim_database, describe, lock_opening, make_postgres_engine, make_schema, read_url
from store.sqlite import make_engine

_PREFIX = "policy_desk_"
_SERVER_HELP = "Ask whoever runs the database to look at it; the notices themselves are not touched."


class Database:
    """The tables of one part of the store, called `name`; opened, or made, by `open`."""

    def __init__(self, place: Place, name: str) -> None:
        """Nothing is opened yet; raises UsageError for a URL that is none of PostgreSQL."""
        self._folder = place.folder
        self.file = place.folder / f"{name}.sqlite"
        self.schema = _PREFIX + name.replace("-", "_")
        self.url = read_url(place.database_url) if place.database_url else None
        self.engine = make_postgres_engine(self.url, self.schema) if self.url else make_engine(self.file)
        # What only reads needs no transaction: a statement sees what was written before it.
        self._reading = self.engine.execution_options(isolation_level="AUTOCOMMIT") if self.url else self.engine
        self._claim: Claim | None = None

    @property
    def where(self) -> str:
        """The place of the tables, for messages: a file, or database and host."""
        return describe(self.url) if self.url else str(self.file)

    @property
    def help(self) -> str | None:
        """What to do where the tables are broken, None for what is always done."""
        return _SERVER_HELP if self.url else None

    def close(self) -> None:
        """Release the connections."""
        self.engine.dispose()

    @contextmanager
    def opening(self, tables: sa.MetaData) -> Iterator[None]:
        """Make what tables are missing, and let nobody else open them until the block ends.

        Two processes that open a new store at once would both make its tables. Raises OSError, BrokenStoreError,
        UnreachableStoreError.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with lock_opening(self.engine) if self.url else FileLock(self._folder / "opening.lock"):
            if self.url:
                make_schema(self.engine, self.schema)
            tables.create_all(self.engine)
            yield

    def connect(self) -> AbstractContextManager[sa.Connection]:
        """What readings read from: each statement sees what was written before it."""
        return self._reading.connect()

    @contextmanager
    def hold(self) -> Iterator[sa.Connection]:
        """A connection that sees the tables as they are now until the block ends, whatever others write."""
        with ExitStack() as stack:
            if self.url:
                snapshot = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
                connection = stack.enter_context(self.engine.connect().execution_options(**snapshot))
            else:
                connection = stack.enter_context(self.engine.connect())
                # The driver begins none for what only reads. The first reading fixes what is seen.
                connection.exec_driver_sql("BEGIN")
            yield connection

    def begin(self) -> AbstractContextManager[sa.Connection]:
        """A transaction that is kept if the block ends well; through the claim's own connection while there is one."""
        claim = self._claim
        return claim.begin() if claim else self.engine.begin()

    @contextmanager
    def claim(self) -> Iterator[None]:
        """The right to write until the block ends, where other hosts may write too; raises StoreBusyError.

        A file has no need of it: who writes there holds a lock in the folder.
        """
        if self.url is None:
            yield
            return
        with claim_database(self.url, self.schema) as claim:
            self._claim = claim
            try:
                yield
            finally:
                self._claim = None

    def confirm_claim(self) -> None:
        """Raise UnreachableStoreError where the right to write was lost with the connection to the server."""
        if self._claim:
            self._claim.confirm()

    def vacuum(self, tables: Sequence[sa.Table]) -> None:
        """Write the tables anew without what was deleted, so that it is gone from their files."""
        if self.url is None:
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        with self._reading.connect() as connection:
            preparer = connection.dialect.identifier_preparer
            for table in tables:
                connection.exec_driver_sql(f"VACUUM (FULL) {preparer.format_table(table)}")

    def measure(self) -> int:
        """How much room the desk's tables take on the server, in bytes; 0 for a file: it lies in the store's folder."""
        if self.url is None:
            return 0
        sizes = "SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) FROM pg_class c JOIN pg_namespace n "
        sizes += "ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND starts_with(n.nspname, :prefix)"
        with self.connect() as connection:
            return int(connection.execute(sa.text(sizes), {"prefix": _PREFIX}).scalar_one())

    def drop_others(self, prefix: str) -> None:
        """Drop all tables whose name begins so, but these: files, or schemas of the server."""
        if self.url is None:
            for file in self._folder.glob(f"{prefix}*.sqlite*"):
                if not file.name.startswith(self.file.name):
                    file.unlink(missing_ok=True)
            return
        with self.engine.begin() as connection:
            for schema in sa.inspect(connection).get_schema_names():
                if schema.startswith(_PREFIX + prefix.replace("-", "_")) and schema != self.schema:
                    connection.execute(sa.schema.DropSchema(schema, cascade=True, if_exists=True))
