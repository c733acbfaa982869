"""Words in Tantivy, derived from the catalogue; the only user of tantivy."""

from __future__ import annotations

import math
import shutil
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import tantivy

from core.errors import BrokenStoreError
from core.types import NoticeCard, Passage
from store.shelf import Scope
from store.word_index import FIELD_WEIGHTS, MOST_SOUGHT, Covered, Pair, take_weightiest
from store.words import index_terms

_HEAP = 64_000_000
# Named anew with every change of the schema: Tantivy opens no index of another one.
_FOLDER = "words-2"
_OLDER_FOLDERS = ("tantivy", "words-1")


class LexicalIndex:
    """The words of one store's passages, ranked by BM25 (Robertson & Zaragoza 2009)."""

    def __init__(self, folder: Path) -> None:
        """Open or make the index in `folder`; raises BrokenStoreError."""
        self._folder = folder
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("passage_id", stored=True, tokenizer_name="raw", fast=True)
        for field in ("notice_id", "year", "language"):
            builder.add_text_field(field, stored=False, tokenizer_name="raw", index_option="basic")
        for field in FIELD_WEIGHTS:
            builder.add_text_field(field, stored=False, tokenizer_name="terms")
        self._schema = builder.build()
        try:
            (folder / _FOLDER).mkdir(parents=True, exist_ok=True)
            self._index = tantivy.Index(self._schema, path=str(folder / _FOLDER))
            terms = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
            self._index.register_tokenizer("terms", terms)
        except (ValueError, OSError) as error:
            raise BrokenStoreError(f"{folder}: Tantivy cannot open it ({error})") from error
        self._weight_cache: dict[str, float] = {}

    @property
    def changed_at(self) -> datetime:
        """When words were last written, in UTC; raises OSError where the index has gone."""
        # Tantivy writes this file with each commit, and at no other time.
        return datetime.fromtimestamp((self._folder / _FOLDER / "meta.json").stat().st_mtime, UTC)

    def reopen(self) -> None:
        """See what another process wrote."""
        self._index.reload()
        self._weight_cache.clear()

    def close(self) -> None:
        """Nothing: what Tantivy has open goes with this."""

    def drop_others(self) -> None:
        """Delete the indexes of older schemas."""
        for name in _OLDER_FOLDERS:
            # One that another process has open is deleted by a later run, where the system keeps it till then.
            shutil.rmtree(self._folder / name, ignore_errors=True)

    def write(
        self,
        added: Sequence[tuple[NoticeCard, Sequence[Passage]]] = (),
        removed: Sequence[str] = (),
    ) -> None:
        """Replace the passages of the notices `added`, delete those of the notices `removed`."""
        writer = self._index.writer(heap_size=_HEAP, num_threads=1)
        for notice_id in [*removed, *(card.notice_id for card, _ in added)]:
            writer.delete_documents_by_term("notice_id", notice_id)
        for card, passages in added:
            title, issuer = (" ".join(index_terms(part)) for part in (f"{card.title} {card.number}", card.issuer))
            for passage in passages:
                writer.add_document(
                    tantivy.Document(
                        passage_id=[passage.passage_id],
                        notice_id=[passage.notice_id],
                        year=[str(card.year or "")],
                        language=[card.language],
                        body=[" ".join(index_terms(passage.text))],
                        title=[title],
                        issuer=[issuer],
                    )
                )
        writer.commit()
        writer.wait_merging_threads()
        self.reopen()

    def count(self) -> int:
        """How many passages are in the index."""
        return int(self._index.searcher().num_docs)

    def ids(self) -> set[str]:
        """The ids of all passages in the index."""
        searcher = self._index.searcher()
        if not searcher.num_docs:
            return set()
        found = searcher.search(tantivy.Query.all_query(), limit=searcher.num_docs)
        return {searcher.doc(address)["passage_id"][0] for _, address in found.hits}

    def best(
        self, terms: Mapping[str, float], k: int, scope: Scope, permitted: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """The `k` passages with the highest BM25 for any of `terms`, each times its weight: (passage id, score).

        `scope` narrows by year and language, `permitted` to the passages of these notices. Of more than 128
        terms the weightiest are sought.
        """
        if len(terms) > MOST_SOUGHT:
            kept = take_weightiest({term: share * self.weight(term) for term, share in terms.items()})
            terms = {term: terms[term] for term in kept}
        should = [
            (
                tantivy.Occur.Should,
                tantivy.Query.boost_query(
                    tantivy.Query.term_query(self._schema, field, term, index_option="freq"), share * weight
                ),
            )
            for term, share in terms.items()
            for field, weight in FIELD_WEIGHTS.items()
        ]
        if not should:
            return []
        narrow = {
            "notice_id": permitted,
            "year": [str(year) for year in scope.years] or None,
            "language": [scope.language] if scope.language else None,
        }
        filters = [
            (tantivy.Occur.Must, tantivy.Query.const_score_query(self._among(field, names), 0.0))
            for field, names in narrow.items()
            if names is not None
        ]
        query = tantivy.Query.boolean_query([(tantivy.Occur.Must, tantivy.Query.boolean_query(should)), *filters])
        searcher = self._index.searcher()
        found = searcher.search(query, limit=k)
        return [(searcher.doc(address)["passage_id"][0], float(score)) for score, address in found.hits]

    def cover(self, weights: Mapping[str, float], pairs: Sequence[Pair], passage_ids: Collection[str]) -> Covered:
        """How much of a question these passages hold: (passage id -> weight of its terms, … -> number of its pairs).

        A term counts where it stands in the passage or in its notice's title; a pair where its two terms
        stand side by side in the passage, in this order. Of more than 128 terms, or pairs, the weightiest count.
        """
        sought = take_weightiest({pair: sum(weights.get(term, 0.0) for term in pair) for pair in pairs})
        weights = take_weightiest(weights)
        terms = [tantivy.Query.const_score_query(self._anywhere(term), weight) for term, weight in weights.items()]
        phrases = [
            tantivy.Query.const_score_query(tantivy.Query.phrase_query(self._schema, "body", list(pair)), 1.0)
            for pair in sought
        ]
        return self._count_among(terms, passage_ids), self._count_among(phrases, passage_ids)

    def _count_among(self, queries: Sequence[tantivy.Query], passage_ids: Collection[str]) -> dict[str, float]:
        if not queries or not passage_ids:
            return {}
        among = tantivy.Query.const_score_query(self._among("passage_id", passage_ids), 0.0)
        either = tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])
        query = tantivy.Query.boolean_query([(tantivy.Occur.Must, among), (tantivy.Occur.Must, either)])
        searcher = self._index.searcher()
        found = searcher.search(query, limit=len(passage_ids))
        return {searcher.doc(address)["passage_id"][0]: float(score) for score, address in found.hits}

    def _anywhere(self, term: str) -> tantivy.Query:
        fields = [tantivy.Query.term_query(self._schema, field, term) for field in ("body", "title")]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in fields])

    def _among(self, field: str, names: Collection[str]) -> tantivy.Query:
        return tantivy.Query.term_set_query(self._schema, field, sorted(names))

    def holds(self, term: str) -> bool:
        """Whether any passage has this term in its body."""
        return self._index.searcher().doc_freq("body", term) > 0

    def find_alike(self, term: str, k: int) -> list[str]:
        """The ids of `k` passages that hold a term at an edit distance of one in their body, a swap being one edit."""
        searcher = self._index.searcher()
        query = tantivy.Query.fuzzy_term_query(self._schema, "body", term, distance=1)
        return [searcher.doc(address)["passage_id"][0] for _, address in searcher.search(query, limit=k).hits]

    def weight(self, term: str) -> float:
        """The inverse document frequency of a term over passages, at least 0.1; rarest highest."""
        known = self._weight_cache.get(term)
        if known is None:
            searcher = self._index.searcher()
            frequency = searcher.doc_freq("body", term)
            ratio = (searcher.num_docs - frequency + 0.5) / (frequency + 0.5)
            known = self._weight_cache[term] = max(0.1, math.log(1.0 + ratio))
        return known
