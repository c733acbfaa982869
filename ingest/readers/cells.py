"""What a cell of a sheet shows: a number or a date in the format that the sheet gives it."""

from __future__ import annotations

import datetime
import re

# Colours, conditions and places; what only widens a cell; letters that stand for themselves.
_ASIDE = re.compile(r"\[\$(?P<sign>[^\]-]*)[^\]]*\]|\[[^\]]*\]|_.|\*.|\\(?P<letter>.)|\"(?P<quoted>[^\"]*)\"")
_PLACES = re.compile(r"[#0?][#0?,]*(?:\.[#0?]*)?")


def write_cell(value: object, number_format: str) -> str:
    """A value as its reader sees it; dates as ISO 8601, or with 年月日 where the format has them."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.datetime | datetime.date):
        return _write_date(value, number_format)
    if isinstance(value, datetime.time):
        return value.isoformat("seconds" if value.second else "minutes")
    if isinstance(value, int | float):
        return _write_number(value, number_format)
    return str(value)


def _write_date(value: datetime.datetime | datetime.date, number_format: str) -> str:
    parts = re.sub(r"\[[^\]]*\]", "", number_format).lower()
    day, month = "d" in parts, "m" in parts or "d" in parts
    if "年" in parts:
        date = f"{value.year}年" + (f"{value.month}月" if month else "") + (f"{value.day}日" if day else "")
    else:
        date = value.strftime("%Y-%m-%d" if day or "y" not in parts else "%Y-%m" if month else "%Y")
    if not isinstance(value, datetime.datetime) or value.time() == datetime.time() or "h" not in parts:
        return date
    return f"{date} {value:%H:%M}"


def _write_number(value: float, number_format: str) -> str:
    """A number by the section of its format that is for its sign, and what stands around its places."""
    sections = number_format.split(";")
    own = 1 if value < 0 and len(sections) > 1 else 2 if value == 0 and len(sections) > 2 else 0
    literal = _ASIDE.sub(lambda match: match["sign"] or match["letter"] or match["quoted"] or "", sections[own])
    places = _PLACES.search(literal)
    if places is None:
        hidden = len(sections) > 1 and not literal.strip()
        return "" if hidden else _write_plain(value)
    if re.search(r"[eE][+-]|/", literal):
        return _write_plain(value)
    before, after = literal[: places.start()], literal[places.end() :]
    shown = abs(value) * (100 if "%" in after else 1)
    whole, _, decimals = places.group().partition(".")
    shown /= 1000 ** (len(whole) - len(whole.rstrip(",")))
    comma = "," if "," in whole.rstrip(",") else ""
    digits = f"{shown:{comma}.{len(decimals)}f}"
    if decimals.endswith("#"):
        digits = digits.rstrip("0").rstrip(".")
    digits = digits.rjust(whole.count("0"), "0") if not decimals and not comma else digits
    return f"{'-' if value < 0 and own == 0 else ''}{before}{digits}{after}".strip()


def _write_plain(value: float) -> str:
    """A number without a format: whole where it is, else without the noise of its last digits."""
    if isinstance(value, int) or value.is_integer():
        return str(int(value)) if abs(value) < 1e21 else repr(value)
    return repr(float(f"{value:.12g}"))
