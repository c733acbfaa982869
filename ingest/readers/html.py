"""HTML: the notice without navigation and hidden text, lists numbered, tables row by row, nothing fetched.

A page that marks its article (<main>, <article>) is taken at its word; in any other, trafilatura
(Barbaresi 2021) finds the article among menus and links.
"""

from __future__ import annotations

import re

import lxml.html
import trafilatura
from lxml import etree

from core.errors import EmptyNoticeError, UnreadableNoticeError
from ingest.readers.charset import decode
from ingest.readers.hidden import drop_hidden
from ingest.readers.meta import read_meta
from ingest.readers.reading import Limits, Reading, fold_spaces, is_borne_out, make_canonical

_NEVER_SHOWN = (
    "//script|//style|//noscript|//template|//iframe|//object|//embed|//svg|//comment()|//head/meta|//head/link"
    "|//*[@hidden]|//*[@aria-hidden='true']|//dialog[not(@open)]|//datalist|//textarea|//select|//video|//audio"
    "|//canvas|//noembed|//noframes|//del|//s|//strike"
)
_BESIDE = "//nav|//aside|//footer|//form|//button|//body/header|//*[@role='navigation']"
_DOUBTFUL = "words in it have the colour of the page; they are read, since a style sheet that is not here may show them"
_LEFT_OUT = "{} characters in it are hidden by its styles and were left out"
# Less than this is a hint for screen readers or a closed menu.
_WORTH_TELLING = 60
_TABLES, _ROWS, _CELLS = {"table"}, {"tr", "row"}, {"td", "th", "cell"}
_LISTS, _ITEMS = {"ul", "ol", "list"}, {"li", "item"}
_BLOCKS = {
    "address", "article", "blockquote", "body", "center", "dd", "details", "div", "dl", "doc", "dt", "fieldset",
    "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "main", "p", "pre", "quote",
    "section", "summary",
}  # fmt: skip
_LARGEST_TREE_DEPTH = 400


def is_html(content: bytes) -> bool:
    """Whether the bytes begin as an HTML page does."""
    start = content[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")) or (
        start.startswith((b"<?xml", b"<!--")) and b"<html" in start
    )


