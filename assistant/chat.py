"""A chat model: opened through LangChain by its name, asked under a time limit."""

from __future__ import annotations

import contextvars
import logging
import queue
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk
from langchain_core.prompt_values import PromptValue

from core.errors import ChatFailedError, MissingModelError
from core.settings import EXTRACTIVE
from core.types import Fallback

_LOG = logging.getLogger(__name__)
# A server on this machine wants a key in the request and does not read it. It is never the user's own
# from the environment: that would go to whoever POLICY_DESK_CHAT_URL names.
_NO_KEY = "none"
# Room for the answer beside the prompt; ollama would otherwise cut the prompt to its own default.
_ROOM_TO_ANSWER = 4096
# Every so many seconds it is looked whether the user has stopped it.
_GLANCE = 0.1
# Where providers tell why a stream ended. One that ends without was cut.
_ENDINGS = ("finish_reason", "done_reason", "stop_reason", "stopReason")
_TELL_ENDINGS = frozenset({"ollama", "openai"})
_FULL = frozenset({"length", "max_tokens", "MAX_TOKENS"})
_HELP = (
    "Name PROVIDER:NAME, such as ollama:qwen3:8b, or openai:NAME with POLICY_DESK_CHAT_URL for a server that speaks "
    "as OpenAI does; other providers need their package langchain-PROVIDER."
)


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat model that is open: `seconds` for a whole answer, `tokens` (cl100k) for a whole prompt.

    Once `stopped` is set, what it writes is waited for no longer.
    """

    name: str
    model: BaseChatModel = field(repr=False)
    seconds: float
    tokens: int
    stopped: threading.Event = field(default_factory=threading.Event, repr=False, compare=False)

    @property
    def provider(self) -> str:
        """The part of the name before its first colon."""
        return self.name.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Ending:
    """The end of what a model wrote; `full` where its room was used up, so that it broke off."""

    full: bool


def open_chat(name: str, *, url: str = "", key: str = "", seconds: float = 60, tokens: int = 4000) -> Chat | None:
    """The chat model PROVIDER:NAME, without asking its server anything; None for "extractive".

    Raises MissingModelError where the name is none, the provider is unknown or its package missing.
    """
    if name == EXTRACTIVE:
        return None
    provider, _, model = name.strip().partition(":")
    if not provider or not model:
        raise MissingModelError(f"{name!r} is no chat model", _HELP)
    # LangChain's chat models take a second to import, and the desk runs without.
    from langchain.chat_models import init_chat_model

    options = _options(provider, model, url, key, seconds, tokens)
    try:
        opened = init_chat_model(model, model_provider=provider, **options)
    except ImportError as error:
        package = f"langchain-{provider.replace('_', '-')}"
        raise MissingModelError(f"{name}: the package {package} is not installed", _HELP) from error
    except Exception as error:
        # What is wrong is said without the library's message: that may repeat the key.
        reason = "it needs a key" if "api_key" in str(error) else "LangChain cannot open it"
        help = f"Set POLICY_DESK_CHAT_KEY. {_HELP}" if "api_key" in str(error) else _HELP
        raise MissingModelError(f"{name}: {reason}", help) from None
    return Chat(name.strip(), opened, seconds, tokens)


def _options(provider: str, model: str, url: str, key: str, seconds: float, tokens: int) -> dict[str, Any]:
    """What each provider calls the same things."""
    if provider == "ollama":
        access = {"headers": {"Authorization": f"Bearer {key}"}} if key else {}
        own = {"client_kwargs": {"timeout": seconds, **access}, "num_ctx": tokens + _ROOM_TO_ANSWER, "temperature": 0}
        return own | ({"base_url": url} if url else {})
    options: dict[str, Any] = {"base_url": url} if url else {}
    if key or (url and provider == "openai"):
        options["api_key"] = key or _NO_KEY
    if provider == "openai":
        options |= {"timeout": seconds, "max_retries": 0}
    # The reasoning models of OpenAI take no temperature.
    return options if re.match(r"o\d", model) else options | {"temperature": 0}


def stream_answer(chat: Chat, prompt: PromptValue) -> Iterator[str | Ending]:
    """What the model writes, piece by piece, then its Ending.

    Raises ChatFailedError, at the latest when time is up, and soon once `chat.stopped` is set.

    The model runs in a thread of its own, so that the limit holds while it says nothing.
    """
    pieces: queue.Queue[AIMessageChunk | Exception | None] = queue.Queue()
    stopped = threading.Event()
    deadline = time.monotonic() + chat.seconds
    run = contextvars.copy_context().run
    threading.Thread(target=run, args=(_read, chat, prompt, pieces, stopped), daemon=True).start()
    ending = ""
    try:
        while (piece := _wait(pieces, deadline, chat.stopped)) is not None:
            ending = next((str(piece.response_metadata[k]) for k in _ENDINGS if piece.response_metadata.get(k)), ending)
            # JSON may hold halves of characters, which can neither be kept nor shown.
            yield str(piece.text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    finally:
        stopped.set()
    if not ending and chat.provider in _TELL_ENDINGS:
        raise ChatFailedError(Fallback.broken)
    yield Ending(ending in _FULL)


def _read(
    chat: Chat,
    prompt: PromptValue,
    pieces: queue.Queue[AIMessageChunk | Exception | None],
    stopped: threading.Event,
) -> None:
    try:
        for piece in chat.model.stream(prompt):
            if stopped.is_set():
                return
            pieces.put(piece)
    except Exception as error:  # whatever ails the model, the question is answered without it
        pieces.put(error)
    else:
        pieces.put(None)


def _wait(
    pieces: queue.Queue[AIMessageChunk | Exception | None], deadline: float, stopped: threading.Event
) -> AIMessageChunk | None:
    """The next piece, None at the end; raises ChatFailedError."""
    piece = _take(pieces, deadline, stopped)
    if isinstance(piece, Exception):
        cause = name_cause(piece)
        # The kind of error alone: its message may repeat the key.
        _LOG.warning("a chat model did not answer: %s (%s)", cause.value, type(piece).__name__)
        raise ChatFailedError(cause) from None
    if time.monotonic() > deadline:
        raise ChatFailedError(Fallback.late)
    return piece


def _take(
    pieces: queue.Queue[AIMessageChunk | Exception | None], deadline: float, stopped: threading.Event
) -> AIMessageChunk | Exception | None:
    """What comes next, before the deadline and before it is stopped; raises ChatFailedError."""
    while not stopped.is_set():
        left = max(0.001, deadline - time.monotonic())
        try:
            return pieces.get(timeout=min(_GLANCE, left))
        except queue.Empty:
            if left <= _GLANCE:
                raise ChatFailedError(Fallback.late) from None
    raise ChatFailedError(Fallback.stopped)


def name_cause(error: BaseException) -> Fallback:
    """Why a call failed, as far as an error of any client library tells, with those that led to it."""
    chain: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in chain:
        chain.append(following)
        following = following.__cause__ or following.__context__
    names = " ".join(type(link).__name__ for link in chain)
    statuses = {getattr(link, "status_code", None) for link in chain}
    if statuses & {401, 403}:
        return Fallback.not_admitted
    if "Timeout" in names or 408 in statuses or 504 in statuses:
        return Fallback.late
    reached = "ConnectionResetError" in names or "Protocol" in names or "ReadError" in names
    unreachable = any(isinstance(link, ConnectionError) for link in chain) or "Connect" in names
    return Fallback.unreachable if unreachable and not reached else Fallback.broken
