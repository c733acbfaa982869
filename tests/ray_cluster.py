"""A real Ray cluster on this machine: a head with one core, another node with one; both are gone at the end."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.services import find_port

_STARTED = 90.0
# What every node is started with: no message to Ray's makers, no page, and as little memory as Ray takes.
_QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_DISABLE_IMPORT_WARNING": "1", "OMP_NUM_THREADS": "1"}
_NODE = ("--num-cpus", "1", "--object-store-memory", "100000000", "--block")


class Nodes:
    """The nodes of a cluster, by the sessions of their processes; `address` is that of its head."""

    def __init__(self, folder: Path) -> None:
        self.address = f"127.0.0.1:{find_port()}"
        self._folder = folder
        self._sessions: list[subprocess.Popen[bytes]] = []

    def start(self, count: int) -> None:
        """Start the head and the other nodes; skip the test where Ray does not start here."""
        port = self.address.rpartition(":")[2]
        client = ("--ray-client-server-port", str(find_port()))
        self._start("--head", "--port", port, "--temp-dir", str(self._folder), "--include-dashboard=false", *client)
        self._wait(1)
        for _ in range(count - 1):
            self._start("--address", self.address)
        self._wait(count)

    def _start(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "ray.scripts.scripts", "start", *arguments, *_NODE]
        log = (self._folder / f"node-{len(self._sessions)}.log").open("wb")
        self._sessions.append(
            subprocess.Popen(
                command, env=os.environ | _QUIET, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        )
        log.close()

    def _wait(self, count: int) -> None:
        """Until so many nodes say that they run."""
        deadline = time.monotonic() + _STARTED
        logs = [self._folder / f"node-{place}.log" for place in range(count)]
        while not all("Ray runtime started" in log.read_text(errors="replace") for log in logs):
            if time.monotonic() > deadline or any(node.poll() is not None for node in self._sessions):
                told = "\n".join(log.read_text(errors="replace")[-500:] for log in logs)
                pytest.skip(f"Ray does not start here: {told}")
            time.sleep(0.2)

    def find_workers(self) -> list[int]:
        """The processes that do a task of an ingest at this moment."""
        return [pid for pid in self._list_processes() if _name(pid) == "ray::work"]

    def _list_processes(self) -> list[int]:
        """The processes of all nodes: each node is a session, and its workers are groups in it."""
        sessions = {node.pid for node in self._sessions}
        numbers = [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit()]
        return [pid for pid in numbers if _find_session(pid) in sessions]

    def kill(self) -> None:
        """Kill every process of every node, as where the power fails."""
        for pid in self._list_processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for node in self._sessions:
            node.wait()


@contextmanager
def run_ray(nodes: int) -> Iterator[Nodes]:
    """A cluster of so many nodes; the test is skipped where Ray is not installed or does not start."""
    if find_spec("ray") is None:
        pytest.skip("Ray is not installed: pip install -r requirements-cluster.txt")
    if not Path("/proc/self/cmdline").exists():
        pytest.skip("the processes of a cluster are found by /proc, which is not here")
    # The paths of sockets below it are near to the longest that there may be.
    folder = Path(tempfile.mkdtemp(prefix="ray-", dir="/tmp"))
    cluster = Nodes(folder)
    try:
        cluster.start(nodes)
        yield cluster
    finally:
        cluster.kill()
        shutil.rmtree(folder, ignore_errors=True)


def _find_session(pid: int) -> int:
    """The session of a process; 0 where it has gone."""
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return 0


def _name(pid: int) -> str:
    """What a process calls itself; '' where it has gone."""
    try:
        return (Path("/proc") / str(pid) / "cmdline").read_bytes().split(b"\0")[0].decode(errors="replace").strip()
    except OSError:
        return ""
