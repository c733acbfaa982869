"""Runs of LangChain become spans of OpenTelemetry, sent by OTLP over HTTP where the settings say where to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, LLMResult

from assistant.tracing import Tracing
from core.events import current_request
from core.version import VERSION

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer

_PREFIX = "policy_desk"
# What a run of the desk ends with (`Tracing`).
_FIGURES = ("status", "citations", "withheld", "count")


class SpanHandler(BaseCallbackHandler):
    """A span for each run, below that of the run which began it; safe from many threads.

    The names of what a chat model does are those of OpenTelemetry's conventions for generative AI. Without
    `with_words` no span holds a question, a prompt or what a model wrote, nor what an error says.
    """

    def __init__(self, tracer: Tracer, *, with_words: bool) -> None:
        self._tracer = tracer
        self._with_words = with_words
        self._spans: dict[UUID, Span] = {}
        self._lock = Lock()

    # -- beginnings ----------------------------------------------------------------------------

    def on_chain_start(
        self,
        serialized: dict[str, Any] | None,
        inputs: object,
        *,
        run_id: UUID,
        parent_run_id: UUID | None = None,
        name: str = "chain",
        **_: Any,
    ) -> None:
        """An answer begins, or a stage of it."""
        request = {} if parent_run_id else {f"{_PREFIX}.request": current_request()}
        words = inputs if isinstance(inputs, Mapping) else {}
        self._begin(name, run_id, parent_run_id, request, {key: str(value) for key, value in words.items() if value})

    def on_retriever_start(
        self,
        serialized: dict[str, Any] | None,
        query: str,
        *,
        run_id: UUID,
        parent_run_id: UUID | None = None,
        name: str = "search",
        **_: Any,
    ) -> None:
        """A search begins."""
        self._begin(name, run_id, parent_run_id, {}, {"query": query})

    def on_chat_model_start(
        self,
        serialized: dict[str, Any] | None,
        messages: list[list[BaseMessage]],
        *,
        run_id: UUID,
        parent_run_id: UUID | None = None,
        metadata: dict[str, Any] | None = None,
        **_: Any,
    ) -> None:
        """A chat model is asked."""
        known = metadata or {}
        model = str(known.get("ls_model_name", ""))
        values = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": str(known.get("ls_provider", "")),
            "gen_ai.request.model": model,
        }
        prompt = "\n".join(str(message.text) for batch in messages for message in batch)
        self._begin(f"chat {model}".strip(), run_id, parent_run_id, values, {"prompt": prompt})

    # -- ends ----------------------------------------------------------------------------------

    def on_chain_end(self, outputs: object, *, run_id: UUID, **_: Any) -> None:
        """An answer has ended, or a stage of it, or a part of LangChain within: what that made is nobody's figure."""
        told = outputs if isinstance(outputs, Mapping) else {}
        self._end(run_id, {f"{_PREFIX}.{key}": told[key] for key in _FIGURES if told.get(key) is not None})

    def on_retriever_end(
        self, documents: Sequence[object], *, run_id: UUID, count: int | None = None, **_: Any
    ) -> None:
        """A search has ended; `count` is how many passages it found."""
        self._end(run_id, {f"{_PREFIX}.count": len(documents) if count is None else count})

    def on_llm_end(self, response: LLMResult, *, run_id: UUID, **_: Any) -> None:
        """A chat model has written all."""
        generated = response.generations[0][0]
        message = generated.message if isinstance(generated, ChatGeneration) else None
        usage = message.usage_metadata if isinstance(message, AIMessage) else None
        values: dict[str, Any] = {}
        if usage is not None:
            values["gen_ai.usage.input_tokens"] = usage["input_tokens"]
            values["gen_ai.usage.output_tokens"] = usage["output_tokens"]
        if self._with_words:
            values[f"{_PREFIX}.written"] = generated.text
        self._end(run_id, values)

    def on_chain_error(self, error: BaseException, *, run_id: UUID, **_: Any) -> None:
        """An answer has failed, or a stage of it."""
        self._fail(run_id, error)

    def on_retriever_error(self, error: BaseException, *, run_id: UUID, **_: Any) -> None:
        """A search has failed."""
        self._fail(run_id, error)

    def on_llm_error(self, error: BaseException, *, run_id: UUID, **_: Any) -> None:
        """A chat model has failed, or was left."""
        self._fail(run_id, error)

    # -- spans ---------------------------------------------------------------------------------

    def _begin(
        self,
        name: str,
        run_id: UUID,
        parent_run_id: UUID | None,
        values: Mapping[str, str],
        words: Mapping[str, str],
    ) -> None:
        from opentelemetry.trace import set_span_in_context

        with self._lock:
            parent = self._spans.get(parent_run_id) if parent_run_id else None
        told = {key: value for key, value in values.items() if value}
        if self._with_words:
            told |= {f"{_PREFIX}.{key}": value for key, value in words.items()}
        context = set_span_in_context(parent) if parent is not None else None
        span = self._tracer.start_span(name, context, attributes=told)
        with self._lock:
            self._spans[run_id] = span

    def _end(self, run_id: UUID, values: Mapping[str, Any]) -> None:
        span = self._take(run_id)
        if span is not None:
            span.set_attributes(values)
            span.end()

    def _fail(self, run_id: UUID, error: BaseException) -> None:
        from opentelemetry.trace import Status, StatusCode

        span = self._take(run_id)
        if span is not None:
            span.set_attribute("error.type", type(error).__name__)
            # The message of a server may hold the key.
            span.set_status(Status(StatusCode.ERROR))
            span.end()

    def _take(self, run_id: UUID) -> Span | None:
        with self._lock:
            return self._spans.pop(run_id, None)


def open_tracing(endpoint: str, *, with_words: bool) -> Tracing | None:
    """What sends traces by the variables OTEL_… of OpenTelemetry; None, at no cost, where `endpoint` is ''.

    It speaks OTLP over HTTP (protobuf) in a thread of its own; what cannot be sent costs no answer.
    """
    if not endpoint:
        return None
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    resource = Resource.create({SERVICE_VERSION: VERSION})
    if str(resource.attributes[SERVICE_NAME]).startswith("unknown_service"):
        # OTEL_SERVICE_NAME is not set.
        resource = resource.merge(Resource({SERVICE_NAME: "policy-desk"}))
    # Not the provider of the whole process: other libraries would send what they do to the same place.
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    handler = SpanHandler(provider.get_tracer("policy_desk", VERSION), with_words=with_words)
    return Tracing((handler,), provider.shutdown)
