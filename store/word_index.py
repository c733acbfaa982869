"""What an index of words does, whichever engine keeps it, and what all of them share."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from core.types import NoticeCard, Passage
from store.shelf import Scope

# A word of the question in the title says what the whole notice is about, so it counts as much as one
# in the passage; the issuer's name, which many notices share, counts for less.
FIELD_WEIGHTS = {"body": 1.0, "title": 1.0, "issuer": 0.3}
# So many terms, and so many pairs, of a question are looked for: a page that is pasted as a question has
# four times as many, and the commonest of them tell no passage from another. 300 characters have fewer.
MOST_SOUGHT = 128

Pair = tuple[str, str]
Covered = tuple[dict[str, float], dict[str, float]]
_Sought = TypeVar("_Sought")


class WordIndex(Protocol):
    """The words of one store's passages, ranked by BM25 (Robertson & Zaragoza 2009)."""

    @property
    def changed_at(self) -> datetime:
        """When words were last written, in UTC."""

    def reopen(self) -> None:
        """See what another process wrote."""

    def close(self) -> None:
        """Release the connections, or files."""

    def drop_others(self) -> None:
        """Delete the indexes of older schemas."""

    def write(
        self,
        added: Sequence[tuple[NoticeCard, Sequence[Passage]]] = (),
        removed: Sequence[str] = (),
    ) -> None:
        """Replace the passages of the notices `added`, delete those of the notices `removed`."""

    def count(self) -> int:
        """How many passages are in the index."""

    def ids(self) -> set[str]:
        """The ids of all passages in the index."""

    def best(
        self, terms: Mapping[str, float], k: int, scope: Scope, permitted: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """The `k` passages with the highest BM25 for any of `terms`, each times its weight: (passage id, score)."""

    def cover(self, weights: Mapping[str, float], pairs: Sequence[Pair], passage_ids: Collection[str]) -> Covered:
        """How much of a question these passages hold: (passage id -> weight of its terms, … -> number of its pairs)."""

    def holds(self, term: str) -> bool:
        """Whether any passage has this term in its body."""

    def find_alike(self, term: str, k: int) -> list[str]:
        """The ids of `k` passages that hold a term at an edit distance of one in their body, a swap being one edit."""

    def weight(self, term: str) -> float:
        """The inverse document frequency of a term over passages, at least 0.1; rarest highest."""


def take_weightiest(weights: Mapping[_Sought, float]) -> Mapping[_Sought, float]:
    """The heaviest of what is sought, as many as are allowed; of equals those that come first."""
    if len(weights) <= MOST_SOUGHT:
        return weights
    return dict(sorted(weights.items(), key=lambda item: -item[1])[:MOST_SOUGHT])
