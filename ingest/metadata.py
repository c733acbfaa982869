"""What a notice is: each value by sources.csv, then the file's own properties, its text, its path; and what differs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import PurePosixPath

from core.types import NoticeCard, Origin, Provenance
from ingest.claims import find_claims
from ingest.dates import read_date
from ingest.edges import Edges, cut_edges
from ingest.issue import Value, first_of, weigh_issue
from ingest.issuers import find_issuer, find_owner, read_named
from ingest.masthead import read_masthead
from ingest.numbers import find_number, year_of
from ingest.readers.reading import Reading
from ingest.title_lines import cut_site, is_title
from ingest.titles import find_title
from store.catalogue import digest_text
from store.words import name_language

# Raised by one whenever a notice is described in another way: notices are then described again.
DESCRIBING_VERSION = "1"

_MINUTES = re.compile(r"(?i)(?:draft |confirmed )?minutes\b|.*\bminutes$")
_YEAR = re.compile(r"(?a:(?<![\d.,/-])(?:19|20)\d{2}(?![\d/.-]))")


def describe(path: str, notice_id: str, reading: Reading, row: Mapping[str, str]) -> tuple[NoticeCard, tuple[str, ...]]:
    """The card of a notice, and what is to be told of dates of issue that disagree.

    What `row` (sources.csv) says wins, then the file's own properties, then the text, then the path.
    """
    text, edges = reading.text, cut_edges(reading.text)
    given = {name: value for name, said in row.items() if (value := _clean(said))}
    own = {name: value for name, said in reading.properties.items() if (value := _clean(said))}
    title = _choose_title(path, edges, given, own)
    number = first_of(
        Value(given.get("number", ""), Origin.sources),
        Value(own.get("number", ""), Origin.file),
        Value(_clean(_find_number(edges, title.said)), Origin.text),
    )
    claims = find_claims(text, edges)
    if _MINUTES.match(title.said) and not claims.issued:
        # The one date of minutes is that of the meeting.
        claims.meeting += [*claims.signed, *claims.closing]
        claims.signed.clear()
        claims.closing.clear()
    issued, warnings = weigh_issue(path, given, own, claims)
    dates = {
        name: _choose_date(name, given, own, found)
        for name, found in (
            ("meeting_on", claims.meeting),
            ("in_force_on", claims.in_force),
            ("repealed_on", claims.repealed),
        )
    }
    is_policy = bool(claims.reading) or number.said.startswith("Policy ")
    issuer = _choose_issuer(text, edges, title.said, given, own, is_policy=is_policy)
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
        # By people only: a file does not know when it was taken from its address.
        accessed_on=read_date(given.get("accessed_on", "")),
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


def _choose_title(path: str, edges: Edges, given: Mapping[str, str], own: Mapping[str, str]) -> Value:
    if given.get("title"):
        return Value(given["title"], Origin.sources)
    for name in ("title", "page_title"):
        titled = cut_site(own.get(name, ""))
        if is_title(titled):
            return Value(titled, Origin.file)
    found, origin = find_title(path, edges)
    title = _clean(found)
    return Value(title, origin) if title else Value(_clean(PurePosixPath(path).name) or "…", Origin.path)


def _choose_issuer(
    text: str, edges: Edges, title: str, given: Mapping[str, str], own: Mapping[str, str], *, is_policy: bool
) -> Value:
    """The issuer; whose site a page is on, and whence it was taken, count last."""
    firm = first_of(
        Value(given.get("issuer", ""), Origin.sources),
        Value(own.get("issuer", ""), Origin.file),
        Value(read_named(own.get("author", "")), Origin.file),
    )
    if firm.said:
        return firm
    return first_of(
        Value(_clean(find_issuer(text, edges, title)), Origin.text),
        Value(read_named(own.get("site", "")), Origin.file),
        Value(find_owner(text) if is_policy else "", Origin.text),
    )


def _find_number(edges: Edges, title: str) -> str:
    """The number that the text gives: labelled or on a line of its own, or beside the issuer."""
    beside = (masthead.number for line in edges.head[:8] if (masthead := read_masthead(line)) and masthead.number)
    return find_number(edges.head, title) or next(beside, "")


def _choose_date(name: str, given: Mapping[str, str], own: Mapping[str, str], found: list[str]) -> Value:
    return first_of(
        Value(read_date(given.get(name, "")), Origin.sources),
        Value(read_date(own.get(name, "")), Origin.file),
        Value(found[0] if found else "", Origin.text),
    )


def _choose_year(path: str, text: str, title: Value, issued: Value, number: Value, meeting: Value) -> Value:
    """The year to which a notice belongs: of its issue, its number, its meeting; else what its path or text hint at."""
    numbered = year_of(number.said)
    titled = set(_YEAR.findall(title.said))
    return first_of(
        Value(issued.said[:4], issued.origin),
        Value(str(numbered or ""), number.origin),
        Value(meeting.said[:4], meeting.origin),
        Value(str(_year_path(path) or ""), Origin.path),
        Value(titled.pop() if len(titled) == 1 else "", title.origin),
        Value(str(find_year(text) or ""), Origin.text),
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
