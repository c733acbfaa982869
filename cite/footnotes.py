"""Footnotes of a Word file, which python-docx does not know: a part of the package, references to it, cross-references.

ECMA-376 Part 1, 17.11 (footnotes) and 17.16.5.42 (NOTEREF).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml import OxmlElement
from docx.oxml.ns import nsmap, qn
from docx.shared import Pt, RGBColor

from cite.styles import Run

_TEXT, _REFERENCE, _LINK = "FootnoteText", "FootnoteReference", "Hyperlink"
# Word gives the two lines that part notes from text the ids -1 and 0; notes count from 1.
_SEPARATORS = {-1: "separator", 0: "continuationSeparator"}
_BOOKMARK = "_RefNote{number}"
# Quotation marks and dashes stand in both scripts: this says which font they take.
_EAST_ASIAN = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")


@dataclass(frozen=True, slots=True)
class Link:
    """Words that open an address."""

    text: str
    address: str


# What a paragraph is made of; a number stands for that of the footnote which was added as this one.
Piece = str | int | Run | Link


class Footnotes:
    """The footnotes of one document; they are numbered from 1 in the order in which they are added."""

    def __init__(self, document: Any) -> None:
        """Begin the part, its two separators and its styles; `document` is one of python-docx without footnotes."""
        self._count = 0
        self._root = OxmlElement("w:footnotes", nsdecls={prefix: nsmap[prefix] for prefix in ("w", "r")})
        for number, kind in _SEPARATORS.items():
            self._root.append(_make_separator(number, kind))
        name, package = PackURI("/word/footnotes.xml"), document.part.package
        self._part = XmlPart(name, CONTENT_TYPE.WML_FOOTNOTES, self._root, package)
        document.part.relate_to(self._part, RELATIONSHIP_TYPE.FOOTNOTES)
        _declare(document.settings.element)
        _add_styles(document.styles)

    def add(self, paragraph: Any, pieces: Sequence[Piece], mark: str = "") -> int:
        """Set a reference at the end of a paragraph of the body, and write its note; returns its number.

        `mark` is raised like the reference and stands before it.
        """
        self._count += 1
        if mark:
            paragraph._p.append(make_run(mark, style=_REFERENCE))
        reference = _make_reference("w:footnoteReference")
        reference[-1].set(qn("w:id"), str(self._count))
        for element in _bookmark(reference, self._count):
            paragraph._p.append(element)
        self._root.append(self._make_note(self._count, pieces))
        return self._count

    def _make_note(self, number: int, pieces: Sequence[Piece]) -> Any:
        note, paragraph = OxmlElement("w:footnote"), _make_paragraph(_TEXT)
        note.set(qn("w:id"), str(number))
        note.append(paragraph)
        paragraph.append(_make_reference("w:footnoteRef"))
        paragraph.append(make_run(" "))
        append_pieces(paragraph, pieces, self._part)
        return note


def append_pieces(paragraph: Any, pieces: Sequence[Piece], part: Any) -> None:
    """Write pieces at the end of the element of a paragraph that stands in this part."""
    for piece in pieces:
        if isinstance(piece, Link):
            paragraph.append(_make_link(piece, part))
        elif isinstance(piece, int):
            paragraph.append(_make_cross_reference(piece))
        elif isinstance(piece, Run):
            paragraph.append(make_run(piece.text, italic=piece.italic))
        elif piece:
            paragraph.append(make_run(piece))


def make_run(text: str, *, italic: bool = False, style: str = "") -> Any:
    """A run of text without controls; marks that both scripts share take the font of the script around them."""
    run = OxmlElement("w:r")
    properties = OxmlElement("w:rPr")
    if style:
        _add(properties, "w:rStyle", val=style)
    if _EAST_ASIAN.search(text):
        _add(properties, "w:rFonts", hint="eastAsia")
    if italic:
        _add(properties, "w:i")
    if len(properties):
        run.append(properties)
    words = _add(run, "w:t")
    words.text = text
    words.set(qn("xml:space"), "preserve")
    return run


def _make_paragraph(style: str) -> Any:
    paragraph = OxmlElement("w:p")
    _add(_add(paragraph, "w:pPr"), "w:pStyle", val=style)
    return paragraph


def _make_reference(tag: str) -> Any:
    run = OxmlElement("w:r")
    _add(_add(run, "w:rPr"), "w:rStyle", val=_REFERENCE)
    _add(run, tag)
    return run


def _bookmark(run: Any, number: int) -> list[Any]:
    """The run between the ends of a bookmark, to which fields refer."""
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for element in (start, end):
        element.set(qn("w:id"), str(number))
    start.set(qn("w:name"), _BOOKMARK.format(number=number))
    return [start, run, end]


def _make_cross_reference(number: int) -> Any:
    """A field that shows the number of a note, and changes with it where somebody adds notes in Word."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), f" NOTEREF {_BOOKMARK.format(number=number)} \\h ")
    field.append(make_run(str(number)))
    return field


def _make_link(link: Link, part: Any) -> Any:
    element = OxmlElement("w:hyperlink")
    element.set(qn("r:id"), part.relate_to(link.address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    element.append(make_run(link.text, style=_LINK))
    return element


def _make_separator(number: int, kind: str) -> Any:
    note = OxmlElement("w:footnote")
    note.set(qn("w:type"), kind)
    note.set(qn("w:id"), str(number))
    paragraph = _add(note, "w:p")
    _add(_add(paragraph, "w:pPr"), "w:spacing", after="0", line="240", lineRule="auto")
    _add(_add(paragraph, "w:r"), f"w:{kind}")
    return note


def _declare(settings: Any) -> None:
    """Tell Word which notes are separators, and that numbers run through."""
    declared = OxmlElement("w:footnotePr")
    _add(declared, "w:numRestart", val="continuous")
    for number in _SEPARATORS:
        _add(declared, "w:footnote", id=str(number))
    # The schema wants it there.
    settings.find(qn("w:compat")).addprevious(declared)


def _add_styles(styles: Any) -> None:
    text = styles.add_style("footnote text", WD_STYLE_TYPE.PARAGRAPH, builtin=True)
    text.base_style, text.font.size = styles["Normal"], Pt(9)
    text.paragraph_format.space_after, text.paragraph_format.line_spacing = Pt(2), 1.0
    reference = styles.add_style("footnote reference", WD_STYLE_TYPE.CHARACTER, builtin=True)
    reference.font.superscript = True
    link = styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER, builtin=True)
    link.font.underline, link.font.color.rgb = True, RGBColor(0x05, 0x63, 0xC1)
    for style, name in ((text, _TEXT), (reference, _REFERENCE), (link, _LINK)):
        style.element.set(qn("w:styleId"), name)


def _add(parent: Any, tag: str, **values: str) -> Any:
    """A child element with attributes of Word's own name space."""
    child = OxmlElement(tag)
    for name, value in values.items():
        child.set(qn(f"w:{name}"), value)
    parent.append(child)
    return child
