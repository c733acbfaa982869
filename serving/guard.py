"""Who may ask, how much and how often: looked at before anything is read."""

from __future__ import annotations

import re
import time
from urllib.parse import urlsplit

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from core.errors import ForeignRequestError, LargeRequestError, NotAdmittedError, ServingError, TooManyRequestsError
from core.exposure import may_watch
from serving.faults import explain
from serving.keys import KeyRing

# What is asked to see whether the desk is there needs no key.
HEALTH = "/health"
# What Prometheus reads has a token of its own.
METRICS = "/metrics"
# A draft of the greatest length, each character of it escaped in JSON.
LARGEST_BODY = 3_000_000
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_HOW_TO_WATCH = "Send the header `Authorization: Bearer TOKEN` with what POLICY_DESK_METRICS_TOKEN is set to."
_BEARER = re.compile(r"Bearer +(\S{1,256})", re.IGNORECASE)


class Guard:
    """Lets requests through to `app` whose key is known, not too often.

    Without keys it lets through what is asked of this machine by one of its own names, and by no page of another
    site: a name of somebody else that leads here would let their pages read the desk.
    """

    def __init__(self, app: ASGIApp, keys: KeyRing | None, per_minute: int, metrics_token: str = "") -> None:
        self._app = app
        self._metrics_token = metrics_token
        self._keys = keys
        self._rate = RateLimitItemPerMinute(per_minute)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with why not."""
        if scope["type"] == "http":
            try:
                headers, client = Headers(scope=scope), scope.get("client")
                if scope["path"] == METRICS:
                    self._admit_watcher(headers, client[0] if client else None)
                else:
                    self._admit(headers, str(scope["path"]))
            except ServingError as error:
                await explain(error).respond()(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _admit_watcher(self, headers: Headers, client: str | None) -> None:
        if may_watch(headers, client, self._metrics_token):
            return
        if self._metrics_token:
            raise NotAdmittedError("the metrics are read with a token", _HOW_TO_WATCH)
        raise ForeignRequestError("the metrics are read on this machine alone", _HOW_TO_WATCH)

    def _admit(self, headers: Headers, path: str) -> None:
        if self._keys is None:
            _check_names(headers)
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length[:12]) > LARGEST_BODY:
            raise LargeRequestError("the body is too large")
        if path == HEALTH:
            return
        name = "" if self._keys is None else _recognise(self._keys, headers)
        if not self._limiter.hit(self._rate, name):
            free = self._limiter.get_window_stats(self._rate, name).reset_time
            raise TooManyRequestsError(round(free - time.time()))


def _check_names(headers: Headers) -> None:
    if _name_of(f"//{headers.get('host', '')}") not in LOOPBACK:
        raise ForeignRequestError("the Host of the request is not this machine")
    origin = headers.get("origin")
    if origin is not None and _name_of(origin) not in LOOPBACK:
        raise ForeignRequestError("the request comes from a page of another site")


def _name_of(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _recognise(keys: KeyRing, headers: Headers) -> str:
    match = _BEARER.fullmatch(headers.get("authorization", ""))
    name = keys.recognise(match.group(1)) if match else None
    if name is None:
        raise NotAdmittedError("the request has no key that is known here")
    return name
