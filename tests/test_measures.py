"""evals.measures and evals.ranking: figures that were worked out by hand, and what must always hold."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.measures import METRICS, estimate, measure, rank_of_first
from evals.ranking import deepen

NAMES = [f"n{number:02}" for number in range(15)]
CUTOFFS = (1, 3, 5, 10)


def _of(ranking: Sequence[str], gains: dict[str, int]) -> dict[str, float]:
    return dict(zip(METRICS, measure([ranking], [gains])[0].tolist(), strict=True))


def test_ndcg_and_mrr_by_hand() -> None:
    # Gains at ranks 2 and 4; the best order would have them at 1 and 2.
    values = _of(["z", "y", "x", "a"], {"y": 1, "a": 1})
    ideal = 1 + 1 / math.log2(3)
    assert values["nDCG@10"] == pytest.approx((1 / math.log2(3) + 1 / math.log2(5)) / ideal)
    assert values["MRR@10"] == 0.5
    assert [values[f"hit@{k}"] for k in CUTOFFS] == [0, 1, 1, 1]


def test_gains_count_linearly() -> None:
    values = _of(["half", "whole"], {"whole": 2, "half": 1})
    ideal = 2 + 1 / math.log2(3)
    assert values["nDCG@10"] == pytest.approx((1 + 2 / math.log2(3)) / ideal)


def test_the_eleventh_notice_counts_for_nothing() -> None:
    assert set(_of(NAMES[:11], {NAMES[10]: 1}).values()) == {0.0}
    assert _of(NAMES[:11], {NAMES[9]: 1})["MRR@10"] == pytest.approx(0.1)


def test_each_question_has_its_own_row_and_nothing_found_is_nothing() -> None:
    values = measure([["a"], [], ["b", "a"]], [{"a": 1}, {"a": 1}, {"a": 1}])
    assert values.shape == (3, len(METRICS))
    assert values[:, METRICS.index("hit@1")].tolist() == [1, 0, 0]
    assert values[:, METRICS.index("hit@3")].tolist() == [1, 0, 1]
    assert not measure([[], []], [{"a": 1}, {"b": 1}]).any()


@settings(deadline=None)
@given(st.permutations(NAMES), st.sets(st.sampled_from(NAMES), min_size=1), st.integers(0, len(NAMES)))
def test_what_holds_for_every_ranking(order: list[str], accepted: set[str], found: int) -> None:
    ranking, gains = order[:found], dict.fromkeys(accepted, 1)
    values = _of(ranking, gains)
    assert all(0 <= value <= 1 for value in values.values())
    hits = [values[f"hit@{k}"] for k in CUTOFFS]
    assert hits == sorted(hits)
    rank = rank_of_first(ranking, gains)
    assert hits == [float(rank is not None and rank <= k) for k in CUTOFFS]
    assert values["MRR@10"] == pytest.approx(1 / rank if rank is not None and rank <= 10 else 0)
    best = min(len(accepted), 10)
    assert (values["nDCG@10"] == pytest.approx(1)) == (set(ranking[:best]) <= accepted and found >= best)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=1, max_size=60))
def test_intervals_hold_their_means_and_come_out_the_same_again(column: list[float]) -> None:
    values = np.array([column, column]).T
    first, second = estimate(values)
    assert first == second == estimate(values)[0]
    assert first.mean == pytest.approx(np.mean(column))
    assert min(column) - 1e-9 <= first.low <= first.mean + 1e-9
    assert first.mean - 1e-9 <= first.high <= max(column) + 1e-9


def test_the_interval_has_the_width_that_the_normal_law_gives() -> None:
    hits = np.array([[1.0]] * 300 + [[0.0]] * 100)
    (found,) = estimate(hits)
    error = 1.96 * math.sqrt(0.75 * 0.25 / 400)
    assert found.low == pytest.approx(0.75 - error, abs=0.006)
    assert found.high == pytest.approx(0.75 + error, abs=0.006)


def test_a_paired_difference_is_surer_than_either_side() -> None:
    ours = np.array([[1.0]] * 60 + [[0.0]] * 40)
    baseline = ours.copy()
    baseline[:5] = 0
    one, other, difference = estimate(np.hstack([ours, baseline, ours - baseline]))
    assert difference.mean == pytest.approx(0.05)
    assert difference.low > 0
    assert difference.high - difference.low < min(one.high - one.low, other.high - other.low)


def test_more_is_asked_for_until_ten_notices_are_there() -> None:
    # Notice 0 has twenty passages, the others one each.
    passages = ["0"] * 20 + [str(number) for number in range(1, 30)]
    asked: list[int] = []

    def find(k: int) -> list[str]:
        asked.append(k)
        return passages[:k]

    found = deepen(find(12), 12, find)
    assert asked == [12, 24, 48]
    assert list(found[:11]) == [str(number) for number in range(11)]
    asked.clear()
    assert len(deepen(passages[:30], 30, find)) == 11
    assert asked == []


def test_few_notices_end_the_asking() -> None:
    assert deepen(["a", "b", "a"], 3, lambda k: ["a", "b", "a", "c"][:k]) == ("a", "b", "c")
    assert deepen([], 3, lambda k: []) == ()
