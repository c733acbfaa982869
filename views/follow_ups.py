"""Questions to ask next, below the last answer: made once it is on the screen, and kept with it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from assistant.follow_ups import suggest_follow_ups
from core.types import Answer
from store.archive import Archive
from store.conversations import Turn
from views.asking import ask_next
from views.filters import Filters
from views.wording import escape_markdown

_MADE = "follow_ups"


def draw_follow_ups(archive: Archive, turns: Sequence[Turn], filters: Filters, words: dict[str, str]) -> None:
    """A button for each question that the notices answer after the last turn, under these filters."""
    answer, history = turns[-1].answer, [turn.question for turn in turns]
    questions = _make(archive, answer, history, filters) if answer is not None else []
    if not questions:
        return
    st.markdown(f"**{escape_markdown(words['follow_ups'])}**")
    for number, question in enumerate(questions):
        st.button(
            escape_markdown(question),
            key=f"follow-up-{number}",
            width="stretch",
            on_click=ask_next,
            args=(question, len(turns)),
        )


def _make(archive: Archive, answer: Answer, history: Sequence[str], filters: Filters) -> list[str]:
    """The questions, made anew only when the last answer, the filters or the notices are others."""
    made_for = (answer, tuple(history), filters, archive.catalogue.generation)
    kept: tuple[object, list[str]] | None = st.session_state.get(_MADE)
    if kept is not None and kept[0] == made_for:
        return kept[1]
    years, issuers, language = filters.years, filters.issuers, filters.language
    questions = suggest_follow_ups(archive, answer, history, years=years, issuers=issuers, language=language)
    st.session_state[_MADE] = (made_for, questions)
    return questions
