"""The record of CSL-JSON, which reference managers and citation processors read."""

from __future__ import annotations

import json
from collections.abc import Sequence

from cite.entries import Entry
from cite.kinds import NoticeKind
from core.types import Pinpoint

_TYPES = {
    NoticeKind.notice: "report",
    NoticeKind.meeting_report: "report",
    NoticeKind.law: "legislation",
    NoticeKind.guidance: "webpage",
}


def write_csl(entries: Sequence[tuple[Entry, Pinpoint, str]]) -> str:
    """An array with an item for each entry, its place and its note, in their order."""
    return json.dumps([_item(*each) for each in entries], ensure_ascii=False, indent=2) + "\n"


def _item(entry: Entry, place: Pinpoint, note: str) -> dict[str, object]:
    """`page` is the page cited, as styles print it; clause and quote are in `note`.

    The issuer is the author alone: as publisher too, processors would print it twice.
    """
    fields: dict[str, object] = {
        "id": entry.key,
        "type": _TYPES[entry.kind],
        "title": entry.title,
        "author": [{"literal": issuer} for issuer in entry.issuers],
        "number": entry.number,
        "issued": _date(entry.issued),
        "accessed": _date(entry.accessed),
        "URL": entry.url,
        "page": str(place.page) if place.page else "",
        "language": "zh-CN" if entry.language == "zh" else "en",
        "note": note,
    }
    return {name: value for name, value in fields.items() if value}


def _date(parts: tuple[int, ...]) -> dict[str, list[list[int]]]:
    return {"date-parts": [list(parts)]} if parts else {}
