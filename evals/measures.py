"""How good rankings are: the usual measures, their means over questions, and how sure the means are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

METRICS = ("hit@1", "hit@3", "hit@5", "hit@10", "MRR@10", "nDCG@10")
RESAMPLES = 2000
_SEED = 20240

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over questions with its 95 % interval."""

    mean: float
    low: float
    high: float


def measure(rankings: Sequence[Sequence[str]], gains: Sequence[Mapping[str, int]]) -> Values:
    """A row for each question, a column for each of METRICS, all in [0, 1].

    `rankings` holds ids, best first, each once; `gains` the gain of each id that answers the
    question. hit@k is 1 where an id with a gain is among the first k; MRR@10 the reciprocal of the
    rank of the first; nDCG@10 is trec_eval's, with linear gains (Järvelin & Kekäläinen 2002). They
    are computed by ir-measures.
    """
    import ir_measures
    from ir_measures import RR, Qrel, ScoredDoc, Success, nDCG

    computed = (Success @ 1, Success @ 3, Success @ 5, Success @ 10, RR @ 10, nDCG @ 10)
    column = {metric: number for number, metric in enumerate(computed)}
    judged = [Qrel(str(row), name, gain) for row, known in enumerate(gains) for name, gain in known.items()]
    # Scores that fall by one keep the order: trec_eval breaks ties by name.
    found = [
        ScoredDoc(str(row), name, -place) for row, ranking in enumerate(rankings) for place, name in enumerate(ranking)
    ]
    values = np.zeros((len(rankings), len(METRICS)))
    for result in ir_measures.iter_calc(computed, judged, found):
        values[int(result.query_id), column[result.measure]] = result.value
    return values


def rank_of_first(ranking: Sequence[str], gains: Mapping[str, int]) -> int | None:
    """The rank, from 1, of the first id that answers the question; None where none was found."""
    return next((place for place, name in enumerate(ranking, start=1) if gains.get(name, 0) > 0), None)


def estimate(values: Values) -> list[Estimate]:
    """The mean of each column over its rows (one or more), with the percentile bootstrap's interval.

    Questions are drawn with replacement (Efron & Tibshirani 1993, chapter 13), the same ones for
    all columns and always from the same seed. A column of equal values has an interval of no
    width, which says little where the questions are few.
    """
    random = np.random.default_rng(_SEED)
    rows = len(values)
    means = np.stack([values[random.integers(rows, size=rows)].mean(axis=0) for _ in range(RESAMPLES)])
    low, high = np.percentile(means, [2.5, 97.5], axis=0)
    return [Estimate(*map(float, column)) for column in zip(values.mean(axis=0), low, high, strict=True)]
