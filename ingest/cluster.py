"""Reads and embeds notices on a Ray cluster; what is written is written here, by whoever asks."""

from __future__ import annotations

import os
import pickle
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import IO, Any, cast

import numpy as np

from core.errors import ClusterError, MissingModelError, PolicyDeskError
from ingest.cluster_work import EmbeddingTask, FileTask, Task
from ingest.readers import Contents, Limits, Reading, Room
from store.embedder import Cut, Detail, Embedded, pack

_ROOT = Path(__file__).parent.parent
_COMMAND = (sys.executable, "-m", "ingest.cluster_process")
# Within so many seconds there is a server at the address, and the cluster has taken us in.
_REACHED, _JOINED = 5.0, 120.0
_LOCAL = "auto"
# Batches of passages under way: enough that no core waits, and no more than some hundred megabytes.
_FEWEST_AHEAD, _MOST_AHEAD = 2, 64


class Cluster:
    """A Ray cluster that reads as `Sandbox` does and embeds as `Embedder` does; a context manager.

    It is joined at the first task. Every future may raise ClusterError; the next task after that joins it again.
    """

    # So many files, of so many bytes together, are read before their turn.
    depth = 256
    heaviest = 200_000_000

    def __init__(
        self, address: str, limits: Limits, model: str, fingerprint: str, command: tuple[str, ...] = _COMMAND
    ) -> None:
        """`address`: HOST:PORT of the cluster's head, or 'auto' for the one that this machine is a node of.

        `model` is as the settings name it, `fingerprint` what the index is made with. Raises MissingModelError
        where Ray is not installed.
        """
        if find_spec("ray") is None:
            raise MissingModelError(
                "a Ray cluster is named, and the package ray is not installed",
                "Install it: pip install -r requirements-cluster.txt. Or leave out --ray and unset "
                "POLICY_DESK_RAY_ADDRESS: this machine then reads and embeds by itself.",
            )
        self._address = address
        self._limits = limits
        self._model = model
        self._fingerprint = fingerprint
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._cores = 1
        self._numbers = count(1)
        self._open: dict[int, Future[Any]] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Cluster:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Leave the cluster; what it still does for us is given up."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    @property
    def ahead(self) -> int:
        """So many batches of passages are embedded before the first of them is written."""
        return min(max(self._cores, _FEWEST_AHEAD), _MOST_AHEAD)

    def submit(self, path: str, content: bytes) -> Future[Reading]:
        """Begin to read a file; the future gives its reading or raises an IngestError that names `path`."""
        return cast("Future[Reading]", self._begin(FileTask(path, content, self._limits)))

    def unpack(self, path: str, content: bytes, room: Room) -> Contents:
        """What lies inside a file, unpacked now; raises an IngestError that names it or a member."""
        return cast(Contents, self._begin(FileTask(path, content, self._limits, room)).result())

    def embed(self, texts: Sequence[str], cuts: Sequence[Sequence[Cut]]) -> Embedding:
        """Begin to embed passages; `cuts` bounds the sentences of each, in order."""
        lots = pack(texts)
        futures = [
            self._begin(EmbeddingTask([texts[i] for i in lot], [cuts[i] for i in lot], self._model, self._fingerprint))
            for lot in lots
        ]
        return Embedding(lots, futures)

    def _begin(self, task: Task) -> Future[Any]:
        future: Future[Any] = Future()
        # The thread that listens forgets the process when it ends, at any moment.
        process = self._process
        if process is None:
            process = self._process = self._join()
        number = next(self._numbers)
        with self._lock:
            self._open[number] = future
        try:
            _send(process, (number, task))
        except OSError:
            # The thread that listens may have ended before it could see this one.
            self._fail(process)
        return future

    def _join(self) -> subprocess.Popen[bytes]:
        """A process that has joined the cluster; raises ClusterError within about two minutes."""
        self._reach()
        process = subprocess.Popen(  # noqa: S603 - our own module
            self._command,
            cwd=_ROOT,
            env={name: value for name, value in os.environ.items() if not name.startswith("POLICY_DESK_")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        timer = threading.Timer(_JOINED, process.kill)
        timer.daemon = True
        timer.start()
        try:
            _send(process, self._address)
            _, answer = _receive(process)
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            answer = ClusterError(f"the Ray cluster at {self._address} does not take this machine in")
            answer.__cause__ = error
        finally:
            timer.cancel()
        if isinstance(answer, PolicyDeskError):
            process.kill()
            process.wait()
            raise answer
        self._cores = cast(int, answer)
        threading.Thread(target=self._listen, args=(process,), daemon=True).start()
        return process

    def _reach(self) -> None:
        """Look whether anything listens at the address: Ray itself would wait for minutes."""
        if self._address == _LOCAL:
            return
        host, _, port = self._address.rpartition(":")
        try:
            socket.create_connection((host.strip("[]"), int(port)), _REACHED).close()
        except (OSError, ValueError, OverflowError) as error:
            raise ClusterError(f"there is no Ray cluster at {self._address}") from error

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        """Give each outcome to the future that waits for it, until the process ends."""
        try:
            with suppress(OSError, EOFError, pickle.UnpicklingError):
                while True:
                    self._take(*_receive(process))
        finally:
            self._fail(process)

    def _take(self, number: int, outcome: object) -> None:
        with self._lock:
            future = self._open.pop(number)
        if isinstance(outcome, PolicyDeskError):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)

    def _fail(self, process: subprocess.Popen[bytes]) -> None:
        """Tell all who wait that the cluster is gone."""
        process.kill()
        process.wait()
        if self._process is process:
            self._process = None
        with self._lock:
            left, self._open = self._open, {}
        for future in left.values():
            future.set_exception(ClusterError(f"the Ray cluster at {self._address} does not answer any more"))


class Embedding:
    """Passages that are being embedded in lots, each somewhere."""

    def __init__(self, lots: Sequence[Sequence[int]], futures: Sequence[Future[Embedded]]) -> None:
        self._lots = lots
        self._futures = futures

    def wait(self, progress: Callable[[int], None]) -> Embedded:
        """The vectors and details in the order of the passages; `progress` is told of each lot that is done.

        Raises ClusterError, MissingModelError.
        """
        vectors: dict[int, Any] = {}
        details: dict[int, Detail] = {}
        for lot, future in zip(self._lots, self._futures, strict=True):
            made = future.result()
            vectors |= zip(lot, made.vectors, strict=True)
            details |= zip(lot, made.details, strict=True)
            progress(len(lot))
        if not vectors:
            return Embedded(np.empty((0, 0), dtype=np.float32), ())
        order = range(len(vectors))
        return Embedded(np.stack([vectors[i] for i in order]), tuple(details[i] for i in order))


def _send(process: subprocess.Popen[bytes], message: object) -> None:
    pipe = cast(IO[bytes], process.stdin)
    pickle.dump(message, pipe, pickle.HIGHEST_PROTOCOL)
    pipe.flush()


def _receive(process: subprocess.Popen[bytes]) -> tuple[int, object]:
    number, outcome = pickle.load(cast(IO[bytes], process.stdout))  # noqa: S301 - our own process wrote it
    return number, outcome
