"""The page of Policy Desk: wires settings, store and views, and holds no rules."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import streamlit as st

from assistant.chat import Chat, open_chat
from core.errors import PolicyDeskError
from core.settings import Settings, read_settings
from store.archive import Archive
from store.embedder import Embedder
from views.chat import show_chat_page
from views.check import show_check_page
from views.required import show_required_page
from views.source import show_source_page
from views.wording import read_words


@st.cache_resource(show_spinner=False)
def _open_archive(store: str, embedding_model: str) -> Archive:
    """One archive for all sessions of this process."""
    return Archive(Path(store), Embedder(embedding_model))


@st.cache_resource(show_spinner=False)
def _open_chat(name: str, url: str, _key: str, seconds: float, tokens: int) -> Chat | None:
    """The chat model for all sessions of this process, None where the desk quotes."""
    return open_chat(name, url=url, key=_key, seconds=seconds, tokens=tokens)


def main() -> None:
    """Draw the page that the address asks for."""
    st.set_page_config(page_title="Policy Desk", page_icon="📑", layout="centered")
    try:
        settings = read_settings()
        archive = _open_archive(str(settings.store), settings.embedding_model)
        archive.check_model()
        words = read_words(st.context.locale)
        st.navigation(
            [
                st.Page(
                    partial(_show_asking, archive, settings), title=words["ask_page"], url_path="ask", default=True
                ),
                st.Page(partial(show_required_page, archive), title=words["required"], url_path="required"),
                st.Page(partial(show_check_page, archive), title=words["check"], url_path="check"),
            ]
        ).run()
    except PolicyDeskError as error:
        st.error(f"{error}")
        st.caption(error.help)


def _show_asking(archive: Archive, settings: Settings) -> None:
    """The source that a link names, else the conversation."""
    notice_id = st.query_params.get("notice", "")
    if notice_id:
        show_source_page(archive, notice_id, st.query_params.get("at", ""))
        return
    key = settings.chat_key.get_secret_value() if settings.chat_key else ""
    limits = settings.chat_timeout, settings.chat_tokens
    show_chat_page(archive, _open_chat(settings.chat_model, settings.chat_url, key, *limits))


main()
