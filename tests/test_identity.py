"""views.identity: claims become a person, or a reason why not; what is set up wrongly never opens the desk."""

from __future__ import annotations

from pathlib import Path

import pytest
import streamlit as st
from hypothesis import given, strategies
from streamlit import config
from streamlit.testing.v1 import AppTest

from core.access import Access
from core.people import Person, Role
from store.archive import Archive
from tests.conftest import ROOT
from views.identity import Refusal, read_person

_NOW = 1_800_000_000.0
_CLAIMS: dict[str, object] = {
    "is_logged_in": True,
    "iss": "https://id.example",
    "sub": "248289761001",
    "iat": _NOW - 60,
    "email": "li@edu.example",
    "name": "Li  Wei",
}
_ACCESS = Access(readers=frozenset({"li@edu.example", "group:desk"}))


def test_issuer_and_subject_are_the_key_and_nothing_else_is() -> None:
    assert read_person(_CLAIMS, _ACCESS, _NOW) == Person("https://id.example 248289761001", "Li Wei", Role.reader)
    renamed = read_person(_CLAIMS | {"name": "Li Na", "email_verified": True}, _ACCESS, _NOW)
    assert renamed == Person("https://id.example 248289761001", "Li Na", Role.reader)
    other = read_person(_CLAIMS | {"iss": "https://other.example"}, _ACCESS, _NOW)
    assert isinstance(other, Person)
    assert other.key != "https://id.example 248289761001"


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        ({"is_logged_in": False}, Refusal.signed_out),
        ({"is_logged_in": "true"}, Refusal.signed_out),
        ({"iat": _NOW - 13 * 3600}, Refusal.expired),
        ({"iat": None}, Refusal.expired),
        ({"iat": float("nan")}, Refusal.expired),
        ({"iat": float("inf")}, Refusal.expired),
        ({"iat": _NOW + 3600}, Refusal.expired),
        ({"email_verified": 0}, Refusal.not_named),
        ({"email_verified": ""}, Refusal.not_named),
        ({"email_verified": "no"}, Refusal.not_named),
        ({"email_verified": ["true"]}, Refusal.not_named),
        ({"iss": "command", "sub": "line"}, Refusal.not_named),
        ({"iss": "guest"}, Refusal.not_named),
        ({"iss": "https://a b"}, Refusal.not_named),
        ({"sub": "\ud800"}, Refusal.not_named),
        ({"email": "li\ud800@edu.example"}, Refusal.not_named),
        ({"email_verified": False}, Refusal.not_named),
        ({"email_verified": "false"}, Refusal.not_named),
        ({"email": "li@elsewhere.example"}, Refusal.not_named),
        ({"email": None}, Refusal.not_named),
        ({"sub": ""}, Refusal.not_named),
        ({"iss": None}, Refusal.not_named),
        ({"groups": "desk!"} | {"email": ""}, Refusal.not_named),
    ],
)
def test_why_nobody_is_let_in(changed: dict[str, object], outcome: Refusal) -> None:
    assert read_person(_CLAIMS | changed, _ACCESS, _NOW) is outcome


def test_a_name_that_cannot_be_kept_is_not_used() -> None:
    found = read_person(_CLAIMS | {"name": "Li \ud800"}, _ACCESS, _NOW)
    assert isinstance(found, Person)
    assert found.name == "li@edu.example"


def test_a_group_lets_in_and_its_claim_may_be_called_otherwise() -> None:
    claims = _CLAIMS | {"email": "", "roles": ["x", "desk"], "name": " "}
    access = Access(readers=_ACCESS.readers, groups_claim="roles")
    assert read_person(claims, access, _NOW) == Person("https://id.example 248289761001", "248289761001", Role.reader)
    assert read_person(claims, _ACCESS, _NOW) is Refusal.not_named


_VALUES = strategies.one_of(
    strategies.none(),
    strategies.integers(),
    strategies.text(),
    strategies.booleans(),
    strategies.lists(strategies.text()),
)


@given(strategies.dictionaries(strategies.sampled_from([*_CLAIMS, "groups"]), _VALUES))
def test_whatever_a_provider_says_it_becomes_a_person_with_a_key_or_a_reason(changed: dict[str, object]) -> None:
    person = read_person(_CLAIMS | changed, Access(), _NOW)
    if isinstance(person, Person):
        assert person.key.strip()
        assert person.name
        assert person.role is Role.reader


# -- the page ----------------------------------------------------------------------------------


@pytest.fixture
def app(desk: Archive, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The app over the desk of the session."""
    monkeypatch.setenv("POLICY_DESK_STORE", str(desk.folder))
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)


def _is_shut(app: AppTest) -> bool:
    """Whether nothing but the reason is shown, in both languages."""
    told = [str(error.value) for error in app.error]
    assert not app.exception
    return bool(told) and not (app.chat_input or app.metric or app.sidebar.selectbox) and "关闭" in "".join(told)


def _ask_as(monkeypatch: pytest.MonkeyPatch, **headers: str) -> None:
    """Let sessions begin as a browser's would whose request has these headers."""

    class Client:
        cookies: dict[str, str] = {}  # noqa: RUF012
        remote_ip = "127.0.0.1"

    client = Client()
    client.headers = [(name.replace("_", "-"), value) for name, value in headers.items()]  # type: ignore[attr-defined]
    monkeypatch.setattr("streamlit.runtime.context._get_client_context", lambda: client)


@pytest.mark.model
def test_the_user_of_this_machine_is_let_in(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    _ask_as(monkeypatch, Host="127.0.0.1:8501")
    assert len(app.run().metric) == 3


@pytest.mark.model
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "desk.example:8501"},
        {"Host": "127.0.0.1.evil.example"},
        {"Host": "127.0.0.1:8501", "X_Forwarded_For": "203.0.113.7"},
        {"Host": "localhost", "Forwarded": "for=203.0.113.7"},
    ],
)
def test_who_comes_through_a_proxy_or_a_foreign_name_finds_it_shut(
    app: AppTest, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    _ask_as(monkeypatch, **headers)
    assert _is_shut(app.run())


@pytest.mark.model
@pytest.mark.parametrize("address", ["0.0.0.0", "192.0.2.1", None])  # noqa: S104
def test_bound_to_more_than_this_machine_it_is_shut_unless_open(
    app: AppTest, monkeypatch: pytest.MonkeyPatch, address: str | None
) -> None:
    before = config.get_option("server.address")
    config.set_option("server.address", address)
    try:
        assert _is_shut(app.run())
        monkeypatch.setenv("POLICY_DESK_OPEN_WITHOUT_SIGN_IN", "true")
        assert len(app.run().metric) == 3
    finally:
        config.set_option("server.address", before)


@pytest.mark.model
@pytest.mark.parametrize("secrets", ["[auth]\nclient_id = 'x'", "[auth", "auth = 1", "[auth]"])
def test_sign_in_that_is_set_up_wrongly_opens_nothing(
    app: AppTest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, secrets: str
) -> None:
    file = tmp_path / "secrets.toml"
    file.write_text(secrets, encoding="utf-8")
    before = config.get_option("secrets.files")
    # What is read of the file is kept for the process: forgotten before and after.
    monkeypatch.setattr(st.secrets, "_secrets", None)
    config.set_option("secrets.files", [str(file)])
    try:
        app.run()
    finally:
        config.set_option("secrets.files", before)
    assert "secrets" in str(app.error[0].value)
    assert "docs/operations" in str(app.caption[0].value)
    assert not (app.chat_input or app.metric)
