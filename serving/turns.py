"""Requests take turns: some are worked on at once, some wait, and none for ever."""

from __future__ import annotations

import asyncio
import contextvars
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from core.errors import BusyDeskError

Result = TypeVar("Result")


class Turns:
    """At most `at_once` pieces of work in threads, `waiting` more behind them, each given up after `seconds`.

    Work that is given up goes on until it ends, and keeps its place till then.
    """

    def __init__(self, at_once: int, waiting: int, seconds: float) -> None:
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="turn")
        self._at_once = at_once
        self._most = at_once + waiting
        self._seconds = seconds
        self._taken = 0
        self._lock = threading.Lock()

    @property
    def load(self) -> tuple[int, int]:
        """How many pieces of work are under way, and how many wait."""
        taken = self._taken
        return min(taken, self._at_once), max(0, taken - self._at_once)

    def close(self) -> None:
        """Begin nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def take(self, work: Callable[[], Result]) -> Result:
        """What `work` returns or raises; raises BusyDeskError where there is no place, or it takes too long."""
        future = self._submit(work)
        try:
            async with asyncio.timeout(self._seconds):
                return await asyncio.shield(asyncio.wrap_future(future))
        except TimeoutError:
            raise self._give_up() from None
        finally:
            # What has not begun never will.
            future.cancel()

    async def follow(self, work: Callable[[], Iterator[Result]]) -> AsyncIterator[Result]:
        """What `work` yields, as it comes, from one thread; raises as `take`. It ends when nobody listens."""
        loop = asyncio.get_running_loop()
        steps: asyncio.Queue[Result | _Ended] = asyncio.Queue()
        nobody_listens = threading.Event()

        def tell(step: Result | _Ended) -> None:
            # The loop is closed when the server has stopped meanwhile.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(steps.put_nowait, step)

        def run() -> None:
            try:
                for step in work():
                    if nobody_listens.is_set():
                        return
                    tell(step)
            except Exception as error:
                tell(_Ended(error))
            else:
                tell(_Ended(None))

        future = self._submit(run)
        latest = time.monotonic() + self._seconds
        try:
            while True:
                async with asyncio.timeout(latest - time.monotonic()):
                    step = await steps.get()
                if isinstance(step, _Ended):
                    if step.error is not None:
                        raise step.error
                    return
                yield step
        except TimeoutError:
            raise self._give_up() from None
        finally:
            nobody_listens.set()
            future.cancel()

    def _submit(self, work: Callable[[], Result]) -> Future[Result]:
        with self._lock:
            if self._taken >= self._most:
                raise BusyDeskError("too many are asking at this moment")
            self._taken += 1
        try:
            # What is told of the work names the request that it is for.
            future = self._pool.submit(contextvars.copy_context().run, work)
        except RuntimeError:
            self._leave(None)
            raise BusyDeskError("the desk is closing") from None
        future.add_done_callback(self._leave)
        return future

    def _leave(self, _: object) -> None:
        with self._lock:
            self._taken -= 1

    def _give_up(self) -> BusyDeskError:
        return BusyDeskError(f"it took longer than {self._seconds:g} seconds")


class _Ended:
    """That there are no more steps, and why."""

    def __init__(self, error: Exception | None) -> None:
        self.error = error
