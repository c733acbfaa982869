"""Grows a made-up desk through several sizes; at each it times, weighs and checks what a cold process finds in it."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from core.errors import UsageError
from evals.memory import read_peak
from evals.speed_desk import BATCH, Stock, make_batch, read_stock
from evals.speed_recipe import PreparedRecipe
from ingest.pipeline import Progress
from ingest.progress import ProgressBar
from store.archive import Archive
from store.embedder import Embedder

# The rate of ingest is told for so many passages at a time.
_STRETCH = 100_000
_RECIPE_UP_TO = 100_000
_MEGABYTE = 1_000_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Grow the desk, measure it at each size, print a table or JSON."""
    parser = argparse.ArgumentParser(prog="python -m evals.speed", description=__doc__)
    parser.add_argument("--sizes", type=_read_sizes, default=[100_000], help="passages, such as 10000,100000")
    parser.add_argument("--keep", type=Path, help="a folder in which the desk stays; a later run goes on from it")
    parser.add_argument("--recipe-up-to", type=int, default=_RECIPE_UP_TO, help="no tutorial recipe on larger desks")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    with ExitStack() as stack:
        temporary = tempfile.TemporaryDirectory(prefix="evals-", ignore_cleanup_errors=True)
        folder = options.keep or Path(stack.enter_context(temporary))
        folder.mkdir(parents=True, exist_ok=True)
        told = [_reach(folder, size, options.recipe_up_to) for size in options.sizes]
    print(json.dumps(told, indent=1) if options.json else "\n\n".join(_write_table(row) for row in told))
    return 0


def _read_sizes(text: str) -> list[int]:
    sizes = sorted({int(part) for part in text.split(",")})
    if any(size <= 0 or size % BATCH for size in sizes):
        raise argparse.ArgumentTypeError(f"each size must be a multiple of {BATCH}")
    return sizes


def _reach(folder: Path, size: int, recipe_up_to: int) -> dict[str, Any]:
    """Grow the desk to a size and measure it; what an earlier run has measured in this folder is read."""
    told = folder / f"measured-{size}.json"
    if not told.exists():
        embedder, bar = Embedder(), ProgressBar()
        archive = Archive(folder / "desk", embedder)
        recipe = PreparedRecipe(folder / "recipe", embedder) if size <= recipe_up_to else None
        grow(folder, archive, size, lambda: read_stock(folder / "samples", embedder, bar), recipe, bar)
        archive.close()
        bar.close()
        rates = [json.loads(line) for line in (folder / "rates.jsonl").read_text("utf-8").splitlines()]
        asked = _ask_in_process(folder, size, recipe_up_to)
        row = {"passages": size, "ingest": sum_rates(rates, size), **asked, "disk_mb": _weigh(folder)}
        told.write_text(json.dumps(row, indent=1), "utf-8")
    measured: dict[str, Any] = json.loads(told.read_text("utf-8"))
    return measured


def grow(
    folder: Path, archive: Archive, size: int, read: Callable[[], Stock], recipe: PreparedRecipe | None, bar: Progress
) -> None:
    """Write passages until `archive` has so many; it may have been left off anywhere, by a kill too.

    Raises UsageError where it has more. `recipe` gets the same passages; `read` is asked for what they are made of.
    """
    with archive.claim():
        archive.begin()
        present = archive.catalogue.total_passages()
        if present > size:
            raise UsageError(f"{folder}: its desk has {present} passages already", "Name an empty folder.")
        if present < size:
            stock = read()
            bar.start("Making the desk", size - present)
            for first in range(present, size, BATCH):
                _write_batch(folder, archive, stock, first, recipe)
                bar.step(BATCH)
        archive.end()


def _write_batch(folder: Path, archive: Archive, stock: Stock, first: int, recipe: PreparedRecipe | None) -> None:
    """Write a batch to the desk; its vectors and its time are kept beside it."""
    entries, embedded = make_batch(stock, first)
    wall, cpu = time.perf_counter(), time.process_time()
    archive.add(entries, embedded, [])
    row = {"first": first, "seconds": time.perf_counter() - wall, "cpu_seconds": time.process_time() - cpu}
    row["peak_mb"] = read_peak()
    with (folder / "vectors.f32").open("ab") as file:
        # What a kill has left behind the last whole batch is written over.
        file.truncate(first * embedded.vectors.itemsize * embedded.vectors.shape[1])
        file.write(embedded.vectors.tobytes())
    with (folder / "rates.jsonl").open("a", encoding="utf-8") as file_of_rates:
        file_of_rates.write(json.dumps(row) + "\n")
    if recipe is not None:
        recipe.add(entries, embedded)


def sum_rates(rates: Sequence[dict[str, float]], size: int) -> dict[str, Any]:
    """Passages a second, by the clock and by the processor's time, of each stretch, and the peak of memory."""
    stretches: dict[int, list[dict[str, float]]] = {}
    for row in rates:
        if row["first"] < size:
            stretches.setdefault(int(row["first"]) // _STRETCH * _STRETCH, []).append(row)
    return {
        "peak_mb": round(max(row["peak_mb"] for rows in stretches.values() for row in rows)),
        "rates": [
            {
                "from": first,
                "passages": len(rows) * BATCH,
                "a_second": round(len(rows) * BATCH / sum(row["seconds"] for row in rows), 1),
                "a_cpu_second": round(len(rows) * BATCH / sum(row["cpu_seconds"] for row in rows), 1),
            }
            for first, rows in sorted(stretches.items())
        ],
    }


def _ask_in_process(folder: Path, size: int, recipe_up_to: int) -> dict[str, Any]:
    """What a process of its own finds, which has none of the desk in memory."""
    command = [sys.executable, "-m", "evals.speed_asking", str(folder)]
    if size <= recipe_up_to:
        command.append("--recipe")
    ended = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)  # noqa: S603 - our own module
    told: dict[str, Any] = json.loads(ended.stdout)
    return told


def _weigh(folder: Path) -> dict[str, float]:
    """The megabytes of each part of the desk."""
    parts: dict[str, int] = {}
    for file in (folder / "desk").rglob("*"):
        if file.is_file():
            part = file.relative_to(folder / "desk").parts[0].partition(".sqlite")[0]
            parts[part] = parts.get(part, 0) + file.stat().st_size
    return {part: round(size / _MEGABYTE, 1) for part, size in sorted(parts.items())}


def _write_table(row: dict[str, Any]) -> str:
    base = row["medians_ms"]["no filter"]
    lines = [f"{row['passages']} passages; median time from question to hits, and its ratio to no filter"]
    lines += [f"{name:<42}{ms:>9.1f} ms{ms / base:>8.2f}" for name, ms in row["medians_ms"].items()]
    lines += [f"recall@10, {name:<31}{value:>9.3f}" for name, value in row["recall_at_10"].items()]
    lines += [
        f"{rate['passages']} passages written from {rate['from']} on: {rate['a_second']} a second"
        for rate in row["ingest"]["rates"]
    ]
    lines.append(f"memory at most: {row['ingest']['peak_mb']} MB writing, {row['peak_mb']} MB asking")
    lines.append(f"first answer of a new process: {row['cold_seconds']} s; disk: {sum(row['disk_mb'].values()):.0f} MB")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
