"""What all sessions of a process share: the archive, the records, the chat model, each opened once."""

from __future__ import annotations

import streamlit as st

from assistant.chat import Chat, open_chat
from assistant.spans import open_tracing
from assistant.tracing import Tracing
from core.place import Place
from store.archive import Archive
from store.embedder import Embedder
from store.records import Records


@st.cache_resource(show_spinner=False, hash_funcs={Place: hash})
def open_archive(place: Place, embedding_model: str) -> Archive:
    """The archive at `place`; raises BrokenStoreError."""
    return Archive(place, Embedder(embedding_model))


@st.cache_resource(show_spinner=False, hash_funcs={Place: hash})
def open_records(place: Place) -> Records:
    """The records at `place`; raises BrokenStoreError."""
    return Records(place)


@st.cache_resource(show_spinner=False)
def open_drafter(name: str, url: str, _key: str, seconds: float, tokens: int) -> Chat | None:
    """The chat model that drafts answers, None where the desk quotes; raises MissingModelError."""
    return open_chat(name, url=url, key=_key, seconds=seconds, tokens=tokens)


@st.cache_resource(show_spinner=False)
def open_traces(endpoint: str, with_words: bool) -> Tracing | None:
    """What sends each answer as a trace, None where the settings name no endpoint."""
    return open_tracing(endpoint, with_words=with_words)
