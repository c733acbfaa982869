"""Catalogue and index as one: writes in the order that survives a kill, and reads what is current."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from filelock import FileLock, Timeout

from core.errors import StaleIndexError, StoreBusyError
from core.types import NoticeCard, Passage
from store.catalogue import Catalogue, Entry, FileRecord
from store.embedder import Embedder, Vectors
from store.lexical import LexicalIndex
from store.vectors import VectorIndex

_MODEL = "embedding_model"
_UNFINISHED = "unfinished"
_REEMBED_BATCH = 512


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where the index does not agree with the catalogue."""

    index: str
    passage_id: str
    fault: str

    def __str__(self) -> str:
        return f"{self.index}: passage {self.passage_id} {self.fault}"


class Archive:
    """One desk's store. Reading is safe from many threads; one process at a time may write.

    What the catalogue does not know is never returned, whatever the index holds: so the index is
    written before the catalogue, and the catalogue is cleared before the index.
    """

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        """Open or make the store in `folder`; raises BrokenStoreError."""
        self.folder = folder
        self.catalogue = Catalogue(folder)
        self.embedder = embedder
        self._lexical = LexicalIndex(folder)
        self._vectors = VectorIndex(folder, embedder.name)
        self._seen = self.catalogue.generation
        self._lock = Lock()

    def close(self) -> None:
        """Release the files."""
        self._vectors.close()
        self.catalogue.close()

    # -- reading -------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Reopen the index where another process has changed the notices since."""
        with self._lock:
            current = self.catalogue.generation
            if current != self._seen:
                self._vectors.reopen()
                self._lexical.reopen()
                self._seen = current

    def check_model(self) -> None:
        """Raise StaleIndexError where the index is of another model, or has lost what the catalogue holds."""
        found = self.catalogue.read_state(_MODEL)
        if found is not None and found != self.embedder.name:
            raise StaleIndexError(f"the index was made with {found}, the settings name {self.embedder.name}")

        expected = self.catalogue.total_passages()
        if min(self._vectors.count(), self._lexical.count()) < expected:
            self.refresh()
            if min(self._vectors.count(), self._lexical.count()) < self.catalogue.total_passages():
                raise StaleIndexError(
                    "a part of the index is missing", "Run `python -m ingest` once: it makes it anew."
                )

    def best_by_words(
        self, terms: Sequence[str], k: int, notice_ids: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """(passage id, BM25) of the best `k`, among these notices or all."""
        return self._lexical.best(terms, k, notice_ids)

    def nearest_by_meaning(
        self, vector: Vectors, k: int, notice_ids: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """(passage id, cosine) of the nearest `k`, among these notices or all."""
        permitted = None if notice_ids is None else self.catalogue.passage_ids(notice_ids)
        return self._vectors.nearest(vector, k, permitted)

    def score_by_meaning(self, vector: Vectors, passage_ids: Collection[str]) -> dict[str, float]:
        """The cosine of each of these passages."""
        return self._vectors.score(vector, passage_ids)

    def weigh(self, term: str) -> float:
        """How rare a term is: its inverse document frequency."""
        return self._lexical.weight(term)

    def speaks_of(self, term: str) -> bool:
        """Whether any passage holds this index term."""
        return self._lexical.holds(term)

    # -- writing -------------------------------------------------------------------------------

    def claim(self) -> FileLock:
        """The right to write, as a context manager; raises StoreBusyError where another has it."""
        lock = FileLock(self.folder / "writing.lock", timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise StoreBusyError(f"{self.folder}: another ingest is writing") from error
        return lock

    def begin(self) -> None:
        """Start a run of writes: mend what an earlier run, ended half-way, has left."""
        if not self.is_stale:
            expected = self.catalogue.total_passages()
            complete = self._vectors.count() == expected == self._lexical.count()
            if self.catalogue.read_state(_UNFINISHED) is not None or not complete:
                self.repair()
        self.catalogue.write_state(_UNFINISHED, "1")
        if self.catalogue.read_state(_MODEL) is None:
            self.catalogue.write_state(_MODEL, self.embedder.name)

    def end(self) -> None:
        """End a run of writes that went well."""
        self.catalogue.write_state(_UNFINISHED, None)
        self._seen = self.catalogue.generation

    def add(
        self,
        entries: Sequence[Entry],
        vectors: Vectors,
        files: Sequence[FileRecord],
        successions: Mapping[str, str] | None = None,
    ) -> None:
        """Write notices: index first, catalogue last.

        `vectors` holds a row for each passage of `entries`, in their order.
        """
        passages = [passage for entry in entries for passage in entry.passages]
        kept = {passage.passage_id for passage in passages}
        before = self.catalogue.passage_ids(entry.notice.card.notice_id for entry in entries)
        self._vectors.add(passages, vectors)
        self._lexical.write([(entry.notice.card, entry.passages) for entry in entries])
        self.catalogue.add(entries, files, successions)
        self._vectors.remove([name for name in before if name not in kept])

    def amend(self, entry: Entry, record: FileRecord) -> None:
        """Renew the metadata of a notice whose text and passages stay; nothing is embedded."""
        self._lexical.write([(entry.notice.card, entry.passages)])
        self.catalogue.add([entry], [record])

    def remove(self, notice_id: str) -> None:
        """Forget a notice: catalogue first, index last."""
        passage_ids = self.catalogue.passage_ids([notice_id])
        self.catalogue.remove(notice_id)
        self._vectors.remove(passage_ids)
        self._lexical.write(removed=[notice_id])

    def entry(self, notice_id: str) -> Entry:
        """All that the catalogue keeps of a notice; raises UnknownNoticeError."""
        notice = self.catalogue.notice(notice_id)
        rows = self.catalogue.passages(self.catalogue.passage_ids([notice_id])).values()
        passages = sorted((passage for passage, _ in rows), key=lambda passage: passage.ordinal)
        sentences = self.catalogue.sentences(notice_id)
        return Entry(notice, tuple(passages), tuple(sentences))

    # -- agreement of catalogue and index ------------------------------------------------------

    def check(self) -> list[Difference]:
        """Every place where the index differs from the catalogue; empty where all is well."""
        known = set(self.catalogue.passage_ids())
        return [
            difference
            for name, found in (("vectors", self._vectors.ids()), ("words", self._lexical.ids()))
            for difference in (
                *(Difference(name, passage, "is missing") for passage in sorted(known - found)),
                *(Difference(name, passage, "is not of any notice") for passage in sorted(found - known)),
            )
        ]

    def repair(self, progress: Callable[[int], None] | None = None) -> int:
        """Make the index agree with the catalogue again; the number of differences mended."""
        differences = self.check()
        stray = {d.passage_id for d in differences if d.fault != "is missing"}
        unembedded = [d.passage_id for d in differences if d.fault == "is missing" and d.index == "vectors"]
        self._vectors.remove(sorted(stray))
        self._embed(unembedded, progress)
        touched = {d.passage_id.rpartition(":")[0] for d in differences if d.index == "words"}
        known = {card.notice_id: card for card in self.catalogue.cards()}
        added: list[tuple[NoticeCard, Sequence[Passage]]] = [
            (known[notice_id], self.entry(notice_id).passages) for notice_id in sorted(touched) if notice_id in known
        ]
        if touched:
            self._lexical.write(added, removed=sorted(touched))
        return len(differences)

    def reembed(self, progress: Callable[[int], None] | None = None) -> None:
        """Make the vectors anew with the embedder's model; the old index stays until all is done."""
        present = self._vectors.ids()
        wanted = [name for name in self.catalogue.passage_ids() if name not in present]
        self._embed(wanted, progress)
        self.catalogue.write_state(_MODEL, self.embedder.name)
        self._vectors.drop_others()

    @property
    def is_stale(self) -> bool:
        """Whether the index holds vectors of another model than the embedder's."""
        return self.catalogue.read_state(_MODEL) not in (None, self.embedder.name)

    def _embed(self, passage_ids: Sequence[str], progress: Callable[[int], None] | None) -> None:
        for first in range(0, len(passage_ids), _REEMBED_BATCH):
            rows = self.catalogue.passages(passage_ids[first : first + _REEMBED_BATCH]).values()
            passages = [passage for passage, _ in rows]
            texts = [passage.text for passage in passages]
            self._vectors.add(passages, self.embedder.embed_passages(texts, progress))
