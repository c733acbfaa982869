"""Files inside files: what lies in an archive or a mail becomes sources like the files on disk.

A member stands at a location below that of the file that holds it, where no file on disk can be.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from core.errors import IngestError, NoticeTooLargeError, UnreadableNoticeError
from ingest.files import TABLE, Found, add_table, find_row, read_bytes
from ingest.readers import Limits, Room
from ingest.readers.member_names import find_fault
from ingest.sandbox import Reader
from store.catalogue import FileRecord

# So deep may archives and mails lie in one another, and so many files come out of one.
_DEEPEST, _MOST_MEMBERS = 3, 10_000


@dataclass(frozen=True, slots=True)
class Source:
    """A file to look at: where it is, its name relative to its folder, its row of sources.csv.

    `row` is None where the table that describes it cannot be read. A member comes with its `content`;
    `depth` says in how many other files it lies.
    """

    location: Path
    path: str
    row: Mapping[str, str] | None
    content: bytes | None = None
    depth: int = 0

    @property
    def top(self) -> Path:
        """The folder to which the path is relative."""
        return self.location.parents[len(PurePosixPath(self.path).parts) - 1]

    def read_bytes(self, limits: Limits) -> bytes:
        """What is in it; raises an IngestError that names it."""
        return read_bytes(self.path, self.location, limits) if self.content is None else self.content


class Unpacker:
    """Unpacks files in the sandbox; all that comes out of one file on disk shares its limits."""

    def __init__(self, sandbox: Reader, limits: Limits, found: Found) -> None:
        self._sandbox = sandbox
        self._limits = limits
        self._found = found
        self._room = Room(0, 0)
        # What lies in the file in which something was last looked for again, and in those inside of it.
        self._held: dict[Path, list[Source]] = {}

    def unpack(self, source: Source, content: bytes) -> tuple[list[Source], tuple[IngestError, ...]]:
        """What lies in a file, each with its row of sources.csv, and what is wrong with the rest.

        Raises NoticeTooLargeError where it lies too deep or is too much, and the errors of the readers.
        """
        if source.depth == 0:
            self._room = Room(self._limits.unpacked_bytes, _MOST_MEMBERS)
        if source.depth >= _DEEPEST:
            reason = f"what is in it lies more than {_DEEPEST} files deep"
            raise NoticeTooLargeError(source.path, reason, "Unpack it, and ingest the folder.")
        contents = self._sandbox.unpack(source.path, content, self._room)
        self._room = self._room.without(contents)
        # The process that unpacked it may have been taken over: its names are looked at again.
        members = {source.location / member.name: member for member in contents.members if not find_fault(member.name)}
        for location, member in members.items():
            if location.name == TABLE:
                add_table(location.parent, source.top, member.content, members, self._found)
        sources = [
            Source(
                location,
                f"{source.path}/{member.name}",
                find_row(location, source.top, self._found),
                member.content,
                source.depth + 1,
            )
            for location, member in members.items()
            if location.name != TABLE
        ]
        return sources, contents.failed

    def find_again(self, location: Path) -> Source:
        """What stands at a location at or below a file that was found; raises an IngestError where it has gone."""
        file = next(file for file in self._found.files if location.is_relative_to(file.location))
        source = Source(file.location, file.path, file.row)
        if source.location not in self._held:
            self._held.clear()
        while source.location != location:
            if source.location not in self._held:
                self._held[source.location], _ = self.unpack(source, source.read_bytes(self._limits))
            inside = [member for member in self._held[source.location] if location.is_relative_to(member.location)]
            if not inside:
                raise UnreadableNoticeError(source.path, "it changed while it was read")
            source = inside[0]
        return source


def name_known(records: Sequence[FileRecord]) -> dict[str, str]:
    """The path under which each location was read; that of an archive, which has no record, by what lies in it."""
    known: dict[str, str] = {}
    for record in records:
        location, path = Path(record.location), PurePosixPath(record.path)
        for place, name in zip((location, *location.parents), (path, *path.parents[:-1]), strict=False):
            known.setdefault(str(place), str(name))
    return known


def find_missing(found: Found, seen: Collection[str]) -> list[tuple[str, str]]:
    """Warnings of what a sources.csv on disk names inside of a file that was opened, and is not there."""
    files, unseen = {file.location for file in found.files}, set(found.unseen)
    return [
        (location.relative_to(folder).as_posix(), "named in sources.csv, but there is no such file")
        for folder, table in found.tables.items()
        if table is not None and files.isdisjoint((folder, *folder.parents))
        for location in table.rows
        if not files.isdisjoint(location.parents) and unseen.isdisjoint(location.parents) and str(location) not in seen
    ]
