"""The page of Policy Desk: wires settings, store and views, and holds no rules."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.errors import PolicyDeskError
from core.settings import read_settings
from store.archive import Archive
from store.embedder import Embedder
from views.chat import show_chat_page
from views.source import show_source_page


@st.cache_resource(show_spinner=False)
def _open_archive(store: str, embedding_model: str) -> Archive:
    """One archive for all sessions of this process."""
    return Archive(Path(store), Embedder(embedding_model))


def main() -> None:
    """Draw the page that the address asks for."""
    st.set_page_config(page_title="Policy Desk", page_icon="📑", layout="centered")
    try:
        settings = read_settings()
        archive = _open_archive(str(settings.store), settings.embedding_model)
        archive.check_model()
        notice_id = st.query_params.get("notice", "")
        if notice_id:
            show_source_page(archive, notice_id, st.query_params.get("at", ""))
        else:
            show_chat_page(archive)
    except PolicyDeskError as error:
        st.error(f"{error}")
        st.caption(error.help)


main()
