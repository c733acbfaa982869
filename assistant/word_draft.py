"""The words of a draft written in Word: as Markdown, so that block quotes and footnotes are told by their marks."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator

from lxml import etree

from core.package import open_package, parse_part

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT, _TAB, _PARAGRAPH, _TABLE, _ROW, _CELL = (f"{_W}{name}" for name in ("t", "tab", "p", "tbl", "tr", "tc"))
_BREAKS = {f"{_W}br", f"{_W}cr"}
_NOTES = {f"{_W}footnoteReference": "", f"{_W}endnoteReference": "e"}
_BOX = f"{_W}txbxContent"
# What the accepted document does not show, and what stands in for a text box in programs of before 2010.
_GONE = {
    f"{_W}del",
    f"{_W}moveFrom",
    f"{_W}pPr",
    f"{_W}rPr",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}
_QUOTE_STYLE = re.compile(r"(?i)quot|引用|引文")
_UNPACKED_BYTES = 50_000_000


def read_word(path: str, content: bytes) -> str:
    """The words of a .docx file: paragraphs, tables by rows, text boxes behind their paragraph, then its notes.

    A paragraph of a style for quotations begins with "> ", a note stands as [^2] and at the end as "[^2]: …"
    (endnotes [^e2]). Raises UnreadableNoticeError or NoticeTooLargeError.
    """
    with open_package(path, content, _UNPACKED_BYTES) as package:
        styles = _find_quote_styles(_parse(path, package, "word/styles.xml"))
        body = _parse(path, package, "word/document.xml")
        blocks = [] if body is None else list(_blocks(body, styles))
        for name, mark in (("footnote", ""), ("endnote", "e")):
            blocks += _read_notes(_parse(path, package, f"word/{name}s.xml"), name, mark)
    return "\n\n".join(block for block in blocks if block.strip())


def _parse(path: str, package: zipfile.ZipFile, name: str) -> etree._Element | None:
    return parse_part(path, package.read(name)) if name in package.namelist() else None


def _find_quote_styles(root: etree._Element | None) -> set[str]:
    """The ids of the styles whose name or id says that they are for quotations."""
    found = set() if root is None else {style for style in root.iter(f"{_W}style") if _names_quotes(style)}
    return {style.get(f"{_W}styleId", "") for style in found}


def _names_quotes(style: etree._Element) -> bool:
    name = style.find(f"{_W}name")
    named = "" if name is None else name.get(f"{_W}val", "")
    return _QUOTE_STYLE.search(f"{named} {style.get(f'{_W}styleId', '')}") is not None


def _blocks(parent: etree._Element, styles: set[str]) -> Iterator[str]:
    for child in parent:
        if child.tag == _PARAGRAPH:
            yield from _write_paragraph(child, styles)
        elif child.tag == _TABLE:
            for row in child.iter(_ROW):
                if next(row.iterancestors(_TABLE)) is child:
                    yield "\t".join(" ".join(_words(cell).split()) for cell in row.iterchildren(_CELL))
        elif isinstance(child.tag, str) and child.tag not in _GONE:
            yield from _blocks(child, styles)


def _write_paragraph(paragraph: etree._Element, styles: set[str]) -> Iterator[str]:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    is_quote = style is not None and style.get(f"{_W}val", "") in styles
    lines = [line.strip() for line in _words(paragraph).split("\n") if line.strip()]
    yield "\n".join(f"> {line}" for line in lines) if is_quote else "\n".join(lines)
    for box in paragraph.iter(_BOX):
        if not any(above.tag in _GONE for above in box.iterancestors()):
            yield from _blocks(box, styles)


def _words(element: etree._Element) -> str:
    """The words below an element that the accepted document shows, without those of text boxes."""
    parts: list[str] = []
    for child in element:
        if child.tag == _TEXT:
            parts.append(child.text or "")
        elif child.tag == _TAB:
            parts.append(" ")
        elif child.tag in _BREAKS:
            parts.append("\n")
        elif child.tag in _NOTES:
            parts.append(f"[^{_NOTES[child.tag]}{child.get(f'{_W}id', '')}]")
        elif isinstance(child.tag, str) and child.tag not in _GONE and child.tag != _BOX:
            parts.append(_words(child) + ("\n" if child.tag == _PARAGRAPH else ""))
    return "".join(parts)


def _read_notes(root: etree._Element | None, name: str, mark: str) -> Iterator[str]:
    for note in () if root is None else root.iter(f"{_W}{name}"):
        # The lines that part notes from the text are notes of a type.
        if note.get(f"{_W}type") is None:
            yield f"[^{mark}{note.get(f'{_W}id', '')}]: {' '.join(_words(note).split())}"
