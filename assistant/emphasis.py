"""What in a sentence is the very thing that was asked for: the figure, the day, the person, to be set in bold."""

from __future__ import annotations

import re

from assistant.counting import Counted, locate_figures, read_counted
from assistant.expectation import Expected, read_expectation
from assistant.names import locate_persons
from core.types import Span

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_WHEN = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTHS})(?:\s+\d{{4}})?|\b(?:{_MONTHS})(?:\s+\d{{1,2}}(?:st|nd|rd|th)?(?!\d))?(?:,?\s+\d{{4}})?"
    r"|\b(?:19|20)\d{2}-\d{1,2}-\d{1,2}\b|(?:(?:19|20)\d{2}\s*年\s*)?\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?|(?:19|20)\d{2}\s*年"
    r"|\b\d[\d,.]*\s+(?:minute|hour|day|week|month|term|year)s?\b|\d+\s*(?:个)?(?:工作日|小时|分钟|课时|天|日|周|年)"
)
# More marks than this, and nothing stands out.
_MOST = 4


def find_emphasis(question: str, sentence: str) -> tuple[Span, ...]:
    """The parts of a sentence to set in bold, in order; () where the question asks for no such thing."""
    kinds = read_expectation(question)
    found: list[Span] = []
    if Expected.time in kinds:
        found += [Span(*match.span()) for match in _WHEN.finditer(sentence)]
    if kinds & {Expected.figure, Expected.tally}:
        found += locate_figures(read_counted(question) or Counted(), sentence)
    if kinds & {Expected.person, Expected.name}:
        found += locate_persons(sentence)
    kept: list[Span] = []
    for span in sorted(found, key=lambda span: (span.start, -span.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return tuple(kept) if len(kept) <= _MOST else ()
