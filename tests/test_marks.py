"""The signs in memory: only passages of the notices asked for are drawn, and the nearest are among them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.embedder import Vectors, shrink_vectors
from store.marks import Marks, gather_marks, pack_signs

# A notice has so many passages here.
_SIZE = 5


def _gather(vectors: Vectors) -> Marks:
    ordinals = np.arange(_SIZE, dtype=np.int32).tobytes()
    parts = [vectors[first : first + _SIZE] for first in range(0, len(vectors), _SIZE)]
    return gather_marks((f"n{place}", ordinals, shrink_vectors(part).tobytes()) for place, part in enumerate(parts))


def _find_nearest(vectors: Vectors, asked: Vectors, k: int, notice_ids: frozenset[str]) -> set[str]:
    names = [f"n{row // _SIZE}:{row % _SIZE}" for row in range(len(vectors))]
    inside = [row for row, name in enumerate(names) if name.partition(":")[0] in notice_ids]
    order = np.argsort(-(vectors[inside] @ asked))[:k]
    return {names[inside[place]] for place in order}


def _make_vectors(random: np.random.Generator, rows: int, width: int = 64) -> Vectors:
    """Unit vectors about a few dozen centres, as passages lie about their topics."""
    centres = random.normal(0, 1, (40, width))
    vectors = centres[random.integers(0, 40, rows)] + random.normal(0, 0.7, (rows, width))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def test_of_few_passages_all_are_drawn() -> None:
    vectors = _make_vectors(np.random.default_rng(1), 50)
    drawn = _gather(vectors).draw(vectors[0], 3, frozenset({"n1", "n7", "unknown"}))
    assert sorted(drawn) == sorted(f"{name}:{ordinal}" for name in ("n1", "n7") for ordinal in range(_SIZE))


def test_no_notices_and_no_marks_draw_nothing() -> None:
    vectors = _make_vectors(np.random.default_rng(1), 50)
    assert _gather(vectors).draw(vectors[0], 3, frozenset()) == []
    assert gather_marks([]).draw(vectors[0], 3, frozenset({"n1"})) == []


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    width=st.sampled_from([8, 64, 100, 384]),
    k=st.integers(1, 30),
    share=st.floats(0, 1),
)
def test_what_is_drawn_is_inside_and_each_once(seed: int, width: int, k: int, share: float) -> None:
    random = np.random.default_rng(seed)
    vectors = _make_vectors(random, 2000, width)
    inside = frozenset(f"n{place}" for place in range(400) if random.random() < share)
    drawn = _gather(vectors).draw(vectors[0], k, inside)
    assert len(drawn) == len(set(drawn)) >= min(k, _SIZE * len(inside))
    assert {name.partition(":")[0] for name in drawn} <= inside


@pytest.mark.parametrize("share", [0.1, 0.5, 1.0])
def test_the_nearest_are_drawn_from_many(share: float) -> None:
    random = np.random.default_rng(3)
    vectors = _make_vectors(random, 50_000, 128)
    inside = frozenset(f"n{place}" for place in range(10_000) if random.random() < share)
    marks = _gather(vectors)
    found = sought = 0
    for _ in range(10):
        asked = vectors[random.integers(len(vectors))] + random.normal(0, 0.03, 128).astype(np.float32)
        near = _find_nearest(vectors, asked, 10, inside)
        drawn = marks.draw(asked, 10, inside)
        assert len(drawn) < 0.5 * _SIZE * len(inside)
        found, sought = found + len(near & set(drawn)), sought + len(near)
    assert found >= 0.97 * sought


def test_signs_fill_whole_words() -> None:
    vectors = np.array([[0.5] * 100, [-0.5] * 100], dtype=np.float32)
    packed = pack_signs(vectors)
    assert packed.shape == (2, 2)
    assert int(np.bitwise_count(packed[0]).sum()) == 100
    assert not packed[1].any()
