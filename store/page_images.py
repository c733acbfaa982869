"""A page of a PDF as it looks, with the words of a citation marked; drawn in a process of its own, under limits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from core.types import Notice, Span
from store.catalogue import Catalogue
from store.originals import find_originals
from store.page_drawing import Mark, fold_letters

_ROOT = Path(__file__).parent.parent
_COMMAND = (sys.executable, "-m", "store.page_drawing")
# In bytes: a larger file is not drawn, a larger picture not taken. In seconds: a page that takes longer is left.
_LARGEST_FILE, _LARGEST_PICTURE, _LATEST = 50_000_000, 20_000_000, 10.0
_PDF, _PNG = b"%PDF", b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page drawn as PNG; `page` counts from 1."""

    page: int
    png: bytes
    mark: Mark


def picture_citation(catalogue: Catalogue, notice: Notice, span: Span) -> PageImage | None:
    """The page on which the words of `span` begin, from the file that the notice was read from.

    None where the notice has no pages, its file is not there as it was read or is no PDF, or the page cannot be
    drawn within the limits.
    """
    page = next((page for page in notice.pages if page.span.start <= span.start < page.span.end), None)
    file = find_originals(catalogue, {notice.card.notice_id}).get(notice.card.notice_id) if page else None
    if page is None or file is None:
        return None
    words = fold_letters(span.of(notice.text))
    before = fold_letters(notice.text[page.span.start : span.start])
    return draw_page(file.content, page.number, words, before.count(words) if words else 0)


def draw_page(content: bytes, page: int, words: str, earlier: int = 0) -> PageImage | None:
    """Page `page` of a PDF with `words`, as `fold_letters` makes them, marked where they stand after `earlier` others.

    None where it is no PDF or is over the limits of size and time.
    """
    if not content.startswith(_PDF) or len(content) > _LARGEST_FILE:
        return None
    asked = json.dumps({"page": page, "words": words, "earlier": earlier}).encode() + b"\n"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("POLICY_DESK")}
    try:
        drawn = subprocess.run(  # noqa: S603 - the command is our own
            _COMMAND, input=asked + content, capture_output=True, cwd=_ROOT, env=kept, timeout=_LATEST, check=False
        )
    except (subprocess.TimeoutExpired, OSError):
        return None
    told, _, png = drawn.stdout.partition(b"\n")
    # A hostile file may have taken the process over: nothing but a mark and a picture is taken from it.
    mark = {one.value: one for one in Mark}.get(told.decode("ascii", "replace"))
    if drawn.returncode or mark is None or not png.startswith(_PNG) or len(png) > _LARGEST_PICTURE:
        return None
    return PageImage(page, png, mark)
