"""Plain text."""

from __future__ import annotations

from ingest.readers.charset import decode
from ingest.readers.reading import Limits, Reading, make_canonical


def read(path: str, content: bytes, limits: Limits) -> Reading:
    """A .txt file; raises WrongEncodingError."""
    decoded = decode(path, content)
    return Reading(make_canonical(decoded.text), warnings=decoded.warnings)
