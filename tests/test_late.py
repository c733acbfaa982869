"""store.late: MaxSim over token signs, by passage and by sentence."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.details import Signs
from store.embedder import EmbeddedQuestion
from store.late import interact

_AXES = np.eye(8, dtype=np.float32) * 2 - 1  # eight directions, each with signs of its own


def _question(*rows: int) -> EmbeddedQuestion:
    tokens = np.stack([_AXES[row] for row in rows]) / np.sqrt(8)
    return EmbeddedQuestion(tokens[0], tokens.astype(np.float32), tuple((row, row + 1) for row in range(len(rows))))


def _signs(*passages: list[list[int]]) -> Signs:
    tokens = [
        (number, place, row)
        for number, passage in enumerate(passages)
        for place, sentence in enumerate(passage)
        for row in sentence
    ]
    return Signs(
        tuple(f"n:{number}" for number in range(len(passages))),
        np.packbits(np.stack([_AXES[row] for _, _, row in tokens]) > 0, axis=1),
        np.array([number for number, _, _ in tokens]),
        np.array([place for _, place, _ in tokens]),
    )


def test_words_met_in_one_sentence_count_more_than_scattered_ones() -> None:
    met = interact(_question(0, 1), np.ones(2), _signs([[0, 1], [5]], [[0], [1]], [[6], [7]]))
    assert met["n:0"] == pytest.approx((1.0, 1.0))
    assert met["n:1"][0] == pytest.approx(1.0)
    assert met["n:1"][1] < 1.0
    assert met["n:2"][0] < met["n:1"][1]


def test_a_heavier_word_decides() -> None:
    signs = _signs([[0]], [[1]])
    first = interact(_question(0, 1), np.array([5.0, 1.0]), signs)
    second = interact(_question(0, 1), np.array([1.0, 5.0]), signs)
    assert first["n:0"] > first["n:1"]
    assert second["n:1"] > second["n:0"]


def test_nothing_to_compare_scores_nothing() -> None:
    assert interact(_question(0), np.zeros(1), _signs([[0]])) == {}


@given(
    st.lists(
        st.lists(st.lists(st.integers(0, 7), min_size=1, max_size=4), min_size=1, max_size=3), min_size=1, max_size=4
    )
)
def test_no_sentence_beats_its_passage(passages: list[list[list[int]]]) -> None:
    met = interact(_question(0, 3), np.array([1.0, 2.0]), _signs(*passages))
    assert len(met) == len(passages)
    for whole, best in met.values():
        assert -1.001 <= best <= whole + 1e-6 <= 1.001
