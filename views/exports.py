"""What is taken away as a file: an answer or a conversation as Word or Markdown, the notices that it cites."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

import streamlit as st

from assistant.exporting import make_exchange, write_export
from core.types import Answer
from store.archive import Archive
from views.address import read_address

# The ending of a file, the words that name it, its type.
_FILES = (
    (".docx", "as_word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (".md", "as_markdown", "text/markdown"),
    (".zip", "as_originals", "application/zip"),
)


def draw_exports(
    archive: Archive, asked: Sequence[tuple[str, Answer]], style: str, words: dict[str, str], key: str, label: str
) -> None:
    """A button that opens the files to choose from; each is made when it is chosen, of what holds then."""
    today = date.today().isoformat()
    with st.popover(label, icon="⬇️"):
        for ending, name, kind in _FILES:
            st.download_button(
                words[name],
                data=partial(_write, archive, tuple(asked), ending, style, read_address()),
                file_name=f"policy-desk-{today}{ending}",
                mime=kind,
                on_click="ignore",
                key=f"export-{key}{ending}",
                width="stretch",
            )


def _write(archive: Archive, asked: Sequence[tuple[str, Answer]], ending: str, style: str, address: str) -> bytes:
    exchanges = [make_exchange(archive.catalogue, question, answer) for question, answer in asked]
    return write_export(archive.catalogue, exchanges, ending, style, address=address)
