"""Names of what lies inside a file: which are safe, which are left out, how a bad one is told."""

from __future__ import annotations

import re
import unicodedata

from core.errors import UnreadableNoticeError

# As long as any file system admits for a name, and longer than any folder of notices goes.
_LONGEST_PART, _LONGEST = 255, 1000
_DRIVE = re.compile("[A-Za-z]:")
# Characters that are not seen, break a line or turn it around.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# What systems leave in folders by themselves.
_CLUTTER = frozenset({"__macosx", "thumbs.db", "desktop.ini"})
_RENAME = "Unpack the archive, rename the file, and ingest the folder."


def tidy_name(written: str) -> str:
    """A name with '/' between its parts, without those that say nothing ('.', '')."""
    parts = written.replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", "."))


def find_fault(written: str) -> str:
    """Why a name, as it is written in an archive, is none for a file inside of it; '' where it is one."""
    slashed = written.replace("\\", "/")
    if slashed.startswith("/") or _DRIVE.match(slashed):
        return "its name points to a place outside of the archive"
    parts = [part for part in slashed.split("/") if part not in ("", ".")]
    if ".." in parts:
        return "its name points to a place outside of the archive"
    if not parts or not any(part.strip() for part in parts):
        return "it has no name"
    if any(unicodedata.category(character) in _UNSEEN for character in written):
        return "there are characters in its name that nobody sees"
    if len(written) > _LONGEST or any(len(part.encode("utf-8")) > _LONGEST_PART for part in parts):
        return "its name is too long"
    return ""


def is_clutter(name: str) -> bool:
    """Whether a tidy name is of a hidden file, or of one that a system leaves behind."""
    return any(part.startswith(".") or part.lower() in _CLUTTER for part in name.split("/"))


def clean_name(written: str) -> str:
    """The last part of a name that somebody gave to an attachment, fit to be a name; '' where nothing is left."""
    seen = "".join(c for c in written if unicodedata.category(c) not in _UNSEEN)
    last = re.split(r"[\\/]", seen)[-1].strip().lstrip(".")
    while len(last.encode("utf-8")) > _LONGEST_PART - 10:  # room for a number
        last = last[1:]
    return "" if find_fault(last) else last


def name_member(path: str, name: str) -> str:
    """How a member of the file `path` is called in a report: its name may hold anything."""
    shown = "".join("\ufffd" if unicodedata.category(character) in _UNSEEN else character for character in name)
    return f"{path}/{shown if len(shown) <= _LONGEST else shown[:100] + '…'}"


def refuse(path: str, name: str, reason: str, help: str | None = None) -> UnreadableNoticeError:
    """The error of a member that is not read."""
    return UnreadableNoticeError(name_member(path, name), reason, help or _RENAME)
