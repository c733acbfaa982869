"""One desk for all requests of a process, opened at the first of them, and the turns that they take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from core.settings import Settings
from serving.turns import Turns

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from serving.verbs import Verbs
    from store.records import Records

Result = TypeVar("Result")


class Desk:
    """The verbs behind their turns. What looks up has turns of its own: it does not wait for what answers."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is opened yet."""
        self._settings = settings
        self._verbs: Verbs | None = None
        self._records: Records | None = None
        self._lock = Lock()
        limits = settings.api_at_once, settings.api_waiting, settings.api_seconds
        self._answering, self._looking = Turns(*limits), Turns(*limits)

    def open(self) -> Verbs:
        """The verbs; raises BrokenStoreError, MissingModelError, UsageError."""
        # The engines behind them take seconds to import.
        from serving.verbs import open_verbs

        with self._lock:
            if self._verbs is None:
                self._verbs = open_verbs(self._settings)
            return self._verbs

    def close(self) -> None:
        """Take no more turns and release the files."""
        self._answering.close()
        self._looking.close()
        with self._lock:
            if self._verbs is not None:
                self._verbs.close()
            if self._records is not None:
                self._records.close()

    @property
    def load(self) -> dict[str, tuple[int, int]]:
        """(under way, waiting), of what answers and of what looks up."""
        return {"answering": self._answering.load, "looking": self._looking.load}

    def open_records(self) -> Records:
        """The records beside the notices; raises BrokenStoreError."""
        from store.records import Records

        with self._lock:
            if self._records is None:
                self._records = Records(self._settings.place)
            return self._records

    async def answer(self, work: Callable[[Verbs], Result]) -> Result:
        """The result of work that takes its time: to answer, search, compare, check."""
        return await self._answering.take(lambda: work(self.open()))

    async def look_up(self, work: Callable[[Verbs], Result]) -> Result:
        """The result of work that is soon done."""
        return await self._looking.take(lambda: work(self.open()))

    def follow(self, work: Callable[[Verbs], Iterator[Result]]) -> AsyncIterator[Result]:
        """The steps of an answer as they come."""
        return self._answering.follow(lambda: work(self.open()))
