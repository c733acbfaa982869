"""A difference between a quotation and its source, as an official reads it: [-left out-] {+put in+}."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import Indel

from assistant.folding import Folded, fold
from assistant.matching import Piece, PieceKind
from store.words import has_chinese

# Of what was kept, so much stands beside a change.
_BESIDE, _BESIDE_HAN = 24, 8


def write_difference(pieces: Sequence[Piece]) -> str:
    """The changes with some words around each: `shall [-not-] sell … {+may+}`; '' where nothing was changed."""
    if all(piece.kind in (PieceKind.kept, PieceKind.passed) for piece in pieces):
        return ""
    written: list[str] = []
    for place, piece in enumerate(pieces):
        words = " ".join(piece.text.split())
        if piece.kind is PieceKind.left_out:
            written.append(f"[-{words}-]")
        elif piece.kind is PieceKind.put_in:
            written.append(f"{{+{words}+}}")
        else:
            written.append(_shorten(words, has_before=place > 0, has_behind=place + 1 < len(pieces)))
    return " ".join(part for part in written if part)


def compare_words(one: str, other: str) -> tuple[Piece, ...]:
    """Two statements word by word: put in is what only the first has, left out what only the second has."""
    first, second = fold(one), fold(other)
    pieces: list[Piece] = []
    for step in Indel.opcodes(first.tokens, second.tokens):
        mine = _cut_out(one, first, step.src_start, step.src_end)
        theirs = _cut_out(other, second, step.dest_start, step.dest_end)
        if step.tag == "equal":
            pieces.append(Piece(PieceKind.kept, theirs))
            continue
        pieces += [Piece(PieceKind.put_in, mine)] * bool(mine) + [Piece(PieceKind.left_out, theirs)] * bool(theirs)
    return tuple(pieces)


def _cut_out(text: str, folded: Folded, first: int, end: int) -> str:
    return text[folded.starts[first] : folded.ends[end - 1]] if first < end else ""


def _shorten(words: str, *, has_before: bool, has_behind: bool) -> str:
    """What was kept, with … for what is far from a change."""
    beside = _BESIDE_HAN if has_chinese(words) else _BESIDE
    head = _cut(words, beside) if has_before else ""
    tail = _cut(words[::-1], beside)[::-1] if has_behind else ""
    if len(head) + len(tail) + 1 >= len(words):
        return words
    return " ".join(part for part in (head, "…", tail) if part)


def _cut(words: str, most: int) -> str:
    """The beginning of some words, whole ones where they are parted by spaces."""
    if len(words) <= most:
        return words
    cut = words[:most]
    return cut.rsplit(" ", 1)[0] if " " in cut else cut
