"""The rows of the catalogue: what is read and written within one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.errors import UnknownNoticeError
from core.types import Notice, NoticeCard, Origin, Page, Paragraph, Passage, Provenance, Sentence, Span
from store import tables
from store.columns import put_rows
from store.names import call_names
from store.obligations import drop_obligations
from store.traces import put_names
from store.withdrawn import drop_withdrawn


def unknown(notice_id: str) -> UnknownNoticeError:
    """The error that no notice has this id."""
    return UnknownNoticeError(f"no notice has the id {notice_id!r}")


def to_card(row: Any) -> NoticeCard:
    """The card in a row that holds its columns."""
    values = {column.name: row[column.name] for column in tables.CARD}
    origins = {name: Origin(origin) for name, origin in values.pop("provenance").items()}
    return NoticeCard(**values, provenance=Provenance(**origins))


def list_origins(provenance: Provenance) -> dict[str, str]:
    """Where the values of a card are from, by name; those that it has not are left out."""
    return {name: origin.value for name, origin in asdict(provenance).items() if origin}


def read_card(connection: sa.Connection, notice_id: str) -> NoticeCard:
    """One notice's card; raises UnknownNoticeError."""
    query = sa.select(*tables.CARD).where(tables.notices.c.notice_id == notice_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise unknown(notice_id)
    return to_card(row)


def read_notice(connection: sa.Connection, notice_id: str) -> Notice:
    """One notice with its text, pages and paragraphs; raises UnknownNoticeError."""
    query = sa.select(tables.notices).where(tables.notices.c.notice_id == notice_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise unknown(notice_id)
    pages = sa.select(tables.pages).where(tables.pages.c.notice_id == notice_id)
    paragraphs = sa.select(tables.paragraphs).where(tables.paragraphs.c.notice_id == notice_id)
    return Notice(
        to_card(row),
        row["text"],
        tuple(
            Page(page.number, Span(page.start, page.end))
            for page in connection.execute(pages.order_by(tables.pages.c.number))
        ),
        tuple(
            Paragraph(each.number, Span(each.start, each.end), each.clause)
            for each in connection.execute(paragraphs.order_by(tables.paragraphs.c.start))
        ),
    )


def put_state(connection: sa.Connection, key: str, value: str | None) -> None:
    """Set a value that describes the store, or forget it (None)."""
    if value is None:
        connection.execute(sa.delete(tables.state).where(tables.state.c.key == key))
    else:
        put_rows(connection, tables.state, [{"key": key, "value": value}])


def move_generation(connection: sa.Connection) -> None:
    """Count one more change of the notices."""
    query = sa.select(tables.state.c.value).where(tables.state.c.key == "generation")
    before = int(connection.execute(query).scalar_one_or_none() or 0)
    put_state(connection, "generation", str(before + 1))


def find_succession(connection: sa.Connection, old_id: str) -> tuple[str, str | None] | None:
    """(path, id of the notice that took its place or None) of a notice that is gone."""
    row = connection.execute(sa.select(tables.successions).where(tables.successions.c.old_id == old_id)).one_or_none()
    return None if row is None else (row.path, row.new_id)


def put_succession(connection: sa.Connection, old_id: str, new_id: str | None) -> None:
    """Remember what follows a notice that is in the catalogue now and is about to go; raises UnknownNoticeError."""
    path = read_card(connection, old_id).path
    put_rows(connection, tables.successions, [{"old_id": old_id, "path": path, "new_id": new_id}])


def insert_notice(
    connection: sa.Connection, notice: Notice, passages: Sequence[Passage], sentences: Sequence[Sentence]
) -> None:
    """Insert a notice, or renew one with the same text whose metadata or splitting changed.

    The day on which it was accessed is that of its first insertion, unless its card names one.
    """
    card = notice.card
    values = {column.name: getattr(card, column.name) for column in tables.CARD} | {
        "provenance": list_origins(card.provenance)
    }
    known = sa.select(tables.notices.c.accessed_on).where(tables.notices.c.notice_id == card.notice_id)
    accessed_on = connection.execute(known).scalar_one_or_none()
    values["accessed_on"] = card.accessed_on or accessed_on or date.today().isoformat()
    if accessed_on is None:
        connection.execute(sa.insert(tables.notices).values(**values, text=notice.text))
    else:
        renewed = sa.update(tables.notices).where(tables.notices.c.notice_id == card.notice_id)
        connection.execute(renewed.values(**values))
        for table in (tables.pages, tables.paragraphs, tables.sentences, tables.passages):
            connection.execute(sa.delete(table).where(table.c.notice_id == card.notice_id))
        drop_obligations(connection, card.notice_id)
    connection.execute(sa.delete(tables.successions).where(tables.successions.c.old_id == card.notice_id))
    connection.execute(sa.delete(tables.departed).where(tables.departed.c.notice_id == card.notice_id))
    drop_withdrawn(connection, card.notice_id)
    put_names(connection, card.notice_id, call_names(card))
    _insert_rows(
        connection,
        tables.pages,
        [{"notice_id": card.notice_id, "number": page.number, **_bounds(page.span)} for page in notice.pages],
    )
    _insert_rows(
        connection,
        tables.paragraphs,
        [
            {"notice_id": card.notice_id, "number": each.number, "clause": each.clause, **_bounds(each.span)}
            for each in notice.paragraphs
        ],
    )
    _insert_rows(
        connection,
        tables.sentences,
        [
            {
                "notice_id": card.notice_id,
                "ordinal": sentence.ordinal,
                "kind": sentence.kind.value,
                "head": sentence.head,
                "item": sentence.item,
                **_bounds(sentence.span),
            }
            for sentence in sentences
        ],
    )
    _insert_rows(
        connection,
        tables.passages,
        [
            {
                "passage_id": passage.passage_id,
                "notice_id": card.notice_id,
                "ordinal": passage.ordinal,
                **_bounds(passage.span),
            }
            for passage in passages
        ],
    )


def _bounds(span: Span) -> dict[str, int]:
    return {"start": span.start, "end": span.end}


def _insert_rows(connection: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(sa.insert(table), rows)
