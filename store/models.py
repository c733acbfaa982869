"""The embedding models whose indexes a store holds: which of them are whole, and what the others must forget."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence

from store.catalogue import Catalogue
from store.details import DetailIndex
from store.vectors import VectorIndex

# The model that an ingest writes for, by its fingerprint; and all that have an index, as JSON: whether it was whole.
MODEL = "embedding_model"
_MODELS = "embedding_models"

Index = tuple[VectorIndex, DetailIndex]


def read_models(catalogue: Catalogue) -> dict[str, bool]:
    """The fingerprint of each model that has an index here, and whether that was whole once."""
    present = catalogue.read_state(MODEL)
    known: dict[str, bool] = json.loads(catalogue.read_state(_MODELS) or "{}")
    return known if present is None else {**known, present: True}


def note_model(catalogue: Catalogue, fingerprint: str, *, is_whole: bool) -> None:
    """Note that a model has an index here, from the moment at which something may be in it."""
    models = {**read_models(catalogue), fingerprint: is_whole}
    catalogue.write_state(_MODELS, json.dumps(models, ensure_ascii=False))


def forget_others(catalogue: Catalogue, fingerprint: str) -> list[str]:
    """Note that only this model has an index; the fingerprints of those that had one beside it."""
    gone = [other for other in read_models(catalogue) if other != fingerprint]
    catalogue.write_state(_MODELS, None)
    return gone


class OtherIndexes:
    """The indexes of the models beside a desk's own.

    Nothing is embedded for them, so what is written anew is taken out of them: what is left in one is right, and
    their number of passages says whether it is all.
    """

    def __init__(self, catalogue: Catalogue, fingerprint: str, open_index: Callable[[str], Index]) -> None:
        """Those that a catalogue knows, but for the model with this fingerprint; none is opened yet."""
        self._catalogue = catalogue
        self._fingerprint = fingerprint
        self._open_index = open_index

    def remove(self, passage_ids: Sequence[str]) -> None:
        """Take passages out of them; unknown ids do no harm."""
        for vectors, details in self._open():
            vectors.remove(passage_ids)
            details.remove(passage_ids)

    def keep(self, passage_ids: Collection[str]) -> None:
        """Take out of them all but these passages."""
        for vectors, details in self._open():
            vectors.remove(sorted(vectors.ids().difference(passage_ids)))
            details.remove(sorted(details.ids().difference(passage_ids)))

    def _open(self) -> Iterator[Index]:
        for fingerprint in read_models(self._catalogue):
            if fingerprint != self._fingerprint:
                vectors, details = self._open_index(fingerprint)
                try:
                    yield vectors, details
                finally:
                    vectors.close()
                    details.close()
