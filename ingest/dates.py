"""Dates as notices write them, English and Chinese, become ISO 8601."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = r"(?:" + "|".join(f"{month[:3]}(?:{month[3:]})?" for month in _MONTHS) + r"|sept)\.?"
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_NUMERALS = "〇一二三四五六七八九"
_ZERO, _SMALL = "〇○零ＯO", "一二三四五六七八九十"
_YEAR = r"(?<![\d.,/])(?P<y>(?:19|20)\d{2})"
_COMPLETE = (
    re.compile(rf"(?i)(?<![\d.,/]){_DAY}(?:\s+day of)?\s+(?P<month>{_MONTH}),?\s+(?P<y>\d{{4}})(?!\d)"),
    re.compile(rf"(?i)(?<![a-z])(?P<month>{_MONTH})\s+{_DAY},?\s+(?P<y>\d{{4}})(?!\d)"),
    re.compile(rf"{_YEAR}-(?P<m>\d{{1,2}})-(?P<d>\d{{1,2}})(?![\d-])"),
    re.compile(rf"{_YEAR}(?P<sign>[./])(?P<m>\d{{1,2}})(?P=sign)(?P<d>\d{{1,2}})(?![\d./])"),
    re.compile(r"(?<!\d)(?P<y>\d{4})\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*日"),
    re.compile(rf"(?P<y>[{_ZERO}{_NUMERALS}]{{4}})年(?P<m>[{_SMALL}]{{1,3}})月(?P<d>[{_SMALL}]{{1,3}})日"),
)
_MONTHLY = (
    re.compile(rf"(?i)(?<![a-z\d])(?P<month>{_MONTH}),?\s+(?P<y>(?:19|20)\d{{2}})(?![\d/–-])"),
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d{2})\s*年\s*(?P<m>\d{1,2})\s*月(?!\s*\d)"),
    re.compile(rf"(?P<y>[{_ZERO}{_NUMERALS}]{{4}})年(?P<m>[{_SMALL}]{{1,3}})月(?![{_SMALL}])"),
)
_ISO = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_HOURS = re.compile(
    r"(?i)\b(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?\b|(?:星期|周)[一二三四五六日天]"
    r"|\d{1,2}[:.：]\d{2}(?:[:：]\d{2})?\s*(?:[ap]\.?m\b\.?)?"
)
# The days at which the clocks of computers begin.
UNSET = frozenset({"1601-01-01", "1899-12-30", "1900-01-01", "1904-01-01", "1970-01-01", "1980-01-01"})


@dataclass(frozen=True, slots=True, order=True)
class Dated:
    """A date that a text names at [start, end), as ISO 8601; without its day where the text gives none."""

    start: int
    end: int
    iso: str


def is_date(written: str) -> bool:
    """Whether this is ISO 8601, complete or not, and a day that the calendar has."""
    if not written.isascii() or not _ISO.fullmatch(written) or not written.startswith(("1", "2")):
        return False
    year, month, day = (int(part) for part in f"{written}-01-01".split("-")[:3])
    try:
        datetime.date(year, month, day)
    except ValueError:
        return False
    return True


def find_dates(text: str, *, monthly: bool = False) -> list[Dated]:
    """The complete dates that `text` names, in its order, none overlapping; `monthly` adds months of a year."""
    found: list[Dated] = []
    for patterns in (_COMPLETE, _MONTHLY if monthly else ()):
        for pattern in patterns:
            for match in pattern.finditer(text):
                iso = _to_iso(match)
                if iso and all(match.end() <= other.start or other.end <= match.start() for other in found):
                    found.append(Dated(match.start(), match.end(), iso))
    return sorted(found)


def dates_in(text: str) -> list[str]:
    """The complete dates that `text` names, as ISO 8601, in its order."""
    return [found.iso for found in find_dates(text)]


def read_date(said: str) -> str:
    """ISO 8601, complete or not, of what a file or a table says of a date; '' where it is none."""
    stamp = re.match(r"(\d{4}-\d{2}-\d{2})[T ]", said)
    written = stamp.group(1) if stamp else said
    if is_date(written):
        return written
    packed = re.fullmatch(r"(?a:(?:D:)?((?:19|20)\d{2})(\d{2})(\d{2})(?:\d{2}.*)?)", said)
    if packed and is_date("-".join(packed.groups())):
        return "-".join(packed.groups())
    return next((found.iso for found in find_dates(said, monthly=True)), "")


def is_unset(date: str) -> bool:
    """Whether a date is that of a clock that was never set."""
    return date in UNSET


def stands_alone(line: str) -> bool:
    """Whether a line is a date with hardly a word beside it, as a notice's closing date is."""
    rest = _HOURS.sub("", "".join(_beside(line, find_dates(line, monthly=True))))
    return len(rest.strip(" .,()（）[]。")) <= 12


def _beside(line: str, dates: list[Dated]) -> Iterator[str]:
    end = 0
    for found in dates:
        yield line[end : found.start]
        end = found.end
    yield line[end:]


def _to_iso(match: re.Match[str]) -> str:
    parts = match.groupdict()
    if parts.get("month"):
        named = [month[:3] for month in _MONTHS]
        year, month = int(parts["y"]), named.index(parts["month"][:3].lower()) + 1
    elif parts["y"].isdecimal():
        year, month = int(parts["y"]), int(parts["m"])
    else:
        digits = {digit: str(value) for value, digit in enumerate(_NUMERALS)}
        year = int("".join(digits.get(character, "0") for character in parts["y"]))
        month = _read_small(parts["m"])
    said = parts.get("d")
    day = "" if said is None else f"-{int(said) if said.isdecimal() else _read_small(said):02d}"
    written = f"{year:04d}-{month:02d}{day}"
    return written if 1900 <= year <= 2100 and is_date(written) else ""


def _read_small(numeral: str) -> int:
    tens, ten, ones = numeral.rpartition("十")
    value = _SMALL.find(ones) + 1 if ones else 0
    return value + (_SMALL.find(tens) + 1 if tens else 1) * 10 if ten else value
