"""Passage vectors in Chroma, derived from the catalogue; the only user of chromadb."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from threading import RLock

import chromadb
import numpy as np
from chromadb.api.types import Metadata
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError

from core.errors import BrokenStoreError
from core.types import Passage
from store.embedder import Vectors

# Chroma takes at most 5,461 records a call; a tenth keeps one call's memory small.
_BATCH = 500
# Recall@10 of 0.9995 at 100,000 vectors for 1.8 ms; Chroma's defaults gave 0.989.
_GRAPH = {
    "hnsw:space": "cosine",
    "hnsw:M": 32,
    "hnsw:construction_ef": 200,
    "hnsw:search_ef": 200,
}


class VectorIndex:
    """The vectors of one embedding model over one store; safe to use from many threads, one at a time."""

    def __init__(self, folder: Path, fingerprint: str) -> None:
        """Open or make the collection of a model in `folder`/chroma; raises BrokenStoreError."""
        self._folder = folder / "chroma"
        self._name = "passages-" + hashlib.sha256(fingerprint.encode()).hexdigest()[:12]
        # Chroma shows another process's writes to a new client only, and lends one client to all of this process
        # that ask: so nobody may be at it while it is changed. A query takes two milliseconds.
        self._lock = RLock()
        self._open()

    def _open(self) -> None:
        self._count: int | None = None
        try:
            self._client = chromadb.PersistentClient(str(self._folder), ChromaSettings(anonymized_telemetry=False))
            self._collection = self._client.get_or_create_collection(
                self._name, metadata=_GRAPH, embedding_function=None
            )
        except (ChromaError, OSError, ValueError) as error:
            raise BrokenStoreError(f"{self._folder}: Chroma cannot open it ({error})") from error

    def close(self) -> None:
        """Release the files."""
        with self._lock:
            self._client.close()  # type: ignore[attr-defined]

    def reopen(self) -> None:
        """See what another process wrote: Chroma's `query` does not, on an open client."""
        with self._lock:
            self.close()
            self._open()

    def drop_others(self) -> None:
        """Delete the collections of other embedding models."""
        with self._lock:
            for collection in self._client.list_collections():
                if collection.name != self._name:
                    self._client.delete_collection(collection.name)

    def add(self, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Write the vectors of passages; one with a known id is replaced."""
        for first in range(0, len(passages), _BATCH):
            batch = passages[first : first + _BATCH]
            metadatas: list[Metadata] = [{"notice_id": passage.notice_id} for passage in batch]
            with self._lock:
                self._count = None
                self._collection.upsert(
                    ids=[passage.passage_id for passage in batch],
                    embeddings=np.asarray(vectors[first : first + _BATCH], dtype=np.float32),
                    metadatas=metadatas,
                )

    def remove(self, passage_ids: Sequence[str]) -> None:
        """Delete vectors; unknown ids do no harm."""
        for first in range(0, len(passage_ids), _BATCH):
            with self._lock:
                self._count = None
                self._collection.delete(ids=list(passage_ids[first : first + _BATCH]))

    def count(self) -> int:
        """How many passages are in the index."""
        with self._lock:
            return int(self._collection.count())

    def ids(self) -> set[str]:
        """The ids of all passages in the index."""
        found: set[str] = set()
        while True:
            with self._lock:
                page = self._collection.get(limit=_BATCH * 10, offset=len(found), include=[])["ids"]
            if not page:
                return found
            found.update(page)

    def nearest(self, vector: Vectors, k: int) -> list[tuple[str, float]]:
        """The `k` passages nearest to `vector`: (passage id, cosine), best first."""
        with self._lock:
            if self._count is None:
                self._count = self.count()
            wanted = min(self._count, k)
            if not wanted:
                return []
            asked = vector[np.newaxis]
            answer = self._collection.query(query_embeddings=asked, n_results=wanted, include=["distances"])
        distances = (answer["distances"] or [[]])[0]
        return [(name, 1.0 - float(distance)) for name, distance in zip(answer["ids"][0], distances, strict=True)]
