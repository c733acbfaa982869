"""store.disk: a disk that is full is said to be, and costs nothing that was in."""

from __future__ import annotations

import errno
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.archive import Archive
from store.disk import is_full
from store.embedder import Embedder
from tests.conftest import CORPUS, ROOT, take_in


def test_signs_of_a_full_disk(tmp_path: Path) -> None:
    hidden = RuntimeError("an engine failed")
    hidden.__cause__ = OSError(errno.ENOSPC, "")
    assert is_full(tmp_path, hidden)
    assert is_full(tmp_path, RuntimeError("(sqlite3.OperationalError) database or disk is full"))
    assert not is_full(tmp_path, RuntimeError("an engine failed"))
    assert not is_full(tmp_path / "gone", OSError(errno.ENOENT, ""))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of eight megabytes, which `mount -o remount,size=…` enlarges."""
    folder = tmp_path / "small"
    folder.mkdir()
    if shutil.which("mount") is None or _run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)):
        pytest.skip("no small disk can be mounted here")
    yield folder
    _run("umount", "-l", str(folder))


def _run(*command: str) -> int:
    return subprocess.run(command, capture_output=True, check=False).returncode


@pytest.mark.model
def test_a_full_disk_is_said_and_loses_nothing(small_disk: Path, tmp_path: Path, embedder: Embedder) -> None:
    first = tmp_path / "first"
    first.mkdir()
    shutil.copy(next(path for path in sorted((CORPUS / "samples").rglob("*.md"))), first)
    store = small_disk / "store"
    archive = Archive(store, embedder)
    take_in(archive, first)
    before = archive.catalogue.cards()
    archive.close()
    filler = small_disk / "filler"
    with filler.open("wb") as stream:
        stream.write(bytes(max(0, shutil.disk_usage(small_disk).free - 600_000)))
    run = subprocess.run(
        [sys.executable, "-m", "ingest", str(CORPUS), "--store", str(store)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 2
    assert "the disk is full" in run.stderr
    assert "Make room" in run.stderr
    assert "Traceback" not in run.stderr
    filler.unlink()
    assert _run("mount", "-o", "remount,size=300m", str(small_disk)) == 0
    opened = Archive(store, embedder)
    assert set(before) <= set(opened.catalogue.cards())
    take_in(opened, CORPUS)
    assert opened.check() == []
    clean = Archive(tmp_path / "clean", embedder)
    take_in(clean, first)
    take_in(clean, CORPUS)
    assert opened.catalogue.cards() == clean.catalogue.cards()
    opened.close()
    clean.close()
