"""A difference as it is drawn: what only the quoting text has is struck out, what only the notice has is put in."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.matching import Piece, PieceKind
from views.pieces import show_turns

_CHANGES = {PieceKind.put_in: "out", PieceKind.left_out: "in"}


def describe_pieces(pieces: Iterable[Piece]) -> list[dict[str, str]]:
    """Pieces {text, change}: change is "out" for words that the notice lacks, "in" for those that it has, else ""."""
    return [
        {"text": show_turns(piece.text), "change": _CHANGES.get(piece.kind, "")}
        for piece in pieces
        if piece.kind is not PieceKind.passed
    ]
