"""Real servers for the tests: each is started in a folder of its own, may be killed, and is removed."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

_ICU = ["--locale-provider=icu", "--icu-locale=en-US"]
# No server stops a run of tests: none takes this long, in seconds.
_PATIENCE = 120
_LOOKS = 1200
PASSWORD = "no-secret-of-anybody"  # noqa: S105


def find_postgres() -> Path | None:
    """The folder of PostgreSQL's programs, as Debian keeps them or on the PATH; None where there is none."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    return Path(found).parent if found else None


def _other_user() -> str | None:
    """Whom the server runs as: it refuses to be root; None where the tests are not."""
    if os.geteuid() != 0:
        return None
    names = {user.pw_name for user in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def find_port() -> int:
    """A port of the loopback that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Postgres:
    """A PostgreSQL server with one empty database; `url` is the one that a desk is given."""

    programs: Path
    folder: Path
    port: int
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where the database is, with its user and password."""
        return f"postgresql://desk:{PASSWORD}@127.0.0.1:{self.port}/desk"

    def make_database(self, name: str) -> str:
        """The URL of a new, empty database of this name."""
        self.run_sql(f'CREATE DATABASE "{name}"')
        return f"{self.url.rpartition('/')[0]}/{name}"

    def run_sql(self, statements: str, database: str = "desk") -> str:
        """What psql prints for these statements, without headings."""
        environment = os.environ | {"PGPASSWORD": PASSWORD}
        address = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "desk", "-d", database]
        return subprocess.run(
            [str(self.programs / "psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", *address],
            input=statements,
            text=True,
            capture_output=True,
            check=True,
            env=environment,
            timeout=_PATIENCE,
        ).stdout

    def start(self) -> None:
        """Start the server, and return once it answers; raises RuntimeError where it does not."""
        where = ["-D", str(self.folder / "data"), "-h", "127.0.0.1", "-p", str(self.port), "-k", str(self.folder)]
        command = [*_as_user(), str(self.programs / "postgres"), *where, "-c", "fsync=off", "-c", "max_connections=200"]
        with (self.folder / "log").open("a") as log:
            # Its own child, so that its end is seen: one of another's would stay in the list of processes.
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/")
        for _ in range(_LOOKS):
            if self._answers():
                return
            time.sleep(0.05)
        raise RuntimeError(f"PostgreSQL does not start: {(self.folder / 'log').read_text()[-2000:]}")

    def stop(self) -> None:
        """Stop the server, closing its connections."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """End the server as a failure of power would: all its processes at once, by -9."""
        self._end(signal.SIGKILL)

    @property
    def is_running(self) -> bool:
        """Whether the server is up."""
        return self._process is not None and self._process.poll() is None

    def _end(self, by: signal.Signals) -> None:
        server = self._process
        if server is None or server.poll() is not None:
            return
        for child in _children(server.pid) if by is signal.SIGKILL else []:
            with suppress(ProcessLookupError):
                os.kill(child, by)
        server.send_signal(by)
        server.wait(_PATIENCE)

    def _answers(self) -> bool:
        address = ["-h", "127.0.0.1", "-p", str(self.port), "-t", "5"]
        asked = [str(self.programs / "pg_isready"), "-q", *address]
        return subprocess.run(asked, check=False, timeout=_PATIENCE).returncode == 0

    def initialise(self) -> None:
        """Make the server's files, ordering texts as a locale does, and its empty database."""
        secret = self.folder / "secret"
        secret.write_text(PASSWORD + "\n")
        user = _other_user()
        if user is not None:
            shutil.chown(self.folder, user)
            shutil.chown(secret, user)
        how = ["-U", "desk", "-E", "UTF8", "--locale=C.UTF-8", "-A", "scram-sha-256", f"--pwfile={secret}", "-N"]
        # A server of today orders texts as a language does, where it can.
        how += _ICU if "--icu-locale" in _help(self.programs / "initdb") else []
        make = [*_as_user(), str(self.programs / "initdb"), "-D", str(self.folder / "data"), *how]
        subprocess.run(make, capture_output=True, check=True, cwd="/", timeout=_PATIENCE)
        self.start()
        self.run_sql('CREATE DATABASE "desk"', "postgres")


def _children(process: int) -> list[int]:
    """The processes that a process has started and that still run."""
    listed = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(child) for child in listed.split()]


def _help(program: Path) -> str:
    return subprocess.run([str(program), "--help"], capture_output=True, text=True, check=True).stdout


def _as_user() -> list[str]:
    """What stands before a program of the server, so that it runs as a user whom it accepts."""
    user = _other_user()
    if user is None:
        return []
    return ["setpriv", f"--reuid={user}", f"--regid={pwd.getpwnam(user).pw_gid}", "--clear-groups"]


@contextmanager
def start_postgres() -> Iterator[Postgres]:
    """A real PostgreSQL with an empty database, on a free port of the loopback; skips where it is not installed."""
    programs = find_postgres()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    # Not below pytest's folder: only its owner may enter that.
    with tempfile.TemporaryDirectory(prefix="desk-pg-", ignore_cleanup_errors=True) as folder:
        server = Postgres(programs, Path(folder), find_port())
        try:
            server.initialise()
            yield server
        finally:
            server.stop()
