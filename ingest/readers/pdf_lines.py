"""The characters of a PDF's page with where they stand become its lines, in the order of the file."""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from statistics import median

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ingest.readers.layout import Line, parts_cells
from ingest.readers.reading import make_canonical
from store.words import has_chinese

# pdfium gives a hyphen at the end of a line this code.
_MARKED_HYPHEN, _SOFT_HYPHEN = 2, 0xAD
# Shares of the height of letters: a step back that is more than kerning, a gap between words of English and
# of Chinese, one that may part columns.
_STEP_BACK, _WORD_GAP, _CHINESE_GAP, _WIDE_GAP = 0.5, 0.18, 0.7, 0.8


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character as it is drawn, with its box in points from the lower left corner of the page as it is seen."""

    sign: str
    left: float
    right: float
    top: float
    bottom: float

    @property
    def height(self) -> float:
        """How high its box is."""
        return self.top - self.bottom


@dataclass(frozen=True, slots=True)
class TextLayer:
    """The characters of a page as they are stored, in the runs that pdfium takes for lines; its height in points.

    `turn` is by how many degrees, clockwise, it was turned.
    """

    runs: tuple[tuple[Glyph, ...], ...]
    height: float
    turn: int = 0


def read_glyphs(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage) -> TextLayer:
    """The characters of a page, turned so that most of its words run from left to right.

    pdfium counts as the page is stored, not as it is shown. A soft hyphen is a hyphen here: what is drawn
    in a PDF is seen.
    """
    runs: list[list[Glyph]] = [[]]
    box = pdfium_c.FS_RECTF()
    for place in range(textpage.count_chars()):
        code = pdfium_c.FPDFText_GetUnicode(textpage, place)
        if code in (0x0A, 0x0D):
            runs.append([])
            continue
        if code == _SOFT_HYPHEN or (code == _MARKED_HYPHEN and pdfium_c.FPDFText_IsHyphen(textpage, place) == 1):
            code = ord("-")
        pdfium_c.FPDFText_GetLooseCharBox(textpage, place, ctypes.byref(box))
        runs[-1].append(Glyph(chr(code), box.left, box.right, box.top, box.bottom))
    turn = _find_turn(page.get_rotation(), runs)
    left, bottom, right, top = page.get_bbox()
    edges = Glyph("", left, right, top, bottom)
    height = right - left if turn in (90, 270) else top - bottom
    return TextLayer(tuple(tuple(_turn(glyph, edges, turn) for glyph in run) for run in runs if run), height, turn)


def _find_turn(shown: int, runs: Sequence[Sequence[Glyph]]) -> int:
    """By how many degrees, clockwise, a page must be turned to be read; `shown` is how viewers turn it."""
    ahead = upwards = 0.0
    for run in runs:
        seen = [glyph for glyph in run if not glyph.sign.isspace()]
        ahead += sum(min(1.0, max(-1.0, b.left - a.left)) for a, b in pairwise(seen))
        upwards += sum(min(1.0, max(-1.0, b.bottom - a.bottom)) for a, b in pairwise(seen))
    if abs(upwards) > abs(ahead):
        return 90 if upwards > 0 else 270
    return 180 if ahead < 0 and shown == 180 else 0


def _turn(glyph: Glyph, page: Glyph, turn: int) -> Glyph:
    """A character where it stands once the page is turned; `page` has the edges of the page."""
    left, right, top, bottom = glyph.left, glyph.right, glyph.top, glyph.bottom
    if turn == 90:
        return Glyph(glyph.sign, bottom - page.bottom, top - page.bottom, page.right - left, page.right - right)
    if turn == 180:
        return Glyph(glyph.sign, page.right - right, page.right - left, page.top - bottom, page.top - top)
    if turn == 270:
        return Glyph(glyph.sign, page.top - top, page.top - bottom, right - page.left, left - page.left)
    return Glyph(glyph.sign, left - page.left, right - page.left, top - page.bottom, bottom - page.bottom)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a page, and its pieces between which wide gaps are: each of them a slice of `glyphs`."""

    glyphs: tuple[Glyph, ...]
    pieces: tuple[tuple[int, int], ...]

    def cut(self, start: int, end: int) -> Line:
        """The line that the glyphs from `start` to `end` make; its height is the one usual for its letters."""
        part = self.glyphs[start:end]
        seen = [glyph for glyph in part if not glyph.sign.isspace()]
        text = make_canonical("".join(glyph.sign for glyph in part)).replace("\n", " ").replace("\t", " ").strip()
        bottom, height = median(glyph.bottom for glyph in seen), median(glyph.height for glyph in seen)
        left, right = min(glyph.left for glyph in seen), max(glyph.right for glyph in seen)
        parted = any(
            start < there < end and parts_cells(text[: there - start], self._gap(there), height)
            for there, _ in self.pieces
        )
        return Line(text, left, right, bottom + height, bottom, parted=parted)

    def _gap(self, place: int) -> float:
        """How far the letter in this place is from the one before it."""
        before = next(glyph for glyph in reversed(self.glyphs[:place]) if not glyph.sign.isspace())
        return self.glyphs[place].left - before.right


