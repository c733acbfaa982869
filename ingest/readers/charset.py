"""Bytes of text become characters: by mark, as UTF-8, UTF-16, GB18030, Big5, Windows-1252, or line by line."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.errors import WrongEncodingError
from store.words import CJK

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# So great a share of the characters beyond ASCII must be common ones: mojibake falls over the whole code.
_COMMON = 0.9
# … and in a Western text so small a share are beyond ASCII at all.
_FEW_BEYOND = 0.08
_WESTERN = re.compile("[\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026\u20ac\u2122£§©®°±·½¼¾×\u00a0À-ÖØ-öø-ÿŒœŠšŽžŸ]")
# Of so many Chinese characters one at least is sounded S to Z.
_ENOUGH, _LAST_SYLLABLE = 10, 0xC8
# So few NULs are dirt; more are another encoding.
_FEW_NULS = 0.01


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and what must be told about how it was read."""

    text: str
    warnings: tuple[str, ...] = ()


def decode(path: str, content: bytes) -> Decoded:
    """The text of some bytes; raises WrongEncodingError, naming `path`, where nobody can tell how to read them.

    Nearly any bytes decode as GB18030 or Big5, so what comes out must look like Chinese.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _drop_nuls(_decode_as(path, content[len(mark) :], encoding))
    if b"\x00" in content:
        if wide := _decode_wide(content):
            return wide
        if content.count(b"\x00") > _FEW_NULS * len(content):
            raise WrongEncodingError(path, "there are NUL bytes in it: it is no text")
        return _drop_nuls(_decode_narrow(path, content))
    return _decode_narrow(path, content)


def _decode_narrow(path: str, content: bytes) -> Decoded:
    """Bytes without a mark, in an encoding of which ASCII is a part."""
    try:
        return Decoded(content.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    return (
        _decode_chinese(content, "gb18030", _is_common_simplified)
        or _decode_chinese(content, "big5hkscs", _is_common_traditional, "it was read as Big5: check the characters")
        or _decode_by_line(content)
        or _decode_western(content)
        or _refuse(path)
    )


def _refuse(path: str) -> Decoded:
    raise WrongEncodingError(path, "it is neither UTF-8 nor GB18030, Big5 or Windows-1252")


def _decode_as(path: str, content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise WrongEncodingError(
            path, f"its mark says {encoding.upper()}, but byte {error.start} does not fit"
        ) from error


def _drop_nuls(found: Decoded | str) -> Decoded:
    decoded = Decoded(found) if isinstance(found, str) else found
    if "\x00" not in decoded.text:
        return decoded
    return Decoded(decoded.text.replace("\x00", ""), (*decoded.warnings, "NUL characters in it were left out"))


def _decode_wide(content: bytes) -> Decoded | None:
    """UTF-16 without its mark: what comes out is letters and Chinese, and the NULs are gone."""
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        usual = len(re.findall(rf"[\x20-\x7e\n\r\t\u3000-\u303f\uff00-\uffef{CJK}]", text))
        if "\x00" not in text and usual >= _COMMON * len(text):
            return Decoded(text, (f"it has no mark and was read as {encoding.upper()}",))
    return None


def _decode_chinese(
    content: bytes, encoding: str, is_common: Callable[[str], bool], warning: str = ""
) -> Decoded | None:
    """Chinese in this encoding; None where it does not fit, or does not look like Chinese."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    beyond = [character for character in text if ord(character) > 127]
    common = sum(map(is_common, beyond))
    if not beyond or common < _COMMON * len(beyond) or (encoding == "gb18030" and _may_be_korean(beyond)):
        return None
    return Decoded(text, (warning,) if warning else ())


def _may_be_korean(characters: Sequence[str]) -> bool:
    """Whether none of these is sounded S to Z: where EUC-KR has its syllables, GB 2312 has the sounds A to R only."""
    chinese = [character.encode("gb18030")[0] for character in characters if re.match(f"[{CJK}]", character)]
    return len(chinese) >= _ENOUGH and max(chinese) <= _LAST_SYLLABLE


def _is_common_simplified(character: str) -> bool:
    """Whether a character is of GB 2312's first level (3,755 by frequency of use), its punctuation, or its figures."""
    try:
        encoded = character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return 0xB0 <= encoded[0] <= 0xD7 or encoded[0] in (0xA1, 0xA3) or re.match(f"[{CJK}]", character) is not None


def _is_common_traditional(character: str) -> bool:
    """Whether a character is of Big5's first level (5,401 by frequency of use) or its punctuation."""
    try:
        encoded = character.encode("big5")
    except UnicodeEncodeError:
        return False
    return 0xA1 <= encoded[0] <= 0xC6


def _decode_by_line(content: bytes) -> Decoded | None:
    """Lines of which some are UTF-8 and others GB18030, as where files were joined; None where that does not fit."""
    lines: list[str] = []
    known, others = 0, []
    for number, line in enumerate(content.split(b"\n"), 1):
        try:
            lines.append(line.decode("utf-8"))
            known += not line.isascii()
            continue
        except UnicodeDecodeError:
            found = _decode_chinese(line, "gb18030", _is_common_simplified)
        if found is None:
            return None
        lines.append(found.text)
        others.append(number)
    if not known:
        return None
    named = ", ".join(map(str, others[:5])) + (" …" if len(others) > 5 else "")
    return Decoded("\n".join(lines), (f"it mixes encodings: it was read as UTF-8, line {named} as GB18030",))


def _decode_western(content: bytes) -> Decoded | None:
    """Windows-1252: English with a few typographic signs, pound signs and accents."""
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        return None
    beyond = [character for character in text if ord(character) > 127]
    if len(beyond) > _FEW_BEYOND * len(text) or not all(map(_WESTERN.match, beyond)):
        return None
    return Decoded(text, ("it was read as Windows-1252",))
