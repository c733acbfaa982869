"""The tutorial's search over the passages of a made-up desk, beside which the desk's is timed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from evals.baseline import SHOWN, SameModel
from store.catalogue import Entry
from store.embedder import Embedded, Embedder, Vectors


class _Prepared(SameModel):
    """The baseline's model, with the vectors of passages given: only its questions are embedded."""

    coming: Vectors

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """The vectors that were put ready for these texts."""
        rows: list[list[float]] = self.coming[: len(texts)].tolist()
        return rows


class PreparedRecipe:
    """The plain model, Chroma as it comes, the nearest four."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        """Open or make its index in `folder`."""
        from langchain_chroma import Chroma

        self._model = _Prepared(embedder)
        self._index = Chroma("speed", self._model, persist_directory=str(folder))

    def add(self, entries: Sequence[Entry], embedded: Embedded) -> None:
        """Add the passages of notices with their vectors."""
        passages = [passage for entry in entries for passage in entry.passages]
        self._model.coming = embedded.vectors
        self._index.add_texts([passage.text for passage in passages], ids=[passage.passage_id for passage in passages])

    def ask(self, question: str) -> None:
        """One search."""
        self._index.similarity_search(question, k=SHOWN)
