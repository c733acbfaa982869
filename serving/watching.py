"""What the API tells of itself: each request with an id, and GET /metrics for Prometheus."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.events import Served, begin_request, tell
from core.metrics import CONTENT_TYPE, Metrics
from serving.desk import Desk
from serving.guard import METRICS

if TYPE_CHECKING:
    from store.gauges import StoreGauges


class Watch:
    """ASGI middleware that tells of each request: which verb, how it ended, how long it took.

    The id of a request, ours and never the sender's, is in the header X-Request-ID of the answer.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request be answered, then tell of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request, started = begin_request(), time.perf_counter()
        # What ends without an answer has failed.
        status = 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = request
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        finally:
            tell(Served(_name_verb(scope), status, time.perf_counter() - started))


class LoadGauges(Collector):
    """How many requests are worked on, and how many wait, at the moment at which it is asked."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Both, of what answers and of what looks up."""
        working = GaugeMetricFamily("policy_desk_requests_underway", "Requests worked on.", labels=["turns"])
        waiting = GaugeMetricFamily("policy_desk_requests_waiting", "Requests that wait.", labels=["turns"])
        for name, (underway, behind) in self._desk.load.items():
            working.add_metric([name], underway)
            waiting.add_metric([name], behind)
        yield from (working, waiting)


class StoreLater(Collector):
    """The gauges of the store, whose engines are loaded when they are first read: they take seconds to import."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @cached_property
    def _gauges(self) -> StoreGauges:
        from store.gauges import StoreGauges

        return StoreGauges(lambda: self._desk.open().archive, self._desk.open_records)

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing: nothing is read before it is asked for."""
        yield from ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The gauges as they are now."""
        yield from self._gauges.collect()


def make_metrics_route(metrics: Metrics) -> Route:
    """GET /metrics; the guard has seen who asks."""

    # In a thread: it may read the store.
    def show_metrics(_: Request) -> Response:
        return Response(metrics.expose(), media_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})

    return Route(METRICS, show_metrics)


def _name_verb(scope: Scope) -> str:
    """The name of the function that answers, never what was sent; '' where none does."""
    endpoint = scope.get("endpoint")
    if endpoint is None:
        return ""
    return str(getattr(endpoint, "__name__", "mcp"))
