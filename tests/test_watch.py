"""ingest.watch: what changes in a folder reaches the desk, and nothing is lost while it is busy."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from core.errors import PolicyDeskError, StoreBusyError, UnreachableStoreError
from ingest.watch import keep_up

_PATIENCE = 60


def _wait(until: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + _PATIENCE
    while not until() and time.monotonic() < deadline:
        time.sleep(0.05)
    return until()


@pytest.fixture
def stop() -> Iterator[Event]:
    event = Event()
    yield event
    event.set()


def test_what_changes_is_read(tmp_path: Path, stop: Event) -> None:
    seen: list[set[str]] = []
    (tmp_path / "a.txt").write_text("first", encoding="utf-8")

    def look() -> None:
        seen.append({file.name for file in tmp_path.rglob("*.txt")})

    watching = Thread(target=keep_up, args=([tmp_path], look, stop))
    watching.start()
    assert _wait(lambda: bool(seen))
    assert seen == [{"a.txt"}]
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.txt").write_text("second", encoding="utf-8")
    assert _wait(lambda: seen[-1] == {"a.txt", "b.txt"})
    (tmp_path / "a.txt").unlink()
    assert _wait(lambda: seen[-1] == {"b.txt"})
    stop.set()
    watching.join(_PATIENCE)
    assert not watching.is_alive()


def test_what_changes_during_a_run_is_read_after_it(tmp_path: Path, stop: Event) -> None:
    seen: list[set[str]] = []

    def look() -> None:
        seen.append({file.name for file in tmp_path.iterdir()})
        if len(seen) == 1:
            (tmp_path / "late.txt").write_text("late", encoding="utf-8")

    watching = Thread(target=keep_up, args=([tmp_path], look, stop))
    watching.start()
    assert _wait(lambda: bool(seen) and seen[-1] == {"late.txt"})
    stop.set()
    watching.join(_PATIENCE)


def test_a_busy_store_is_tried_again(tmp_path: Path, stop: Event) -> None:
    tries: list[int] = []

    def busy_twice() -> None:
        tries.append(len(tries))
        if len(tries) < 3:
            raise StoreBusyError("another ingest is writing")

    watching = Thread(target=keep_up, args=([tmp_path], busy_twice, stop))
    watching.start()
    assert _wait(lambda: len(tries) >= 3)
    stop.set()
    watching.join(_PATIENCE)
    assert not watching.is_alive()


def test_a_server_that_is_gone_is_told_once_and_tried_again(tmp_path: Path, stop: Event) -> None:
    tries: list[int] = []
    told: list[PolicyDeskError] = []

    def gone_at_times() -> None:
        tries.append(len(tries))
        if len(tries) in (1, 2, 4):
            raise UnreachableStoreError("no answer")

    watching = Thread(target=keep_up, args=([tmp_path], gone_at_times, stop, told.append))
    watching.start()
    assert _wait(lambda: len(tries) == 3)
    assert len(told) == 1
    (tmp_path / "a.txt").write_text("new", encoding="utf-8")
    assert _wait(lambda: len(tries) == 5)
    assert len(told) == 2
    stop.set()
    watching.join(_PATIENCE)
    assert not watching.is_alive()


def test_any_other_error_ends_it(tmp_path: Path) -> None:
    def fail() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        keep_up([tmp_path], fail)


@pytest.mark.model
def test_the_command_reads_what_is_dropped_in(tmp_path: Path) -> None:
    folder = tmp_path / "notices"
    folder.mkdir()
    command = [
        sys.executable,
        "-m",
        "ingest",
        str(folder),
        "--watch",
        "--prune",
        "--json",
        "--store",
        str(tmp_path / "s"),
    ]
    # Whoever runs the tests in the background may ignore SIGINT, and the process would take that over.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as running:
        try:
            assert running.stdout is not None
            assert json.loads(running.stdout.readline())["added"] == 0
            notice = folder / "meals.txt"
            notice.write_text("Notice on meals\n\nThe lunch fee is 12 yuan a day.\n", encoding="utf-8")
            assert json.loads(running.stdout.readline())["added"] == 1
            notice.unlink()
            assert json.loads(running.stdout.readline())["removed"] == 1
            running.send_signal(signal.SIGINT)
            assert running.wait(_PATIENCE) == 0
        finally:
            running.kill()
            signal.signal(signal.SIGINT, before)
