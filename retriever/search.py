"""A Query becomes Hits: candidates by words and by meaning, fused, the best weighed word by word."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.events import Stage, stage
from core.types import Hit, YearReading
from retriever.question import Query
from store.archive import Archive
from store.embedder import EmbeddedQuestion
from store.shelf import Scope
from store.words import index_terms, locate_terms

_CANDIDATES = 50
# Passages in the other language have places of their own: those in the question's would crowd them out.
_CANDIDATES_ELSEWHERE = 20
_FINALISTS = 30
# Shares of the z-scores in the first ranking: the passage's vector, its best sentence's vector, its
# words. Chosen on SQuAD 2.0 and CMRC 2018; docs/retrieval.md shows what else was tried.
_BY_MEANING, _BY_SENTENCE, _BY_WORDS = 0.3, 0.3, 0.4
# … and in the second, over the finalists: the first ranking, late interaction with the passage and
# with its best sentence, the weight of the question's terms that it holds, its neighbouring pairs.
_BY_FIRST, _BY_PASSAGE_TOKENS, _BY_SENTENCE_TOKENS, _BY_COVER, _BY_PAIRS = 0.4, 0.2, 0.4, 0.15, 0.15
# Across languages like meanings have cosines and token scores so many times lower (xquad-zh2en beside
# SQuAD and CMRC).
_ACROSS = 1.35
# A word that says nothing, or stands everywhere, still counts this much in late interaction.
_LEAST_WEIGHT = 0.1
# A term that the question takes over from the conversation counts for less than the user's own.
_CARRIED = 0.5
# What is asked for is seldom said in these words: a notice says "must", not "required".
_ASKED_FOR = frozenset({"requir", "rule", "要求", "规定"})
_ASKING = 0.3
# What is added to the score where a notice is one of those that the question means: of the year that
# its own notice is said to be of, of a year that is asked about, of the second year of a school year;
# of a year from which something applies, of one of which notices speak; by its number, by its issuer.
_OF_ISSUE_YEAR, _OF_YEAR, _OF_SECOND_YEAR, _OF_EFFECT_YEAR, _OF_SPOKEN_YEAR = 1.5, 1.5, 1.0, 0.7, 0.3
_SPEAKS_OF_YEAR = 0.6
_OF_NUMBER, _OF_ISSUER = 1.5, 0.5


_IN_NUMBER = re.compile(r"[〔\[［(（]\d{4}[〕\]］)）]")


def search(archive: Archive, query: Query, k: int = 10) -> list[Hit]:
    """The `k` passages that fit the query best, best first; [] where nothing is near.

    Filters that the user set exclude; years and issuers in the question only prefer.
    Raises StaleIndexError where the index holds vectors of another model.
    """
    with stage(Stage.search, query.text) as finding:
        hits = _search(archive, query, k)
        finding.count = len(hits)
    return hits


def _search(archive: Archive, query: Query, k: int) -> list[Hit]:
    archive.refresh()
    archive.check_model()
    scope = query.scope
    if not archive.shelf.keep(scope):
        return []
    # The engine of words works beside that of meaning: both leave Python's lock to others.
    with ThreadPoolExecutor(1, "words") as aside:
        question, signals = _find_candidates(archive, query, aside)
        first = _fuse(archive, query, signals)
        favours = {name: _favour(archive, query, name) for name in first}
        names = sorted(first, key=lambda name: (-first[name] - favours[name], name))[: max(k, _FINALISTS)]
        scores = _rank_finalists(archive, query, question, names, first, aside)
    hits = [
        _read_years(query, Hit(passage, card, scores[name] + favours[name]))
        for name, (passage, card) in archive.catalogue.passages(names).items()
    ]
    return sorted(hits, key=lambda hit: (-hit.score, hit.passage.passage_id))[:k]


@dataclass(frozen=True, slots=True)
class _Signals:
    """What is known of each candidate: BM25, cosine, best cosine of a sentence; the last two may be empty."""

    words: Mapping[str, float]
    meaning: Mapping[str, float]
    sentence: Mapping[str, float]


def _find_candidates(archive: Archive, query: Query, aside: Executor) -> tuple[EmbeddedQuestion | None, _Signals]:
    """The question embedded, if it can be, and the best by words and by meaning."""
    is_read = archive.embedder.reads(query.language)
    scopes = _list_scopes(archive, query, is_read)
    finding = aside.submit(_find_words, archive, query, scopes)
    if not is_read:
        return None, _Signals(finding.result(), {}, {})
    with stage(Stage.embedding):
        question = archive.embedder.embed_question(query.text)
    (whole, number), *parts = scopes
    others = [aside.submit(archive.nearest_within, question.vector, k, part) for part, k in parts]
    found = [archive.nearest_by_meaning(question.vector, number, whole), *(other.result() for other in others)]
    near = {name for names in found for name, _ in names}
    words = finding.result()
    known = archive.score_by_meaning(question.vector, near | words.keys())
    meaning = {name: cosine for name, (cosine, _) in known.items()}
    return question, _Signals(words, meaning, {name: float(parts.max()) for name, (_, parts) in known.items()})


def _list_scopes(archive: Archive, query: Query, is_read: bool) -> list[tuple[Scope, int]]:
    """The parts of the desk that have places of their own, and how many: the asked years, the other language."""
    scope = query.scope
    scopes = [(scope, _CANDIDATES)]
    if query.years and not query.only_years:
        scopes.append((replace(scope, years=query.years), _CANDIDATES))
    named = tuple(name for name in query.issuers if not scope.issuers or name in scope.issuers)
    if named:
        scopes.append((replace(scope, issuers=named), _CANDIDATES))
    if is_read and not scope.language:
        elsewhere = sorted(archive.shelf.languages - {query.language})
        scopes += [(replace(scope, language=language), _CANDIDATES_ELSEWHERE) for language in elsewhere]
    return scopes


def _find_words(archive: Archive, query: Query, scopes: Sequence[tuple[Scope, int]]) -> dict[str, float]:
    """BM25 of the best of each part."""
    terms = {term: _share(query, term) for term in (*query.terms, *(str(year) for year in query.named_years))}
    return {name: score for part, k in scopes for name, score in archive.best_by_words(terms, k, part)}


def _fuse(archive: Archive, query: Query, signals: _Signals) -> dict[str, float]:
    """The first ranking: weighted z-scores over all candidates; one without the words has 0 for them."""
    names = sorted(signals.words.keys() | signals.meaning.keys())
    words = _standardise([signals.words.get(name, 0.0) for name in names])
    if not signals.meaning:
        return dict(zip(names, words.tolist(), strict=True))
    across = _lie_across(archive, query, names)
    lift = np.where(across, _ACROSS, 1.0)
    meaning = _standardise(lift * np.array([signals.meaning.get(name, -1.0) for name in names]))
    sentence = _standardise(lift * np.array([signals.sentence.get(name, -1.0) for name in names]))
    # The words of the question cannot stand in a passage in another language: its meaning speaks for them.
    words = np.where(across, np.maximum(words, (meaning + sentence) / 2), words)
    fused = _BY_WORDS * words + _BY_MEANING * meaning + _BY_SENTENCE * sentence
    return dict(zip(names, fused.tolist(), strict=True))


def _lie_across(archive: Archive, query: Query, names: Sequence[str]) -> NDArray[np.bool_]:
    """Which of these passages are of a notice in another language than the question's."""
    cards = [archive.shelf.cards.get(name.rpartition(":")[0]) for name in names]
    return np.array([card is not None and card.language != query.language for card in cards], dtype=np.bool_)


