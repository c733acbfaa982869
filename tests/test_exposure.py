"""core.exposure: what never leaves this machine, and what may come from outside."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.exposure import is_exposed, is_loopback


@pytest.mark.parametrize(
    "name", ["localhost", "LOCALHOST.", "desk.localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]"]
)
def test_this_machine(name: str) -> None:
    assert is_loopback(name)
    assert not is_exposed(name, {})


@pytest.mark.parametrize(
    "name", ["::", "192.168.0.4", "desk.example", "notlocalhost", "127.0.0.1.evil.example", "unix:///s", " "]
)
def test_more_than_this_machine(name: str) -> None:
    assert not is_loopback(name)
    assert is_exposed(name, {"Host": "localhost"})


def test_all_interfaces_a_remote_client_and_a_proxy() -> None:
    here = {"Host": "localhost:8501"}
    assert not is_exposed("127.0.0.1", here)
    assert is_exposed(None, here)
    assert is_exposed("127.0.0.1", here, "192.0.2.7")
    for name in ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP"):
        assert is_exposed("127.0.0.1", here | {name: ""})


@given(st.text(max_size=30))
def test_only_this_machine_s_names_are_hosts_of_it(host: str) -> None:
    exposed = is_exposed("127.0.0.1", {"Host": host + ".example"})
    assert exposed
    is_exposed("127.0.0.1", {"Host": host})


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8501", "[::1]:8501"])
def test_a_host_with_its_port(host: str) -> None:
    assert not is_exposed("127.0.0.1", {"Host": host})
