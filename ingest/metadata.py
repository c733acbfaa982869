"""What a notice is: each value by sources.csv, then the file's own properties, its text, its path; and what differs."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from core.types import NoticeCard, Origin, Provenance
from ingest.claims import Claims, find_claims
from ingest.dates import find_dates, is_unset, read_date
from ingest.edges import Edges, cut_edges
from ingest.issuers import find_issuer, read_named
from ingest.masthead import read_masthead
from ingest.numbers import find_number, year_of
from ingest.readers.reading import Reading
from ingest.titles import cut_site, find_title, is_title
from store.catalogue import digest_text
from store.words import name_language

# Raised by one whenever a notice is described in another way: notices are then described again.
DESCRIBING_VERSION = "1"

_MINUTES = re.compile(r"(?i)(?:draft |confirmed )?minutes\b|.*\bminutes$")
_YEAR = re.compile(r"(?a:(?<![\d.,/-])(?:19|20)\d{2}(?![\d/.-]))")
_PACKED = re.compile(r"(?<!\d)((?:19|20)\d{2})(0[1-9]|1[0-2])([0-3]\d)(?!\d)")
# Dates of issue that are no further apart are of one issue: signed, printed, put on a page.
_SAME_ISSUE = datetime.timedelta(days=31)


class _Value(NamedTuple):
    """A value and where it is from; '' from nowhere."""

    said: str = ""
    origin: Origin = Origin.nowhere


def describe(path: str, notice_id: str, reading: Reading, row: Mapping[str, str]) -> tuple[NoticeCard, tuple[str, ...]]:
    """The card of a notice, and what is to be told of dates of issue that disagree.

    What `row` (sources.csv) says wins, then the file's own properties, then the text, then the path.
    """
    text, edges = reading.text, cut_edges(reading.text)
    given = {name: value for name, said in row.items() if (value := _clean(said))}
    own = {name: value for name, said in reading.properties.items() if (value := _clean(said))}
    title = _choose_title(path, edges, given, own)
    number = _first(
        _Value(given.get("number", ""), Origin.sources),
        _Value(own.get("number", ""), Origin.file),
        _Value(_clean(_find_number(edges, title.said)), Origin.text),
    )
    claims = find_claims(text, edges)
    if _MINUTES.match(title.said) and not claims.issued:
        # The one date of minutes is that of the meeting.
        claims.meeting += [*claims.signed, *claims.closing]
        claims.signed.clear()
        claims.closing.clear()
    issued, warnings = _weigh_issue(path, given, own, claims)
    dates = {
        name: _choose_date(name, given, own, found)
        for name, found in (
            ("meeting_on", claims.meeting),
            ("in_force_on", claims.in_force),
            ("repealed_on", claims.repealed),
        )
    }
    issuer = _choose_issuer(text, edges, title.said, given, own)
    year = _choose_year(path, text, title, issued, number, dates["meeting_on"])
    said = own | given
    card = NoticeCard(
        notice_id=notice_id,
        path=path,
        title=title.said,
        issuer=issuer.said,
        number=number.said,
        issued_on=issued.said,
        year=int(year.said) if year.said else None,
        language="zh" if said.get("language", name_language(text)).lower().startswith("zh") else "en",
        url=said.get("url", ""),
        licence=said.get("licence", ""),
        digest=digest_text(text),
        **{name: value.said for name, value in dates.items()},
        provenance=Provenance(
            title=title.origin,
            issuer=issuer.origin,
            number=number.origin,
            issued_on=issued.origin,
            year=year.origin,
            **{name: value.origin for name, value in dates.items()},
        ),
    )
    return card, warnings


def _clean(value: str) -> str:
    """A value on one line, without control characters or halves of characters."""
    shown = "".join(c if c.isprintable() or c.isspace() else " " for c in value)
    return " ".join(shown.encode("utf-8", "ignore").decode().split())


def _first(*values: _Value) -> _Value:
    """The first that says anything."""
    return next((value for value in values if value.said), _Value())


def _choose_title(path: str, edges: Edges, given: Mapping[str, str], own: Mapping[str, str]) -> _Value:
    if given.get("title"):
        return _Value(given["title"], Origin.sources)
    for name in ("title", "page_title"):
        titled = cut_site(own.get(name, ""))
        if is_title(titled):
            return _Value(titled, Origin.file)
    found, origin = find_title(path, edges)
    title = _clean(found)
    return _Value(title, origin) if title else _Value(_clean(PurePosixPath(path).name) or "…", Origin.path)


def _choose_issuer(text: str, edges: Edges, title: str, given: Mapping[str, str], own: Mapping[str, str]) -> _Value:
    """The issuer; whose site a page is on, and whence it was taken, count last."""
    firm = _first(
        _Value(given.get("issuer", ""), Origin.sources),
        _Value(own.get("issuer", ""), Origin.file),
        _Value(read_named(own.get("author", "")), Origin.file),
    )
    if firm.said:
        return firm
    return _first(
        _Value(_clean(find_issuer(text, edges, title)), Origin.text),
        _Value(read_named(own.get("site", "")), Origin.file),
    )


def _find_number(edges: Edges, title: str) -> str:
    """The number that the text gives: labelled or on a line of its own, or beside the issuer."""
    beside = (masthead.number for line in edges.head[:8] if (masthead := read_masthead(line)) and masthead.number)
    return find_number(edges.head, title) or next(beside, "")


def _choose_date(name: str, given: Mapping[str, str], own: Mapping[str, str], found: list[str]) -> _Value:
    return _first(
        _Value(read_date(given.get(name, "")), Origin.sources),
        _Value(read_date(own.get(name, "")), Origin.file),
        _Value(found[0] if found else "", Origin.text),
    )


def _weigh_issue(
    path: str, given: Mapping[str, str], own: Mapping[str, str], claims: Claims
) -> tuple[_Value, tuple[str, ...]]:
    """The date of issue, and what is to be told of claims that disagree with it.

    When a page was put on its site is no claim: an older notice is often published again.
    """
    table = _Value(read_date(given.get("issued_on", "")), Origin.sources)
    file = _Value(read_date(own.get("issued_on", "")), Origin.file)
    page = _Value(read_date(own.get("published_on", "")), Origin.file)
    text = _Value(next(iter(claims.of_issue), ""), Origin.text)
    firm = text if claims.is_firm else _Value()
    unset = [value.said for value in (file, page) if is_unset(value.said)]
    file, page = (_Value() if is_unset(value.said) else value for value in (file, page))
    chosen = _first(table, file, firm, page, text, _Value(_date_path(path), Origin.path))
    warnings = [_tell_unset(date, chosen) for date in unset[:1]]
    warnings += _tell_differences(chosen, table, file, page, firm, claims)
    return chosen, tuple(warnings)


def _tell_unset(date: str, chosen: _Value) -> str:
    taken = f"{chosen.said} was taken, from {_name(chosen.origin)}" if chosen.said else "no other was found"
    return f"the file says that its date is {date}, which is a clock that was never set; as its date of issue {taken}"


def _tell_differences(
    chosen: _Value, table: _Value, file: _Value, page: _Value, firm: _Value, claims: Claims
) -> Iterator[str]:
    """What is said of the date of issue that is not the chosen one, nor near it."""
    stated = _Value(claims.issued[0] if claims.issued else "", Origin.text)
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


def _choose_year(path: str, text: str, title: _Value, issued: _Value, number: _Value, meeting: _Value) -> _Value:
    """The year to which a notice belongs: of its issue, its number, its meeting; else what its path or text hint at."""
    numbered = year_of(number.said)
    titled = set(_YEAR.findall(title.said))
    return _first(
        _Value(issued.said[:4], issued.origin),
        _Value(str(numbered or ""), number.origin),
        _Value(meeting.said[:4], meeting.origin),
        _Value(str(_year_path(path) or ""), Origin.path),
        _Value(titled.pop() if len(titled) == 1 else "", title.origin),
        _Value(str(find_year(text) or ""), Origin.text),
    )


def _year_path(path: str) -> int | None:
    """The year for which a folder is named, or that the name of the file holds."""
    *folders, name = PurePosixPath(path).parts or ("",)
    for part in reversed(folders):
        if re.fullmatch(r"(?a:(?:19|20)\d{2})", part):
            return int(part)
    named = set(_YEAR.findall(PurePosixPath(name).stem))
    return int(named.pop()) if len(named) == 1 else None


def find_year(text: str) -> int | None:
    """The year that a text names most.

    Of years named equally often the latest counts: a report speaks of the year before and of its
    own. A year named once among many words proves nothing.
    """
    counts = Counter(int(year) for year in re.findall(r"(?a:(?<![\d.,])((?:19|20)\d{2})(?![\d.,]\d|\d))", text))
    if not counts:
        return None
    most = max(counts.values())
    year = max(year for year, count in counts.items() if count == most)
    return year if most >= 2 or len(text) < 600 else None
