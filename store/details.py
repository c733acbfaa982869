"""The details of passages, in SQL: sentence vectors and token signs for the fine ranking; derived."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.exc import DatabaseError

from core.errors import BrokenStoreError
from core.place import Place, to_place
from core.types import Passage
from store.columns import LINE, put_rows
from store.database import Database
from store.embedder import Embedded, Vectors, restore_sentences, shrink_vectors
from store.marks import Marks, gather_marks
from store.sqlite import batch

_PREFIX = "details-"

_metadata = sa.MetaData()
# A notice's passage vectors, rounded, in one row: all of them are held in memory. The rest is in two
# tables, so that the many rows of which only the sentences are wanted stay small.
_notices = sa.Table(
    "notice_steps",
    _metadata,
    sa.Column("notice_id", LINE, primary_key=True),
    sa.Column("ordinals", sa.LargeBinary, nullable=False),
    sa.Column("steps", sa.LargeBinary, nullable=False),
)
# What an older version held in memory in its place.
_OLDER_NOTICES = "notice_signs"
_AT_ONCE = 2000
_sentences = sa.Table(
    "sentence_vectors",
    _metadata,
    sa.Column("passage_id", LINE, primary_key=True),
    sa.Column("vector", sa.LargeBinary, nullable=False),
    sa.Column("sentences", sa.LargeBinary, nullable=False),
)
_tokens = sa.Table(
    "token_signs",
    _metadata,
    sa.Column("passage_id", LINE, primary_key=True),
    sa.Column("owners", sa.LargeBinary, nullable=False),
    sa.Column("signs", sa.LargeBinary, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Signs:
    """The tokens of some passages laid end to end: signs as bits, and for each its passage and sentence."""

    passage_ids: tuple[str, ...]
    bits: NDArray[np.uint8]
    passages: NDArray[np.int64]
    sentences: NDArray[np.int64]


class DetailIndex:
    """The details that one embedding model made of one store's passages."""

    def __init__(self, place: Place | Path, fingerprint: str) -> None:
        """Open or make the details at `place` for this model; raises BrokenStoreError."""
        name = _PREFIX + hashlib.sha256(fingerprint.encode()).hexdigest()[:12]
        self._database = database = Database(to_place(place), name)
        self._marks: Marks | None = None
        try:
            with database.opening(_metadata):
                self._renew()
        except (DatabaseError, OSError) as error:
            raise BrokenStoreError(f"{database.where}: it cannot be opened ({error})", database.help) from error

    def _renew(self) -> None:
        """Round the vectors that an older version kept, once."""
        with self._database.begin() as connection:
            if not sa.inspect(connection).has_table(_OLDER_NOTICES):
                return
            for rows in _batch_by_notice(connection):
                put_rows(connection, _notices, rows)
            connection.execute(sa.schema.DropTable(sa.Table(_OLDER_NOTICES, sa.MetaData())))

    def close(self) -> None:
        """Release the connections."""
        self._database.close()

    def drop_others(self) -> None:
        """Delete the details that other models made."""
        self._database.drop_others(_PREFIX)

    def add(self, passages: Sequence[Passage], embedded: Embedded) -> None:
        """Write the details of whole notices, all their passages together; those of a known id are replaced."""
        self._marks = None
        rows = list(zip(passages, embedded.vectors, embedded.details, strict=True))
        if not rows:
            return
        small = [(passage.notice_id, passage.ordinal, vector) for passage, vector, _ in rows]
        with self._database.begin() as connection:
            put_rows(connection, _notices, _round(small))
            put_rows(
                connection,
                _sentences,
                [
                    {
                        "passage_id": passage.passage_id,
                        "vector": vector.astype(np.float16).tobytes(),
                        "sentences": detail.sentences.tobytes(),
                    }
                    for passage, vector, detail in rows
                ],
            )
            put_rows(
                connection,
                _tokens,
                [
                    {
                        "passage_id": passage.passage_id,
                        "owners": detail.owners.tobytes(),
                        "signs": detail.signs.tobytes(),
                    }
                    for passage, _, detail in rows
                ],
            )

    def remove(self, passage_ids: Sequence[str]) -> None:
        """Delete the details of passages, and their notices' rows where none is left; unknown ids do no harm."""
        self._marks = None
        touched = {name.rpartition(":")[0] for name in passage_ids}
        with self._database.begin() as connection:
            for names in batch(passage_ids):
                for table in (_sentences, _tokens):
                    connection.execute(sa.delete(table).where(table.c.passage_id.in_(names)))
            for notice_id in touched:
                # ";" follows ":" in the order of characters: between them lie this notice's passages.
                left = sa.select(_tokens.c.passage_id).where(
                    _tokens.c.passage_id > f"{notice_id}:", _tokens.c.passage_id < f"{notice_id};"
                )
                if connection.execute(left.limit(1)).scalar_one_or_none() is None:
                    connection.execute(sa.delete(_notices).where(_notices.c.notice_id == notice_id))

    def count(self) -> int:
        """How many passages have details."""
        with self._database.connect() as connection:
            return int(connection.execute(sa.select(sa.func.count()).select_from(_tokens)).scalar_one())

    def ids(self) -> set[str]:
        """The ids of the passages that have details."""
        with self._database.connect() as connection:
            return set(connection.execute(sa.select(_tokens.c.passage_id)).scalars())

    def nearest(self, vector: Vectors, k: int, notice_ids: frozenset[str]) -> list[tuple[str, float]]:
        """The `k` passages of these notices nearest to `vector`: (passage id, cosine), best first.

        Of many passages only those are scored whose rounded vectors are nearest.
        """
        names = self._read_marks().draw(vector, k, notice_ids)
        scored = self._compare(vector, names)
        return sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:k]

    def forget(self) -> None:
        """Look again at what another process, or this one, has written."""
        self._marks = None

    def _read_marks(self) -> Marks:
        marks = self._marks
        if marks is None:
            query = sa.select(_notices.c.notice_id, _notices.c.ordinals, _notices.c.steps)
            # PostgreSQL gives a part at a time only within a transaction.
            with self._database.hold() as connection:
                found = connection.execute(query.execution_options(yield_per=_AT_ONCE))
                marks = self._marks = gather_marks(found.tuples())
        return marks

    def _compare(self, vector: Vectors, passage_ids: Sequence[str]) -> list[tuple[str, float]]:
        """(passage id, cosine with `vector`) of each of these passages: what `score_passages` says of them whole."""
        query = sa.select(_sentences.c.passage_id, _sentences.c.vector).order_by(_sentences.c.passage_id)
        rows: list[tuple[str, bytes]] = []
        with self._database.connect() as connection:
            for names in batch(passage_ids):
                rows += connection.execute(query.where(_sentences.c.passage_id.in_(names))).tuples().all()
        vectors = np.frombuffer(b"".join(blob for _, blob in rows), dtype=np.float16).reshape(-1, len(vector))
        cosines = (vectors.astype(np.float32) @ vector).tolist()
        return [(name, cosine) for (name, _), cosine in zip(rows, cosines, strict=True)]

    def score_passages(self, vector: Vectors, passage_ids: Collection[str]) -> dict[str, tuple[float, Vectors]]:
        """(cosine with `vector`, the cosine of each of its sentences in order) of each of these passages."""
        # In one order whatever the engine: of the same vectors in another order a product differs in its last digits.
        query = sa.select(_sentences.c.passage_id, _sentences.c.vector, _sentences.c.sentences).order_by(
            _sentences.c.passage_id
        )
        rows: list[tuple[str, bytes, bytes]] = []
        with self._database.connect() as connection:
            for names in batch(sorted(set(passage_ids))):
                rows += connection.execute(query.where(_sentences.c.passage_id.in_(names))).tuples()
        if not rows:
            return {}
        width = len(vector)
        passages = np.frombuffer(b"".join(blob for _, blob, _ in rows), dtype=np.float16).reshape(-1, width)
        sentences = np.frombuffer(b"".join(blob for _, _, blob in rows), dtype=np.int8).reshape(-1, width)
        ends = np.cumsum([len(blob) // width for _, _, blob in rows])
        cosines = (passages.astype(np.float32) @ vector).tolist()
        parts = np.split(restore_sentences(sentences) @ vector, ends[:-1])
        return {name: (cosine, part) for (name, _, _), cosine, part in zip(rows, cosines, parts, strict=True)}

    def signs(self, passage_ids: Collection[str], dimensions: int) -> Signs:
        """The token signs of these passages, so many for each token; a passage without tokens is left out.

        A token's dimensions are not always those of a passage's vector: a model may change them after pooling.
        """
        query = sa.select(_tokens.c.passage_id, _tokens.c.owners, _tokens.c.signs).order_by(_tokens.c.passage_id)
        with self._database.connect() as connection:
            rows = [
                (str(name), np.frombuffer(owners, dtype=np.uint16), np.frombuffer(signs, dtype=np.uint8))
                for names in batch(sorted(set(passage_ids)))
                for name, owners, signs in connection.execute(query.where(_tokens.c.passage_id.in_(names)))
                if owners
            ]
        width = -(-dimensions // 8)
        if not rows:
            return Signs((), np.empty((0, width), np.uint8), np.empty(0, np.int64), np.empty(0, np.int64))
        return Signs(
            tuple(name for name, _, _ in rows),
            np.concatenate([signs.reshape(-1, width) for _, _, signs in rows]),
            np.repeat(np.arange(len(rows)), [len(owners) for _, owners, _ in rows]),
            np.concatenate([owners for _, owners, _ in rows]).astype(np.int64),
        )


def _batch_by_notice(connection: sa.Connection) -> Iterator[list[dict[str, object]]]:
    """The rows of all notices, made of their passages' vectors, some at a time."""
    query = sa.select(_sentences.c.passage_id, _sentences.c.vector).order_by(_sentences.c.passage_id)
    found = connection.execute(query.execution_options(yield_per=_AT_ONCE)).tuples()
    gathered: list[tuple[str, int, Vectors]] = []
    for notice_id, passages in groupby(found, key=lambda row: row[0].rpartition(":")[0]):
        gathered += [
            (notice_id, int(name.rpartition(":")[2]), np.frombuffer(vector, dtype=np.float16).astype(np.float32))
            for name, vector in passages
        ]
        if len(gathered) >= _AT_ONCE:
            yield _round(gathered)
            gathered = []
    yield _round(gathered)


def _round(passages: Sequence[tuple[str, int, Vectors]]) -> list[dict[str, object]]:
    """A row of each notice: the rounded vectors of its passages, given as (notice id, ordinal, vector)."""
    by_notice: dict[str, list[tuple[int, Vectors]]] = {}
    for notice_id, ordinal, vector in passages:
        by_notice.setdefault(notice_id, []).append((ordinal, vector))
    return [
        {
            "notice_id": notice_id,
            "ordinals": np.array([ordinal for ordinal, _ in those], dtype=np.int32).tobytes(),
            "steps": shrink_vectors(np.stack([vector for _, vector in those])).tobytes(),
        }
        for notice_id, those in by_notice.items()
    ]
