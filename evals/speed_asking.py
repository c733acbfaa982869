"""Opens a made-up desk as a new process does, and asks it: how long, in how much memory, how much of the nearest."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.ask import ask_in_steps
from evals.memory import read_peak
from evals.speed_desk import NOTICE, SHARES
from evals.speed_recipe import PreparedRecipe
from retriever.question import read_question
from retriever.search import search
from store.archive import EVERYTHING, Archive
from store.embedder import Embedder, Vectors
from store.shelf import Scope

_QUESTIONS = (
    "What was required about school charters?",
    "How much is the bursary for rural teachers?",
    "Who may be excluded from school meals?",
    "How many minutes of written homework are allowed?",
    "What must a school do before it closes?",
    "学校食堂应当公示什么？",
    "会议提出了哪些要求？",
    "When must universities publish their results?",
    "Which schools receive the grant?",
    "教师培训不少于多少学时？",
)
_ROUNDS = 6
_NEAREST = 10
_NAMED_YEAR = SHARES[1][0]
# Exact search goes through so many vectors at a time.
_BLOCK = 50_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Print as JSON what was measured of the desk that `evals.speed` keeps in a folder."""
    parser = argparse.ArgumentParser(prog="python -m evals.speed_asking", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--recipe", action="store_true", help="ask the tutorial recipe too")
    options = parser.parse_args(arguments)
    _forget_files(options.folder / "desk")
    # The model is loaded at every size alike: what is timed is the store.
    embedder = Embedder()
    embedder.embed_question("…")
    started = time.perf_counter()
    archive = Archive(options.folder / "desk", embedder)
    search(archive, read_question(_QUESTIONS[0]))
    told: dict[str, Any] = {"cold_seconds": round(time.perf_counter() - started, 2)}
    recipe = PreparedRecipe(options.folder / "recipe", embedder) if options.recipe else None
    told |= _time_ways(archive, recipe)
    # Before the vectors are read for the exact search.
    told["peak_mb"] = round(read_peak())
    told["recall_at_10"] = _measure_recall(archive, options.folder / "vectors.f32")
    archive.close()
    print(json.dumps(told))
    return 0


def _forget_files(folder: Path) -> None:
    """Let the system forget what it holds of these files, where it can: the store is then read from the disk."""
    for file in folder.rglob("*"):
        if file.is_file() and hasattr(os, "posix_fadvise"):
            descriptor = os.open(file, os.O_RDONLY)
            os.fsync(descriptor)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)


def _name_share(share: float) -> str:
    return f"filter by year, keeps {100 * share:g} %"


def _time_ways(archive: Archive, recipe: PreparedRecipe | None) -> dict[str, dict[str, float]]:
    """Median milliseconds of each way to ask, taken in turns, by the clock and by the processor's time.

    Every question is new to the model. The second tells more where the machine has other work.
    """

    def ask(only_years: tuple[int, ...] = (), words: str = "") -> Callable[[str], object]:
        return lambda question: search(archive, read_question(f"{question} {words}", only_years=only_years))

    def ask_after_change(question: str) -> object:
        archive.catalogue.move_generation()
        return search(archive, read_question(question))

    ways: dict[str, Callable[[str], object]] = {
        "no filter": ask(),
        **{_name_share(share): ask((year,)) for year, share in SHARES},
        "the question names a year": ask(words=f"in {_NAMED_YEAR}"),
        "the first sentence of the answer": lambda question: next(ask_in_steps(archive, question)),
        "embedding the question": archive.embedder.embed_question,
    }
    if recipe is not None:
        ways["tutorial recipe, no filter"] = recipe.ask
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for turn in range(_ROUNDS + 1):
        for place, question in enumerate(_QUESTIONS):
            for name, way in ways.items():
                times = _clock(way, f"{question} {turn * len(_QUESTIONS) + place} {name[-4:]}")
                taken[name] += [times] if turn else []
    name = "no filter, after a change by another process"
    taken[name] = [_clock(ask_after_change, f"{question} {name}") for question in _QUESTIONS[:3]]
    return {
        kind: {name: round(1000 * statistics.median(pair[place] for pair in pairs), 2) for name, pairs in taken.items()}
        for place, kind in enumerate(("medians_ms", "medians_cpu_ms"))
    }


def _clock(way: Callable[[str], object], question: str) -> tuple[float, float]:
    """Seconds by the clock, and seconds of all processors."""
    wall, cpu = time.perf_counter(), time.process_time()
    way(question)
    return time.perf_counter() - wall, time.process_time() - cpu


def _measure_recall(archive: Archive, file: Path) -> dict[str, float]:
    """Which part of the ten nearest passages by exact search is found, in all and under each filter."""
    asked = np.stack([archive.embedder.embed_question(f"{text} {n}").vector for n in range(5) for text in _QUESTIONS])
    vectors = np.memmap(file, dtype=np.float32, mode="r").reshape(-1, asked.shape[1])
    # A notice is called after its place: so its rows are known.
    places = {int(card.path.removesuffix(".txt")): card for card in archive.shelf.cards.values()}
    names = [f"{places[row // NOTICE].notice_id}:{row % NOTICE}" for row in range(len(vectors))]
    years = np.repeat([places[place].year or 0 for place in range(len(places))], NOTICE)
    ways = {"no filter": (EVERYTHING, np.ones(len(vectors), dtype=np.bool_))} | {
        _name_share(share): (Scope((year,)), years == year) for year, share in SHARES
    }
    recall: dict[str, float] = {}
    for name, (scope, among) in ways.items():
        rows = find_exactly(vectors, asked, _NEAREST, np.flatnonzero(among))
        found = [{near for near, _ in archive.nearest_by_meaning(vector, _NEAREST, scope)} for vector in asked]
        sought = [{names[row] for row in each} for each in rows.tolist()]
        shares = [len(one & other) / len(other) for one, other in zip(found, sought, strict=True) if other]
        recall[name] = round(statistics.fmean(shares), 4) if shares else 1.0
    return recall


def find_exactly(vectors: Vectors, asked: Vectors, k: int, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """The rows, among `rows`, of the `k` vectors with the largest dot product with each one asked: (asked, k)."""
    best_rows = np.empty((len(asked), 0), dtype=np.int64)
    best = np.empty((len(asked), 0), dtype=np.float32)
    for first in range(0, len(rows), _BLOCK):
        part = rows[first : first + _BLOCK]
        best = np.concatenate([best, asked @ vectors[part].T], axis=1)
        best_rows = np.concatenate([best_rows, np.broadcast_to(part, (len(asked), len(part)))], axis=1)
        kept = np.argsort(-best, axis=1)[:, :k] if best.shape[1] <= k else np.argpartition(-best, k - 1, axis=1)[:, :k]
        best, best_rows = np.take_along_axis(best, kept, axis=1), np.take_along_axis(best_rows, kept, axis=1)
    return best_rows


if __name__ == "__main__":
    sys.exit(main())
