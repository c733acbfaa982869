"""txtai's search over the same notices with the same weights, run alone in an environment of its own.

It imports nothing of the desk. The notices are cut where their paragraphs end, as txtai's own examples do; the index
is hybrid, half BM25 and half vectors, as txtai recommends for questions, and keeps what it indexes.
https://neuml.github.io/txtai/embeddings/configuration/
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

_DEPTH = 10
# What is fetched so that ten notices are among the paragraphs.
_FETCHED = 100


def _open(brief: dict[str, Any]) -> Any:
    from txtai import Embeddings

    return Embeddings(
        path=brief["model"],
        instructions={"query": "query: ", "data": "passage: "},
        hybrid=True,
        content=True,
    )


def _read_peak() -> float:
    """As `evals.memory` does; what the parent held is no part of it."""
    status = Path("/proc/self/status").read_text("utf-8").splitlines()
    return int(next(line.split()[1] for line in status if "VmHWM" in line)) * 1024 / 1e6


def _take_in(brief: dict[str, Any]) -> dict[str, Any]:
    embeddings = _open(brief)
    embeddings.batchtransform(["warm up"])
    started = time.perf_counter()
    rows = [
        (f"{notice_id}:{number}", paragraph, None)
        for notice_id, text in json.loads(Path(brief["texts"]).read_text("utf-8")).items()
        for number, paragraph in enumerate(part for part in text.split("\n\n") if part.strip())
    ]
    embeddings.index(rows)
    embeddings.save(brief["room"])
    return {"seconds": time.perf_counter() - started, "passages": len(rows)}


def _ask(brief: dict[str, Any]) -> dict[str, Any]:
    started = time.perf_counter()
    embeddings = _open(brief)
    embeddings.load(brief["room"])
    embeddings.search(brief["warm_up"], 4)
    cold = time.perf_counter() - started
    seconds, found = [], []
    for question in brief["questions"]:
        started = time.perf_counter()
        embeddings.search(question, 4)
        seconds.append(time.perf_counter() - started)
        names = [row["id"].rpartition(":")[0] for row in embeddings.search(question, _FETCHED)]
        found.append(list(dict.fromkeys(names))[:_DEPTH])
    return {"cold": cold, "seconds": seconds, "found": found}


def main() -> int:
    """`rival.py ingest|ask BRIEF`: one line of JSON on stdout."""
    brief = json.loads(Path(sys.argv[2]).read_text("utf-8"))
    told = _take_in(brief) if sys.argv[1] == "ingest" else _ask(brief)
    told["peak_mb"] = _read_peak()
    print(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
