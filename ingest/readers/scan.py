"""Pages that are pictures: what OCR reads of each, and what must be said about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.readers.layout import Line
from ingest.readers.reading import Reading

_BY_OCR = "read by OCR from page {} on ({} of {} pages), mean confidence {:.2f}; compare what you quote with the page"
_UNREAD = "no words could be read on {}"
_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class PageLines:
    """A page as it was read: its lines in reading order, its height in points.

    `confidence` is OCR's, 0 to 1, None where the page has a text layer that was read. `unread` is true
    of a page that shows something of which no words could be had; `faint` counts characters that a
    reader may not see.
    """

    lines: tuple[Line, ...]
    height: float
    confidence: float | None = None
    unread: bool = False
    faint: int = 0


def warn_of_scans(reading: Reading, pages: Sequence[PageLines]) -> Reading:
    """A reading with warnings of the pages that OCR read, and of those that it could not."""
    read = [(number, page) for number, page in enumerate(pages, start=1) if page.confidence is not None]
    if read:
        letters = [sum(len(line.text) for line in page.lines) for _, page in read]
        sure = sum((page.confidence or 0.0) * count for (_, page), count in zip(read, letters, strict=True))
        warning = _BY_OCR.format(read[0][0], len(read), len(pages), sure / max(1, sum(letters)))
        reading = reading.with_warning(warning)
    unread = [number for number, page in enumerate(pages, start=1) if page.unread]
    if unread:
        named = ", ".join(map(str, unread[:_MOST_NAMED])) + (", …" if len(unread) > _MOST_NAMED else "")
        reading = reading.with_warning(_UNREAD.format(f"page{'s' if len(unread) > 1 else ''} {named}"))
    return reading
