"""A chat endpoint of OpenAI's form on this machine that answers as a test tells it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Endpoint(ThreadingHTTPServer):
    """Streams what `reply` makes of the prompt, a few characters a piece.

    `status` other than 200 answers with an error that repeats the key, as some servers do. `body`, if
    set, is sent in place of a stream. `ending` "" names no reason for the end; `cut` breaks the
    connection after so many pieces; `wait` seconds pass before the first piece; after `pause` pieces the
    rest is sent once `released` is set.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.reply: Callable[[str], str] = lambda _: ""
        self.status = 200
        self.body: bytes | None = None
        self.ending = "stop"
        self.cut: int | None = None
        self.pause: int | None = None
        self.wait = 0.0
        self.prompts: list[str] = []
        self.keys: list[str] = []
        self.released = threading.Event()

    @property
    def url(self) -> str:
        """The base URL, as POLICY_DESK_CHAT_URL wants it."""
        return f"http://127.0.0.1:{self.server_port}/v1"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Endpoint

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        prompt = request["messages"][-1]["content"]
        key = self.headers.get("Authorization", "")
        self.server.prompts.append(prompt)
        self.server.keys.append(key)
        self.close_connection = True
        if self.server.wait:
            self.server.released.wait(self.server.wait)
        if self.server.status != 200:
            self._send(json.dumps({"error": {"message": f"Incorrect API key provided: {key}"}}).encode())
        elif self.server.body is not None:
            self._send(self.server.body)
        else:
            self._stream(self.server.reply(prompt))

    def _send(self, body: bytes) -> None:
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, text: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        pieces = [text[start : start + 7] for start in range(0, len(text), 7)]
        for place, piece in enumerate(pieces):
            if place == self.server.cut:
                return
            if place == self.server.pause:
                self.server.released.wait(60)
            self._write({"delta": {"role": "assistant", "content": piece}, "finish_reason": None})
            time.sleep(0)
        if self.server.ending:
            self._write({"delta": {}, "finish_reason": self.server.ending})
            self._chunk(b"data: [DONE]\n\n")
        self._chunk(b"")

    def _write(self, choice: dict[str, Any]) -> None:
        line = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m"}
        self._chunk(b"data: " + json.dumps({**line, "choices": [{"index": 0, **choice}]}).encode() + b"\n\n")

    def _chunk(self, body: bytes) -> None:
        self.wfile.write(f"{len(body):x}\r\n".encode() + body + b"\r\n")
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def serve() -> Iterator[Endpoint]:
    """An endpoint that runs until the block ends."""
    server = Endpoint()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
