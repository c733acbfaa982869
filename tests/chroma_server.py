"""A real server of Chroma over a folder, which may be killed and started again; and a door with TLS and a token."""

from __future__ import annotations

import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.services import find_port

PROGRAM = Path(sys.executable).with_name("chroma")


class Server:
    """`chroma run` on a port of its own, always the same one."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._port = folder, find_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Run it, and wait until it answers."""
        self._folder.mkdir(exist_ok=True)
        command = [str(PROGRAM), "run", "--path", str(self._folder), "--host", "127.0.0.1", "--port", str(self._port)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while not self._is_up():
            assert self._process.poll() is None, "chroma run has ended"
            assert time.monotonic() < deadline, "chroma run does not answer"
            time.sleep(0.05)

    def _is_up(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/v2/heartbeat", trust_env=False).is_success
        except httpx.RequestError:
            return False

    def signal(self, number: signal.Signals) -> None:
        """Send the process a signal."""
        assert self._process is not None
        self._process.send_signal(number)

    def kill(self) -> None:
        """End it as a power cut does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextmanager
def serve_chroma(folder: Path) -> Iterator[Server]:
    """A server over `folder`; the test is left out where its program is not installed."""
    if not PROGRAM.exists():
        pytest.skip(f"{PROGRAM} is missing: pip install chromadb brings it")
    server = Server(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()


class Door(ThreadingHTTPServer):
    """Passes on to `beyond` what comes with `token`.

    `status` other than 0 is what it answers instead, with `body`, so many `times`. `look` sees each path first.
    """

    daemon_threads = True

    def __init__(self, beyond: str, token: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.beyond, self.token, self.status, self.body = beyond, token, 0, b"<html>Bad gateway</html>"
        self.times = 1_000_000
        self.asked: list[str] = []
        self.look: Callable[[str], None] = lambda _: None

    @property
    def port(self) -> int:
        """Where it is, on the loopback."""
        return int(self.server_port)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Door

    def _pass_on(self) -> None:
        door = self.server
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        door.asked.append(self.path)
        door.look(self.path)
        carried = self.headers["Authorization"], self.headers["X-Chroma-Token"]
        if door.status and door.times:
            door.times -= 1
            self._send(door.status, door.body, "text/html")
        elif carried != (f"Bearer {door.token}", door.token):
            self._send(401, b"who is there?", "text/plain")
        else:
            self._forward(body)

    def _forward(self, body: bytes) -> None:
        url, kind = self.server.beyond + self.path, {"Content-Type": "application/json"}
        try:
            answer = httpx.request(self.command, url, content=body, headers=kind, timeout=60, trust_env=False)
            self._send(answer.status_code, answer.content, answer.headers["Content-Type"])
        except httpx.RequestError:
            # As a proxy does that passes bytes on: the connection ends without an answer.
            self.close_connection = True

    do_GET = do_POST = do_DELETE = _pass_on  # noqa: N815 - the library's names

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def open_door(beyond: str, token: str, certificate: Path | None = None) -> Iterator[Door]:
    """A door before a server; with TLS where a `certificate` (with its key) is given."""
    door = Door(beyond, token)
    if certificate is not None:
        trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        trust.load_cert_chain(certificate)
        door.socket = trust.wrap_socket(door.socket, server_side=True)
    thread = threading.Thread(target=door.serve_forever, daemon=True)
    thread.start()
    try:
        yield door
    finally:
        door.shutdown()
        door.server_close()
        thread.join()


def write_certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A new authority's certificate, and the certificate with key that it has signed for 127.0.0.1."""
    authority, server = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"authority {name}")])
    own = _build(issuer, issuer, authority.public_key()).add_extension(x509.BasicConstraints(True, 0), critical=True)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "chroma")])
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    signed = _build(subject, issuer, server.public_key()).add_extension(names, critical=False)
    trusted, shown = folder / f"{name}-authority.pem", folder / f"{name}-server.pem"
    pem = serialization.Encoding.PEM
    trusted.write_bytes(own.sign(authority, hashes.SHA256()).public_bytes(pem))
    key = server.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    shown.write_bytes(signed.sign(authority, hashes.SHA256()).public_bytes(pem) + key)
    return trusted, shown


def _build(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, public_key=key)
    made = made.serial_number(x509.random_serial_number())
    return made.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(hours=1))
