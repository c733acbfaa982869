"""The Chicago Manual of Style, seventeenth edition: author-date, and its footnotes."""

from __future__ import annotations

import re
from collections.abc import Callable

from cite.apa import name_number
from cite.dates import write_american
from cite.entries import Entry, end
from cite.kinds import NoticeKind
from cite.places import write_with_bare_page
from cite.runs import Run, join_runs
from core.types import Pinpoint

_SQUARE = str.maketrans("()", "[]")
_ALL_NAMED = 3  # 15.9: of four authors and more, the text names the first


def write_chicago(entry: Entry) -> tuple[Run, ...]:
    """The entry of the list: author, year, title, number, day of issue, day of reading and address."""
    year = str(entry.issued[0]) if entry.issued else "n.d."
    day = write_american(entry.issued) if len(entry.issued) > 1 else ""
    title = _title(entry, end)
    lead = (
        [Run(f"{end(_list(entry.issuers))} {end(year)} "), *title] if entry.issuers else [*title, Run(f" {end(year)}")]
    )
    rest = [name_number(entry.number_beside), day, _accessed(entry, "Accessed")]
    written = "".join(f" {end(part)}" for part in rest if part) + (f" {entry.url}." if entry.url else "")
    return join_runs([*lead, Run(written)])


def write_chicago_note(entry: Entry, place: Pinpoint) -> tuple[Run, ...]:
    """A footnote: Author, *Title*, No. 7 (March 25, 2022), para. 4, accessed …, URL."""
    authors = f"{_list(entry.issuers)}, " if entry.issuers else ""
    number = f", {name_number(entry.number_beside)}" if entry.number_beside else ""
    date = f" ({write_american(entry.issued) or 'n.d.'})"
    cited = write_with_bare_page(place, "en", "p. ")
    rest = [cited, _accessed(entry, "accessed"), entry.url]
    quoted = entry.kind is NoticeKind.guidance
    comma = "," if quoted and number else ""
    title = _title(entry, lambda text: text + comma)
    after = (number[1:] if comma else number) + date + "".join(f", {part}" for part in rest if part) + "."
    return join_runs([Run(authors), *title, Run(after)])


def write_chicago_in_text(entry: Entry, place: Pinpoint) -> str:
    """(Bureau of Education 2022, para. 4); a page alone is its number; a comma before n.d. (15.44)."""
    many = len(entry.issuers) > _ALL_NAMED
    named = f"{entry.issuers[0]} et al." if many else _list(entry.issuers) or entry.title
    dated = f" {entry.issued[0]}" if entry.issued else ", n.d."
    cited = write_with_bare_page(place, "en", "p. ")
    return f"({named.translate(_SQUARE)}{dated}{', ' if cited else ''}{cited})"


def _title(entry: Entry, finish: Callable[[str], str]) -> list[Run]:
    """A page on the web in quotation marks, all else in italics; `finish` sets the mark that ends it, within quotes."""
    if entry.kind is not NoticeKind.guidance:
        return [Run(entry.title, italic=entry.slanted), Run(finish(entry.title)[len(entry.title) :])]
    inner = re.sub(r"[“\"]([^“”\"]*)[”\"]", r"‘\1’", entry.title)
    return [Run(f"“{finish(inner)}”")]


def _list(names: tuple[str, ...]) -> str:
    if len(names) < 3:
        return " and ".join(names)
    return f"{', '.join(names[:-1])}, and {names[-1]}"


def _accessed(entry: Entry, word: str) -> str:
    return f"{word} {write_american(entry.accessed)}" if entry.accessed else ""
