"""A difference as it is drawn: what only the quoting text has is struck out, what only the notice has is put in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from assistant.matching import Piece, PieceKind
from store.words import CJK
from views.pieces import show_turns

_CHANGES = {PieceKind.put_in: "out", PieceKind.left_out: "in"}
# What stands close to the word before it, and to the word behind it.
_CLOSES, _OPENS = re.compile(rf"[{CJK},.;:!?)\]}}%”’，。；：！？、）》」』]"), re.compile(rf"[{CJK}(\[{{“‘（《「『]")


def describe_pieces(pieces: Sequence[Piece]) -> list[dict[str, str]]:
    """Pieces {text, change}: "out" for words that the notice lacks, "in" for those that it has, else "".

    Where words were put in the place of others, those struck out come first.
    """
    described: list[dict[str, str]] = []
    for change, texts in _group(pieces):
        for text in texts:
            is_new = not described or described[-1]["change"] != change
            gap = " " if described and _is_parted(described[-1]["text"], text) else ""
            if is_new:
                described += [{"text": gap, "change": ""}] if gap else []
                described.append({"text": show_turns(text), "change": change})
            else:
                described[-1]["text"] += gap + show_turns(text)
    return described


def _group(pieces: Sequence[Piece]) -> Iterator[tuple[str, list[str]]]:
    """The texts between two changes, those of a change: first what it put in, then what it left out."""
    told = [piece for piece in pieces if piece.text and piece.kind is not PieceKind.passed]
    for is_changed, run in groupby(told, key=lambda piece: piece.kind in _CHANGES):
        members = list(run)
        for kind in _CHANGES if is_changed else (PieceKind.kept,):
            yield _CHANGES.get(kind, ""), [piece.text for piece in members if piece.kind is kind]


def _is_parted(before: str, behind: str) -> bool:
    """Whether a space stands between two pieces of a text."""
    if before[-1:].isspace() or behind[:1].isspace():
        return False
    return not (_OPENS.match(before[-1:]) or _CLOSES.match(behind[:1]))
