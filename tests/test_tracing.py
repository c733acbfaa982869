"""Tracing: an answer is one trace at a real receiver of OTLP, of what it did and how long, without its words."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from assistant.chat import open_chat
from assistant.spans import open_tracing
from assistant.watched import ask_watched
from core.events import begin_request
from core.types import Answer, Fallback
from store.archive import Archive
from tests.calling import serve_api
from tests.conftest import ROOT
from tests.endpoint import serve

pytestmark = pytest.mark.model

_KEY = "sk-never-shown-0123456789"
_QUESTION = "How much homework may grades 3 to 6 have?"


class _Collector(ThreadingHTTPServer):
    """Takes traces as OpenTelemetry's collector does."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.bodies: list[bytes] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def spans(self) -> list[Span]:
        return [
            span
            for body in self.bodies
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]


class _Handler(BaseHTTPRequestHandler):
    server: _Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/v1/traces":
            self.server.bodies.append(body)
        self.send_response(200)
        self.send_header("Content-Type", "application/x-protobuf")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Collector]:
    with _Collector() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", server.url)
        # What is sent can be read.
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
        yield server
        server.shutdown()


def _read_values(span: Span) -> dict[str, str | int]:
    return {one.key: one.value.string_value or one.value.int_value for one in span.attributes}


def _find(spans: list[Span], name: str) -> Span:
    (found,) = [span for span in spans if span.name == name]
    return found


@contextmanager
def _trace(collector: _Collector, *, with_words: bool = False) -> Iterator[Any]:
    """What traces an answer; when the block ends, all has been sent."""
    tracing = open_tracing(collector.url, with_words=with_words)
    assert tracing is not None
    yield tracing
    tracing.close()


def test_an_answer_is_one_trace_of_its_stages(desk: Archive, collector: _Collector) -> None:
    request = begin_request()
    with _trace(collector) as tracing:
        answer = list(ask_watched(desk, _QUESTION, tracing=tracing))[-1]
    assert isinstance(answer, Answer)
    spans = collector.spans
    root = _find(spans, "answer")
    assert not root.parent_span_id
    assert {span.trace_id for span in spans} == {root.trace_id}
    values = _read_values(root)
    assert values["policy_desk.status"] == answer.status.value
    assert values["policy_desk.citations"] == len(answer.citations)
    assert values["policy_desk.request"] == request
    assert {span.name for span in spans} == {"answer", "search", "embedding", "refusal", "verification"}
    search = next(span for span in spans if span.name == "search")
    assert search.parent_span_id == root.span_id
    assert _read_values(search) == {"policy_desk.count": 10}
    for span in spans:
        assert root.start_time_unix_nano <= span.start_time_unix_nano
        assert span.start_time_unix_nano <= span.end_time_unix_nano <= root.end_time_unix_nano


def test_a_chat_model_is_a_span_with_its_name(
    desk: Archive, collector: _Collector, caplog: pytest.LogCaptureFixture
) -> None:
    with serve() as endpoint, _trace(collector) as tracing:
        endpoint.reply = lambda _: "NO_ANSWER"
        chat = open_chat("openai:scripted", url=endpoint.url, key=_KEY, seconds=30)
        answer = list(ask_watched(desk, _QUESTION, chat=chat, tracing=tracing))[-1]
    assert isinstance(answer, Answer)
    assert answer.fallback is Fallback.no_answer
    root, asked = _find(collector.spans, "answer"), _find(collector.spans, "chat scripted")
    assert (asked.trace_id, asked.parent_span_id) == (root.trace_id, root.span_id)
    values = _read_values(asked)
    assert (values["gen_ai.operation.name"], values["gen_ai.request.model"]) == ("chat", "scripted")
    assert values["gen_ai.provider.name"] == "openai"
    assert asked.status.code == Status.STATUS_CODE_UNSET
    # LangChain says so where a callback fails.
    assert "SpanHandler" not in caplog.text


def test_a_chat_model_that_fails_is_an_error_without_its_words(desk: Archive, collector: _Collector) -> None:
    with serve() as endpoint, _trace(collector, with_words=True) as tracing:
        endpoint.status = 401
        chat = open_chat("openai:scripted", url=endpoint.url, key=_KEY, seconds=30)
        list(ask_watched(desk, _QUESTION, chat=chat, tracing=tracing))
    failed = _find(collector.spans, "chat scripted")
    assert failed.status.code == Status.STATUS_CODE_ERROR
    assert _read_values(failed)["error.type"] == "OpenAIAuthenticationError"
    assert not any(_KEY.encode() in body for body in collector.bodies)


def test_words_are_in_spans_only_where_they_are_wanted(desk: Archive, collector: _Collector) -> None:
    quoted: list[bytes] = []
    for with_words in (False, True):
        collector.bodies.clear()
        with serve() as endpoint, _trace(collector, with_words=with_words) as tracing:
            endpoint.reply = lambda _: "Something that nobody wrote [1]."
            chat = open_chat("openai:scripted", url=endpoint.url, key=_KEY, seconds=30)
            answer = list(ask_watched(desk, _QUESTION, chat=chat, tracing=tracing))[-1]
        assert isinstance(answer, Answer)
        quoted = [citation.quote[:20].encode() for citation in answer.citations]
        sent = b"".join(collector.bodies)
        words = (_QUESTION.encode(), b"nobody wrote", *quoted)
        assert [word in sent for word in words] == [with_words] * len(words)
        assert _KEY.encode() not in sent
    assert quoted


def test_a_question_that_makes_no_sense_is_a_trace_that_failed(desk: Archive, collector: _Collector) -> None:
    from core.errors import UsageError

    with _trace(collector) as tracing, pytest.raises(UsageError):
        list(ask_watched(desk, " ", tracing=tracing))
    root = _find(collector.spans, "answer")
    assert root.status.code == Status.STATUS_CODE_ERROR
    assert _read_values(root)["error.type"] == "UsageError"


def test_an_answer_that_is_left_ends_its_trace(desk: Archive, collector: _Collector) -> None:
    with _trace(collector) as tracing:
        steps = ask_watched(desk, _QUESTION, tracing=tracing)
        next(steps)
        steps.close()  # type: ignore[attr-defined]
    assert _read_values(_find(collector.spans, "answer"))["policy_desk.status"] == "left"


def test_a_collector_that_is_away_costs_no_answer(desk: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
    tracing = open_tracing("http://127.0.0.1:9", with_words=False)
    assert tracing is not None
    answer = list(ask_watched(desk, _QUESTION, tracing=tracing))[-1]
    assert answer == list(ask_watched(desk, _QUESTION))[-1]
    tracing.close()


def test_the_api_sends_its_traces_by_the_environment(desk: Archive, collector: _Collector) -> None:
    with serve_api(desk.folder) as api:
        told = api.post("/ask", json={"question": _QUESTION})
    values = _read_values(_find(collector.spans, "answer"))
    assert values["policy_desk.request"] == told.headers["x-request-id"]
    assert b"policy-desk" in collector.bodies[0]


def test_without_an_endpoint_nothing_of_it_is_loaded() -> None:
    code = (
        "import sys, threading; import serving.verbs; from assistant.spans import open_tracing;"
        "assert open_tracing('', with_words=False) is None;"
        "assert 'opentelemetry.exporter.otlp.proto.http' not in sys.modules;"
        "assert not [one for one in threading.enumerate() if 'Otel' in one.name]"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=120)
