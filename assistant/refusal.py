"""Is the evidence enough? Rules on what is named, then a calibrated probability that the notices answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.calibration import read_scales, to_probability
from assistant.dating import read_effect_dates
from assistant.evidence import Evidence, read_sharpness
from assistant.expectation import Expected, asks_effect, asks_validity, read_expectation, speaks_of_force
from assistant.grades import is_about_grades
from assistant.likeness import read_what_is_asked
from assistant.names import find_laws, find_names, is_named
from assistant.premises import is_borne_out
from assistant.reading import NoticeReading
from retriever.question import Query
from retriever.search import speaks_of_year
from store.words import has_chinese

# Below this probability that the notices answer, they are said not to.
_ENOUGH = {"en": 0.1, "zh": 0.1, "across": 0.6, "words": 0.1}
_JOINED = re.compile(r"[A-Z][\w’'-]*(?:,| and| or) (?:the )?[A-Z]|[省市县区州学院][和与、或]")
_ASKS_WHY = re.compile(r"(?i)\bwhy\b|\bwhat\s+(?:is|was)\s+the\s+reason\b|为什么|为何|原因")
# "Why was the budget doubled?" takes for granted what the notices must say themselves: no word of it may
# go unmet by more than this.
_UNSAID = 0.6
_SHORTEST_LAW = 3
_COMPARES = re.compile(r"(?i)\b(?:compare|differ(?:s|ed|ences?)?|chang(?:e|es|ed))\b|比较|区别|不同|变化")
# A passage that holds all words of the matter, with a rule that names a part of it, is taken to be about it.
_MATTER, _OWN = 0.7, 0.12
_TITLED = 0.4
_HIGHEST = ("tokens_passage", "meaning", "words_passage")
_OF_BEST = (
    "tokens_led", "meaning", "words_led", "soft", "worst", "fits", "of_kind", "names_missing", "figures_missing",
    "negation_clash", "year_clash",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """The evidence that is permitted to answer, best first; `confidence`: the probability that the notices do."""

    permitted: tuple[Evidence, ...]
    confidence: float

    @property
    def is_enough(self) -> bool:
        """Whether the notices are taken to answer."""
        return bool(self.permitted) and self.confidence >= _ENOUGH[self.permitted[0].scale]


def judge(query: Query, evidence: Sequence[Evidence], years: Sequence[int]) -> Verdict:
    """What of the evidence may answer, and how probable it is that it does.

    A sentence is permitted only if it can be of the kind asked for (a place, a time, a count …), names
    no other grades only, its notice is of one of `years` or speaks of one, and the names in the question
    occur in its notice (one of them, where the question joins several by "and"), as do the days from
    which it is asked what applies, and what the question takes for granted.
    """
    why = _ASKS_WHY.search(read_what_is_asked(query)) is not None
    validity = asks_validity(query.asked)
    knowing = _find_knowing(query.text, {item.card.notice_id: item.notice for item in evidence}.values())
    permitted = tuple(
        item
        for item in evidence
        if item.fits
        and item.card.notice_id in knowing
        and (not validity or speaks_of_force(item.text))
        and is_about_grades(query.text, item.text)
        and (item.scale == "across" or item.measures["words_passage"] > 0.0)
        and _is_of_years(item, years)
        and (not why or item.measures["worst" if item.scale != "words" else "missing"] <= _UNSAID)
    )
    if not permitted:
        return Verdict((), 0.0)
    confidence = rate_answer(permitted, evidence)
    if asks_about_matter(query):
        confidence = max(confidence, _rate_matter(permitted))
    if asks_effect(read_what_is_asked(query)) and permitted[0].measures["words_titled"] >= _TITLED:
        # "This law applies from 1 June" names the law by its title only.
        confidence = max(confidence, _MATTER)
    return Verdict(permitted, confidence)


def asks_about_matter(query: Query) -> bool:
    """Whether a question asks what the rules are about a matter: no single sentence answers that."""
    asked = read_what_is_asked(query)
    kinds = read_expectation(asked)
    return kinds <= {Expected.rule, Expected.prohibition} and (bool(kinds) or _COMPARES.search(asked) is not None)


def _rate_matter(permitted: Sequence[Evidence]) -> float:
    """How surely the best passages are about the matter: the share of its words that they hold, if a rule is there."""
    about = [item.measures["words_passage"] for item in permitted if item.of_kind and item.own >= _OWN]
    return _MATTER * max(about, default=0.0) ** 2


def rate_answer(permitted: Sequence[Evidence], evidence: Sequence[Evidence]) -> float:
    """The probability that the notices answer, from the best permitted sentence and all that was found."""
    return to_probability(read_scales()[permitted[0].scale].answer.rate(measure_answer(permitted, evidence)))


def measure_answer(permitted: Sequence[Evidence], evidence: Sequence[Evidence]) -> dict[str, float]:
    """The measures of an answer: those of its best sentence, the highest of all, how sharply it stands out."""
    best = permitted[0]
    measures = {name: best.measures[name] for name in _OF_BEST}
    measures |= {f"highest_{name}": max(item.measures[name] for item in evidence) for name in _HIGHEST}
    return measures | {"log_odds": best.log_odds, "share": read_sharpness(permitted)}


def _find_knowing(question: str, notices: Iterable[NoticeReading]) -> frozenset[str]:
    """The ids of the notices that know the names in a question, its days of effect, and what it takes for granted."""
    dates, names, laws = read_effect_dates(question), find_names(question), find_laws(question)
    return frozenset(
        notice.card.notice_id
        for notice in notices
        if is_borne_out(question, notice)
        and _knows_names(question, names, laws, notice)
        and all(date.search(notice.told) for date in dates)
    )


def _knows_names(question: str, names: Sequence[str], laws: Sequence[str], notice: NoticeReading) -> bool:
    if not all(any(law[start:] in notice.told for start in range(len(law) - _SHORTEST_LAW + 1)) for law in laws):
        return False
    if notice.card.language == "en" and has_chinese(question):
        # A place is told by its Chinese name only where no name in Latin letters tells more surely.
        names = [name for name in names if not has_chinese(name)] or names
    found = sum(is_named(name, notice.told, notice.card.language) for name in names)
    return found == len(names) or (found > 0 and _JOINED.search(question) is not None)


def _is_of_years(item: Evidence, years: Sequence[int]) -> bool:
    """Whether a notice is of one of the years, or the sentence or the title speaks of one."""
    if not years or item.card.year in years:
        return True
    return any(speaks_of_year(f"{item.text} {item.card.title}", year) for year in years)
