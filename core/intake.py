"""What is put on the desk from a page, and what became of it: plain values, and the door as a page sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from core.people import Person


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as somebody sends it; `name` is what they call it, and never a path."""

    name: str
    content: bytes


class Fate(StrEnum):
    """What became of a file or a notice.

    added, unchanged: it is on the desk, now or since long; duplicate: another file of the same words is;
    withheld: somebody removed this notice, and it stays away; failed: it could not be read; removed, restored.
    """

    added = "added"
    unchanged = "unchanged"
    duplicate = "duplicate"
    withheld = "withheld"
    failed = "failed"
    removed = "removed"
    restored = "restored"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file, or of one in an archive; `name` may hold anything.

    `notice_id` is that of the notice it is or was, '' where it is none, `title` that notice's. `path` is the
    file of which it is a duplicate. `reason` says why it failed or who withdrew it, `help` what to do.
    `warnings` are what its owner should know of how it was read.
    """

    name: str
    fate: Fate
    notice_id: str = ""
    title: str = ""
    path: str = ""
    reason: str = ""
    help: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A notice that somebody removed: `at` is in UTC, as ISO 8601; `paths` are its files."""

    notice_id: str
    title: str
    paths: tuple[str, ...]
    person: str
    at: str


class Progress(Protocol):
    """Something that shows how far the work is."""

    def start(self, stage: str, total: int) -> None:
        """A stage begins, with so many steps."""

    def step(self, done: int) -> None:
        """So many more steps of the stage are done."""


class Intake(Protocol):
    """The door through which pages change the notices; each method that changes any asks who it is.

    These raise NotAllowedError for a person who may not edit, StoreBusyError where another is writing, and
    FullDiskError. Nothing that was sent is lost then: it waits, and `read_waiting` reads it.
    """

    @property
    def most_bytes(self) -> int:
        """The largest file that is taken."""

    def take_in(self, person: Person, uploads: Sequence[Upload], progress: Progress) -> list[Outcome]:
        """Keep these files and read them."""

    def remove(self, person: Person, notice_ids: Sequence[str]) -> list[Outcome]:
        """Take notices off the desk, until they are restored."""

    def restore(self, person: Person, notice_ids: Sequence[str], progress: Progress) -> list[Outcome]:
        """Read the files of removed notices again."""

    def read_again(self, person: Person, notice_ids: Sequence[str], progress: Progress) -> list[Outcome]:
        """Read the files of notices again, as they are now."""

    def list_waiting(self) -> list[str]:
        """What was sent and is not on the desk: it failed, or was not read yet."""

    def read_waiting(self, person: Person, progress: Progress) -> list[Outcome]:
        """Try again to read what waits."""

    def drop_waiting(self, person: Person) -> int:
        """Delete what waits; the number of files."""

    def list_withdrawn(self) -> list[Withdrawn]:
        """The notices that were removed and can be restored, the latest first."""
