"""Fits `assistant/weights.json` to public sets: python -m evals.calibrate SET … [--questions N] [--write].

Each set is asked four times: as it is; over a half of its passages in which the one that answers is
not; over the half of its articles that speak of something else; and with its questions that nothing
answers. So the desk learns what an answer looks like, and what the lack of one looks like.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from tqdm import tqdm

from assistant import calibration
from assistant.evidence import Evidence, gather_evidence
from assistant.refusal import measure_answer
from core.errors import PolicyDeskError, UsageError
from core.settings import read_settings
from evals.datasets import Dataset, Record, read_dataset
from evals.inquiries import Inquiry, read_inquiries
from evals.logistic import Numbers, fit_choice, fit_logistic, rank_positives
from evals.ours import take_in
from ingest.progress import ProgressBar
from retriever.question import read_question
from retriever.search import search
from store.archive import Archive
from store.embedder import Embedder

PARTS = ("whole", "passage absent", "article absent", "unanswerable")
# The measures that tell a sentence that answers; the others tell of the passage and serve the second scale.
_OF_SENTENCE = (
    "tokens", "tokens_led", "meaning", "meaning_passage", "words_titled", "words_led", "forms", "pairs", "fits",
    "of_kind", "news", "length", "rank", "gap", "year_clash", "negation_clash",
)  # fmt: skip
# What cannot be measured without vectors, and what says nothing where question and notice have no words in common.
_OF_VECTORS = frozenset(
    ("tokens", "tokens_led", "meaning", "meaning_passage", "soft", "worst", "highest_tokens_passage", "highest_meaning")
)
_OF_WORDS = frozenset(
    ("words_titled", "words_led", "forms", "pairs", "highest_words_passage", "negation_clash", "news")
)
_RIDGE = 2.0
_DEPTH = 12


@dataclass(frozen=True, slots=True)
class Sample:
    """A question asked in one of the parts, with the sentences found and which of them hold the answer."""

    part: str
    scale: str
    evidence: tuple[Evidence, ...]
    right: tuple[bool, ...]


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m evals.calibrate", description="Fit the weights of the answerer.")
    parser.add_argument("datasets", nargs="+", type=Path, metavar="SET", help="a public set with answers")
    parser.add_argument("--questions", type=int, default=1500, help="of each set, at most so many in each part")
    parser.add_argument("--store", type=Path, metavar="DIR", help="keep the stores below DIR for a second run")
    parser.add_argument("--write", action="store_true", help=f"write {calibration.FILE.name}, else print it")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 well, 2 wrong use or a set that cannot be learned from."""
    options = _parse(arguments)
    try:
        with tempfile.TemporaryDirectory(prefix="calibrate-") as temporary:
            store = options.store or Path(temporary)
            samples = [sample for folder in options.datasets for sample in _ask_all(folder, store, options.questions)]
    except PolicyDeskError as error:
        print(f"evals.calibrate: {error}\n  {error.help}", file=sys.stderr)
        return 2
    names = [folder.resolve().name for folder in options.datasets]
    kept = {"made_by": f"python -m evals.calibrate {' '.join(names)}", "scales": fit_scales(samples)}
    written = json.dumps(kept, indent=1, ensure_ascii=False) + "\n"
    if options.write:
        calibration.FILE.write_text(written, encoding="utf-8")
    else:
        print(written)
    return 0


def _ask_all(folder: Path, store: Path, most: int) -> Iterator[Sample]:
    """Every part of a set asked, over stores of its own."""
    dataset = read_dataset(folder)
    if dataset.kind != "public":
        raise UsageError(f"{folder}: weights are fitted to public sets only", "Name one with corpus.jsonl.")
    settings = read_settings()
    embedder = Embedder(settings.embedding_model)
    bar = ProgressBar()
    inquiries = read_inquiries(dataset)
    inquiries = tuple(inquiries[place] for place in np.random.default_rng(5).permutation(len(inquiries)))
    answerable = [inquiry for inquiry in inquiries if inquiry.is_answerable]
    hopeless = [inquiry for inquiry in inquiries if not inquiry.is_answerable]
    asked = [(dataset, PARTS[0], answerable), (dataset, PARTS[3], hopeless)]
    for part, names in ((PARTS[1], lambda record: record.text), (PARTS[2], lambda record: record.title or record.text)):
        half = _leave_out(dataset, names)
        asked.append((half, part, [inquiry for inquiry in answerable if inquiry.path not in half.records]))
    for place, part, chosen in asked:
        name = f"{dataset.name}-{part if place is not dataset else 'whole'}".replace(" ", "-")
        archive = Archive(store / name, embedder)
        try:
            library = take_in(place, archive, store / f"{name}-notices", settings, bar)
            for inquiry in tqdm(chosen[:most], desc=part, file=sys.stderr):
                sample = _ask(archive, inquiry, part, library.ids.get(inquiry.path, ""))
                if sample is not None:
                    yield sample
        finally:
            bar.close()
            archive.close()


def _leave_out(dataset: Dataset, name: Callable[[Record], str]) -> Dataset:
    """The set without a half of its records, chosen by their names: all that share one go or stay together."""
    kept = {
        path: record
        for path, record in dataset.records.items()
        if hashlib.sha256(name(record).encode("utf-8", "replace")).digest()[0] % 2 == 0
    }
    cases = tuple(case for case in dataset.cases if case.accepted.keys() <= kept.keys())
    return replace(dataset, records=kept, cases=cases)


