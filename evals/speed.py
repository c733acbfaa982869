"""Times searches and answers on a large made-up desk, with and without a filter, and beside the baseline."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from assistant.ask import ask_in_steps
from core.types import Notice, NoticeCard, Passage, Span
from evals.baseline import SHOWN, SameModel
from ingest.pipeline import ingest
from ingest.progress import ProgressBar
from ingest.readers import Limits
from ingest.sentences import parse_sentences
from retriever.question import read_question
from retriever.search import search
from store.archive import Archive
from store.catalogue import Entry, digest_text, name_notice
from store.embedder import Detail, Embedded, Embedder, Vectors
from store.shelf import Scope

_SAMPLES = Path(__file__).parent.parent / "corpus"
_LIMITS = Limits(50_000_000, 200_000_000, 5000)
_A_NOTICE = 10
_A_BATCH = 2000
# The shares of the desk that the two filtered years have; the rest is spread over the years before.
_FEW, _MANY = 2021, 2023
_SHARES = ((0.03, _FEW), (0.61, _MANY))
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
_ROUNDS = 12


@dataclass(frozen=True, slots=True)
class _Stock:
    """Real passages of the samples with their vectors and details, from which the desk is made."""

    texts: list[str]
    languages: list[str]
    embedded: Embedded


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the desk in a temporary folder, time it, print the medians and their ratios."""
    parser = argparse.ArgumentParser(prog="python -m evals.speed", description=__doc__)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    bar = ProgressBar()
    with tempfile.TemporaryDirectory(prefix="evals-", ignore_cleanup_errors=True) as folder:
        embedder = Embedder()
        stock = _read_stock(Path(folder) / "samples", embedder, bar)
        archive = Archive(Path(folder) / "desk", embedder)
        recipe = _Recipe(Path(folder) / "recipe", embedder)
        bar.start("Making the desk", options.passages)
        for entries, embedded in _make_notices(stock, options.passages):
            archive.add(entries, embedded, [])
            recipe.add(entries, embedded)
            bar.step(len(embedded.vectors))
        bar.close()
        archive.end()
        medians = _time(archive, recipe)
        archive.close()
    base = medians["no filter"]
    rows = {name: {"ms": round(1000 * value, 2), "ratio": round(value / base, 2)} for name, value in medians.items()}
    if options.json:
        print(json.dumps({"passages": options.passages, "medians": rows}))
    else:
        print(f"{options.passages} passages; median time from question to hits, and its ratio to no filter")
        for name, row in rows.items():
            print(f"{name:<42}{row['ms']:>9.1f} ms{row['ratio']:>8.2f}")
    return 0


def _read_stock(folder: Path, embedder: Embedder, bar: ProgressBar) -> _Stock:
    archive = Archive(folder, embedder)
    ingest([_SAMPLES], archive, _LIMITS, prune=False, progress=bar)
    entries = [archive.entry(card.notice_id) for card in archive.catalogue.cards()]
    embedded = archive.embed(entries)
    archive.close()
    texts = [passage.text for entry in entries for passage in entry.passages]
    languages = [entry.notice.card.language for entry in entries for _ in entry.passages]
    return _Stock(texts, languages, embedded)


