"""A citation as the fields of JSON that every command prints."""

from __future__ import annotations

from core.types import Citation


def list_fields(citation: Citation) -> dict[str, object]:
    """The notice, the place and the words of a citation, by the names of the commands' contract."""
    card, place = citation.card, citation.place
    return {
        "label": citation.label,
        "notice_id": card.notice_id,
        "path": card.path,
        "title": card.title,
        "issuer": card.issuer,
        "number": card.number,
        "issued_on": card.issued_on,
        "page": place.page,
        "clause": place.clause,
        "paragraph": place.paragraph,
        "start": citation.span.start,
        "end": citation.span.end,
        "quote": citation.quote,
    }
