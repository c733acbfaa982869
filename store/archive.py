"""Catalogue and index as one: writes in the order that survives a kill, and reads what is current."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from core.errors import FullDiskError, PolicyDeskError, StaleIndexError
from core.place import Place, to_place
from core.types import NoticeCard, Passage, Sentence
from store.catalogue import CATALOGUE_FILE, UNLINKED, Catalogue, Entry, FileRecord
from store.claim import claim_folder
from store.details import DetailIndex
from store.disk import is_full
from store.embedder import Cut, Embedded, EmbeddedQuestion, Embedder, Vectors
from store.held import HeldCatalogue
from store.late import interact, meet_sentences
from store.lexical import LexicalIndex
from store.lexical_postgres import PostgresWordIndex
from store.lexical_tables import SCHEMA as WORDS_SCHEMA
from store.models import MODEL, Index, OtherIndexes, forget_others, note_model, read_models
from store.postgres import make_postgres_engine, read_url
from store.shelf import Scope, Shelf
from store.vectors import VectorIndex, find_width
from store.word_index import Covered, Pair, WordIndex

_DESK = "desk"
_UNFINISHED = "unfinished"
# So many passages are embedded anew together: what a kill loses at most.
_REEMBED_BATCH = 256
# A notice that is removed just between two counts makes the index look short; not so often in a row.
_LOOKS = 3
# A part with more passages is looked for first among so many of the nearest of all.
_MANY, _NEAREST = 30_000, 200
EVERYTHING = Scope()


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

    def __init__(self, place: Place | Path, embedder: Embedder) -> None:
        """Open or make the store at `place`; raises BrokenStoreError."""
        self.place = to_place(place)
        self.folder = self.place.folder
        self.catalogue = Catalogue(self.place)
        self.embedder = embedder
        self._lexical: WordIndex = _open_words(self.place)
        self._vectors, self._details = self._open_index(embedder.fingerprint)
        self._others = OtherIndexes(self.catalogue, embedder.fingerprint, self._open_index)
        self._shelf: Shelf | None = None
        self._checked = False
        self._is_held = False
        self._seen = self.catalogue.generation
        self._lock = Lock()

    def _open_index(self, fingerprint: str) -> Index:
        """What a model made of this store's passages."""
        # A server may hold the vectors of many desks.
        desk = self.catalogue.settle_state(_DESK, uuid4().hex) if self.place.chroma_url else ""
        return VectorIndex(self.place, fingerprint, desk), DetailIndex(self.place, fingerprint)

    def close(self) -> None:
        """Release the files."""
        self._vectors.close()
        self._details.close()
        self._lexical.close()
        self.catalogue.close()

    @property
    def catalogue_file(self) -> Path:
        """The file of the catalogue, where it is in one."""
        return self.folder / CATALOGUE_FILE

    @property
    def index_changed_at(self) -> str:
        """When the index was last written, in UTC, as ISO 8601 to the second; raises OSError where it has gone."""
        return self._lexical.changed_at.isoformat(timespec="seconds")

    # -- reading -------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Reopen the index where another process has changed the notices since."""
        if not self._is_held:
            self._catch_up(self.catalogue.generation)

    def _catch_up(self, current: int) -> None:
        with self._lock:
            if current != self._seen:
                self._vectors.reopen()
                self._lexical.reopen()
                self._forget()
                self._seen = current

    @contextmanager
    def hold(self) -> Iterator[Archive]:
        """This archive, its catalogue as it is now until the block ends; for one thread, and to read from only.

        What another process removes meanwhile is still there for whoever holds. Raises StaleIndexError.
        """
        with self.catalogue.begin_reading() as connection:
            catalogue = HeldCatalogue(connection)
            self._catch_up(catalogue.generation)
            self.check_model()
            shelf = self.shelf
            held = copy(self)
            held.catalogue, held._shelf, held._checked, held._is_held = catalogue, shelf, True, True
            yield held

    def reach(self) -> None:
        """Raise UnreachableStoreError where a server that holds a part of the store does not answer now."""
        self._vectors.reach()

    def check_model(self) -> None:
        """Raise StaleIndexError where this model has no whole index, or that has lost what the catalogue holds.

        A model that was replaced is served as long as its index is kept, and no notice has come in since.
        """
        if self._checked:
            return
        own, found = self.embedder.fingerprint, self.catalogue.read_state(MODEL)
        if found is not None and not read_models(self.catalogue).get(own):
            raise StaleIndexError(f"the index was made with {found}, the settings name {own}")
        if not any(self._is_whole() for _ in range(_LOOKS)):
            if found not in (None, own):
                raise StaleIndexError(f"notices have come in since {found} took the place of {own}")
            raise StaleIndexError("a part of the index is missing", "Run `python -m ingest` once: it makes it anew.")
        if self.catalogue.read_state(UNLINKED) is not None:
            raise StaleIndexError(
                "this version links notices with those that they repeal, and has not looked for them yet",
                "Run `python -m ingest` once: it looks through the notices that are in; nothing is embedded anew.",
            )
        self._checked = True

    def _is_whole(self) -> bool:
        """Whether the index holds as many passages as the catalogue; only "yes" is certain while another writes."""
        # In this order: what the catalogue holds was in the index before, and is seen there after a refresh.
        expected = self.catalogue.total_passages()
        self.refresh()
        return min(self._vectors.count(), self._lexical.count(), self._details.count()) >= expected

    @property
    def shelf(self) -> Shelf:
        """The cards of all notices, as they were at the last refresh."""
        shelf = self._shelf
        if shelf is None:
            shelf = self._shelf = Shelf(self.catalogue.cards(), self.catalogue.count_passages())
        return shelf

    def _forget(self) -> None:
        self._shelf = None
        self._checked = False
        self._details.forget()

    def best_by_words(self, terms: Mapping[str, float], k: int, scope: Scope = EVERYTHING) -> list[tuple[str, float]]:
        """(passage id, BM25 of the terms, each times its weight) of the best `k` in a scope."""
        permitted = self.shelf.keep(scope) if scope.issuer or scope.issuers else None
        return self._lexical.best(terms, k, scope, permitted)

    def nearest_by_meaning(self, vector: Vectors, k: int, scope: Scope = EVERYTHING) -> list[tuple[str, float]]:
        """(passage id, cosine) of the nearest `k` in a scope.

        Chroma's own filter costs up to 200 times an unfiltered query at 100,000 vectors. So where the scope is wide,
        the nearest of all are looked through: if `k` of them are inside, these are the nearest inside. Else the
        rounded vectors, in memory, tell in milliseconds which of those inside are worth scoring.
        """
        if not scope.is_all and self.shelf.count_in(scope) <= _MANY:
            return self.nearest_within(vector, k, scope)
        width = find_width(self.shelf.passages)
        near = self._vectors.nearest(vector, max(k, min(width, _NEAREST)), width)
        if not scope.is_all:
            notice_ids = self.shelf.keep(scope)
            near = [(name, cosine) for name, cosine in near if name.rpartition(":")[0] in notice_ids]
            if len(near) < k:
                return self.nearest_within(vector, k, scope)
        return near[:k]

    def nearest_within(self, vector: Vectors, k: int, scope: Scope) -> list[tuple[str, float]]:
        """The same from memory alone, while the graph is searched for others; of very many a few are missed."""
        return self._details.nearest(vector, k, self.shelf.keep(scope))

    def score_by_meaning(self, vector: Vectors, passage_ids: Collection[str]) -> dict[str, tuple[float, Vectors]]:
        """(cosine with `vector`, that of each sentence in it, in order) of each of these passages.

        The sentences are those that lie in the passage or reach into it.
        """
        return self._details.score_passages(vector, passage_ids)

    def score_by_tokens(
        self, question: EmbeddedQuestion, weights: NDArray[np.float64], passage_ids: Collection[str]
    ) -> dict[str, tuple[float, float]]:
        """How each of these passages meets the question's tokens: (as a whole, by its best sentence)."""
        return interact(question, weights, self._details.signs(passage_ids, question.tokens.shape[1]))

    def meet_by_sentences(
        self, tokens: NDArray[np.float32], passage_ids: Collection[str], unmet: float
    ) -> dict[str, NDArray[np.float32]]:
        """How each token of a question is met by each sentence of each of these passages: (sentences, tokens)."""
        dimensions = tokens.shape[1] if tokens.size else 0
        return meet_sentences(tokens, self._details.signs(passage_ids, dimensions), unmet) if dimensions else {}

    def score_by_cover(
        self, weights: Mapping[str, float], pairs: Sequence[Pair], passage_ids: Collection[str]
    ) -> Covered:
        """How much each passage holds: of the terms, by weight; of pairs of neighbouring terms, by number."""
        return self._lexical.cover(weights, pairs, passage_ids)

    def weigh(self, term: str) -> float:
        """How rare a term is: its inverse document frequency."""
        return self._lexical.weight(term)

    def speaks_of(self, term: str) -> bool:
        """Whether any passage holds this index term."""
        return self._lexical.holds(term)

    def find_alike(self, term: str, k: int) -> list[str]:
        """The ids of `k` passages that hold an index term which differs from this one by a letter."""
        return self._lexical.find_alike(term, k)

    # -- writing -------------------------------------------------------------------------------

    @contextmanager
    def claim(self) -> Iterator[None]:
        """The right to write; raises StoreBusyError where another has it, FullDiskError where there is no room."""
        # On a server, hosts that share no folder may write too.
        with claim_folder(self.folder), self.catalogue.claim():
            try:
                yield
            except PolicyDeskError:
                raise
            except Exception as error:
                # Each engine says it in its own way, and one of them hides it.
                if is_full(self.folder, error):
                    raise FullDiskError(f"{self.folder}: the disk is full") from error
                raise

    def begin(self) -> None:
        """Start a run of writes: mend what an earlier run, ended half-way, has left."""
        if not self.is_stale:
            expected = self.catalogue.total_passages()
            counts = {self._vectors.count(), self._lexical.count(), self._details.count()}
            complete = counts == {expected}
            if self.catalogue.read_state(_UNFINISHED) is not None or not complete:
                self.repair()
            self._vectors.fit()
        self.catalogue.write_state(_UNFINISHED, "1")
        if self.catalogue.read_state(MODEL) is None:
            self.catalogue.write_state(MODEL, self.embedder.fingerprint)

    def end(self) -> None:
        """End a run of writes that went well: the words are all in the index of today, so older ones may go."""
        self._lexical.drop_others()
        self._vectors.fit()
        self.catalogue.write_state(_UNFINISHED, None)
        self._seen = self.catalogue.generation
        self._forget()

    def embed(self, entries: Sequence[Entry], progress: Callable[[int], None] | None = None) -> Embedded:
        """The passages of notices embedded, in their order; `progress` is told of each few that are done."""
        return self.embedder.embed_in_detail(*list_texts(entries), progress)

    def add(
        self,
        entries: Sequence[Entry],
        embedded: Embedded,
        files: Sequence[FileRecord],
        successions: Mapping[str, str] | None = None,
    ) -> None:
        """Write notices: index first, catalogue last.

        `embedded` holds the passages of `entries`, in their order.
        """
        self.catalogue.confirm_claim()
        passages = [passage for entry in entries for passage in entry.passages]
        kept = {passage.passage_id for passage in passages}
        before = self.catalogue.passage_ids(entry.notice.card.notice_id for entry in entries)
        self._details.add(passages, embedded)
        self._vectors.add(passages, embedded.vectors)
        self._lexical.write([(entry.notice.card, entry.passages) for entry in entries])
        # What another model made of a notice may be of passages that were cut in another way.
        self._others.remove([*before, *kept])
        self.catalogue.add(entries, files, successions)
        gone = [name for name in before if name not in kept]
        self._vectors.remove(gone)
        self._details.remove(gone)
        self._forget()

    def amend(self, entry: Entry, record: FileRecord) -> None:
        """Renew the metadata of a notice whose text and passages stay; nothing is embedded."""
        self._lexical.write([(entry.notice.card, entry.passages)])
        self.catalogue.add([entry], [record])

    def remove(self, notice_id: str, withdrawn_by: str | None = None) -> None:
        """Forget a notice: catalogue first, index last. Where a person withdraws it, its files do not bring it back."""
        passage_ids = self.catalogue.passage_ids([notice_id])
        self.catalogue.remove(notice_id, withdrawn_by)
        self._vectors.remove(passage_ids)
        self._details.remove(passage_ids)
        self._others.remove(passage_ids)
        self._lexical.write(removed=[notice_id])
        self._forget()

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
            for name, found in (
                ("vectors", self._vectors.ids()),
                ("details", self._details.ids()),
                ("words", self._lexical.ids()),
            )
            for difference in (
                *(Difference(name, passage, "is missing") for passage in sorted(known - found)),
                *(Difference(name, passage, "is not of any notice") for passage in sorted(found - known)),
            )
        ]

    def repair(self, progress: Callable[[int], None] | None = None) -> int:
        """Make the index agree with the catalogue again; the number of differences mended."""
        differences = self.check()
        self._others.keep(set(self.catalogue.passage_ids()))
        stray = sorted({d.passage_id for d in differences if d.fault != "is missing"})
        unembedded = {d.passage_id for d in differences if d.fault == "is missing" and d.index != "words"}
        self._vectors.remove(stray)
        self._details.remove(stray)
        self._embed(sorted({passage_id.rpartition(":")[0] for passage_id in unembedded}), progress)
        touched = {d.passage_id.rpartition(":")[0] for d in differences if d.index == "words"}
        known = {card.notice_id: card for card in self.catalogue.cards()}
        added: list[tuple[NoticeCard, Sequence[Passage]]] = [
            (known[notice_id], self.entry(notice_id).passages) for notice_id in sorted(touched) if notice_id in known
        ]
        if touched:
            self._lexical.write(added, removed=sorted(touched))
        if differences:
            # Another process that has the index open must look again.
            self.catalogue.move_generation()
        return len(differences)

    def reembed(self, progress: Callable[[int], None] | None = None) -> None:
        """Make the vectors anew with the embedder's model, beside the old ones, which are served as before.

        From then on both are, until `drop_other_models`. What a run that was killed has made is not made again.
        """
        if self.embedder.fingerprint not in read_models(self.catalogue):
            note_model(self.catalogue, self.embedder.fingerprint, is_whole=False)
        present = self._vectors.ids() & self._details.ids()
        wanted = {name.rpartition(":")[0] for name in self.catalogue.passage_ids() if name not in present}
        self._embed(sorted(wanted), progress)
        self.repair()
        note_model(self.catalogue, self.embedder.fingerprint, is_whole=True)
        self.catalogue.write_state(MODEL, self.embedder.fingerprint)
        self.catalogue.move_generation()
        self._forget()

    @property
    def other_models(self) -> list[str]:
        """The fingerprints of the models whose indexes are kept beside that of the embedder's."""
        return [name for name in read_models(self.catalogue) if name != self.embedder.fingerprint]

    def drop_other_models(self) -> list[str]:
        """Delete the indexes of other models; their fingerprints.

        Raises StaleIndexError where the store was last written for another model than the embedder's.
        """
        if self.is_stale:
            found = self.catalogue.read_state(MODEL)
            raise StaleIndexError(f"the desk is kept with {found}, the settings name {self.embedder.fingerprint}")
        # First of all, desks that still ask with such a model are told.
        gone = forget_others(self.catalogue, self.embedder.fingerprint)
        self.catalogue.move_generation()
        self._vectors.drop_others()
        self._details.drop_others()
        return gone

    @property
    def is_stale(self) -> bool:
        """Whether the index holds vectors of another model than the embedder's."""
        return self.catalogue.read_state(MODEL) not in (None, self.embedder.fingerprint)

    def _embed(self, notice_ids: Sequence[str], progress: Callable[[int], None] | None) -> None:
        """Make the vectors and details of whole notices anew."""
        batch: list[Entry] = []
        for notice_id in notice_ids:
            batch.append(self.entry(notice_id))
            if sum(len(entry.passages) for entry in batch) >= _REEMBED_BATCH or notice_id == notice_ids[-1]:
                passages = [passage for entry in batch for passage in entry.passages]
                embedded = self.embed(batch, progress)
                self.catalogue.confirm_claim()
                self._details.add(passages, embedded)
                self._vectors.add(passages, embedded.vectors)
                batch = []