def read(path: str, content: bytes, limits: Limits) -> Reading:
    """An .html file; raises WrongEncodingError, UnreadableNoticeError or EmptyNoticeError."""
    # A declared encoding in an XML prolog makes lxml refuse text that is decoded already.
    decoded = decode(path, content)
    source = re.sub(r"^\s*<\?xml[^>]*\?>", "", decoded.text)
    try:
        tree = lxml.html.document_fromstring(source, parser=lxml.html.HTMLParser(huge_tree=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableNoticeError(path, f"its HTML cannot be read ({error})") from error
    title = fold_spaces(tree.findtext(".//title") or "")
    said = read_meta(tree)
    warnings = _drop_unseen(tree)
    heading = next((text for text in (fold_spaces(h.text_content()) for h in tree.iter("h1")) if text), "")
    blocks = _gather(_find_article(tree))
    text = make_canonical("\n\n".join(blocks))
    if not text:
        raise EmptyNoticeError(path, "there are no words in the page")
    if heading and heading not in text:
        text = f"{heading}\n\n{text}"
    # What a page's head calls it is seen by nobody who reads the page.
    titled = next((name for name in (said.pop("title", ""), title) if is_borne_out(name, text)), "")
    said |= {"title": heading, "page_title": titled} if heading else {"title": titled}
    properties = {name: value for name, value in said.items() if value}
    return Reading(text, (), properties, (*decoded.warnings, *warnings))


def read_fragment(source: str) -> str:
    """The words of a piece of HTML, as it stands inside Markdown; '' where nothing of it is shown."""
    if not re.search(r"[^<>\s]", re.sub(r"<!--.*?-->|<[^>]*>", "", source, flags=re.DOTALL)):
        return ""
    tree = lxml.html.document_fromstring(f"<html><body>{source}</body></html>")
    _drop_unseen(tree)
    return "\n\n".join(_gather(tree))


def _drop_unseen(tree: lxml.html.HtmlElement) -> tuple[str, ...]:
    """Take out what a browser does not show and what stands beside the article; what must be told of it."""
    for element in tree.xpath(_BESIDE):
        if element.getparent() is not None:
            element.drop_tree()
    dropped, doubtful = drop_hidden(tree)
    for element in tree.xpath(_NEVER_SHOWN):
        if element.getparent() is not None:
            element.drop_tree()
    told = (_LEFT_OUT.format(dropped),) if dropped >= _WORTH_TELLING else ()
    return (*told, _DOUBTFUL) if doubtful else told


def _find_article(tree: lxml.html.HtmlElement) -> etree._Element:
    """The element that holds the notice: the marked one with most words, else what trafilatura finds."""
    marked = [*tree.iter("main"), *tree.iter("article")]
    if marked:
        return max(marked, key=lambda element: len(element.text_content()))
    body = tree.find("body")
    whole = tree if body is None else body
    extracted = trafilatura.bare_extraction(
        lxml.html.fromstring(lxml.html.tostring(tree)), include_tables=True, include_comments=False, favor_recall=True
    )
    found = getattr(extracted, "body", None)
    # Of a short page trafilatura returns all words in one paragraph: then the page itself is better.
    return whole if found is None or len(_gather(found)) < len(_gather(whole)) / 3 else found


def _gather(root: etree._Element) -> list[str]:
    """The blocks below an element in order: paragraphs, headings, lists and tables, a line a row or item."""
    blocks: list[str] = []
    _walk(root, blocks, 0)
    return [block for block in blocks if block.strip()]


def _walk(element: etree._Element, blocks: list[str], depth: int) -> None:
    """Append the blocks of an element; the words between its blocks are paragraphs of their own."""
    loose = [element.text or ""]

    def flush() -> None:
        blocks.append(fold_spaces("".join(loose)))
        loose.clear()

    for child in element:
        tag = child.tag if isinstance(child.tag, str) else ""
        if tag in _TABLES:
            flush()
            blocks.append("\n".join(_rows(child)))
        elif tag in _LISTS:
            flush()
            blocks.append("\n".join(_items(child)))
        elif tag in _BLOCKS or (tag and _holds_block(child)):
            flush()
            if depth < _LARGEST_TREE_DEPTH:
                _walk(child, blocks, depth + 1)
            else:
                blocks.append(fold_spaces(_words(child)))
        elif tag:
            loose.append(_words(child))
        loose.append(child.tail or "")
    flush()


def _holds_block(element: etree._Element) -> bool:
    return any(child.tag in _BLOCKS | _TABLES | _LISTS for child in element.iter() if child is not element)


def _rows(table: etree._Element) -> list[str]:
    """The rows of a table, cells parted by tabs; a table inside a cell reads as words of that cell."""
    rows = (
        [fold_spaces(_words(cell)) for cell in row if cell.tag in _CELLS] for row in table.iter() if row.tag in _ROWS
    )
    return ["\t".join(cells) for cells in rows if any(cells)]


def _items(element: etree._Element) -> list[str]:
    """The items of a list, numbered where the page numbers them; those of a list inside follow theirs."""
    ordered = element.tag == "ol" or element.get("rend") == "ol"
    first = element.get("start") or "1"
    number = int(first) if first.isdecimal() else 1
    lines: list[str] = []
    for item in element:
        if item.tag not in _ITEMS:
            continue
        words = fold_spaces(_words(item, leave_out=_LISTS))
        if words:
            lines.append(f"{number}. {words}" if ordered else f"- {words}")
            number += 1
        for below in item:
            if below.tag in _LISTS:
                lines += _items(below)
    return lines


def _words(element: etree._Element, leave_out: frozenset[str] | set[str] = frozenset()) -> str:
    """The words of an element, parted where a browser starts a new line; without lists to `leave_out`.

    Walks without recursion, since a hostile page nests deeper than Python's stack.
    """
    parts: list[str] = [element.text or ""]
    pending: list[tuple[etree._Element, bool]] = [(child, False) for child in reversed(element)]
    while pending:
        child, closed = pending.pop()
        new_line = child.tag in _BLOCKS or child.tag in {"br", "lb", "li", "tr"}
        if closed:
            parts.append(("\n" if new_line else "") + (child.tail or ""))
            continue
        pending.append((child, True))
        if isinstance(child.tag, str) and child.tag not in leave_out:
            parts.append(("\n" if new_line else "") + (child.text or ""))
            pending += [(below, False) for below in reversed(child)]
    return "".join(parts)
