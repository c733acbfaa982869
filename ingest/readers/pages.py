"""The texts of pages become one text with its pages."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.types import Page, Span
from ingest.markers import read_marker
from ingest.readers.reading import Reading, join_lines
from store.words import CJK


def bind_pages(texts: Sequence[str]) -> Reading:
    """The canonical texts of the pages 1, 2, … as one; a paragraph that runs over the end of a page is not broken."""
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
