"""The desk beside the tutorial's recipe and txtai: the same notices, the same weights, each in processes of its own."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from core.errors import PolicyDeskError, UsageError
from core.settings import Settings
from evals.datasets import Case, Dataset, Form, read_dataset
from evals.measures import METRICS, measure
from evals.ours import Library, take_in, write_notices
from evals.rival_model import write_model
from ingest.progress import ProgressBar
from store.archive import Archive
from store.embedder import Embedder

DESK, RECIPE, RIVAL = "Policy Desk", "LangChain recipe", "txtai"
_WARM_UP = "What is asked before the clock runs?"
_ROOT = Path(__file__).parent.parent
# What is told of each beside its quality: the field, its label, how many digits.
FIGURES = (
    ("passages", "passages", 0),
    ("ingest_seconds", "ingest, s", 1),
    ("ingest_peak_mb", "memory while ingesting, MB", 0),
    ("disk_mb", "on disk, MB", 1),
    ("cold_seconds", "from nothing to the first result, s", 1),
    ("question_ms", "a question, ms", 1),
    ("asking_peak_mb", "memory while asked, MB", 0),
)


@dataclass(frozen=True, slots=True)
class Result:
    """What one system took and found: seconds, megabytes of memory at the peak, megabytes on disk, means of METRICS."""

    system: str
    passages: int
    ingest_seconds: float
    ingest_peak_mb: float
    disk_mb: float
    cold_seconds: float
    question_ms: float
    asking_peak_mb: float
    quality: dict[str, float]


def main(arguments: Sequence[str] | None = None) -> int:
    """Let the three take the notices in and be asked, in turns; print medians."""
    parser = argparse.ArgumentParser(prog="python -m evals.contest", description=__doc__)
    parser.add_argument("dataset", type=Path, metavar="DATASET", help="as for python -m evals")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is asked all questions (default 3)")
    parser.add_argument("--rival", type=Path, metavar="PYTHON", help="the Python of an environment that has txtai")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    try:
        dataset = read_dataset(options.dataset)
        with tempfile.TemporaryDirectory(prefix="contest-", ignore_cleanup_errors=True) as room:
            results = hold(dataset, Path(room), options.rival, options.rounds)
    except PolicyDeskError as error:
        print(f"contest: {error}\n  {error.help}", file=sys.stderr)
        return 2
    rows = [asdict(result) for result in results]
    print(json.dumps({"dataset": dataset.name, "rows": rows}) if options.json else as_table(results))
    return 0


def hold(dataset: Dataset, room: Path, rival: Path | None, rounds: int) -> list[Result]:
    """The results of all, the desk's first; without `rival` it is left out. Raises UsageError where a system fails."""
    cases = [case for case in dataset.cases if case.form is Form.asked and not case.history]
    library = _read_texts(dataset, room)
    commands = _commands(rival)
    briefs = {name: _brief(name, room, dataset, library, cases) for name in commands}
    if rival is not None:
        write_model(room / "model")
    taken = {name: _run(name, [*commands[name], "ingest", str(briefs[name])]) for name in commands}
    asked: dict[str, list[dict[str, Any]]] = {name: [] for name in commands}
    for turn in range(rounds):
        order = list(commands) if turn % 2 == 0 else list(reversed(commands))
        for name in order:
            asked[name].append(_run(name, [*commands[name], "ask", str(briefs[name])]))
    gains = [library.locate(case.accepted) for case in cases]
    return [_judge(name, room / name, taken[name], asked[name], gains) for name in commands]


def _read_texts(dataset: Dataset, room: Path) -> Library:
    """The canonical texts, which the recipe and the rival are given: they read no files by themselves."""
    archive = Archive(room / "reading", Embedder())
    library = take_in(dataset, archive, room / "written", Settings(), ProgressBar())
    archive.close()
    (room / "texts.json").write_text(json.dumps(dict(library.texts)), encoding="utf-8")
    return library


def _commands(rival: Path | None) -> dict[str, list[str]]:
    ours = [sys.executable, "-m", "evals.contestant"]
    commands = {DESK: [*ours, "desk"], RECIPE: [*ours, "recipe"]}
    return commands if rival is None else commands | {RIVAL: [str(rival), str(Path(__file__).parent / "rival.py")]}


def _brief(name: str, room: Path, dataset: Dataset, library: Library, cases: Sequence[Case]) -> Path:
    """What a system is told, in a file."""
    notices = dataset.folder
    if dataset.records:
        notices = room / "notices"
        write_notices(dataset.records, notices)
    file = room / f"{name}.json"
    told = {
        "room": str(room / name),
        "notices": str(notices),
        "texts": str(room / "texts.json"),
        "model": str(room / "model"),
        "warm_up": _WARM_UP,
        "questions": [case.question for case in cases],
    }
    file.write_text(json.dumps(told), encoding="utf-8")
    return file


def _run(name: str, command: Sequence[str]) -> dict[str, Any]:
    offline = os.environ | {"HF_HUB_OFFLINE": "1"}
    done = subprocess.run(command, check=False, cwd=_ROOT, env=offline, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise UsageError(f"{name}: {done.stderr[-2000:]}", "Mend that system's environment, or leave it out.")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _judge(
    name: str,
    folder: Path,
    taken: Mapping[str, Any],
    asked: Sequence[Mapping[str, Any]],
    gains: Sequence[Mapping[str, int]],
) -> Result:
    means = measure(asked[0]["found"], gains).mean(axis=0)
    return Result(
        system=name,
        passages=taken["passages"],
        ingest_seconds=taken["seconds"],
        ingest_peak_mb=taken["peak_mb"],
        disk_mb=sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6,
        cold_seconds=statistics.median(told["cold"] for told in asked),
        question_ms=1000 * statistics.median(statistics.median(told["seconds"]) for told in asked),
        asking_peak_mb=statistics.median(told["peak_mb"] for told in asked),
        quality=dict(zip(METRICS, map(float, means), strict=True)),
    )


def as_table(results: Sequence[Result]) -> str:
    """A line a figure, a column a system, in Markdown; what is in seconds or megabytes with its ratio to the desk's."""
    rows: list[list[str]] = []
    for name, label, digits in FIGURES:
        values = [float(getattr(result, name)) for result in results]
        shown = [
            f"{value:,.{digits}f}" + (f" (×{value / values[0]:.2f})" if at else "") for at, value in enumerate(values)
        ]
        rows.append([label, *shown])
    for metric in ("hit@1", "hit@5", "nDCG@10"):
        rows.append([metric, *(f"{result.quality[metric]:.3f}" for result in results)])
    head = ["", *(result.system for result in results)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))


if __name__ == "__main__":
    sys.exit(main())
