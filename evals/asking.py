"""Asks two systems the same questions in turns, so that whatever slows the machine slows both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evals.datasets import Case
from evals.ranking import Ranking, System
from ingest.pipeline import Progress

_WARM_UP = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What both systems found for a question."""

    case: Case
    ours: Ranking
    baseline: Ranking


def ask_both(cases: Sequence[Case], ours: System, baseline: System, progress: Progress) -> list[Outcome]:
    """The outcome of each case, in order; the first questions are asked once before, to warm both up.

    The two take turns, each as often first, and walk the questions half a round apart: neither
    finds a question whose vector was made for the other a moment ago.
    """
    for case in cases[:_WARM_UP]:
        ours.ask(case.question, case.history)
        baseline.ask(case.question, case.history)
    progress.start("Asking", len(cases))
    found: dict[tuple[str, int], Ranking] = {}
    for turn in range(len(cases)):
        pair = [("ours", ours, turn), ("baseline", baseline, (turn + len(cases) // 2) % len(cases))]
        for name, system, place in pair if turn % 2 == 0 else reversed(pair):
            found[name, place] = system.ask(cases[place].question, cases[place].history)
        progress.step(1)
    return [Outcome(case, found["ours", place], found["baseline", place]) for place, case in enumerate(cases)]
