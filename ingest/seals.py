"""Which archives and mails were read whole, so that they are not opened again until something changes.

A seal covers the bytes of the file, what sources.csv says of it from outside, and every record that it left.
Where one of these is another, or a member failed, no seal fits, and the file is opened. A seal that is
lost costs a reading, and nothing else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from ingest.files import Found, find_row
from ingest.members import Source
from store.catalogue import Catalogue, FileRecord

# Where the catalogue keeps them, by location.
_STATE = "seals"


class Seals:
    """The seals of the run before, and those of this one. `versions` are of what made notices of the files."""

    def __init__(self, catalogue: Catalogue, found: Found, versions: Sequence[str]) -> None:
        self._catalogue = catalogue
        self._found = found
        self._versions = list(versions)
        self._before: dict[str, str] = json.loads(catalogue.read_state(_STATE) or "{}")
        self._records = _group(catalogue.files(), self._before)
        self._read: dict[str, tuple[Source, str]] = {}

    def find_records(self, source: Source, digest: str) -> list[FileRecord]:
        """The records of a file with this digest that need not be opened; none where it must be."""
        location = str(source.location)
        records = self._records.get(location, [])
        fits = bool(records) and self._before.get(location) == self._make(source, digest, records)
        return records if fits else []

    def break_seal(self, source: Source) -> None:
        """Note that a file is opened, so that what was known of it counts no more."""
        self._before.pop(str(source.location), None)

    def seal(self, source: Source, digest: str) -> None:
        """Note that a file with this digest was read, and all that is in it."""
        self._read[str(source.location)] = (source, digest)

    def save(self, seen: Collection[str]) -> None:
        """Keep the seals for the next run, when all is written; a file that left more than was seen now gets none."""
        records = _group(self._catalogue.files(), {*self._before, *self._read})
        seals = {location: seal for location, seal in self._before.items() if location in records}
        for location, (source, digest) in self._read.items():
            left = records.get(location, [])
            if left and all(record.location in seen for record in left):
                seals[location] = self._make(source, digest, left)
        self._catalogue.write_state(_STATE, json.dumps(dict(sorted(seals.items()))))

    def _make(self, source: Source, digest: str, records: Sequence[FileRecord]) -> str:
        """One digest of all that decides what a file becomes."""
        outside = source.location.parent
        rows = [find_row(Path(record.location), source.top, self._found, outside) or {} for record in records]
        left = [
            (record.location, record.path, record.file_digest, record.record_digest, sorted(row.items()))
            for record, row in zip(records, rows, strict=True)
        ]
        return hashlib.sha256(json.dumps([digest, self._versions, left]).encode()).hexdigest()


def _group(records: Iterable[FileRecord], files: Collection[str]) -> dict[str, list[FileRecord]]:
    """The records of each of these files: its own, and those of what lies inside of it; in order of location."""
    groups: dict[str, list[FileRecord]] = {}
    if files:
        for record in records:
            location = Path(record.location)
            owner = next((str(place) for place in (location, *location.parents) if str(place) in files), None)
            if owner is not None:
                groups.setdefault(owner, []).append(record)
    return groups
