"""How the store fares: what is in it, how big it is, what keeps it from answering."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from core.errors import StaleIndexError, UnreachableStoreError
from store.archive import Archive

# With less than this left the next ingest may not end.
_ROOM = 200_000_000


class Problem(StrEnum):
    """What is wrong, the worst first."""

    unreadable = "unreadable"
    unreachable = "unreachable"
    stale_index = "stale_index"
    low_disk = "low_disk"
    english_only = "english_only"
    empty = "empty"


class Health(StrEnum):
    """Whether the desk answers: as it should, less well, or not at all."""

    ok = "ok"
    degraded = "degraded"
    down = "down"


@dataclass(frozen=True, slots=True)
class Condition:
    """How a store was found. Sizes are in bytes; `changed_at`, when the index was last written, is in UTC, as
    ISO 8601 to the second, "" where it never was."""

    notices: int = 0
    passages: int = 0
    embedding_model: str = ""
    store_bytes: int = 0
    changed_at: str = ""
    free_bytes: int = 0
    problems: tuple[Problem, ...] = ()

    @property
    def health(self) -> Health:
        """The worst that any problem does."""
        if {Problem.unreadable, Problem.unreachable, Problem.stale_index} & set(self.problems):
            return Health.down
        return Health.degraded if self.problems else Health.ok


UNREADABLE = Condition(problems=(Problem.unreadable,))
UNREACHABLE = Condition(problems=(Problem.unreachable,))


def read_condition(archive: Archive) -> Condition:
    """How an archive fares now, in some milliseconds; never raises: what cannot be read is a problem of its own."""
    try:
        return _read(archive)
    except UnreachableStoreError:
        return UNREACHABLE
    except Exception:
        # Each engine says in its own way that its files are broken or gone.
        return UNREADABLE


def _read(archive: Archive) -> Condition:
    # An open file outlives its name: without this a store that was deleted would still look well.
    if not archive.catalogue.is_there:
        return UNREADABLE
    problems = []
    archive.reach()
    archive.refresh()
    try:
        archive.check_model()
    except StaleIndexError:
        problems.append(Problem.stale_index)
    cards, free = archive.catalogue.cards(), shutil.disk_usage(archive.folder).free
    if free < _ROOM:
        problems.append(Problem.low_disk)
    if any(not archive.embedder.reads(card.language) for card in cards):
        problems.append(Problem.english_only)
    if not cards:
        problems.append(Problem.empty)
    return Condition(
        len(cards),
        archive.catalogue.total_passages(),
        archive.embedder.name,
        sum(measure_folder(archive.folder)) + archive.catalogue.measure(),
        archive.index_changed_at if cards else "",
        free,
        tuple(problems),
    )


def measure_folder(folder: Path) -> Iterator[int]:
    """The sizes of the files below a folder, in bytes."""
    for file in folder.rglob("*"):
        try:
            yield file.stat().st_size if file.is_file() else 0
        except OSError:
            # A file of an engine that has just gone.
            continue
