"""A question as it was typed becomes a Query: its language, its years, its terms, what it follows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import UsageError
from store.words import content_terms, has_chinese, name_language

LONGEST_QUESTION = 2000
_MOST_YEARS = 12

_RANGE = re.compile(
    r"(?:from\s+|between\s+|从)?((?:19|20)\d{2})\s*年?\s*(?:-|–|—|~|to|until|and|至|到)\s*((?:19|20)\d{2})(?!\d)\s*年?"
)
_BOTH = re.compile(r"(?:between)\s+((?:19|20)\d{2})\s+and\s+((?:19|20)\d{2})")
_SCHOOL_YEAR = re.compile(r"((?:19|20)\d{2})\s*[/–-]\s*(\d{2})(?!\d)")
_YEAR = re.compile(r"(?<![\d〔\[(（./,-])((?:19|20)\d{2})(?![\d〕\])）]|[./,]\d)")
_FOLLOW_UP = re.compile(
    r"(?i)^\s*(?:and\b|what about\b|how about\b|why\b|also\b|then\b|which of (?:them|these)\b|那|那么|还有|为什么|另外)"
)
_POINTS_BACK = re.compile(r"(?i)\b(?:it|its|they|them|their|this|that|these|those|there)\b|它|他们|这个|这些|该|其")


@dataclass(frozen=True, slots=True)
class Query:
    """A question, understood: `asked` as typed, `text` with what it carries over from earlier ones.

    `years` are those that the question names, ascending.
    `periods` groups the years by what is asked for: a school year is one period of two years, years
    that are compared are one each. `terms` are its content terms without the years. `only_years`
    and `issuer` are filters that the user set: no notice outside them is searched.
    """

    asked: str
    text: str
    language: str
    years: tuple[int, ...]
    periods: tuple[tuple[int, ...], ...]
    terms: tuple[str, ...]
    only_years: tuple[int, ...] = ()
    issuer: str = ""


def read_question(
    question: str,
    history: Sequence[str] = (),
    *,
    only_years: Sequence[int] = (),
    issuer: str = "",
) -> Query:
    """Understand a question; `history` holds the earlier questions of the conversation, oldest first.

    Raises UsageError where there are no words in it, or more than LONGEST_QUESTION characters.
    """
    # Bytes of the command line that are no text arrive as halves of characters.
    asked = " ".join(question.encode("utf-8", "replace").decode().split())
    if not any(character.isalnum() for character in asked):
        raise UsageError("the question is empty", "Ask in a sentence, in English or Chinese.")
    if len(asked) > LONGEST_QUESTION:
        raise UsageError(
            f"the question has {len(asked)} characters, the limit is {LONGEST_QUESTION}",
            "Ask for one thing at a time.",
        )
    text = _carry_over(asked, history)
    periods = find_periods(asked) or find_periods(text)
    years = tuple(sorted({year for period in periods for year in period}))
    terms = [term for term in content_terms(text) if not _names_year(term, years)]
    return Query(
        asked, text, name_language(asked), years, periods, tuple(terms), tuple(sorted(set(only_years))), issuer
    )


def find_periods(text: str) -> tuple[tuple[int, ...], ...]:
    """The periods that a text names, in order of time: years, each year of a range, school years.

    A range of more than twelve years counts as its two ends.
    """
    periods: set[tuple[int, ...]] = set()
    spanned: set[int] = set()
    for match in _SCHOOL_YEAR.finditer(text):
        first = int(match.group(1))
        if (first + 1) % 100 == int(match.group(2)):
            periods.add((first, first + 1))
            spanned.update((first, first + 1))
    single = {int(match.group(1)) for match in _YEAR.finditer(text)}
    for match in (*_BOTH.finditer(text), *_RANGE.finditer(text)):
        first, last = sorted((int(match.group(1)), int(match.group(2))))
        joined_by_and = re.search(r"\band\b", match.group()) and "between" not in match.group().lower()
        whole = last - first < _MOST_YEARS and not joined_by_and
        single.update(range(first, last + 1) if whole else (first, last))
    periods.update((year,) for year in single - spanned)
    return tuple(sorted(periods))


def _names_year(term: str, years: tuple[int, ...]) -> bool:
    return term.isdecimal() and len(term) == 4 and int(term) in years


def _carry_over(asked: str, history: Sequence[str]) -> str:
    """The question with the topic of the one before it, where it cannot stand alone.

    "And in 2022?" asks the earlier question of another year, so the earlier years are dropped.
    """
    if not history:
        return asked
    short = len(content_terms(asked)) <= (2 if has_chinese(asked) else 1)
    if not (short or _FOLLOW_UP.match(asked) or (_POINTS_BACK.search(asked) and len(asked) < 60)):
        return asked
    before = history[-1]
    if find_periods(asked):
        before = _YEAR.sub(" ", _RANGE.sub(" ", before))
    return f"{' '.join(before.split())} {asked}"
