"""The desk under measurement: the real ingest into a store of its own, the real question, the real search."""

from __future__ import annotations

import csv
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import UsageError
from core.settings import Settings
from evals.datasets import QUESTIONS_ENDING, Dataset, Record
from evals.ranking import Ranking, deepen
from ingest.limits import read_limits
from ingest.pipeline import Progress, ingest
from retriever.question import read_question
from retriever.search import search
from store.archive import Archive


@dataclass(frozen=True, slots=True)
class Library:
    """The notices that are searched: canonical text by notice id, and the id that each path became.

    Files with the same text are one notice, so several paths may lead to one id.
    """

    texts: Mapping[str, str]
    ids: Mapping[str, str]
    passages: int
    warnings: tuple[str, ...]

    def locate(self, accepted: Mapping[str, int]) -> dict[str, int]:
        """Gains by notice id; a path that became no notice stays what it is, and nobody can find it."""
        gains: dict[str, int] = {}
        for path, gain in accepted.items():
            name = self.ids.get(path, path)
            gains[name] = max(gain, gains.get(name, 0))
        return gains


class Desk:
    """Policy Desk, asked as its command line asks it."""

    def __init__(self, archive: Archive, k: int) -> None:
        """`k`: how many passages a search is asked for at first."""
        self._archive = archive
        self._k = k

    def ask(self, question: str, history: Sequence[str]) -> Ranking:
        """The notices of the best passages, each at its first; the time is that of understanding and one search.

        A question that the desk refuses, because it is empty or too long, finds nothing.
        """
        started = time.perf_counter()
        try:
            query = read_question(question, history, issuers=self._archive.shelf.issuers)
        except UsageError:
            return Ranking((), time.perf_counter() - started)

        def find(k: int) -> list[str]:
            return [hit.passage.notice_id for hit in search(self._archive, query, k)]

        found = find(self._k)
        seconds = time.perf_counter() - started
        return Ranking(deepen(found, self._k, find), seconds)


def take_in(dataset: Dataset, archive: Archive, folder: Path, settings: Settings, progress: Progress) -> Library:
    """Ingest the notices of a set; records of a public set are written as notices into `folder` first.

    Raises what ingest raises; a file that fails is a warning, and its questions are misses.
    """
    if dataset.records:
        write_notices(dataset.records, folder)
    source = folder if dataset.records else dataset.folder
    limits = read_limits(settings)
    report = ingest([source], archive, limits, prune=True, progress=progress)
    catalogue = archive.catalogue
    ids = {record.path: record.notice_id for record in catalogue.files()}
    texts = {card.notice_id: catalogue.notice(card.notice_id).text for card in catalogue.cards()}
    failed = [f"{path}: {reason}" for path, reason in report.failed if not path.endswith(QUESTIONS_ENDING)]
    wanted = {path for case in dataset.cases for path in case.accepted}
    missing = [f"{path}: answers a question, and is not among the notices" for path in sorted(wanted - ids.keys())]
    return Library(texts, ids, catalogue.total_passages(), (*failed, *missing))


def write_notices(records: Mapping[str, Record], folder: Path) -> None:
    """Each record as a plain text file at its path below `folder`, its title in sources.csv.

    Plain text, because nothing in it is taken for markup: the notice's text is the record's. What
    is in `folder` goes first.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for path, record in records.items():
        (folder / path).write_bytes(record.text.encode("utf-8", "replace"))
    with (folder / "sources.csv").open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["path", "title"])
        table.writerows([path, record.title] for path, record in records.items())
