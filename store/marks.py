"""The signs of all passage vectors, in memory: they tell which passages of some notices are worth scoring."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from store.embedder import Vectors

# Of these passages so many are drawn at least, so many at most, and between them a quarter. Of disturbed real
# vectors that kept 0.99 of the nearest ten among 3,000, and 0.98 among 28,000.
_FEWEST, _MOST, _SHARE = 160, 2000, 4
# Of more passages than these, half of these that agree in most signs are weighed.
_WEIGHED = 32_768
_REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class Marks:
    """The signs of passage vectors as bits, in words of 64, shape (words, passages); each one's notice and ordinal.

    `owners` are places in `notice_ids`.
    """

    notice_ids: list[str]
    bits: NDArray[np.uint64]
    ordinals: NDArray[np.int32]
    owners: NDArray[np.int64]
    kept: dict[frozenset[str], NDArray[np.int64]]

    def draw(self, vector: Vectors, k: int, notice_ids: frozenset[str]) -> list[str]:
        """The ids of passages of these notices among which the `k` nearest to `vector` are: all, or the likeliest."""
        rows = self._keep(notice_ids)
        taken = max(_FEWEST, 8 * k, min(len(rows) // _SHARE, _MOST))
        if taken < len(rows):
            if len(rows) > _WEIGHED:
                rows = _take_first(rows, self._count_apart(vector, rows), max(taken, _WEIGHED // 2))
            rows = _take_first(rows, -self._weigh(vector, rows), taken)
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
        apart = np.zeros(len(rows), dtype=np.uint16)
        for word, asked in zip(self.bits, pack_signs(vector[np.newaxis])[0], strict=True):
            apart += np.bitwise_count(word[rows] ^ asked)
        return apart

    def _weigh(self, vector: Vectors, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """The dot product of `vector` with the signs of these rows: nearer to the cosine than a count of signs.

        What each byte of eight signs adds is looked up (Jégou, Douze & Schmid 2011, asymmetric distances).
        """
        parts = np.zeros(self.bits.shape[0] * 64, dtype=np.float32)
        parts[: len(vector)] = vector
        signs = np.unpackbits(np.arange(256, dtype=np.uint8)[:, np.newaxis], axis=1).astype(np.float32) * 2 - 1
        worth = (parts.reshape(-1, 8) @ signs.T).reshape(-1, 8, 256)
        total = np.zeros(len(rows), dtype=np.float32)
        for word, of_word in zip(self.bits, worth, strict=True):
            octets = word[rows].view(np.uint8).reshape(-1, 8)
            for place, of_octet in enumerate(of_word):
                total += of_octet[octets[:, place]]
        return total


def gather_marks(rows: Iterable[tuple[str, bytes, bytes]]) -> Marks:
    """Marks of notices: (id, the ordinals of its passages as int32, the signs of their vectors as `pack_signs`)."""
    rows = list(rows)
    ordinals = np.frombuffer(b"".join(row[1] for row in rows), dtype=np.int32)
    bits = np.frombuffer(b"".join(row[2] for row in rows), dtype=np.uint64)
    words = np.ascontiguousarray(bits.reshape(len(ordinals), len(bits) // max(len(ordinals), 1)).T)
    owners = np.repeat(np.arange(len(rows)), [len(row[1]) // 4 for row in rows])
    return Marks([row[0] for row in rows], words, ordinals, owners, {})


def pack_signs(vectors: Vectors) -> NDArray[np.uint64]:
    """The signs of vectors as bits, each row lengthened to whole words of 64: shape (vectors, words)."""
    bits = np.packbits(vectors > 0, axis=1)
    return np.pad(bits, ((0, 0), (0, -bits.shape[1] % 8))).view(np.uint64)


def _take_first(
    rows: NDArray[np.int64], order: NDArray[np.uint16] | NDArray[np.float32], taken: int
) -> NDArray[np.int64]:
    """So many of the rows, those with the least in `order`."""
    return rows[np.argpartition(order, taken - 1)[:taken]]
