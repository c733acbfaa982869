"""The keys of the API: made, kept as digests in a file, and recognised."""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import re
import secrets
from pathlib import Path
from threading import Lock

from core.errors import UsageError

_LOG = logging.getLogger(__name__)
_NAME = re.compile(r"[\w.@-]{1,64}")
_LINE = re.compile(rf"({_NAME.pattern})\s+([0-9a-f]{{64}})")
_FORMAT = "Each line is a name and the SHA-256 of a key: `python -m serving --make-key NAME` adds one."


class KeyRing:
    """The keys of a file, read again when it changes, so that a line taken out admits nobody from then on."""

    def __init__(self, file: Path) -> None:
        """Raises UsageError for a file that cannot be read or has no key."""
        self._file = file
        self._lock = Lock()
        self._seen = _look_at(file)
        self._digests = _read(file)

    def recognise(self, key: str) -> str | None:
        """The name of a key, None where it is not known; every line is compared, in constant time."""
        digest = _digest(key)
        named = None
        for name, known in self._current():
            if hmac.compare_digest(digest, known):
                named = name
        return named

    def _current(self) -> list[tuple[str, str]]:
        with self._lock:
            seen = _look_at(self._file)
            if seen != self._seen:
                try:
                    self._digests = _read(self._file)
                except UsageError as error:
                    # Nobody is admitted by a file that cannot be read.
                    _LOG.error("%s", error)
                    self._digests = []
                self._seen = seen
            return self._digests


def make_key(file: Path, name: str) -> str:
    """A new key, its digest added to the file under a name; raises UsageError for a bad name, or one in use."""
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name for a key", "Use up to 64 letters, digits, and . _ - @.")
    if file.exists() and any(name == known for known, _ in _read(file, may_be_empty=True)):
        raise UsageError(f"there is a key of the name {name!r}", "Take its line out of the file, or use another name.")
    key = secrets.token_urlsafe(32)
    try:
        ends = not file.exists() or file.read_bytes()[-1:] in (b"", b"\n")
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a", encoding="utf-8") as stream:
            stream.write(f"{'' if ends else chr(10)}{name} {_digest(key)}\n")
    except OSError as error:
        raise UsageError(f"{file}: it cannot be written ({error.strerror})", "Check POLICY_DESK_API_KEYS.") from error
    return key


def _digest(key: str) -> str:
    # A key has 256 random bits: it needs no slow hash against guessing.
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


def _look_at(file: Path) -> tuple[int, int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _read(file: Path, *, may_be_empty: bool = False) -> list[tuple[str, str]]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: the keys cannot be read ({error})", "Check POLICY_DESK_API_KEYS.") from error
    keys: list[tuple[str, str]] = []
    for number, line in enumerate(lines, start=1):
        words = line.strip()
        if not words or words.startswith("#"):
            continue
        match = _LINE.fullmatch(words)
        if match is None:
            raise UsageError(f"{file}, line {number}: it is no name with a SHA-256", _FORMAT)
        keys.append((match.group(1), match.group(2)))
    if not keys and not may_be_empty:
        raise UsageError(f"{file}: there is no key in it", _FORMAT)
    return keys
