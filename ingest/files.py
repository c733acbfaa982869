"""The files below the folders named, with their rows of sources.csv; nothing else is ever opened."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from core.errors import IngestError, NoticeTooLargeError, SourcesError, UnreadableNoticeError
from ingest.readers import Limits
from ingest.sources import Sources, parse_sources, read_sources

TABLE = "sources.csv"
# A row for each of a hundred thousand notices; more is no table that a person made.
_LARGEST_TABLE = 50_000_000


@dataclass(frozen=True, slots=True)
class File:
    """A file to read: `path` is relative to the folder named; `row` is what sources.csv says of it.

    `row` is None where a sources.csv that may describe it cannot be read.
    """

    location: Path
    path: str
    row: Mapping[str, str] | None


@dataclass(slots=True)
class Found:
    """What was found: files in order of name, what is wrong, and what could not be looked into.

    `tables` holds the sources.csv of each folder that was asked for; None where it cannot be read.
    """

    files: list[File] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)
    unseen: list[Path] = field(default_factory=list)
    tables: dict[Path, Sources | None] = field(default_factory=dict)


def find_files(paths: Sequence[Path], known: Mapping[str, str]) -> Found:
    """Every regular file at or below `paths`, each once; hidden ones and links are left out.

    `known` gives the relative path under which a location was read before: a file that is named
    again from deeper down keeps that path, and the sources.csv of that folder.
    """
    found = Found()
    seen: set[Path] = set()
    for path in paths:
        location = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow a link
        root = location.resolve() if path.is_dir() else location.parent.resolve()
        files = sorted(_walk(root, found)) if path.is_dir() else [root / location.name]
        for file in files:
            if file.name == TABLE or file in seen:
                continue
            seen.add(file)
            top = _find_top(file, root, known)
            row = find_row(file, top, found)
            found.files.append(File(file, file.relative_to(top).as_posix(), row))
    return found


def _find_top(file: Path, root: Path, known: Mapping[str, str]) -> Path:
    """The folder to which the path of a file is relative: the one it was read from before, if that is above."""
    before = known.get(str(file))
    if before is not None:
        top = Path(str(file)[: -len(before)])
        if top / before == file and root.is_relative_to(top):
            return top
    return root


def find_row(file: Path, top: Path, found: Found, begin: Path | None = None) -> Mapping[str, str] | None:
    """What the nearest sources.csv, from the file's folder (or `begin`, above it) up to `top`, says of it."""
    broken = False
    begin = begin or file.parent
    for folder in [begin, *begin.parents]:
        table = _read_table(folder, top, found)
        if table is None:
            broken = True
        elif file in table.rows:
            return table.rows[file]
        if folder == top:
            break
    return None if broken else {}


def add_table(folder: Path, top: Path, content: bytes, members: Collection[Path], found: Found) -> None:
    """Let the sources.csv of a folder inside a file describe what lies there; `members` are all that do."""

    def is_there(location: Path) -> bool:
        return any(place in members for place in (location, *location.parents))

    def parse() -> Sources:
        if len(content) > _LARGEST_TABLE:
            raise SourcesError(TABLE, f"it is larger than {_LARGEST_TABLE / 1e6:.0f} MB")
        return parse_sources(folder / TABLE, content, is_there)

    if folder not in found.tables:
        _keep_table(folder, top, parse, found)


def _read_table(folder: Path, top: Path, found: Found) -> Sources | None:
    """The sources.csv of a folder, read once; None where it cannot be read."""
    if folder not in found.tables:
        _keep_table(folder, top, lambda: _open_table(folder / TABLE), found)
    return found.tables[folder]


def _keep_table(folder: Path, top: Path, read: Callable[[], Sources | None], found: Found) -> None:
    found.tables[folder] = None
    try:
        table = read()
        found.warnings += table.warnings if table else ()
        found.tables[folder] = table
    except IngestError as error:
        name = (folder / TABLE).relative_to(top).as_posix()
        found.failed.append((name, error.reason))
        found.advice.append(f"{name}: {error.help}")


def _open_table(location: Path) -> Sources | None:
    """What a sources.csv says, nothing where there is none; None where it is a link, a pipe or the like.

    The walk reports these. Raises SourcesError.
    """
    if not os.path.lexists(location):
        return Sources({})
    if _find_fault(location):
        return None
    if location.lstat().st_size > _LARGEST_TABLE:
        raise SourcesError(TABLE, f"it is larger than {_LARGEST_TABLE / 1e6:.0f} MB")
    return read_sources(location)


def _walk(root: Path, found: Found) -> Iterator[Path]:
    """Every regular file below `root`; what else there is, is reported by its name and left alone."""

    def report_unseen(error: OSError) -> None:
        folder = Path(str(error.filename))
        found.unseen.append(folder)
        found.failed.append((_name(folder, root), f"the folder cannot be opened ({error.strerror})"))

    for folder, subfolders, names in os.walk(root, followlinks=False, onerror=report_unseen):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        for name in [*names, *(n for n in subfolders if _is_link(Path(folder) / n))]:
            location = Path(folder) / name
            if name.startswith("."):
                continue
            fault = _find_fault(location)
            if fault:
                found.failed.append((_name(location, root), fault))
            else:
                yield location


def _is_link(location: Path) -> bool:
    """Whether a folder is a link; one whose path is too long to be looked at is met again when it is opened."""
    return os.path.islink(location)  # noqa: PTH114 - Path.is_symlink raises for such a path


def _find_fault(location: Path) -> str:
    """Why what stands at a location is not a file to read; '' where it is one."""
    try:
        os.fspath(location).encode("utf-8")
        mode = location.lstat().st_mode
    except UnicodeEncodeError:
        return "its name is not UTF-8; rename it"
    except OSError as error:
        return f"it cannot be looked at ({error.strerror})"
    if stat.S_ISLNK(mode):
        return "it is a link, which is not followed"
    return "" if stat.S_ISREG(mode) else "it is no regular file"


def _name(location: Path, root: Path) -> str:
    """A relative name that can be printed and stored whatever its bytes are."""
    return os.fspath(location.relative_to(root)).encode("utf-8", "replace").decode()


def read_bytes(path: str, location: Path, limits: Limits) -> bytes:
    """The content of a regular file; raises NoticeTooLargeError or UnreadableNoticeError, naming `path`."""
    fault = _find_fault(location)
    if fault:
        raise UnreadableNoticeError(path, fault, "Only regular files are read.")
    try:
        with open(location, "rb", opener=_open_regular) as stream:
            content = stream.read(limits.file_bytes + 1)
    except OSError as error:
        raise UnreadableNoticeError(
            path, f"it cannot be opened ({error.strerror})", "Check the file's permissions."
        ) from error
    if len(content) > limits.file_bytes:
        raise NoticeTooLargeError(path, f"it is larger than the limit of {limits.file_bytes / 1e6:.0f} MB")
    return content


def _open_regular(path: str, flags: int) -> int:
    """Open a regular file, and nothing that was put in its place after it was looked at; raises OSError."""
    handle = os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "it is no regular file any more")
    return handle
