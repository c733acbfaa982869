"""The plain style: one line that every report can take, in the notice's own language."""

from __future__ import annotations

from cite.dates import write_date, write_iso
from cite.entries import clean, end, read_entry
from cite.places import ANYWHERE, write_place
from core.types import NoticeCard, Pinpoint

_INNER = str.maketrans("《》", "〈〉")


def write_plain(card: NoticeCard, place: Pinpoint = ANYWHERE, quote: str = "") -> str:
    """One line: the quote, then title, issuer, number, date, place and address, as far as known.

    English: “quote” Title. Issuer, Number, date, para. 4, p. 2. URL (accessed 23 November 2026).
    Chinese: “引文”《标题》，发布机关，文号，日期，第三条，第2页，2026年11月23日访问。URL
    """
    entry = read_entry(card)
    folded = clean(quote)
    about = [
        clean(card.issuer),
        entry.number_beside,
        write_date(write_iso(entry.issued), entry.language),
        write_place(place, entry.language),
    ]
    known = [part for part in about if part]
    day = write_date(write_iso(entry.accessed), entry.language)
    if entry.language == "zh":
        # A title within a title has the single marks (GB/T 15834).
        line = "，".join([f"《{entry.title.translate(_INNER)}》", *known, *([f"{day}访问"] if day else [])])
        return (f"“{folded}”" if folded else "") + f"{line}。{entry.url}"
    if known and known[0].startswith(("para.", "item ", "p. ")):
        # Nothing else is known: the place begins the sentence.
        known[0] = known[0][:1].upper() + known[0][1:]
    line = " ".join([end(entry.title), *([end(", ".join(known))] if known else [])])
    address = f" {entry.url}" + (f" (accessed {day})" if day else "") if entry.url else ""
    return (f"“{folded}” " if folded else "") + line + address
