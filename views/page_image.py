"""The page of a PDF on which cited words stand, as it looks; drawn when it is asked for."""

from __future__ import annotations

import streamlit as st

from core.types import Notice, Span
from store.archive import Archive
from store.catalogue import Catalogue
from store.page_images import PageImage, picture_citation
from views.pieces import show_turns
from views.wording import escape_markdown

_KEPT, _SECONDS = 16, 600


def draw_page_image(archive: Archive, notice: Notice, span: Span, words: dict[str, str]) -> None:
    """A switch that shows the page, for a notice with pages; it stays on from one citation to the next."""
    if notice.page_of(span) is None:
        return
    if not st.toggle(words["show_page"], key="show_page", persist_state="session"):
        return
    with st.spinner(words["drawing_page"]):
        image = _picture(archive.catalogue, notice, notice.card.notice_id, span.start, span.end)
    if image is None:
        st.caption(escape_markdown(words["no_page"]))
        return
    st.caption(escape_markdown(words[f"page_{image.mark}"].format(page=image.page)))
    alt = words["page_alt"].format(page=image.page, title=show_turns(notice.card.title))
    st.image(image.png, width="stretch", alt=alt)


@st.cache_data(show_spinner=False, max_entries=_KEPT, ttl=_SECONDS)
def _picture(_catalogue: Catalogue, _notice: Notice, notice_id: str, start: int, end: int) -> PageImage | None:
    """The picture of one citation, for all sessions; a notice of this id never has another text."""
    return picture_citation(_catalogue, _notice, Span(start, end))
