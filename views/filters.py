"""The filters of the page Ask: chosen in the sidebar, seen beside the question, cleared with one click."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from assistant.wording import span_years
from core.types import NoticeCard
from store.archive import Archive
from store.shelf import Scope
from views.pieces import show_turns
from views.wording import escape_markdown

_YEARS, _ISSUERS, _LANGUAGE = "years", "issuers", "only_language"
# A chip names an issuer by so many characters; its tip has the whole name.
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Filters:
    """The notices to search: of these years, by these issuers, in this language; what is empty does not narrow."""

    years: tuple[int, ...] = ()
    issuers: tuple[str, ...] = ()
    language: str = ""

    @property
    def scope(self) -> Scope:
        """What they leave of the shelf."""
        return Scope(self.years, self.language, issuers=self.issuers)


def choose_filters(cards: Sequence[NoticeCard], words: dict[str, str]) -> Filters:
    """Draw the choices that these notices offer; returns what is chosen, which a change of page does not forget."""
    years = sorted({card.year for card in cards if card.year is not None}, reverse=True)
    issuers = sorted({card.issuer for card in cards if card.issuer})
    languages = sorted({card.language for card in cards})
    _drop_unknown(_YEARS, years)
    _drop_unknown(_ISSUERS, issuers)
    chosen_years = st.multiselect(
        words["filter"],
        years,
        placeholder=words["all_years"],
        help=words["filter_help"],
        key=_YEARS,
        persist_state="session",
    )
    chosen_issuers = st.multiselect(
        words["filter_issuers"],
        issuers,
        format_func=show_turns,
        placeholder=words["all_issuers"],
        key=_ISSUERS,
        persist_state="session",
    )
    language = st.selectbox(
        words["filter_language"],
        ["", *languages],
        format_func=lambda name: _name_language(name, words),
        key=_LANGUAGE,
        persist_state="session",
        disabled=len(languages) < 2,
    )
    return Filters(tuple(sorted(chosen_years)), tuple(chosen_issuers), language)


def draw_filters(archive: Archive, filters: Filters, words: dict[str, str]) -> None:
    """What is active, each with a cross that takes it away, and how many notices are left; nothing where all are."""
    if filters.scope.is_all:
        return
    shelf = archive.shelf
    told = words["filtered"].format(count=len(shelf.keep(filters.scope)), all=len(shelf.cards))
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="filters"):
        st.markdown(escape_markdown(told), width="content")
        for key, value, name in _name_active(filters, words):
            st.button(
                f"{escape_markdown(_shorten(name))} ✕",
                key=f"drop-{key}-{value}",
                help=escape_markdown(words["drop_filter"].format(name=name)),
                on_click=_drop,
                args=(key, value),
            )
        st.button(words["clear_filters"], key="clear_filters", type="tertiary", on_click=_clear)


def _name_active(filters: Filters, words: dict[str, str]) -> list[tuple[str, Any, str]]:
    """(key, value, name) of each value that is chosen."""
    active: list[tuple[str, Any, str]] = [(_YEARS, year, span_years([year])) for year in filters.years]
    active += [(_ISSUERS, issuer, issuer) for issuer in filters.issuers]
    if filters.language:
        active.append((_LANGUAGE, filters.language, _name_language(filters.language, words)))
    return active


def _name_language(language: str, words: dict[str, str]) -> str:
    return words.get(f"language_{language or 'all'}", language)


def _shorten(name: str) -> str:
    return name if len(name) <= _LONGEST else name[:_LONGEST].rstrip() + "…"


def _drop_unknown(key: str, known: Sequence[object]) -> None:
    """A value that left the desk with its last notice is no filter any more."""
    chosen = st.session_state.get(key)
    if chosen and not set(chosen) <= set(known):
        st.session_state[key] = [value for value in chosen if value in known]


def _drop(key: str, value: object) -> None:
    if key == _LANGUAGE:
        st.session_state[key] = ""
    else:
        st.session_state[key] = [kept for kept in st.session_state[key] if kept != value]


def _clear() -> None:
    st.session_state[_YEARS] = []
    st.session_state[_ISSUERS] = []
    st.session_state[_LANGUAGE] = ""
