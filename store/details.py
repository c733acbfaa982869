"""The details of passages, in SQL: sentence vectors and token signs for the fine ranking; derived."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.exc import DatabaseError

from core.errors import BrokenStoreError
from core.types import Passage
from store.embedder import Embedded, Vectors, restore_sentences
from store.sqlite import batch, make_engine

# So many passages of a filter are scored one by one; of more, these that agree in most signs.
_SCORED = 160
_REMEMBERED = 64

_metadata = sa.MetaData()
# The signs of a notice's passage vectors in one row: all of them are held in memory. The rest is in two
# tables, so that the many rows of which only the sentences are wanted stay small.
_notices = sa.Table(
    "notice_signs",
    _metadata,
    sa.Column("notice_id", sa.String, primary_key=True),
    sa.Column("ordinals", sa.LargeBinary, nullable=False),
    sa.Column("bits", sa.LargeBinary, nullable=False),
)
_sentences = sa.Table(
    "sentence_vectors",
    _metadata,
    sa.Column("passage_id", sa.String, primary_key=True),
    sa.Column("vector", sa.LargeBinary, nullable=False),
    sa.Column("sentences", sa.LargeBinary, nullable=False),
)
_tokens = sa.Table(
    "token_signs",
    _metadata,
    sa.Column("passage_id", sa.String, primary_key=True),
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


@dataclass(frozen=True, slots=True)
class _Marks:
    """The signs of all passage vectors, in words of 64 bits, with each row's notice and place in it."""

    notice_ids: list[str]
    bits: NDArray[np.uint64]
    ordinals: NDArray[np.int32]
    owners: NDArray[np.int64]
    kept: dict[frozenset[str], NDArray[np.int64]]

    def keep(self, notice_ids: frozenset[str]) -> NDArray[np.int64]:
        """The rows of these notices; the last few answers are remembered."""
        rows = self.kept.get(notice_ids)
        if rows is None:
            among = np.array([name in notice_ids for name in self.notice_ids], dtype=np.bool_)
            rows = np.flatnonzero(among[self.owners]) if len(self.owners) else np.empty(0, dtype=np.int64)
            if len(self.kept) > _REMEMBERED:
                self.kept.clear()
            self.kept[notice_ids] = rows
        return rows


class DetailIndex:
    """The details that one embedding model made of one store's passages."""

    def __init__(self, folder: Path, fingerprint: str) -> None:
        """Open or make `folder`/details-….sqlite for this model; raises BrokenStoreError."""
        self._folder = folder
        self._file = folder / f"details-{hashlib.sha256(fingerprint.encode()).hexdigest()[:12]}.sqlite"
        self._marks: _Marks | None = None
        self._engine = make_engine(self._file)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _metadata.create_all(self._engine)
        except (DatabaseError, OSError) as error:
            raise BrokenStoreError(f"{self._file}: it cannot be opened ({error})") from error

    def close(self) -> None:
        """Release the connections."""
        self._engine.dispose()

    def drop_others(self) -> None:
        """Delete the details that other models made."""
        for file in self._folder.glob("details-*.sqlite*"):
            if not file.name.startswith(self._file.name):
                file.unlink(missing_ok=True)

    def add(self, passages: Sequence[Passage], embedded: Embedded) -> None:
        """Write the details of whole notices, all their passages together; those of a known id are replaced."""
        self._marks = None
        rows = list(zip(passages, embedded.vectors, embedded.details, strict=True))
        if not rows:
            return
        ordinals: dict[str, list[int]] = {}
        vectors: dict[str, list[Vectors]] = {}
        for passage, vector, _ in rows:
            ordinals.setdefault(passage.notice_id, []).append(passage.ordinal)
            vectors.setdefault(passage.notice_id, []).append(vector)
        with self._engine.begin() as connection:
            connection.execute(
                sa.insert(_notices).prefix_with("OR REPLACE"),
                [
                    {
                        "notice_id": notice_id,
                        "ordinals": np.asarray(ordinals[notice_id], dtype=np.int32).tobytes(),
                        "bits": _pad(np.packbits(np.stack(vectors[notice_id]) > 0, axis=1)).tobytes(),
                    }
                    for notice_id in ordinals
                ],
            )
            connection.execute(
                sa.insert(_sentences).prefix_with("OR REPLACE"),
                [
                    {
                        "passage_id": passage.passage_id,
                        "vector": vector.astype(np.float16).tobytes(),
                        "sentences": detail.sentences.tobytes(),
                    }
                    for passage, vector, detail in rows
                ],
            )
            connection.execute(
                sa.insert(_tokens).prefix_with("OR REPLACE"),
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
        with self._engine.begin() as connection:
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
        with self._engine.connect() as connection:
            return int(connection.execute(sa.select(sa.func.count()).select_from(_tokens)).scalar_one())

    def ids(self) -> set[str]:
        """The ids of the passages that have details."""
        with self._engine.connect() as connection:
            return set(connection.execute(sa.select(_tokens.c.passage_id)).scalars())

    def nearest(self, vector: Vectors, k: int, notice_ids: frozenset[str]) -> list[tuple[str, float]]:
        """The `k` passages of these notices nearest to `vector`: (passage id, cosine), best first.

        Of many passages those are scored whose vectors agree with it in most signs; few are scored all.
        """
        marks = self._read_marks()
        rows = marks.keep(notice_ids)
        if len(rows) > _SCORED:
            asked = _pad(np.packbits(vector > 0)[np.newaxis]).view(np.uint64)[0]
            apart = np.bitwise_count(marks.bits[rows] ^ asked).sum(axis=1, dtype=np.uint16)
            taken = max(_SCORED, 8 * k)
            rows = rows[np.argpartition(apart, taken - 1)[:taken]] if taken < len(rows) else rows
        names = [f"{marks.notice_ids[marks.owners[row]]}:{marks.ordinals[row]}" for row in rows.tolist()]
        scored = self.score_passages(vector, names)
        ranked = sorted(((name, cosine) for name, (cosine, _) in scored.items()), key=lambda pair: (-pair[1], pair[0]))
        return ranked[:k]

    def forget(self) -> None:
        """Look again at what another process, or this one, has written."""
        self._marks = None

    def _read_marks(self) -> _Marks:
        marks = self._marks
        if marks is None:
            with self._engine.connect() as connection:
                rows = connection.execute(sa.select(_notices)).all()
            bits = np.frombuffer(b"".join(row.bits for row in rows), dtype=np.uint64)
            ordinals = np.frombuffer(b"".join(row.ordinals for row in rows), dtype=np.int32)
            owners = np.repeat(np.arange(len(rows)), [len(row.ordinals) // 4 for row in rows])
            width = len(bits) // max(len(ordinals), 1)
            marks = _Marks([row.notice_id for row in rows], bits.reshape(len(ordinals), width), ordinals, owners, {})
            self._marks = marks
        return marks

    def score_passages(self, vector: Vectors, passage_ids: Collection[str]) -> dict[str, tuple[float, Vectors]]:
        """(cosine with `vector`, the cosine of each of its sentences in order) of each of these passages."""
        query = sa.select(_sentences.c.passage_id, _sentences.c.vector, _sentences.c.sentences)
        rows: list[tuple[str, bytes, bytes]] = []
        with self._engine.connect() as connection:
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
        query = sa.select(_tokens.c.passage_id, _tokens.c.owners, _tokens.c.signs)
        with self._engine.connect() as connection:
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


def _pad(bits: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Rows of bytes, each lengthened to whole words of 64 bits."""
    return np.pad(bits, ((0, 0), (0, -bits.shape[1] % 8)))
