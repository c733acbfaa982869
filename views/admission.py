"""Whether somebody who was let in still may: asked again wherever something happens without a page being drawn."""

from __future__ import annotations

from collections.abc import Callable
from time import time

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.access import Access
from core.errors import NotAllowedError
from core.people import Person
from views.identity import find_providers, read_person

_STILL = "still_admitted"
# The sessions that were drawn last; who is no more among them is admitted again with the next click.
_MOST_SESSIONS = 20_000


class Sessions:
    """The sessions of this process in which somebody was let in."""

    def __init__(self) -> None:
        self._ids: dict[str, None] = {}

    def add(self, session_id: str) -> None:
        """Somebody was let in."""
        self._ids.pop(session_id, None)
        self._ids[session_id] = None
        for oldest in list(self._ids)[:-_MOST_SESSIONS]:
            self._ids.pop(oldest, None)

    def drop(self, session_id: str) -> None:
        """Nobody is let in any more."""
        self._ids.pop(session_id, None)

    def __contains__(self, session_id: str) -> bool:
        return session_id in self._ids


@st.cache_resource(show_spinner=False)
def open_sessions() -> Sessions:
    """The sessions of this process."""
    return Sessions()


def is_admitted(session_id: str) -> bool:
    """Whether somebody was let in when this session was last drawn."""
    return session_id in open_sessions()


def admit(person: Person, read_access: Callable[[], Access]) -> None:
    """Remember that a page is drawn for a person, and how to ask whether they still may see it."""
    claims = st.user.to_dict() if find_providers() else None

    def still() -> bool:
        return claims is None or read_person(claims, read_access(), time()) == person

    st.session_state[_STILL] = still
    open_sessions().add(_find_session())


def dismiss() -> None:
    """Forget that somebody was let in."""
    st.session_state[_STILL] = bool
    open_sessions().drop(_find_session())


def insist() -> None:
    """Draw the whole page anew, which shows the door, where they may no more.

    To be called first in each dialog and fragment: a click there does not run the page.
    """
    if not _find_check()():
        st.rerun()


def guard(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """What makes a file when a button is clicked, for as long as they may have it; it raises NotAllowedError then."""
    # A file is made where the session cannot be asked.
    still = _find_check()

    def make_if_admitted() -> bytes:
        if not still():
            raise NotAllowedError("Nobody is signed in, or not as before.", "Load the page again, and sign in.")
        return make()

    return make_if_admitted


def _find_check() -> Callable[[], bool]:
    # Nothing is drawn before somebody was let in, or nobody.
    check: Callable[[], bool] = st.session_state.get(_STILL, lambda: True)
    return check


def _find_session() -> str:
    ctx = get_script_run_ctx()
    return ctx.session_id if ctx is not None else ""
