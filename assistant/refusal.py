"""Is the evidence enough to answer? Rules that a reader can follow, before anything is shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.evidence import Evidence, read_what_is_asked
from assistant.expectation import Expected, read_expectation
from core.types import NoticeCard
from retriever.question import Query
from retriever.search import speaks_of_year
from store.words import content_terms, has_chinese

# The weighted sum of what a sentence and its passage share with the question. Below these values the
# notices were found not to say it; chosen on questions of the kind, to be calibrated in evals.
_ENOUGH = {"en": 0.42, "zh": 0.42}
# A sentence is heard beside the best one only if it is nearly as good, in all and in words: that
# somebody attended the meeting does not answer who presided over it.
_CLOSE, _CLOSE_WORDS = 0.85, 0.8
# Of rules there are often several, each in words of its own.
_CLOSE_RULE = 0.7
_CLOSE_OWN = 0.4

# What a sentence must share with the question by itself, in words or in meaning.
_OWN, _OWN_MEANING = 0.12, 0.5

_NAME = re.compile(
    r"(?<=[a-z,;:’'] )(?:the )?([A-Z][\w’'-]*(?:\s+(?:of\s+)?[A-Z][\w’'-]*)*)|(?<![\w.])([A-Z]{2,}[\w-]*)"
)
_NOT_NAMES = re.compile(
    r"^(?:I|January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Act|Article|Section)$"
)
_JOINED = re.compile(r"[A-Z][\w’'-]*(?:,| and| or) (?:the )?[A-Z]|[省市县区州学院][和与、或]")
_CHINESE_NAME = re.compile(r".{2,}(?:省|市|县|区|州|大学|学院)$")


def judge(
    query: Query,
    evidence: Sequence[Evidence],
    years: Sequence[int],
    read_text: Callable[[str], str],
) -> list[Evidence]:
    """The evidence that is enough, best first; [] where the notices do not say.

    A sentence is heard only if it can be of the kind asked for (a place, a time, a figure …), its
    passage shares enough with the question, its notice is of one of `years` or speaks of one, and
    the names in the question occur in its notice (one of them, where the question joins several by
    "and"). `read_text` gives a notice's text.
    """
    names = find_names(query.text)
    ruled = bool(read_expectation(read_what_is_asked(query)) & {Expected.rule, Expected.prohibition})
    heard: list[Evidence] = []
    for item in evidence:
        if (
            item.fits
            and _speaks_to(item)
            and measure(query, item) >= _ENOUGH[query.language]
            and _of_years(item, years)
        ):
            close, close_words = (_CLOSE_RULE, _CLOSE_RULE) if ruled else (_CLOSE, _CLOSE_WORDS)
            if heard and item.score < close * heard[0].score:
                break
            if heard and (item.words < close_words * heard[0].words or (ruled and _strays(item, heard[0]))):
                continue
            if _knows_names(query.text, names, item.card, read_text):
                heard.append(item)
    return heard


def _strays(item: Evidence, best: Evidence) -> bool:
    """Whether a sentence is no rule beside one that is, or has its words from its notice's title only."""
    return (best.of_kind and not item.of_kind) or item.own < _CLOSE_OWN * best.own


def _speaks_to(item: Evidence) -> bool:
    """Whether the sentence itself, not only its notice, has to do with the question."""
    return item.own >= _OWN or (item.meaning is not None and item.meaning >= _OWN_MEANING)


def measure(query: Query, item: Evidence) -> float:
    """How much a sentence with its passage shares with the question, 0 to 1."""
    if item.meaning is None:
        return 0.5 * item.context + 0.5 * item.words
    return 0.4 * item.context + 0.3 * item.words + 0.3 * item.meaning


def find_names(question: str) -> list[str]:
    """The proper names in a question: capitalised words inside it, and Chinese places and schools."""
    names = [next(group for group in match.groups() if group) for match in _NAME.finditer(question)]
    parts = [word for name in names for word in name.split() if not _NOT_NAMES.match(word) and word != "of"]
    if has_chinese(question):
        parts += [term for term in content_terms(question) if _CHINESE_NAME.match(term)]
    return list(dict.fromkeys(parts))


def _knows_names(question: str, names: Sequence[str], card: NoticeCard, read_text: Callable[[str], str]) -> bool:
    if not names:
        return True
    around = f"{card.title}\n{card.issuer}\n{card.number}\n{read_text(card.notice_id)}".lower()
    found = sum(re.sub(r"['’]s?$|s$", "", name.lower()) in around for name in names)
    return found == len(names) or (found > 0 and _JOINED.search(question) is not None)


def _of_years(item: Evidence, years: Sequence[int]) -> bool:
    """Whether a notice is of one of the years, or the sentence or the title speaks of one."""
    if not years or item.card.year in years:
        return True
    return any(speaks_of_year(f"{item.text} {item.card.title}", year) for year in years)