def _ask(archive: Archive, inquiry: Inquiry, part: str, notice_id: str) -> Sample | None:
    try:
        query = read_question(inquiry.question)
    except UsageError:
        return None
    hits = search(archive, query, _DEPTH)
    found = gather_evidence(archive, query, hits)
    if not found:
        return None
    right = [
        part == PARTS[0]
        and item.card.notice_id == notice_id
        and any(answer in item.text or item.text.strip() in answer for answer in inquiry.answers)
        for item in found
    ]
    return Sample(part, found[0].scale, tuple(found), tuple(right))


def fit_scales(samples: Sequence[Sample]) -> dict[str, dict[str, dict[str, object]]]:
    """The scales of each pair of languages, and those without vectors from all that are in one language."""
    groups: dict[str, list[Sample]] = {}
    for sample in samples:
        groups.setdefault(sample.scale, []).append(sample)
    groups["words"] = [sample for name in ("en", "zh") for sample in groups.get(name, [])]
    return {name: _fit(name, group) for name, group in groups.items() if group}


def _fit(name: str, samples: Sequence[Sample]) -> dict[str, dict[str, object]]:
    dropped = {"words": _OF_VECTORS, "across": _OF_WORDS}.get(name, frozenset())
    kept = [measure for measure in _OF_SENTENCE if measure not in dropped]
    choices = [(_table(s.evidence, kept), np.array(s.right)) for s in samples if any(s.right)]
    weights = fit_choice(choices, _RIDGE)
    # The choice tells which sentence is best; its place on the scale of probabilities is fitted to all.
    utilities = [_table(s.evidence, kept) @ weights for s in samples]
    rows = np.concatenate(utilities)[:, None]
    labels = np.array([float(right) for s in samples for right in s.right])
    bias, slope = fit_logistic(rows, labels, np.ones(len(labels)))
    sentence = calibration.Scale(bias, dict(zip(kept, (slope[0] * weights).tolist(), strict=True)))
    rated = [_rerate(s, sentence) for s in samples]
    measures = [measure_answer(s.evidence, s.evidence) for s in rated]
    columns = [column for column in measures[0] if column not in dropped]
    table = np.array([[row[column] for column in columns] for row in measures])
    answered = np.array([float(s.part == PARTS[0]) for s in samples])
    shares = _balance([s.part for s in samples])
    _report(name, rated, table, answered, shares)
    bias, plain = fit_logistic(table, answered, shares, _RIDGE)
    answer = calibration.Scale(bias, dict(zip(columns, plain.tolist(), strict=True)))
    return {part: _write(scale) for part, scale in (("sentence", sentence), ("answer", answer))}


def _rerate(sample: Sample, scale: calibration.Scale) -> Sample:
    """The sample with its sentences rated anew, best first."""
    rated = [replace(item, log_odds=scale.rate(item.measures)) for item in sample.evidence]
    order = sorted(range(len(rated)), key=lambda place: -rated[place].log_odds)
    return replace(
        sample,
        evidence=tuple(rated[place] for place in order),
        right=tuple(sample.right[place] for place in order),
    )


def _balance(parts: Sequence[str]) -> Numbers:
    """What each sample counts: half of all for those that are answered, the rest in equal parts."""
    counts = {part: parts.count(part) for part in set(parts)}
    lacking = max(1, len(counts.keys() - {PARTS[0]}))
    share = {part: len(parts) / 2 / count / (1 if part == PARTS[0] else lacking) for part, count in counts.items()}
    return np.array([share[part] for part in parts])


def _report(name: str, samples: Sequence[Sample], table: Numbers, answered: Numbers, shares: Numbers) -> None:
    """On stderr: how often the answer is in the first sentences; AUROC of each part, fitted on other folds."""
    whole = [s for s in samples if s.part == PARTS[0]]
    firsts = [np.mean([any(s.right[:count]) for s in whole]) for count in (1, 2, 3)]
    folds = np.random.default_rng(5).integers(0, 5, len(samples))
    rated = np.zeros(len(samples))
    for fold in range(5):
        bias, weights = fit_logistic(table[folds != fold], answered[folds != fold], shares[folds != fold], _RIDGE)
        rated[folds == fold] = bias + table[folds == fold] @ weights
    parts = np.array([s.part for s in samples])
    areas = {
        part: round(rank_positives(rated[parts == PARTS[0]], rated[parts == part]), 3)
        for part in PARTS[1:]
        if (parts == part).any()
    }
    print(f"{name}: first 1, 2, 3: {np.round(firsts, 3).tolist()}; AUROC (five folds): {areas}", file=sys.stderr)


def _table(evidence: Sequence[Evidence], columns: Sequence[str]) -> Numbers:
    return np.array([[item.measures[column] for column in columns] for item in evidence])


def _write(scale: calibration.Scale) -> dict[str, object]:
    return {"bias": round(scale.bias, 4), "weights": {name: round(w, 4) for name, w in scale.weights.items()}}


if __name__ == "__main__":
    raise SystemExit(main())
