"""The files from which notices were read, as they were then: each is given only if its digest is still the same."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import zipfile
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from io import BytesIO
from lzma import LZMAError
from pathlib import Path

from store.catalogue import Catalogue, FileRecord

# In bytes: a file, an archive, or what lies in one; larger ones are not given.
_LARGEST = 100_000_000
# How the library for archives fails on one that is damaged, locked, or packed in a way that it does not know.
_BAD_ARCHIVE = (zipfile.BadZipFile, zlib.error, LZMAError, EOFError, OSError, RuntimeError, ValueError)


@dataclass(frozen=True, slots=True)
class OriginalFile:
    """A file as it was read; `path` is relative to the folder that was named at ingest."""

    path: str
    content: bytes


def find_originals(catalogue: Catalogue, notice_ids: Collection[str]) -> dict[str, OriginalFile]:
    """For each notice the first of its files that is still there, unchanged; a notice without one is left out.

    A file in a ZIP archive is read out of it; one that lies deeper, or is attached to a mail, is left out.
    """
    found: dict[str, OriginalFile] = {}
    for record in catalogue.files():
        if record.notice_id in notice_ids and record.notice_id not in found:
            content = _read_as_it_was(record)
            if content is not None:
                found[record.notice_id] = OriginalFile(record.path, content)
    return found


def _read_as_it_was(record: FileRecord) -> bytes | None:
    for content in _read(Path(record.location)):
        if hashlib.sha256(content).hexdigest() == record.file_digest:
            return content
    return None


def _read(location: Path) -> Iterator[bytes]:
    """The file at a location, or the member of the archive in which that is; nothing where it cannot be read."""
    if os.path.lexists(location):
        yield from _read_file(location)
        return
    file = next((place for place in location.parents if os.path.lexists(place)), None)
    if file is not None:
        name = location.relative_to(file).as_posix()
        for content in _read_file(file):
            yield from _read_member(content, name)


def _read_file(location: Path) -> Iterator[bytes]:
    """The content of a regular file that no link leads to."""
    try:
        if location.resolve(strict=True) != location:
            return
        with open(location, "rb", opener=_open_regular) as stream:
            content = stream.read(_LARGEST + 1)
    except (OSError, RuntimeError):
        return
    if len(content) <= _LARGEST:
        yield content


def _open_regular(path: str, flags: int) -> int:
    """Open a regular file, and wait for no pipe; raises OSError."""
    handle = os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "it is no regular file")
    return handle


def _read_member(archive: bytes, name: str) -> Iterator[bytes]:
    """What an archive has under this name; of two, both."""
    try:
        with zipfile.ZipFile(BytesIO(archive)) as opened:
            for member in opened.infolist():
                if member.filename == name:
                    with opened.open(member) as stream:
                        content = stream.read(_LARGEST + 1)
                    if len(content) <= _LARGEST:
                        yield content
    except _BAD_ARCHIVE:
        return
