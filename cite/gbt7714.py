"""GB/T 7714-2015, the Chinese national standard: 责任者. 题名: 文号[A/OL]. 年: 引文页码(发布日期)[引用日期]. URL."""

from __future__ import annotations

from cite.dates import write_iso
from cite.entries import Entry, end
from cite.kinds import NoticeKind
from cite.places import ANYWHERE, write_with_bare_page
from cite.runs import Run
from core.types import Pinpoint

_NAMED = 3  # 8.1.2: of more than three authors, three are named


def write_gbt7714(entry: Entry, place: Pinpoint = ANYWHERE) -> tuple[Run, ...]:
    """The entry, with the pinpoint where the standard puts the pages cited; it has no italics."""
    title = ": ".join(part for part in (entry.title, entry.number_beside) if part) + _mark(entry)
    parts = [_name_authors(entry), title, _date(entry, place), entry.url]
    return (Run(" ".join(end(part) if part != entry.url else f"{part}." for part in parts if part)),)


def _mark(entry: Entry) -> str:
    """The type of the document and its carrier: A is a government's file, EB a page on the web."""
    kind = "EB" if entry.kind is NoticeKind.guidance else "A"
    return f"[{kind}/OL]" if entry.url else f"[{kind}]"


def _name_authors(entry: Entry) -> str:
    others = ["等" if entry.language == "zh" else "et al."] if len(entry.issuers) > _NAMED else []
    return ", ".join([*entry.issuers[:_NAMED], *others])


def _date(entry: Entry, place: Pinpoint) -> str:
    """年: 引文(发布日期)[引用日期] on the web; 发布日期: 引文 of a file, which has no other place for the day."""
    cited = write_with_bare_page(place, entry.language, "" if entry.language == "zh" else "p. ")
    accessed = f"[{write_iso(entry.accessed)}]" if entry.accessed else ""
    unknown = "[日期不详]" if entry.language == "zh" else "[n.d.]"
    issued = write_iso(entry.issued)
    if not entry.url:
        return ": ".join(part for part in (issued or unknown, cited) if part)
    if not cited:
        # The standard asks for the day of reading; where that is known, an unknown day of issue is left out.
        return (f"({issued})" if issued else "" if accessed else unknown) + accessed
    year = write_iso(entry.issued[:1]) or unknown
    return f"{year}: {cited}" + (f"({issued})" if len(entry.issued) > 1 else "") + accessed
