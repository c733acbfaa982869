"""Headers, footers and page numbers: lines that run through the margins of a notice's pages are left out."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from statistics import median

from ingest.readers.layout import Line
from ingest.readers.scan import PageLines

# How far from the edge of a page its margin reaches, and how far the same line may wander: shares of the height.
_MARGIN, _WANDERING = 0.12, 0.012
_MOST_ROWS = 4
# A line in larger letters than is usual in the notice is a heading.
_LARGE = 1.3
# Of the pages that have a line in one place of the margin, it recurs on so many: else the place is the body's.
_USUAL = 0.7
# With so many occurrences before it and behind it a line is compared: odd and even pages may differ.
_NEAR = 4
_SIGNS = r"[\s\-–—―－─~|·•\[\]()（）]*"
_PAGE_NUMBER = re.compile(
    rf"{_SIGNS}(?:(?:page|pg?\.|第)\s*)?(?P<number>\d{{1,4}}|[ivx]{{1,6}})\s*(?:页|(?:of|/|／)\s*\d{{1,4}})?"
    rf"(?:[\s,，/／]*共\s*\d{{1,4}}\s*页)?{_SIGNS}",
    re.IGNORECASE,
)
# What OCR makes of the dashes beside a page number.
_DASHED = re.compile(r"一\s*(\d{1,4})\s*一")
# Parts of a notice are numbered as pages are.
_PART = re.compile(
    r"(annex|appendix|article|chapter|section|clause|part|schedule|table|figure|box|form|附件|附录|附表|[图表])#|第#[章节条篇]",
    re.IGNORECASE,
)
_ROMAN = {"i": 1, "v": 5, "x": 10}


@dataclass(frozen=True, slots=True)
class _Place:
    """A line in the margin of a page; `away` is how far its middle is from the edge, a share of the height."""

    page: int
    line: Line
    top: bool
    row: int
    away: float
    folded: str
    numbers: tuple[int, ...]


def drop_running(pages: Sequence[PageLines]) -> list[PageLines]:
    """The pages without their headers, footers and page numbers.

    Such a line has the same words in the same place of another page's margin, and nothing else stands
    between it and the edge. Its figures may differ by as much as the numbers of the pages do, unless it
    names a part of the notice (Annex 2). What stands on one page only stays, but for a bare page number,
    and so does all of a notice whose pages say nothing else.
    """
    usual = median([line.top - line.bottom for page in pages for line in page.lines] or [1.0])
    places = [place for number, page in enumerate(pages) for place in _find_places(number, page, usual)]
    dropped: dict[int, set[int]] = defaultdict(set)
    for place in _reach_edge(places, _find_recurring(places) | _find_page_numbers(places)):
        dropped[place.page].add(id(place.line))
    left = [
        replace(page, lines=tuple(line for line in page.lines if id(line) not in dropped[number]))
        for number, page in enumerate(pages)
    ]
    emptied = sum(bool(page.lines and not rest.lines) for page, rest in zip(pages, left, strict=True))
    return list(pages) if 2 * emptied > len(pages) else left


def _find_places(number: int, page: PageLines, usual: float) -> Iterator[_Place]:
    """The lines in the two margins of a page, row by row from its edge."""
    height = max(1.0, page.height)
    for top in (True, False):
        row, last = 0, -height
        for distance, place in sorted((_measure(line, height, top), place) for place, line in enumerate(page.lines)):
            if distance - last > usual * 0.5:
                row, last = row + 1, distance
            if distance > _MARGIN * height or row > _MOST_ROWS:
                break
            line = page.lines[place]
            folded = re.sub(r"\d+", "#", "".join(line.text.split())).casefold()
            numbers = tuple(int(figure) for figure in re.findall(r"\d{1,9}", line.text))
            if "\t" in line.text or line.top - line.bottom > _LARGE * usual:
                folded = ""
            yield _Place(number, line, top, row, distance / height, folded, numbers)


def _measure(line: Line, height: float, top: bool) -> float:
    middle = (line.top + line.bottom) / 2
    return height - middle if top else middle


def _find_recurring(places: Sequence[_Place]) -> set[_Place]:
    """The lines that recur in their place, where that is a place of the margin and not one of the body."""
    groups: dict[tuple[str, bool], list[_Place]] = defaultdict(list)
    for place in places:
        if place.folded:
            groups[place.folded, place.top].append(place)
    recurring = {
        place
        for group in groups.values()
        for position, place in enumerate(group)
        if any(_recurs(place, other) for other in group[max(0, position - _NEAR) : position + _NEAR + 1])
    }
    everywhere, often = _Crowd(places), _Crowd(recurring)
    return {place for place in recurring if often.count(place) >= _USUAL * everywhere.count(place)}


def _recurs(place: _Place, other: _Place) -> bool:
    """Whether two lines of the same words are one that runs from page to page."""
    pages = other.page - place.page
    if not pages or abs(place.away - other.away) > _WANDERING:
        return False
    steps = {b - a for a, b in zip(place.numbers, other.numbers, strict=False)} - {0}
    if _PART.match(place.folded) and place.numbers[:1] != other.numbers[:1]:
        return False
    return not steps or steps == {pages}


class _Crowd:
    """How many lines stand in one place of the margins."""

    def __init__(self, places: Collection[_Place]) -> None:
        self._away = {top: sorted(place.away for place in places if place.top is top) for top in (True, False)}

    def count(self, place: _Place) -> int:
        """The lines that are as far from the edge as this one."""
        away = self._away[place.top]
        return bisect_right(away, place.away + _WANDERING) - bisect_left(away, place.away - _WANDERING)


def _find_page_numbers(places: Sequence[_Place]) -> set[_Place]:
    """Lines that are a page's number and nothing else: marked as one, or the number of this page.

    A plain figure is the number of its page where the figures of other pages run with it.
    """
    numbers = {place: number for place in places if (number := _read_page_number(place.line.text))}
    steps = Counter(number - place.page for place, number in numbers.items())
    return {
        place
        for place, number in numbers.items()
        if not place.line.text.strip().isalnum() or number == place.page + 1 or steps[number - place.page] > 1
    }


def _read_page_number(text: str) -> int | None:
    """3 of "Page 3 of 10", "— 3 —", "第 3 页 共 10 页", "iii"; None of what says more."""
    match = _PAGE_NUMBER.fullmatch(_DASHED.sub(r"\1", text.strip()))
    if match is None:
        return None
    written = match.group("number").lower()
    if written.isdecimal():
        return int(written)
    values = [_ROMAN[sign] for sign in written]
    return sum(-value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True))


def _reach_edge(places: Sequence[_Place], running: set[_Place]) -> Iterator[_Place]:
    """Of the running lines those between which and the edge of the page no other line stands."""
    for _, margin in groupby(places, key=lambda place: (place.page, place.top)):
        for _, row in groupby(margin, key=lambda place: place.row):
            lines = list(row)
            yield from (place for place in lines if place in running)
            if not running.issuperset(lines):
                break
