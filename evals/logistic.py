"""Fits the two kinds of logistic model that the desk is calibrated with, by Newton's method."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
_STEPS, _HALVINGS = 50, 30
_SETTLED = 1e-9


def fit_logistic(rows: Numbers, labels: Numbers, shares: Numbers, ridge: float = 1.0) -> tuple[float, Numbers]:
    """(bias, weights) of a logistic regression by iteratively reweighted least squares.

    `rows`: shape (samples, measures); `labels`: 0 or 1; `shares`: what each sample counts. `ridge`
    holds the weights of the standardised measures small (Hoerl & Kennard 1970), the bias is free.
    """
    middle, spread = _describe(rows)
    known = np.column_stack([np.ones(len(rows)), (rows - middle) / spread])
    held = np.r_[0.0, np.full(rows.shape[1], ridge)]

    def look(weights: Numbers) -> tuple[float, Numbers, Numbers]:
        odds = known @ weights
        chance = 1.0 / (1.0 + np.exp(-np.clip(odds, -50, 50)))
        loss = shares @ (np.logaddexp(0.0, odds) - labels * odds) + held @ weights**2 / 2
        bend = (known * (shares * chance * (1.0 - chance))[:, None]).T @ known + np.diag(held + 1e-6)
        return float(loss), known.T @ (shares * (chance - labels)) + held * weights, bend

    weights = _descend(look, known.shape[1])
    plain = weights[1:] / spread
    return float(weights[0] - plain @ middle), plain


def fit_choice(groups: Sequence[tuple[Numbers, NDArray[np.bool_]]], ridge: float = 1.0) -> Numbers:
    """The weights by which the right rows of each group are chosen among its others (McFadden 1974).

    A group is (rows, which of them are right); where several are, whichever is likelier counts more.
    """
    middle, spread = _describe(np.concatenate([rows for rows, _ in groups]))
    known = [((rows - middle) / spread, right) for rows, right in groups]

    def look(weights: Numbers) -> tuple[float, Numbers, Numbers]:
        loss, slope, bend = ridge * weights @ weights / 2, ridge * weights, ridge * np.eye(len(middle))
        for rows, right in known:
            utilities = rows @ weights
            chance = np.exp(utilities - np.logaddexp.reduce(utilities))
            wanted = np.where(right, np.exp(utilities - np.logaddexp.reduce(utilities[right])), 0.0)
            mean = chance @ rows
            loss += np.logaddexp.reduce(utilities) - np.logaddexp.reduce(utilities[right])
            slope = slope + mean - wanted @ rows
            bend = bend + (rows * chance[:, None]).T @ rows - np.outer(mean, mean)
        return float(loss), slope, bend

    plain: Numbers = _descend(look, len(middle)) / spread
    return plain


def _descend(look: Callable[[Numbers], tuple[float, Numbers, Numbers]], size: int) -> Numbers:
    """Newton's method from zero with halved steps; `look` gives (loss, slope, bend) at a point."""
    weights = np.zeros(size)
    loss, slope, bend = look(weights)
    for _ in range(_STEPS):
        step = np.linalg.solve(bend, slope)
        for _ in range(_HALVINGS):
            found = look(weights - step)
            if found[0] <= loss:
                break
            step = step / 2
        else:
            return weights
        settled = loss - found[0] < _SETTLED * abs(loss)
        weights, (loss, slope, bend) = weights - step, found
        if settled:
            break
    return weights


def rank_positives(positives: Numbers, negatives: Numbers) -> float:
    """The area under the ROC curve: how often a positive lies above a negative, ties counting half."""
    both = np.concatenate([positives, negatives])
    _, places, counts = np.unique(both, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2.0)[places]
    above = ranks[: len(positives)].sum() - len(positives) * (len(positives) + 1) / 2.0
    return float(above / (len(positives) * len(negatives)))


def _describe(rows: Numbers) -> tuple[Numbers, Numbers]:
    spread = rows.std(axis=0)
    return rows.mean(axis=0), np.where(spread > 1e-9, spread, 1.0)
