"""A difference as it is drawn: what only the quoting text has is struck out, what only the notice has is put in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

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
    for piece in _order(piece for piece in pieces if piece.text):
        if described and _is_parted(described[-1]["text"], piece.text):
            described.append({"text": " ", "change": ""})
        described.append({"text": show_turns(piece.text), "change": _CHANGES.get(piece.kind, "")})
    return described


def _order(pieces: Iterable[Piece]) -> list[Piece]:
    ordered: list[Piece] = []
    for piece in pieces:
        if piece.kind is PieceKind.passed:
            continue
        swaps = piece.kind is PieceKind.put_in and ordered and ordered[-1].kind is PieceKind.left_out
        ordered.insert(len(ordered) - (1 if swaps else 0), piece)
    return ordered


def _is_parted(before: str, behind: str) -> bool:
    """Whether a space stands between two pieces of a text."""
    if before[-1:].isspace() or behind[:1].isspace():
        return False
    return not (_OPENS.match(before[-1:]) or _CLOSES.match(behind[:1]))
