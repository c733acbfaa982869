"""What a reader returns, and the canonical form of text that all readers share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from core.types import Page
from store.words import CJK


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest file in bytes, unpacked content in bytes, and the longest PDF in pages."""

    file_bytes: int
    unpacked_bytes: int
    pages: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A file's canonical text, its pages where it has them, and what it says of itself.

    `properties` may hold title, issuer, number, issued_on, url, licence and language, unchecked.
    """

    text: str
    pages: tuple[Page, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def with_warning(self, warning: str) -> Reading:
        """The same reading with one more warning."""
        return replace(self, warnings=(*self.warnings, warning))


_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


def make_canonical(text: str) -> str:
    """The canonical form: LF line ends, no control characters, no blank ends of lines or of the text.

    Nothing else is changed: what is quoted has the characters of the source. Idempotent.
    """
    text = _BREAKS.sub("\n", text)
    text = "".join(
        character for character in text if character in "\n\t" or unicodedata.category(character) not in {"Cc", "Cs"}
    ).replace("\ufeff", "")
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def join_lines(before: str, after: str) -> str:
    """Two lines of one paragraph as one: with a space, but none between Chinese characters."""
    if not before or not after:
        return before + after
    wide = rf"[{CJK}\u3000-\u303f\uff00-\uffef]"
    tight = re.match(wide, before[-1]) and re.match(wide, after[0])
    return f"{before}{'' if tight else ' '}{after}"


def fold_spaces(text: str) -> str:
    """Runs of white space, line ends too, as one space; Chinese lines join without one."""
    joined = ""
    for line in text.split("\n"):
        joined = join_lines(joined, re.sub(r"[^\S\u3000]+", " ", line).strip())
    return joined
