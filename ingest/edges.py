"""The first and the last lines of a notice, where it says what it is: cut once for all who look there."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.sentences import split_paragraphs

# A red head, a table of what a page is about, the history of a law; the end of a body, a signature, who had copies.
_HEAD_LINES, _TAIL_LINES = 18, 12
_HEAD_CHARACTERS, _TAIL_CHARACTERS = 5000, 3000


@dataclass(frozen=True, slots=True)
class Edges:
    """The first and the last paragraphs of a text, each without the white space around it."""

    head: tuple[str, ...]
    tail: tuple[str, ...]


def cut_edges(text: str) -> Edges:
    """The edges of canonical text; of a short one they overlap. Looks at no more than 8000 characters."""
    if len(text) <= _HEAD_CHARACTERS:
        lines = _cut(text)
        return Edges(tuple(lines[:_HEAD_LINES]), tuple(lines[-_TAIL_LINES:]))
    # What may be cut in two by the edge is left out, unless it is all there is.
    head = _cut(text[:_HEAD_CHARACTERS])
    tail = _cut(text[-_TAIL_CHARACTERS:])
    return Edges(tuple((head[:-1] or head)[:_HEAD_LINES]), tuple((tail[1:] or tail)[-_TAIL_LINES:]))


def _cut(text: str) -> list[str]:
    return [paragraph.of(text) for paragraph in split_paragraphs(text)]
