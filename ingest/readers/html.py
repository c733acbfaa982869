"""HTML by trafilatura: the article without its navigation, tables row by row, nothing fetched."""

from __future__ import annotations

import re

import lxml.html
import trafilatura
from lxml import etree

from core.errors import EmptyNoticeError, UnreadableNoticeError
from ingest.readers.plain import decode
from ingest.readers.reading import Limits, Reading, fold_spaces, make_canonical

_HIDDEN = (
    "//script|//style|//noscript|//template|//iframe|//object|//embed|//*[@hidden]"
    "|//*[@aria-hidden='true']"
    "|//*[contains(translate(@style,' ',''),'display:none')]"
    "|//*[contains(translate(@style,' ',''),'visibility:hidden')]"
    "|//*[contains(translate(@style,' ',''),'font-size:0')]"
)


def is_html(content: bytes) -> bool:
    """Whether the bytes begin as an HTML page does."""
    start = content[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")) or (
        start.startswith((b"<?xml", b"<!--")) and b"<html" in start
    )


def read(path: str, content: bytes, limits: Limits) -> Reading:
    """An .html file; raises WrongEncodingError, UnreadableNoticeError or EmptyNoticeError."""
    # A declared encoding in an XML prolog makes lxml refuse text that is decoded already.
    source = re.sub(r"^\s*<\?xml[^>]*\?>", "", decode(path, content).replace("\x00", ""))
    try:
        tree = lxml.html.document_fromstring(source)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableNoticeError(path, f"its HTML cannot be read ({error})") from error
    for hidden in tree.xpath(_HIDDEN):
        hidden.drop_tree()
    extracted = trafilatura.bare_extraction(
        tree, include_tables=True, include_comments=False, favor_recall=True, deduplicate=False
    )
    body = getattr(extracted, "body", None)
    if body is None:
        raise EmptyNoticeError(path, "no article was found in the page")
    blocks: list[str] = []
    _gather(body, blocks)
    headings = [fold_spaces(str(heading.text_content())) for heading in tree.xpath("//h1")]
    heading = next((text for text in headings if text), "")
    title = heading or fold_spaces(tree.findtext(".//title") or "")
    text = "\n\n".join(blocks)
    if heading and heading not in text:
        text = f"{heading}\n\n{text}"
    properties = {"title": title} if title else {}
    return Reading(make_canonical(text), (), properties)


def _gather(element: etree._Element, blocks: list[str]) -> None:
    """Append the blocks below `element`: paragraphs, headings, list items, table rows by tabs."""
    for child in element:
        tag = child.tag if isinstance(child.tag, str) else ""
        if tag == "table":
            rows = ["\t".join(fold_spaces(_words(cell)) for cell in row.iter("cell")) for row in child.iter("row")]
            blocks.append("\n".join(row for row in rows if row.strip()))
        elif tag == "list":
            blocks.append("\n".join(_items(child, "")))
        elif tag in {"div", "section", "article", "body", "main"}:
            _gather(child, blocks)
        elif tag:
            words = fold_spaces(_words(child))
            if words:
                blocks.append(words)
        if child.tail and child.tail.strip():
            blocks.append(fold_spaces(child.tail))


def _items(element: etree._Element, indent: str) -> list[str]:
    """The items of a list, numbered where the page numbers them."""
    ordered = element.get("rend") == "ol"
    lines: list[str] = []
    for number, item in enumerate((child for child in element if child.tag == "item"), start=1):
        inner = [child for child in item if child.tag == "list"]
        words = fold_spaces(_words(item, leave_out="list"))
        if words:
            lines.append(f"{f'{number}.' if ordered else '-'} {words}")
        for below in inner:
            lines += _items(below, indent)
    return lines


def _words(element: etree._Element, leave_out: str = "") -> str:
    parts = [element.text or ""]
    for child in element:
        if child.tag == "lb":
            parts.append("\n")
        elif child.tag != leave_out:
            parts.append(_words(child, leave_out))
        parts.append(child.tail or "")
    return "".join(parts)
