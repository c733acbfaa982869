"""What changed between two years, as the page What was required shows it: both versions' words with their sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from assistant.difference import compare_words
from assistant.required import Change, compare_years
from assistant.wording import name_notice_of
from cite.legible import measure_bullet
from cite.styles import write_place
from core.types import Citation
from store.archive import Archive
from views.difference import describe_pieces
from views.listed import A_PAGE, describe_source, draw_groups
from views.pieces import show_turns
from views.wording import escape_markdown


def show_changed(archive: Archive, style: str, words: dict[str, str]) -> None:
    """Choose two years and what about; draw what the later one says otherwise."""
    years = sorted({card.year for card in archive.shelf.cards.values() if card.year is not None})
    first, last, about = st.columns([1, 1, 3])
    before = first.selectbox(words["year_before"], years, index=max(0, len(years) - 2), key="changed_from")
    after = last.selectbox(words["year_after"], years, index=max(0, len(years) - 1), key="changed_to")
    topic = about.text_input(words["about"], placeholder=words["about_example"], key="changed_about")
    if before == after:
        st.info(escape_markdown(words["same_year"]))
        return
    with st.spinner(words["comparing"]):
        changes = compare_years(archive.catalogue, min(before, after), max(before, after), topic=topic.strip())
    if not changes:
        st.info(escape_markdown(words["nothing_changed"]))
        return
    st.subheader(escape_markdown(words["found_changes"].format(count=len(changes))), anchor=False)
    st.caption(escape_markdown(words["changes_key"]))
    _draw_changes(archive, changes[: A_PAGE * 4], style, words)


def _draw_changes(archive: Archive, changes: Sequence[Change], style: str, words: dict[str, str]) -> None:
    sources: list[Citation] = []
    groups: list[dict[str, Any]] = []
    for change in changes:
        shown = [citation for citation in (change.before, change.after) if citation is not None]
        heading = show_turns(name_notice_of(shown[-1]))
        if not groups or groups[-1]["heading"] != heading:
            groups.append({"heading": heading, "replaced": "", "items": []})
        groups[-1]["items"].append(
            {
                "kind": change.kind.value,
                "label": words[f"change_{change.kind}"],
                "facts": [],
                "pieces": _describe_change(change),
                "sources": [
                    describe_source(citation, len(sources) + place, style)
                    | {"place": show_turns(_name_version(citation))}
                    for place, citation in enumerate(shown, start=1)
                ],
            }
        )
        sources += shown
    draw_groups(archive, groups, sources, style, words, "changes")


def _name_version(citation: Citation) -> str:
    place = write_place(citation.place, citation.card.language)
    return f"{citation.card.year}" + (f", {place}" if place else "")


def _describe_change(change: Change) -> list[dict[str, str]]:
    """The words of the later version, with what it put in the place of the earlier one's."""
    before, after = (
        citation.quote[measure_bullet(citation.quote) :] if citation else ""
        for citation in (change.before, change.after)
    )
    if not before or not after:
        return [{"text": show_turns(before or after), "change": "in" if after else "out"}]
    return describe_pieces(compare_words(before, after))
