"""Whether others than the user of this machine may reach the desk, and who may watch it, by how they ask for it."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

# What a proxy adds to a request that it passes on.
_FORWARDING = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")


def is_loopback(name: str) -> bool:
    """Whether a host's name or address, without port, never leaves this machine."""
    name = name.strip().lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


def is_exposed(address: str | None, headers: Mapping[str, str], client: str | None = None) -> bool:
    """Whether a request came, or could come, from outside.

    `address` is what the server is bound to, None for all interfaces; `headers` are those of the request,
    `client` is the address that it came from, None for this machine. A Host other than this machine's comes
    through a name that somebody else may have pointed here (DNS rebinding).
    """
    if not address or not is_loopback(address):
        return True
    if client is not None and not is_loopback(client):
        return True
    if any(headers.get(name) is not None for name in _FORWARDING):
        return True
    host = headers.get("Host")
    return host is not None and not is_loopback(_strip_port(host))


def _strip_port(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def may_watch(headers: Mapping[str, str], client: str | None, token: str) -> bool:
    """Whether a request may read the metrics: it bears `token`; where that is '', it was asked on this machine.

    `headers` and `client` as in `is_exposed`. A proxy need not say that it is one: behind it, set a token.
    """
    if not token:
        return not is_exposed("127.0.0.1", headers, client)
    scheme, _, given = (headers.get("Authorization") or "").partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())
