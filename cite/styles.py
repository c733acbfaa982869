"""Citations ready to paste: the door of this room, which knows every style by its name."""

from __future__ import annotations

from collections.abc import Sequence

from cite.apa import write_apa, write_apa_in_text
from cite.bibtex import write_bibtex
from cite.chicago import write_chicago, write_chicago_in_text, write_chicago_note
from cite.csl import write_csl
from cite.dates import write_date
from cite.entries import Entry, clean, read_entry
from cite.gbt7714 import write_gbt7714
from cite.order import order_cards
from cite.places import ANYWHERE, write_place
from cite.plain import write_plain
from cite.ris import write_ris
from cite.runs import Run, write_bare, write_rich
from core.errors import UsageError
from core.types import NoticeCard, Pinpoint

__all__ = [
    "PROSE",
    "STYLES",
    "Run",
    "write_bare",
    "write_bibliography",
    "write_citation",
    "write_citation_rich",
    "write_date",
    "write_in_text",
    "write_note",
    "write_place",
    "write_plain",
    "write_reference",
    "write_rich",
]

STYLES = ("plain", "gbt7714", "apa", "chicago", "bibtex", "ris", "csl-json")
PROSE = ("plain", "gbt7714", "apa", "chicago")


def write_reference(style: str, card: NoticeCard) -> tuple[Run, ...]:
    """The entry of a bibliography, on one line; raises UsageError for a style that is not of PROSE."""
    _check(style, PROSE)
    match style:
        case "gbt7714":
            return write_gbt7714(read_entry(card))
        case "apa":
            return write_apa(read_entry(card))
        case "chicago":
            return write_chicago(read_entry(card))
    return (Run(write_plain(card)),)


def write_note(style: str, card: NoticeCard, place: Pinpoint = ANYWHERE) -> tuple[Run, ...]:
    """A footnote: the whole reference with the place in it, on one line; raises UsageError as write_reference does."""
    _check(style, PROSE)
    match style:
        case "gbt7714":
            return write_gbt7714(read_entry(card), place)
        case "apa":
            return write_apa(read_entry(card), place)
        case "chicago":
            return write_chicago_note(read_entry(card), place)
    return (Run(write_plain(card, place)),)


def write_in_text(style: str, card: NoticeCard, place: Pinpoint) -> str:
    """What stands in the text in brackets: "(Bureau of Education, 2022, para. 4)"; '' in styles that have none.

    Raises UsageError for a style that is not known.
    """
    _check(style, STYLES)
    if style == "apa":
        return write_apa_in_text(read_entry(card), place)
    return write_chicago_in_text(read_entry(card), place) if style == "chicago" else ""


def write_citation(style: str, card: NoticeCard, place: Pinpoint = ANYWHERE, quote: str = "") -> str:
    """What one pastes; raises UsageError for a style that is not known.

    plain: one line. gbt7714: the quote, then the reference with the place. apa, chicago: the quote with what
    stands in the text, then the reference; without quote and place the reference alone. Others: the record.
    """
    _check(style, STYLES)
    if style not in PROSE:
        return _write_records(style, [(read_entry(card), place, clean(quote))]).removesuffix("\n")
    return "\n".join(map(write_bare, _write_lines(style, card, place, quote)))


def write_citation_rich(style: str, card: NoticeCard, place: Pinpoint = ANYWHERE, quote: str = "") -> str:
    """The same as HTML, a paragraph a line, with italics; '' for records. Raises UsageError as write_citation does."""
    _check(style, STYLES)
    if style not in PROSE:
        return ""
    return "".join(f"<p>{write_rich(line)}</p>" for line in _write_lines(style, card, place, quote))


def _write_lines(style: str, card: NoticeCard, place: Pinpoint, quote: str) -> list[tuple[Run, ...]]:
    """The lines of a citation in prose."""
    if style == "plain":
        return [(Run(write_plain(card, place, quote)),)]
    folded = clean(quote)
    quoted = f"“{folded}”" if folded else ""
    if style == "gbt7714":
        lines = [(Run(quoted),), write_note(style, card, place)]
    else:
        beside = write_in_text(style, card, place) if folded or write_place(place, "en") else ""
        lines = [(Run(" ".join(part for part in (quoted, beside) if part)),), write_reference(style, card)]
    return [line for line in lines if write_bare(line)]


def write_bibliography(style: str, cards: Sequence[NoticeCard]) -> str:
    """Each notice once; raises UsageError for a style that is not known.

    plain and gbt7714 keep the order in which the notices are given, gbt7714 numbers them; apa and chicago go by
    author; a line each. Others: the text of a file.
    """
    _check(style, STYLES)
    once = order_cards(style, cards)
    if style not in PROSE:
        return _write_records(style, [(read_entry(card), ANYWHERE, "") for card in once])
    lines = [write_bare(write_reference(style, card)) for card in once]
    return "\n".join(f"[{n}] {line}" if style == "gbt7714" else line for n, line in enumerate(lines, 1))


def _write_records(style: str, cited: Sequence[tuple[Entry, Pinpoint, str]]) -> str:
    noted = [(entry, place, _write_remark(entry, place, quote)) for entry, place, quote in cited]
    match style:
        case "bibtex":
            return write_bibtex([(entry, remark) for entry, _, remark in noted])
        case "ris":
            return write_ris(noted)
    return write_csl(noted)


def _write_remark(entry: Entry, place: Pinpoint, quote: str) -> str:
    """The place and the quote in one line: para. 4, p. 2. “Meals are warm.”"""
    where = write_place(place, entry.language)
    stop = ("。" if entry.language == "zh" else ". ") if where and quote else ""
    return where + stop + (f"“{quote}”" if quote else "")


def _check(style: str, known: Sequence[str]) -> None:
    if style not in known:
        raise UsageError(f"{style!r} is no style that can be written here", f"Choose one of: {', '.join(known)}.")