def _rank_finalists(
    archive: Archive,
    query: Query,
    question: EmbeddedQuestion | None,
    names: Sequence[str],
    first: Mapping[str, float],
    aside: Executor,
) -> dict[str, float]:
    """The second ranking: the first of `names` weighed word by word, the others after them in their order."""
    finalists, others = names[:_FINALISTS], names[_FINALISTS:]
    if not finalists:
        return {}
    weights = {term: archive.weigh(term) * _share(query, term) for term in query.terms}
    covering = aside.submit(archive.score_by_cover, weights, list(pairwise(index_terms(query.text))), finalists)
    met: Mapping[str, tuple[float, float]] = {}
    if question is not None and len(question.tokens):
        met = archive.score_by_tokens(question, _weigh_tokens(archive, query, question), finalists)
    holds, stands = covering.result()
    cover = _standardise([holds.get(name, 0.0) for name in finalists])
    pairs = _standardise([stands.get(name, 0.0) for name in finalists])
    extra = np.zeros(len(finalists))
    if question is not None and len(question.tokens):
        across = _lie_across(archive, query, finalists)
        lift = np.where(across, _ACROSS, 1.0)
        whole = _standardise(lift * np.array([met.get(name, (0.0, 0.0))[0] for name in finalists]))
        best = _standardise(lift * np.array([met.get(name, (0.0, 0.0))[1] for name in finalists]))
        cover = np.where(across, np.maximum(cover, whole), cover)
        pairs = np.where(across, np.maximum(pairs, 0.0), pairs)
        extra = _BY_PASSAGE_TOKENS * whole + _BY_SENTENCE_TOKENS * best
    extra = extra + _BY_COVER * cover + _BY_PAIRS * pairs
    floor = float(extra.min())
    second = {name: _BY_FIRST * first[name] + more for name, more in zip(finalists, extra.tolist(), strict=True)}
    return second | {name: _BY_FIRST * first[name] + floor for name in others}


