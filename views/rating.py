"""Good or bad: what a person says of an answer, and why, kept with the answer."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.errors import PolicyDeskError
from core.events import Rated, tell
from core.types import Answer
from store.feedback import Reason, give_feedback, withdraw_feedback
from store.records import Records
from views.admission import insist
from views.wording import escape_markdown

_GOOD, _BAD = 1, 0
_LONGEST = 1000


@st.fragment
def draw_rating(
    records: Records, person: str, answer: Answer, history: Sequence[str], words: dict[str, str], key: str
) -> None:
    """Thumbs under an answer; down asks for a reason. `person` is a key, `history` the questions before."""
    insist()
    rated = st.feedback("thumbs", key=f"thumbs-{key}")
    given = f"given-{key}"
    try:
        if rated != st.session_state.get(given):
            _keep(records, person, answer, history, rated)
            st.session_state[given] = rated
            st.session_state.pop(f"told-{key}", None)
        below = st.empty()
        if rated == _BAD and not st.session_state.get(f"told-{key}"):
            with below.container():
                if not _ask_why(records, person, answer, history, words, key):
                    return
            st.session_state[f"told-{key}"] = True
        if rated is not None:
            below.caption(escape_markdown(words["thanks"]))
    except PolicyDeskError as error:
        st.error(escape_markdown(f"{error}"))
        st.caption(escape_markdown(error.help))


def _keep(records: Records, person: str, answer: Answer, history: Sequence[str], rated: int | None) -> None:
    if rated is None:
        withdraw_feedback(records, person, answer)
    else:
        give_feedback(records, person, answer, history, good=rated == _GOOD)
    tell(Rated("withdrawn" if rated is None else "good" if rated == _GOOD else "bad"))


def _ask_why(
    records: Records, person: str, answer: Answer, history: Sequence[str], words: dict[str, str], key: str
) -> bool:
    """One reason and, if wanted, a comment; returns whether they were sent."""
    with st.form(f"why-{key}"):
        reason = st.radio(
            words["why_bad"],
            [reason for reason in Reason if reason is not Reason.none],
            format_func=lambda one: words[f"reason_{one}"],
            index=None,
            key=f"reason-{key}",
        )
        comment = st.text_area(words["comment"], max_chars=_LONGEST, height=80, key=f"comment-{key}")
        if not st.form_submit_button(words["send"]):
            return False
    chosen, said = reason or Reason.none, (comment or "").strip()
    give_feedback(records, person, answer, history, good=False, reason=chosen, comment=said)
    return True
