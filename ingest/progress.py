"""Progress on stderr, for the command lines that read notices."""

from __future__ import annotations

import sys
from typing import Never

from tqdm import tqdm


class ProgressBar:
    """Progress on stderr, a bar a stage, with the time that remains."""

    def __init__(self, *, shown: bool = True) -> None:
        self._shown = shown
        self._bar: tqdm[Never] | None = None

    def start(self, stage: str, total: int) -> None:
        """Close the bar of the stage before and open one of `total` steps."""
        self.close()
        self._bar = tqdm(total=total, desc=stage, file=sys.stderr, dynamic_ncols=True, disable=not self._shown)

    def step(self, done: int) -> None:
        """Move the bar."""
        if self._bar is not None:
            self._bar.update(done)

    def close(self) -> None:
        """End the bar, so that what is printed next stands on a line of its own."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
