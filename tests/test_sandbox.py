"""ingest.sandbox: a file that hangs, eats memory or kills what reads it costs itself, and no other file."""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
import time
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import (
    ChatFailedError,
    EmptyNoticeError,
    IngestError,
    NoticeTooLargeError,
    PolicyDeskError,
    TooManyRequestsError,
    UnreadableNoticeError,
)
from core.types import Fallback
from ingest.readers import Limits, Reading, Room, read_file
from ingest.sandbox import Sandbox, look_ahead
from tests.conftest import CORPUS, LIMITS, ROOT
from tests.packing import Packed, pack

# The reading process itself, with a reader that does as the file says; a good file is read as ever.
_HOSTILE = """
import os, signal, sys
from ingest import reading_process

read = reading_process.read_file

class Harm:
    def __reduce__(self):
        return os.system, ("touch " + sys.argv[1],)

def obey(path, content, limits):
    match content.decode(errors="ignore").split()[0]:
        case "loop":
            while True: pass
        case "eat":
            held = []
            while True: held.append(bytearray(10_000_000))
        case "hoard" if "hoard" in globals(): raise MemoryError
        case "hoard": globals()["hoard"] = content
        case "disguise":
            try: bytearray(1 << 40)
            except MemoryError as error: raise ValueError("damaged") from error
        case "leave": os._exit(0)
        case "crash": os.kill(os.getpid(), signal.SIGSEGV)
        case "fail": raise KeyError("unforeseen")
        case "print": os.write(1, b"noise"); print("more noise", flush=True)
        case "harm": return Harm()
    return read(path, content, limits)

def obey_room(path, content, limits, room):
    if content.startswith(b"PK"):
        return unpack(path, content, limits, room)
    return obey(path, content, limits)

unpack = reading_process.unpack_file
reading_process.read_file, reading_process.unpack_file = obey, obey_room
reading_process.main()
"""


@pytest.fixture
def hostile(tmp_path: Path) -> tuple[str, ...]:
    """The command of a process whose files decide what happens in it; `tmp_path / "harmed"` must never be."""
    return (sys.executable, "-c", _HOSTILE, str(tmp_path / "harmed"))


def _outcome(future: Future[Reading]) -> str | IngestError:
    try:
        return future.result(timeout=120).text
    except IngestError as error:
        return error


def _read_all(command: tuple[str, ...], limits: Limits, *contents: str) -> list[str | IngestError]:
    """What becomes of files with these contents, in their order."""
    with Sandbox(limits, command) as sandbox:
        futures = [sandbox.submit(f"{place}.txt", content.encode()) for place, content in enumerate(contents)]
        return [_outcome(future) for future in futures]


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize(
    ("content", "error", "reason"),
    [
        ("loop", NoticeTooLargeError, "longer than the limit of 2 seconds"),
        ("eat", NoticeTooLargeError, "more memory than the limit of 1000 MB"),
        ("disguise", NoticeTooLargeError, "more memory than the limit of 1000 MB"),
        ("leave", UnreadableNoticeError, "broke down"),
        ("crash", UnreadableNoticeError, "broke down"),
        ("harm", UnreadableNoticeError, "broke down"),
        ("fail", UnreadableNoticeError, r"damaged \(KeyError\)"),
    ],
)
def test_a_hostile_file_costs_itself_only(
    hostile: tuple[str, ...], tmp_path: Path, content: str, error: type[IngestError], reason: str, processes: int
) -> None:
    limits = replace(LIMITS, seconds=2 if content == "loop" else 60, memory_mb=1000, processes=processes)
    first, fault, third, again, last = _read_all(hostile, limits, "One.", content, "Three.", content, "Last one.")
    assert (first, third, last) == ("One.", "Three.", "Last one.")
    for told, path in ((fault, "1.txt"), (again, "3.txt")):
        assert isinstance(told, error)
        assert told.path == path
        assert str(told).startswith(path)
        with pytest.raises(error, match=reason):
            raise told
    assert not (tmp_path / "harmed").exists()


def test_what_a_library_prints_is_no_answer(hostile: tuple[str, ...]) -> None:
    assert _read_all(hostile, LIMITS, "print this", "and that") == ["print this", "and that"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("loop", "longer than the limit of 2 seconds"),
        ("eat", "more memory than the limit of 1000 MB"),
        ("leave", "broke down"),
        ("harm", "broke down"),
        ("read", "broke down"),
    ],
)
def test_what_unpacks_a_hostile_file_costs_that_file_only(
    hostile: tuple[str, ...], tmp_path: Path, content: str, reason: str
) -> None:
    limits = replace(LIMITS, seconds=2 if content == "loop" else 60, memory_mb=1000, processes=1)
    with Sandbox(limits, hostile) as sandbox:
        with pytest.raises(IngestError, match=reason) as caught:
            sandbox.unpack("a.txt", content.encode(), Room(1000, 10))
        assert caught.value.path == "a.txt"
        assert [member.name for member in sandbox.unpack("b.zip", pack(Packed("b.txt")), Room(1000, 10)).members]
    assert not (tmp_path / "harmed").exists()


