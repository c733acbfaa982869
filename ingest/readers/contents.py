"""What lies inside a file: the members of an archive, the attachments of a mail."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import IngestError


@dataclass(frozen=True, slots=True)
class Room:
    """How much more may come out of one file, whatever is nested in it: bytes, and a number of members."""

    size: int
    members: int

    def without(self, contents: Contents) -> Room:
        """What is left when these have come out."""
        size = sum(len(member.content) for member in contents.members)
        return Room(self.size - size, self.members - len(contents.members) - len(contents.failed))


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside another; `name` is its path in there, of plain names joined by '/'."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Contents:
    """What came out of a file, in its order, and what is wrong with that which did not."""

    members: tuple[Member, ...]
    failed: tuple[IngestError, ...] = ()
