"""evals.logistic: the models are fitted, and the area under the curve is what it is said to be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.logistic import fit_choice, fit_logistic, rank_positives


def test_a_regression_finds_the_weights_that_made_the_labels() -> None:
    chance = np.random.default_rng(3)
    rows = chance.normal(size=(20_000, 3)) * [1.0, 5.0, 0.2]
    odds = 0.5 + rows @ [2.0, -0.3, 0.0]
    labels = (chance.random(len(rows)) < 1 / (1 + np.exp(-odds))).astype(float)
    bias, weights = fit_logistic(rows, labels, np.ones(len(rows)))
    assert bias == pytest.approx(0.5, abs=0.1)
    assert weights[:2] == pytest.approx([2.0, -0.3], abs=0.1)


def test_labels_that_can_be_told_apart_wholly_do_no_harm() -> None:
    rows = np.array([[0.0, 1.0], [0.1, 1.0], [5.0, 1.0], [6.0, 1.0]])
    bias, weights = fit_logistic(rows, np.array([0.0, 0.0, 1.0, 1.0]), np.ones(4))
    assert np.isfinite(weights).all()
    assert bias + rows[0] @ weights < 0 < bias + rows[3] @ weights


def test_a_choice_is_learned_where_some_groups_are_plain_and_none_is_lost_to_zero() -> None:
    chance = np.random.default_rng(4)
    groups = []
    for _ in range(300):
        rows = chance.normal(size=(40, 2)) * 30
        utility = rows @ [1.0, -0.5] + chance.gumbel(size=40) * 3
        groups.append((rows, np.arange(40) == utility.argmax()))
    weights = fit_choice(groups)
    assert np.isfinite(weights).all()
    assert weights[0] / weights[1] == pytest.approx(-2.0, rel=0.15)


@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=12),
    st.lists(st.integers(0, 5), min_size=1, max_size=12),
)
def test_the_area_is_the_share_of_pairs_in_order(positives: list[int], negatives: list[int]) -> None:
    pairs = [(p > n) + (p == n) / 2 for p in positives for n in negatives]
    area = rank_positives(np.array(positives, dtype=float), np.array(negatives, dtype=float))
    assert area == pytest.approx(sum(pairs) / len(pairs))
