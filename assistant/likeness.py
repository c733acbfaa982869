"""How much of a question a sentence holds, with what stands around it: in words, in their sense, as a whole."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assistant.counting import strip_labels
from assistant.expectation import SOFT, Expected, asks_for_several, asks_yes_or_no, meets, read_expectation
from assistant.names import find_names, stands_in
from assistant.reading import NoticeReading, SentenceReading, join_terms
from retriever.question import Query
from store.archive import Archive
from store.words import content_terms, index_terms, locate_terms

# "Which institutions made speeches?": the noun after the question word names the kind of answer and
# seldom stands in it, so it weighs less than the question's other words.
_ASKED_KIND = re.compile(r"(?i)\b(?:which|what)\s+((?:\w+\s+)?\w+)|哪些([\u4e00-\u9fff]{2})")
_KIND_WEIGHT = 0.3
_DENIES = re.compile(r"(?i)\b(?:not|never|no|nor|neither|none|without|cannot|unable)\b|n['’]t\b|[不未无非没]|禁止|严禁")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
# "… according to the 2024 version of the page", "from 1 September 2025": this tells which notice is
# meant, and the sentence that answers seldom repeats it.
_OF_NOTICE = re.compile(
    r"(?i)\b(?:according\s+to|mentioned|stated|figures?|pages?|versions?|guidance|notices?|documents?|circulars?"
    r"|appl(?:y|ies|ied)|in\s+force)\b"
    r"|\b\d{1,2}(?:st|nd|rd|th)?\s+(?:january|february|march|april|may|june|july|august|september|october|november|december)\b"
    r"|\b(?:january|february|march|april|june|july|august|september|october|november|december)(?:\s+\d{1,2}\b)?"
    r"|\b(?:academic|school|financial)\s+years?\b|文件|通知|意见|\d{1,2}月(?:\d{1,2}日)?起?"
)
_NOTICE_WEIGHT = 0.3
# What is asked for is seldom said in these words: a notice says "must", not "required".
_ASKING = frozenset(("requir", "rule", "要求", "规定"))
_CARRIED_WEIGHT = 0.25
# A word of the title tells which notice is meant; the sentence need hardly repeat it.
_TITLE_CREDIT = 0.7
_LEAST_WEIGHT = 0.1
# What a token that meets nothing scores: unrelated tokens lie about 0, the worst of many a little below.
UNMET = -0.2


@dataclass(frozen=True)
class Asked:
    """A question made ready to be compared: the weights of its terms, its vectors, the kinds of answer it wants.

    `shares`: the weight of each token of the question, summing to 1. `tokens_of`: the tokens of each term.
    Where the model does not read the question's language, `vector` is None and there are no tokens.
    """

    query: Query
    weights: Mapping[str, float]
    vector: NDArray[np.float32] | None
    tokens: NDArray[np.float32]
    shares: NDArray[np.float64]
    tokens_of: Sequence[tuple[str, NDArray[np.int64]]]

    @cached_property
    def words(self) -> str:
        """The words that tell the kind of answer."""
        return read_what_is_asked(self.query)

    @cached_property
    def kinds(self) -> frozenset[Expected]:
        """The kinds of answer that these words ask for."""
        return read_expectation(self.words)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The proper names in the question."""
        return tuple(find_names(self.query.text))

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """The figures in the question, without years, days and the numbers of items."""
        return tuple(re.findall(r"\d[\d,.]*\d|\d", strip_labels(self.query.text)))

    @cached_property
    def denies(self) -> bool:
        """Whether the question is about what is not so."""
        return _DENIES.search(self.query.text) is not None

    @cached_property
    def total(self) -> float:
        """The weight of all terms."""
        return sum(self.weights.values())

    @cached_property
    def heaviest(self) -> float:
        """The weight of the heaviest term."""
        return max(self.weights.values(), default=0.0)

    @cached_property
    def in_order(self) -> tuple[tuple[str, float], ...]:
        """The terms in the order of the question, some twice, with their weights."""
        return tuple((term, self.weights[term]) for term, _ in self.tokens_of)

    @cached_property
    def averages(self) -> NDArray[np.float32]:
        """What makes of the tokens' matches those of the terms: shape (tokens, terms)."""
        made = np.zeros((len(self.tokens), len(self.tokens_of)), dtype=np.float32)
        for column, (_, rows) in enumerate(self.tokens_of):
            made[rows, column] = 1.0 / max(len(rows), 1)
        return made

    @cached_property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The neighbouring terms of the question."""
        return tuple(pairwise(index_terms(self.query.text)))

    @cached_property
    def plain_words(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """Each English word of the question with its index terms."""
        words = re.findall(r"[a-z]{3,}", self.query.text.lower())
        return tuple((word, frozenset(index_terms(word))) for word in dict.fromkeys(words))


def prepare_question(archive: Archive, query: Query) -> Asked:
    """The question with its vectors and the weights of its words."""
    weights = weigh_terms(archive, query)
    if not archive.embedder.reads(query.language):
        none = np.empty((0, 0), dtype=np.float32)
        return Asked(query, weights, None, none, np.empty(0), ())
    question = archive.embedder.embed_question(query.text)
    places = [(term, start, end) for term, start, end in locate_terms(query.text) if term in weights]
    at = np.full(len(query.text) + 1, _LEAST_WEIGHT)
    for term, start, end in places:
        at[start:end] = np.maximum(at[start:end], weights[term])
    rows = np.array([at[start:end].max(initial=_LEAST_WEIGHT) for start, end in question.cuts])
    tokens_of = [
        (term, np.array([row for row, (a, b) in enumerate(question.cuts) if a < end and b > start], dtype=np.int64))
        for term, start, end in places
    ]
    return Asked(query, weights, question.vector, question.tokens, rows / max(rows.sum(), 1e-9), tokens_of)


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
    framing = {term for match in _OF_NOTICE.finditer(query.text) for term in index_terms(match.group())} - kinds
    framing |= _ASKING
    if framing & weights.keys() and len(framing & weights.keys()) < len(weights):
        weights |= {term: weights[term] * _NOTICE_WEIGHT for term in framing & weights.keys()}
    return weights


def read_what_is_asked(query: Query) -> str:
    """The words that tell the kind of answer: the question's own, or those it carries over if it has none."""
    own = read_expectation(query.asked) or asks_for_several(query.asked) or asks_yes_or_no(query.asked)
    return query.asked if own else query.text