def _weigh_tokens(archive: Archive, query: Query, question: EmbeddedQuestion) -> NDArray[np.float64]:
    """The weight of each token of the question: how rare the word is of which it is a part."""
    meant = set(query.terms)
    weights = np.full(len(query.text) + 1, _LEAST_WEIGHT)
    for term, start, end in locate_terms(query.text):
        if term in meant:
            weights[start:end] = np.maximum(weights[start:end], archive.weigh(term) * _share(query, term))
    return np.array([weights[start:end].max(initial=_LEAST_WEIGHT) for start, end in question.cuts])


def _standardise(values: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
    row = np.asarray(values, dtype=np.float64)
    spread = float(row.std()) if len(row) else 0.0
    return np.zeros(len(row)) if spread < 1e-9 else (row - row.mean()) / spread


def _share(query: Query, term: str) -> float:
    return (_CARRIED if term in query.carried else 1.0) * (_ASKING if term in _ASKED_FOR else 1.0)


def _favour(archive: Archive, query: Query, passage_id: str) -> float:
    """What a passage gains because its notice is one of those that the question means."""
    notice_id = passage_id.rpartition(":")[0]
    card = archive.shelf.cards.get(notice_id)
    if card is None:
        return 0.0
    favour = _favour_year(query, card.year)
    if any(notice_id in archive.shelf.numbered.get(number, ()) for number in query.numbers):
        favour += _OF_NUMBER
    if card.issuer in query.issuers:
        favour += _OF_ISSUER
    return favour


def _favour_year(query: Query, year: int | None) -> float:
    if year is None or year not in query.years:
        return 0.0
    if year in query.issue_years:
        return _OF_ISSUE_YEAR
    if year in query.spoken_years:
        return _OF_EFFECT_YEAR if year in query.effect_years else _OF_SPOKEN_YEAR
    begun = year - 1 in query.school_years and year not in query.school_years
    return _OF_SECOND_YEAR if begun else _OF_YEAR


def _read_years(query: Query, hit: Hit) -> Hit:
    """The hit with how it has to do with the asked years; one that only speaks of them gains for that."""
    if not query.years:
        return hit
    if hit.card.year in query.years and hit.card.year not in query.spoken_years:
        return replace(hit, reading=YearReading.of_year)
    years = query.named_years or query.years
    if any(speaks_of_year(f"{hit.passage.text} {hit.card.title}", year) for year in years):
        favour = _SPEAKS_OF_YEAR
        return replace(hit, score=hit.score + favour, reading=YearReading.speaks_of_year)
    return replace(hit, reading=YearReading.of_year if hit.card.year in query.years else YearReading.neither)


def speaks_of_year(text: str, year: int) -> bool:
    """Whether a text speaks of a year; one inside a notice's number, 〔2018〕4号, does not count."""
    return str(year) in _IN_NUMBER.sub(" ", text)
