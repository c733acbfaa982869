"""PDF by pypdfium2: page by page, its text layer with where the lines stand, or OCR where it has none."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from core.errors import EmptyNoticeError, NoticeTooLargeError, UnreadableNoticeError
from ingest.readers.columns import read_columns
from ingest.readers.garbage import is_garbage
from ingest.readers.hyphens import Words
from ingest.readers.layout import Line, join_paragraphs
from ingest.readers.ocr import recognise
from ingest.readers.pages import bind_pages
from ingest.readers.pdf_hidden import count_faint
from ingest.readers.pdf_lines import read_glyphs
from ingest.readers.pdf_order import order_lines
from ingest.readers.pdf_tables import find_grids, has_rules, take_tables
from ingest.readers.radicals import replace_radicals
from ingest.readers.reading import Limits, Reading, is_borne_out
from ingest.readers.running import drop_running
from ingest.readers.scan import PageLines, warn_of_scans

_FAINT = "words on page {} are white or have no ink; they are read, since they may stand on a dark ground"
# Fewer are a page number or a mark in a coloured bar.
_WORTH_TELLING = 30
# What a scan has beside its picture: "Scanned by ...", a page number.
_FEW_LETTERS = 40
# How a page is drawn for OCR: small print has 20 pixels a line; a poster is drawn coarser.
_DPI = 200
_MOST_PIXELS = 10_000_000
# On so many pages, of fewer letters than this, tables are looked for: each takes an eighth of a second or more.
_MOST_RULED, _MOST_LETTERS = 200, 20_000


def read(path: str, content: bytes, limits: Limits) -> Reading:
    """A .pdf file; pages without a text layer, or with one that is garbage, are read by OCR.

    Raises UnreadableNoticeError, NoticeTooLargeError, EmptyNoticeError.
    """
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
        pages = _read_pages(document)
        title, author = (_read_property(document, name) for name in ("Title", "Author"))
    except pdfium.PdfiumError as error:
        raise UnreadableNoticeError(path, "one of its pages is damaged") from error
    finally:
        document.close()
    reading = _write(drop_running(pages))
    if not any(character.isalnum() for character in reading.text):
        raise EmptyNoticeError(path, "no text in it: a scan, or images only")
    said = {"title": title if is_borne_out(title, reading.text) else "", "author": author}
    reading = replace(reading, properties={name: value for name, value in said.items() if value})
    faint = [number for number, page in enumerate(pages, start=1) if page.faint >= _WORTH_TELLING]
    reading = warn_of_scans(reading, pages)
    return reading.with_warning(_FAINT.format(faint[0])) if faint else reading


def _write(pages: Sequence[PageLines]) -> Reading:
    """The text of the pages' lines, with words whole that are cut at the end of a line."""
    words = Words(line.text for page in pages for line in page.lines)
    texts = [join_paragraphs(page.lines, join=words.join, exact=page.confidence is None) for page in pages]
    return bind_pages(texts, words.part)


def _read_property(document: pdfium.PdfDocument, name: str) -> str:
    try:
        return str(document.get_metadata_value(name)).strip()
    except (pdfium.PdfiumError, UnicodeDecodeError):
        return ""


def _read_pages(document: pdfium.PdfDocument) -> list[PageLines]:
    chances = iter(range(_MOST_RULED))
    return [_read_page(document, number, chances) for number in range(len(document))]


def _read_page(document: pdfium.PdfDocument, number: int, chances: Iterator[int]) -> PageLines:
    """A page by its text layer, or by OCR where that says nothing or little; tables cost a chance a page."""
    page = document[number]
    textpage = page.get_textpage()
    raw = textpage.get_text_range() if textpage.count_chars() else ""
    garbage = is_garbage(replace_radicals(raw))
    letters = 0 if garbage else sum(character.isalnum() for character in raw)
    layer, tables = read_glyphs(page, textpage), list[Line]()
    if 0 < letters < _MOST_LETTERS and has_rules(page) and next(chances, None) is not None:
        layer, tables = take_tables(layer, find_grids(document, page, number, layer))
    read = PageLines(() if garbage else tuple(order_lines(layer, tables)), layer.height)
    if letters and (letters >= _FEW_LETTERS or not _is_picture(page)):
        read = replace(read, faint=count_faint(textpage))
    elif garbage or letters or _shows_something(page):
        read = _read_picture(page, read, letters)
    page.close()
    return read


def _read_picture(page: pdfium.PdfPage, plain: PageLines, letters: int) -> PageLines:
    """A page by OCR; `plain`, with so many letters, is what its text layer says, and stays where OCR reads no more."""
    width, height = page.get_size()
    scale = min(_DPI / 72, math.sqrt(_MOST_PIXELS / max(1.0, width * height)))
    found = recognise(page.render(scale=scale).to_pil().convert("RGB"), scale)
    if found is None or found.letters <= letters:
        return replace(plain, unread=not letters)
    return PageLines(tuple(read_columns(found.pieces)), height, found.confidence)


def _shows_something(page: pdfium.PdfPage) -> bool:
    return next(iter(page.get_objects(max_depth=1)), None) is not None


def _is_picture(page: pdfium.PdfPage) -> bool:
    """Whether one image covers most of a page: a scan on which a program has put its name, or a page number."""
    width, height = page.get_size()
    for image in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = image.get_bounds()
        if (right - left) * (top - bottom) > 0.5 * width * height:
            return True
    return False
