"""Tells the text layer of a PDF that is no text: codes without characters, noise that a bad OCR left."""

from __future__ import annotations

import re
import unicodedata

from store.words import CJK

# Fewer characters show nothing.
_ENOUGH = 40
# Rulers and leaders: the same sign many times is drawn, not written.
_RUN = re.compile(r"([^\w\s])\1+|_{2,}")
_CHINESE = re.compile(f"[{CJK}]")
_NO_CHARACTER = {"Cc", "Cn", "Co", "Cs"}
# Of the letters of a European language 33 to 50 in 100 are vowels; in noise, as many as come by chance.
_FEWEST_VOWELS = 0.28
_MOST_SIGNS = 0.25


def is_garbage(raw: str) -> bool:
    """Whether the text of a page, as it is stored, is no text of any language.

    So it is where a share of its codes name no character, where its Chinese characters are mostly ones
    that nobody uses, or where it is noise: signs among letters that have few vowels.
    """
    text = "".join(raw.split())
    if len(text) < _ENOUGH:
        return bool(text) and _nameless(text) > 0.5
    return _nameless(text) > 0.15 or _is_rare_chinese(text) or _is_noise(raw)


def _nameless(text: str) -> float:
    """The share of codes that stand for no character, and of U+FFFD."""
    return sum(sign == "\ufffd" or unicodedata.category(sign) in _NO_CHARACTER for sign in text) / len(text)


def _is_rare_chinese(text: str) -> bool:
    chinese = _CHINESE.findall(text)
    return len(chinese) >= _ENOUGH and sum(map(_is_usual, chinese)) < 0.7 * len(chinese)


def _is_usual(character: str) -> bool:
    """Whether a Chinese character is of the first level of GB 2312 or of Big5: the usual ones, 3755 and 5401."""
    simplified = character.encode("gb2312", "ignore")
    traditional = character.encode("big5", "ignore")
    return b"\xb0" <= simplified[:1] <= b"\xd7" or b"\xa4" <= traditional[:1] <= b"\xc6"


def _is_noise(raw: str) -> bool:
    text = "".join(_RUN.sub(r"\1", raw).split())
    plain = unicodedata.normalize("NFD", text)
    letters = [sign for sign in plain if "a" <= sign.lower() <= "z"]
    signs = sum(not (sign.isalnum() or unicodedata.category(sign) in {"Mn", "Mc", "Sc"}) for sign in text)
    if signs > 0.5 * len(text):
        return True
    vowels = sum(letter.lower() in "aeiouy" for letter in letters)
    few = len(letters) >= _ENOUGH and vowels < _FEWEST_VOWELS * len(letters)
    return few and (len(letters) > 0.5 * len(text) or signs > _MOST_SIGNS * len(text))
