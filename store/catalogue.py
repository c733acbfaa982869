"""The truth: notices with their canonical text, pages, sentences and passages, in SQL."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from filelock import FileLock
from sqlalchemy.exc import DatabaseError

from core.errors import BrokenStoreError, UnknownNoticeError
from core.types import Notice, NoticeCard, Page, Passage, Sentence, SentenceKind, Span

SCHEMA_VERSION = "1"
# SQLite allows 32,766 variables in a statement; a notice of the longest kind stays in one batch.
_BATCH = 5000

_metadata = sa.MetaData()
_notices = sa.Table(
    "notices",
    _metadata,
    sa.Column("notice_id", sa.String, primary_key=True),
    sa.Column("path", sa.String, nullable=False),
    sa.Column("title", sa.String, nullable=False),
    sa.Column("issuer", sa.String, nullable=False),
    sa.Column("number", sa.String, nullable=False),
    sa.Column("issued_on", sa.String, nullable=False),
    sa.Column("year", sa.Integer, index=True),
    sa.Column("language", sa.String, nullable=False),
    sa.Column("url", sa.String, nullable=False),
    sa.Column("licence", sa.String, nullable=False),
    sa.Column("digest", sa.String, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
)
_CARD = [column for column in _notices.columns if column.name != "text"]


def _belongs_to_notice() -> sa.Column[str]:
    return sa.Column(
        "notice_id",
        sa.String,
        sa.ForeignKey("notices.notice_id", ondelete="CASCADE"),
        primary_key=True,
    )


_pages = sa.Table(
    "pages",
    _metadata,
    _belongs_to_notice(),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
)
_sentences = sa.Table(
    "sentences",
    _metadata,
    _belongs_to_notice(),
    sa.Column("ordinal", sa.Integer, primary_key=True),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("head", sa.Integer),
    sa.Column("item", sa.Integer),
)
_passages = sa.Table(
    "passages",
    _metadata,
    sa.Column("passage_id", sa.String, primary_key=True),
    sa.Column(
        "notice_id",
        sa.String,
        sa.ForeignKey("notices.notice_id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
)
_files = sa.Table(
    "files",
    _metadata,
    sa.Column("location", sa.String, primary_key=True),
    sa.Column("path", sa.String, nullable=False),
    sa.Column("file_digest", sa.String, nullable=False),
    sa.Column("record_digest", sa.String, nullable=False),
    sa.Column("notice_id", sa.String, sa.ForeignKey("notices.notice_id"), nullable=False, index=True),
)
_successions = sa.Table(
    "successions",
    _metadata,
    sa.Column("old_id", sa.String, primary_key=True),
    sa.Column("path", sa.String, nullable=False),
    sa.Column("new_id", sa.String),
)
_state = sa.Table(
    "state",
    _metadata,
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("value", sa.String, nullable=False),
)


def digest_text(text: str) -> str:
    """SHA-256 of the text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def name_notice(text: str) -> str:
    """The id of the notice with this canonical text: the first 16 digits of its digest."""
    return digest_text(text)[:16]


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file that was read: where it is, what was in it, and which notice it became.

    `location` is the absolute path, `path` the one relative to the folder named at ingest;
    `record_digest` covers what else went into the notice (its row of sources.csv, the readers).
    """

    location: str
    path: str
    file_digest: str
    record_digest: str
    notice_id: str


@dataclass(frozen=True, slots=True)
class Entry:
    """All that the catalogue keeps of one notice."""

    notice: Notice
    passages: tuple[Passage, ...]
    sentences: tuple[Sentence, ...]


class Catalogue:
    """The SQL store of one desk. Every method is a transaction of its own."""

    def __init__(self, folder: Path) -> None:
        """Open or make `folder`/catalogue.sqlite; raises BrokenStoreError where that fails."""
        self._engine = sa.create_engine(f"sqlite:///{folder / 'catalogue.sqlite'}")
        sa.event.listen(self._engine, "connect", prepare_connection)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            # Two processes that open a new store at once would both make its tables.
            with FileLock(folder / "opening.lock"):
                _metadata.create_all(self._engine)
                found = self.read_state("schema") or SCHEMA_VERSION
                self.write_state("schema", found)
        except (DatabaseError, OSError) as error:
            raise BrokenStoreError(f"{folder}: the catalogue cannot be opened ({error})") from error
        if found != SCHEMA_VERSION:
            raise BrokenStoreError(f"{folder}: made by another version of Policy Desk ({found})")

    def close(self) -> None:
        """Release the connections."""
        self._engine.dispose()

    # -- state ---------------------------------------------------------------------------------

    def read_state(self, key: str) -> str | None:
        """A value that describes the store itself, such as its embedding model."""
        with self._engine.connect() as connection:
            query = sa.select(_state.c.value).where(_state.c.key == key)
            return connection.execute(query).scalar_one_or_none()

    def write_state(self, key: str, value: str | None) -> None:
        """Set a value that describes the store, or forget it (None)."""
        if self.read_state(key) == value:
            return
        with self._engine.begin() as connection:
            _put_state(connection, key, value)

    @property
    def generation(self) -> int:
        """A number that grows with every change of the notices."""
        return int(self.read_state("generation") or 0)

    # -- writing -------------------------------------------------------------------------------

    def add(
        self,
        entries: Sequence[Entry],
        files: Sequence[FileRecord],
        successions: Mapping[str, str] | None = None,
    ) -> None:
        """Write notices, the files that they came from, and which notice follows which: all or nothing."""
        if not entries and not files:
            return
        with self._engine.begin() as connection:
            for entry in entries:
                _insert_entry(connection, entry)
            for record in files:
                _put_file(connection, record)
            for old_id, new_id in (successions or {}).items():
                _put_succession(connection, old_id, new_id)
            _move_generation(connection)

    def remove(self, notice_id: str) -> None:
        """Forget a notice and its files, but not that it was there; raises UnknownNoticeError."""
        with self._engine.begin() as connection:
            _read_card(connection, notice_id)
            if _find_succession(connection, notice_id) is None:
                _put_succession(connection, notice_id, None)
            connection.execute(sa.delete(_files).where(_files.c.notice_id == notice_id))
            connection.execute(sa.delete(_notices).where(_notices.c.notice_id == notice_id))
            _move_generation(connection)

    def remove_file(self, location: str) -> None:
        """Forget a file; the notice that it became stays."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(_files).where(_files.c.location == location))

    # -- reading -------------------------------------------------------------------------------

    def cards(
        self,
        years: Collection[int] = (),
        issuer: str = "",
    ) -> list[NoticeCard]:
        """The notices, oldest first; `years` and `issuer` (a part of the name) narrow them."""
        query = sa.select(*_CARD).order_by(_notices.c.issued_on, _notices.c.path)
        if years:
            query = query.where(_notices.c.year.in_(sorted(set(years))))
        if issuer:
            query = query.where(_notices.c.issuer.icontains(issuer, autoescape=True))
        with self._engine.connect() as connection:
            return [_to_card(row) for row in connection.execute(query).mappings()]

    def card(self, notice_id: str) -> NoticeCard:
        """One notice's card; raises UnknownNoticeError."""
        with self._engine.connect() as connection:
            return _read_card(connection, notice_id)

    def notice(self, notice_id: str) -> Notice:
        """One notice with its text and pages; raises UnknownNoticeError."""
        with self._engine.connect() as connection:
            query = sa.select(_notices).where(_notices.c.notice_id == notice_id)
            row = connection.execute(query).mappings().one_or_none()
            if row is None:
                raise _unknown(notice_id)
            pages = connection.execute(
                sa.select(_pages).where(_pages.c.notice_id == notice_id).order_by(_pages.c.number)
            )
            return Notice(
                _to_card(row),
                row["text"],
                tuple(Page(page.number, Span(page.start, page.end)) for page in pages),
            )

    def quote(self, notice_id: str, span: Span) -> str:
        """The canonical text of a span; raises UnknownNoticeError."""
        query = sa.select(sa.func.substr(_notices.c.text, span.start + 1, len(span)).label("quote")).where(
            _notices.c.notice_id == notice_id
        )
        with self._engine.connect() as connection:
            quote = connection.execute(query).scalar_one_or_none()
        if quote is None:
            raise _unknown(notice_id)
        return str(quote)

    def sentences(self, notice_id: str, touching: Span | None = None) -> list[Sentence]:
        """The sentences of a notice in order; `touching` keeps those that lie in the span or reach into it."""
        query = sa.select(_sentences).where(_sentences.c.notice_id == notice_id)
        if touching is not None:
            query = query.where(_sentences.c.start < touching.end, _sentences.c.end > touching.start)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(_sentences.c.ordinal))
            return [
                Sentence(row.ordinal, Span(row.start, row.end), SentenceKind(row.kind), row.head, row.item)
                for row in rows
            ]

    def passages(self, passage_ids: Collection[str]) -> dict[str, tuple[Passage, NoticeCard]]:
        """The passages with these ids and their notices' cards; unknown ids are left out."""
        wanted = list(passage_ids)
        text = sa.func.substr(_notices.c.text, _passages.c.start + 1, _passages.c.end - _passages.c.start).label(
            "passage_text"
        )
        query = sa.select(
            _passages.c.passage_id, _passages.c.ordinal, _passages.c.start, _passages.c.end, text, *_CARD
        ).join(_notices, _notices.c.notice_id == _passages.c.notice_id)
        found: dict[str, tuple[Passage, NoticeCard]] = {}
        with self._engine.connect() as connection:
            for first in range(0, len(wanted), _BATCH):
                batch = query.where(_passages.c.passage_id.in_(wanted[first : first + _BATCH]))
                for row in connection.execute(batch).mappings():
                    passage = Passage(
                        row["passage_id"],
                        row["notice_id"],
                        row["ordinal"],
                        Span(row["start"], row["end"]),
                        row["passage_text"],
                    )
                    found[passage.passage_id] = (passage, _to_card(row))
        return found

    def passage_ids(self, notice_ids: Iterable[str] | None = None) -> list[str]:
        """The ids of all passages, or of these notices' passages, in the notices' order."""
        query = sa.select(_passages.c.passage_id).order_by(_passages.c.notice_id, _passages.c.ordinal)
        with self._engine.connect() as connection:
            if notice_ids is None:
                return list(connection.execute(query).scalars())
            wanted = list(notice_ids)
            found: list[str] = []
            for first in range(0, len(wanted), _BATCH):
                batch = query.where(_passages.c.notice_id.in_(wanted[first : first + _BATCH]))
                found += connection.execute(batch).scalars()
            return found

    def total_passages(self) -> int:
        """How many passages there are in all."""
        with self._engine.connect() as connection:
            return int(connection.execute(sa.select(sa.func.count()).select_from(_passages)).scalar_one())

    def count_passages(self) -> dict[str, int]:
        """How many passages each notice has."""
        query = sa.select(_passages.c.notice_id, sa.func.count()).group_by(_passages.c.notice_id)
        with self._engine.connect() as connection:
            return {notice_id: count for notice_id, count in connection.execute(query)}  # noqa: C416

    def count_characters(self) -> dict[str, int]:
        """How many code points each notice's text has."""
        query = sa.select(_notices.c.notice_id, sa.func.length(_notices.c.text))
        with self._engine.connect() as connection:
            return {notice_id: count for notice_id, count in connection.execute(query)}  # noqa: C416

    def files(self) -> list[FileRecord]:
        """Every file that became a notice, by location."""
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(_files).order_by(_files.c.location))
            return [
                FileRecord(row.location, row.path, row.file_digest, row.record_digest, row.notice_id) for row in rows
            ]

    def orphans(self) -> list[str]:
        """The ids of the notices to which no file leads any more."""
        led_to = sa.select(_files.c.notice_id)
        query = sa.select(_notices.c.notice_id).where(_notices.c.notice_id.not_in(led_to))
        with self._engine.connect() as connection:
            return sorted(connection.execute(query).scalars())

    def succession(self, notice_id: str) -> tuple[str, str | None] | None:
        """(path, id of the notice that took its place or None) of a notice that is gone."""
        with self._engine.connect() as connection:
            return _find_succession(connection, notice_id)