def list_texts(entries: Sequence[Entry]) -> tuple[list[str], list[list[Cut]]]:
    """What is embedded of notices: the texts of their passages, and the bounds of the sentences in each."""
    texts = [passage.text for entry in entries for passage in entry.passages]
    return texts, [cut for entry in entries for cut in _cut_sentences(entry.passages, entry.sentences)]


def _open_words(place: Place) -> WordIndex:
    """The words, where the catalogue is."""
    if place.database_url:
        return PostgresWordIndex(make_postgres_engine(read_url(place.database_url), WORDS_SCHEMA))
    return LexicalIndex(place.folder)


def _cut_sentences(passages: Sequence[Passage], sentences: Sequence[Sentence]) -> list[list[Cut]]:
    """For each passage the bounds of the sentences in it, from its start; one cut by it counts with its part.

    Both are in the order of the notice.
    """
    ends = [sentence.span.end for sentence in sentences]
    cuts: list[list[Cut]] = []
    for passage in passages:
        start, end = passage.span.start, passage.span.end
        inside: list[Cut] = []
        for place in range(bisect_right(ends, start), len(sentences)):
            span = sentences[place].span
            if span.start >= end:
                break
            inside.append((max(span.start, start) - start, min(span.end, end) - start))
        cuts.append(inside)
    return cuts
