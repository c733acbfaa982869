"""Whether it was the disk that failed: no room left for what was to be written."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

_SIGNS = ("disk is full", "no space left", "quota exceeded")
# With less than this left an error of an engine that does not say its cause is taken for a full disk.
_ROOM = 16_000_000


def is_full(folder: Path, error: BaseException) -> bool:
    """Whether `error` came about because there is no room where the store's `folder` is."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno in {errno.ENOSPC, errno.EDQUOT}:
            return True
        if any(sign in str(cause).lower() for sign in _SIGNS):
            return True
        cause = cause.__cause__ or cause.__context__
    try:
        return shutil.disk_usage(folder).free < _ROOM
    except OSError:
        return False