@dataclass(frozen=True)
class Surroundings:
    """What a sentence stands in: its notice, its passage's sentences and matches, its place among the hits.

    `met`: how each token of the question is met by each sentence of the passage, shape (sentences, tokens).
    `sentences` are the passage's. `of_year`: whether the notice is of a year that is asked for. `rank` is
    the passage's place among the hits, `score` its score there, `gap` what that lacks to the best.
    """

    asked: Asked
    notice: NoticeReading
    sentences: Sequence[SentenceReading]
    met: NDArray[np.float32]
    meaning: float
    of_year: bool
    rank: int
    score: float
    gap: float

    @cached_property
    def terms(self) -> Set[str]:
        """The terms of the passage, and of its notice's title, issuer and number."""
        return join_terms(self.sentences) | self.notice.named_by

    @cached_property
    def near(self) -> NDArray[np.float32]:
        """How each term of the question is met by each sentence of the passage, 0 to 1: shape (sentences, terms)."""
        return np.clip(self.met @ self.asked.averages, 0.0, 1.0) if self.met.size else self.met

    @cached_property
    def measures(self) -> dict[str, float]:
        """What is the same for every sentence of the passage."""
        asked, notice = self.asked, self.notice
        whole = self.met.max(axis=0) if self.met.size else np.full(len(asked.shares), UNMET)
        near = np.clip(whole @ asked.averages, 0.0, 1.0)
        soft, worst = _meet_softly(asked, near, self.terms)
        return {
            "tokens_passage": float(asked.shares @ whole),
            "meaning_passage": self.meaning,
            "words_passage": _share(asked, self.terms),
            "rank": float(self.rank),
            "score": self.score,
            "gap": self.gap,
            "soft_passage": soft,
            "worst_passage": worst,
            "names_missing": sum(not stands_in(name, notice.told) for name in asked.names) / max(1, len(asked.names)),
            "figures_missing": sum(figure not in notice.told for figure in asked.figures) / max(1, len(asked.figures)),
            "missing_passage": _weigh_missing(asked, self.terms),
        }


