"""A checked statement of a draft as a person reads it, and as JSON."""

from __future__ import annotations

from assistant.checking import Checked
from cite.styles import write_plain
from core.fields import list_fields


def as_lines(checked: Checked) -> str:
    """The verdict with the statement, then what was changed, what to know, and the citation to paste, a line each."""
    lines = [f"{checked.verdict.value.upper():12}  {_fold(checked.text)}"]
    if checked.difference:
        lines.append(f"  {checked.difference}")
    if checked.note:
        lines.append(f"  {checked.note}")
    if checked.citation is not None:
        lines.append(f"  → {write_plain(checked.citation.card, checked.citation.place)}")
    return "\n".join(lines)


def as_json(checked: Checked) -> dict[str, object]:
    """The fields of JSON of a statement."""
    return {
        "text": checked.text,
        "kind": checked.kind.value,
        "verdict": checked.verdict.value,
        "difference": checked.difference,
        "pieces": [{"kind": piece.kind.value, "text": piece.text} for piece in checked.pieces],
        "citation": list_fields(checked.citation) if checked.citation else None,
        "note": checked.note,
        "named": checked.named,
        "start": checked.span.start,
        "end": checked.span.end,
    }


def _fold(text: str) -> str:
    return " ".join(text.split())
