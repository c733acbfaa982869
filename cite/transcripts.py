"""Conversations as Markdown in one archive, a file each."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

from cite.markdown import write_markdown
from cite.originals import name_member, write_member
from cite.telling import Exchange, Said


@dataclass(frozen=True, slots=True)
class Transcript:
    """A conversation to hand on: what it is called, the day of its last answer as ISO 8601, what was said in it."""

    title: str
    day: str
    exchanges: tuple[Exchange, ...]


def pack_transcripts(transcripts: Iterable[Transcript], style: str, *, said: Said, address: str = "") -> bytes:
    """A .zip with each conversation as Markdown, called by its day and its title; the same ones give the same bytes."""
    taken = set[str]()
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for one in transcripts:
            # A stroke in a title would begin a folder.
            title = one.title.replace("/", "_").replace("\\", "_")
            name = name_member(f"{one.day} {title}.md", taken, folder="conversations/")
            text = write_markdown(one.exchanges, style, said=said, title=one.title, address=address)
            write_member(archive, name, text.encode("utf-8", "replace"))
    return stream.getvalue()
