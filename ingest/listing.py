"""The notices as lines of JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.types import Link, NoticeCard
from store.catalogue import Catalogue
from store.rows import list_origins


def list_notices(catalogue: Catalogue, cards: Sequence[NoticeCard] | None = None) -> Iterator[dict[str, object]]:
    """A line for each of these notices, or of all, oldest first: its card, its size, its links with others."""
    passages, characters = catalogue.count_passages(), catalogue.count_characters()
    links: dict[str, list[dict[str, object]]] = {}
    for link in catalogue.links(None if cards is None else [card.notice_id for card in cards]):
        links.setdefault(link.notice_id, []).append(_link_as_json(link))
    for card in catalogue.cards() if cards is None else cards:
        yield {
            "notice_id": card.notice_id,
            "path": card.path,
            "title": card.title,
            "issuer": card.issuer,
            "number": card.number,
            "issued_on": card.issued_on,
            "year": card.year,
            "language": card.language,
            "characters": characters.get(card.notice_id, 0),
            "passages": passages.get(card.notice_id, 0),
            "digest": card.digest,
            "meeting_on": card.meeting_on,
            "in_force_on": card.in_force_on,
            "repealed_on": card.repealed_on,
            "accessed_on": card.accessed_on,
            "provenance": list_origins(card.provenance),
            "links": links.get(card.notice_id, []),
        }


def _link_as_json(link: Link) -> dict[str, object]:
    start, end = (link.span.start, link.span.end) if link.span else (None, None)
    said = {"kind": link.kind.value, "notice_id": link.to_id, "named": link.named}
    return {**said, "start": start, "end": end, "measure": link.measure}
