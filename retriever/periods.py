"""The years of a question, grouped by what is asked for, and what each is to the notices."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, replace

from retriever.mentions import Kind, Mention, find_mentions, plain_figures
from retriever.roles import Role, name_roles, read_bound

# The earliest year that is read as one, and so the beginning of what was "before 2015".
EARLIEST_YEAR = 1900
# The ways in which two open runs bound one, and what stands between them.
_CLOSED = ({"since", "before"}, {"since", "until"}, {"after", "before"}, {"after", "until"})
_AND = re.compile(r"(?i)\s?[,，、]?\s?(?:and|but|且|并且?|和)?\s?")


@dataclass(frozen=True, slots=True)
class Times:
    """The years that a text names, ascending without repetition, in groups.

    `years`: all. `periods`: what is asked for one by one: a year, a school year (two years), a run
    of years such as "since 2019" or a five-year plan (one period of many), each year of "2020–2022"; a
    range of more than twelve years is one period too.
    `issue_years`: those of the notices themselves ("the 2019 policy"). `spoken_years`: those that a
    notice speaks of, whatever its own ("by 2030", "courses starting in January 2025");
    `effect_years`: those among them from which something applies, most often the notice's own.
    `school_years`: the years in which the school years among them begin. `named_years`: those that
    stand in the words, without those between the ends of a run.
    `mentions`: where they stand, in the order of the text.
    """

    years: tuple[int, ...] = ()
    periods: tuple[tuple[int, ...], ...] = ()
    issue_years: tuple[int, ...] = ()
    spoken_years: tuple[int, ...] = ()
    effect_years: tuple[int, ...] = ()
    school_years: tuple[int, ...] = ()
    named_years: tuple[int, ...] = ()
    mentions: tuple[Mention, ...] = ()


def read_times(text: str, today: datetime.date) -> Times:
    """The years of `text`; `today` tells what "last year" is and where "since 2019" ends."""
    found = find_mentions(text, today)
    timed = _time(plain_figures(text), found, today)
    narrow = {year for mention, role in timed if mention.kind is not Kind.span for year in mention.years}
    # "In 2022, under the fourteenth plan": the year is what is asked for, the plan only where it lies.
    kept = [(m, role) for m, role in timed if m.kind is not Kind.span or not narrow.intersection(m.years)]
    return Times(
        _ascending(kept),
        _group(kept),
        _ascending(kept, Role.issue),
        _ascending(kept, Role.effect, Role.spoken),
        _ascending(kept, Role.effect),
        tuple(sorted({mention.years[0] for mention, _ in kept if mention.kind is Kind.school_year})),
        tuple(sorted({year for mention in found for year in _named(mention)}.intersection(_ascending(kept)))),
        tuple(mention for mention, _ in timed),
    )


def find_periods(text: str, today: datetime.date | None = None) -> tuple[tuple[int, ...], ...]:
    """The periods that a text names, in order of time; `today` is the date of the day where it is None."""
    return read_times(text, today or datetime.date.today()).periods


def _time(plain: str, found: list[Mention], today: datetime.date) -> list[tuple[Mention, Role]]:
    """Each mention with its role; those that open or end a run as the run that they make."""
    timed: list[tuple[Mention, Role]] = []
    opened = ""
    for mention, role in zip(found, name_roles(plain, found), strict=True):
        bound, start, end = ("", 0, 0) if role is Role.issue else read_bound(plain, mention)
        run = _run(bound, mention.years, today)
        if run:
            timed.append((replace(mention, start=start, end=end, years=run, kind=Kind.span), Role.asked))
            if {opened, bound} in _CLOSED and _AND.fullmatch(plain[timed[-2][0].end : start]):
                timed[-2:] = _meet(timed[-2:])
        else:
            timed.append((mention, role))
        opened = bound if run else ""
    return timed


def _meet(runs: list[tuple[Mention, Role]]) -> list[tuple[Mention, Role]]:
    """Two open runs side by side as the one that they bound, where they meet: after 2019 and before 2023."""
    (first, role), (second, _) = runs
    years = tuple(year for year in first.years if year in second.years)
    return [(replace(first, end=second.end, years=years), role)] if years else runs


def _run(bound: str, years: tuple[int, ...], today: datetime.date) -> tuple[int, ...]:
    """The years of a run that is open on one side; () where there is none, or it lies ahead."""
    if years[0] > today.year:
        return ()
    match bound:
        case "since":
            return tuple(range(years[0], today.year + 1))
        case "after":
            return tuple(range(years[-1] + 1, today.year + 1))
        case "before":
            return tuple(range(EARLIEST_YEAR, years[0]))
        case "until":
            return tuple(range(EARLIEST_YEAR, years[-1] + 1))
    return ()


def _group(timed: list[tuple[Mention, Role]]) -> tuple[tuple[int, ...], ...]:
    """What is asked for one by one. Years that a notice speaks of are its content, where its own are named too."""
    roles = {role for _, role in timed}
    left_out = {Role.spoken} if Role.issue not in roles else {Role.spoken, Role.effect}
    asked = [mention for mention, role in timed if role not in left_out]
    if not asked:
        # Targets of several years are as a rule those of one notice.
        years = _ascending(timed)
        return (years,) if years else ()
    school = {mention.years for mention in asked if mention.kind is Kind.school_year}
    runs = {mention.years for mention in asked if mention.kind is Kind.span}
    one_by_one = {year for mention in asked if mention.years not in school | runs for year in mention.years}
    single = one_by_one - {year for years in school for year in years}
    return tuple(sorted({*school, *runs, *((year,) for year in single)}))


def _named(mention: Mention) -> tuple[int, ...]:
    return (mention.years[0], mention.years[-1]) if mention.kind is Kind.span else mention.years


def _ascending(timed: list[tuple[Mention, Role]], *roles: Role) -> tuple[int, ...]:
    return tuple(sorted({year for mention, role in timed if not roles or role in roles for year in mention.years}))
