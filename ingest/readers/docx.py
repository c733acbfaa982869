"""DOCX by python-docx: paragraphs and tables in their order, cells by tabs, tracked changes as accepted."""

from __future__ import annotations

import io
from collections.abc import Iterator

import docx
from docx.document import Document
from docx.oxml.ns import qn
from lxml import etree

from core.errors import NoticeTooLargeError, UnreadableNoticeError
from core.package import open_package
from ingest.readers.docx_hidden import drop_hidden_runs
from ingest.readers.reading import Limits, Reading, fold_spaces, is_borne_out, make_canonical

_TEXT, _TAB, _PARAGRAPH, _TABLE, _ROW, _CELL = (qn(f"w:{name}") for name in ("t", "tab", "p", "tbl", "tr", "tc"))
_BREAKS = {qn("w:br"), qn("w:cr")}
# What a reader of the accepted document does not see: deleted or moved text, and what stands in for a drawing's
# text in programs of before 2010.
_GONE = {
    qn("w:del"),
    qn("w:moveFrom"),
    qn("w:pPr"),
    qn("w:rPr"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}

_LEFT_OUT = "{} characters in it are hidden or struck out, and were left out"
# Fewer are a space or a mark.
_WORTH_TELLING = 5


def read(path: str, content: bytes, limits: Limits) -> Reading:
    """A .docx file; raises UnreadableNoticeError or NoticeTooLargeError."""
    try:
        open_package(path, content, limits.unpacked_bytes).close()
        document = docx.Document(io.BytesIO(content))
        _check_entities(path, document)
        dropped = drop_hidden_runs(document)
        text = make_canonical("\n\n".join(_blocks(document.element.body)))
        said = {"title": _find_title(document, text), "author": (document.core_properties.author or "").strip()}
    except (UnreadableNoticeError, NoticeTooLargeError):
        raise
    except Exception as error:
        # Damage shows in python-docx, zipfile, zlib and lxml as a dozen kinds of exception.
        raise UnreadableNoticeError(path, "the Word file is damaged or incomplete") from error
    told = (_LEFT_OUT.format(dropped),) if dropped >= _WORTH_TELLING else ()
    return Reading(text, (), {name: value for name, value in said.items() if value}, told)


def _check_entities(path: str, document: Document) -> None:
    for part in document.part.package.iter_parts():
        element = getattr(part, "element", None)
        if element is not None and element.getroottree().docinfo.doctype:
            raise UnreadableNoticeError(path, "its XML declares entities, which no Word file does")


def _find_title(document: Document, text: str) -> str:
    for paragraph in document.paragraphs:
        style = paragraph.style.name if paragraph.style is not None else ""
        if style in {"Title", "Heading 1"} and paragraph.text.strip():
            return fold_spaces(_words(paragraph._p))
    named = (document.core_properties.title or "").strip()
    return named if is_borne_out(named, text) else ""


def _blocks(parent: etree._Element) -> Iterator[str]:
    """The paragraphs and tables below an element, also those inside content controls and insertions."""
    for child in parent:
        if child.tag == _PARAGRAPH:
            lines = [fold_spaces(line) for line in _words(child).split("\n")]
            yield "\n".join(line for line in lines if line)
        elif child.tag == _TABLE:
            rows = ("\t".join(fold_spaces(_words(cell)) for cell in _cells(row)) for row in _rows(child))
            yield "\n".join(row for row in rows if row.strip())
        elif isinstance(child.tag, str) and child.tag not in _GONE:
            yield from _blocks(child)


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    """The rows of a table that are not those of a table in one of its cells."""
    for row in table.iter(_ROW):
        if next(row.iterancestors(_TABLE)) is table:
            yield row


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    """The cells of a row; a table inside a cell reads as words of that cell."""
    for cell in row.iter(_CELL):
        if next(cell.iterancestors(_ROW)) is row:
            yield cell


def _words(element: etree._Element) -> str:
    """The words below an element that the accepted document shows."""
    parts: list[str] = []
    for child in element:
        if child.tag in _GONE:
            continue
        if child.tag == _TEXT:
            parts.append(child.text or "")
        elif child.tag == _TAB:
            parts.append(" ")
        elif child.tag in _BREAKS:
            parts.append("\n")
        else:
            parts.append(_words(child))
            parts.append("\n" if child.tag == _PARAGRAPH else "")
    return "".join(parts)
