"""The look of an exported Word file: A4, one ink, fonts for both scripts, the language of its words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

# The style of what the desk says beside the notices' words.
REMARK = "Remark"
_INK = RGBColor(0x1A, 0x1A, 0x1A)
# Fonts that every Word has for Latin letters, and every Chinese one for characters.
_LATIN = {"en": ("Calibri", "Calibri"), "zh": ("Times New Roman", "Arial")}
_CHINESE_TEXT, _CHINESE_HEADING = "SimSun", "SimHei"
_HEADINGS = {"Title": 20, "Heading 1": 14, "Heading 2": 11.5}
_LATIN_LANGUAGE, _EAST_ASIAN_LANGUAGE = "en-GB", "zh-CN"


def set_look(document: Any, language: str) -> None:
    """Page, fonts and languages for a document in English ("en") or Chinese ("zh")."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.5)
    text, heading = _LATIN[language]
    for style in document.styles:
        if style.element.find(qn("w:rPr")) is not None and style.name in _HEADINGS:
            _set_heading(style, heading)
    normal = document.styles["Normal"]
    normal.font.size = Pt(12 if language == "zh" else 11)
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(6), 1.25
    _set_fonts(normal.element.get_or_add_rPr(), text, _CHINESE_TEXT)
    remark = document.styles.add_style(REMARK, WD_STYLE_TYPE.PARAGRAPH)
    remark.base_style, remark.font.size = normal, Pt(9.5)
    remark.paragraph_format.left_indent = Cm(0.8)
    _set_languages(document)
    _set_version(document)
    _number_pages(section)


def describe(document: Any, title: str) -> None:
    """The file's properties: its title, now as its date, and nobody as its author."""
    properties = document.core_properties
    properties.title = title[:255]
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    package = document.part.package
    for name, relation in list(package.rels.items()):
        # The picture of an empty page that python-docx's template carries.
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            del package.rels[name]


def keep_row(row: Any, *, repeat: bool) -> None:
    """Keep a table row on one page; with `repeat` it is shown again at the top of each page."""
    properties = row._tr.get_or_add_trPr()
    for tag in ("w:cantSplit", "w:tblHeader") if repeat else ("w:cantSplit",):
        properties.append(OxmlElement(tag))


def _set_heading(style: Any, font: str) -> None:
    style.font.size, style.font.color.rgb, style.font.bold = Pt(_HEADINGS[style.name]), _INK, True
    style.paragraph_format.keep_with_next = True
    style.paragraph_format.space_before = Pt(0 if style.name == "Title" else 14 if style.name == "Heading 1" else 8)
    style.paragraph_format.space_after = Pt(4)
    border = style.element.pPr.find(qn("w:pBdr"))
    if border is not None:
        style.element.pPr.remove(border)
    _set_fonts(style.element.rPr, font, _CHINESE_HEADING)


def _set_fonts(properties: Any, latin: str, chinese: str) -> None:
    """Name the fonts; those of the theme, which would win, go."""
    fonts = properties.get_or_add_rFonts()
    fonts.attrib.clear()
    for name, font in (("ascii", latin), ("hAnsi", latin), ("cs", latin), ("eastAsia", chinese)):
        fonts.set(qn(f"w:{name}"), font)


def _set_languages(document: Any) -> None:
    defaults = document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}/{qn('w:lang')}")
    defaults.set(qn("w:val"), _LATIN_LANGUAGE)
    defaults.set(qn("w:eastAsia"), _EAST_ASIAN_LANGUAGE)
    theme = document.settings.element.find(qn("w:themeFontLang"))
    theme.set(qn("w:eastAsia"), _EAST_ASIAN_LANGUAGE)


def _set_version(document: Any) -> None:
    # Word 2013 and later; anything older is opened in a mode that says so in its title bar.
    for mode in document.settings.element.iter(qn("w:compatSetting")):
        if mode.get(qn("w:name")) == "compatibilityMode":
            mode.set(qn("w:val"), "15")


def _number_pages(section: Any) -> None:
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), " PAGE ")
    field.append(OxmlElement("w:r"))
    field[0].append(OxmlElement("w:t"))
    field[0][0].text = "1"
    paragraph._p.append(field)
