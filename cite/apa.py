"""APA, seventh edition: the form of a government's report, with the author's date in the text."""

from __future__ import annotations

import re

from cite.dates import write_american, write_year_first
from cite.entries import Entry, end
from cite.kinds import NoticeKind
from cite.places import ANYWHERE, write_place
from cite.runs import Run, join_runs
from core.types import Pinpoint

_SQUARE = str.maketrans("()", "[]")


def write_apa(entry: Entry, place: Pinpoint = ANYWHERE) -> tuple[Run, ...]:
    """The entry; a pinpoint, which only a footnote has, follows what it is in. Without issuer the title leads.

    Titles keep their capitals: which words of them are names, nobody can tell for sure.
    """
    authors = _list(entry.issuers)
    date = f" ({write_year_first(entry.issued) or 'n.d.'})"
    number = f" ({name_number(entry.number_beside).translate(_SQUARE)})" if entry.number_beside else ""
    cited = ", ".join(["", write_place(place, "en")]) if write_place(place, "en") else ""
    title = Run(entry.title, italic=entry.slanted)
    if authors:
        runs = [Run(f"{end(authors)}{date}. "), title, Run(_close(entry.title, number + cited))]
    else:
        runs = [title, Run(_close(entry.title, number) + date + cited + ".")]
    return join_runs([*runs, Run(_address(entry))])


def write_apa_in_text(entry: Entry, place: Pinpoint) -> str:
    """(Bureau of Education, 2022, para. 4); 教育部 & 财政部; of three bodies and more the first et al."""
    many = len(entry.issuers) > 2
    named = f"{entry.issuers[0]} et al." if many else " & ".join(entry.issuers) or entry.title
    year = str(entry.issued[0]) if entry.issued else "n.d."
    return "(" + ", ".join(part for part in (named.translate(_SQUARE), year, write_place(place, "en")) if part) + ")"


def name_number(number: str) -> str:
    """A number as a reader of English knows it for one: "No. 7/2022"; those that say what they are stay."""
    return f"No. {number}" if re.match(r"\S*\d", number) and "号" not in number else number


def _list(names: tuple[str, ...]) -> str:
    return ", & ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def _close(title: str, after: str) -> str:
    """What follows a title, with the full stop; a title that ends in a question mark needs none."""
    return f"{after}." if after else end(title)[len(title) :]


def _address(entry: Entry) -> str:
    """The URL, with the day of retrieval where the page may change: guidance, and what has no date."""
    if not entry.url:
        return ""
    changes = entry.kind is NoticeKind.guidance or not entry.issued
    return (
        f" Retrieved {write_american(entry.accessed)}, from {entry.url}"
        if changes and entry.accessed
        else f" {entry.url}"
    )
