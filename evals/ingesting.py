"""Times the embedding beside the same model run plainly, and a whole ingest beside its embedding alone.

With --ray, a whole ingest on a Ray cluster beside one in a single process, in turns.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from ingest.pipeline import ingest
from ingest.progress import ProgressBar
from ingest.readers import Limits
from store.archive import Archive
from store.catalogue import Entry
from store.embedder import Embedder

_ROOT = Path(__file__).parent.parent
_SAMPLES = _ROOT / "corpus"
_LIMITS = Limits(50_000_000, 200_000_000, 5000)
_A_NOTICE = 10
_ROUNDS = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Time both in a temporary folder; print the ratios."""
    parser = argparse.ArgumentParser(prog="python -m evals.ingesting", description=__doc__)
    parser.add_argument("--passages", type=int, default=10_000, help="how many the whole ingest has, about")
    parser.add_argument("--ray", metavar="ADDRESS", help="time `python -m ingest --ray ADDRESS` beside it without")
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help="with --ray: how often each is timed")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    embedder = Embedder()
    with tempfile.TemporaryDirectory(prefix="evals-", ignore_cleanup_errors=True) as folder:
        samples, _ = _take_in(_SAMPLES, Path(folder) / "samples", embedder)
        texts = [passage.text for entry in samples for passage in entry.passages]
        _write_notices(texts, Path(folder) / "notices", options.passages)
        if options.ray:
            found = _time_cluster(Path(folder), options.ray, options.rounds)
        else:
            found = _time_model(texts, embedder)
            entries, whole = _take_in(Path(folder) / "notices", Path(folder) / "desk", embedder)
            alone = _time_embedding(entries, Path(folder) / "again", embedder)
            passages = sum(len(entry.passages) for entry in entries)
            found |= {"passages": passages, "ingest_to_embedding": round(whole / alone, 2)}
    if options.json:
        print(json.dumps(found))
    else:
        for name, value in found.items():
            print(f"{name.replace('_', ' '):<28}{value:>10}")
    return 0


def _take_in(source: Path, store: Path, embedder: Embedder) -> tuple[list[Entry], float]:
    """The notices of a folder, taken in as they always are; the seconds that it took."""
    bar = ProgressBar()
    archive = Archive(store, embedder)
    seconds = _time(lambda: ingest([source], archive, _LIMITS, prune=False, progress=bar))
    bar.close()
    entries = [archive.entry(card.notice_id) for card in archive.catalogue.cards()]
    archive.close()
    return entries, seconds


def _time_model(texts: Sequence[str], embedder: Embedder) -> dict[str, float]:
    """The rate of the embedding as a ratio to `encode` of the same model, in turns; how like the vectors are.

    `texts` are put in disorder, as they would be in a folder. In detail: with the vectors of sentences and words.
    """
    order = np.random.default_rng(7).permutation(len(texts))
    texts = [texts[place] for place in order]
    prompt, cuts = "passage: ", [[(0, len(text) // 2), (len(text) // 2, len(text))] for text in texts]
    plain, ours = embedder.load_plain(), embedder.load()
    plain.encode(texts[:8], prompt=prompt)
    embedder.embed_in_detail(texts[:8], cuts[:8])
    times: dict[str, list[float]] = {"plain": [], "rate_to_plain": [], "detailed_rate_to_plain": []}
    for _ in range(_ROUNDS):
        times["plain"].append(_time(lambda: plain.encode(texts, prompt=prompt)))
        times["rate_to_plain"].append(_time(lambda: ours.encode(texts, prompt=prompt)))
        times["detailed_rate_to_plain"].append(_time(lambda: embedder.embed_in_detail(texts, cuts)))
    base = statistics.median(times.pop("plain"))
    rates = {name: round(base / statistics.median(taken), 2) for name, taken in times.items()}
    cosines = (plain.encode(texts, prompt=prompt) * ours.encode(texts, prompt=prompt)).sum(axis=1)
    return rates | {"least_cosine": round(float(cosines.min()), 5), "mean_cosine": round(float(cosines.mean()), 5)}


def _write_notices(texts: Sequence[str], folder: Path, total: int) -> None:
    """Notices of ten paragraphs each, drawn from these texts; each paragraph names its notice, so that all differ."""
    random = np.random.default_rng(20231)
    folder.mkdir()
    for place in range(total // _A_NOTICE):
        drawn = [texts[number] for number in random.choice(len(texts), _A_NOTICE)]
        body = "\n\n".join(f"{' '.join(text.split())} ({place})" for text in drawn)
        (folder / f"{place}.txt").write_text(f"Notice {place}\n\n{body}\n", encoding="utf-8")


def _time_cluster(folder: Path, address: str, rounds: int) -> dict[str, float]:
    """Seconds of an ingest of `folder`/notices into a new store, alone and on a cluster; medians, and their ratio.

    Each is a process of its own: that the model is loaded, here or there, and the cluster joined counts too.
    """
    times: dict[str, list[float]] = {"alone": [], "cluster": []}
    for number in range(rounds):
        for name, extra in (("alone", ()), ("cluster", ("--ray", address))):
            store = folder / f"{name}-{number}"
            command = [sys.executable, "-m", "ingest", str(folder / "notices"), "--store", str(store), "--json", *extra]
            run = subprocess.run(command, cwd=_ROOT, stdout=subprocess.PIPE, check=True)  # noqa: S603 - our own module
            told = json.loads(run.stdout)
            times[name].append(told["seconds"])
    alone, cluster = (statistics.median(taken) for taken in times.values())
    return {
        "passages": told["passages"],
        "alone_seconds": round(alone, 1),
        "cluster_seconds": round(cluster, 1),
        "rate_to_alone": round(alone / cluster, 2),
    }


def _time_embedding(entries: Sequence[Entry], store: Path, embedder: Embedder) -> float:
    archive = Archive(store, embedder)
    seconds = _time(lambda: archive.embed(entries))
    archive.close()
    return seconds


def _time(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
