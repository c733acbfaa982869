"""The table sources.csv: what is known of the files of a folder, by people."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from core.errors import SourcesError, WrongEncodingError
from ingest.dates import is_date
from ingest.readers.charset import decode

DATES = ("issued_on", "meeting_on", "in_force_on", "repealed_on")
# What a row may say of its file, which the column `path` names.
ACCESSED = "accessed_on"
COLUMNS = ("title", "issuer", "number", *DATES, "url", ACCESSED, "licence", "language")


@dataclass(frozen=True, slots=True)
class Sources:
    """The rows of the sources.csv files of a folder, by absolute path, and what was wrong in them."""

    rows: Mapping[Path, Mapping[str, str]]
    warnings: tuple[tuple[str, str], ...] = ()


def read_sources(file: Path) -> Sources:
    """One sources.csv on disk; raises SourcesError where it is no table with a column `path`."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise SourcesError(file.name, f"it cannot be read ({error})") from error
    return parse_sources(file, content, _is_there)


def parse_sources(file: Path, content: bytes, is_there: Callable[[Path], bool]) -> Sources:
    """The rows of a sources.csv that stands at `file`; `is_there` tells what it may name. Raises SourcesError."""
    try:
        table = csv.DictReader(io.StringIO(decode(file.name, content).text.lstrip("\ufeff")))
        if "path" not in (table.fieldnames or ()):
            raise SourcesError(file.name, "there is no column 'path'")
        rows = [
            {(key or "").strip(): (value or "").strip() for key, value in row.items() if isinstance(value, str)}
            for row in table
        ]
    except (csv.Error, WrongEncodingError) as error:
        raise SourcesError(file.name, f"it cannot be read ({error})") from error
    found: dict[Path, Mapping[str, str]] = {}
    warnings: list[tuple[str, str]] = []
    for row in rows:
        name = row.get("path", "")
        if not name:
            continue
        location = Path(os.path.normpath(file.parent / PurePosixPath(name)))
        if not location.is_relative_to(file.parent):
            warnings.append((name, "named in sources.csv, but it is outside of the folder; left out"))
            continue
        if not is_there(location):
            warnings.append((name, "named in sources.csv, but there is no such file"))
        for column in (*DATES, ACCESSED):
            if row.get(column) and not is_date(row[column]):
                warnings.append((name, f"sources.csv: {row[column]!r} is no date such as 2023-03-15; left out"))
                row[column] = ""
        found[location] = {key: row.get(key, "") for key in COLUMNS}
    return Sources(found, tuple(warnings))


def _is_there(location: Path) -> bool:
    """Whether there is such a file, or one that it may lie in: who opens that can tell."""
    try:
        return location.exists() or any(above.is_file() for above in location.parents)
    except (OSError, ValueError):
        return False
