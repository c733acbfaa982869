"""What is taken away as a file: an answer or a conversation as Word or Markdown, the notices that it cites."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial

import streamlit as st

from assistant.exporting import export_conversations, make_exchange, write_export
from core.types import Answer
from store.archive import Archive
from views.address import read_address
from views.admission import guard

# The ending of a file, the words that name it, its type.
_FILES = (
    (".docx", "as_word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (".md", "as_markdown", "text/markdown"),
    (".zip", "as_originals", "application/zip"),
)


def draw_exports(
    archive: Archive, asked: Sequence[tuple[str, Answer]], style: str, words: dict[str, str], key: str, label: str
) -> None:
    """A button that opens the files to choose from."""
    with st.popover(label, icon="⬇️"):
        draw_files(archive, asked, style, words, key)


def draw_files(
    archive: Archive, asked: Sequence[tuple[str, Answer]], style: str, words: dict[str, str], key: str
) -> None:
    """The files to choose from; each is made when it is chosen, of what holds then."""
    today = date.today().isoformat()
    for ending, name, kind in _FILES:
        st.download_button(
            words[name],
            data=guard(partial(_write, archive, tuple(asked), ending, style, read_address())),
            file_name=f"policy-desk-{today}{ending}",
            mime=kind,
            on_click="ignore",
            key=f"export-{key}{ending}",
            width="stretch",
        )


def draw_archive(
    archive: Archive,
    collect: Callable[[], Iterable[tuple[str, str, list[tuple[str, Answer]]]]],
    style: str,
    words: dict[str, str],
) -> None:
    """The file of all conversations; `collect` gives (title, day, what was asked) of each when it is chosen."""
    address = read_address()
    st.download_button(
        words["as_talks"],
        data=guard(lambda: export_conversations(archive.catalogue, collect(), style, address=address)),
        file_name=f"policy-desk-{date.today().isoformat()}-conversations.zip",
        mime="application/zip",
        on_click="ignore",
        key="export-talks",
        width="stretch",
    )


def _write(archive: Archive, asked: Sequence[tuple[str, Answer]], ending: str, style: str, address: str) -> bytes:
    exchanges = [make_exchange(archive.catalogue, question, answer) for question, answer in asked]
    return write_export(archive.catalogue, exchanges, ending, style, address=address)
