"""A Query becomes Hits: candidates by words and by meaning, fused, the best weighed word by word."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.types import Hit
from retriever.question import Query
from store.archive import Archive
from store.embedder import EmbeddedQuestion
from store.words import index_terms, locate_terms

_CANDIDATES = 50
_FINALISTS = 20
# Shares of the z-scores in the first ranking: the passage's vector, its best sentence's vector, its
# words. Chosen on SQuAD 2.0 and CMRC 2018; docs/retrieval.md shows what else was tried.
_BY_MEANING, _BY_SENTENCE, _BY_WORDS = 0.3, 0.3, 0.4
# … and in the second, over the finalists: the first ranking, late interaction with the passage and
# with its best sentence, the weight of the question's terms that it holds, its neighbouring pairs.
_BY_FIRST, _BY_PASSAGE_TOKENS, _BY_SENTENCE_TOKENS, _BY_COVER, _BY_PAIRS = 0.4, 0.3, 0.3, 0.15, 0.1
# A word that says nothing, or stands everywhere, still counts this much in late interaction.
_LEAST_WEIGHT = 0.1
# In units of the score: a notice of the asked year goes before one that only
# speaks of that year, and that before any other.
_OF_YEAR, _NAMES_YEAR = 1.0, 0.6


def search(archive: Archive, query: Query, k: int = 10) -> list[Hit]:
    """The `k` passages that fit the query best, best first; [] where nothing is near.

    Filters that the user set (`only_years`, `issuer`) exclude; years in the question only prefer.
    Raises StaleIndexError where the index holds vectors of another model.
    """
    archive.check_model()
    archive.refresh()
    permitted = _permit(archive, query)
    if permitted is not None and not permitted:
        return []
    question = archive.embedder.embed_question(query.text) if archive.embedder.reads(query.language) else None
    signals = _find_candidates(archive, query, question, permitted)
    scores = _rank_finalists(archive, query, question, _fuse(signals))
    rows = archive.catalogue.passages(scores)
    hits = [Hit(passage, card, scores[name]) for name, (passage, card) in rows.items()]
    preferred = [replace(hit, score=hit.score + _prefer_years(hit, query)) for hit in hits]
    return sorted(preferred, key=lambda hit: (-hit.score, hit.passage.passage_id))[:k]


@dataclass(frozen=True, slots=True)
class _Signals:
    """What is known of each candidate: BM25, cosine, best cosine of a sentence; the last two may be empty."""

    words: Mapping[str, float]
    meaning: Mapping[str, float]
    sentence: Mapping[str, float]


def _permit(archive: Archive, query: Query) -> list[str] | None:
    """The ids of the notices that the user's filters leave; None where there is no filter."""
    if not query.only_years and not query.issuer:
        return None
    return [card.notice_id for card in archive.catalogue.cards(query.only_years, query.issuer)]


def _find_candidates(
    archive: Archive, query: Query, question: EmbeddedQuestion | None, permitted: Collection[str] | None
) -> _Signals:
    """The best by words and by meaning; those of the asked years and of the other language have their place."""
    scopes = [permitted]
    if permitted is None:
        if query.years:
            scopes.append([card.notice_id for card in archive.catalogue.cards(query.years)])
        if question is not None:
            cards = archive.catalogue.cards()
            other = [card.notice_id for card in cards if card.language != query.language]
            scopes += [other] if 0 < len(other) < len(cards) else []
    terms = [*query.terms, *(str(year) for year in query.years)]
    words: dict[str, float] = {}
    near: set[str] = set()
    for scope in scopes:
        if scope is None or scope:
            words |= archive.best_by_words(terms, _CANDIDATES, scope)
            if question is not None:
                near |= {name for name, _ in archive.nearest_by_meaning(question.vector, _CANDIDATES, scope)}
    if question is None:
        return _Signals(words, {}, {})
    known = archive.score_by_meaning(question.vector, near | words.keys())
    return _Signals(
        words,
        {name: cosine for name, (cosine, _) in known.items()},
        {name: float(sentences.max()) for name, (_, sentences) in known.items()},
    )


def _fuse(signals: _Signals) -> dict[str, float]:
    """The first ranking: weighted z-scores over all candidates; one without the words has 0 for them."""
    names = sorted(signals.words.keys() | signals.meaning.keys())
    words = _standardise([signals.words.get(name, 0.0) for name in names])
    if not signals.meaning:
        return dict(zip(names, words.tolist(), strict=True))
    fused = (
        _BY_WORDS * words
        + _BY_MEANING * _standardise([signals.meaning.get(name, -1.0) for name in names])
        + _BY_SENTENCE * _standardise([signals.sentence.get(name, -1.0) for name in names])
    )
    return dict(zip(names, fused.tolist(), strict=True))


def _rank_finalists(
    archive: Archive, query: Query, question: EmbeddedQuestion | None, first: Mapping[str, float]
) -> dict[str, float]:
    """The second ranking: the best of the first weighed word by word, the others after them in their order."""
    names = sorted(first, key=lambda name: (-first[name], name))
    finalists, others = names[:_FINALISTS], names[_FINALISTS:]
    if not finalists:
        return {}
    weights = {term: archive.weigh(term) for term in query.terms}
    order = index_terms(query.text)
    cover, pairs = archive.score_by_cover(weights, list(pairwise(order)), finalists)
    extra = _BY_COVER * _standardise([cover.get(name, 0.0) for name in finalists]) + _BY_PAIRS * _standardise(
        [pairs.get(name, 0.0) for name in finalists]
    )
    if question is not None and len(question.tokens):
        met = archive.score_by_tokens(question, _weigh_tokens(archive, query, question), finalists)
        extra += _BY_PASSAGE_TOKENS * _standardise([met.get(name, (0.0, 0.0))[0] for name in finalists])
        extra += _BY_SENTENCE_TOKENS * _standardise([met.get(name, (0.0, 0.0))[1] for name in finalists])
    floor = float(extra.min())
    second = {name: _BY_FIRST * first[name] + more for name, more in zip(finalists, extra.tolist(), strict=True)}
    return second | {name: _BY_FIRST * first[name] + floor for name in others}


def _weigh_tokens(archive: Archive, query: Query, question: EmbeddedQuestion) -> NDArray[np.float64]:
    """The weight of each token of the question: how rare the word is of which it is a part."""
    meant = set(query.terms)
    weights = np.full(len(query.text) + 1, _LEAST_WEIGHT)
    for term, start, end in locate_terms(query.text):
        if term in meant:
            weights[start:end] = np.maximum(weights[start:end], archive.weigh(term))
    return np.array([weights[start:end].max(initial=_LEAST_WEIGHT) for start, end in question.cuts])


def _standardise(values: Sequence[float]) -> NDArray[np.float64]:
    row = np.asarray(values, dtype=np.float64)
    spread = float(row.std()) if len(row) else 0.0
    return np.zeros(len(row)) if spread < 1e-9 else (row - row.mean()) / spread


def _prefer_years(hit: Hit, query: Query) -> float:
    if not query.years:
        return 0.0
    if hit.card.year in query.years:
        return _OF_YEAR
    spoken_of = any(str(year) in hit.passage.text or str(year) in hit.card.title for year in query.years)
    return _NAMES_YEAR if spoken_of else 0.0
