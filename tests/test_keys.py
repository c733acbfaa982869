"""serving.keys, serving.guard: who has a key is let in, not too often, until it is taken away."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UsageError
from serving.__main__ import main
from serving.keys import KeyRing, make_key
from store.archive import Archive
from tests.calling import serve_api


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A file with a key, and that key."""
    file = tmp_path_factory.mktemp("keys") / "keys"
    return file, make_key(file, "registry")


@pytest.fixture(scope="module")
def guarded(desk: Archive, keys: tuple[Path, str]) -> Iterator[httpx.Client]:
    """The API behind keys, open to other machines."""
    with serve_api(desk.folder, "--host", "0.0.0.0", keys=str(keys[0]), per_minute="20") as client:  # noqa: S104
        client.base_url = httpx.URL(f"http://127.0.0.1:{client.base_url.port}")
        yield client


def test_a_key_is_printed_once_and_kept_as_a_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "keys"
    monkeypatch.setenv("POLICY_DESK_API_KEYS", str(file))
    assert main(["--make-key", "registry"]) == 0
    key = capsys.readouterr().out.strip()
    assert file.read_text(encoding="utf-8") == f"registry {hashlib.sha256(key.encode()).hexdigest()}\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert KeyRing(file).recognise(key) == "registry"
    assert main(["--make-key", "registry"]) == 2
    assert main(["--make-key", "a b"]) == 2


def test_each_key_has_its_name_whatever_the_lines_look_like(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text("# keys of the desk\n\n", encoding="utf-8")
    made = {name: make_key(file, name) for name in ("a", "乙", "c")}
    file.write_text(file.read_text(encoding="utf-8").rstrip("\n"), encoding="utf-8")
    made["d"] = make_key(file, "d")
    ring = KeyRing(file)
    assert {name: ring.recognise(key) for name, key in made.items()} == {name: name for name in made}


@given(st.text())
def test_nothing_else_is_a_key(keys: tuple[Path, str], guessed: str) -> None:
    ring = KeyRing(keys[0])
    assert ring.recognise(guessed) is None
    assert ring.recognise(keys[1] + guessed) == ("registry" if not guessed else None)


def test_a_digest_is_no_key(keys: tuple[Path, str]) -> None:
    digest = keys[0].read_text(encoding="utf-8").split()[1]
    assert KeyRing(keys[0]).recognise(digest) is None


def test_a_line_taken_out_admits_nobody(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    gone, kept = make_key(file, "gone"), make_key(file, "kept")
    ring = KeyRing(file)
    file.write_text(file.read_text(encoding="utf-8").splitlines()[1] + "\n", encoding="utf-8")
    assert (ring.recognise(gone), ring.recognise(kept)) == (None, "kept")
    file.unlink()
    assert ring.recognise(kept) is None


@pytest.mark.parametrize("content", ["", "# none\n", "registry\n", "registry abc\n", "\x00\n", "a b c\n"])
def test_a_file_without_keys_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "keys").write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match="keys"):
        KeyRing(tmp_path / "keys")
    with pytest.raises(UsageError):
        KeyRing(tmp_path / "missing")


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer wrong", "Basic {key}", "{key}", "Bearer {key}x", "Bearer {key} x"]
)
def test_without_the_key_nothing_is_answered(guarded: httpx.Client, keys: tuple[Path, str], header: str) -> None:
    headers = {"Authorization": header.format(key=keys[1])}
    for address in ("/notices", "/openapi.json", "/mcp", "/nothing"):
        response = guarded.get(address, headers=headers)
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == "Bearer"
        assert set(response.json()) == {"error", "help"}
    assert guarded.get("/health").status_code == 200


def test_a_key_is_let_in_and_not_too_often(guarded: httpx.Client, keys: tuple[Path, str]) -> None:
    headers = {"Authorization": f"Bearer {keys[1]}", "Host": "desk.example"}
    told = [guarded.get("/notices", params={"limit": 1}, headers=headers) for _ in range(22)]
    assert [response.status_code for response in told] == [200] * 20 + [429] * 2
    assert 1 <= int(told[-1].headers["Retry-After"]) <= 60
    assert set(told[-1].json()) == {"error", "help"}
    other = make_key(keys[0], f"other-{os.getpid()}")
    assert guarded.get("/notices", headers={"Authorization": f"bearer {other}"}).status_code == 200


def test_the_tools_are_behind_the_same_keys(guarded: httpx.Client, keys: tuple[Path, str]) -> None:
    key = make_key(keys[0], f"model-{os.getpid()}")
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    accepted = {"Accept": "application/json, text/event-stream", "Host": "desk.example"}
    assert guarded.post("/mcp", json=asked, headers=accepted).status_code == 401
    told = guarded.post("/mcp", json=asked, headers={**accepted, "Authorization": f"Bearer {key}"})
    assert told.status_code == 200
    assert {tool["name"] for tool in told.json()["result"]["tools"]} >= {"ask", "cite"}
