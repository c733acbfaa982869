"""A line of the head or the end on which a body, a number and a date stand beside each other."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.bodies import split_bodies
from ingest.dates import find_dates
from ingest.numbers import search_numbers

_LABELS = re.compile(
    r"(?i)(?:report )?(?:issued|published|released|dated)(?: on)?\s*:?\s*$|^(?:report|statement|notice|circular"
    r"|letter|order) (?:of|by|from) (?:the )?"
    r"|(?:发布|印发|成文|发文)(?:日期|时间)\s*[:：]?\s*$|\s+Page \d+(?: of \d+)?$|(?<=[\u4e00-\u9fff])文件$"
)
_UNIT = re.compile(
    r",\s+[A-Z][^,.]*\b(?:Division|Section|Unit|Office|Department|Directorate|Branch|Bureau|Team|Group)$"
)
_LONGEST = 240
_ENDS = " \t,，;；·|.。-–—"


@dataclass(frozen=True, slots=True)
class Masthead:
    """What stands on such a line; '' for a number or a date that it has not."""

    bodies: tuple[str, ...]
    number: str = ""
    date: str = ""


def read_masthead(line: str) -> Masthead | None:
    """The bodies that a line opens with, and the number and the date behind them; None of any other line."""
    if len(line) > _LONGEST:
        return None
    for start, number in [*search_numbers(line), (len(line), "")]:
        left, dates = line[:start], find_dates(line)
        if not number and dates:
            left = line[: dates[0].start]
        bodies = _read_bodies(left)
        if bodies and (number or not dates or _is_short(line[dates[0].end :])):
            return Masthead(tuple(bodies), number, dates[0].iso if dates else "")
    return None


def _is_short(rest: str) -> bool:
    return len(rest.strip(_ENDS)) <= 12


def _read_bodies(left: str) -> list[str]:
    left = left.strip(_ENDS)
    for _ in range(2):
        left = _LABELS.sub("", left).strip(_ENDS)
    opening = re.split(r"(?<=[a-z)])\. |\s[·|–—]\s|\s*\t", left, maxsplit=1)[0]
    for candidate in (left, opening, _UNIT.sub("", opening)):
        bodies = split_bodies(candidate)
        if bodies:
            return bodies
    return []
