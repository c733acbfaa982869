"""A backup brought back into a folder: checked whole before anything of it is put in its place."""

from __future__ import annotations

import hashlib
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from core.errors import BrokenBackupError, FullDiskError, UsageError
from core.version import VERSION
from store import records, tables
from store.catalogue import CATALOGUE_FILE, Catalogue
from store.claim import claim_folder
from store.disk import is_full
from store.manifest import MANIFEST, KeptFile, Manifest, is_inside, read_manifest
from store.sqlite import make_engine

# Below the store, so that what is unpacked is on its disk, and its folder may be one that is mounted.
_UNPACKED, _REPLACED = ".restored.half", ".replaced.half"
_LOCKS = frozenset({"writing.lock", "opening.lock"})
_LARGEST_MANIFEST = 100_000_000
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back with a backup."""

    manifest: Manifest
    notices: int
    passages: int
    conversations: int
    feedback: int


def restore(file: Path, folder: Path, *, replaces: bool = False) -> Restored:
    """Bring a backup back into a folder, which is made where it is missing; what came back.

    An older catalogue is brought up; where uploads lie is written anew. Raises BrokenBackupError for a backup that
    is damaged or of a newer version, UsageError where the folder has something in it and it does not replace it,
    StoreBusyError, FullDiskError: then nothing has changed.
    """
    if not file.is_file():
        raise UsageError(f"{file}: there is no such file", "Name the file of a backup.")
    folder.mkdir(parents=True, exist_ok=True)
    with claim_folder(folder):
        if _list_kept(folder) and not replaces:
            raise UsageError(
                f"{folder}: there is something in it",
                "Name an empty folder with --store, or say --replace: what is there is then deleted.",
            )
        unpacked = folder / _UNPACKED
        shutil.rmtree(unpacked, ignore_errors=True)
        try:
            unpacked.mkdir(mode=0o700)
            with _tell(file, folder):
                manifest = _unpack(file, unpacked)
            restored = _bring_up(manifest, unpacked, folder.resolve())
            _put_in_place(unpacked, folder)
        finally:
            shutil.rmtree(unpacked, ignore_errors=True)
    return restored


def _list_kept(folder: Path) -> list[Path]:
    """What is in a store's folder, without locks and what a restore that was killed has unpacked."""
    return [path for path in folder.iterdir() if path.name not in {_UNPACKED, _REPLACED, *_LOCKS}]


@contextmanager
def _tell(file: Path, folder: Path) -> Iterator[None]:
    """What goes wrong while a backup is read, as errors of the desk."""
    try:
        yield
    except (tarfile.TarError, zlib.error, EOFError) as error:
        raise BrokenBackupError(f"{file}: it is no whole backup ({error})") from error
    except OSError as error:
        if is_full(folder, error):
            raise FullDiskError(f"{folder}: the disk is full", "Make room there, then restore again.") from error
        raise BrokenBackupError(f"{file}: it cannot be read ({error})") from error


def _unpack(file: Path, unpacked: Path) -> Manifest:
    """Write every file of a backup below a folder; raises BrokenBackupError unless each is as the manifest says."""
    found: set[KeptFile] = set()
    written = b""
    with tarfile.open(file) as tar:
        for entry in tar:
            stream = tar.extractfile(entry) if entry.isreg() else None
            if stream is None or not is_inside(entry.name):
                raise BrokenBackupError(f"{file}: {entry.name!r} has no place in a store")
            if entry.name == MANIFEST:
                written = stream.read(_LARGEST_MANIFEST)
                continue
            target = unpacked / entry.name
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            digest, size = hashlib.sha256(), 0
            # A name that comes twice is an error of its own.
            with target.open("xb") as copy:
                while block := stream.read(_BLOCK):
                    copy.write(block)
                    digest.update(block)
                    size += len(block)
            found.add(KeptFile(path=entry.name, size=size, sha256=digest.hexdigest()))
    if not written:
        raise BrokenBackupError(f"{file}: it has no {MANIFEST}, so it is not whole or no backup")
    manifest = read_manifest(written, str(file))
    wrong = sorted({kept.path for kept in found.symmetric_difference(manifest.files)})
    if wrong:
        raise BrokenBackupError(f"{file}: {wrong[0]} is not as it was when the backup was made")
    if not (unpacked / CATALOGUE_FILE).is_file():
        raise BrokenBackupError(f"{file}: it holds no catalogue")
    if manifest.schema_version not in {*tables.UPGRADABLE, tables.SCHEMA_VERSION}:
        raise BrokenBackupError(
            f"{file}: written by Policy Desk {manifest.version}, whose tables (version {manifest.schema_version}) "
            f"this one, {VERSION}, does not know",
            "Nothing was changed. Restore it with a Policy Desk of that version or a newer one.",
        )
    return manifest


def _bring_up(manifest: Manifest, unpacked: Path, folder: Path) -> Restored:
    """Bring an older catalogue up, write anew where uploads lie, and count; raises BrokenStoreError."""
    catalogue = Catalogue(unpacked)
    catalogue.close()
    engine = make_engine(unpacked / CATALOGUE_FILE)
    with engine.begin() as connection:
        for table in (tables.files, tables.withdrawn):
            _move_locations(connection, table, f"{manifest.folder}/", f"{folder}/")
        notices, passages = _count(connection, tables.notices), _count(connection, tables.passages)
    engine.dispose()
    conversations, feedback = _count_records(unpacked)
    return Restored(manifest, notices, passages, conversations, feedback)


def _move_locations(connection: sa.Connection, table: sa.Table, old: str, new: str) -> None:
    """Let what lay in the folder of the store lie in its new one."""
    inside = sa.func.substr(table.c.location, 1, len(old)) == old
    moved = sa.literal(new).concat(sa.func.substr(table.c.location, len(old) + 1))
    connection.execute(sa.update(table).where(inside).values(location=moved))


def _count_records(unpacked: Path) -> tuple[int, int]:
    """(conversations, judgements) in a store's records; raises BrokenStoreError for those of another version."""
    opened = records.Records(unpacked)
    try:
        with opened.read() as connection:
            return _count(connection, records.conversations), _count(connection, records.feedback)
    finally:
        opened.close()


def _count(connection: sa.Connection, table: sa.Table) -> int:
    return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def _put_in_place(unpacked: Path, folder: Path) -> None:
    """Put the new store where the old one is; the old one is deleted when all is there, the catalogue last."""
    replaced = folder / _REPLACED
    shutil.rmtree(replaced, ignore_errors=True)
    replaced.mkdir(mode=0o700)
    for path in _list_kept(folder):
        path.rename(replaced / path.name)
    for path in sorted(_list_kept(unpacked), key=lambda path: path.name == CATALOGUE_FILE):
        path.rename(folder / path.name)
    shutil.rmtree(replaced, ignore_errors=True)
