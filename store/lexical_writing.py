"""The words of notices written to PostgreSQL: their passages, how many hold each lexeme, and the totals, at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import array

from core.types import NoticeCard, Passage
from store.lexemes import make_vector, name_lexeme, quantise
from store.lexical_tables import passages, totals
from store.word_index import FIELD_WEIGHTS
from store.words import index_terms

# So many passages, or lexemes, go to the server at a time: a megabyte or two.
_BATCH = 1000
_LEXEME_BATCH = 20_000
_LOSE = sa.text("""
    select lexeme, count(*) from policy_desk_words_1.passages, unnest(tsvector_to_array(words)) lexeme
    where notice_id = any(cast(:notices as text[])) group by lexeme
""")
_GAIN = sa.text("""
    insert into policy_desk_words_1.lexemes as known (lexeme, passages, often, densest)
    select * from unnest(cast(:lexemes as text[]), cast(:passages as bigint[]),
                         cast(:often as int[]), cast(:densest as float8[]))
    on conflict (lexeme) do update set passages = known.passages + excluded.passages,
        often = greatest(known.often, excluded.often), densest = greatest(known.densest, excluded.densest)
""")
_FORGET = sa.text("""
    delete from policy_desk_words_1.lexemes where passages = 0 and lexeme = any(cast(:lexemes as text[]))
""")


@dataclass(slots=True)
class _Change:
    """Of a lexeme: in how many more passages it stands, how often at most, and how often for each term of a field."""

    passages: int = 0
    often: int = 0
    densest: float = 0.0


def write_notices(
    connection: sa.Connection, added: Sequence[tuple[NoticeCard, Sequence[Passage]]], removed: Sequence[str]
) -> None:
    """Replace the passages of the notices `added`, delete those of `removed`, within the connection's transaction."""
    # Who writes at the same time waits here.
    connection.execute(sa.select(totals.c.only).with_for_update())
    changes: dict[str, _Change] = defaultdict(_Change)
    gone = _remove(connection, [*removed, *(card.notice_id for card, _ in added)], changes)
    lengths, number = [-length for length in gone[1:]], -gone[0]
    rows = (row for card, parts in added for row in _make_rows(card, parts, changes))
    while batch := list(islice(rows, _BATCH)):
        connection.execute(sa.insert(passages), batch)
        lengths = [sum(column) for column in zip(lengths, *(row["lengths"] for row in batch), strict=True)]
        number += len(batch)
    _count(connection, changes)
    current = [totals.c.lengths[place] + length for place, length in enumerate(lengths, 1)]
    connection.execute(
        sa.update(totals).values(
            passages=totals.c.passages + number,
            lengths=array(current),
            changed_at=sa.func.clock_timestamp(),
        )
    )


def _remove(connection: sa.Connection, notice_ids: Sequence[str], changes: dict[str, _Change]) -> list[int]:
    """Delete the passages of notices, and take their lexemes from `changes`: their number, the length of each field."""
    for lexeme, standing in connection.execute(_LOSE, {"notices": notice_ids}):
        changes[lexeme].passages -= standing
    theirs = passages.c.notice_id.in_(notice_ids)
    sums = [sa.func.coalesce(sa.func.sum(passages.c.lengths[place]), 0) for place in range(1, len(FIELD_WEIGHTS) + 1)]
    gone = connection.execute(sa.select(sa.func.count(), *sums).where(theirs)).one()
    connection.execute(sa.delete(passages).where(theirs))
    return list(gone)


def _make_rows(card: NoticeCard, parts: Sequence[Passage], changes: dict[str, _Change]) -> Iterator[dict[str, Any]]:
    """A notice's passages as rows; what lexemes they hold is added to `changes`."""
    title, issuer = index_terms(f"{card.title} {card.number}"), index_terms(card.issuer)
    for passage in parts:
        fields = {"body": index_terms(passage.text), "title": title, "issuer": issuer}
        lengths = [len(terms) for terms in fields.values()]
        for field, terms in fields.items():
            for term, often in Counter(terms).items():
                change = changes[name_lexeme(field, term)]
                change.passages += 1
                change.often = max(change.often, often)
                change.densest = max(change.densest, often / quantise(len(terms)))
        yield {
            "passage_id": passage.passage_id,
            "notice_id": passage.notice_id,
            "year": card.year or None,
            "language": card.language,
            "words": make_vector(fields),
            "lengths": lengths,
            "norms": [quantise(length) for length in lengths],
        }


def _count(connection: sa.Connection, changes: dict[str, _Change]) -> None:
    """Bring up to date how many passages hold each lexeme; those that none holds are forgotten."""
    changed = sorted(changes.items())
    for first in range(0, len(changed), _LEXEME_BATCH):
        part = changed[first : first + _LEXEME_BATCH]
        values = {name: [getattr(change, name) for _, change in part] for name in ("passages", "often", "densest")}
        connection.execute(_GAIN, values | {"lexemes": [lexeme for lexeme, _ in part]})
        if lost := [lexeme for lexeme, change in part if change.passages < 0]:
            connection.execute(_FORGET, {"lexemes": lost})
