"""Plain text, and the decoding of all text files: UTF-8, UTF-16 with its mark, or GB18030."""

from __future__ import annotations

import codecs
import re

from core.errors import WrongEncodingError
from ingest.readers.reading import Limits, Reading, make_canonical
from store.words import CJK

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def read(path: str, content: bytes, limits: Limits) -> Reading:
    """A .txt file; raises WrongEncodingError."""
    return Reading(make_canonical(decode(path, content)))


def decode(path: str, content: bytes) -> str:
    """The text of the bytes, which must be UTF-8, UTF-16 with a byte order mark, or GB18030.

    Nearly any bytes decode as GB18030, so what comes out must look like Chinese: most of the
    characters beyond ASCII are common ones. Raises WrongEncodingError.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decode_as(path, content[len(mark) :], encoding)
    if b"\x00" in content:
        raise WrongEncodingError(path, "there are NUL bytes in it: no text, or UTF-16 without its mark")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        text = _decode_as(path, content, "gb18030")
    if not _looks_chinese(text):
        raise WrongEncodingError(path, "it is neither UTF-8 nor GB18030")
    return text


def _decode_as(path: str, content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise WrongEncodingError(path, f"it is neither UTF-8 nor GB18030 (byte {error.start} fits neither)") from error


def _looks_chinese(text: str) -> bool:
    """Whether nine of ten characters beyond ASCII are those of the first national standard.

    GB 2312's first level (3,755 characters by frequency of use) and its punctuation are what a
    Chinese text is made of; mojibake falls over the whole code.
    """
    beyond = [character for character in text if ord(character) > 127]
    common = 0
    for character in beyond:
        try:
            encoded = character.encode("gb2312")
        except UnicodeEncodeError:
            continue
        first_level = 0xB0 <= encoded[0] <= 0xD7
        common += first_level or encoded[0] in (0xA1, 0xA3) or re.match(f"[{CJK}]", character) is not None
    return bool(beyond) and common >= 0.9 * len(beyond)
