"""The command line of evals: measure the desk beside the baseline on a set of questions."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from core.errors import PolicyDeskError, UsageError
from core.place import Place
from core.settings import read_settings
from evals import answers
from evals.asking import ask_both
from evals.baseline import Recipe, SameModel
from evals.comparison import Comparison, compare
from evals.datasets import Dataset, read_dataset
from evals.feedback import collect_questions
from evals.inquiries import read_inquiries
from evals.ours import Desk, take_in
from evals.report import as_json, as_table, write_report
from ingest.progress import ProgressBar
from retriever.batch import write_lines
from store.archive import Archive
from store.catalogue import Catalogue
from store.embedder import Embedder
from store.records import Records

_TOOLS = ("langchain_chroma", "langchain_text_splitters", "ir_measures", "matplotlib")


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m evals",
        description="Measure the desk's retrieval beside LangChain's tutorial recipe, or its answers.",
    )
    parser.add_argument(
        "dataset",
        nargs="?",
        type=Path,
        metavar="DATASET",
        help="a folder with corpus.jsonl, queries.jsonl and qrels.tsv, or one with notices and sources.csv "
        "next to FOLDER-questions.jsonl",
    )
    parser.add_argument("--k", type=int, default=30, help="passages asked for at first (default 30; more if needed)")
    parser.add_argument("--json", action="store_true", help="print JSON, with the rank for each question")
    parser.add_argument(
        "--answers",
        action="store_true",
        help="measure whole answers and refusals, not the retrieval beside the baseline",
    )
    parser.add_argument("--report", type=Path, metavar="STEM", help="also write STEM.md, STEM.svg and STEM.json")
    parser.add_argument(
        "--from-feedback",
        action="store_true",
        help="write what people said of answers as test questions, instead of measuring",
    )
    parser.add_argument("--output", type=Path, metavar="FILE", help="with --from-feedback: write there, not to stdout")
    parser.add_argument(
        "--store",
        type=Path,
        metavar="DIR",
        help="keep the stores below DIR, so that a second run embeds nothing; with --from-feedback: the desk's store",
    )
    options = parser.parse_args(arguments)
    if (options.dataset is None) != options.from_feedback:
        parser.error("give a DATASET, or --from-feedback")
    if options.k < 1:
        parser.error("--k must be at least 1")
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 well, 2 wrong use or a set that cannot be measured with."""
    options = _parse(arguments)
    try:
        if options.from_feedback:
            write_lines(_collect(read_settings(options.store).place), options.output)
            return 0
        _check_tools()
        dataset = read_dataset(options.dataset)
        if options.answers:
            figures = _measure_answers(dataset, options.store)
            print(json.dumps(figures, ensure_ascii=False) if options.json else answers.as_table(figures))
            return 0
        if options.report is not None:
            _make_room(options.report)
        comparison = _measure(dataset, options.k, options.store)
        if options.report is not None:
            write_report(comparison, options.report)
    except PolicyDeskError as error:
        print(f"evals: {error}\n  {error.help}", file=sys.stderr)
        return 2
    print(json.dumps(as_json(comparison), ensure_ascii=False) if options.json else as_table(comparison))
    return 0


def _collect(place: Place) -> list[dict[str, Any]]:
    """The test questions of a desk's feedback; raises UsageError where there is no desk."""
    if not place.database_url and not place.folder.is_dir():
        raise UsageError(f"{place.folder}: there is no store", "Name the folder of the desk's store with --store.")
    records, catalogue = Records(place), Catalogue(place)
    try:
        return collect_questions(records, catalogue)
    finally:
        records.close()
        catalogue.close()


def _check_tools() -> None:
    """Say at once, not after minutes, that a package for development is missing."""
    missing = [tool for tool in _TOOLS if find_spec(tool) is None]
    if missing:
        raise UsageError(f"these packages are not installed: {', '.join(missing)}", "Run `make setup-dev`.")


def _make_room(report: Path) -> None:
    try:
        report.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{report}: the report cannot be written ({error.strerror})", "Check the path.") from error


def _measure(dataset: Dataset, k: int, store: Path | None) -> Comparison:
    settings = read_settings()
    embedder = Embedder(settings.embedding_model)
    bar = ProgressBar()
    with _open_room(dataset, store) as room:
        archive = Archive(room / "desk", embedder)
        try:
            library = take_in(dataset, archive, room / "notices", settings, bar)
            recipe = Recipe(room / "baseline", SameModel(embedder), library.texts, k, bar)
            outcomes = ask_both(dataset.cases, Desk(archive, k), recipe, bar)
        finally:
            bar.close()
            archive.close()
    return compare(dataset, library, outcomes, embedding_model=embedder.name, chunks=recipe.chunks)


def _measure_answers(dataset: Dataset, store: Path | None) -> dict[str, dict[str, float]]:
    settings = read_settings()
    bar = ProgressBar()
    with _open_room(dataset, store) as room:
        archive = Archive(room / "desk", Embedder(settings.embedding_model))
        try:
            take_in(dataset, archive, room / "notices", settings, bar)
            inquiries = read_inquiries(dataset)
            bar.start("Answering", len(inquiries))
            outcomes = answers.answer_all(archive, inquiries, lambda: bar.step(1))
        finally:
            bar.close()
            archive.close()
    return answers.summarise(outcomes)


@contextmanager
def _open_room(dataset: Dataset, store: Path | None) -> Iterator[Path]:
    """The folder for the stores of a set: its own below `store`, else a temporary one."""
    if store is None:
        with tempfile.TemporaryDirectory(prefix="evals-", ignore_cleanup_errors=True) as folder:
            yield Path(folder)
    else:
        place = hashlib.sha256(str(dataset.folder.resolve()).encode("utf-8", "replace")).hexdigest()[:8]
        yield store.resolve() / f"{dataset.name}-{place}"


if __name__ == "__main__":
    raise SystemExit(main())
