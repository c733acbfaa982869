"""What happened since the start of a process, counted for Prometheus; no label holds words of people or of notices."""

from __future__ import annotations

import logging

from prometheus_client import CollectorRegistry, Counter, Histogram, Info, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

from core.events import Answered, Event, Failed, Rated, Served, Stage, StageEnded, listen, stop_listening
from core.types import Fallback, Status
from core.version import VERSION

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
_LANGUAGES = ("en", "zh")
_OTHER = "other"
_ANSWERS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 120)
_STAGES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5)


class Metrics(logging.Handler):
    """Counters of one process, fed by its events from `open` to `close`; safe from many threads."""

    def __init__(self) -> None:
        """Everything is at zero."""
        super().__init__()
        registry = self._registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        Info("policy_desk_build", "The version of the desk.", registry=registry).info({"version": VERSION})
        self._answers = Counter("policy_desk_answers", "Questions answered.", ["status", "language"], registry=registry)
        self._first = Histogram(
            "policy_desk_first_sentence_seconds",
            "Seconds to the first proved sentence.",
            registry=registry,
            buckets=_ANSWERS,
        )
        self._whole = Histogram(
            "policy_desk_answer_seconds", "Seconds to the whole answer.", registry=registry, buckets=_ANSWERS
        )
        self._withheld = Counter(
            "policy_desk_withheld_sentences", "Sentences drafted and not shown.", ["reason"], registry=registry
        )
        self._chat_failures = Counter(
            "policy_desk_chat_failures", "Drafts of a chat model that were not shown.", ["cause"], registry=registry
        )
        self._searches = Counter("policy_desk_searches", "Searches for passages.", registry=registry)
        self._vain = Counter("policy_desk_searches_without_hits", "Searches that found nothing.", registry=registry)
        self._stages = Histogram(
            "policy_desk_stage_seconds",
            "Seconds of the stages of answers.",
            ["stage"],
            registry=registry,
            buckets=_STAGES,
        )
        self._embedding = Histogram(
            "policy_desk_embedding_seconds",
            "Seconds to embed a question.",
            registry=registry,
            buckets=_STAGES,
        )
        self._feedback = Counter("policy_desk_feedback", "What people said of answers.", ["verdict"], registry=registry)
        self._errors = Counter("policy_desk_errors", "What was asked and not done.", ["error"], registry=registry)
        self._refused = Counter("policy_desk_requests_refused", "Requests refused.", ["reason"], registry=registry)
        self._requests = Counter("policy_desk_requests", "Requests of the API.", ["verb", "status"], registry=registry)
        self._request_seconds = Histogram(
            "policy_desk_request_seconds", "Seconds of requests.", ["verb"], registry=registry, buckets=_ANSWERS
        )
        for status in Status:
            for language in _LANGUAGES:
                # A counter that is not there yet cannot be seen to rise.
                self._answers.labels(status.value, language)
        for cause in Fallback:
            self._chat_failures.labels(cause.value)
        for verdict in ("good", "bad", "withdrawn"):
            self._feedback.labels(verdict)

    def open(self) -> None:
        """Begin to count."""
        listen(self)

    def close(self) -> None:
        """Count no more."""
        stop_listening(self)
        super().close()

    def add(self, collector: Collector) -> None:
        """Have what is read when it is asked for, such as the size of the store, told with the counters."""
        self._registry.register(collector)

    def expose(self) -> bytes:
        """All metrics in Prometheus's text format 0.0.4."""
        return generate_latest(self._registry)

    def emit(self, record: logging.LogRecord) -> None:
        """Count an event; what cannot be counted costs no answer."""
        try:
            if isinstance(record.msg, Event):
                self._count(record.msg)
        except Exception:
            self.handleError(record)

    def _count(self, event: Event) -> None:
        match event:
            case Answered():
                self._count_answer(event)
            case StageEnded():
                self._count_stage(event)
            case Failed():
                self._errors.labels(event.error if event.known else "unexpected").inc()
                if event.refused:
                    self._refused.labels(event.error).inc()
            case Served():
                verb = event.verb or "none"
                self._requests.labels(verb, str(event.status)).inc()
                self._request_seconds.labels(verb).observe(event.seconds)
            case Rated():
                self._feedback.labels(event.verdict).inc()

    def _count_answer(self, event: Answered) -> None:
        language = event.language if event.language in _LANGUAGES else _OTHER
        self._answers.labels(event.status, language).inc()
        self._whole.observe(event.seconds)
        if event.first_seconds is not None:
            self._first.observe(event.first_seconds)
        for fault in event.withheld:
            self._withheld.labels(fault or _OTHER).inc()
        if event.fallback:
            self._chat_failures.labels(event.fallback).inc()

    def _count_stage(self, event: StageEnded) -> None:
        if event.stage is Stage.embedding:
            self._embedding.observe(event.seconds)
            return
        self._stages.labels(event.stage.value).observe(event.seconds)
        if event.stage is Stage.search:
            self._searches.inc()
            self._vain.inc(0 if event.count else 1)
