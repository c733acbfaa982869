"""DOCX by python-docx: paragraphs and tables in their order, cells by tabs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table, _Cell
from lxml import etree

from core.errors import NoticeTooLargeError, UnreadableNoticeError
from ingest.readers.reading import Limits, Reading, fold_spaces, make_canonical


def is_docx(content: bytes) -> bool:
    """Whether the bytes are a ZIP archive with a Word document in it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "word/document.xml" in archive.namelist()
    except zipfile.BadZipFile:
        # A truncated archive has lost its list of names, but not those names themselves.
        return b"word/document.xml" in content


def read(path: str, content: bytes, limits: Limits) -> Reading:
    """A .docx file; raises UnreadableNoticeError or NoticeTooLargeError."""
    try:
        _check_archive(path, content, limits)
        document = docx.Document(io.BytesIO(content))
        text = make_canonical("\n\n".join(_blocks(document)))
    except (
        PackageNotFoundError,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        OSError,
        EOFError,
        etree.LxmlError,
    ) as error:
        raise UnreadableNoticeError(path, "the Word file is damaged or incomplete") from error
    heading = next(
        (p.text for p in document.paragraphs if p.text.strip() and p.style and p.style.name in {"Title", "Heading 1"}),
        "",
    )
    title = fold_spaces(heading) or (document.core_properties.title or "").strip()
    return Reading(text, (), {"title": title} if title else {})


def _check_archive(path: str, content: bytes, limits: Limits) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(member.file_size for member in archive.infolist()) > limits.unpacked_bytes:
            raise NoticeTooLargeError(path, "it unpacks to more than the desk reads")
        for member in archive.infolist():
            if member.filename.endswith((".xml", ".rels")):
                with archive.open(member) as stream:
                    if b"<!DOCTYPE" in stream.read(4096).upper():
                        raise UnreadableNoticeError(path, "its XML declares entities, which no Word file does")


def _blocks(document: Document) -> Iterator[str]:
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            rows = ["\t".join(_cells(row.cells)) for row in block.rows]
            yield "\n".join(row for row in rows if row.strip())
        elif block.text.strip():
            yield "\n".join(line.strip() for line in block.text.split("\n") if line.strip()).replace("\t", " ")


def _cells(cells: tuple[_Cell, ...]) -> list[str]:
    """The texts of a row's cells; a merged cell, which python-docx repeats, once."""
    texts: list[str] = []
    previous = None
    for cell in cells:
        if previous is None or cell._tc is not previous:
            texts.append(fold_spaces(cell.text))
        previous = cell._tc
    return texts
