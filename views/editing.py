"""A question of the conversation, and the place to change it and ask again."""

from __future__ import annotations

import streamlit as st

from views.asking import ask_next
from views.wording import escape_markdown

LONGEST = 2000
_EDITED = "edited"


def is_editing() -> bool:
    """Whether a question is open for changes."""
    return st.session_state.get(_EDITED) is not None


def draw_question(question: str, place: int, is_last: bool, words: dict[str, str]) -> None:
    """A question with a button that opens it for changes, or the place to change it."""
    if st.session_state.get(_EDITED) != place:
        st.markdown(escape_markdown(question))
        st.button(words["edit"], key=f"edit-{place}", type="tertiary", on_click=edit, args=(place,))
        return
    with st.form(f"editing-{place}", border=False):
        st.text_area(words["edit_question"], question, key=f"edited-{place}", max_chars=LONGEST, height=100)
        st.caption(escape_markdown(words["edit_replaces" if is_last else "edit_drops"]))
        with st.container(horizontal=True):
            st.form_submit_button(words["ask_again"], on_click=_ask_again, args=(place,))
            st.form_submit_button(words["cancel"], on_click=edit, args=(None,))


def edit(place: int | None) -> None:
    """Open the question at a place for changes, and no other; None opens none."""
    st.session_state[_EDITED] = place


def _ask_again(place: int) -> None:
    question = str(st.session_state[f"edited-{place}"]).strip()
    if any(character.isalnum() for character in question):
        ask_next(question, place)
        edit(None)
