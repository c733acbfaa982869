"""A question as it was typed becomes a Query: its language, its years, its terms, what it follows."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from core.errors import UsageError
from retriever.followup import resolve
from retriever.issuers import read_issuers
from retriever.naming import name_years
from retriever.periods import read_times
from store.shelf import Scope
from store.words import content_terms, find_numbers, name_language

LONGEST_QUESTION = 2000


@dataclass(frozen=True, slots=True)
class Query:
    """A question, understood: `asked` as typed, `text` with what it carries over from earlier ones.

    `text` is what is embedded. `terms` are its content terms without the years; `carried` are those
    of them that come from earlier questions and so weigh less than the user's own.
    `years` are all that it names, ascending; `periods` groups them by what is asked for: a school
    year is one period of two years, a run such as "since 2019" one of many, compared years are one
    each. Of `years`, `issue_years` are for certain those of the notices asked for ("the 2019
    policy"), `spoken_years` those that a notice speaks of, whatever its own ("by 2030", "from
    1 September 2025"), of which `effect_years` are those from which something applies; `school_years`
    are the first years of school years, `named_years` those that stand in the words, not only
    between the ends of a run.
    `numbers` are the document numbers that it names, as `store.words` makes them index terms;
    `issuers` those it names of the issuers that were given.
    `only_years`, `issuer` (a part of a name), `only_issuers` (whole names) and `only_language` are
    filters that the user set: no notice outside them is searched, whatever the question names.
    """

    asked: str
    text: str
    language: str
    years: tuple[int, ...]
    periods: tuple[tuple[int, ...], ...]
    terms: tuple[str, ...]
    only_years: tuple[int, ...] = ()
    issuer: str = ""
    carried: tuple[str, ...] = ()
    issue_years: tuple[int, ...] = ()
    spoken_years: tuple[int, ...] = ()
    school_years: tuple[int, ...] = ()
    named_years: tuple[int, ...] = ()
    numbers: tuple[str, ...] = ()
    issuers: tuple[str, ...] = ()
    effect_years: tuple[int, ...] = ()
    only_issuers: tuple[str, ...] = ()
    only_language: str = ""

    @property
    def scope(self) -> Scope:
        """The notices that the user's filters leave."""
        return Scope(self.only_years, self.only_language, self.issuer, self.only_issuers)

    def name_period(self, period: Collection[int]) -> str:
        """A period of this question, or any of its years, as a person names it, in the question's language.

        So "before 1950" is "the years before 1950" and not fifty years; see `naming.name_years`.
        """
        return name_years(period, self.language, self.named_years, self.school_years)

    def narrow(self, period: Collection[int]) -> Query:
        """The same question asked of one period: years outside it are left out of all that it holds of years."""
        asked = frozenset(period)

        def keep(years: tuple[int, ...]) -> tuple[int, ...]:
            return tuple(year for year in years if year in asked)

        return replace(
            self,
            years=tuple(sorted(asked)),
            periods=(tuple(sorted(asked)),) if asked else (),
            issue_years=keep(self.issue_years),
            spoken_years=keep(self.spoken_years),
            effect_years=keep(self.effect_years),
            school_years=keep(self.school_years),
            named_years=keep(self.named_years),
        )


def read_question(
    question: str,
    history: Sequence[str] = (),
    *,
    only_years: Sequence[int] = (),
    issuer: str = "",
    only_issuers: Sequence[str] = (),
    only_language: str = "",
    issuers: Collection[str] = (),
    today: datetime.date | None = None,
) -> Query:
    """Understand a question; `history` holds the earlier questions of the conversation, oldest first.

    `only_years`, `issuer`, `only_issuers` and `only_language` are the user's filters.
    `issuers`: the names of issuers that the desk knows, without which none is found in the question.
    `today`: the day from which "last year" is told; that of the clock where it is None.
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
    day = today or datetime.date.today()
    text = resolve(asked, history, day, issuers)
    times = read_times(text, day)
    terms = tuple(term for term in content_terms(text) if not _names_year(term, times.years))
    own = frozenset(content_terms(asked))
    return Query(
        asked,
        text,
        name_language(asked),
        times.years,
        times.periods,
        terms,
        tuple(sorted(set(only_years))),
        issuer,
        tuple(term for term in terms if term not in own),
        times.issue_years,
        times.spoken_years,
        times.school_years,
        times.named_years,
        tuple(dict.fromkeys(number.terms[0] for number in find_numbers(asked) or find_numbers(text))),
        read_issuers(asked, issuers) or read_issuers(text, issuers),
        times.effect_years,
        tuple(dict.fromkeys(only_issuers)),
        only_language,
    )


def _names_year(term: str, years: tuple[int, ...]) -> bool:
    return term.isdecimal() and len(term) == 4 and int(term) in years
