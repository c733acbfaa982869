"""A notice, or a span of it, cited by its id."""

from __future__ import annotations

import re

from cite.styles import write_citation
from core.errors import UsageError
from core.types import Span
from store.catalogue import Catalogue


def cite_span(catalogue: Catalogue, notice_id: str, span: str | None, style: str) -> str:
    """The citation of a notice, or of a span START-END of it, in a style; raises UnknownNoticeError or UsageError."""
    notice = catalogue.notice(notice_id)
    if span is None:
        return write_citation(style, notice.card)
    bounds = read_span(span, len(notice.text))
    return write_citation(style, notice.card, notice.locate(bounds), bounds.of(notice.text))


def read_span(written: str, length: int) -> Span:
    """START-END of a text with `length` code points as a Span; raises UsageError where it is none."""
    match = re.fullmatch(r"(\d{1,12})-(\d{1,12})", written)
    start, end = (int(match.group(1)), int(match.group(2))) if match else (0, 0)
    if not start < end <= length:
        raise UsageError(f"{written!r} is no span of this notice", f"Give START-END with 0 ≤ START < END ≤ {length}.")
    return Span(start, end)
