"""Which paragraph of a notice is which: its number, and the clause that it stands in, as the notice numbers it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.types import Paragraph, Sentence, SentenceKind, Span

_SMALL = "一二三四五六七八九十百零〇"
# How a paragraph that is numbered begins: the series to which its number belongs, and the number.
_SERIES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(rf"\s*{pattern}"))
    for name, pattern in (
        ("chapter", rf"(第[{_SMALL}\d]{{1,5}}[编章])(?=\s)"),
        ("division", rf"(第[{_SMALL}\d]{{1,5}}节)(?=\s)"),
        ("article", rf"(第[{_SMALL}\d]{{1,6}}条(?:之[{_SMALL}]+)?)(?=[\s　【（])"),
        ("chapter", r"((?:Chapter|Part|Schedule|CHAPTER|PART|SCHEDULE)\s+(?:\d{1,3}|[IVXLC]{1,7}))(?=[\s.:—–-]|$)"),
        ("article", r"((?:Article|Section|Clause|Regulation|Rule|ARTICLE|SECTION)\s+\d{1,4}[A-Z]?)(?=[\s.:—–-]|$)"),
        ("article", r"((?:Sec\.|SEC\.|§)\s?\d[\w–-]*(?:\.\d+)*)(?=[\s.:—–-]|$)"),
        ("decimal", r"(\d{1,3}(?:\.\d{1,3}){1,3})\.?\s+(?=[A-Z\u4e00-\u9fff“\"(])"),
        ("chinese", rf"([{_SMALL}]{{1,3}}、)"),
        ("chinese-bracketed", rf"([（(][{_SMALL}]{{1,3}}[）)])"),
        ("dotted", r"(\d{1,3})[.．、](?![\d.])(?=\s|[\u4e00-\u9fff])"),
        ("bracketed", r"([(（]\d{1,3}[A-Z]?[)）])"),
        ("closed", r"(\d{1,2}[)）])(?=\s|[\u4e00-\u9fff])"),
        ("letter", r"(\([a-z]\))(?=\s)"),
        ("capital", r"(\([A-Z]\))(?=\s)"),
        ("roman", r"(\((?:ii|iii|iv|vi|vii|viii|ix|xi|xii)\))(?=\s)"),
    )
)
# What is inside of these, whatever it looks like, until the next of their kind; the others number their own paragraph.
_LASTING = frozenset({"chapter", "division", "article", "decimal", "chinese"})
# An article is found by its own number, whatever chapter it is in; so is "3.2.1".
_SELF_CONTAINED = frozenset({"article", "decimal"})


@dataclass(frozen=True, slots=True)
class _Level:
    """One level of the numbers in force: its series, the number as it is written, whether it lasts."""

    series: str
    number: str
    lasting: bool


def parse_structure(paragraphs: Sequence[Span], sentences: Sequence[Sentence], text: str) -> list[Paragraph]:
    """The paragraphs of canonical `text` with their numbers and clauses; `sentences` partition `paragraphs`.

    Numbers count from 1, as a reader counts: headings and table rows have none. A clause is written as
    the notice writes it, with those that it is in: "第三条（二）", "Section 5(1)(a)", "3.2".
    """
    levels: list[_Level] = []
    found: list[Paragraph] = []
    numbers = itertools.count(1)
    for paragraph, kind in _with_kinds(paragraphs, sentences):
        is_heading = kind is SentenceKind.heading
        if kind is not SentenceKind.row:
            levels = _move(levels, _read_number(paragraph.of(text), levels), is_heading)
        is_counted = kind in {SentenceKind.sentence, SentenceKind.point}
        found.append(Paragraph(next(numbers) if is_counted else None, paragraph, _write_clause(levels)))
    return found


def _with_kinds(paragraphs: Sequence[Span], sentences: Sequence[Sentence]) -> Iterator[tuple[Span, SentenceKind]]:
    """Each paragraph with the kind of its first sentence."""
    kinds = {sentence.span.start: sentence.kind for sentence in sentences}
    for paragraph in paragraphs:
        yield paragraph, kinds.get(paragraph.start, SentenceKind.sentence)


def _read_number(paragraph: str, levels: Sequence[_Level]) -> tuple[str, str] | None:
    """(series, number as written) of what opens a paragraph; None where it is not numbered."""
    for series, pattern in _SERIES:
        match = pattern.match(paragraph)
        if match is not None:
            number = re.sub(r"\s+", " ", match.group(1))
            # (i) is a letter behind (h), and a Roman one elsewhere.
            is_roman = series == "letter" and number in {"(i)", "(v)", "(x)"} and not _follows_letter(number, levels)
            return ("roman" if is_roman else series), number
    return None


def _follows_letter(number: str, levels: Sequence[_Level]) -> bool:
    before = next((level.number for level in reversed(levels) if level.series == "letter"), "")
    return bool(before) and ord(before[1]) + 1 == ord(number[1])


def _move(levels: list[_Level], number: tuple[str, str] | None, is_heading: bool) -> list[_Level]:
    """The numbers in force at a paragraph, from those before it."""
    if number is None:
        # A heading without a number begins something else; a paragraph without one is behind the last item.
        return [] if is_heading else list(itertools.takewhile(lambda level: level.lasting, levels))
    series, written = number
    outer = list(itertools.takewhile(lambda level: level.series != series, levels))
    if series in _SELF_CONTAINED or series == "chapter":
        outer = []
    # In a circular what follows （二） belongs to it; in an article it is the article's again.
    is_section = series == "chinese-bracketed" and bool(outer) and outer[-1].series == "chinese"
    return [*outer, _Level(series, written, is_heading or is_section or series in _LASTING)]


def _write_clause(levels: Sequence[_Level]) -> str:
    written = "".join(level.number for level in levels if level.series != "division" or level is levels[-1])
    return written.removesuffix("、")
