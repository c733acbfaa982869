"""The sentences of the best passages, each measured against the question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat

from assistant.expectation import Expected, asks_for_several, meets, read_expectation
from core.types import Hit, NoticeCard, Sentence, SentenceKind
from retriever.question import Query
from store.archive import Archive
from store.words import content_terms, index_terms

# "Which institutions made speeches?": the noun after the question word names the kind of answer and
# seldom stands in it, so it weighs less than the question's other words.
_ASKED_KIND = re.compile(r"(?i)\b(?:which|what)\s+((?:\w+\s+)?\w+)|哪些([\u4e00-\u9fff]{2})")
_KIND_WEIGHT = 0.3
# "To: all schools" and 各市、县教育局： name those whom a notice addresses, and say nothing.
_ADDRESSEE = re.compile(r"(?:To|Cc)\s*[:：]|各[^。；]{0,80}[:：]$")
_TITLE_CREDIT = 0.7
_CARRIED_WEIGHT = 0.25
_PASSAGES = 6
# How much a sentence loses that holds other forms of the question's words only.
_BY_FORM = 0.5
_BY_MEANING, _BY_WORDS, _BY_CONTEXT, _BY_KIND, _BY_RANK = 0.45, 0.45, 0.15, 0.12, 0.15


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that may answer the question, with the measures from which it is judged.

    `words` is the share of the question's words, weighted by rarity, that stand in the sentence
    or, for a little less, in the notice's title (less too where only other forms of them do); `own`
    is that share in the sentence alone;
    `context` the same for its passage with the notice's title and issuer; `meaning` the cosine of
    sentence and question (None where the model does not read the language); `fits` whether the
    sentence can be of the kind that the question asks for. `score` ranks, higher is better.
    """

    card: NoticeCard
    sentence: Sentence
    text: str
    words: float
    own: float
    context: float
    meaning: float | None
    fits: bool
    of_kind: bool
    score: float


def gather_evidence(archive: Archive, query: Query, hits: Sequence[Hit]) -> list[Evidence]:
    """Every sentence of the first passages, best first; [] where there are no hits."""
    chosen = list(hits[:_PASSAGES])
    weights = weigh_terms(archive, query)
    kinds = read_expectation(read_what_is_asked(query))
    cosines = _cosines(archive, query, chosen)
    rows = [
        (hit, sentence, text, cosine)
        for hit in chosen
        for (sentence, text), cosine in zip(
            _sentences(archive, hit), cosines.get(hit.passage.passage_id) or repeat(None), strict=False
        )
        if sentence.kind is not SentenceKind.heading and not _ADDRESSEE.match(text)
    ]
    low, high = min((hit.score for hit in chosen), default=0.0), max((hit.score for hit in chosen), default=0.0)
    found: dict[tuple[str, int], Evidence] = {}
    for hit, sentence, text, cosine in rows:
        rank = (hit.score - low) / (high - low) if high > low else 1.0
        evidence = _measure(query, kinds, weights, hit, sentence, text, cosine, rank)
        key = (hit.card.notice_id, sentence.ordinal)
        if key not in found or evidence.score > found[key].score:
            found[key] = evidence
    return sorted(found.values(), key=lambda e: (-e.score, e.card.notice_id, e.sentence.ordinal))


def weigh_terms(archive: Archive, query: Query) -> dict[str, float]:
    """The question's terms with their weights: rarity in the notices, less for the kind asked for."""
    kinds = {
        term
        for match in _ASKED_KIND.finditer(query.text)
        for group in match.groups()
        if group
        for term in content_terms(group)
    }
    fresh = set(content_terms(query.asked)) or set(query.terms)
    weights = {term: archive.weigh(term) * (1.0 if term in fresh else _CARRIED_WEIGHT) for term in query.terms}
    if len(kinds) < len(weights):
        weights |= {term: weights[term] * _KIND_WEIGHT for term in kinds & weights.keys()}
    return weights


def _sentences(archive: Archive, hit: Hit) -> list[tuple[Sentence, str]]:
    """The sentences that touch a passage, with their texts; one cut by it is taken whole."""
    span = hit.passage.span
    touching = archive.catalogue.sentences(hit.card.notice_id, span)
    return [
        (
            sentence,
            sentence.span.of_offset(hit.passage.text, span.start)
            if span.holds(sentence.span)
            else archive.catalogue.quote(hit.card.notice_id, sentence.span),
        )
        for sentence in touching
    ]


def _cosines(archive: Archive, query: Query, hits: Sequence[Hit]) -> dict[str, list[float]]:
    """The cosine of each sentence of each passage with the question; {} where the model does not read it."""
    if not archive.embedder.reads(query.language):
        return {}
    question = archive.embedder.embed_question(query.text)
    known = archive.score_by_meaning(question.vector, [hit.passage.passage_id for hit in hits])
    return {name: sentences.tolist() for name, (_, sentences) in known.items()}


def _measure(
    query: Query,
    kinds: frozenset[Expected],
    weights: dict[str, float],
    hit: Hit,
    sentence: Sentence,
    text: str,
    cosine: float | None,
    rank: float,
) -> Evidence:
    forms = _share_of_forms(query.text, text)
    found = set(content_terms(text))
    # A word of the title tells which notice is meant; the sentence need hardly repeat it.
    credit = {term: 1.0 if term in found else _TITLE_CREDIT for term in found | set(content_terms(hit.card.title))}
    words = cover(weights, credit) * (1.0 - _BY_FORM * (1.0 - forms))
    own = cover(weights, dict.fromkeys(found, 1.0))
    around = set(content_terms(f"{hit.passage.text}\n{hit.card.title}\n{hit.card.issuer}\n{hit.card.number}"))
    context = cover(weights, dict.fromkeys(around, 1.0))
    question = read_what_is_asked(query)
    fits = all(meets(question, kind, text) for kind in kinds - {Expected.rule})
    of_kind = fits and (Expected.rule not in kinds or meets(question, Expected.rule, text))
    score = (
        (_BY_MEANING * (words if cosine is None else cosine))
        + _BY_WORDS * words
        + _BY_CONTEXT * context
        + _BY_KIND * of_kind
        + _BY_RANK * rank
    )
    return Evidence(hit.card, sentence, text, words, own, context, cosine, fits, of_kind, score)


def _share_of_forms(question: str, text: str) -> float:
    """The share of the question's words that stand in the sentence as they are, not by their stem only.

    The stem of "presided" is that of "president" too; the word itself is not.
    """
    found = set(re.findall(r"\w+", text.lower()))
    shared = set(content_terms(question)) & set(content_terms(text))
    words = {
        word
        for word in re.findall(r"[a-z]{3,}", question.lower())
        if set(index_terms(word)) <= shared and index_terms(word)
    }
    return len(words & found) / len(words) if words else 1.0


def cover(weights: dict[str, float], credit: dict[str, float]) -> float:
    """The weighted share of the question's terms that have credit, 0 to 1; 1.0 where it has none."""
    total = sum(weights.values())
    return sum(weight * credit.get(term, 0.0) for term, weight in weights.items()) / total if total else 1.0


def read_what_is_asked(query: Query) -> str:
    """The words that tell the kind of answer: the question's own, or those it carries over if it has none."""
    own = read_expectation(query.asked) or asks_for_several(query.asked)
    return query.asked if own else query.text
