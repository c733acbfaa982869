"""The most memory that this process has had, apart from what the one that started it had."""

from __future__ import annotations

import resource
from pathlib import Path

_STATUS = Path("/proc/self/status")


def read_peak() -> float:
    """Megabytes at the peak, of a million bytes each.

    A child's `ru_maxrss` begins at what its parent held, so on Linux the kernel's own count is read.
    """
    if _STATUS.exists():
        kilobytes = next(line.split()[1] for line in _STATUS.read_text("utf-8").splitlines() if "VmHWM" in line)
    else:
        kilobytes = str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    return int(kilobytes) * 1024 / 1e6
