"""Passage vectors in Chroma, in the store's folder or on a server, derived from the catalogue."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
from chromadb import Collection
from chromadb.api.collection_configuration import UpdateCollectionConfiguration, UpdateHNSWConfiguration
from chromadb.api.types import Metadata

from core.place import Place, to_place
from core.types import Passage
from store.chroma_folder import ChromaFolder
from store.chroma_server import ChromaServer
from store.embedder import Vectors

Result = TypeVar("Result")

# Recall@10 of 0.9995 at 100,000 vectors for 1.8 ms; Chroma's defaults gave 0.989.
_GRAPH: dict[str, str | int] = {
    "hnsw:space": "cosine",
    "hnsw:M": 32,
    "hnsw:construction_ef": 200,
    "hnsw:search_ef": 200,
}
# Chroma writes a graph out after so many new vectors, with the names of all, and adds the rest anew at each opening.
# A large graph is written seldom: 1,000 vectors are added to a million in a second, their names written in a third.
_LARGE, _UNWRITTEN, _UNWRITTEN_OF_LARGE = 100_000, 1000, 5000
# The graph is searched for so many times the square root of the number of passages: the more there are, the wider it
# must be searched for the nearest ten. At 100,000 disturbed real vectors 200 gave 0.87 of them, 400 0.97, 800 all.
# A search that has filled up with passages that are nearly the same, as boilerplate is, never leaves them; how many
# those are grows with the desk: of a million, in groups of 3,800, 2,500 gave 0.85, 6,000 0.96, 9,000 all.
_WIDTH, _GROUP, _WIDEST = 2.5, 0.009, 20_000


class _Chroma(Protocol):
    """Where a collection is: a folder or a server."""

    @property
    def batch(self) -> int: ...
    @property
    def page(self) -> int: ...
    def close(self) -> None: ...
    def reopen(self) -> None: ...
    def reach(self) -> None: ...
    def read(self, work: Callable[[Collection], Result]) -> Result: ...
    def write(self, work: Callable[[Collection], Result]) -> Result: ...
    def drop_others(self) -> None: ...


class VectorIndex:
    """The vectors of one embedding model over one store; safe to use from many threads.

    Where they are on a server, every method but `close` and `reopen` may raise UnreachableStoreError.
    """

    def __init__(self, place: Place | Path, fingerprint: str, desk: str = "") -> None:
        """Open or make the collection of a model at `place`; raises BrokenStoreError, UsageError.

        `desk` tells this desk from others that keep their vectors on the same server.
        """
        place = to_place(place)
        model = hashlib.sha256(fingerprint.encode()).hexdigest()[:12]
        self._chroma: _Chroma
        if place.chroma_url:
            self._chroma = ChromaServer(place, f"passages-{desk[:16]}", model, _GRAPH)
        else:
            self._chroma = ChromaFolder(place.folder / "chroma", f"passages-{model}", _GRAPH)
        # So many more, and a graph that was fit is large.
        self._room = math.inf

    def close(self) -> None:
        """Release the files or connections."""
        self._chroma.close()

    def reopen(self) -> None:
        """See what another process wrote."""
        self._chroma.reopen()

    def reach(self) -> None:
        """Raise UnreachableStoreError where the server does not answer."""
        self._chroma.reach()

    def drop_others(self) -> None:
        """Delete the collections of other embedding models."""
        self._chroma.drop_others()

    def fit(self) -> None:
        """Let the graph be searched as wide, and written out as seldom, as its size asks; for who writes."""
        number = self.count()
        self._room = _LARGE - number if number < _LARGE else math.inf
        wanted = UpdateHNSWConfiguration(
            sync_threshold=_UNWRITTEN if number < _LARGE else _UNWRITTEN_OF_LARGE,
            ef_search=max(int(_GRAPH["hnsw:search_ef"]), find_width(number)),
        )
        graph = self._read_graph()
        # Distributed Chroma has another kind of index.
        if graph and any(graph.get(name) != value for name, value in wanted.items()):
            change = UpdateCollectionConfiguration(hnsw=wanted)
            self._chroma.write(lambda collection: collection.modify(configuration=change))
            self.reopen()

    def _read_graph(self) -> Mapping[str, Any] | None:
        return self._chroma.read(lambda collection: collection.configuration.get("hnsw"))

    def add(self, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Write the vectors of passages; one with a known id is replaced."""
        size = self._chroma.batch
        for first in range(0, len(passages), size):
            self._write(passages[first : first + size], vectors[first : first + size])
        self._room -= len(passages)
        if self._room <= 0:
            self.fit()

    def _write(self, passages: Sequence[Passage], vectors: Vectors) -> None:
        metadatas: list[Metadata] = [{"notice_id": passage.notice_id} for passage in passages]
        ids = [passage.passage_id for passage in passages]
        embeddings = np.asarray(vectors, dtype=np.float32)

        def replace(found: Collection) -> None:
            # A vector that is moved within the graph may lose every way that leads to it: in 5 of 100 graphs on
            # a server one was lost. Deleted and added anew, none was in 200.
            if known := found.get(ids=ids, include=[])["ids"]:
                found.delete(ids=known)
            found.upsert(ids=ids, embeddings=embeddings, metadatas=metadatas)

        self._chroma.write(replace)

    def remove(self, passage_ids: Sequence[str]) -> None:
        """Delete vectors; unknown ids do no harm."""
        size = self._chroma.batch if passage_ids else 1
        for first in range(0, len(passage_ids), size):
            self._delete(list(passage_ids[first : first + size]))

    def _delete(self, passage_ids: list[str]) -> None:
        self._chroma.write(lambda found: found.delete(ids=passage_ids))

    def count(self) -> int:
        """How many passages are in the index."""
        return int(self._chroma.read(lambda found: found.count()))

    def ids(self) -> set[str]:
        """The ids of all passages in the index."""
        found: set[str] = set()
        size = self._chroma.page
        while page := self._chroma.read(lambda it: it.get(limit=size, offset=len(found), include=[])["ids"]):
            found.update(page)
        return found

    def nearest(self, vector: Vectors, k: int, width: int = 0) -> list[tuple[str, float]]:
        """The `k` passages nearest to `vector`: (passage id, cosine), best first.

        The graph is searched for the nearest `width` of them: its last few are found less surely than its first.
        """
        if k < 1:
            return []
        asked = vector[np.newaxis]
        # To search is cheap, to name what was found is not: only a graph that is not fit yet must name it all.
        is_fit = width <= k or (self._read_graph() or {}).get("ef_search", 0) >= width
        named = k if is_fit else width
        answer = self._chroma.read(
            lambda found: found.query(query_embeddings=asked, n_results=named, include=["distances"])
        )
        distances = (answer["distances"] or [[]])[0]
        near = [(name, 1.0 - float(distance)) for name, distance in zip(answer["ids"][0], distances, strict=True)]
        return near[:k]


def find_width(number: int) -> int:
    """How many of so many passages the graph is searched for; few figures, so that it seldom changes."""
    width = min(math.ceil(max(_WIDTH * math.sqrt(number), _GROUP * number)), _WIDEST)
    step = int(10 ** max(len(str(width)) - 2, 0))
    return -(-width // step) * step
