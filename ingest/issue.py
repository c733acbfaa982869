"""The date of issue of a notice: the best of its claims, and what is to be told of those that disagree."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from core.types import Origin
from ingest.claims import Claims
from ingest.dates import find_dates, is_unset, read_date

_PACKED = re.compile(r"(?<!\d)((?:19|20)\d{2})(0[1-9]|1[0-2])([0-3]\d)(?!\d)")
# Dates of issue that are no further apart are of one issue: signed, printed, put on a page.
_SAME_ISSUE = datetime.timedelta(days=31)


class Value(NamedTuple):
    """A value and where it is from; '' from nowhere."""

    said: str = ""
    origin: Origin = Origin.nowhere


def first_of(*values: Value) -> Value:
    """The first that says anything."""
    return next((value for value in values if value.said), Value())


def weigh_issue(
    path: str, given: Mapping[str, str], own: Mapping[str, str], claims: Claims
) -> tuple[Value, tuple[str, ...]]:
    """The date of issue, and what is to be told of claims that disagree with it.

    When a page was put on its site is no claim: an older notice is often published again.
    """
    table = Value(read_date(given.get("issued_on", "")), Origin.sources)
    file = Value(read_date(own.get("issued_on", "")), Origin.file)
    page = Value(read_date(own.get("published_on", "")), Origin.file)
    text = Value(next(iter(claims.of_issue), ""), Origin.text)
    firm = text if claims.is_firm else Value()
    unset = [value.said for value in (file, page) if is_unset(value.said)]
    file, page = (Value() if is_unset(value.said) else value for value in (file, page))
    chosen = first_of(table, file, firm, page, text, Value(_date_path(path), Origin.path))
    warnings = [_tell_unset(date, chosen) for date in unset[:1]]
    warnings += _tell_differences(chosen, table, file, page, firm, claims)
    return chosen, tuple(warnings)


def _tell_unset(date: str, chosen: Value) -> str:
    taken = f"{chosen.said} was taken, from {_name(chosen.origin)}" if chosen.said else "no other was found"
    return f"the file says that its date is {date}, which is a clock that was never set; as its date of issue {taken}"


def _tell_differences(
    chosen: Value, table: Value, file: Value, page: Value, firm: Value, claims: Claims
) -> Iterator[str]:
    """What is said of the date of issue that is not the chosen one, nor near it."""
    stated = Value(claims.issued[0] if claims.issued else "", Origin.text)
    others = [file, stated] if chosen is table and table.said else [firm] if chosen is file and claims.is_stated else []
    if chosen is firm and page.said[:4] < firm.said[:4]:
        # A page cannot have been there before the notice that is on it.
        others.append(page)
    for other in others:
        if other.said and (other.said[:4] != chosen.said[:4] if chosen is table else _differ(chosen.said, other.said)):
            yield (
                f"{_name(chosen.origin)} and {_name(other.origin)} differ in the date of issue, {chosen.said} and "
                f"{other.said}; {chosen.said} was taken, since {_name(chosen.origin)} comes first; "
                "sources.csv can say which is right"
            )
    years = {date[:4] for date in claims.issued}
    if len(years) > 1 and chosen.origin is Origin.text:
        dates = ", ".join(dict.fromkeys(claims.issued))
        yield f"its text names several dates of issue, {dates}; {chosen.said} was taken, the first"


def _differ(one: str, other: str) -> bool:
    """Whether two dates of issue are of different years, or further apart than signing and printing are."""
    if one[:4] != other[:4]:
        return True
    if len(one) < 10 or len(other) < 10:
        return False
    return abs(datetime.date.fromisoformat(one) - datetime.date.fromisoformat(other)) > _SAME_ISSUE


def _name(origin: Origin) -> str:
    return {Origin.file: "the file's own data", Origin.text: "its text", Origin.path: "its path"}.get(
        origin, origin.value
    )


def _date_path(path: str) -> str:
    """The one complete date in the name of a file; '' where there is none, or several."""
    stem = PurePosixPath(path).stem
    named = {found.iso for found in find_dates(_PACKED.sub(r"\1-\2-\3", stem).replace("_", " "))}
    return named.pop() if len(named) == 1 else ""
