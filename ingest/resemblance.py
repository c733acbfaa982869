"""What the text of a notice is like, so that near-duplicates find each other without being read again."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from hashlib import blake2b
from zlib import crc32

from datasketch import MinHash

from ingest.sentences import split_paragraphs
from store.words import CJK

# Runs of so many words (English) or characters (Chinese): Broder 1997, https://doi.org/10.1109/SEQUEN.1997.666900
_WORDS, _CHARACTERS = 5, 6
# 100 values in 20 bands of 5: of pairs alike by 0.75, 99 in 100 share a band; by 0.5, 47; by 0.3, 5.
_VALUES, _ROWS = 100, 5
# A text of fewer runs is alike to another by chance.
_FEWEST_RUNS = 30
# A paragraph of so many letters says something of its own; a shorter one is often a heading or a formula.
_LONG_ENGLISH, _LONG_CHINESE = 120, 40
_SEED = 1
_UNITS = re.compile(rf"[{CJK}]|[^\W_{CJK}]+")


def sign(text: str, language: str) -> bytes:
    """The MinHash signature of a text, 100 × uint32; empty where the text is too short to be compared.

    The same on every machine: CRC-32 of the runs, and permutations drawn from a fixed seed.
    """
    runs = _cut_runs(text, language)
    if len(runs) < _FEWEST_RUNS:
        return b""
    sketch = _start().copy()
    sketch.update_batch(list(runs))
    return bytes(sketch.hashvalues.astype("<u4").tobytes())


@lru_cache(maxsize=1)
def _start() -> MinHash:
    """A MinHash of nothing, with its permutations: to draw them takes as long as a short text."""
    return MinHash(num_perm=_VALUES, seed=_SEED, hashfunc=crc32, scheme="affine32")


def mark(text: str, language: str, signature: bytes) -> tuple[tuple[tuple[int, int], ...], int]:
    """The marks of a text, each with its worth: its signature's bands, 0, its long paragraphs, their letters.

    Beside them, the letters of all its long paragraphs.
    """
    size = _ROWS * 4
    bands = {_hash(b"%d:" % place + signature[place : place + size]): 0 for place in range(0, len(signature), size)}
    least = _LONG_CHINESE if language == "zh" else _LONG_ENGLISH
    said = {_fold(span.of(text)) for span in split_paragraphs(text)}
    long = {_hash(letters.encode()): len(letters) for letters in said if len(letters) >= least}
    return tuple(sorted({**bands, **long}.items())), sum(long.values())


def _cut_runs(text: str, language: str) -> set[bytes]:
    units = _UNITS.findall(unicodedata.normalize("NFKC", text).casefold())
    size = _CHARACTERS if language == "zh" else _WORDS
    return {" ".join(units[first : first + size]).encode() for first in range(len(units) - size + 1)}


def _fold(paragraph: str) -> str:
    """The letters and figures of a paragraph, whatever stands between them."""
    return "".join(_UNITS.findall(unicodedata.normalize("NFKC", paragraph).casefold()))


def _hash(value: bytes) -> int:
    """63 bits of BLAKE2, which SQLite keeps as a number."""
    return int.from_bytes(blake2b(value, digest_size=8).digest(), "big") >> 1
