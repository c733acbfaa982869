"""Outcomes become figures: groups of questions, each with both systems' estimates and their difference; speed."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from evals.asking import Outcome
from evals.datasets import Case, Dataset, Form
from evals.measures import METRICS, Estimate, estimate, measure, rank_of_first
from evals.ours import Library

Row = Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class Group:
    """Some of the questions: the estimate of each of METRICS for both systems, and of ours minus the baseline's."""

    name: str
    questions: int
    ours: Row
    baseline: Row
    difference: Row


@dataclass(frozen=True, slots=True)
class Speed:
    """Median seconds of wall-clock time a question, warm, over `questions` searches of each system."""

    ours: float
    baseline: float
    questions: int

    @property
    def ratio(self) -> float:
        """Ours to the baseline's: below 1, ours is faster."""
        return self.ours / self.baseline


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the rank, from 1, of the first notice that answers it; None where none was found."""

    case: Case
    ours: int | None
    baseline: int | None
    seconds: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that a run has found out; `chunks` are the baseline's passages."""

    dataset: Dataset
    embedding_model: str
    notices: int
    passages: int
    chunks: int
    groups: tuple[Group, ...]
    speed: Speed
    asked: tuple[Asked, ...]
    warnings: tuple[str, ...]


def compare(
    dataset: Dataset, library: Library, outcomes: Sequence[Outcome], *, embedding_model: str, chunks: int
) -> Comparison:
    """The figures of a run; `outcomes` belong to the cases of the set, in order."""
    gains = [library.locate(outcome.case.accepted) for outcome in outcomes]
    ours = measure([outcome.ours.notice_ids for outcome in outcomes], gains)
    baseline = measure([outcome.baseline.notice_ids for outcome in outcomes], gains)
    values = np.hstack([ours, baseline, ours - baseline])
    groups: list[Group] = []
    for name, rows in _group([outcome.case for outcome in outcomes]):
        estimates = estimate(values[rows])
        columns = [dict(zip(METRICS, estimates[at : at + len(METRICS)], strict=True)) for at in _starts()]
        groups.append(Group(name, len(rows), *columns))
    asked = [
        Asked(
            outcome.case,
            rank_of_first(outcome.ours.notice_ids, known),
            rank_of_first(outcome.baseline.notice_ids, known),
            (outcome.ours.seconds, outcome.baseline.seconds),
        )
        for outcome, known in zip(outcomes, gains, strict=True)
    ]
    return Comparison(
        dataset=dataset,
        embedding_model=embedding_model,
        notices=len(library.texts),
        passages=library.passages,
        chunks=chunks,
        groups=tuple(groups),
        speed=_time(outcomes),
        asked=tuple(asked),
        warnings=library.warnings,
    )


def _starts() -> range:
    """Where ours, the baseline's and the difference begin among the columns."""
    return range(0, 3 * len(METRICS), len(METRICS))


def _time(outcomes: Sequence[Outcome]) -> Speed:
    ours = statistics.median(outcome.ours.seconds for outcome in outcomes)
    baseline = statistics.median(outcome.baseline.seconds for outcome in outcomes)
    return Speed(ours, baseline, len(outcomes))


def _group(cases: Sequence[Case]) -> Iterator[tuple[str, list[int]]]:
    """The name of each group and the places of its questions; a group that would repeat another is left out.

    Follow-ups count as they were asked; "stand-alone" are the groups in which they are put so that
    they need no earlier question.
    """
    asked = [place for place, case in enumerate(cases) if case.form is Form.asked]
    alone = [place for place, case in enumerate(cases) if case.form is Form.alone]
    groups = {"all": asked}
    if alone:
        first = [place for place in asked if not cases[place].history]
        groups["all, follow-ups stand-alone"] = sorted(first + alone)
        groups["follow-ups, as asked"] = [place for place in asked if cases[place].history]
        groups["follow-ups, stand-alone"] = alone
    for kind in sorted({cases[place].type for place in asked}):
        groups[f"type: {kind or 'none'}"] = [place for place in asked if cases[place].type == kind]
    for language in sorted({cases[place].language for place in asked}):
        groups[f"language: {language or 'none'}"] = [place for place in asked if cases[place].language == language]
    shown: list[list[int]] = []
    for name, places in groups.items():
        if places not in shown:
            shown.append(places)
            yield name, places
