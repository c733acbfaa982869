"""What happens at the desk, told to whoever listens: logs and metrics hear of it, who tells it knows neither."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar
from uuid import uuid4

from core.errors import PolicyDeskError, ServingError

_NAME = "policy_desk.events"
# A value with this mark holds words of people or of notices.
WORDS = "words"
_REQUEST: ContextVar[str] = ContextVar("request", default="")
_FOLLOWER: ContextVar[Follower | None] = ContextVar("follower", default=None)


class Stage(StrEnum):
    """A part of the way to an answer."""

    embedding = "embedding"
    search = "search"
    refusal = "refusal"
    verification = "verification"


@dataclass(slots=True)
class Finding:
    """What a stage found: so many, None where nothing is counted. `asked` is what it was asked."""

    asked: str
    count: int | None = None


Follower = Callable[[Stage, Finding], AbstractContextManager[object]]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; `name` is what it is called in a log, `level` how much it matters there."""

    name: ClassVar[str]
    level: ClassVar[int] = logging.INFO


@dataclass(frozen=True, slots=True)
class Answered(Event):
    """A question was answered; times in seconds, `first_seconds` until its first sentence, None where it has none.

    `withheld` holds the kind of fault of each sentence that was not shown, `fallback` why no model's draft is, ''
    where it is or none was asked for.
    """

    name: ClassVar[str] = "answered"
    status: str
    language: str
    seconds: float
    first_seconds: float | None
    notices: int
    citations: int
    model: str
    fallback: str
    withheld: tuple[str, ...]
    question: str = field(repr=False, metadata={WORDS: True})
    answer: str = field(repr=False, metadata={WORDS: True})


@dataclass(frozen=True, slots=True)
class StageEnded(Event):
    """A stage of an answer, or a search for itself, has ended well."""

    name: ClassVar[str] = "stage"
    level: ClassVar[int] = logging.DEBUG
    stage: Stage
    seconds: float
    count: int | None


@dataclass(frozen=True, slots=True)
class Failed(Event):
    """Something asked for was not done; `error` is the class of the error, `known` whether it is one of the desk's.

    `refused`: a server of the desk did not take the request.
    """

    name: ClassVar[str] = "failed"
    level: ClassVar[int] = logging.WARNING
    error: str
    known: bool
    refused: bool


@dataclass(frozen=True, slots=True)
class Served(Event):
    """The API has answered a request: `verb` is the name of what was asked, '' where the desk has nothing there."""

    name: ClassVar[str] = "served"
    verb: str
    status: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Listening(Event):
    """A server of the desk takes requests now."""

    name: ClassVar[str] = "listening"
    address: str


@dataclass(frozen=True, slots=True)
class Rated(Event):
    """Somebody called an answer good or bad, or took that back."""

    name: ClassVar[str] = "rated"
    verdict: str


@dataclass(frozen=True, slots=True)
class FileFailed(Event):
    """A file did not become a notice."""

    name: ClassVar[str] = "file_failed"
    level: ClassVar[int] = logging.WARNING
    path: str
    reason: str
    help: str


@dataclass(frozen=True, slots=True)
class RunEnded(Event):
    """A run over files has ended; the figures count notices, `failed` files."""

    name: ClassVar[str] = "run_ended"
    kind: str
    added: int
    changed: int
    removed: int
    unchanged: int
    failed: int


def tell(event: Event) -> None:
    """Tell who listens; nothing happens where nobody does."""
    heard = logging.getLogger(_NAME)
    if heard.handlers:
        heard.log(event.level, event)


def tell_failure(error: Exception) -> None:
    """Tell that something asked for was not done."""
    tell(Failed(type(error).__name__, isinstance(error, PolicyDeskError), isinstance(error, ServingError)))


def listen(listener: logging.Handler) -> None:
    """Have every event of this process handed to a listener: the message of its records is the Event."""
    heard = logging.getLogger(_NAME)
    # What the process does with its other logs is not asked: an event may hold words.
    heard.propagate = False
    heard.setLevel(logging.DEBUG)
    heard.addHandler(listener)


def stop_listening(listener: logging.Handler) -> None:
    """Hand no more events to a listener."""
    logging.getLogger(_NAME).removeHandler(listener)


def begin_request() -> str:
    """A new id, under which all is told that this context does from now on."""
    request = uuid4().hex
    _REQUEST.set(request)
    return request


def current_request() -> str:
    """The id of what this context works on, '' outside of a request."""
    return _REQUEST.get()


def follow_stages(follower: Follower) -> None:
    """Have each stage of this context run inside of what `follower` makes of it."""
    _FOLLOWER.set(follower)


@contextmanager
def stage(name: Stage, asked: str = "") -> Iterator[Finding]:
    """A stage of an answer: its time is told when it ends well; what it found is set in what is yielded."""
    finding, follower, started = Finding(asked), _FOLLOWER.get(), time.perf_counter()
    with follower(name, finding) if follower else nullcontext():
        yield finding
    tell(StageEnded(name, time.perf_counter() - started, finding.count))
