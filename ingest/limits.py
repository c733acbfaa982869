"""What reading a file may take, by the settings."""

from __future__ import annotations

from core.settings import Settings
from ingest.readers import Limits

_BYTES = 1_000_000
# What a packed file may become, to its own size.
_UNPACKED = 4


def read_limits(settings: Settings) -> Limits:
    """The limits of this process: bytes, pages, seconds, megabytes of memory, processes."""
    most = settings.max_megabytes * _BYTES
    return Limits(
        most,
        most * _UNPACKED,
        settings.max_pages,
        settings.max_seconds,
        settings.max_memory_mb,
        settings.reading_processes,
    )
