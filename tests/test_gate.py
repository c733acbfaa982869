"""views.gate: pages elsewhere neither drive the desk nor frame it, and its own page loads nothing from elsewhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from views.gate import Gate, is_foreign

_HOST = "127.0.0.1:8501"


async def _take(_: Request) -> PlainTextResponse:
    return PlainTextResponse("taken")


async def _stream(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("open")
    await socket.close()


def _open(let_in: str = "mine") -> TestClient:
    """A server behind the gate, in which the session `let_in` was let in."""
    routes = [
        Route("/", _take),
        Route("/_stcore/upload_file/{session}/{file}", _take, methods=["PUT", "DELETE"]),
        WebSocketRoute("/_stcore/stream", _stream),
    ]
    gate = Gate(Starlette(routes=routes), lambda session: session == let_in)
    return TestClient(gate, base_url=f"http://{_HOST}")


def test_each_answer_forbids_frames_and_what_is_elsewhere() -> None:
    headers = _open().get("/").headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["frame-ancestors"] == "'none'"
    assert policy["default-src"] == policy["base-uri"] == "'self'"
    assert not [part for part in policy.values() if "http" in part or "*" in part or "unsafe-eval'" in part.split("-")]
    assert "'unsafe-inline'" not in policy["script-src"]
    assert (headers["X-Frame-Options"], headers["X-Content-Type-Options"]) == ("DENY", "nosniff")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:9999", "http://localhost:8501"])
def test_a_page_elsewhere_opens_no_stream_and_sends_no_file(origin: str) -> None:
    client = _open()
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect("/_stcore/stream", headers={"Origin": origin, "Host": _HOST}),
    ):
        pass
    assert client.put("/_stcore/upload_file/mine/1", headers={"Origin": origin}).status_code == 403
    assert client.delete("/_stcore/upload_file/mine/1", headers={"Origin": origin}).status_code == 403


def test_the_desk_s_own_page_does_both() -> None:
    client, own = _open(), {"Origin": f"http://{_HOST}", "Host": _HOST}
    with client.websocket_connect("/_stcore/stream", headers=own) as stream:
        assert stream.receive_text() == "open"
    assert client.put("/_stcore/upload_file/mine/1", headers=own).text == "taken"


def test_a_session_that_was_not_let_in_sends_no_file() -> None:
    for path in ("/_stcore/upload_file/other/1", "/base/_stcore/upload_file/other/1"):
        assert _open().put(path, headers={"Origin": f"http://{_HOST}"}).status_code == 403


def test_a_proxy_may_leave_the_port_out_or_the_settings_name_the_desk() -> None:
    assert not is_foreign("https://desk.example:8443", "desk.example")
    assert not is_foreign("https://desk.example", "127.0.0.1:8501", frozenset({"desk.example"}))
    assert is_foreign("https://desk.example", "127.0.0.1:8501")
    assert is_foreign("https://desk.example.evil.example", "desk.example")


@given(st.text(max_size=40))
def test_no_origin_is_the_desk_s_but_its_own(origin: str) -> None:
    assert is_foreign(origin, _HOST)
    assert is_foreign("http://" + origin, _HOST) or origin.partition("/")[0].lower() == _HOST
