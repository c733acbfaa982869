"""The places in a question that name a year or a run of years, in English and Chinese."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from store.words import find_numbers

# The years of a longer range than this are one period: nobody wants them compared one by one.
MOST_COMPARED = 12


class Kind(StrEnum):
    """How a mention names its years."""

    year = "year"
    date = "date"
    school_year = "school_year"
    compared = "compared"
    span = "span"


@dataclass(frozen=True, slots=True)
class Mention:
    """Years named at [start, end) of a text, ascending.

    The years of a `span` are one period ("the last three years", a five-year plan, "1949 to 2022");
    those of `compared`, twelve at most, are asked for one by one ("2020–2022").
    """

    start: int
    end: int
    years: tuple[int, ...]
    kind: Kind


def plain_figures(text: str) -> str:
    """`text` with full-width figures and years such as 二〇二一年 in plain figures; as long as before."""
    return _CHINESE_YEAR.sub(lambda match: match.group().translate(_CHINESE_FIGURES), text.translate(_WIDE_FIGURES))


def find_mentions(text: str, today: datetime.date) -> list[Mention]:
    """The mentions of years in `text`, in its order, none overlapping; the years of document numbers are none."""
    plain = list(plain_figures(text))
    for number in find_numbers(text):
        plain[number.start : number.end] = "#" * (number.end - number.start)
    masked = "".join(plain)
    free = bytearray(b"\1") * len(masked)
    found: list[Mention] = []
    for kind, read, pattern in _compile_patterns():
        for match in pattern.finditer(masked):
            years = read(match, today) if all(free[match.start() : match.end()]) else ()
            if years:
                long = kind is Kind.compared and len(years) > MOST_COMPARED
                found.append(Mention(match.start(), match.end(), years, Kind.span if long else kind))
                free[match.start() : match.end()] = bytes(match.end() - match.start())
    return sorted(found, key=lambda mention: mention.start)


_WIDE_FIGURES = str.maketrans("０１２３４５６７８９／", "0123456789/")
_CHINESE_FIGURES = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_CHINESE_YEAR = re.compile(
    "[一二][〇零○一二三四五六七八九]{3}(?=\\s?[年学至到–—~～-])|(?<=[至到–—~～-])[一二][〇零○一二三四五六七八九]{3}(?=\\s?[年学])"
)
_NUMBER_WORDS = {
    **dict(zip("一二两三四五六七八九十", (1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10), strict=True)),
    **{name: n for n, name in enumerate("one two three four five six seven eight nine ten".split(), start=1)},
    **{
        name: n for n, name in enumerate("eleventh twelfth thirteenth fourteenth fifteenth sixteenth".split(), start=11)
    },
}
_AWAY = {
    "last": -1, "this": 0, "current": 0, "next": 1, "before last": -2,
    "前": -2, "去": -1, "上": -1, "今": 0, "本": 0, "明": 1, "下": 1, "后": 2,
}  # fmt: skip


def _read_year(match: re.Match[str], today: datetime.date) -> tuple[int, ...]:
    return (int(match["y"]),)


def _read_school_year(match: re.Match[str], today: datetime.date) -> tuple[int, ...]:
    first, last = int(match["y"]), match.groupdict().get("z")
    return (first, first + 1) if last is None or (first + 1) % 100 == int(last[-2:]) else ()


def _read_range(match: re.Match[str], today: datetime.date) -> tuple[int, ...]:
    first, last = sorted((int(match["y"]), int(match["z"])))
    return tuple(range(first, last + 1))


def _read_short_range(match: re.Match[str], today: datetime.date) -> tuple[int, ...]:
    """2020–22; but 2020-09 is a month, and 2020–19 nothing."""
    first, last = int(match["y"]), int(match["y"][:2] + match["z"])
    return tuple(range(first, last + 1)) if 0 < last - first < MOST_COMPARED and last % 100 > 12 else ()


def _read_plan(match: re.Match[str], today: datetime.date) -> tuple[int, ...]:
    """The twelfth five-year plan is that of 2011 to 2015."""
    written = match["n"].lower()
    number = int(written) if written.isdecimal() else _NUMBER_WORDS[written] + (10 if len(written) == 1 else 0)
    first = 2011 + 5 * (number - 12)
    return tuple(range(first, first + 5)) if 9 <= number <= 20 else ()


def _read_decade(match: re.Match[str], today: datetime.date) -> tuple[int, ...]:
    return tuple(range(int(match["y"]), int(match["y"]) + 10))


def _read_last_years(match: re.Match[str], today: datetime.date) -> tuple[int, ...]:
    """The running year and those before it: in 2026 "the last three years" are 2024 to 2026."""
    written = (match.groupdict().get("n") or "3").lower()
    count = int(written) if written.isdecimal() else _NUMBER_WORDS[written]
    return tuple(range(today.year - count + 1, today.year + 1)) if 1 <= count <= 30 else ()


def _read_relative(match: re.Match[str], today: datetime.date) -> tuple[int, ...]:
    return (today.year + _AWAY[match["w"].lower()],)


def _read_relative_school_year(match: re.Match[str], today: datetime.date) -> tuple[int, ...]:
    # A school year begins in August or September.
    first = today.year - (today.month < 8) + _AWAY[match["w"].lower()]
    return (first, first + 1)


# A year stands free of letters, figures, currencies, codes and the brackets of document numbers.
_LEFT = r"(?<![A-Za-z0-9_$£€¥￥#〔【［\[-])(?<!\d[./,])"
_RIGHT = r"(?![A-Za-z0-9_〕】］\]]|[./]\d|,\d{3}(?!\d))"
_Y, _Z = r"(?P<y>(?:19|20)\d{2})", r"(?P<z>(?:19|20)\d{2})"
_DASH = r"[-–—―~～]{1,2}"
_SCHOOL = r"(?:academic|school|financial|fiscal|budget)"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec|spring|summer|autumn|fall|winter)"
)
_COUNT = r"\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten"
# "2025 pupils" and 2025名学生 count; "in 2025 pupils must …" and "the 2025 pupils" name a year.
_OF_TIME = "".join(
    rf"(?<!\b{word} \d{{4}})" for word in "in for by of the since from during after before until".split()
)
_COUNTED = (
    r"(?:pupils?|students?|teachers?|people|persons?|participants?|places?|yuan|pounds?|dollars?|euros?|hours?|minutes?"
    r"|words?|characters?|met(?:re|er)s?|km|kg|members?|children|families|households|copies|books|percent)\b"
)
_MEASURED = (
    r"[元名万亿千百%％块米字余台套亩]|人(?![工才员大])|个(?!别)|所(?!有)|位(?!于)|家(?![长校庭])|次(?!年)|份(?!额)"
    r"|项(?!目)|分(?![别配])|间(?!接)|多(?!元)|平方|公[里斤顷]"
)
_FIGURE = rf"(?!\s?(?:{_MEASURED}))(?!{_OF_TIME}\s{_COUNTED})(?<!room \d{{4}})(?<!page \d{{4}})(?<!article \d{{4}})"

_Read = Callable[[re.Match[str], datetime.date], tuple[int, ...]]
# In this order: what one pattern has read, those after it leave alone.
_PATTERNS: tuple[tuple[Kind, _Read, str], ...] = (
    (Kind.school_year, _read_school_year, rf"{_LEFT}{_Y}\s?[/–—-]\s?(?P<z>\d{{2}})(?!\d|[-/.]\d)"),
    (Kind.date, _read_year, rf"{_LEFT}{_Y}([-/.])(?:0?[1-9]|1[0-2])\2(?:[12]\d|3[01]|0?[1-9])(?!\d)"),
    (Kind.date, _read_year, rf"{_LEFT}{_Y}-(?:0[1-9]|1[0-2])(?![\d-])"),
    (Kind.date, _read_year, rf"(?<![\d/.])\d{{1,2}}([./])\d{{1,2}}\1{_Y}(?![\d/])"),
    (
        Kind.date,
        _read_year,
        rf"\b(?:{_DAY}\s(?:of\s)?)?{_MONTH}\b\.?,?\s(?:term\s|semester\s|of\s)?(?:{_DAY},?\s)?{_Y}{_RIGHT}",
    ),
    (
        Kind.date,
        _read_year,
        rf"{_LEFT}{_Y}\s?年度?\s?(?:\d{{1,2}}\s?月(?:份|\s?\d{{1,2}}\s?[日号])?|[春秋夏冬]季(?:学期)?"
        r"|[上下]半年|年?[底末])",
    ),
    (
        Kind.span,
        _read_plan,
        r"(?<![一二三四五六七八九十])[“\"‘]?十(?P<n>[一二三四五六])五(?![年个天名条项分岁])[”\"’]?",
    ),
    (Kind.span, _read_plan, r"第十(?P<n>[一二三四五六])个五年(?:规划|计划)?"),
    (Kind.span, _read_plan, r"\b(?P<n>\d{1,2})(?:st|nd|rd|th)[\s-](?:five|5)[\s-]?year\splan"),
    (
        Kind.span,
        _read_plan,
        r"\b(?P<n>eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth)[\s-](?:five|5)[\s-]?year\splan",
    ),
    # 2022-2023, and "starting in 2023 to 2024": a school year; 2022年—2023年: two years.
    (
        Kind.school_year,
        _read_school_year,
        rf"(?<!from )(?<!between ){_LEFT}{_Y}\s?(?:/|{_DASH})\s?{_Z}(?!\s?年){_RIGHT}",
    ),
    (
        Kind.school_year,
        _read_school_year,
        rf"{_LEFT}{_Y}\s?年?\s?(?:to|and|至|到|{_DASH})\s?{_Z}\s?年?(?:\s?学年度?|\s{_SCHOOL}\syear)",
    ),
    (
        Kind.school_year,
        _read_school_year,
        rf"\b{_SCHOOL}\syear\s(?:of\s)?{_Y}(?:\sto\s{_Z})?{_RIGHT}(?!\s?[/–—-]|\sto\s\d)",
    ),
    (
        Kind.school_year,
        _read_school_year,
        rf"(?:(?<=start in )|(?<=starts in )|(?<=starting in )){_Y}\sto\s{_Z}{_RIGHT}",
    ),
    (Kind.school_year, _read_school_year, rf"{_LEFT}{_Y}\s?(?:学年度?|\s{_SCHOOL}\syear\b)"),
    (Kind.compared, _read_range, rf"\bbetween\s{_Y}\sand\s{_Z}{_RIGHT}"),
    (
        Kind.compared,
        _read_range,
        rf"(?:\bfrom\s|\bbetween\s|从)?{_LEFT}{_Y}\s?年?\s?(?:{_DASH}|to|until|till|through|至|到)\s?{_Z}(?!\d)(?:\s?年度?)?",
    ),
    (Kind.compared, _read_short_range, rf"{_LEFT}{_Y}[–—-](?P<z>\d{{2}})(?!\d|[-/.]\d)"),
    (Kind.span, _read_decade, r"(?<!\w)(?P<y>(?:19|20)\d0)(?:s\b|年代)"),
    (Kind.span, _read_last_years, rf"\b(?:last|past|previous|recent)\s(?:(?P<n>{_COUNT})|few|several)\syears\b"),
    (Kind.span, _read_last_years, r"\brecent\syears\b|近几年|近年来?|这几年"),
    (Kind.span, _read_last_years, r"(?:最近|过去|[近这])(?P<n>\d{1,2}|[一二两三四五六七八九十])年(?!级)"),
    (Kind.school_year, _read_relative_school_year, rf"\b(?P<w>last|this|next|current)\s{_SCHOOL}\syear\b"),
    (Kind.school_year, _read_relative_school_year, r"(?P<w>[上本下])一?学年度?"),
    (Kind.year, _read_relative, r"\bthe\syear\s(?P<w>before\slast)\b"),
    (Kind.year, _read_relative, r"(?<!the )\b(?P<w>last|this|next|current)\syear\b(?!\sgroup|\sof\b)"),
    (Kind.year, _read_relative, r"(?<![以之此往目过])(?P<w>[去今明前后])年(?!龄|级)"),
    (Kind.year, _read_relative, r"(?P<w>[上本下])一?年度"),
    (Kind.year, _read_year, rf"{_LEFT}{_Y}\s?年度?(?!级)"),
    (Kind.year, _read_year, rf"{_LEFT}{_Y}{_RIGHT}{_FIGURE}"),
)  # fmt: skip


@lru_cache(maxsize=1)
def _compile_patterns() -> tuple[tuple[Kind, _Read, re.Pattern[str]], ...]:
    return tuple((kind, read, re.compile(pattern, re.IGNORECASE)) for kind, read, pattern in _PATTERNS)
