"""Statements of notices in groups, each with its sources to open and to copy: what both pages of requirements draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cite.legible import drop_turns, measure_bullet
from cite.styles import write_citation, write_citation_rich, write_place
from core.types import Citation
from store.archive import Archive
from views.components import draw_required
from views.pieces import show_turns
from views.source import open_source

A_PAGE = 50
_DRAWN = ("open", "copied", "not_copied", "copy_citation")


def describe_source(citation: Citation, number: int, style: str) -> dict[str, Any]:
    """What is drawn of a source: its number on the page, its title, place and the citations to copy."""
    quote = citation.quote[measure_bullet(citation.quote) :]
    return {
        "number": number,
        "title": show_turns(citation.card.title),
        "place": show_turns(write_place(citation.place, citation.card.language)),
        "copy": drop_turns(write_citation(style, citation.card, citation.place, quote)),
        "html": drop_turns(write_citation_rich(style, citation.card, citation.place, quote)),
    }


def draw_groups(
    archive: Archive,
    groups: Sequence[Mapping[str, Any]],
    sources: Sequence[Citation],
    style: str,
    words: Mapping[str, str],
    key: str,
) -> None:
    """Draw groups of statements and open the source that is chosen; `sources` are theirs, in the order of numbers."""
    opened = draw_required({"groups": groups, "words": {name: words[name] for name in _DRAWN}}, key)
    if opened is not None and 0 < opened <= len(sources):
        chosen = sources[opened - 1]
        open_source(archive, chosen.card.notice_id, chosen.span, style)