def test_an_error_crosses_the_border_whole() -> None:
    with pytest.raises(EmptyNoticeError) as expected:
        read_file("0.pdf", b"", LIMITS)
    with Sandbox(LIMITS) as sandbox, pytest.raises(EmptyNoticeError) as caught:
        sandbox.submit("0.pdf", b"").result()
    assert (caught.value.path, caught.value.reason, caught.value.help) == (
        expected.value.path,
        expected.value.reason,
        expected.value.help,
    )


def test_readings_are_those_of_this_process_in_the_order_of_the_files() -> None:
    samples = sorted(path for path in (CORPUS / "samples").iterdir() if path.name != "sources.csv")
    with Sandbox(replace(LIMITS, processes=2)) as sandbox:
        read = [
            (path, future.result())
            for path, future in look_ahead(samples, lambda p: sandbox.submit(p.name, p.read_bytes()), sandbox.depth)
        ]
    assert read == [(path, read_file(path.name, path.read_bytes(), LIMITS)) for path in samples]


@given(st.lists(st.integers()), st.integers(0, 5))
def test_looking_ahead_keeps_the_order_and_the_distance(items: list[int], depth: int) -> None:
    begun: list[int] = []

    def begin(item: int) -> int:
        begun.append(item)
        return -item

    for place, (item, started) in enumerate(look_ahead(items, begin, depth)):
        assert (item, started) == (items[place], -items[place])
        assert len(begun) <= place + 1 + depth
    assert begun == items


@given(st.lists(st.integers(0, 9)), st.integers(0, 5), st.integers(0, 20))
def test_looking_ahead_carries_no_more_than_it_may(sizes: list[int], depth: int, most: int) -> None:
    carried = 0

    def begin(size: int) -> int:
        nonlocal carried
        assert carried <= most
        carried += size
        return size

    taken = []
    for size, _ in look_ahead(sizes, begin, depth, lambda begun: sum(begun) > most):
        taken.append(size)
        carried -= size
    assert taken == sizes


def test_every_error_of_the_tree_can_be_sent() -> None:
    pending: list[type[PolicyDeskError]] = [PolicyDeskError]
    while pending:
        kind = pending.pop()
        pending += kind.__subclasses__()
        error = (
            kind("a.txt", "it is bad", "Mend it.")
            if issubclass(kind, IngestError)
            else kind(Fallback.late)
            if issubclass(kind, ChatFailedError)
            else kind(9)
            if issubclass(kind, TooManyRequestsError)
            else kind("it is bad", "Mend it.")
        )
        sent = pickle.loads(pickle.dumps(error))  # noqa: S301
        assert (type(sent), str(sent), sent.help, vars(sent)) == (kind, str(error), error.help, vars(error))


def test_a_process_that_does_not_start_is_told() -> None:
    (told,) = _read_all((sys.executable, "-c", "raise SystemExit(1)"), LIMITS, "One.")
    assert isinstance(told, UnreadableNoticeError)
    assert "does not start" in told.reason


def test_the_processes_import_no_store_and_no_model() -> None:
    heavy = {"torch", "chromadb", "sqlalchemy", "tantivy", "transformers", "sentence_transformers", "store.archive"}
    code = "import sys, ingest.reading_process; print('\\n'.join(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "ingest.readers" in run.stdout.split()
    assert not heavy & set(run.stdout.split())


def test_an_end_amid_the_run_leaves_no_process_behind(hostile: tuple[str, ...]) -> None:
    with pytest.raises(KeyboardInterrupt), Sandbox(replace(LIMITS, processes=2), hostile) as sandbox:
        futures = [sandbox.submit("a.txt", b"loop") for _ in range(5)]
        workers = sandbox._workers
        while not all(worker._process for worker in workers):
            time.sleep(0.01)
        processes = [worker._process for worker in workers]
        raise KeyboardInterrupt
    assert all(process is not None and process.wait(60) is not None for process in processes)
    assert all(future.done() for future in futures)


def test_a_reading_process_ends_itself_where_its_parent_cannot(hostile: tuple[str, ...]) -> None:
    process = subprocess.Popen(hostile, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    pickle.dump(replace(LIMITS, seconds=0.1), process.stdin)
    process.stdin.flush()
    assert pickle.load(process.stdout) == "ready"  # noqa: S301
    process.send_signal(signal.SIGINT)
    pickle.dump(("a.txt", b"loop"), process.stdin)
    process.stdin.flush()
    # Ctrl-C is its parent's to answer; the file that loops ends by the process's own watch.
    assert process.wait(120) != -signal.SIGINT
    process.stdin.close()
    process.stdout.close()


def test_a_file_does_not_pay_for_the_memory_of_those_before_it(hostile: tuple[str, ...]) -> None:
    answers = _read_all(hostile, replace(LIMITS, processes=1), "hoard one", "hoard two", "hoard three")
    assert answers == ["hoard one", "hoard two", "hoard three"]
