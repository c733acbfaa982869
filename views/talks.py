"""The conversation of a session: opened by the address, and kept turn by turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from core.errors import FullDiskError, StoreError, UnknownConversationError
from core.people import Person
from core.types import Answer
from store.conversations import Conversations, Turn
from store.records import Records
from views.wording import escape_markdown

_TURNS, _OPEN, _ADDRESS = "turns", "open_talk", "talk"


@dataclass(slots=True)
class _Open:
    """The conversation of this session: its id, '' before it is kept; the turns kept; why the last was not."""

    person: str
    conversation_id: str = ""
    kept: tuple[Turn, ...] = ()
    not_kept: str = ""


def open_talk(records: Records, person: Person, words: dict[str, str]) -> list[Turn]:
    """The turns of the conversation that the address names, else of the one that is open: the session's own list.

    Where the address names none of this person's, the page says so and a new one begins.
    """
    opened = _find_open(person)
    named = st.query_params.get(_ADDRESS, "")
    if named and named != opened.conversation_id:
        try:
            choose_talk(records, person, named)
        except UnknownConversationError:
            leave_talk()
            st.warning(escape_markdown(words["no_talk"]))
        except StoreError as error:
            leave_talk()
            st.error(escape_markdown(f"{error} {error.help}"))
    elif opened.conversation_id:
        # Another page of the desk, or the source of a citation, took the place of the address.
        st.query_params[_ADDRESS] = opened.conversation_id
    turns: list[Turn] = st.session_state[_TURNS]
    return turns


def choose_talk(records: Records, person: Person, conversation_id: str) -> None:
    """Open a conversation and name it in the address; raises UnknownConversationError, BrokenStoreError."""
    turns = Conversations(records, person.key).read(conversation_id)
    st.session_state[_OPEN] = _Open(person.key, conversation_id, tuple(turns))
    st.session_state[_TURNS] = turns
    st.query_params[_ADDRESS] = conversation_id


def leave_talk() -> None:
    """Begin a new conversation; the one that was open stays in the list."""
    st.session_state.pop(_OPEN, None)
    st.session_state[_TURNS] = []
    st.query_params.pop(_ADDRESS, None)


def is_unkept(turns: Sequence[Turn]) -> bool:
    """Whether a turn of the open conversation is not stored."""
    opened = st.session_state.get(_OPEN)
    return opened is not None and _count_kept(opened, turns) < len(turns)


def keep_talk(records: Records, person: Person, turns: Sequence[Turn]) -> None:
    """Store the turns that are not stored yet; a failure is told, and breaks nothing.

    A conversation begins to be kept with its first answer. Where another window has written to the same one,
    this one goes on as a conversation of its own, so that neither loses what was asked.
    """
    opened = _find_open(person)
    mine = Conversations(records, person.key)
    try:
        if opened.conversation_id and _read_questions(mine, opened) != [turn.question for turn in opened.kept]:
            opened.conversation_id, opened.kept = "", ()
        if not opened.conversation_id:
            st.query_params[_ADDRESS] = opened.conversation_id = mine.start(turns[0].question)
        for place in range(_count_kept(opened, turns), len(turns)):
            mine.put(opened.conversation_id, place, turns[place])
            opened.kept = (*opened.kept[:place], turns[place])
        opened.not_kept = ""
    except UnknownConversationError:
        opened.not_kept = "not_kept_deleted"
    except FullDiskError:
        opened.not_kept = "not_kept_full"
    except StoreError:
        opened.not_kept = "not_kept"


def warn_if_not_kept(words: dict[str, str]) -> None:
    """One sentence below the last answer where it could not be stored."""
    opened = st.session_state.get(_OPEN)
    if opened is not None and opened.not_kept:
        st.warning(escape_markdown(words[opened.not_kept]))


def find_open_id() -> str:
    """The id of the conversation that is open, '' where it is not kept yet."""
    opened = st.session_state.get(_OPEN)
    return opened.conversation_id if opened is not None else ""


def list_asked(turns: Sequence[Turn]) -> list[tuple[str, Answer]]:
    """The questions whose answers can be read, with them."""
    return [(turn.question, turn.answer) for turn in turns if turn.answer is not None]


def _find_open(person: Person) -> _Open:
    """What is open in this session; what another person left in it is gone."""
    opened = st.session_state.get(_OPEN)
    if opened is None or opened.person != person.key:
        st.session_state[_TURNS] = []
        opened = st.session_state[_OPEN] = _Open(person.key)
    return opened


def _count_kept(opened: _Open, turns: Sequence[Turn]) -> int:
    """How many turns, from the first, are stored as they are now; one asked again in place of another is not."""
    pairs = zip(opened.kept, turns, strict=False)
    return next(
        (place for place, (kept, turn) in enumerate(pairs) if kept is not turn), min(len(opened.kept), len(turns))
    )


def _read_questions(mine: Conversations, opened: _Open) -> list[str]:
    return [turn.question for turn in mine.read(opened.conversation_id)]
