"""How near the desk comes to what this machine could do at best: for ingest by arithmetic, for a question by its parts.

The best for ingest is the model's arithmetic at the rate of the fastest matrix product that the machine was seen to
make; the best for a question is one embedding and one search of the graph.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import torch

from core.settings import Settings
from ingest.limits import read_limits
from ingest.pipeline import ingest
from ingest.progress import ProgressBar
from retriever.question import read_question
from retriever.search import search
from store.archive import Archive
from store.e5_input import build_tokenizer
from store.e5_weights import Weights
from store.embedder import Embedder
from store.weights import locate_e5

_SAMPLES = Path(__file__).parent.parent / "corpus"
_SIDE = 2048
_ROUNDS = 7
_QUESTIONS = 40


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure both over the samples; print rates and shares."""
    parser = argparse.ArgumentParser(prog="python -m evals.ceiling", description=__doc__)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    embedder = Embedder()
    with tempfile.TemporaryDirectory(prefix="ceiling-", ignore_cleanup_errors=True) as folder:
        archive = Archive(Path(folder), embedder)
        started = time.perf_counter()
        ingest([_SAMPLES], archive, read_limits(Settings()), prune=False, progress=ProgressBar())
        whole = time.perf_counter() - started
        found = _weigh_ingest(archive, whole) | _weigh_question(archive)
        archive.close()
    if options.json:
        print(json.dumps(found))
    else:
        for name, value in found.items():
            print(f"{name.replace('_', ' '):<44}{value:>12,.3f}")
    return 0


def _weigh_ingest(archive: Archive, whole: float) -> dict[str, float]:
    """Passages a second: at the machine's peak by arithmetic, of the embedding alone, of the whole ingest."""
    entries = [archive.entry(card.notice_id) for card in archive.catalogue.cards()]
    texts = [passage.text for entry in entries for passage in entry.passages]
    needed = _count_operations(texts)
    peak = measure_peak()
    embedding = _time(lambda: archive.embed(entries))
    return {
        "passages": len(texts),
        "peak_operations_a_second_1e9": peak / 1e9,
        "operations_a_passage_1e9": needed / len(texts) / 1e9,
        "at_the_peak_passages_a_second": len(texts) * peak / needed,
        "embedding_passages_a_second": len(texts) / embedding,
        "embedding_share_of_the_peak": needed / peak / embedding,
        "whole_ingest_passages_a_second": len(texts) / whole,
    }


def _count_operations(texts: Sequence[str]) -> float:
    """Multiplications and additions of the layers over the tokens of these texts.

    A layer has 12 w² weights (w: its width), each used once a token, and t² w products twice for attention over t
    tokens (Vaswani et al. 2017).
    """
    weights = Weights.read(locate_e5())
    tokenizer = build_tokenizer(weights.pieces, weights.unknown)
    width, lengths = weights.width, [len(row.ids) for row in tokenizer.encode_batch(list(texts))]
    return float(sum(weights.layers * 2 * (12 * width**2 * length + 2 * length**2 * width) for length in lengths))


def measure_peak() -> float:
    """Operations a second of the fastest square matrix product, in 8 bits, in bfloat16 or in float32."""
    small = [torch.randint(-127, 127, (_SIDE, _SIDE), dtype=torch.int8) for _ in range(2)]
    real = [torch.randn(_SIDE, _SIDE) for _ in range(2)]
    brief = [matrix.to(torch.bfloat16) for matrix in real]
    products: list[Callable[[], object]] = [
        lambda: torch._int_mm(*small),
        lambda: torch.matmul(*brief),
        lambda: torch.matmul(*real),
    ]
    return 2 * _SIDE**3 / min(_time(product) for product in products)


def _weigh_question(archive: Archive) -> dict[str, float]:
    """Milliseconds of a search, of the embedding and of the graph in it."""
    taken: dict[str, list[float]] = {"embedding": [], "graph": [], "search": []}
    for number in range(_QUESTIONS):
        question = f"What must schools publish before term {number}?"
        started = time.perf_counter()
        vector = archive.embedder.embed_question(question).vector
        taken["embedding"].append(time.perf_counter() - started)
        taken["graph"].append(_clock(lambda vector=vector: archive.nearest_by_meaning(vector, 50)))  # type: ignore[misc]
        # Not the same words: the vector of a question is remembered.
        query = read_question(f"Which schools must publish it before term {number}?")
        taken["search"].append(_clock(lambda query=query: search(archive, query)))  # type: ignore[misc]
    median = {name: 1000 * statistics.median(seconds) for name, seconds in taken.items()}
    least = median["embedding"] + median["graph"]
    return {f"{name}_ms": value for name, value in median.items()} | {"search_to_its_least": median["search"] / least}


def _time(work: Callable[[], object]) -> float:
    """Median seconds, after one that does not count."""
    work()
    return statistics.median(_clock(work) for _ in range(_ROUNDS))


def _clock(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
