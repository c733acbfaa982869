"""The process in which files are read: it may hang, crash or run out of memory, and costs one file then.

It is started by `ingest/sandbox.py`, which sends it the limits, then a file at a time, and takes a reading
or an error for each. It needs no network, no store and no model.
"""

from __future__ import annotations

import faulthandler
import os
import pickle
import signal
import sys
from contextlib import suppress
from typing import BinaryIO

from core.errors import IngestError, UnreadableNoticeError
from ingest.readers import Contents, Limits, Reading, Room, read_file, unpack_file

# The exit status that says: the file needs more memory than it may have.
OUT_OF_MEMORY = 70
# The parent kills a process that is late. Where the parent is gone, the process ends itself so much later.
_GRACE_SECONDS = 5.0


def main() -> None:
    """Answer what is asked on stdin until it ends, on stdout.

    A question is pickled: (path, bytes) asks for a reading, (path, bytes, room) for what is inside.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    questions, answers = sys.stdin.buffer, _take_stdout()
    limits: Limits = pickle.load(questions)  # noqa: S301 - the parent wrote it
    _confine(limits)
    _send(answers, "ready")
    while True:
        try:
            path, content, *rooms = pickle.load(questions)  # noqa: S301
        except EOFError:
            return
        faulthandler.dump_traceback_later(limits.seconds + _GRACE_SECONDS, exit=True)
        try:
            _send(answers, _answer(path, content, limits, *rooms))
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        faulthandler.cancel_dump_traceback_later()


def _answer(path: str, content: bytes, limits: Limits, room: Room | None = None) -> Reading | Contents | IngestError:
    """The reading of a file or what is inside of it, or what is wrong with it, whatever that is.

    Raises MemoryError only.
    """
    try:
        return read_file(path, content, limits) if room is None else unpack_file(path, content, limits, room)
    except Exception as error:
        if _is_of_memory(error):
            raise MemoryError from error
        if isinstance(error, IngestError):
            return error
        if isinstance(error, RecursionError):
            return UnreadableNoticeError(path, "its parts are nested too deeply, as no program for writing does it")
        # A parser of somebody else's may fail in ways that nobody foresaw.
        return UnreadableNoticeError(path, f"its content is damaged ({type(error).__name__})")


def _is_of_memory(error: BaseException | None) -> bool:
    """Whether a lack of memory is behind an error: a reader may have taken it for damage."""
    while error is not None:
        if isinstance(error, MemoryError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _take_stdout() -> BinaryIO:
    """The pipe to the parent, for answers alone: what a library prints goes to stderr."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _send(answers: BinaryIO, answer: object) -> None:
    answers.write(pickle.dumps(answer, pickle.HIGHEST_PROTOCOL))
    answers.flush()


def _confine(limits: Limits) -> None:
    """Bound the memory of this process where the system can, and leave no image of it when it crashes."""
    try:
        import resource
    except ImportError:  # Windows
        return
    _, highest = resource.getrlimit(resource.RLIMIT_AS)
    wanted = limits.memory_mb * 1_000_000
    if highest != resource.RLIM_INFINITY:
        wanted = min(wanted, highest)
    with suppress(ValueError, OSError):  # macOS refuses
        resource.setrlimit(resource.RLIMIT_AS, (wanted, highest))
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
