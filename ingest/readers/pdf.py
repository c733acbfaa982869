"""PDF by pypdfium2: page by page, lines joined into paragraphs by where they stand on the page."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

import pypdfium2 as pdfium

from core.errors import EmptyNoticeError, NoticeTooLargeError, UnreadableNoticeError
from core.types import Page, Span
from ingest.markers import read_marker
from ingest.readers.pdf_hidden import count_faint
from ingest.readers.reading import Limits, Reading, is_borne_out, join_lines, make_canonical
from store.words import CJK

_FAINT = "words on page {} are white or have no ink; they are read, since they may stand on a dark ground"
# Fewer are a page number or a mark in a coloured bar.
_WORTH_TELLING = 30


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page with its box, in points from the lower left corner."""

    text: str
    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class _Layout:
    """What is usual on a page, in points: a line's height, the widest step inside a paragraph, the margin."""

    height: float
    step: float
    margin: float
    width: float


def read(path: str, content: bytes, limits: Limits) -> Reading:
    """A .pdf file with a text layer; raises UnreadableNoticeError, NoticeTooLargeError, EmptyNoticeError."""
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        protected = "password" in str(error).lower()
        reason = "it is protected by a password" if protected else "the PDF is damaged or incomplete"
        advice = "Ask its sender for a copy without a password." if protected else None
        raise UnreadableNoticeError(path, reason, advice) from error
    try:
        if len(document) > limits.pages:
            raise NoticeTooLargeError(path, f"it has {len(document)} pages, the limit is {limits.pages}")
        read_pages = [_read_page(document[number]) for number in range(len(document))]
        texts = [text for text, _ in read_pages]
        title = _read_title(document)
    except pdfium.PdfiumError as error:
        raise UnreadableNoticeError(path, "one of its pages is damaged") from error
    finally:
        document.close()
    if not any(any(character.isalnum() for character in text) for text in texts):
        raise EmptyNoticeError(path, "no text in it: a scan, or images only")
    reading = bind_pages(texts)
    if is_borne_out(title, reading.text):
        reading = replace(reading, properties={"title": title})
    faint = [number for number, (_, count) in enumerate(read_pages, start=1) if count >= _WORTH_TELLING]
    return reading.with_warning(_FAINT.format(faint[0])) if faint else reading


def _read_title(document: pdfium.PdfDocument) -> str:
    try:
        return str(document.get_metadata_value("Title")).strip()
    except (pdfium.PdfiumError, UnicodeDecodeError):
        return ""


def bind_pages(texts: list[str]) -> Reading:
    """The pages as one text; a paragraph that runs over the end of a page is not broken there."""
    whole = ""
    pages: list[Page] = []
    for number, text in enumerate(texts, start=1):
        if text and whole:
            whole += _join_pages(whole, text)
        pages.append(Page(number, Span(len(whole), len(whole) + len(text))))
        whole += text
    return Reading(whole, tuple(pages))


def _join_pages(before: str, after: str) -> str:
    """What stands between two pages: nothing or a space inside a paragraph, else a blank line."""
    last = before.rsplit("\n", 1)[-1]
    unfinished = len(last) > 20 and not re.search(r"[.!?:;。！？：；”’」)）]$", last)
    goes_on = after[0].islower() or after[0].isdigit() or re.match(f"[{CJK}]", after[0])
    if not (unfinished and goes_on) or read_marker(after.split("\n", 1)[0]):
        return "\n\n"
    return join_lines(last[-1], after[0])[1:-1]


def _read_page(page: pdfium.PdfPage) -> tuple[str, int]:
    """(text, how many of its characters a reader may not see) of a page."""
    textpage = page.get_textpage()
    lines, faint = _lines(textpage), count_faint(textpage)
    page.close()
    return (join_page(lines) if lines else ""), faint


def join_page(lines: list[Line], opening: frozenset[int] = frozenset()) -> str:
    """The canonical text of a page: its lines, of which there is one at least, joined into paragraphs.

    `opening` are the places of lines that open a paragraph whatever their place on the page.
    """
    layout = _measure(lines)
    paragraphs = [lines[0].text]
    for place, (before, line) in enumerate(pairwise(lines), start=1):
        if place not in opening and _continues(before, line, layout):
            paragraphs[-1] = join_lines(paragraphs[-1], line.text)
        else:
            paragraphs.append(line.text)
    return make_canonical("\n\n".join(paragraphs))


def _lines(textpage: pdfium.PdfTextPage) -> list[Line]:
    """The lines of a page as they are stored, each with the box of its first and last character."""
    lines: list[Line] = []
    total = textpage.count_chars()
    whole = textpage.get_text_range(0, total) if total else ""
    position = 0
    for raw in whole.split("\r\n"):
        text = raw.strip()
        if text:
            first = position + raw.index(text[0])
            last = position + len(raw.rstrip()) - 1
            left, bottom, _, top = textpage.get_charbox(min(first, total - 1))
            _, _, right, _ = textpage.get_charbox(min(last, total - 1))
            lines.append(Line(make_canonical(text).replace("\n", " "), left, right, top, bottom))
        position += len(raw) + 2
    return [line for line in lines if line.text]


def _measure(lines: list[Line]) -> _Layout:
    height = max(1.0, median(line.top - line.bottom for line in lines))
    steps = [a.bottom - b.bottom for a, b in pairwise(lines) if a.bottom - b.bottom > height * 0.5]
    margin = max(line.right for line in lines)
    step = min(steps, default=height * 1.5) * 1.25 + height * 0.2
    return _Layout(height, step, margin, margin - min(line.left for line in lines))


def _continues(before: Line, line: Line, layout: _Layout) -> bool:
    """Whether `line` goes on with the paragraph of `before`.

    A paragraph ends where the space below it is wider than that between its lines, where the next
    line is indented or set further left, or where its last line stops well before the right margin.
    """
    height = layout.height
    return (
        height * 0.5 < before.bottom - line.bottom <= layout.step
        and abs(line.left - before.left) < height * 3
        and line.left - before.left < height
        and layout.margin - before.right < max(layout.width * 0.12, height * 3)
    )