def _make_notices(stock: _Stock, total: int) -> Iterator[tuple[list[Entry], Embedded]]:
    """Notices of ten passages each, drawn from the stock; their vectors are disturbed, so that none is like another."""
    random = np.random.default_rng(20231)
    by_language = {
        name: [n for n, language in enumerate(stock.languages) if language == name] for name in set(stock.languages)
    }
    for first in range(0, total, _A_BATCH):
        entries: list[Entry] = []
        chosen: list[int] = []
        for place in range(first, min(first + _A_BATCH, total), _A_NOTICE):
            pool = by_language["zh" if "zh" in by_language and random.random() < 1 / 3 else "en"]
            drawn = random.choice(pool, _A_NOTICE).tolist()
            entries.append(_make_notice(place, [stock.texts[n] for n in drawn], stock.languages[drawn[0]], random))
            chosen += drawn
        vectors = stock.embedded.vectors[chosen] + random.normal(0, 0.02, (len(chosen), 384)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        details = tuple(_disturb(stock.embedded.details[n], random) for n in chosen)
        yield entries, Embedded(vectors, details)


def _make_notice(place: int, texts: Sequence[str], language: str, random: np.random.Generator) -> Entry:
    text = f"Notice {place}\n\n" + "\n\n".join(texts)
    draw, year = random.random(), int(random.integers(2000, 2020))
    for share, named in reversed(_SHARES):
        year = named if draw < share else year
    notice_id = name_notice(text)
    card = NoticeCard(
        notice_id, f"{place}.txt", f"Notice {place}", "Bureau", "", str(year), year, language, digest=digest_text(text)
    )
    passages: list[Passage] = []
    at = len(f"Notice {place}\n\n")
    for ordinal, body in enumerate(texts):
        span = Span(at, at + len(body))
        passages.append(Passage(f"{notice_id}:{ordinal}", notice_id, ordinal, span, body))
        at = span.end + 2
    return Entry(Notice(card, text), tuple(passages), tuple(parse_sentences(text)))


def _disturb(detail: Detail, random: np.random.Generator) -> Detail:
    noise = random.integers(0, 256, detail.signs.shape, dtype=np.uint8)
    mask = random.integers(0, 256, (3, *detail.signs.shape), dtype=np.uint8)
    return replace(detail, signs=detail.signs ^ (noise & mask[0] & mask[1] & mask[2]))


class _Prepared(SameModel):
    """The baseline's model, with the vectors of passages given: only its questions are embedded."""

    coming: Vectors

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """The vectors that were put ready for these texts."""
        rows: list[list[float]] = self.coming[: len(texts)].tolist()
        return rows


class _Recipe:
    """The tutorial's search over the same passages: the plain model, Chroma as it comes, the nearest four."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        from langchain_chroma import Chroma

        self._model = _Prepared(embedder)
        self._index = Chroma("speed", self._model, persist_directory=str(folder))

    def add(self, entries: Sequence[Entry], embedded: Embedded) -> None:
        """Add the passages of notices with their vectors."""
        passages = [passage for entry in entries for passage in entry.passages]
        self._model.coming = embedded.vectors
        self._index.add_texts([passage.text for passage in passages], ids=[passage.passage_id for passage in passages])

    def ask(self, question: str) -> None:
        """One search."""
        self._index.similarity_search(question, k=SHOWN)


def _time(archive: Archive, recipe: _Recipe) -> dict[str, float]:
    """Median seconds of each way to ask, taken in turns; every question is new to the model."""

    def ask(only_years: tuple[int, ...] = (), words: str = "") -> Callable[[str], object]:
        return lambda question: search(archive, read_question(f"{question} {words}", only_years=only_years))

    among = archive.shelf.count_passages
    few, many = (100 * among(archive.shelf.keep(Scope((year,)))) // archive.shelf.passages for year in (_FEW, _MANY))
    ways: dict[str, Callable[[str], object]] = {
        "no filter": ask(),
        f"filter by year, keeps {few} %": ask((_FEW,)),
        f"filter by year, keeps {many} %": ask((_MANY,)),
        "the question names a year": ask(words=f"in {_FEW}"),
        "the first sentence of the answer": lambda question: next(ask_in_steps(archive, question)),
        "tutorial recipe, no filter": recipe.ask,
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(_ROUNDS + 1):
        for place, question in enumerate(_QUESTIONS):
            for name, way in ways.items():
                fresh = f"{question} {turn * len(_QUESTIONS) + place} {name[-4:]}"
                started = time.perf_counter()
                way(fresh)
                if turn:
                    taken[name].append(time.perf_counter() - started)
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


if __name__ == "__main__":
    sys.exit(main())
