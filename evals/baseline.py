"""The baseline: the recipe of LangChain's tutorial on retrieval, over the same texts with the same model.

https://python.langchain.com/docs/tutorials/rag: RecursiveCharacterTextSplitter in chunks of 1,000
characters with 200 of overlap, Chroma with its defaults, `similarity_search`, which gives the
answerer 4 chunks. What is timed is that search. To compute measures over ten notices the ranking
goes on below the fourth chunk, which the answerer would never see: hit@5 and hit@10 are kind to it.
The recipe knows no titles, no years and no earlier questions: a follow-up is searched as it stands.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langchain_core.embeddings import Embeddings

from evals.ranking import Ranking, deepen
from ingest.pipeline import Progress
from store.embedder import Embedder

if TYPE_CHECKING:
    from langchain_core.documents import Document

CHUNK_SIZE, CHUNK_OVERLAP = 1000, 200
SHOWN = 4
# Chroma takes at most 5,461 records a call.
_BATCH = 512


class SameModel(Embeddings):
    """The desk's embedding model, run as sentence-transformers runs it; it remembers the last question's vector."""

    def __init__(self, embedder: Embedder) -> None:
        self.fingerprint = embedder.fingerprint
        self._embedder = embedder
        self._model: Any = None
        self.last: list[float] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """A unit vector for each text, in order."""
        rows: list[list[float]] = self._plain.encode_document(texts, normalize_embeddings=True).tolist()
        return rows

    def embed_query(self, text: str) -> list[float]:
        """The unit vector of a question."""
        self.last = self._plain.encode_query(text, normalize_embeddings=True).tolist()
        return self.last

    @property
    def _plain(self) -> Any:
        if self._model is None:
            self._model = self._embedder.load_plain()
        return self._model


class Recipe:
    """The tutorial's index over some notices."""

    def __init__(self, folder: Path, model: SameModel, texts: Mapping[str, str], k: int, progress: Progress) -> None:
        """Split and embed `texts` (canonical text by notice id) into `folder`, or open what is there of them.

        `k`: how many chunks the ranking is made of at first.
        """
        from langchain_chroma import Chroma

        self._k = k
        self._model = model
        chunks = _split(texts)
        self.chunks = len(chunks)
        # Another model, or other texts, are another collection: one name never means two indexes.
        key = hashlib.sha256(
            "\n".join([model.fingerprint, str((CHUNK_SIZE, CHUNK_OVERLAP)), *chunks]).encode()
        ).hexdigest()[:16]
        self._index = Chroma(f"recipe-{key}", self._model, persist_directory=str(folder))
        present = set(self._index.get(include=[])["ids"])
        self._add({name: chunk for name, chunk in chunks.items() if name not in present}, progress)

    def ask(self, question: str, history: Sequence[str]) -> Ranking:
        """The notices of the nearest chunks, each at its first; the time is that of the recipe's own search."""
        started = time.perf_counter()
        self._index.similarity_search(question, k=SHOWN)
        seconds = time.perf_counter() - started
        vector = self._model.last

        def find(k: int) -> list[str]:
            return [chunk.metadata["notice_id"] for chunk in self._index.similarity_search_by_vector(vector, k=k)]

        return Ranking(deepen(find(self._k), self._k, find), seconds)

    def _add(self, chunks: Mapping[str, Document], progress: Progress) -> None:
        progress.start("Embedding for the baseline", len(chunks))
        names = list(chunks)
        for first in range(0, len(names), _BATCH):
            batch = names[first : first + _BATCH]
            self._index.add_documents([chunks[name] for name in batch], ids=batch)
            progress.step(len(batch))


def _split(texts: Mapping[str, str]) -> dict[str, Document]:
    """The recipe's chunks, each under its notice id and number."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK_SIZE, chunk_overlap=CHUNK_OVERLAP)
    return {
        f"{notice_id}:{number}": chunk
        for notice_id, text in texts.items()
        for number, chunk in enumerate(splitter.create_documents([text], [{"notice_id": notice_id}]))
    }
