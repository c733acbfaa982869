"""The gate before the server: what pages elsewhere may not do with the desk, and what its own page may not load."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.exposure import is_loopback

# The browser itself refuses to load anything from elsewhere, whatever a notice or a chat model brought onto the page,
# and to show the desk inside another page, which could have its buttons clicked unseen.
_POLICY = "; ".join(
    (
        "default-src 'self'",
        # Streamlit loads the desk's components from a blob. The one script in its page itself, a mark for crawlers,
        # is not run: 'unsafe-inline' would run those of others too.
        "script-src 'self' 'wasm-unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    # Addresses name notices and conversations.
    "Referrer-Policy": "same-origin",
}
_READING = ("GET", "HEAD", "OPTIONS")
_UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)/")


class Gate:
    """ASGI middleware that refuses what pages elsewhere send, and files of sessions that were not let in."""

    def __init__(self, app: ASGIApp, is_admitted: Callable[[str], bool]) -> None:
        """`is_admitted` says of a session's id whether somebody was let in."""
        self._app = app
        self._is_admitted = is_admitted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let Streamlit answer."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif self._is_refused(scope):
            await _refuse(scope, receive, send)
        else:
            await self._app(scope, receive, _add_headers(send) if scope["type"] == "http" else send)

    def _is_refused(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        if scope["type"] == "http" and scope["method"] in _READING:
            # What these answer, a browser keeps from pages elsewhere.
            return False
        upload = _UPLOAD.search(scope["path"])
        if upload and not self._is_admitted(upload.group(1)):
            return True
        return is_foreign(headers.get("Origin"), headers.get("Host"), _read_names())


def is_foreign(origin: str | None, host: str | None, names: frozenset[str] = frozenset()) -> bool:
    """Whether a page elsewhere sends this; None, where no browser does, is not foreign.

    `names` are the host names by which the settings of Streamlit call the desk. A proxy may leave the port out of
    `host`; of this machine each port is a server of its own.
    """
    if origin is None:
        return False
    try:
        page, desk = urlsplit(origin), urlsplit(f"//{host or ''}")
        if page.scheme not in ("http", "https") or not page.hostname:
            return True
        if page.netloc.lower() == desk.netloc.lower():
            return False
        return page.hostname not in names and (page.hostname != desk.hostname or is_loopback(page.hostname))
    except ValueError:
        return True


def _read_names() -> frozenset[str]:
    """Where the desk stands by Streamlit's settings: for a proxy that passes on another Host than it was asked for."""
    named = [f"//{st.get_option('browser.serverAddress')}"] if _is_named() else []
    named += st.get_option("server.corsAllowedOrigins") or []
    return frozenset(urlsplit(one).hostname or "" for one in named)


def _is_named() -> bool:
    # Streamlit's own value, where nobody has set one, is localhost.
    return not is_loopback(str(st.get_option("browser.serverAddress") or "localhost"))


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    await PlainTextResponse("Refused", status_code=403)(scope, receive, _add_headers(send))


def _add_headers(send: Send) -> Send:
    async def send_with(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(_HEADERS)
        await send(message)

    return send_with
