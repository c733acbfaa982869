"""A store written into one file while the desk answers: whole, or not there."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path, PurePath

from core.errors import BrokenStoreError, FullDiskError, StoreBusyError, UsageError
from core.version import VERSION
from store.catalogue import CATALOGUE_FILE
from store.claim import claim_folder
from store.disk import is_full
from store.manifest import FORMAT, MANIFEST, KeptFile, Manifest

# The first bytes of every file of SQLite, and how the files beside one are called.
_SQLITE = b"SQLite format 3\0"
_BESIDE = ("-wal", "-shm", "-journal")
# What ends so is of a process that is at work, or was.
_PASSING = (".lock", ".half")
# The index by its names in the folder: it is made anew from the catalogue where it is missing.
_INDEX = ("chroma", "words-*", "tantivy", "details-*.sqlite")
# An engine may tidy its files while they are copied; not so often in a row.
_TRIES = 5


def back_up(folder: Path, target: Path, *, with_index: bool = True, waits: bool = False) -> tuple[Path, Manifest]:
    """Write the store of a folder into the file `target`, or a new file in the folder `target`.

    Returns the file and what is in it. No ingest writes meanwhile; questions are answered, and what people leave at
    the desk is kept as it is at one moment. `.gz` at the end of the name packs it. Raises StoreBusyError,
    FullDiskError, BrokenStoreError, UsageError.
    """
    if not (folder / CATALOGUE_FILE).is_file():
        raise UsageError(f"{folder}: there is no store", "Name the folder of the store with --store.")
    file = _name_backup(folder.resolve(), target)
    half = file.with_name(f".{file.name}.half")
    with claim_folder(folder, waits=waits), _tell(folder, file):
        # Of a run that was killed.
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700)
        try:
            manifest = _write(folder, half, half / file.name, with_index=with_index)
            (half / file.name).rename(file)
            _settle(file.parent)
        finally:
            shutil.rmtree(half, ignore_errors=True)
    return file, manifest


def _name_backup(folder: Path, target: Path) -> Path:
    """The file to write; raises UsageError where it cannot be, or is there already."""
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    file = target.resolve() / f"policy-desk-{stamp}.tar" if target.is_dir() else target.resolve()
    if file.is_relative_to(folder):
        raise UsageError(f"{target}: that is in the store itself", "Name a place outside of it, best on another disk.")
    if not file.parent.is_dir():
        raise UsageError(f"{file.parent}: there is no such folder", "Make it first.")
    if file.exists():
        raise UsageError(f"{file}: there is a file of that name", "A backup replaces none: name another.")
    return file


@contextmanager
def _tell(folder: Path, file: Path) -> Iterator[None]:
    """What goes wrong while a backup is written, as errors of the desk."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        if is_full(file.parent, error):
            help = "Make room there, or name another disk; nothing was written under the backup's name."
            raise FullDiskError(f"{file.parent}: the disk is full", help) from error
        raise BrokenStoreError(
            f"{folder}: it cannot be backed up ({error})", "Check that its files can be read, then try again."
        ) from error


def _write(folder: Path, half: Path, file: Path, *, with_index: bool) -> Manifest:
    """Write the tar file, again where an engine has tidied its files meanwhile; raises StoreBusyError."""
    for _ in range(_TRIES):
        before = _look_at_index(folder)
        manifest = _write_once(folder, half, file, with_index=with_index)
        if not with_index or _look_at_index(folder) == before:
            return manifest
    raise StoreBusyError(f"{folder}: its index changes all the time", "Stop the desk, and back it up then.")


def _look_at_index(folder: Path) -> dict[str, tuple[int, int]]:
    """(size, time of the last change) of each file of the index that SQLite does not keep."""
    found = {}
    for path in _list_files(folder, with_index=True):
        if _is_index(path.relative_to(folder)) and not _is_sqlite(path):
            seen = path.stat()
            found[str(path)] = (seen.st_size, seen.st_mtime_ns)
    return found


def _write_once(folder: Path, half: Path, file: Path, *, with_index: bool) -> Manifest:
    kept: list[KeptFile] = []
    state: dict[str, str] = {}
    copy = half / "copy"
    with open(file, "wb", opener=_open_private) as stream:
        with tarfile.open(fileobj=stream, mode="w:gz" if file.name.endswith((".gz", ".tgz")) else "w") as tar:
            for path in _list_files(folder, with_index=with_index):
                name = path.relative_to(folder).as_posix()
                if not _copy(path, copy):
                    continue
                if name == CATALOGUE_FILE:
                    state = _read_state(copy)
                kept.append(_add(tar, copy, name))
            manifest = Manifest(
                format=FORMAT,
                version=VERSION,
                made_at=datetime.now(UTC).isoformat(timespec="seconds"),
                folder=str(folder.resolve()),
                schema_version=state.get("schema", ""),
                embedding_model=state.get("embedding_model"),
                with_index=with_index,
                files=tuple(kept),
            )
            copy.write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
            _add(tar, copy, MANIFEST)
        stream.flush()
        os.fsync(stream.fileno())
    return manifest


def _open_private(path: str, flags: int) -> int:
    """Open a file that its owner alone may read: it holds what people asked."""
    return os.open(path, flags, 0o600)


def _list_files(folder: Path, *, with_index: bool) -> list[Path]:
    """The files of a store, in order, without those that an engine keeps beside its own while it works.

    Raises UsageError for a link: what it leads to is not in the folder.
    """
    found = []
    for place, folders, names in os.walk(folder):
        for name in [*folders, *names]:
            if (Path(place) / name).is_symlink():
                raise UsageError(f"{Path(place) / name}: a backup follows no link", "Mount the folder there instead.")
        paths = (Path(place) / name for name in names if not name.endswith((*_BESIDE, *_PASSING)))
        found += [path for path in paths if with_index or not _is_index(path.relative_to(folder))]
    return sorted(found)


def _is_index(path: PurePath) -> bool:
    return any(fnmatch(path.parts[0], name) for name in _INDEX)


def _is_sqlite(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(len(_SQLITE)) == _SQLITE


def _copy(path: Path, copy: Path) -> bool:
    """Copy a file, one of SQLite as it is at one moment; False where it has gone: an upload that nobody took in."""
    copy.unlink(missing_ok=True)
    try:
        if not _is_sqlite(path):
            shutil.copyfile(path, copy)
            return True
    except FileNotFoundError:
        return False
    with (
        closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(copy)) as made,
    ):
        # All pages in one step: what is written meanwhile would have it begin again and again.
        source.backup(made, pages=-1)
    return True


def _add(tar: tarfile.TarFile, copy: Path, name: str) -> KeptFile:
    """Write a file into the tar file under a name."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = copy.stat().st_size, 0o600, int(copy.stat().st_mtime)
    with copy.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        stream.seek(0)
        tar.addfile(entry, stream)
    return KeptFile(path=name, size=entry.size, sha256=digest)


def _read_state(catalogue: Path) -> dict[str, str]:
    """What a catalogue says of itself."""
    with closing(sqlite3.connect(catalogue)) as connection:
        return dict(connection.execute("SELECT key, value FROM state").fetchall())


def _settle(folder: Path) -> None:
    """Have the disk keep a new name in a folder, where the system can be asked to."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
