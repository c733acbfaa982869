"""Markdown as it reads on a page: without the marks, with its list markers, table cells by tabs."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.readers import html
from ingest.readers.charset import decode
from ingest.readers.curtain import Curtain
from ingest.readers.reading import Limits, Reading, fold_spaces, make_canonical

_BEFORE_HEADING = 6
# What front matter calls a property, the most exact name first; its words may be joined by - or _.
_NAMES = {
    "title": ("title",),
    "issuer": ("issuer", "issued by", "issuing body", "publisher", "organisation", "organization", "department"),
    "author": ("author", "authors", "creator"),
    "number": ("number", "policy number", "document number", "reference", "code"),
    "issued_on": (
        "issued on", "date issued", "issue date", "date of issue", "date adoption", "adoption date", "date adopted",
        "adopted", "date approved", "approved", "date second reading", "date published", "publication date",
        "published", "date", "pubdate",
    ),
    "published_on": ("published at", "first published at", "public updated at"),
    "meeting_on": ("meeting on", "meeting date", "date of meeting"),
    "in_force_on": ("in force on", "in force", "effective", "effective date", "effective from"),
    "repealed_on": ("repealed on", "repealed", "expires", "expiry date", "withdrawn at", "withdrawn on"),
    "url": ("url", "source"),
    "licence": ("licence", "license"),
    "language": ("language", "lang"),
}  # fmt: skip


def read(path: str, content: bytes, limits: Limits) -> Reading:
    """A .md file with or without YAML front matter; raises WrongEncodingError."""
    decoded = decode(path, content)
    body, properties, warnings = _split_front_matter(make_canonical(decoded.text))
    tokens = MarkdownIt("commonmark", {"html": True, "maxNesting": 200}).enable("table").parse(body)
    blocks = list(_blocks(tokens))
    # A heading further down is that of a part.
    heading = next((text for kind, text in blocks[:_BEFORE_HEADING] if kind == "heading"), "")
    if heading:
        properties.setdefault("title", heading)
    text = make_canonical("".join(_joined(blocks)))
    return Reading(text, (), properties, (*decoded.warnings, *warnings))


def _split_front_matter(text: str) -> tuple[str, dict[str, str], tuple[str, ...]]:
    if not text.startswith("---\n"):
        return text, {}, ()
    head, closing, body = text[4:].partition("\n---\n")
    if not closing:
        return text, {}, ()
    try:
        values = yaml.safe_load(head)
    except (yaml.YAMLError, ValueError, RecursionError):
        return text, {}, ("its front matter is not YAML and was read as text",)
    if not isinstance(values, dict):
        return text, {}, ()
    given = {
        str(key).lower().replace("-", " ").replace("_", " "): str(value).strip()
        for key, value in values.items()
        if isinstance(value, str | int | float | datetime.date) and not isinstance(value, bool)
    }
    said = {name: next((given[key] for key in keys if given.get(key)), "") for name, keys in _NAMES.items()}
    if given.get("type", "").lower() == "policy" and said["number"] == given.get("code"):
        said["number"] = f"Policy {given['code']}"
    properties = {name: value for name, value in said.items() if value}
    return body, properties, ()


def _joined(blocks: list[tuple[str, str]]) -> Iterator[str]:
    previous = ""
    for kind, text in blocks:
        close = kind == previous and kind in {"item", "row"}
        yield ("\n" if close else "\n\n") + text
        previous = kind


def _blocks(tokens: list[Token]) -> Iterator[tuple[str, str]]:
    """(kind, text) of each block: heading, paragraph, item, row, code."""
    markers: list[str] = []
    pending = ""
    row: list[str] = []
    in_cell = in_heading = False
    curtain = Curtain()
    for token in tokens:
        match token.type:
            case "list_item_open":
                pending = f"{token.info}{token.markup} " if token.info else f"{token.markup} "
                markers.append(pending)
            case "list_item_close":
                markers.pop()
            case "heading_open" | "heading_close":
                in_heading = token.type == "heading_open"
            case "tr_open":
                row = []
            case "tr_close":
                if any(row):
                    yield "row", "\t".join(row)
            case "th_open" | "td_open" | "th_close" | "td_close":
                in_cell = token.type.endswith("open")
            case "inline":
                text = fold_spaces(_visible(token, curtain))
                if in_cell:
                    row.append(text)
                elif text:
                    kind = "heading" if in_heading else "item" if markers else "paragraph"
                    yield kind, pending + text
                    pending = ""
            case "code_block" | "fence" if not curtain.is_drawn:
                yield "code", token.content
            case "html_block":
                yield "paragraph", html.read_fragment(curtain.lift(token.content))
            case _:
                pass


def _visible(token: Token, curtain: Curtain) -> str:
    """What a reader sees of an inline token: no marks, no HTML, links by their words."""
    parts: list[str] = []
    # What is opened inside a paragraph hides no other: it may be a word in angle brackets.
    depth = curtain.depth
    for child in token.children or []:
        if child.type == "html_inline":
            curtain.feed(child.content)
        if curtain.is_drawn:
            continue
        if child.type in {"text", "code_inline"}:
            parts.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            parts.append("\n")
        elif child.type == "image":
            parts.append(child.content)
        elif child.type == "html_inline" and child.content.lower().startswith("<br"):
            parts.append("\n")
    curtain.close_to(depth)
    return "".join(parts)
