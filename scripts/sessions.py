"""Asks the app with many sessions at once over its websocket: are all answers right, how long, how much memory."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.typing import Subprotocol

_ROOT = Path(__file__).parent.parent
# Each with words that a right answer shows.
_ASKED = (
    ("Who presided over the Sichuan meeting?", "Zhong Junmin"),
    ("How much was the rural teacher bursary in 2019?", "3,600 yuan"),
    ("学前教育实行什么制度？", "学前教育"),
    ("Who won the football cup of Antarctica?", "The notices do not say"),
)
_PATIENCE = 300
# The script ended only to run once more.
_AGAIN = ForwardMsg.FINISHED_EARLY_FOR_RERUN


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as a session saw it: whether its answer was right, seconds until the first of it was there."""

    right: bool
    seconds: float


class _Session:
    """A browser's part of the conversation with the app, without the browser."""

    def __init__(self, channel: websockets.ClientConnection) -> None:
        self._channel = channel
        self._chat_input = ""
        self._turn = 0

    async def open(self) -> None:
        """Load the page; afterwards the field of the question is known."""
        message = BackMsg()
        message.rerun_script.query_string = ""
        await self._run(message)
        if not self._chat_input:
            raise SystemExit("the page has no field for a question")

    async def ask(self, question: str, words: str) -> Asked:
        """Ask, and read until the page is drawn; right is what shows `words`."""
        message = BackMsg()
        state = message.rerun_script.widget_states.widgets.add()
        state.id = self._chat_input
        state.chat_input_value.data = question
        seconds, shown = await self._run(message)
        self._turn += 1
        return Asked(words in shown, seconds)

    async def _run(self, message: BackMsg) -> tuple[float, str]:
        """Run the script to its end; the seconds until the newest answer was first drawn, and what it shows."""
        started = time.perf_counter()
        await self._channel.send(message.SerializeToString())
        first, shown = 0.0, ""
        while True:
            received = await asyncio.wait_for(self._channel.recv(), _PATIENCE)
            told = ForwardMsg.FromString(received if isinstance(received, bytes) else received.encode())
            if told.WhichOneof("type") == "script_finished" and told.script_finished != _AGAIN:
                return first, shown
            element = told.delta.new_element
            match element.WhichOneof("type"):
                case "chat_input":
                    self._chat_input = element.chat_input.id
                case "bidi_component" if element.bidi_component.id.endswith(f"-answer-{self._turn}"):
                    values = json.loads(element.bidi_component.mixed.json or element.bidi_component.json or "{}")
                    if "status" in values:
                        first = first or time.perf_counter() - started
                        shown = json.dumps(values, ensure_ascii=False)


async def _follow(url: str, place: int, rounds: int, doors: tuple[asyncio.Barrier, asyncio.Barrier]) -> list[Asked]:
    """One session: it opens, waits for all others, asks, and stays until all have asked."""
    async with websockets.connect(url, subprotocols=[Subprotocol("streamlit")], max_size=None) as channel:
        session = _Session(channel)
        await session.open()
        await doors[0].wait()
        asked = [await session.ask(*_ASKED[(place + turn) % len(_ASKED)]) for turn in range(rounds)]
        await doors[1].wait()
        await doors[1].wait()
        return asked


async def ask_together(url: str, sessions: int, rounds: int, process: int) -> tuple[list[Asked], int]:
    """What so many sessions see that ask at once, and the KB that the app takes while all are open."""
    doors = asyncio.Barrier(sessions), asyncio.Barrier(sessions + 1)
    tasks = [asyncio.create_task(_follow(url, place, rounds, doors)) for place in range(sessions)]
    await doors[1].wait()
    kilobytes = read_memory(process)
    await doors[1].wait()
    return [one for task in tasks for one in await task], kilobytes


def read_memory(process: int) -> int:
    """The resident memory of a process in KB (Linux)."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


@contextmanager
def serve(store: Path) -> Iterator[tuple[str, int]]:
    """The websocket of the app, served from a store, and the number of its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    process = subprocess.Popen(  # noqa: S603
        [*command, "--server.port", str(port)],
        cwd=_ROOT,
        env=os.environ | {"POLICY_DESK_STORE": str(store)},
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"ws://127.0.0.1:{port}/_stcore/stream", process.pid
    finally:
        process.terminate()
        process.wait(10)


def _wait(url: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the app did not start")


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask with one session, then with many; print the figures; 1 where an answer was wrong."""
    parser = argparse.ArgumentParser(prog="python -m scripts.sessions", description=__doc__)
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=8, help="questions that each session asks")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="sessions-", ignore_cleanup_errors=True) as folder:
        ingesting = [sys.executable, "-m", "ingest", "corpus", "--store", folder]
        subprocess.run(ingesting, cwd=_ROOT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        with serve(Path(folder)) as (url, process):
            # What is made at the first question of a process is not the cost of a session.
            asyncio.run(ask_together(url, 1, len(_ASKED), process))
            alone, before = asyncio.run(ask_together(url, 1, options.rounds * 3, process))
            many, after = asyncio.run(ask_together(url, options.sessions, options.rounds, process))
    right = sum(one.right for one in (*alone, *many))
    total = len(alone) + len(many)
    one, all_ = (_rank([each.seconds for each in asked]) for asked in (alone, many))
    found = {
        "sessions": options.sessions,
        "right answers": f"{right} of {total}",
        "first words, p50, s: one session": round(one[0], 3),
        "first words, p95, s: one session": round(one[1], 3),
        "first words, p50, s: all at once": round(all_[0], 3),
        "first words, p95, s: all at once": round(all_[1], 3),
        "p95 of all to p95 of one": round(all_[1] / one[1], 1),
        "memory a session, MB": round((after - before) / max(1, options.sessions - 1) / 1024, 1),
    }
    print(json.dumps(found) if options.json else "\n".join(f"{name}: {value}" for name, value in found.items()))
    return 0 if right == total else 1


def _rank(seconds: Sequence[float]) -> tuple[float, float]:
    """The median and the 95th percentile."""
    return statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1]


if __name__ == "__main__":
    sys.exit(main())
