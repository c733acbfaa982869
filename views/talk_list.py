"""The list of a person's conversations in the sidebar: search, open, rename, export, delete."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import partial
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

import streamlit as st

from cite.styles import write_date
from core.errors import StoreError, UnknownConversationError
from core.people import Person
from core.types import Answer
from store.archive import Archive
from store.conversations import Conversation, Conversations
from store.records import Records
from views.admission import insist
from views.exports import draw_archive, draw_files
from views.language import read_locale
from views.talks import choose_talk, find_open_id, leave_talk, list_asked
from views.wording import escape_markdown

_SHOWN, _RENAMED, _SEARCH = "talks_shown", "talk_renamed", "talk_search"
_STEP = 15
_LONGEST = 120
_STYLE = Path(__file__).parent / "assets" / "talks.css"


def draw_talks(archive: Archive, records: Records, person: Person, style: str, words: dict[str, str]) -> None:
    """Draw the list in the sidebar, and do what is asked of it."""
    mine = Conversations(records, person.key)
    st.html(_STYLE)
    with st.sidebar, st.container(key="talks", gap="xsmall"):
        st.subheader(words["talks"], anchor=False)
        try:
            act = _draw_list(mine, partial(choose_talk, records, person), words)
        except StoreError as error:
            st.caption(escape_markdown(f"{error} {error.help}"))
            return
    if act is None:
        return
    name, chosen = act
    if name == "rename":
        st.session_state[_RENAMED] = chosen[0].conversation_id
        st.rerun()
    elif name == "export":
        _export(archive, mine, chosen, style, words)
    elif name == "delete":
        _delete(mine, chosen, words)


def _draw_list(
    mine: Conversations, choose: partial[None], words: dict[str, str]
) -> tuple[str, Sequence[Conversation]] | None:
    """The list; what is asked of which conversations, None where nothing is."""
    kept = mine.find()
    if not kept:
        st.caption(escape_markdown(words["no_talks"]))
        return None
    search = st.text_input(
        words["search_talks"], key=_SEARCH, placeholder=words["search_talks"], label_visibility="collapsed"
    )
    found = mine.find(search) if search.strip() else kept
    if not found:
        st.caption(escape_markdown(words["no_talk_found"]))
    most = st.session_state.setdefault(_SHOWN, _STEP)
    act = None
    zone = _find_zone()
    for day, talks in groupby(found[:most], key=lambda talk: _read_day(talk, zone)):
        st.caption(escape_markdown(_name_day(day, datetime.now(zone).date(), words)))
        for talk in talks:
            asked = _draw_row(mine, talk, choose, words)
            act = (asked, [talk]) if asked else act
    if len(found) > most and st.button(words["show_more"].format(count=len(found) - most), key="talks_more"):
        st.session_state[_SHOWN] = most + _STEP
        st.rerun()
    if len(kept) > 1:
        st.divider()
        for name, label in (("export", "export_all_talks"), ("delete", "delete_all")):
            if st.button(words[label], key=f"talks_{name}", type="tertiary"):
                act = (name, kept)
    return act


def _draw_row(mine: Conversations, talk: Conversation, choose: partial[None], words: dict[str, str]) -> str | None:
    """A conversation that opens at a click, with a menu; what is asked of it by the menu."""
    if st.session_state.get(_RENAMED) == talk.conversation_id:
        _draw_renaming(mine, talk, words)
        return None
    is_open = talk.conversation_id == find_open_id()
    title = escape_markdown(talk.title)
    row = f"talk-row-{talk.conversation_id}"
    with st.container(horizontal=True, gap="xxsmall", vertical_alignment="center", key=row):
        clicked = st.button(
            f"**{title}**" if is_open else title,
            key=f"talk-{talk.conversation_id}",
            type="secondary" if is_open else "tertiary",
            width="stretch",
        )
        asked: str | None = st.menu_button(
            escape_markdown(words["talk_menu"].format(title=talk.title)),
            ("rename", "export", "delete"),
            key=f"talk-menu-{talk.conversation_id}",
            format_func=lambda name: words[f"{name}_talk"],
            type="tertiary",
        )
    if clicked:
        choose(talk.conversation_id)
        st.rerun()
    return asked


def _draw_renaming(mine: Conversations, talk: Conversation, words: dict[str, str]) -> None:
    with st.form(f"talk-rename-{talk.conversation_id}"):
        title = st.text_input(words["talk_title"], talk.title, max_chars=_LONGEST)
        with st.container(horizontal=True):
            is_saved = st.form_submit_button(words["save_title"])
            is_left = st.form_submit_button(words["cancel"])
    if is_saved:
        mine.rename(talk.conversation_id, title)
    if is_saved or is_left:
        del st.session_state[_RENAMED]
        st.rerun()


def _export(
    archive: Archive, mine: Conversations, talks: Sequence[Conversation], style: str, words: dict[str, str]
) -> None:
    """The files of one conversation, or the one file of all."""
    one = len(talks) == 1

    @st.dialog(escape_markdown(words["export_title" if one else "export_all_talks"]), width="small")
    def dialog() -> None:
        insist()
        if one:
            st.markdown(escape_markdown(talks[0].title))
            draw_files(archive, list_asked(mine.read(talks[0].conversation_id)), style, words, talks[0].conversation_id)
        else:
            draw_archive(archive, partial(_collect, mine, talks, _find_zone()), style, words)

    dialog()


def _collect(
    mine: Conversations, talks: Sequence[Conversation], zone: tzinfo
) -> Iterator[tuple[str, str, list[tuple[str, Answer]]]]:
    """The title, the day and what was asked of each conversation that is still there."""
    for talk in talks:
        try:
            asked = list_asked(mine.read(talk.conversation_id))
        except UnknownConversationError:
            continue
        yield talk.title, _read_day(talk, zone).isoformat(), asked


def _delete(mine: Conversations, talks: Sequence[Conversation], words: dict[str, str]) -> None:
    """Ask once more, and delete them for good."""
    one = len(talks) == 1

    @st.dialog(escape_markdown(words["delete_title" if one else "delete_all"]), width="small")
    def dialog() -> None:
        insist()
        named = (
            words["delete_one"].format(title=talks[0].title) if one else words["delete_many"].format(count=len(talks))
        )
        st.markdown(escape_markdown(named))
        with st.container(horizontal=True):
            is_sure = st.button(words["delete_now"])
            is_left = st.button(words["cancel"])
        if is_sure:
            try:
                _delete_now(mine, [talk.conversation_id for talk in talks])
            except StoreError as error:
                st.error(escape_markdown(f"{error} {error.help}"))
                return
        if is_sure or is_left:
            st.rerun()

    dialog()


def _delete_now(mine: Conversations, conversation_ids: Sequence[str]) -> None:
    """Delete those that another window has not deleted meanwhile."""
    present = {talk.conversation_id for talk in mine.find()}
    mine.delete([conversation_id for conversation_id in conversation_ids if conversation_id in present])
    if find_open_id() in conversation_ids:
        leave_talk()


def _find_zone() -> tzinfo:
    """The time zone of the browser; UTC where it is not known here."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (LookupError, ValueError, OSError):
        return UTC


def _read_day(talk: Conversation, zone: tzinfo) -> date:
    return datetime.fromisoformat(talk.changed_at).astimezone(zone).date()


def _name_day(day: date, today: date, words: dict[str, str]) -> str:
    """Today, yesterday, or the date as the page's language writes it."""
    if day == today:
        return words["today"]
    if day == today - timedelta(days=1):
        return words["yesterday"]
    return write_date(day.isoformat(), "zh" if read_locale().lower().startswith("zh") else "en")
