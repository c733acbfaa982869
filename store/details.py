"""The details of passages, in SQL: sentence vectors and token signs for the fine ranking; derived."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.exc import DatabaseError

from core.errors import BrokenStoreError
from core.types import Passage
from store.catalogue import prepare_connection
from store.embedder import Embedded, Vectors, restore_sentences

_BATCH = 5000

_metadata = sa.MetaData()
# Two tables, so that the many rows of which only the sentences are wanted stay small.
_sentences = sa.Table(
    "sentence_vectors",
    _metadata,
    sa.Column("passage_id", sa.String, primary_key=True),
    sa.Column("notice_id", sa.String, nullable=False, index=True),
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


class DetailIndex:
    """The details that one embedding model made of one store's passages."""

    def __init__(self, folder: Path, fingerprint: str) -> None:
        """Open or make `folder`/details-….sqlite for this model; raises BrokenStoreError."""
        self._folder = folder
        self._file = folder / f"details-{hashlib.sha256(fingerprint.encode()).hexdigest()[:12]}.sqlite"
        self._engine = sa.create_engine(f"sqlite:///{self._file}")
        sa.event.listen(self._engine, "connect", prepare_connection)
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
        """Write the details of passages; those of a known id are replaced."""
        rows = list(zip(passages, embedded.vectors, embedded.details, strict=True))
        if not rows:
            return
        with self._engine.begin() as connection:
            connection.execute(
                sa.insert(_sentences).prefix_with("OR REPLACE"),
                [
                    {
                        "passage_id": passage.passage_id,
                        "notice_id": passage.notice_id,
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
        """Delete details; unknown ids do no harm."""
        with self._engine.begin() as connection:
            for batch in _batches(passage_ids):
                for table in (_sentences, _tokens):
                    connection.execute(sa.delete(table).where(table.c.passage_id.in_(batch)))

    def count(self) -> int:
        """How many passages have details."""
        with self._engine.connect() as connection:
            return int(connection.execute(sa.select(sa.func.count()).select_from(_tokens)).scalar_one())

    def ids(self) -> set[str]:
        """The ids of the passages that have details."""
        with self._engine.connect() as connection:
            return set(connection.execute(sa.select(_tokens.c.passage_id)).scalars())

    def score_notices(self, vector: Vectors, notice_ids: Collection[str]) -> dict[str, float]:
        """The cosine of every passage of these notices with `vector`."""
        query = sa.select(_sentences.c.passage_id, _sentences.c.vector)
        rows: list[tuple[str, bytes]] = []
        with self._engine.connect() as connection:
            for batch in _batches(notice_ids):
                rows += connection.execute(query.where(_sentences.c.notice_id.in_(batch))).tuples()
        if not rows:
            return {}
        matrix = np.frombuffer(b"".join(blob for _, blob in rows), dtype=np.float16).reshape(len(rows), -1)
        return dict(zip((name for name, _ in rows), (matrix.astype(np.float32) @ vector).tolist(), strict=True))

    def score_passages(self, vector: Vectors, passage_ids: Collection[str]) -> dict[str, tuple[float, Vectors]]:
        """(cosine with `vector`, the cosine of each of its sentences in order) of each of these passages."""
        query = sa.select(_sentences.c.passage_id, _sentences.c.vector, _sentences.c.sentences)
        rows: list[tuple[str, bytes, bytes]] = []
        with self._engine.connect() as connection:
            for batch in _batches(passage_ids):
                rows += connection.execute(query.where(_sentences.c.passage_id.in_(batch))).tuples()
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
        """The token signs of these passages; one without tokens is left out."""
        query = sa.select(_tokens.c.passage_id, _tokens.c.owners, _tokens.c.signs)
        with self._engine.connect() as connection:
            rows = [
                (str(name), np.frombuffer(owners, dtype=np.uint16), np.frombuffer(signs, dtype=np.uint8))
                for batch in _batches(passage_ids)
                for name, owners, signs in connection.execute(query.where(_tokens.c.passage_id.in_(batch)))
                if owners
            ]
        if not rows:
            return Signs((), np.empty((0, dimensions // 8), np.uint8), np.empty(0, np.int64), np.empty(0, np.int64))
        width = -(-dimensions // 8)
        return Signs(
            tuple(name for name, _, _ in rows),
            np.concatenate([signs.reshape(-1, width) for _, _, signs in rows]),
            np.repeat(np.arange(len(rows)), [len(owners) for _, owners, _ in rows]),
            np.concatenate([owners for _, owners, _ in rows]).astype(np.int64),
        )


def _batches(names: Iterable[str]) -> list[list[str]]:
    """The names without repetition, so many to a statement as SQLite takes."""
    wanted = sorted(set(names))
    return [wanted[first : first + _BATCH] for first in range(0, len(wanted), _BATCH)]
