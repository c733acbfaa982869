"""ISO dates, complete or not, as citations write them."""

from __future__ import annotations

import re

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
_DATE = re.compile(r"([1-9]\d{3})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?(?![-\d])", re.ASCII)


def read_date(written: str) -> tuple[int, ...]:
    """Year, month and day of an ISO date as far as it gives them; () where it is none."""
    match = _DATE.match(written.strip())
    return tuple(int(part) for part in match.groups() if part) if match else ()


def write_iso(parts: tuple[int, ...]) -> str:
    """2023-03-15, 2023-03, 2023, or ''."""
    return "-".join(f"{part:02}" for part in parts)


def write_date(issued_on: str, language: str) -> str:
    """An ISO date, complete or not, as the language writes it: 15 March 2023, 2023年3月15日; '' where it is none."""
    parts = read_date(issued_on)
    if language == "zh":
        return "".join(f"{value}{unit}" for value, unit in zip(parts, "年月日", strict=False))
    words = [str(parts[2])] if len(parts) > 2 else []
    words += [_MONTHS[parts[1] - 1]] if len(parts) > 1 else []
    return " ".join([*words, str(parts[0])]) if parts else ""


def write_american(parts: tuple[int, ...]) -> str:
    """March 15, 2023; March 2023; 2023; or ''."""
    if len(parts) < 2:
        return str(parts[0]) if parts else ""
    day = f" {parts[2]}," if len(parts) > 2 else ""
    return f"{_MONTHS[parts[1] - 1]}{day} {parts[0]}"


def write_year_first(parts: tuple[int, ...]) -> str:
    """2023, March 15; 2023, March; 2023; or ''."""
    if len(parts) < 2:
        return str(parts[0]) if parts else ""
    day = f" {parts[2]}" if len(parts) > 2 else ""
    return f"{parts[0]}, {_MONTHS[parts[1] - 1]}{day}"
