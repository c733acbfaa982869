"""A collection of Chroma in a folder of this machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from threading import RLock
from typing import TypeVar

import chromadb
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError

from core.errors import BrokenStoreError

Result = TypeVar("Result")


class ChromaFolder:
    """One collection of a folder; safe to use from many threads, one at a time."""

    # Chroma takes at most 5,461 records a call; a tenth keeps one call's memory small.
    batch = 500
    # What comes before a page is gone through again: a million names take a second as one page, minutes in small ones.
    page = 100_000

    def __init__(self, folder: Path, name: str, graph: Mapping[str, str | int]) -> None:
        """Open or make the collection; raises BrokenStoreError."""
        self._folder, self._name, self._graph = folder, name, dict(graph)
        # Chroma shows another process's writes to a new client only, and lends one client to all of this process
        # that ask: so nobody may be at it while it is changed. A query takes two milliseconds.
        self._lock = RLock()
        self._open()

    def _open(self) -> None:
        try:
            self._client = chromadb.PersistentClient(str(self._folder), ChromaSettings(anonymized_telemetry=False))
            self._collection = self._client.get_or_create_collection(
                self._name, metadata=self._graph, embedding_function=None
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

    def reach(self) -> None:
        """Nothing: the folder is on this machine."""

    def read(self, work: Callable[[chromadb.Collection], Result]) -> Result:
        """The result of work that only reads."""
        with self._lock:
            return work(self._collection)

    def write(self, work: Callable[[chromadb.Collection], Result]) -> Result:
        """The result of work that may be done twice without harm."""
        return self.read(work)

    def drop_others(self) -> None:
        """Delete the collections of other names."""
        with self._lock:
            for collection in self._client.list_collections():
                if collection.name != self._name:
                    self._client.delete_collection(collection.name)
