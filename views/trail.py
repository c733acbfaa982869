"""Who did what, for who runs the desk: the trail of changes, and what people said of answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from cite.tables import write_csv
from store.audit import Action, Event, read_events
from store.feedback import count_feedback
from store.people import read_people
from store.records import Records
from views.admission import guard
from views.moments import show_moment
from views.wording import escape_markdown

_SHOWN = 50
_ALL = 1_000_000
_GUEST = "guest "


def show_trail(records: Records, words: dict[str, str]) -> None:
    """Draw the last changes of one kind or of all, with a file of all of them."""
    st.subheader(words["trail"], anchor=False)
    chosen = st.selectbox(
        words["trail_action"],
        [None, *Action],
        format_func=lambda action: words["trail_all"] if action is None else words[f"action_{action.value}"],
    )
    called = read_people(records)
    events = read_events(records, _SHOWN, chosen)
    if not events:
        st.info(words["trail_empty"])
        return
    heads = ("trail_at", "trail_person", "trail_what")
    rows = [_describe(event, called, words) for event in events]
    st.table([{words[head]: escape_markdown(cell) for head, cell in zip(heads, row, strict=True)} for row in rows])
    if len(events) == _SHOWN:
        st.caption(words["trail_last"].format(count=_SHOWN))
    st.download_button(
        words["trail_download"],
        data=guard(partial(_write, records, chosen, words)),
        file_name="policy-desk-changes.csv",
        mime="text/csv",
        on_click="ignore",
    )


def show_opinions(records: Records, words: dict[str, str]) -> None:
    """Draw how many answers were called good, and how many not, by reason."""
    st.subheader(words["opinions"], anchor=False)
    (good, bad), colon = count_feedback(records), words["colon"]
    if not good and not bad:
        st.markdown(words["opinions_none"])
        return
    lines = [f"**{words['opinions_good']}**{colon}{good}", f"**{words['opinions_bad']}**{colon}{sum(bad.values())}"]
    lines += [f"    - {words[f'opinion_{reason.value}']}{colon}{count}" for reason, count in sorted(bad.items())]
    st.markdown("\n".join(line if line.startswith(" ") else f"- {line}" for line in lines))


def name_person(key: str, called: Mapping[str, str], words: Mapping[str, str]) -> str:
    """What a person is called: by their last known name, else in words, else by their key."""
    if key.startswith(_GUEST):
        return words["person_guest"]
    return called.get(key) or words.get("person_" + key.replace(" ", "_")) or key


def _describe(event: Event, called: Mapping[str, str], words: Mapping[str, str]) -> Sequence[str]:
    """When, who, what: three columns, which a narrow page has room for."""
    what = f"{words[f'action_{event.action.value}']}{words['colon']}{event.subject} – {event.outcome}"
    return show_moment(event.at), name_person(event.person, called, words), what


def _write(records: Records, chosen: Action | None, words: dict[str, str]) -> bytes:
    """All changes as CSV: times in UTC as they were kept, names with the keys that tell them apart."""
    called = read_people(records)
    heads = ("trail_at", "trail_person", "trail_key", "trail_action", "trail_subject", "trail_outcome")
    rows = [
        (e.at, name_person(e.person, called, words), e.person, e.action.value, e.subject, e.outcome)
        for e in read_events(records, _ALL, chosen)
    ]
    return write_csv([words[head] for head in heads], rows)
