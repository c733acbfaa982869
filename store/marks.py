"""All passage vectors in memory, in small: they tell which passages of some notices are worth scoring."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from store.embedder import Vectors

# So many times as many are drawn as are asked for, and so many at least: rounded cosines may change places.
_TIMES, _FEWEST = 2, 32
# Of more passages than these, those are weighed that agree in most signs. Of 500,000 disturbed real vectors, in groups
# of 2,000 that are nearly the same, 0.97 of the nearest 20 were among them; of 30,000 all were.
_WEIGHED = 32_768
_BLOCK = 4096
_REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class Marks:
    """The passage vectors, rounded, and each one's notice and ordinal.

    `signs`: as bits, in words of 64, shape (words, passages). `steps`: as `shrink_vectors` makes them, shape
    (passages, dimensions); `lengths`: of these. `owners`: places in `notice_ids`.
    """

    notice_ids: list[str]
    signs: NDArray[np.uint64]
    steps: NDArray[np.int8]
    lengths: NDArray[np.float32]
    ordinals: NDArray[np.int32]
    owners: NDArray[np.int64]
    kept: dict[frozenset[str], NDArray[np.int64]]

    def draw(self, vector: Vectors, k: int, notice_ids: frozenset[str]) -> list[str]:
        """The ids of passages of these notices among which the `k` nearest to `vector` are: all, or the likeliest."""
        rows = self._keep(notice_ids)
        if len(rows) > _WEIGHED:
            rows = _take_least_apart(rows, self._count_apart(vector, rows), _WEIGHED)
        taken = max(_FEWEST, _TIMES * k)
        if taken < len(rows):
            rows = rows[np.argpartition(-self._weigh(vector, rows), taken - 1)[:taken]]
        return [f"{self.notice_ids[self.owners[row]]}:{self.ordinals[row]}" for row in rows.tolist()]

    def _keep(self, notice_ids: frozenset[str]) -> NDArray[np.int64]:
        """The rows of these notices; the last few answers are remembered."""
        rows = self.kept.get(notice_ids)
        if rows is None:
            among = np.array([name in notice_ids for name in self.notice_ids], dtype=np.bool_)
            rows = np.flatnonzero(among[self.owners]) if len(self.owners) else np.empty(0, dtype=np.int64)
            if len(self.kept) > _REMEMBERED:
                self.kept.clear()
            self.kept[notice_ids] = rows
        return rows

    def _count_apart(self, vector: Vectors, rows: NDArray[np.int64]) -> NDArray[np.uint16]:
        """In how many signs the vectors of these rows differ from this one's."""
        # To go through all in their order is faster than to pick out every fourth.
        is_most = 4 * len(rows) > len(self.owners)
        apart = np.zeros(len(self.owners) if is_most else len(rows), dtype=np.uint16)
        for word, asked in zip(self.signs, pack_signs(vector[np.newaxis])[0], strict=True):
            apart += np.bitwise_count((word if is_most else word[rows]) ^ asked)
        return apart[rows] if is_most else apart

    def _weigh(self, vector: Vectors, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """The cosines of `vector` with the rounded vectors of these rows."""
        blocks = [rows[first : first + _BLOCK] for first in range(0, len(rows), _BLOCK)]
        products = np.concatenate([self.steps[block].astype(np.float32) @ vector for block in blocks])
        cosines: NDArray[np.float32] = (products / self.lengths[rows]).astype(np.float32)
        return cosines


def gather_marks(rows: Iterable[tuple[str, bytes, bytes]]) -> Marks:
    """Marks of notices: (id, the ordinals of its passages as int32, their vectors as `shrink_vectors` makes them)."""
    names: list[str] = []
    counts: list[int] = []
    ordinals = [np.empty(0, np.int32)]
    steps = [np.empty((0, 0), np.int8)]
    for name, numbers, values in rows:
        names.append(name)
        counts.append(len(numbers) // 4)
        ordinals.append(np.frombuffer(numbers, dtype=np.int32))
        steps.append(np.frombuffer(values, dtype=np.int8).reshape(counts[-1], -1))
    whole = np.concatenate(steps[1:] or steps)
    parts = [whole[first : first + _BLOCK] for first in range(0, len(whole), _BLOCK)] or [whole]
    lengths = np.concatenate([np.linalg.norm(part.astype(np.float32), axis=1) for part in parts])
    signs = np.concatenate([pack_signs(part) for part in parts])
    owners = np.repeat(np.arange(len(names)), counts)
    return Marks(
        names, np.ascontiguousarray(signs.T), whole, np.maximum(lengths, 1), np.concatenate(ordinals), owners, {}
    )


def pack_signs(vectors: Vectors | NDArray[np.int8]) -> NDArray[np.uint64]:
    """The signs of vectors as bits, each row lengthened to whole words of 64: shape (vectors, words)."""
    bits = np.packbits(vectors > 0, axis=1)
    return np.pad(bits, ((0, 0), (0, -bits.shape[1] % 8))).view(np.uint64)


def _take_least_apart(rows: NDArray[np.int64], apart: NDArray[np.uint16], taken: int) -> NDArray[np.int64]:
    """So many of the rows, those that differ least; by counting, for there are few differences and many rows."""
    limit = np.searchsorted(np.cumsum(np.bincount(apart)), taken)
    nearer = rows[apart < limit]
    return np.concatenate([nearer, rows[apart == limit][: taken - len(nearer)]])