def prepare_connection(connection: Any, _record: Any) -> None:
    """Set up a new connection to SQLite so that readers and one writer do not block each other."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.close()


def _unknown(notice_id: str) -> UnknownNoticeError:
    return UnknownNoticeError(f"no notice has the id {notice_id!r}")


def _to_card(row: Any) -> NoticeCard:
    return NoticeCard(**{column.name: row[column.name] for column in _CARD})


def _read_card(connection: sa.Connection, notice_id: str) -> NoticeCard:
    query = sa.select(*_CARD).where(_notices.c.notice_id == notice_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise _unknown(notice_id)
    return _to_card(row)


def _put_state(connection: sa.Connection, key: str, value: str | None) -> None:
    connection.execute(sa.delete(_state).where(_state.c.key == key))
    if value is not None:
        connection.execute(sa.insert(_state).values(key=key, value=value))


def _move_generation(connection: sa.Connection) -> None:
    query = sa.select(_state.c.value).where(_state.c.key == "generation")
    before = int(connection.execute(query).scalar_one_or_none() or 0)
    _put_state(connection, "generation", str(before + 1))


def _find_succession(connection: sa.Connection, old_id: str) -> tuple[str, str | None] | None:
    row = connection.execute(sa.select(_successions).where(_successions.c.old_id == old_id)).one_or_none()
    return None if row is None else (row.path, row.new_id)


def _put_succession(connection: sa.Connection, old_id: str, new_id: str | None) -> None:
    """Remember what follows a notice that is in the catalogue now and is about to go."""
    path = _read_card(connection, old_id).path
    connection.execute(sa.delete(_successions).where(_successions.c.old_id == old_id))
    connection.execute(sa.insert(_successions).values(old_id=old_id, path=path, new_id=new_id))


def _put_file(connection: sa.Connection, record: FileRecord) -> None:
    connection.execute(sa.delete(_files).where(_files.c.location == record.location))
    connection.execute(
        sa.insert(_files).values(
            location=record.location,
            path=record.path,
            file_digest=record.file_digest,
            record_digest=record.record_digest,
            notice_id=record.notice_id,
        )
    )


def _insert_entry(connection: sa.Connection, entry: Entry) -> None:
    """Insert a notice, or renew one with the same text whose metadata or splitting changed."""
    card = entry.notice.card
    values = {column.name: getattr(card, column.name) for column in _CARD}
    known = sa.select(_notices.c.notice_id).where(_notices.c.notice_id == card.notice_id)
    if connection.execute(known).scalar_one_or_none() is None:
        connection.execute(sa.insert(_notices).values(**values, text=entry.notice.text))
    else:
        renewed = sa.update(_notices).where(_notices.c.notice_id == card.notice_id)
        connection.execute(renewed.values(**values))
        for table in (_pages, _sentences, _passages):
            connection.execute(sa.delete(table).where(table.c.notice_id == card.notice_id))
    connection.execute(sa.delete(_successions).where(_successions.c.old_id == card.notice_id))
    _insert_rows(
        connection,
        _pages,
        [{"notice_id": card.notice_id, "number": page.number, **_bounds(page.span)} for page in entry.notice.pages],
    )
    _insert_rows(
        connection,
        _sentences,
        [
            {
                "notice_id": card.notice_id,
                "ordinal": sentence.ordinal,
                "kind": sentence.kind.value,
                "head": sentence.head,
                "item": sentence.item,
                **_bounds(sentence.span),
            }
            for sentence in entry.sentences
        ],
    )
    _insert_rows(
        connection,
        _passages,
        [
            {
                "passage_id": passage.passage_id,
                "notice_id": card.notice_id,
                "ordinal": passage.ordinal,
                **_bounds(passage.span),
            }
            for passage in entry.passages
        ],
    )


def _bounds(span: Span) -> dict[str, int]:
    return {"start": span.start, "end": span.end}


def _insert_rows(connection: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(sa.insert(table), rows)
