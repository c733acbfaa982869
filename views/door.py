"""The page of those who are not let in: how to sign in, or why the desk is shut. It shows nothing else."""

from __future__ import annotations

import streamlit as st

from core.people import Person
from views.components import keep_place
from views.identity import Refusal, find_providers
from views.language import announce_language, choose_language
from views.wording import escape_markdown, read_words


def show_door(refusal: Refusal, words: dict[str, str]) -> None:
    """Draw why nobody is let in, and what to do about it."""
    announce_language()
    st.title(words["title"], anchor=False)
    if refusal is Refusal.exposed:
        # Whoever reads this may be neither's speaker, and has not chosen.
        for language in ("en", "zh"):
            told = read_words(language)
            st.error(escape_markdown(told["door_exposed"]))
            st.markdown(told["door_exposed_help"])
        return
    if refusal is Refusal.not_named:
        st.error(escape_markdown(words["door_not_named"]))
        st.caption(escape_markdown(words["door_not_named_help"]))
        st.button(words["sign_out"], on_click=st.logout)
    else:
        keep_place(True)
        st.markdown(escape_markdown(words[f"door_{refusal.value}"]))
        _draw_sign_in(words)
    choose_language(words)


def draw_account(person: Person, words: dict[str, str]) -> None:
    """Draw who has signed in, and the way out; nothing where nobody can."""
    if not find_providers():
        return
    keep_place(False)
    st.caption(f"{escape_markdown(person.name)} · {words['role_' + person.role.value]}")
    st.button(words["sign_out"], on_click=st.logout, width="stretch")


def _draw_sign_in(words: dict[str, str]) -> None:
    """A button for each provider of identities."""
    for provider in find_providers():
        name = words["sign_in"]
        if provider != "default":
            name = words["sign_in_with"].format(provider=escape_markdown(provider))
        st.button(name, on_click=st.login, args=(provider,), key=f"sign-in-{provider}")
