"""What a system finds for a question: notices, each once, best first, and the time that it took."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

# The measures look at no more than ten notices.
DEPTH = 10


@dataclass(frozen=True, slots=True)
class Ranking:
    """The ids of the notices found, each once, best first; `seconds` of wall-clock time for the one search."""

    notice_ids: tuple[str, ...]
    seconds: float


class System(Protocol):
    """Something that ranks notices for a question."""

    def ask(self, question: str, history: Sequence[str]) -> Ranking:
        """What it finds; `history` holds the earlier questions, oldest first."""


def deepen(found: Sequence[str], k: int, find: Callable[[int], Sequence[str]]) -> tuple[str, ...]:
    """The distinct ids of `found`, after asking for more where `k` passages are of fewer than ten notices.

    `find(k)` gives the notice id of each of the best `k` passages; fewer than `k` are all there are.
    """
    while len(set(found)) < DEPTH and len(found) >= k:
        k *= 2
        found = find(k)
    return tuple(dict.fromkeys(found))
