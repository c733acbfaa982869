"""serving.turns: work takes turns, fails as it failed, and is given up in time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator

import pytest

from core.errors import BusyDeskError, UsageError
from serving.turns import Turns


@pytest.fixture
def turns() -> Iterator[Turns]:
    """One at a time, one waiting, for long enough."""
    made = Turns(1, 1, 30)
    yield made
    made.close()


def _fail() -> int:
    raise UsageError("no")


async def _list(steps: AsyncIterator[int]) -> list[int]:
    return [step async for step in steps]


def test_what_is_worked_out_comes_back(turns: Turns) -> None:
    assert asyncio.run(turns.take(lambda: 7)) == 7
    assert asyncio.run(_list(turns.follow(lambda: iter([1, 2, 3])))) == [1, 2, 3]


def test_what_fails_is_raised(turns: Turns) -> None:
    def steps() -> Iterator[int]:
        yield 1
        _fail()

    with pytest.raises(UsageError):
        asyncio.run(turns.take(_fail))
    with pytest.raises(UsageError):
        asyncio.run(_list(turns.follow(steps)))
    assert asyncio.run(turns.take(lambda: 7)) == 7


def test_one_works_one_waits_and_the_third_is_sent_away(turns: Turns) -> None:
    async def story() -> None:
        free = threading.Event()
        working, waiting = (asyncio.create_task(turns.take(free.wait)) for _ in range(2))
        await asyncio.sleep(0)
        with pytest.raises(BusyDeskError):
            await turns.take(lambda: True)
        free.set()
        assert await working
        assert await waiting
        assert await turns.take(lambda: True)

    asyncio.run(story())


def test_what_is_given_up_keeps_its_place_till_it_ends() -> None:
    turns = Turns(1, 0, 0.05)

    async def story() -> None:
        free, ended = threading.Event(), threading.Event()

        def work() -> None:
            free.wait()
            ended.set()

        with pytest.raises(BusyDeskError, match="longer"):
            await turns.take(work)
        with pytest.raises(BusyDeskError, match="too many"):
            await turns.take(lambda: None)
        free.set()
        ended.wait()
        while True:
            try:
                await turns.take(lambda: None)
                break
            except BusyDeskError:
                await asyncio.sleep(0.01)

    asyncio.run(story())
    turns.close()


def test_what_waits_too_long_never_begins() -> None:
    turns = Turns(1, 1, 0.05)
    began: list[int] = []

    async def story() -> None:
        free = threading.Event()
        both = [turns.take(free.wait), turns.take(lambda: began.append(1))]
        ends = await asyncio.gather(*both, return_exceptions=True)
        assert all(isinstance(end, BusyDeskError) for end in ends)
        free.set()

    asyncio.run(story())
    turns.close()
    assert began == []


def test_who_stops_listening_ends_the_work(turns: Turns) -> None:
    ended = threading.Event()

    def steps() -> Iterator[int]:
        try:
            while True:
                yield 1
        finally:
            ended.set()

    async def story() -> None:
        followed = turns.follow(steps)
        async for _ in followed:
            break
        await followed.aclose()  # type: ignore[attr-defined]
        assert await asyncio.to_thread(ended.wait, 30)

    asyncio.run(story())
