"""What the tests of the API share: the server over a store, asked as another program asks it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.conftest import ROOT

_SAYS_WHERE = re.compile(r"http://[^\s\"]+")


@contextmanager
def serve_api(store: Path, *options: str, said: list[str] | None = None, **settings: str) -> Iterator[httpx.Client]:
    """A client of a server of its own, with these settings of the API; it must end well when it is told to.

    `said` is filled with the lines that it has written to stderr, when it has ended.
    """
    variables = {f"POLICY_DESK_API_{name.upper()}": value for name, value in settings.items()}
    process = subprocess.Popen(
        [sys.executable, "-m", "serving", "--port", "0", "--store", str(store), *options],
        cwd=ROOT,
        env=os.environ | {"POLICY_DESK_API_PER_MINUTE": "100000"} | variables,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    first = process.stderr.readline()
    found = _SAYS_WHERE.search(first)
    try:
        assert found is not None, first + process.stderr.read()
        with httpx.Client(base_url=found.group(), timeout=60, trust_env=False) as client:
            yield client
    finally:
        process.send_signal(signal.SIGTERM)
        _, rest = process.communicate(timeout=60)
    assert process.returncode == 0, rest
    if said is not None:
        said += (first + rest).splitlines()
