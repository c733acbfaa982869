"""Reads files that may be hostile in processes of their own, several at once, under limits of time and memory.

A process is reused for many files. One that is late is killed, one that dies is replaced; either costs
the file that it was reading. The processes are started afresh rather than by `multiprocessing`, whose
children import the parent's main module, and with it the store and its engines.
"""

from __future__ import annotations

import os
import pickle
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol, TypeVar

from core.errors import IngestError, NoticeTooLargeError, UnreadableNoticeError
from ingest.readers import Contents, Limits, Reading, Room
from ingest.reading_process import OUT_OF_MEMORY

_ROOT = Path(__file__).parent.parent
_COMMAND = (sys.executable, "-m", "ingest.reading_process")
_MOST_PROCESSES = 4
# What may come back from a process that a hostile file may have taken over: nothing else is made of its answer.
_ADMITTED = frozenset({"core.errors", "core.types", "ingest.readers.contents", "ingest.readers.reading"})

# The variables that may hold keys.
_SECRET = ("POLICY_DESK_", "RAY_")
# Given back at once, large pieces of memory do not pile up from one picture of a page to the next (glibc).
_MEMORY = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "1000000"}

_Item = TypeVar("_Item")
_Begun = TypeVar("_Begun")
_Answer = TypeVar("_Answer")


class Reader(Protocol):
    """Whoever reads files: the sandbox, or a cluster of machines that each have one."""

    @property
    def depth(self) -> int:
        """So many files are read before their turn."""

    @property
    def heaviest(self) -> int:
        """So many bytes they may have together, but for the file whose turn it is."""

    def submit(self, path: str, content: bytes) -> Future[Reading]:
        """Begin to read a file; the future gives its reading or raises an IngestError that names `path`."""

    def unpack(self, path: str, content: bytes, room: Room) -> Contents:
        """What lies inside a file; raises an IngestError that names it or a member."""


class Sandbox:
    """Processes that read files; a context manager, at whose end they are gone. None starts before the first file.

    `command` is what is run as a process; it speaks as `ingest/reading_process.py` does.
    """

    def __init__(self, limits: Limits, command: tuple[str, ...] = _COMMAND) -> None:
        count = limits.processes or min(_MOST_PROCESSES, _count_cores())
        self.depth = 2 * count
        self.heaviest = self.depth * limits.file_bytes
        self._workers = [_Worker(limits, command) for _ in range(count)]
        self._idle: queue.LifoQueue[_Worker] = queue.LifoQueue()
        for worker in self._workers:
            self._idle.put(worker)
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="reading")

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:
            worker.close()
        self._threads.shutdown(wait=True)

    def submit(self, path: str, content: bytes) -> Future[Reading]:
        """Begin to read a file; the future gives its reading or raises an IngestError that names `path`."""
        return self._threads.submit(self._ask, path, (path, content), Reading)

    def unpack(self, path: str, content: bytes, room: Room) -> Contents:
        """What lies inside a file, unpacked now; raises an IngestError that names it or a member."""
        return self._ask(path, (path, content, room), Contents)

    def _ask(self, path: str, question: object, kind: type[_Answer]) -> _Answer:
        worker = self._idle.get()
        try:
            return worker.answer(path, question, kind)
        finally:
            self._idle.put(worker)


def look_ahead(
    items: Iterable[_Item],
    begin: Callable[[_Item], _Begun],
    depth: int,
    is_full: Callable[[Sequence[_Begun]], bool] = lambda begun: False,
) -> Iterator[tuple[_Item, _Begun]]:
    """Each item in order with what `begin` returned for it, which is called up to `depth` items ahead.

    Fewer where what has begun is too much (`is_full`).
    """
    begun: deque[tuple[_Item, _Begun]] = deque()
    for item in items:
        begun.append((item, begin(item)))
        while begun and (len(begun) > depth or is_full([made for _, made in begun])):
            yield begun.popleft()
    while begun:
        yield begun.popleft()


class _OutOfMemoryError(Exception):
    """The process ended because it may have no more memory."""


