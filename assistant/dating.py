"""The days from which a question asks what applies, and how a notice would write them."""

from __future__ import annotations

import re

from assistant.facts import FactKind, read_facts

_MONTHS = (
    "january february march april may june july august september october november december".split()
)  # fmt: skip
_FROM = re.compile(r"d:(?P<year>\d{4})-(?P<month>\d{2})(?:-\d{2})? (?:from|since|起)$")


def read_effect_dates(question: str) -> list[re.Pattern[str]]:
    """A pattern for each day or month "from 1 September 2024", 自2024年9月1日起, that finds its month in a text."""
    found = [_FROM.match(fact.form) for fact in read_facts(question) if fact.kind is FactKind.date]
    return [_write_pattern(int(match["year"]), int(match["month"])) for match in found if match]


def _write_pattern(year: int, month: int) -> re.Pattern[str]:
    name = _MONTHS[month - 1]
    return re.compile(
        rf"(?i)\b{name}(?:\s+\d{{1,2}},?)?\s+{year}\b|{year}\s*年\s*0?{month}\s*月|\b{year}[-/.]0?{month}\b"
    )
