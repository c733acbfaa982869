"""An ingest in a process of its own, killed while it writes."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.conftest import ROOT


def kill_ingest(notices: Path, store: Path, seconds: float) -> None:
    """Ingest a folder into a store, and kill it (SIGKILL) so many seconds after it has begun to write."""
    process = subprocess.Popen(
        [sys.executable, "-m", "ingest", str(notices), "--store", str(store)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while not (store / "writing.lock").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.wait()