class _Worker:
    """A process that reads one file at a time, started when it is needed; used by one thread at a time."""

    def __init__(self, limits: Limits, command: tuple[str, ...]) -> None:
        self._limits = limits
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._closing = threading.Lock()
        self._closed = False

    def answer(self, path: str, question: object, kind: type[_Answer]) -> _Answer:
        """What the process says of a file, of this kind; raises an IngestError that names `path`.

        A process that runs out of memory may owe that to the files before: the file gets a fresh one, once.
        """
        is_fresh = self._process is None
        try:
            return self._answer(path, question, kind)
        except _OutOfMemoryError as error:
            if not is_fresh:
                return self.answer(path, question, kind)
            reason = f"reading it takes more memory than the limit of {self._limits.memory_mb} MB"
            advice = "Split the file into smaller ones, or raise POLICY_DESK_MAX_MEMORY_MB."
            raise NoticeTooLargeError(path, reason, advice) from error

    def _answer(self, path: str, question: object, kind: type[_Answer]) -> _Answer:
        process = self._process or self._start(path)
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(self._limits.seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            answer = _ask(process, question)
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            status = self._end()
            if status == OUT_OF_MEMORY and not late.is_set():
                raise _OutOfMemoryError from error
            raise self._explain(path, late.is_set()) from error
        finally:
            timer.cancel()
            timer.join()
        if late.is_set():
            # It answered in the very moment in which it was killed.
            self._end()
        if isinstance(answer, IngestError):
            raise answer
        if not isinstance(answer, kind):
            self._end()
            raise self._explain(path, False)
        return answer

    def close(self) -> None:
        """End the process for good, whatever it is doing; from any thread."""
        with self._closing:
            self._closed = True
            if self._process is not None:
                self._process.kill()

    def _start(self, path: str) -> subprocess.Popen[bytes]:
        """A process that is ready, so that no file pays for its start-up; raises an IngestError."""
        try:
            with self._closing:
                if self._closed:
                    raise OSError("the run is ending")
                self._process = subprocess.Popen(  # noqa: S603 - our own module
                    self._command,
                    cwd=_ROOT,
                    # What reads hostile files need not know the key of the chat model, nor that of a cluster.
                    env={n: value for n, value in os.environ.items() if not n.startswith(_SECRET)} | _MEMORY,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                )
            _ask(self._process, self._limits)
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            self._end()
            raise UnreadableNoticeError(
                path,
                "the process that reads files does not start",
                "Close other programs or raise POLICY_DESK_MAX_MEMORY_MB, then ingest again.",
            ) from error
        return self._process

    def _end(self) -> int:
        """Kill the process and say with which status it ended; the next file gets another one."""
        process, self._process = self._process, None
        if process is None:
            return 0
        try:
            # One that closed its pipe is ending by itself, and its status says why.
            process.wait(1)
        except subprocess.TimeoutExpired:
            process.kill()
        for stream in _pipes(process):
            with suppress(OSError):
                stream.close()
        return process.wait()

    def _explain(self, path: str, late: bool) -> IngestError:
        if late:
            reason = f"reading it takes longer than the limit of {self._limits.seconds:g} seconds"
            advice = "Split the file into smaller ones, or raise POLICY_DESK_MAX_SECONDS."
            return NoticeTooLargeError(path, reason, advice)
        return UnreadableNoticeError(
            path, "the program that reads it broke down on it: it is damaged, or built to harm"
        )


class _Unpickler(pickle.Unpickler):
    """Makes objects of our own types only."""

    def find_class(self, module: str, name: str) -> object:
        """A class by its name; raises UnpicklingError for one that no answer is made of."""
        if module not in _ADMITTED or "." in name:
            raise pickle.UnpicklingError(f"{module}.{name} is no part of an answer")
        return super().find_class(module, name)


def _ask(process: subprocess.Popen[bytes], question: object) -> object:
    """Send a process something and wait for its answer; raises OSError, EOFError or UnpicklingError."""
    questions, answers = _pipes(process)
    pickle.dump(question, questions, pickle.HIGHEST_PROTOCOL)
    questions.flush()
    return _load(answers)


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None:
        raise OSError("the process has no pipes")
    return process.stdin, process.stdout


def _load(stream: IO[bytes]) -> object:
    try:
        return _Unpickler(stream).load()
    except (OSError, EOFError, pickle.UnpicklingError):
        raise
    except Exception as error:
        # Bytes that are no pickle fail in many ways.
        raise pickle.UnpicklingError("the answer cannot be understood") from error


def _count_cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
