"""The texts of pages become one text with its pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from core.types import Page, Span
from ingest.readers.layout import runs_on
from ingest.readers.reading import Reading, join_lines


def _part(before: str, after: str) -> tuple[str, str]:
    return before, join_lines(before[-1], after[0])[1:-1]


def bind_pages(texts: Sequence[str], part: Callable[[str, str], tuple[str, str]] = _part) -> Reading:
    """The canonical texts of the pages 1, 2, … as one; a paragraph that runs over the end of a page is not broken.

    `part` says what stays of such a paragraph's first part (a hyphen may go), and what stands behind it.
    """
    whole: list[str] = []
    spans: list[tuple[int, int]] = []
    position = 0
    last = None
    for number, text in enumerate(texts):
        if text and last is not None:
            kept, between = part(whole[-1], text) if runs_on(whole[-1], text) else (whole[-1], "\n\n")
            position -= len(whole[-1]) - len(kept)
            spans[last] = spans[last][0], position
            whole[-1:] = [kept + between]
            position += len(between)
        spans.append((position, position + len(text)))
        if text:
            whole.append(text)
            position += len(text)
            last = number
    pages = tuple(Page(number, Span(*span)) for number, span in enumerate(spans, start=1))
    return Reading("".join(whole), pages)
