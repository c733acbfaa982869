"""What a reader returns, and the canonical form of text that all readers share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from core.types import Page
from ingest.readers.radicals import replace_radicals
from store.words import CJK, content_terms


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest file in bytes, unpacked content in bytes, and the longest PDF in pages.

    One file is read for at most `seconds`, in a process that has at most `memory_mb` megabytes;
    `processes` read at once (0: as many as there are cores, at most 4).
    """

    file_bytes: int
    unpacked_bytes: int
    pages: int
    seconds: float = 300
    memory_mb: int = 2048
    processes: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """A file's canonical text, its pages where it has them, and what it says of itself.

    `properties` may hold title, issuer, number, issued_on, meeting_on, in_force_on, repealed_on, url, licence
    and language, unchecked; and what is less than that: page_title, of a page that has a heading too, author,
    a body or a person, site, whose site a page is on, and published_on, when it was put there.
    `holds_members` says that there are files inside of it, to be unpacked; the text may be '' then.
    """

    text: str
    pages: tuple[Page, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    holds_members: bool = False

    def with_warning(self, warning: str) -> Reading:
        """The same reading with one more warning."""
        return replace(self, warnings=(*self.warnings, warning))


# Nobody sees these, and a machine reads them: soft hyphens, spaces of no width, joiners, marks and turns of
# direction, fillers, the tag characters.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# A selector chooses the form of a Chinese character or a sign; behind others, or in a run, it may only carry letters.
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_STRAY_SELECTOR = re.compile(rf"(?<![{CJK}])[\ufe00-\ufe0d\U000e0100-\U000e01ef]|(?<=[{_SELECTORS}])[\ufe0e\ufe0f]")
# Words inside an override of direction stand on the page from right to left.
_OVERRIDDEN = re.compile("\u202e([^\u202a-\u202e\u2066-\u2069\n]*)[\u202c\u2069]?")
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


def make_canonical(text: str) -> str:
    """The canonical form: LF line ends, no control or invisible characters, no blank ends of lines or of the text.

    What stands from right to left by an override of direction, stands as it is seen, and a radical of the
    shape of a character is that character. Nothing else is changed: what is quoted has the characters of
    the source. Idempotent.
    """
    text = replace_radicals(text)
    text = _OVERRIDDEN.sub(lambda match: match.group(1)[::-1], _BREAKS.sub("\n", text))
    text = "".join(
        character for character in text if character in "\n\t" or unicodedata.category(character) not in {"Cc", "Cs"}
    )
    text = _STRAY_SELECTOR.sub("", _INVISIBLE.sub("", text))
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


def is_borne_out(title: str, text: str) -> bool:
    """Whether a title that only a file's properties give is one for its text: half of its words stand there.

    Nobody who reads the notice sees it, so it may be left over from another file, or planted.
    """
    wanted = set(content_terms(title))
    return bool(wanted) and 2 * len(wanted & set(content_terms(text))) >= len(wanted)
