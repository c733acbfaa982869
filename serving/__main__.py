"""The command line of the API: serve the desk to other programs, or make a key for one."""

from __future__ import annotations

import argparse
import ipaddress
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from core.errors import PolicyDeskError, UsageError
from core.events import Listening, tell
from core.logs import start_logs
from core.settings import Settings, read_settings
from serving.desk import Desk
from serving.keys import KeyRing, make_key

_SECONDS_TO_END = 5


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m serving", description="Serve the desk to other programs.")
    parser.add_argument("--port", type=int, default=8600, help="default 8600; 0: any that is free")
    parser.add_argument(
        "--host", type=_read_address, default="127.0.0.1", help="the IP address to listen at; others need keys"
    )
    parser.add_argument("--make-key", metavar="NAME", help="make a key, print it once, and end")
    parser.add_argument("--store", type=Path, help="the store's folder (default: $POLICY_DESK_STORE, else var/)")
    return parser.parse_args(arguments)


def _read_address(written: str) -> str:
    """An IP address from the command line; raises ArgumentTypeError for what is none."""
    try:
        return str(ipaddress.ip_address(written))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{written!r} is no IP address such as 127.0.0.1") from None


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or Ctrl-C; 0 well, 2 wrong use or a port that is taken."""
    options = _parse(arguments)
    try:
        settings = read_settings(options.store)
        if options.make_key is not None:
            if settings.api_keys is None:
                raise UsageError("there is no file of keys", "Set POLICY_DESK_API_KEYS to where it is to be.")
            print(make_key(settings.api_keys, options.make_key))
            return 0
        keys = KeyRing(settings.api_keys) if settings.api_keys is not None else None
        if keys is None and not ipaddress.ip_address(options.host).is_loopback:
            raise UsageError(
                f"without keys the desk does not listen at {options.host}",
                "Set POLICY_DESK_API_KEYS and make a key: `python -m serving --make-key NAME`.",
            )
        with _listen(options.host, options.port) as listening:
            _serve(settings, keys, listening)
    except PolicyDeskError as error:
        print(f"serving: {error}\n  {error.help}", file=sys.stderr)
        return 2
    return 0


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens; raises UsageError where it cannot."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=128)
    except (OSError, OverflowError) as error:
        raise UsageError(f"the desk cannot listen at {host}, port {port} ({error})", "Name another: --port.") from error


def _serve(settings: Settings, keys: KeyRing | None, listening: socket.socket) -> None:
    """Serve until a signal; what is being answered then has a few seconds to end. Raises as `Desk.open`."""
    import uvicorn
    from uvicorn.config import LOGGING_CONFIG

    from serving.api import make_app

    desk, token = Desk(settings), settings.metrics_token
    start_logs(settings.log, with_words=settings.log_questions)
    # A store or a chat model that cannot be used is told to who starts it, not to who asks.
    desk.open()
    host, port = listening.getsockname()[:2]
    server = uvicorn.Server(
        uvicorn.Config(
            make_app(desk, keys, settings.api_per_minute, token.get_secret_value() if token else ""),
            log_level="warning",
            # Its own lines would not be JSON.
            log_config=None if settings.log == "json" else LOGGING_CONFIG,
            # Its lines would hold what was asked.
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_SECONDS_TO_END,
        )
    )
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    if settings.log == "plain":
        print(f"Policy Desk listens at {address}", file=sys.stderr, flush=True)
    tell(Listening(address))
    # The server ends well first, then raises the signal again: it is no failure.
    signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        server.run(sockets=[listening])
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    raise SystemExit(main())
