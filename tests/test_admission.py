"""views.admission: who is let in no more gets nothing at the next click, also where no page is drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from core.access import Access
from core.errors import NotAllowedError
from core.people import Person, Role
from tests.conftest import ROOT
from views import admission, identity
from views.admission import Sessions, guard, open_sessions
from views.identity import Refusal
from views.wording import escape_markdown, read_words


class _User:
    """Who has signed in, as Streamlit tells."""

    def to_dict(self) -> dict[str, object]:
        return {"is_logged_in": True, "iss": "https://id.example", "sub": "1", "iat": 4e9, "email": "li@edu.example"}


def _sign_in(monkeypatch: pytest.MonkeyPatch, access: list[Access]) -> None:
    """Let somebody in as a reader, by what `access` holds.

    Streamlit says who signed in to a session in a browser only (test_sign_in drives one, with a real provider),
    and no test waits for hours to pass: both are set here.
    """
    person = Person("https://id.example 1", "li@edu.example", Role.reader)
    monkeypatch.setattr(admission, "find_providers", lambda: ["default"])
    monkeypatch.setattr(streamlit, "user", _User())
    monkeypatch.setattr(admission, "time", lambda: 4e9)
    admission.admit(person, lambda: access[0])


def test_a_file_is_made_only_while_the_role_is_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    access = [Access(readers=frozenset({"@edu.example"}))]
    _sign_in(monkeypatch, access)
    make = guard(lambda: b"a file")
    assert make() == b"a file"
    for other in (Access(readers=frozenset({"@other.example"})), Access(editors=frozenset({"@edu.example"}))):
        access[0] = other
        with pytest.raises(NotAllowedError):
            make()


def test_a_file_is_made_no_more_once_the_sign_in_is_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    _sign_in(monkeypatch, [Access()])
    make = guard(lambda: b"a file")
    monkeypatch.setattr(admission, "time", lambda: 4e9 + 13 * 3600)
    with pytest.raises(NotAllowedError):
        make()


def test_a_session_is_dropped_and_the_oldest_ones_are() -> None:
    sessions = Sessions()
    for number in range(20_001):
        sessions.add(f"{number}")
    assert "0" not in sessions
    assert "1" in sessions
    sessions.drop("1")
    sessions.drop("1")
    assert "1" not in sessions


def _show() -> None:
    import streamlit as st

    from core.access import Access
    from views.admission import admit, dismiss, insist, is_admitted
    from views.identity import LOCAL

    if st.session_state.get("out"):
        dismiss()
    else:
        admit(LOCAL, Access)
    st.write(f"admitted: {is_admitted('test session id')}")
    if not st.session_state.get("drawn"):
        st.session_state["drawn"] = True
        insist()
        st.session_state["clicked"] = True


def test_a_click_in_a_dialog_draws_the_page_anew_once_nobody_is_let_in() -> None:
    def run(**state: Any) -> AppTest:
        app = AppTest.from_function(_show)
        for name, value in state.items():
            app.session_state[name] = value
        return app.run()

    shown = run()
    assert (shown.markdown[0].value, "clicked" in shown.session_state) == ("admitted: True", True)
    refused = run(out=True)
    assert (refused.markdown[0].value, "clicked" in refused.session_state) == ("admitted: False", False)


def test_who_is_refused_causes_no_work(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("POLICY_DESK_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("POLICY_DESK_CHAT_MODEL", "nobody:nothing")
    monkeypatch.setattr(identity, "identify", lambda _: Refusal.not_named)
    for path, value in (("notice", "x"), ("talk", "x"), ("from", "2023")):
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.query_params[path] = value
        app.run()
        assert [error.value for error in app.error] == [escape_markdown(read_words("en")["door_not_named"])]
        assert len(app.button) == 1
    assert not (tmp_path / "store").exists()
    assert "test session id" not in open_sessions()
