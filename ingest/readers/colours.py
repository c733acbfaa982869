"""Colours as files write them, and whether words of one can be seen on another."""

from __future__ import annotations

import re

Colour = tuple[float, float, float, float]
"""Red, green and blue from 0 to 255, and how much it covers, from 0 to 1."""

WHITE: Colour = (255, 255, 255, 1)
_NAMED: dict[str, Colour] = {
    "white": WHITE,
    "snow": (255, 250, 250, 1),
    "ivory": (255, 255, 240, 1),
    "ghostwhite": (248, 248, 255, 1),
    "floralwhite": (255, 250, 240, 1),
    "whitesmoke": (245, 245, 245, 1),
    "black": (0, 0, 0, 1),
    "transparent": (0, 0, 0, 0),
}
_PARTS = re.compile(r"rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)(?:[\s,/]+(\d*\.?\d+)(%)?)?\s*\)")
# So near to each other in red, green and blue that nobody reads the one on the other; so thin that nobody sees it.
_NEAR, _THINNEST = 16, 0.05


def read_colour(written: str, otherwise: Colour | None, *, behind: bool = False) -> Colour | None:
    """The colour that a style names; `otherwise` where it names none, None where it cannot be told.

    `behind`: of what is behind the words, where "transparent" shows what is further behind.
    """
    value = written.strip().lower()
    if not value or value in ("inherit", "unset", "initial", "none"):
        return otherwise
    colour = _NAMED.get(value) or _read_hexadecimal(value) or _read_parts(value)
    if behind and colour is not None and colour[3] < _THINNEST:
        return otherwise
    return colour


def are_alike(ink: Colour, paper: Colour | None) -> bool:
    """Whether nobody sees words of colour `ink` on `paper`; never where `paper` is not known."""
    if ink[3] < _THINNEST:
        return True
    return paper is not None and max(abs(a - b) for a, b in zip(ink[:3], paper[:3], strict=True)) < _NEAR


def _read_hexadecimal(value: str) -> Colour | None:
    """#rgb, #rrggbb, either with a last part for how much it covers, or six digits without the mark."""
    match = re.fullmatch(r"#?([0-9a-f]{3,8})", value)
    digits = match.group(1) if match else ""
    if len(digits) in (3, 4) and value.startswith("#"):
        digits = "".join(digit * 2 for digit in digits)
    if len(digits) not in (6, 8):
        return None
    red, green, blue, *cover = (int(digits[place : place + 2], 16) for place in range(0, len(digits), 2))
    return red, green, blue, cover[0] / 255 if cover else 1


def _read_parts(value: str) -> Colour | None:
    match = _PARTS.fullmatch(value)
    if match is None:
        return None
    red, green, blue = (float(part) for part in match.groups()[:3])
    cover = float(match.group(4) or 1) / (100 if match.group(5) else 1)
    return red, green, blue, cover
