"""Text as the tokens by which a quotation is compared: what a typist changes without changing a word is folded."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from store.words import CJK

_INVISIBLE = re.compile(
    "\u00ad\\s*\n\\s*|[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)
# Letters, figures and marks of full width; the comma stays, since in a list it parts figures.
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if code != 0xFF0C}
_DASHES = "-‐‑‒–—―−─⸺﹘﹣"
_TOKEN = re.compile(
    r"(?P<figure>\d{1,3}(?:[,，]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:[.,]\d+)*)"
    rf"|(?P<word>[^\W\d_{CJK}](?:[^\W\d_{CJK}]|[\u0300-\u036f])*)"
    rf"|(?P<han>[{CJK}])"
    r"|(?P<ellipsis>\.(?:[ \t]?\.){2,}|[…⋯]+|。{3,})"
    rf"|(?P<dash>[{_DASHES}]+)"
    r"|(?P<mark>\S)"
)
ELLIPSIS = "…"
QUOTE_MARK = "'"
_SAME = {
    **dict.fromkeys("“”„‟«»「」『』﹁﹂﹃﹄\"'‘’‚‛`´〝〞′″", QUOTE_MARK),
    **dict.fromkeys("。｡", "."),
    **dict.fromkeys("，﹐", ","),
    **dict.fromkeys("〔﹝", "["),
    **dict.fromkeys("〕﹞", "]"),
    **dict.fromkeys("～〜∼", "~"),
    **dict.fromkeys("・‧•", "·"),
    "､": "、",
    "∶": ":",
}
_ROUND_BULLET = re.compile(r"(?:(?<=\s)|^)[•▪◦‣●■◆➢⁃](?=\s|\Z)", re.MULTILINE)
_LINE_BULLET = re.compile(r"^[ \t]*([-+·○□–—])(?=[ \t])", re.MULTILINE)
_HAN = re.compile(f"[{CJK}]")
_LIGATURE = re.compile("[\ufb00-\ufb06]")
# Punctuation to Unicode, but a part of what is said.
_SAYS = frozenset("%‰&@#")


@dataclass(frozen=True, slots=True)
class Folded:
    """The tokens of a text in their order, and where each stands in it: [start, end) in code points."""

    tokens: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def fold(text: str, *, drop_bullets: bool = False) -> Folded:
    """A text as words, figures, single Chinese characters and marks, in time that grows with its length.

    White space parts words and is no token; invisible characters are left out; quotation marks of every
    kind are one token, so are dashes, a mark of full and of half width, an ellipsis. Case stays. An asterisk
    and a bullet (•) in front of a point are left out, with `drop_bullets` also a dash there.
    """
    dropped = {match.start() for match in _ROUND_BULLET.finditer(text)}
    if drop_bullets:
        dropped |= {match.start(1) for match in _LINE_BULLET.finditer(text)}
    plain, places = _drop_invisible(text.translate(_WIDE))
    tokens: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _TOKEN.finditer(plain):
        start, end = match.start(), match.end()
        if places is not None:
            start, end = places[start], places[end - 1] + 1
        if start not in dropped and not (match.group() == "*" and not _is_times(plain, match.start())):
            tokens.append(_name(match))
            starts.append(start)
            ends.append(end)
    return Folded(tuple(tokens), tuple(starts), tuple(ends))


def _is_times(text: str, at: int) -> bool:
    """Whether an asterisk stands between figures, and not for emphasis or a note."""
    return text[max(0, at - 1) : at].isdigit() and text[at + 1 : at + 2].isdigit()


def _drop_invisible(text: str) -> tuple[str, list[int] | None]:
    """The text without what nobody sees, and the place of each character that is left; None where all are."""
    if _INVISIBLE.search(text) is None:
        return text, None
    places: list[int] = []
    at = 0
    for match in _INVISIBLE.finditer(text):
        places += range(at, match.start())
        at = match.end()
    places += range(at, len(text))
    return "".join(text[place] for place in places), places


def _name(match: re.Match[str]) -> str:
    token = match.group()
    if match.lastgroup == "figure":
        return token.replace("，", ",")
    if match.lastgroup in ("word", "han"):
        composed = unicodedata.normalize("NFC", token)
        return _LIGATURE.sub(lambda found: unicodedata.normalize("NFKC", found.group()), composed)
    if match.lastgroup == "ellipsis":
        return ELLIPSIS
    return "-" if match.lastgroup == "dash" else _SAME.get(token, token)


def spell_plainly(text: str) -> str:
    """The words of a text as they are looked for: without line breaks or invisible characters within them."""
    parts: list[str] = []
    for token in fold(text).tokens:
        is_han = _HAN.match(token) is not None
        if parts and not (is_han and _HAN.match(parts[-1])):
            parts.append(" ")
        parts.append(token)
    return "".join(parts)


def is_mark(token: str) -> bool:
    """Whether a token is only punctuation: no word, figure or sign such as % and =."""
    return len(token) == 1 and token not in _SAYS and unicodedata.category(token).startswith("P")


def swap_first(token: str) -> str:
    """A word with its first letter in the other case."""
    return token[:1].swapcase() + token[1:]
