"""store.vectors: a graph is searched as wide as its size asks, however few it is to name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.types import Passage, Span
from store import vectors
from store.embedder import Vectors
from store.vectors import VectorIndex, find_width

_MANY = 3000


def _make_vectors(number: int, seed: int) -> Vectors:
    made = np.random.default_rng(seed).normal(size=(number, 48))
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture
def index(tmp_path: Path) -> VectorIndex:
    opened = VectorIndex(tmp_path, "a model")
    passages = [Passage(f"n{place}:0", f"n{place}", 0, Span(0, 1), "a") for place in range(_MANY)]
    opened.add(passages, _make_vectors(_MANY, 1))
    return opened


def test_a_graph_that_is_fit_finds_as_much_as_one_that_names_all(
    index: VectorIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = _make_vectors(_MANY, 1)
    asked = _make_vectors(20, 2)
    exact = [[f"n{place}:0" for place in np.argsort(-(held @ vector))[:10]] for vector in asked]
    monkeypatch.setattr(vectors, "_WIDTH", 40.0)
    width = find_width(_MANY)
    assert width == 2200
    unfit = [[name for name, _ in index.nearest(vector, 10, width)] for vector in asked]
    index.fit()
    graph = index._read_graph()
    assert graph is not None
    assert graph["ef_search"] == width
    fit = [[name for name, _ in index.nearest(vector, 10, width)] for vector in asked]
    assert unfit == fit == exact
    index.close()


def test_a_small_graph_stays_as_it_was_made(index: VectorIndex) -> None:
    index.fit()
    graph = index._read_graph()
    assert graph is not None
    assert (graph["ef_search"], graph["sync_threshold"]) == (200, 1000)
    index.close()


def test_a_graph_that_grows_large_in_one_run_is_made_fit_within_it(
    index: VectorIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "_LARGE", _MANY + 10)
    index.fit()
    unwritten = []
    for number in (9, 1, 1):
        passages = [Passage(f"m{number}{place}:0", "m", 0, Span(0, 1), "a") for place in range(number)]
        index.add(passages, _make_vectors(number, 3))
        graph = index._read_graph()
        assert graph is not None
        unwritten.append(graph["sync_threshold"])
    assert unwritten == [1000, 5000, 5000]
    assert index.count() == _MANY + 11 - 1
    index.close()


@given(st.integers(0, 10_000_000), st.integers(0, 10_000_000))
def test_more_passages_are_never_searched_less_wide(one: int, other: int) -> None:
    fewer, more = sorted((one, other))
    assert find_width(fewer) <= find_width(more) <= 20_000
    assert find_width(more) >= min(2.5 * more**0.5, 20_000)


def test_the_width_seldom_changes() -> None:
    assert len({find_width(number) for number in range(0, 1_000_000, 97)}) < 200
