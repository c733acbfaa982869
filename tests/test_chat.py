"""assistant.chat: a chat model is opened by name, asked over HTTP, and fails in ways that have names."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator

import pytest
from langchain_core.prompts import ChatPromptTemplate

from assistant.chat import Chat, Ending, open_chat, stream_answer
from core.errors import ChatFailedError, MissingModelError
from core.types import Fallback
from tests.endpoint import Endpoint, serve

_KEY = "sk-very-secret-0123456789"
_PROMPT = ChatPromptTemplate.from_messages([("human", "{question}")]).invoke({"question": "Who presided?"})


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with serve() as server:
        yield server


def _open(endpoint: Endpoint, seconds: float = 20) -> Chat:
    chat = open_chat("openai:small", url=endpoint.url, key=_KEY, seconds=seconds)
    assert chat
    return chat


def _written(chat: Chat) -> tuple[str, Ending]:
    *pieces, ending = stream_answer(chat, _PROMPT)
    assert isinstance(ending, Ending)
    return "".join(str(piece) for piece in pieces), ending


def test_extractive_is_no_model() -> None:
    assert open_chat("extractive") is None


def test_opening_asks_the_server_nothing(endpoint: Endpoint) -> None:
    chat = _open(endpoint)
    assert endpoint.prompts == []
    assert _KEY not in repr(chat)


def test_what_the_server_streams_arrives_whole_and_with_the_key(endpoint: Endpoint) -> None:
    endpoint.reply = lambda prompt: f"{prompt} 李老师主持会议。"
    assert _written(_open(endpoint)) == ("Who presided? 李老师主持会议。", Ending(full=False))
    assert endpoint.keys == [f"Bearer {_KEY}"]


def test_a_server_of_ones_own_needs_no_key_and_gets_none_of_the_environment(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", _KEY)
    endpoint.reply = lambda _: "Yes."
    chat = open_chat("openai:small", url=endpoint.url)
    assert chat
    assert _written(chat)[0] == "Yes."
    assert _KEY not in endpoint.keys[0]


def test_an_answer_that_used_up_its_room_says_so(endpoint: Endpoint) -> None:
    endpoint.reply, endpoint.ending = lambda _: "Schools must", "length"
    assert _written(_open(endpoint))[1].full


@pytest.mark.parametrize(
    ("status", "cause"),
    [
        (401, Fallback.not_admitted),
        (403, Fallback.not_admitted),
        (500, Fallback.broken),
        (429, Fallback.broken),
        (404, Fallback.broken),
        (504, Fallback.late),
    ],
)
def test_errors_of_the_server_have_names_and_never_the_key(
    endpoint: Endpoint, status: int, cause: Fallback, caplog: pytest.LogCaptureFixture
) -> None:
    endpoint.status = status
    with caplog.at_level(logging.WARNING), pytest.raises(ChatFailedError) as raised:
        _written(_open(endpoint))
    assert raised.value.cause is cause
    assert len(endpoint.prompts) == 1
    assert _KEY not in f"{raised.value} {raised.value.help} {caplog.text} {raised.value.__cause__!r}"
    assert cause.value in caplog.text


@pytest.mark.parametrize(
    "body", [b"", b"<html>Welcome</html>", b"\xff\x00\xfe", b'{"choices": []}', b"data: {oops\n\n"]
)
def test_garbage_is_no_answer(endpoint: Endpoint, body: bytes) -> None:
    endpoint.body = body
    with pytest.raises(ChatFailedError) as raised:
        _written(_open(endpoint))
    assert raised.value.cause is Fallback.broken


@pytest.mark.parametrize(("cut", "ending"), [(2, "stop"), (None, "")])
def test_a_stream_that_breaks_off_is_no_answer(endpoint: Endpoint, cut: int | None, ending: str) -> None:
    endpoint.reply, endpoint.cut, endpoint.ending = lambda _: "Schools must report by 30 June.", cut, ending
    with pytest.raises(ChatFailedError) as raised:
        _written(_open(endpoint))
    assert raised.value.cause is Fallback.broken


def test_a_server_that_says_nothing_is_late(endpoint: Endpoint) -> None:
    endpoint.reply, endpoint.wait = lambda _: "Yes.", 30
    with pytest.raises(ChatFailedError) as raised:
        _written(_open(endpoint, seconds=0.3))
    assert raised.value.cause is Fallback.late


def test_a_dead_server_cannot_be_reached() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    chat = open_chat("openai:small", url=f"http://127.0.0.1:{port}/v1")
    assert chat
    with pytest.raises(ChatFailedError) as raised:
        _written(chat)
    assert raised.value.cause is Fallback.unreachable


def test_ollama_that_does_not_run_cannot_be_reached() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    chat = open_chat("ollama:qwen3:8b", url=f"http://127.0.0.1:{port}", key=_KEY)
    assert chat
    assert chat.provider == "ollama"
    assert getattr(chat.model, "model", "") == "qwen3:8b"
    with pytest.raises(ChatFailedError) as raised:
        _written(chat)
    assert raised.value.cause is Fallback.unreachable


@pytest.mark.parametrize(
    "name", ["", "gpt", ":gpt", "openai:", "nobody:gpt", "anthropic:claude", "deepseek:deepseek-chat"]
)
def test_a_model_that_cannot_be_had_says_what_to_do(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MissingModelError) as raised:
        open_chat(name, key=_KEY)
    assert "PROVIDER:NAME" in raised.value.help
    assert _KEY not in f"{raised.value} {raised.value.help}"


def test_a_model_that_wants_a_key_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(MissingModelError, match="key") as raised:
        open_chat("openai:small")
    assert "POLICY_DESK_CHAT_KEY" in raised.value.help
