"""The language in which the pages speak: the one chosen, else the browser's."""

from __future__ import annotations

from functools import partial

import streamlit as st

from views.components import tell_language

_CHOSEN = "language"
_COOKIE = "policy-desk-language"
_BROWSER = "browser"
# Each language in its own words: who looks for it reads no other.
_NAMES = {"en": "English", "zh": "中文"}
_CHOICES = (_BROWSER, *_NAMES)


def read_locale() -> str:
    """A language such as 'en' or 'zh-CN'."""
    choice = _read_choice()
    return choice if choice in _NAMES else st.context.locale or "en"


def choose_language(words: dict[str, str], key: str = "language_choice") -> None:
    """Draw the choice; it takes effect at once, on all pages, and this browser keeps it."""
    # A page that does not draw the choice makes Streamlit forget it.
    st.session_state[key] = _read_choice()
    st.selectbox(
        words["page_language"],
        _CHOICES,
        format_func=lambda choice: _NAMES.get(choice) or words["language_of_browser"],
        key=key,
        on_change=partial(_keep, key),
    )


def announce_language() -> None:
    """Tell the browser which language the page is in, and have it keep what was chosen in this session."""
    tell_language("zh-CN" if read_locale().lower().startswith("zh") else "en", st.session_state.get(_CHOSEN))


def _read_choice() -> str:
    """What was chosen in this session, else before in this browser: its cookie is there before anything is drawn."""
    choice = st.session_state.get(_CHOSEN) or st.context.cookies.get(_COOKIE)
    return choice if choice in _CHOICES else _BROWSER


def _keep(key: str) -> None:
    st.session_state[_CHOSEN] = st.session_state[key]
