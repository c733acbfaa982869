"""Where a desk's store is: a folder, and the servers that hold a part of it where one machine is not enough."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """A folder; with `database_url` catalogue, details, words and records are in PostgreSQL, with `chroma_url` the
    vectors are on a server of Chroma. What is left, originals of uploads among it, is in the folder.

    `chroma_token` is sent as a bearer token; `chroma_certificate` names the authority that a private server's
    certificate is checked against, None: those that the machine trusts.
    """

    folder: Path
    database_url: str = field(default="", repr=False)
    chroma_url: str = ""
    chroma_token: str = field(default="", repr=False)
    chroma_certificate: Path | None = None


def to_place(place: Place | Path) -> Place:
    """A folder as the place of a store that is in it whole."""
    return place if isinstance(place, Place) else Place(place)
