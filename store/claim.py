"""The right to write to the store of a folder: one process at a time has it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from core.errors import StoreBusyError


@contextmanager
def claim_folder(folder: Path, *, waits: bool = False) -> Iterator[None]:
    """The right to write until the block ends; a process that is killed loses it.

    Where another has it, raises StoreBusyError, or waits for it.
    """
    lock = FileLock(folder / "writing.lock", timeout=-1 if waits else 0)
    try:
        lock.acquire()
    except Timeout as error:
        raise StoreBusyError(f"{folder}: another ingest is writing") from error
    try:
        yield
    finally:
        lock.release()
