"""GET /metrics: what Prometheus reads of this process and its store; no question, title or person is in it."""

from __future__ import annotations

from functools import cache

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from core.exposure import may_watch
from core.metrics import CONTENT_TYPE, Metrics
from core.settings import read_settings
from store.archive import Archive
from store.gauges import StoreGauges
from store.records import Records
from views.opening import open_archive, open_records


@cache
def open_metrics() -> Metrics:
    """The metrics of this process, which count from the first call on."""
    metrics = Metrics()
    metrics.add(StoreGauges(_open_archive, _open_records))
    metrics.open()
    return metrics


def answer_metrics(request: Request, token: str) -> Response:
    """The metrics as text; 401 without the `token` where there is one, else 403 from elsewhere than this machine."""
    client = request.client.host if request.client else None
    if may_watch(request.headers, client, token):
        return Response(open_metrics().expose(), media_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})
    if token:
        return PlainTextResponse("Refused", 401, {"WWW-Authenticate": "Bearer"})
    return PlainTextResponse("Refused", 403)


def _open_archive() -> Archive:
    settings = read_settings()
    return open_archive(settings.place, settings.embedding_model)


def _open_records() -> Records:
    return open_records(read_settings().place)
