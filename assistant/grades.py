"""School grades in a text, ranges written out: "grades 3 to 6" holds grade 4, 三至六年级 holds 四年级."""

from __future__ import annotations

import re

_HAN = {figure: value for value, figure in enumerate("一二三四五六七八九", 1)}
_NUMBER = r"(\d{1,2}|[一二三四五六七八九])"
_ENGLISH = re.compile(r"(?i)\bgrades?\s+(\d{1,2}(?:\s*(?:,|and|or|to|through|[-–—])\s*\d{1,2})*)")
_CHINESE = re.compile(rf"{_NUMBER}(?:年级)?(?:\s*([至到、和—–-])\s*{_NUMBER})?年级")
_STEP = re.compile(r"(\d{1,2})(?:\s*(to|through|[-–—])\s*(\d{1,2}))?")


def read_grades(text: str) -> frozenset[int]:
    """The grades that a text names, those inside a range too; empty where it names none."""
    found: set[int] = set()
    for match in _ENGLISH.finditer(text):
        for first, _, last in _STEP.findall(match.group(1)):
            found |= set(range(int(first), int(last or first) + 1))
    for first, joint, last in _CHINESE.findall(text):
        start, end = _value(first), _value(last or first)
        found |= {start, end} if joint and joint in "、和" else set(range(start, end + 1))
    return frozenset(found)


def is_about_grades(question: str, sentence: str) -> bool:
    """False where both name grades and the sentence names none of those that are asked about."""
    asked, named = read_grades(question), read_grades(sentence)
    return not asked or not named or bool(asked & named)


def _value(figure: str) -> int:
    return _HAN.get(figure) or int(figure)
