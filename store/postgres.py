"""How a database of PostgreSQL is opened, what its errors mean, and who may write to it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import ArgumentError

from core.errors import (
    BrokenStoreError,
    FullDiskError,
    PolicyDeskError,
    StoreBusyError,
    StoreError,
    UnreachableStoreError,
    UsageError,
)

_DIALECTS = ("postgresql", "postgres", "postgresql+psycopg")
# A server that has not taken a connection after so many seconds is not there; a connection on which nothing was
# heard for as many is asked whether it still stands, and what was sent is answered for within as many.
_PATIENCE = 10
_KEEPALIVE = {"keepalives_idle": 3 * _PATIENCE, "keepalives_interval": _PATIENCE, "keepalives_count": 3}
# The same from the server's side: the claim of a host that has gone without a word is free again after that.
_SERVER_KEEPALIVE = "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3"
_FULL = "53100"
_TOO_LONG = "54000"
_SHORTEN = "Move the files to folders with shorter names, 2,700 bytes with all that lie above, then ingest again."
# Classes and codes of SQLSTATE: connections that fail or end, servers that start, stop, or have no more to give.
_GONE = ("08", "57P01", "57P02", "57P03", "57P05", "53300", "25P03")
# Who may not connect, or to nothing: that is the settings' fault, and none of the store's files is broken.
_REFUSED = ("28", "3D000")


def read_url(written: str) -> sa.URL:
    """The URL of a PostgreSQL database; raises UsageError, which does not repeat it: there is a password in it."""
    help = "Write POLICY_DESK_DATABASE_URL as postgresql://USER:PASSWORD@HOST:PORT/DATABASE."
    try:
        url = sa.make_url(written)
    except (ArgumentError, ValueError) as error:
        raise UsageError("the URL of the database cannot be understood", help) from error
    if url.drivername not in _DIALECTS:
        raise UsageError(f"a database of {url.drivername} cannot hold the store", help)
    return url.set(drivername="postgresql+psycopg")


def describe(url: sa.URL) -> str:
    """The database and the host of a URL, for messages: neither user nor password."""
    host = url.host or url.query.get("host") or "this machine"
    return f"database {url.database or '(unnamed)'} on {host}{f':{url.port}' if url.port else ''}"


def make_postgres_engine(url: sa.URL, schema: str, **options: Any) -> sa.Engine:
    """The engine of a schema; each error that means that the server is gone is raised as UnreachableStoreError.

    A connection is tried before it is used: after a restart of the server the next use has a new one.
    """
    own = " ".join(str(part) for part in (url.query.get("options", ""), f"-c search_path={schema}") if part)
    if "poolclass" not in options:
        # An answer keeps a connection until it is whole, and a chat model may take its time: there is one more.
        options |= {"pool_pre_ping": True, "max_overflow": -1}
    timeouts = {"connect_timeout": _PATIENCE, "tcp_user_timeout": 3 * _PATIENCE * 1000}
    sent = {**timeouts, **_KEEPALIVE, "options": f"{own} {_SERVER_KEEPALIVE}", "application_name": "policy-desk"}
    # What people ask stands in no message and no log.
    engine = sa.create_engine(url, connect_args=sent, hide_parameters=True, **options)
    sa.event.listen(engine, "connect", _leave_out_nul)
    sa.event.listen(engine, "handle_error", _Teller(describe(url)))
    return engine


def name_lock(name: str) -> int:
    """The number of the advisory lock that is called so, in 64 bits."""
    digest = hashlib.sha256(f"policy desk: {name}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


class Claim:
    """The right to write, while one connection to the server lasts; what is written goes through it alone.

    So a writer whose connection was lost, and with it the right, cannot write any more, even if the server is back.
    """

    def __init__(self, connection: sa.Connection, where: str) -> None:
        self._connection = connection
        self._where = where
        self._lock = Lock()

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """A transaction of the one who may write; raises UnreachableStoreError once the connection was lost."""
        with self._lock:
            # Left to itself, SQLAlchemy would open another one here, which holds no right.
            if self._connection.invalidated or self._connection.closed:
                raise UnreachableStoreError(f"{self._where}: the connection was lost, and the right to write with it")
            with self._connection.begin():
                yield self._connection

    def confirm(self) -> None:
        """Ask the server whether the right is still held; raises UnreachableStoreError where it is not."""
        with self.begin() as connection:
            connection.execute(sa.select(1))


@contextmanager
def claim_database(url: sa.URL, schema: str) -> Iterator[Claim]:
    """The right to write to a database until the block ends; raises StoreBusyError where another host has it."""
    engine = make_postgres_engine(url, schema, poolclass=sa.NullPool)
    with engine.connect() as connection:
        asked = sa.select(sa.func.pg_try_advisory_lock(name_lock("writing")))
        if not connection.execute(asked).scalar_one():
            raise StoreBusyError(f"{describe(url)}: another ingest is writing")
        # The lock belongs to the connection, not to the transaction, and goes with it.
        connection.commit()
        yield Claim(connection, describe(url))


@contextmanager
def lock_opening(engine: sa.Engine) -> Iterator[None]:
    """Wait until nobody else makes or brings up tables, and keep others from it until the block ends."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.select(sa.func.pg_advisory_lock(name_lock("opening"))))
        try:
            yield
        finally:
            if not connection.invalidated:
                connection.execute(sa.select(sa.func.pg_advisory_unlock(name_lock("opening"))))


def make_schema(engine: sa.Engine, schema: str) -> None:
    """Make the schema where it is missing; raises BrokenStoreError for a database that cannot hold every character."""
    with engine.begin() as connection:
        encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
        if encoding != "UTF8":
            raise BrokenStoreError(
                f"{describe(engine.url)}: it keeps texts as {encoding}", "Make a database with: createdb -E UTF8 NAME"
            )
        # Who may not make schemas may still use one that is there.
        if connection.execute(sa.select(sa.func.to_regnamespace(schema).is_(None))).scalar_one():
            connection.execute(sa.schema.CreateSchema(schema))


class _Teller:
    """Says what an error of the server is in the words of the desk, and where it came about."""

    def __init__(self, where: str) -> None:
        self._where = where

    def __call__(self, context: ExceptionContext) -> PolicyDeskError | None:
        """The error of the desk's own tree that takes the place of the driver's, None where there is none."""
        if context.is_pre_ping:
            # Another connection is opened instead; only if that fails too, something is wrong.
            return None
        state = getattr(context.original_exception, "sqlstate", None) or ""
        if state == _FULL:
            return FullDiskError(f"{self._where}: the disk of the server is full")
        if state == _TOO_LONG:
            return StoreError(f"{self._where}: a file's place is longer than the database keeps", _SHORTEN)
        is_operational = isinstance(context.sqlalchemy_exception, sa.exc.OperationalError)
        could_not_connect = context.connection is None and is_operational
        if context.is_disconnect or could_not_connect or state.startswith((*_GONE, *_REFUSED)):
            said = (str(context.original_exception).strip() or "no answer").splitlines()[0]
            return UnreachableStoreError(f"{self._where}: {said}")
        return None


def _leave_out_nul(connection: Any, _record: Any) -> None:
    """Leave the character NUL out of what is sent: PostgreSQL keeps none, and no canonical text has one."""
    from psycopg.types.string import StrDumperUnknown

    class PlainDumper(StrDumperUnknown):
        """As the driver's own: the server takes the column's type, be it text or a vector of words."""

        def dump(self, obj: str) -> Any:
            """The text as bytes, without NUL."""
            return super().dump(obj.replace("\0", ""))

    connection.adapters.register_dumper(str, PlainDumper)
