"""One system of a contest in a process of its own: the desk, or the tutorial's recipe, takes notices in or is asked."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.settings import Settings
from evals.baseline import Recipe, SameModel
from evals.memory import read_peak
from evals.ours import Desk
from evals.ranking import System
from ingest.limits import read_limits
from ingest.pipeline import ingest
from ingest.progress import ProgressBar
from store.archive import Archive
from store.embedder import Embedder

_DEPTH = 10
_SOUGHT = 30


def _take_in_desk(brief: Mapping[str, Any], embedder: Embedder) -> int:
    """The whole ingest, from files to a store that may be asked; how many passages it made."""
    archive = Archive(Path(brief["room"]), embedder)
    ingest([Path(brief["notices"])], archive, read_limits(Settings()), prune=False, progress=ProgressBar())
    passages = archive.catalogue.total_passages()
    archive.close()
    return passages


def _open_desk(brief: Mapping[str, Any], embedder: Embedder) -> System:
    archive = Archive(Path(brief["room"]), embedder)
    archive.check_model()
    return Desk(archive, _SOUGHT)


def _open_recipe(brief: Mapping[str, Any], model: SameModel) -> Recipe:
    """The recipe's index: what is there already is not embedded again."""
    texts = json.loads(Path(brief["texts"]).read_text("utf-8"))
    return Recipe(Path(brief["room"]), model, texts, _SOUGHT, ProgressBar())


def take_in(name: str, brief: Mapping[str, Any]) -> dict[str, Any]:
    """Seconds without those of loading the model, and passages."""
    embedder = Embedder()
    model = SameModel(embedder)
    _ = embedder.embed_question("warm up") if name == "desk" else model.embed_query("warm up")
    started = time.perf_counter()
    passages = _take_in_desk(brief, embedder) if name == "desk" else _open_recipe(brief, model).chunks
    return {"seconds": time.perf_counter() - started, "passages": passages}


def ask(name: str, brief: Mapping[str, Any]) -> dict[str, Any]:
    """Seconds until the first question is answered, seconds of each question after it, what was found for each."""
    started = time.perf_counter()
    embedder = Embedder()
    system = _open_desk(brief, embedder) if name == "desk" else _open_recipe(brief, SameModel(embedder))
    system.ask(brief["warm_up"], ())
    cold = time.perf_counter() - started
    rankings = [system.ask(question, ()) for question in brief["questions"]]
    return {
        "cold": cold,
        "seconds": [ranking.seconds for ranking in rankings],
        "found": [list(ranking.notice_ids[:_DEPTH]) for ranking in rankings],
    }


def main() -> int:
    """`python -m evals.contestant desk|recipe ingest|ask BRIEF`: one line of JSON on stdout."""
    name, phase, brief = sys.argv[1], sys.argv[2], json.loads(Path(sys.argv[3]).read_text("utf-8"))
    told = take_in(name, brief) if phase == "ingest" else ask(name, brief)
    told["peak_mb"] = read_peak()
    print(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