def compare(
    surroundings: Surroundings,
    sentence: SentenceReading,
    place: int,
    leads: Sequence[SentenceReading],
    lead_places: Sequence[int],
    meaning: float,
) -> dict[str, float]:
    """The measures of one sentence: `assistant/weights.json` says what each counts for.

    `place`: its row in `surroundings.met`; `leads`: what leads in to it, those of the passage at
    `lead_places`; `meaning`: its cosine with the question.
    """
    asked, met, near = surroundings.asked, surroundings.met, surroundings.near
    is_met = place < len(met)
    own = met[place] if is_met else np.full(len(asked.shares), UNMET)
    rows = [row for row in lead_places if row < len(met)]
    led = np.maximum(own, met[rows].max(axis=0)) if rows else own
    found, title = sentence.terms, surroundings.notice.title_terms
    titled = found | title
    soft, worst = _meet_softly(asked, near[place] if is_met else np.zeros(len(asked.tokens_of)), titled)
    lead_text = "\n".join(lead.text for lead in leads)
    fits = all(meets(asked.words, kind, sentence.text, lead_text) for kind in asked.kinds if kind not in SOFT)
    of_kind = fits and all(meets(asked.words, kind, sentence.text, lead_text) for kind in asked.kinds if kind in SOFT)
    words, with_title = _share(asked, found), _share(asked, titled)
    return surroundings.measures | {
        "tokens": float(asked.shares @ own),
        "tokens_led": float(asked.shares @ led),
        "meaning": meaning,
        "words": words,
        "words_titled": words + _TITLE_CREDIT * (with_title - words),
        "words_led": _share(asked, titled | join_terms(leads)),
        "forms": _share_forms(asked, sentence),
        "pairs": sum(pair in sentence.pairs for pair in asked.pairs) / max(1, len(asked.pairs)),
        "fits": float(fits),
        "of_kind": float(of_kind),
        "news": math.log1p(len(found - asked.weights.keys())),
        "length": math.log1p(len(sentence.text)),
        "soft": soft,
        "worst": worst,
        "negation_clash": float(asked.denies != bool(_DENIES.search(sentence.text))),
        "year_clash": float(not surroundings.of_year and _names_other_years(asked, sentence.text)),
        "missing": _weigh_missing(asked, titled),
    }


def cover(weights: Mapping[str, float], found: Set[str]) -> float:
    """The share of these terms that are found, by weight, 0 to 1; 0.0 where there are none."""
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in found) / total if total else 0.0


def _share(asked: Asked, found: Set[str]) -> float:
    """As `cover`, of the question's terms."""
    return sum(weight for term, weight in asked.weights.items() if term in found) / asked.total if asked.total else 0.0


def _meet_softly(asked: Asked, near: NDArray[np.floating], found: Set[str]) -> tuple[float, float]:
    """(share of the question's terms met by word or else by sense, weight of the one met worst), 0 to 1."""
    if not asked.total or not asked.tokens_of:
        return 0.0, 0.0
    held, worst = 0.0, 0.0
    for (term, weight), value in zip(asked.in_order, near.tolist(), strict=True):
        met = 1.0 if term in found else value
        held += weight * met
        worst = max(worst, weight * (1.0 - met))
    return held / asked.total, worst / asked.heaviest


def _weigh_missing(asked: Asked, found: Set[str]) -> float:
    """The weight of the heaviest term that is not among these, beside the heaviest of all, 0 to 1."""
    missing = max((weight for term, weight in asked.weights.items() if term not in found), default=0.0)
    return missing / asked.heaviest if asked.heaviest else 0.0


def _names_other_years(asked: Asked, text: str) -> bool:
    """Whether a sentence names years and none of those that the question names."""
    named = {int(year) for year in _YEAR.findall(text)}
    return bool(named and asked.query.years) and named.isdisjoint(asked.query.years)


def _share_forms(asked: Asked, sentence: SentenceReading) -> float:
    """The share of the question's words that stand in the sentence as they are, not by their stem only.

    The stem of "presided" is that of "president" too; the word itself is not.
    """
    words = [word for word, terms in asked.plain_words if terms and terms <= sentence.terms]
    return sum(word in sentence.written for word in words) / len(words) if words else 1.0
