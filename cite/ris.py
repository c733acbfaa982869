"""The record of RIS, which rispy writes."""

from __future__ import annotations

from collections.abc import Sequence

import rispy

from cite.entries import Entry
from cite.kinds import NoticeKind
from core.types import Pinpoint

_TYPES = {
    NoticeKind.notice: "GOVDOC",
    NoticeKind.meeting_report: "RPRT",
    NoticeKind.law: "STAT",
    NoticeKind.guidance: "ELEC",
}


class _Writer(rispy.RisWriter):  # type: ignore[misc]
    """Writes records one after the other, without the counters that rispy sets above each."""

    def set_header(self, count: int) -> str:
        """No line above a record."""
        return ""


def write_ris(entries: Sequence[tuple[Entry, Pinpoint, str]]) -> str:
    """A .ris file with a record for each entry, its place and its note, in their order."""
    return str(rispy.dumps([_record(*each) for each in entries], implementation=_Writer))


def _record(entry: Entry, place: Pinpoint, note: str) -> dict[str, str | list[str]]:
    """The fields by rispy's names. A report's number goes to SN, any other to M1, where reference managers look."""
    report = entry.kind in (NoticeKind.notice, NoticeKind.meeting_report)
    fields: dict[str, str | list[str]] = {
        "type_of_reference": _TYPES[entry.kind],
        "id": entry.key,
        "authors": list(entry.issuers),
        "title": entry.title,
        "publisher": ", ".join(entry.issuers),
        "year": str(entry.issued[0]) if entry.issued else "",
        "date": _date(entry.issued),
        "issn" if report else "note": entry.number,
        "start_page": str(place.page) if place.page else "",
        "urls": [entry.url] if entry.url else [],
        "access_date": _date(entry.accessed),
        "language": entry.language,
        "notes": [note] if note else [],
    }
    return {name: value for name, value in fields.items() if value}


def _date(parts: tuple[int, ...]) -> str:
    """YYYY/MM/DD/, with what is not known left empty."""
    return "/".join([*(f"{part:02}" for part in parts), *[""] * (4 - len(parts))]) if parts else ""
