"""What opens the items of a list: numbers, letters and bullets of lines, "first" and 一是 inside a paragraph."""

from __future__ import annotations

import re

_NUMERALS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")

# How a numbered or bulleted line begins: the series to which its marker belongs, and its numeral.
_BULLET = re.compile(r"\s*[*•●▪◦·\-–—]\s+")
_MARKERS = {
    "dotted": re.compile(r"\s*(\d{1,3})[.)）、](?!\d)"),
    "decimal": re.compile(r"\s*\d{1,2}(?:\.\d{1,2})*\.(\d{1,2})\.?\s+(?=[A-Z\u4e00-\u9fff])"),
    "bracketed": re.compile(r"\s*[(（](\d{1,3})[)）]"),
    "letter": re.compile(r"\s*[(（]?([a-h])[)）]\s"),
    "roman": re.compile(r"\s*[(（]([ivx]{1,4})[)）]\s"),
    "chinese": re.compile(r"\s*([一二三四五六七八九十]{1,3})、"),
    "chinese-bracketed": re.compile(r"\s*[（(]([一二三四五六七八九十]{1,3})[）)]"),
    "chinese-is": re.compile(r"\s*([一二三四五六七八九十])(?:是|要)(?!否)"),
    "article": re.compile(r"\s*(?:Article|Section|Clause)\s+(\d{1,3})\b[.:]?(?=\s)"),
    "chinese-article": re.compile(r"\s*第([一二三四五六七八九十百零〇\d]{1,5})条(?=\s)"),
    "chapter": re.compile(r"\s*第([一二三四五六七八九十百]{1,4})[章节](?=\s)"),
    "ordinal": re.compile(r"(?i)\s*(" + "|".join(_ORDINALS) + r")(?:ly)?(?=\s*[,:，]|\s+(?:is|of all)\b)"),
}

# Where a point begins inside a sentence or paragraph. The groups are tried in this order; one
# that occurs in its own order (first, second, …) makes the points.
_DIGITS = "一二三四五六七八九十"
_SERIES: tuple[tuple[str, ...], ...] = (
    tuple(rf"(?i:(?<![\w-]){word})(?:ly)?(?=\s*[,:，]|\s+(?:is|of all)\b)" for word in _ORDINALS),
    tuple(rf"(?<![第十百千万{_DIGITS}]){digit}是(?!否)" for digit in _DIGITS),
    tuple(rf"(?<![第十百千万唯统{_DIGITS}]){digit}要" for digit in _DIGITS),
    tuple(f"第{digit}[，,、]" for digit in _DIGITS),
    tuple(rf"(?<![\d.(]){number}[、.)）](?!\d)" for number in range(1, 11)),
    tuple(rf"[(（]{number}[)）]" for number in range(1, 11)),
    tuple(rf"[（(]{digit}[）)]" for digit in _DIGITS),
    tuple(rf"\({letter}\)" for letter in "abcdefghij"),
)


def find_points(body: str) -> list[int]:
    """Where the points of a paragraph's list begin: offsets in `body`, in order; [] if it has none.

    At least two, in the order of their series ("first", "second"; 一是, 二是; (1), (2)), each at the
    beginning or after a stop: "first and second grade" is no list.
    """
    for series in _SERIES:
        starts: list[int] = []
        position = 0
        for pattern in series:
            match = next(
                (m for m in re.compile(pattern).finditer(body, position) if _stands_apart(body, m.start())), None
            )
            if match is None:
                break
            starts.append(match.start())
            position = match.end()
        if len(starts) >= 2:
            return starts
    return []


def _stands_apart(body: str, start: int) -> bool:
    # A stop and a word such as "and" fit into so many characters; a whole prefix would cost the square.
    near = body[max(0, start - 24) : start]
    if not near.strip():
        return start <= 24
    return re.search(r"[;；,，.。:：、!！?？][\s”’」』]*(?:and\s+|以及|并)?$", near) is not None


def read_marker(line: str) -> tuple[str, int] | None:
    """The series and number with which an item opens: ("dotted", 3) for "3. …"; None if none does."""
    if _BULLET.match(line):
        return "bullet", 0
    for series, pattern in _MARKERS.items():
        match = pattern.match(line)
        if match is not None:
            return series, _read_numeral(match.group(1).lower())
    return None


def _read_numeral(numeral: str) -> int:
    if numeral.isdecimal():
        return int(numeral)
    if numeral in _ORDINALS:
        return _ORDINALS.index(numeral) + 1
    if numeral in _ROMAN and numeral not in "cdfgh":
        return _ROMAN.index(numeral) + 1
    if numeral.isascii():
        return ord(numeral[0]) - ord("a") + 1
    total, digit = 0, 0
    for character in numeral:
        if character in "十百":
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
        else:
            digit = _NUMERALS.get(character, 0)
    return total + digit
