"""How much of a question a sentence holds, with what stands around it: in words, in their sense, as a whole."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assistant.counting import strip_labels
from assistant.expectation import SOFT, Expected, asks_for_several, asks_yes_or_no, meets, read_expectation
from assistant.names import find_names
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
_ASKING = frozenset(content_terms("required requirements rules 要求 规定"))
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
        """The proper names in the question, in small letters, without a plural or possessive ending."""
        return tuple(re.sub(r"['’]s?$|s$", "", name.lower()) for name in find_names(self.query.text))

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """The figures in the question, without years, days and the numbers of items."""
        return tuple(re.findall(r"\d[\d,.]*\d|\d", strip_labels(self.query.text)))

    @cached_property
    def denies(self) -> bool:
        """Whether the question is about what is not so."""
        return _DENIES.search(self.query.text) is not None

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


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a sentence stands in: its passage's terms and matches, its notice's title, and what leads in to it.

    `met`: how each token of the question is met by each sentence of the passage, shape (sentences, tokens).
    `passage_terms` hold those of the notice's title, issuer and number too; `notice_text` is all that the
    notice says, with those, in small letters. `of_year`: whether the notice is of a year that is asked
    for. `rank` is the passage's place among the hits, `score` its score there, `gap` what that lacks to
    the best.
    """

    met: NDArray[np.float32]
    meaning: float
    passage_terms: Set[str]
    notice_text: str
    title_terms: Set[str]
    of_year: bool
    rank: int
    score: float
    gap: float


def compare(
    asked: Asked,
    surroundings: Surroundings,
    text: str,
    place: int,
    leads: Sequence[int],
    lead_text: str,
    meaning: float,
) -> dict[str, float]:
    """The measures of one sentence: `assistant/weights.json` says what each counts for.

    `place`: its row in `surroundings.met`; `leads`: the rows of what leads in to it, `lead_text` its words;
    `meaning`: its cosine with the question.
    """
    met = surroundings.met
    own = met[place] if place < len(met) else np.full(len(asked.shares), UNMET)
    led = np.maximum(own, met[[row for row in leads if row < len(met)]].max(axis=0, initial=UNMET)) if leads else own
    whole = met.max(axis=0, initial=UNMET) if met.size else own
    found, led_terms = set(content_terms(text)), set(content_terms(lead_text))
    title, around, notice_text = surroundings.title_terms, surroundings.passage_terms, surroundings.notice_text
    soft, worst = _meet_softly(asked, own, found | title)
    soft_passage, worst_passage = _meet_softly(asked, whole, around)
    neighbours = set(pairwise(index_terms(text)))
    fits = all(meets(asked.words, kind, text, lead_text) for kind in asked.kinds - SOFT)
    of_kind = fits and all(meets(asked.words, kind, text, lead_text) for kind in asked.kinds & SOFT)
    return {
        "tokens": float(asked.shares @ own),
        "tokens_led": float(asked.shares @ led),
        "tokens_passage": float(asked.shares @ whole),
        "meaning": meaning,
        "meaning_passage": surroundings.meaning,
        "words": cover(asked.weights, dict.fromkeys(found, 1.0)),
        "words_titled": cover(asked.weights, {t: 1.0 if t in found else _TITLE_CREDIT for t in found | title}),
        "words_led": cover(asked.weights, dict.fromkeys(found | led_terms | title, 1.0)),
        "words_passage": cover(asked.weights, dict.fromkeys(around, 1.0)),
        "forms": _share_forms(asked, text, found),
        "pairs": sum(pair in neighbours for pair in asked.pairs) / max(1, len(asked.pairs)),
        "fits": float(fits),
        "of_kind": float(of_kind),
        "news": float(np.log1p(len(found - asked.weights.keys()))),
        "length": float(np.log1p(len(text))),
        "rank": float(surroundings.rank),
        "score": surroundings.score,
        "gap": surroundings.gap,
        "soft": soft,
        "soft_passage": soft_passage,
        "worst": worst,
        "worst_passage": worst_passage,
        "names_missing": _share_missing(asked.names, notice_text),
        "figures_missing": _share_missing(asked.figures, notice_text),
        "negation_clash": float(asked.denies != bool(_DENIES.search(text))),
        "year_clash": float(not surroundings.of_year and _names_other_years(asked, text)),
        "missing": _weigh_missing(asked, found | title),
        "missing_passage": _weigh_missing(asked, around),
    }


def cover(weights: Mapping[str, float], credit: Mapping[str, float]) -> float:
    """The weighted share of the question's terms that have credit, 0 to 1; 0.0 where it has none."""
    total = sum(weights.values())
    return sum(weight * credit.get(term, 0.0) for term, weight in weights.items()) / total if total else 0.0


def _meet_softly(asked: Asked, met: NDArray[np.float32], found: Set[str]) -> tuple[float, float]:
    """(share of the question's terms met by word or else by sense, weight of the one met worst), 0 to 1."""
    total, heaviest = sum(asked.weights.values()), max(asked.weights.values(), default=0.0)
    if not total or not asked.tokens_of:
        return 0.0, 0.0
    held, worst = 0.0, 0.0
    for term, rows in asked.tokens_of:
        near = 1.0 if term in found else float(np.clip(met[rows].mean(), 0.0, 1.0)) if len(rows) else 0.0
        held += asked.weights[term] * near
        worst = max(worst, asked.weights[term] * (1.0 - near))
    return held / total, worst / heaviest


def _weigh_missing(asked: Asked, found: Set[str]) -> float:
    """The weight of the heaviest term that is not among these, beside the heaviest of all, 0 to 1."""
    heaviest = max(asked.weights.values(), default=0.0)
    missing = max((weight for term, weight in asked.weights.items() if term not in found), default=0.0)
    return missing / heaviest if heaviest else 0.0


def _share_missing(wanted: Sequence[str], text: str) -> float:
    """The share of these words that do not stand in a text, 0 where there are none."""
    return sum(word not in text for word in wanted) / len(wanted) if wanted else 0.0


def _names_other_years(asked: Asked, text: str) -> bool:
    """Whether a sentence names years and none of those that the question names."""
    named = {int(year) for year in _YEAR.findall(text)}
    return bool(named and asked.query.years) and named.isdisjoint(asked.query.years)


def _share_forms(asked: Asked, text: str, found: Set[str]) -> float:
    """The share of the question's words that stand in the sentence as they are, not by their stem only.

    The stem of "presided" is that of "president" too; the word itself is not.
    """
    written = set(re.findall(r"\w+", text.lower()))
    words = [word for word, terms in asked.plain_words if terms and terms <= found]
    return sum(word in written for word in words) / len(words) if words else 1.0
