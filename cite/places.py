"""Where in a notice something stands, in the words of a citation."""

from __future__ import annotations

import re

from cite.entries import clean
from core.types import Pinpoint

ANYWHERE = Pinpoint()
_PART = re.compile("^([一二三四五六七八九十百]+)(?:、|$)")


def write_place(place: Pinpoint, language: str) -> str:
    """Where in a notice, in the words of a language: its clause, else its paragraph; its page.

    "Section 5(1), p. 2", "para. 3.2", "item 3", "para. 4"; 第三条，第2页, 第一部分（二）, 第3项, 第4段.
    """
    page = f"第{place.page}页" if language == "zh" else f"p. {place.page}"
    return ("，" if language == "zh" else ", ").join(
        part for part in (write_part(place, language), page if place.page else "") if part
    )


def write_part(place: Pinpoint, language: str) -> str:
    """The clause, else the paragraph, without the page; '' where neither is known."""
    # A heading that is only numbered, 一、, opens a part.
    clause = _PART.sub(r"第\1部分", clean(place.clause))
    if language == "zh":
        counted = f"第{place.paragraph}段" if place.paragraph else ""
        return (f"第{clause}项" if clause[:1].isdecimal() else clause) or counted
    counted = f"para. {place.paragraph}" if place.paragraph else ""
    # A paragraph that the notice numbers by itself, 3.2, is called so; the place in a list is another thing.
    named = "para. " if re.match(r"\d+\.\d", clause) else "item " if re.match(r"[\d(]", clause) else ""
    return named + clause or counted


def write_with_bare_page(place: Pinpoint, language: str, mark: str = "") -> str:
    """The clause or paragraph and the number of the page, with `mark` before a page that does not stand alone."""
    part = write_part(place, language)
    page = f"{mark if part else ''}{place.page}" if place.page else ""
    return ", ".join(word for word in (part, page) if word)
