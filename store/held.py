"""The catalogue as it was at one moment, for one answer: each notice is read once, and none goes meanwhile."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractContextManager, nullcontext

import sqlalchemy as sa

from core.types import Sentence, Span
from store.catalogue import Catalogue


class HeldCatalogue(Catalogue):
    """A catalogue that reads from one transaction and remembers what it read; for one thread, and not to write to."""

    def __init__(self, connection: sa.Connection) -> None:
        """Read from a connection that `Catalogue.begin_reading` has opened; it must outlive this."""
        self._connection = connection
        self._generation = super().generation
        self._known_texts: dict[str, str] = {}
        self._known_sentences: dict[str, list[Sentence]] = {}

    def _connect(self) -> AbstractContextManager[sa.Connection]:
        return nullcontext(self._connection)

    @property
    def generation(self) -> int:
        """As it was when this was opened."""
        return self._generation

    def sentences_of(self, notice_ids: Collection[str], touching: Span | None = None) -> dict[str, list[Sentence]]:
        """As the catalogue's; a notice's sentences are read all together."""
        missing = set(notice_ids) - self._known_sentences.keys()
        if missing:
            self._known_sentences |= super().sentences_of(missing)
        every = {name: self._known_sentences[name] for name in notice_ids if name in self._known_sentences}
        if touching is None:
            return every
        return {
            name: [row for row in rows if row.span.start < touching.end and row.span.end > touching.start]
            for name, rows in every.items()
        }

    def _texts(self, connection: sa.Connection, notice_ids: Collection[str]) -> dict[str, str]:
        missing = set(notice_ids) - self._known_texts.keys()
        if missing:
            self._known_texts |= super()._texts(connection, missing)
        return {name: self._known_texts[name] for name in notice_ids if name in self._known_texts}
