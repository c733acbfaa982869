"""The HTTP API, with the MCP server at /mcp: the desk's verbs behind a guard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware.body_limit import RequestBodyLimitMiddleware

from core.metrics import Metrics
from serving.desk import Desk
from serving.faults import add_handlers
from serving.guard import LARGEST_BODY, Guard
from serving.keys import KeyRing
from serving.mcp import make_mcp, make_mcp_route
from serving.routes import make_router
from serving.watching import LoadGauges, StoreLater, Watch, make_metrics_route

_ABOUT = (
    "Answers questions over education policy notices, and proves every answer: each sentence is bound to spans of a "
    "notice's text. Offsets count Unicode code points of that text. What the notices do not say, it says that they "
    "do not."
)


def make_app(desk: Desk, keys: KeyRing | None, per_minute: int, metrics_token: str = "") -> FastAPI:
    """The API over a desk, which it closes at its end; without keys only this machine may ask.

    `per_minute`: how often a key may ask; `metrics_token`: with what /metrics is read, '' for this machine alone.
    """
    mcp = make_mcp(desk)
    metrics = Metrics()
    metrics.add(LoadGauges(desk))
    metrics.add(StoreLater(desk))

    @asynccontextmanager
    async def run(_: FastAPI) -> AsyncIterator[None]:
        metrics.open()
        async with mcp.session_manager.run():
            yield
        metrics.close()
        desk.close()

    app = FastAPI(
        title="Policy Desk",
        version="1",
        description=_ABOUT,
        lifespan=run,
        # Their pages run scripts of another site.
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False},
    )
    # The guard, which is asked first, sees the length that a request states; this counts.
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=LARGEST_BODY)
    app.add_middleware(Guard, keys=keys, per_minute=per_minute, metrics_token=metrics_token)
    app.add_middleware(Watch)
    add_handlers(app)
    app.include_router(make_router(desk))
    app.router.routes.append(make_mcp_route(mcp))
    app.router.routes.append(make_metrics_route(metrics))
    return app