def make_rows(run: Sequence[Glyph]) -> list[Row]:
    """The lines of a run, each from left to right.

    pdfium runs on behind a hyphen at the end of a line, and leaves signs of another font at the end of
    their line; words that are drawn upwards stay as they come.
    """
    lines = list(_cut_lines(run))
    if len(lines) > 3 and 2 * len(lines) > sum(not glyph.sign.isspace() for glyph in run):
        lines = [list(run)]
    else:
        lines = [_put_in_order(line) for line in lines]
    return [Row(tuple(line), _find_pieces(line)) for line in lines if line]


def _cut_lines(run: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    line: list[Glyph] = []
    last: Glyph | None = None
    for glyph in run:
        if not glyph.sign.isspace():
            if last is not None and not _is_level(last, glyph):
                yield line
                line = []
            last = glyph
        if line or not glyph.sign.isspace():
            line.append(glyph)
    if line:
        yield line


def _is_level(glyph: Glyph, other: Glyph) -> bool:
    """Whether two letters stand on one line, be one raised or lowered."""
    shared = min(glyph.top, other.top) - max(glyph.bottom, other.bottom)
    return shared >= 0.4 * min(glyph.height, other.height)


def _put_in_order(line: list[Glyph]) -> list[Glyph]:
    """A line from left to right: with the spaces that it has, and new ones in the gaps between what was apart."""
    seen = [glyph for glyph in line if not glyph.sign.isspace()]
    height = median(glyph.height for glyph in seen)
    if all(other.left > glyph.left - height * _STEP_BACK for glyph, other in pairwise(seen)):
        return line
    order = sorted(range(len(seen)), key=lambda place: seen[place].left)
    placed = [seen[place] for place in order]
    covered = sum(b.left < a.left + (a.right - a.left) / 2 for a, b in pairwise(placed))
    from_right = any(unicodedata.bidirectional(glyph.sign) in {"R", "AL"} for glyph in seen)
    if from_right or 10 * covered > len(placed):
        return line
    words = list(accumulate(glyph.sign.isspace() for glyph in line))
    word_of = [word for word, glyph in zip(words, line, strict=True) if not glyph.sign.isspace()]
    spaced = placed[:1]
    for place, other in pairwise(order):
        if other == place + 1:
            parted = word_of[place] != word_of[other]
        else:
            chinese = has_chinese(seen[place].sign + seen[other].sign)
            parted = seen[other].left - seen[place].right > height * (_CHINESE_GAP if chinese else _WORD_GAP)
        if parted:
            spaced.append(Glyph(" ", seen[place].right, seen[other].left, seen[place].top, seen[place].bottom))
        spaced.append(seen[other])
    return spaced


def _find_pieces(line: Sequence[Glyph]) -> tuple[tuple[int, int], ...]:
    """Where the pieces of a line begin and end."""
    seen = [place for place, glyph in enumerate(line) if not glyph.sign.isspace()]
    wide = _WIDE_GAP * median(line[place].height for place in seen)
    starts = [b for a, b in pairwise(seen) if line[b].left - line[a].right > wide]
    return tuple(zip([seen[0], *starts], [*starts, seen[-1] + 1], strict=True))
