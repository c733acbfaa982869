"""The truth: notices with their canonical text, pages, sentences and passages, in SQL."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, IntegrityError

from core.errors import BrokenStoreError, FullDiskError
from core.place import Place, to_place
from core.types import Link, Notice, NoticeCard, Obligation, Passage, Sentence, SentenceKind, Span, Strength
from core.version import VERSION
from store import tables
from store.columns import put_rows
from store.database import Database
from store.departed import erase_departed, find_successor, put_departed, read_departed
from store.disk import is_full
from store.lineage import read_lineage
from store.links import read_endings, read_endings_of, read_links, read_links_to
from store.names import call_names
from store.obligations import Obligations, find_without, put_obligations, read_obligations, read_places, read_years
from store.rows import (
    find_succession,
    insert_notice,
    move_generation,
    put_state,
    put_succession,
    read_card,
    read_notice,
    to_card,
    unknown,
)
from store.sqlite import batch
from store.traces import Trace, find_unexamined, put_names, put_trace
from store.withdrawn import Withdrawal, drop_withdrawn, put_withdrawn, read_withdrawn

CATALOGUE_FILE = "catalogue.sqlite"
# The state of a store whose notices an older version has written: what links them is not known yet.
UNLINKED = "unlinked"
# The same of their obligations.
WITHOUT_OBLIGATIONS = "without_obligations"
_SENTENCE = [tables.sentences.c[name] for name in ("notice_id", "ordinal", "start", "end", "kind", "head", "item")]
_KINDS = {kind.value: kind for kind in SentenceKind}
# Oldest first; so that the order is always the same, the id comes last.
_ORDER = ("issued_on", "path", "notice_id")
_CARD_BUT_ID = [column for column in tables.CARD if column.name != "notice_id"]


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
    """All that the catalogue keeps of one notice; trace and obligations are made of the rest, and not read back."""

    notice: Notice
    passages: tuple[Passage, ...]
    sentences: tuple[Sentence, ...]
    trace: Trace | None = field(default=None, compare=False)
    obligations: Obligations | None = field(default=None, compare=False)


class Catalogue:
    """The SQL store of one desk. Every method is a transaction of its own."""

    def __init__(self, place: Place | Path) -> None:
        """Open or make the catalogue at `place`; raises BrokenStoreError where that fails."""
        folder = to_place(place).folder
        self._database = database = Database(to_place(place), "catalogue")
        try:
            with database.opening(tables.metadata):
                found = self._bring_up(self.read_state("schema"))
        except (DatabaseError, OSError) as error:
            if is_full(folder, error):
                raise FullDiskError(f"{folder}: the disk is full") from error
            reason = f"the catalogue cannot be opened ({error})"
            raise BrokenStoreError(f"{database.where}: {reason}", database.help) from error
        if found != tables.SCHEMA_VERSION:
            raise BrokenStoreError(
                f"{database.where}: made by another version of Policy Desk, with tables of version {found}; "
                f"this one, {VERSION}, knows them up to {tables.SCHEMA_VERSION}",
                "Start the version that made it again, or restore a backup from before the upgrade.",
            )

    def _bring_up(self, found: str | None) -> str:
        """The version of the tables, once those of an older catalogue have what is new; its notices stay."""
        if found is not None and found not in tables.UPGRADABLE:
            return found
        with self._database.begin() as connection:
            tables.add_columns(connection)
            if found in tables.UNLINKED_VERSIONS:
                put_state(connection, UNLINKED, "1")
            if found in tables.WITHOUT_OBLIGATIONS_VERSIONS:
                put_state(connection, WITHOUT_OBLIGATIONS, "1")
            put_state(connection, "schema", tables.SCHEMA_VERSION)
        return tables.SCHEMA_VERSION

    def close(self) -> None:
        """Release the connections."""
        self._database.close()

    def _connect(self) -> AbstractContextManager[sa.Connection]:
        """What every reading reads from."""
        return self._database.connect()

    def begin_reading(self) -> AbstractContextManager[sa.Connection]:
        """A connection that sees the catalogue as it is now until the block ends, whatever others write."""
        return self._database.hold()

    def claim(self) -> AbstractContextManager[None]:
        """The right to write, where other hosts may write too; raises StoreBusyError where another has it."""
        return self._database.claim()

    def confirm_claim(self) -> None:
        """Raise UnreachableStoreError where the right to write was lost with the connection to the server."""
        self._database.confirm_claim()

    @property
    def is_there(self) -> bool:
        """Whether it has not been deleted since it was opened; an open file outlives its name."""
        return self._database.url is not None or self._database.file.is_file()

    def measure(self) -> int:
        """How much room catalogue, details, words and records take on a server, in bytes; 0 where they are files."""
        return self._database.measure()

    # -- state ---------------------------------------------------------------------------------

    def read_state(self, key: str) -> str | None:
        """A value that describes the store itself, such as its embedding model."""
        with self._connect() as connection:
            query = sa.select(tables.state.c.value).where(tables.state.c.key == key)
            return connection.execute(query).scalar_one_or_none()

    def write_state(self, key: str, value: str | None) -> None:
        """Set a value that describes the store, or forget it (None)."""
        if self.read_state(key) == value:
            return
        with self._database.begin() as connection:
            put_state(connection, key, value)

    def settle_state(self, key: str, value: str) -> str:
        """The value that is there; this one where there was none, also where two processes ask at once."""
        with suppress(IntegrityError), self._database.begin() as connection:
            connection.execute(sa.insert(tables.state).values(key=key, value=value))
        return self.read_state(key) or value

    @property
    def generation(self) -> int:
        """A number that grows with every change of the notices."""
        return int(self.read_state("generation") or 0)

    def move_generation(self) -> None:
        """Tell other processes that what they hold of the store is old."""
        with self._database.begin() as connection:
            move_generation(connection)

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
        with self._database.begin() as connection:
            for entry in entries:
                insert_notice(connection, entry.notice, entry.passages, entry.sentences)
                if entry.trace is not None:
                    put_trace(connection, entry.notice.card.notice_id, entry.trace)
                if entry.obligations is not None:
                    put_obligations(connection, entry.notice.card.notice_id, entry.obligations)
            for record in files:
                put_rows(connection, tables.files, [asdict(record)])
            for old_id, new_id in (successions or {}).items():
                put_succession(connection, old_id, new_id)
            move_generation(connection)

    def remove(self, notice_id: str, withdrawn_by: str | None = None) -> None:
        """Take a notice and its files off the desk and keep it among the departed; raises UnknownNoticeError.

        Where a person withdraws it, its files do not bring it back.
        """
        with self._database.begin() as connection:
            put_departed(connection, notice_id)
            if withdrawn_by is not None:
                put_withdrawn(connection, notice_id, withdrawn_by, datetime.now(UTC).isoformat(timespec="seconds"))
            if find_succession(connection, notice_id) is None:
                put_succession(connection, notice_id, None)
            connection.execute(sa.delete(tables.files).where(tables.files.c.notice_id == notice_id))
            connection.execute(sa.delete(tables.notices).where(tables.notices.c.notice_id == notice_id))
            move_generation(connection)

    def erase(self, notice_id: str) -> None:
        """Erase what is kept of a notice that has left; raises UnknownNoticeError where nothing is."""
        with self._database.begin() as connection:
            if not erase_departed(connection, notice_id):
                raise unknown(notice_id)

    def forget_withdrawn(self, notice_id: str) -> None:
        """Let the files of a notice that was withdrawn be read again; nothing where none was."""
        with self._database.begin() as connection:
            drop_withdrawn(connection, notice_id)

    def remove_file(self, location: str) -> None:
        """Forget a file; the notice that it became stays."""
        with self._database.begin() as connection:
            connection.execute(sa.delete(tables.files).where(tables.files.c.location == location))

    def put_traces(self, traces: Mapping[str, Trace]) -> None:
        """Write what links these notices with others, where they are examined anew; raises UnknownNoticeError."""
        with self._database.begin() as connection:
            for notice_id, trace in traces.items():
                card = read_card(connection, notice_id)
                put_names(connection, notice_id, call_names(card))
                put_trace(connection, notice_id, trace)
            move_generation(connection)

    def put_obligations(self, obligations: Mapping[str, Obligations]) -> None:
        """Write the obligations of these notices, where they are examined anew; raises UnknownNoticeError."""
        with self._database.begin() as connection:
            for notice_id, found in obligations.items():
                read_card(connection, notice_id)
                put_obligations(connection, notice_id, found)
            move_generation(connection)

    # -- reading -------------------------------------------------------------------------------

    def obligations(
        self,
        notice_ids: Collection[str] | None = None,
        years: Collection[int] = (),
        strengths: Collection[Strength] = (),
    ) -> dict[str, list[Obligation]]:
        """The obligations of each of these notices (None: of all) in its order; one that has none is left out.

        `years` keeps those that are about one of these, `strengths` those that bind so; what is empty keeps all.
        """
        with self._connect() as connection:
            return read_obligations(connection, notice_ids, years, strengths)

    def obligation_places(self) -> list[tuple[str, int]]:
        """The notice's id and the sentence's ordinal of each obligation, in order."""
        with self._connect() as connection:
            return read_places(connection)

    def obligation_years(self) -> list[int]:
        """The years that obligations are about, ascending."""
        with self._connect() as connection:
            return read_years(connection)

    def without_obligations(self, rules: str) -> list[str]:
        """The ids of the notices that the rules of this version have not examined for obligations."""
        with self._connect() as connection:
            return find_without(connection, rules)

    def links_to(self, notice_id: str) -> list[Link]:
        """The links from other notices to this one; none where the id is unknown."""
        with self._connect() as connection:
            return read_links_to(connection, notice_id)

    def endings_of(self, notice_id: str) -> list[Link]:
        """Of `links_to`, those that repeal, replace or amend it."""
        with self._connect() as connection:
            return read_endings_of(connection, notice_id)

    def endings(self) -> list[Link]:
        """Of `links`, those that repeal, replace or amend a notice."""
        with self._connect() as connection:
            return read_endings(connection)

    def links(self, notice_ids: Collection[str] | None = None) -> list[Link]:
        """All links, or those from these notices, in the order of the notices that they come from."""
        with self._connect() as connection:
            return read_links(connection, notice_ids)

    def lineage(self, notice_ids: Collection[str]) -> list[Link]:
        """The links from these notices, and those through which one of them succeeds another, whatever lies between."""
        with self._connect() as connection:
            return read_lineage(connection, notice_ids)

    def unexamined(self, rules: str) -> list[str]:
        """The ids of the notices that the rules of this version have not examined for links."""
        with self._connect() as connection:
            return find_unexamined(connection, rules)

    def cards(self) -> list[NoticeCard]:
        """The notices, oldest first."""
        query = sa.select(*tables.CARD).order_by(*(tables.notices.c[name] for name in _ORDER))
        with self._connect() as connection:
            return [to_card(row) for row in connection.execute(query).mappings()]

    def card(self, notice_id: str) -> NoticeCard:
        """One notice's card; raises UnknownNoticeError."""
        with self._connect() as connection:
            return read_card(connection, notice_id)

    def notice(self, notice_id: str) -> Notice:
        """One notice with its text, pages and paragraphs; raises UnknownNoticeError."""
        with self._connect() as connection:
            return read_notice(connection, notice_id)

    def text(self, notice_id: str) -> str:
        """The canonical text of a notice; raises UnknownNoticeError."""
        with self._connect() as connection:
            text = self._texts(connection, {notice_id}).get(notice_id)
        if text is None:
            raise unknown(notice_id)
        return text

    def quote(self, notice_id: str, span: Span) -> str:
        """The canonical text of a span; raises UnknownNoticeError."""
        return span.of(self.text(notice_id))

    def sentences(self, notice_id: str, touching: Span | None = None) -> list[Sentence]:
        """The sentences of a notice in order; `touching` keeps those that lie in the span or reach into it.

        Raises UnknownNoticeError: none would be taken for a notice without words.
        """
        found = self.sentences_of([notice_id], touching).get(notice_id, [])
        if not found:
            self.card(notice_id)
        return found

    def sentences_of(self, notice_ids: Collection[str], touching: Span | None = None) -> dict[str, list[Sentence]]:
        """As `sentences`, of several notices; one that has none is left out."""
        query = sa.select(*_SENTENCE).order_by(tables.sentences.c.notice_id, tables.sentences.c.ordinal)
        if touching is not None:
            query = query.where(tables.sentences.c.start < touching.end, tables.sentences.c.end > touching.start)
        found: dict[str, list[Sentence]] = {}
        with self._connect() as connection:
            for names in batch(sorted(notice_ids)):
                rows = connection.execute(query.where(tables.sentences.c.notice_id.in_(names))).all()
                for notice_id, ordinal, start, end, kind, head, item in rows:
                    sentence = Sentence(ordinal, Span(start, end), _KINDS[kind], head, item)
                    found.setdefault(notice_id, []).append(sentence)
        return found

    def passages(self, passage_ids: Collection[str]) -> dict[str, tuple[Passage, NoticeCard]]:
        """The passages with these ids and their notices' cards; unknown ids are left out."""
        query = sa.select(tables.passages, *_CARD_BUT_ID).join(tables.notices).order_by(tables.passages.c.passage_id)
        found: dict[str, tuple[Passage, NoticeCard]] = {}
        with self._connect() as connection:
            for names in batch(list(passage_ids)):
                rows = connection.execute(query.where(tables.passages.c.passage_id.in_(names))).mappings().all()
                texts = self._texts(connection, {row["notice_id"] for row in rows})
                for row in rows:
                    span, text = Span(row["start"], row["end"]), texts.get(row["notice_id"])
                    # A notice that another process has removed between the two readings is gone.
                    if text is not None:
                        passage = Passage(row["passage_id"], row["notice_id"], row["ordinal"], span, span.of(text))
                        found[passage.passage_id] = (passage, to_card(row))
        return found

    def passage_ids(self, notice_ids: Iterable[str] | None = None) -> list[str]:
        """The ids of all passages, or of these notices' passages, in the notices' order."""
        query = sa.select(tables.passages.c.passage_id).order_by(tables.passages.c.notice_id, tables.passages.c.ordinal)
        with self._connect() as connection:
            if notice_ids is None:
                return list(connection.execute(query).scalars())
            found: list[str] = []
            for names in batch(list(notice_ids)):
                found += connection.execute(query.where(tables.passages.c.notice_id.in_(names))).scalars()
            return found

    def total_passages(self) -> int:
        """How many passages there are in all."""
        with self._connect() as connection:
            return int(connection.execute(sa.select(sa.func.count()).select_from(tables.passages)).scalar_one())

    def count_passages(self) -> dict[str, int]:
        """How many passages each notice has."""
        query = sa.select(tables.passages.c.notice_id, sa.func.count()).group_by(tables.passages.c.notice_id)
        with self._connect() as connection:
            return {notice_id: count for notice_id, count in connection.execute(query)}  # noqa: C416

    def count_characters(self) -> dict[str, int]:
        """How many code points each notice's text has."""
        query = sa.select(tables.notices.c.notice_id, sa.func.length(tables.notices.c.text))
        with self._connect() as connection:
            return {notice_id: count for notice_id, count in connection.execute(query)}  # noqa: C416

    def files(self) -> list[FileRecord]:
        """Every file that became a notice, by location."""
        with self._connect() as connection:
            rows = connection.execute(sa.select(tables.files).order_by(tables.files.c.location))
            return [
                FileRecord(row.location, row.path, row.file_digest, row.record_digest, row.notice_id) for row in rows
            ]

    def orphans(self) -> list[str]:
        """The ids of the notices to which no file leads any more."""
        led_to = sa.select(tables.files.c.notice_id)
        query = sa.select(tables.notices.c.notice_id).where(tables.notices.c.notice_id.not_in(led_to))
        with self._connect() as connection:
            return sorted(connection.execute(query).scalars())

    def succession(self, notice_id: str) -> tuple[str, str | None] | None:
        """(path, id of the notice that took its place or None) of a notice that is gone."""
        with self._connect() as connection:
            return find_succession(connection, notice_id)

    def departed(self, notice_id: str) -> Notice:
        """A notice that was changed or removed, as it stood; raises UnknownNoticeError where none with this id was."""
        with self._connect() as connection:
            return read_departed(connection, notice_id)

    def withdrawn(self) -> list[Withdrawal]:
        """The files of the notices that somebody removed, the latest first."""
        with self._connect() as connection:
            return read_withdrawn(connection)

    def successor(self, notice_id: str) -> str | None:
        """The id of the notice that stands on the desk in the place of one that has left, None where none does."""
        with self._connect() as connection:
            return find_successor(connection, notice_id)

    def _texts(self, connection: sa.Connection, notice_ids: Collection[str]) -> dict[str, str]:
        """The texts of these notices, whole: for a part of each SQLite would count from the beginning of its text."""
        query = sa.select(tables.notices.c.notice_id, tables.notices.c.text)
        return {
            row.notice_id: row.text
            for names in batch(sorted(notice_ids))
            for row in connection.execute(query.where(tables.notices.c.notice_id.in_(names)))
        }
