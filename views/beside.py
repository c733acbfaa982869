"""What leads on from an answer: to the other requirements of the year, to the notices that were searched in vain."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from assistant.wording import say_further, span_years
from core.types import Answer, NoticeCard
from views.address import link_source
from views.choices import write_choices
from views.wording import escape_markdown

# So many notices are listed by their titles.
_LISTED = 50


def draw_beside(answer: Answer, words: dict[str, str], required: StreamlitPage | None) -> None:
    """Draw below an answer what else was required, and what was searched; mostly nothing.

    `required` is the page What was required; without it, that there is more is only said.
    """
    further = say_further(answer)
    if further and answer.further is not None and required is not None:
        st.page_link(required, label=f"{escape_markdown(further)} →", query_params=write_choices(answer.further))
    elif further:
        st.caption(escape_markdown(further))
    if answer.searched.listed:
        with st.expander(escape_markdown(name_searched(answer, words))):
            st.markdown(list_searched(answer.searched.listed, words))


def name_searched(answer: Answer, words: dict[str, str]) -> str:
    """How many notices of the years asked for were searched; how many of others, where none is of them."""
    searched = answer.searched
    is_of_years = any(card.year in searched.asked_years for card in searched.listed)
    one = "_one" if len(searched.listed) == 1 else ""
    name = f"searched{one}_of_year" if is_of_years else f"searched{one}_none_of_year"
    return words[name].format(count=len(searched.listed), years=span_years(searched.asked_years))


def list_searched(cards: tuple[NoticeCard, ...], words: dict[str, str]) -> str:
    """The first notices as Markdown, each title a link to its text; then how many more there are."""
    lines = [f"- {_link(card)}" for card in cards[:_LISTED]]
    if len(cards) > _LISTED:
        lines.append(f"- {escape_markdown(words['and_more'].format(count=len(cards) - _LISTED))}")
    return "\n".join(lines)


def _link(card: NoticeCard) -> str:
    title = " ".join(card.title.split()) or card.notice_id
    date = f" ({card.issued_on})" if card.issued_on else ""
    return f"[{escape_markdown(title)}]({link_source(card.notice_id)}){escape_markdown(date)}"
