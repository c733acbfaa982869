"""Chroma's own client over HTTP, which waits no longer than it is told, with a token and an authority to trust."""

from __future__ import annotations

import re
import ssl
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from chromadb.api.fastapi import FastAPI
from chromadb.config import DEFAULT_DATABASE, DEFAULT_TENANT, System
from chromadb.config import Settings as ChromaSettings
from overrides import override

from core.errors import UsageError
from core.place import Place

# What Chroma lets tenants and databases be called; a name goes into the path of every request.
_NAME = re.compile(r"[a-zA-Z0-9._-]+")
_CONNECTING = 3.0
# The first query after a start loads the index: ten seconds with a million vectors.
_READING = 20.0
_WRITING = 60.0
_WRITES = ("/upsert", "/delete")
_HEARTBEAT = "/heartbeat"


class Address:
    """A server's address taken apart: scheme://host:port/path?tenant=…&database=…; raises UsageError.

    `name` is the host with its port, which is all that an error says of it.
    """

    def __init__(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            asked = parse_qs(parts.query, strict_parsing=bool(parts.query))
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError as error:
            raise _refuse_address() from error
        names = [name for values in asked.values() for name in values]
        if parts.scheme not in {"http", "https"} or not parts.hostname or set(asked) - {"tenant", "database"}:
            raise _refuse_address()
        if not all(_NAME.fullmatch(name) for name in names):
            raise _refuse_address()
        self.url = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
        self.name = f"{parts.hostname}:{port}"
        self.tenant = asked.get("tenant", [DEFAULT_TENANT])[-1]
        self.database = asked.get("database", [DEFAULT_DATABASE])[-1]


class ChromaApi(FastAPI):
    """Chroma's client, without the requests that its usual constructor makes, and with an end to each.

    Raises httpx.RequestError where the server cannot be heard, httpx.HTTPStatusError where it, or a proxy before
    it, fails or refuses who asks, ChromaError where it says what is wrong.
    """

    def __init__(self, place: Place, address: Address) -> None:
        """Nothing is asked of the server yet; raises UsageError where token or certificate cannot be used."""
        super().__init__(System(_set_up(address)))
        # Chroma's own session has no limit of time, trusts the authorities of a package, and cannot be told otherwise.
        self._session.close()
        self._session = httpx.Client(
            headers={**self._session.headers, **_identify(place.chroma_token)},
            verify=_trust(place) if address.url.startswith("https") else True,
            timeout=httpx.Timeout(_READING, connect=_CONNECTING),
            limits=self.http_limits,
            event_hooks={"response": [_check]},
        )

    def close(self) -> None:
        """End the connections."""
        self._session.close()

    @override
    def _make_request(self, method: str, path: str, **values: Any) -> Any:
        return super()._make_request(method, path, **values, timeout=_limit(path))  # type: ignore[arg-type]


def _limit(path: str) -> httpx.Timeout:
    if path.endswith(_HEARTBEAT):
        return httpx.Timeout(_CONNECTING)
    return httpx.Timeout(_WRITING if path.endswith(_WRITES) else _READING, connect=_CONNECTING)


def _check(response: httpx.Response) -> None:
    """Raise httpx.HTTPStatusError for what Chroma's client does not tell apart, or takes for an answer."""
    status, kind = response.status_code, response.headers.get("Content-Type", "")
    if status >= 500 or status in {401, 403, 407, 429} or not (response.is_success or "json" in kind):
        response.raise_for_status()


def _set_up(address: Address) -> ChromaSettings:
    return ChromaSettings(
        anonymized_telemetry=False,
        chroma_api_impl="chromadb.api.fastapi.FastAPI",
        chroma_server_host=address.url,
        # The address has it already; Chroma wants one all the same.
        chroma_server_http_port=1,
    )


def _identify(token: str) -> dict[str, str]:
    """The headers that carry a token: Chroma's servers and proxies look into the one or the other."""
    if not token:
        return {}
    if not (token.isascii() and token.isprintable() and token == token.strip()):
        raise UsageError("POLICY_DESK_CHROMA_TOKEN: a token has no spaces around it and no special characters")
    return {"Authorization": f"Bearer {token}", "X-Chroma-Token": token}


def _trust(place: Place) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=place.chroma_certificate)
    except OSError as error:
        raise UsageError(
            f"POLICY_DESK_CHROMA_CERTIFICATE: {place.chroma_certificate} holds no certificate that can be read",
            "Name the file, in PEM, of the authority that has signed the certificate of Chroma's server.",
        ) from error


def _refuse_address() -> UsageError:
    # An address may hold a password, so it is not repeated.
    return UsageError(
        "POLICY_DESK_CHROMA_URL: not the address of a server",
        "Write it as https://host:port, with ?database=NAME or ?tenant=NAME&database=NAME where one is to be chosen.",
    )
