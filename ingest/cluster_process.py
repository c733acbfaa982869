"""The process that speaks with Ray: tasks come in on stdin, what came of each goes out on stdout.

It is started by `ingest/cluster.py`. Ray ends the process that uses it, without a word to it, when the cluster
is gone; so that is this one, and the ingest is told.
"""

from __future__ import annotations

import faulthandler
import os
import pickle
import shutil
import signal
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from queue import PriorityQueue
from typing import Any, BinaryIO

from core.errors import ClusterError, UnreadableNoticeError
from ingest.cluster_work import EmbeddingTask, FileTask, Outcome, Task, work

# What the workers need of this project; the packages that it uses are installed there.
_ROOMS = ("core", "store", "ingest")
# So often a task is done again when its worker or machine dies under it.
_RETRIES = 2
# How often the cluster is looked at, and how long it may have no core or give no answer, in seconds.
_LOOK, _PATIENCE = 2.0, 60.0
# So many tasks are with Ray beside those that its cores work on: none waits for the next one to come.
_SPARE, _MOST = 1, 256


@dataclass(order=True, slots=True)
class _Waiting:
    """A task that waits to be sent: files before lots of texts, since what is not read cannot be embedded."""

    rank: tuple[bool, int]
    task: Task = field(compare=False)


class _Answers:
    """The pipe to the ingest, for many threads."""

    def __init__(self, pipe: BinaryIO) -> None:
        self._pipe = pipe
        self._lock = threading.Lock()

    def send(self, number: int, outcome: Outcome | int) -> None:
        """Say what came of the task of this number."""
        packed = pickle.dumps((number, outcome), pickle.HIGHEST_PROTOCOL)
        with self._lock:
            self._pipe.write(packed)
            self._pipe.flush()


def main() -> None:
    """Join the cluster at the address that comes first on stdin, then send on what comes, until stdin ends.

    The first answer is how many cores the cluster has, or the error that kept it from joining.
    """
    # Ctrl-C is for the ingest, which then closes the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Ray tells its makers how it is used, unless this is set.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    tasks, answers = sys.stdin.buffer, _take_stdout()
    address: str = pickle.load(tasks)  # noqa: S301 - the parent wrote it
    try:
        cores = _join(address)
    except Exception as error:
        # Ray has no tree of errors for this.
        answers.send(0, ClusterError(f"the Ray cluster at {address} does not take this process: {_shorten(error)}"))
        return
    answers.send(0, cores)
    waiting: PriorityQueue[_Waiting] = PriorityQueue()
    threading.Thread(target=_look_after, args=(waiting, answers), daemon=True).start()
    while True:
        try:
            number, task = pickle.load(tasks)  # noqa: S301
        except (EOFError, pickle.UnpicklingError):
            # The cluster sees that this process has gone, and ends what it still does for it.
            os._exit(0)
        waiting.put(_Waiting((isinstance(task, EmbeddingTask), number), task))


def _take_stdout() -> _Answers:
    """The pipe to the ingest: what a library prints goes to stderr."""
    pipe = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return _Answers(pipe)


def _join(address: str) -> int:
    """Connect, and send our code to the cluster, so that the workers run what this machine runs; its cores."""
    import ray

    root = Path(__file__).parent.parent
    with tempfile.TemporaryDirectory(prefix="policy-desk-") as folder:
        for room in _ROOMS:
            shutil.copytree(root / room, Path(folder) / room, ignore=shutil.ignore_patterns("__pycache__"))
        ray.init(
            address=address,
            log_to_driver=False,
            configure_logging=False,
            runtime_env={"working_dir": folder, "env_vars": {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}},
        )
    return _count_cores()


def _look_after(waiting: PriorityQueue[_Waiting], answers: _Answers) -> None:
    """Keep as many threads that send tasks as the cluster has cores; end this process where it is gone."""
    import ray

    remote = ray.remote(num_cpus=1, max_retries=_RETRIES)(work)
    threads = 0
    faulthandler.dump_traceback_later(_PATIENCE, exit=True)
    while True:
        cores = _count_cores()
        if cores > 0:
            faulthandler.dump_traceback_later(_PATIENCE, exit=True)
        for _ in range(threads, min(cores + _SPARE, _MOST) if cores else 0):
            threading.Thread(target=_send_on, args=(remote, waiting, answers), daemon=True).start()
            threads += 1
        time.sleep(_LOOK)


def _count_cores() -> int:
    """The cores that the cluster has for work at this moment."""
    import ray

    return int(ray.cluster_resources().get("CPU", 0))


def _send_on(remote: Any, waiting: PriorityQueue[_Waiting], answers: _Answers) -> None:
    """Have one task after the other done, and say what came of each."""
    import ray

    while True:
        next_one = waiting.get()
        try:
            outcome: Outcome = ray.get(remote.remote(next_one.task))
        except Exception as error:
            outcome = _explain(next_one.task, error)
        answers.send(next_one.rank[1], outcome)


def _explain(task: Task, error: Exception) -> ClusterError | UnreadableNoticeError:
    """What became of a task that the cluster gave up: a file that kills each worker is a file that failed."""
    from ray.exceptions import OutOfMemoryError, WorkerCrashedError

    if isinstance(task, FileTask) and isinstance(error, OutOfMemoryError | WorkerCrashedError):
        return UnreadableNoticeError(task.path, f"each of {_RETRIES + 1} workers of the cluster that read it ended")
    return ClusterError(f"the Ray cluster gave a task up: {_shorten(error)}")


def _shorten(error: Exception) -> str:
    """The last line of a message, which in Ray's says what happened, or the kind of error."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[-1].strip()}" if lines else type(error).__name__


if __name__ == "__main__":
    main()
