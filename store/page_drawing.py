"""The process in which a page of a PDF is drawn: it may hang or crash, and costs one picture then.

It is started by `store/page_images.py`, which writes a line of JSON and the file to its stdin; on stdout it
answers with a line that names the mark, and the PNG. It needs no network, no store and no model.
"""

from __future__ import annotations

import json
import math
import sys
import unicodedata
from contextlib import suppress
from enum import StrEnum
from io import BytesIO

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image, ImageChops, ImageDraw

# A page is drawn so that it has at most so many pixels, and at most so many dots an inch.
_MOST_PIXELS, _DPI = 2_000_000, 150
_MOST_MEMORY = 2_000_000_000
_MARKED = "#ffe58a"
# Fewer letters in common with the words cited may stand anywhere.
_FEWEST = 12


class Mark(StrEnum):
    """What is marked on a page: all the words cited, those with which they begin, or none."""

    whole = "whole"
    begins = "begins"
    none = "none"


def main() -> None:
    """Draw what is asked for on stdin."""
    asked = json.loads(sys.stdin.buffer.readline())
    _confine()
    page = pdfium.PdfDocument(sys.stdin.buffer.read())[asked["page"] - 1]
    textpage = page.get_textpage()
    start, count, mark = find_words(read_letters(textpage), asked["words"], asked["earlier"])
    drawn = BytesIO()
    _draw(page, textpage, start, count).save(drawn, "PNG")
    sys.stdout.buffer.write(mark.value.encode() + b"\n" + drawn.getvalue())


def _confine() -> None:
    """At most so much memory, where the system can say so."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))


def read_letters(textpage: pdfium.PdfTextPage) -> list[tuple[str, int]]:
    """Each letter and figure of a page, folded, with the place of its character."""
    return [
        (letter, place)
        for place in range(textpage.count_chars())
        for letter in fold_letters(chr(pdfium_c.FPDFText_GetUnicode(textpage, place)))
    ]


def find_words(letters: list[tuple[str, int]], words: str, earlier: int) -> tuple[int, int, Mark]:
    """The first character and the number of characters of the words on a page, and what of them was found.

    Of the same words that stand there several times, those after `earlier` others. Where not all are there, as
    many of the first as are: they may go on overleaf.
    """
    text = "".join(letter for letter, _ in letters)
    length = len(words) if words and words in text else _measure_beginning(text, words)
    if not length or (length < len(words) and length < _FEWEST):
        return 0, 0, Mark.none
    at = text.find(words[:length])
    for _ in range(earlier):
        following = text.find(words[:length], at + 1)
        at = following if following >= 0 else at
    first, last = letters[at][1], letters[at + length - 1][1]
    return first, last - first + 1, Mark.whole if length == len(words) else Mark.begins


def _measure_beginning(text: str, words: str) -> int:
    """How many of the first letters of `words` stand in a text side by side, by halving."""
    least, most = 0, len(words)
    while least < most:
        middle = (least + most + 1) // 2
        least, most = (middle, most) if words[:middle] in text else (least, middle - 1)
    return least


def _draw(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage, start: int, count: int) -> Image.Image:
    """The page with these characters marked as by a pen, so that they are read through it."""
    width, height = page.get_size()
    scale = min(_DPI / 72, math.sqrt(_MOST_PIXELS / max(1.0, width * height)))
    bitmap = page.render(scale=scale)
    place = bitmap.get_posconv(page)
    drawn = bitmap.to_pil().convert("RGB")
    marks = Image.new("RGB", drawn.size, "white")
    pen = ImageDraw.Draw(marks)
    for number in range(textpage.count_rects(start, count) if count else 0):
        left, bottom, right, top = textpage.get_rect(number)
        corners = [place.to_bitmap(left, bottom), place.to_bitmap(right, top)]
        (one, other), (above, below) = (sorted(ends) for ends in zip(*corners, strict=True))
        pen.rectangle((one - 2, above - 2, other + 2, below + 2), fill=_MARKED)
    return ImageChops.multiply(drawn, marks)


def fold_letters(text: str) -> str:
    """Letters and figures alone, so that line ends, spaces, hyphens and widths do not matter."""
    return "".join(character for character in unicodedata.normalize("NFKC", text).casefold() if character.isalnum())


if __name__ == "__main__":
    main()
