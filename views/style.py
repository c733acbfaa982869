"""The citation style that a user pastes in: chosen once, and remembered by the browser."""

from __future__ import annotations

import streamlit as st

from cite.styles import STYLES
from views.components import recall

# The names of styles are the same in every language.
_NAMES = {
    "gbt7714": "GB/T 7714-2015",
    "apa": "APA 7",
    "chicago": "Chicago 17 (author-date)",
    "bibtex": "BibTeX",
    "ris": "RIS",
    "csl-json": "CSL-JSON",
}
_CHOSEN = "style_chosen"


def choose_style(words: dict[str, str]) -> str:
    """Draw the choice; returns the style chosen now, else before in this browser, else the plain one."""
    chosen = st.session_state.get(_CHOSEN)
    kept = recall("style", chosen)
    first = kept if kept in STYLES else STYLES[0]
    # A page that does not draw the choice makes Streamlit forget it.
    st.session_state["style"] = chosen or first
    return st.selectbox(
        words["style"],
        STYLES,
        format_func=lambda style: words["plain_style"] if style == "plain" else _NAMES[style],
        help=words["style_help"],
        key="style",
        on_change=_remember,
    )


def _remember() -> None:
    st.session_state[_CHOSEN] = st.session_state["style"]
