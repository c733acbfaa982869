"""The page Settings and status: what one may choose, how the desk fares, what was done to it."""

from __future__ import annotations

import streamlit as st

from core.errors import PolicyDeskError
from core.people import Person
from core.settings import EXTRACTIVE
from core.version import VERSION
from store.archive import Archive
from store.audit import Action
from store.condition import Condition, read_condition
from store.people import read_people
from store.records import Records
from store.runs import Run, read_run
from views.language import choose_language, read_locale
from views.moments import show_moment
from views.style import choose_style
from views.trail import name_person, show_opinions, show_trail
from views.wording import escape_markdown, read_words

_SHOWN = 50


def show_status_page(archive: Archive, records: Records, person: Person, chat_model: str) -> None:
    """Draw the settings of this browser, the condition of the desk, its last runs; for admins the trail."""
    words = read_words(read_locale())
    st.title(words["status"], anchor=False)
    st.subheader(words["your_settings"], anchor=False)
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        choose_language(words, "language_on_page")
    with right:
        choose_style(words)
    st.caption(words["kept_by_browser"])
    _show_condition(read_condition(archive), chat_model, words)
    try:
        called = read_people(records)
        for action in (Action.ingest, Action.upload):
            _show_run(read_run(records, action), action, called, person, words)
        if person.may_administer:
            show_trail(records, words)
            show_opinions(records, words)
    except PolicyDeskError as error:
        st.error(escape_markdown(f"{error}"))
        st.caption(escape_markdown(error.help))


def _show_condition(found: Condition, chat_model: str, words: dict[str, str]) -> None:
    """What is wrong, with what to do; then the facts."""
    st.subheader(words["the_desk"], anchor=False)
    for problem in found.problems:
        st.warning(words[f"problem_{problem.value}"])
    if not found.problems:
        st.success(words["all_well"])
    name = escape_markdown(chat_model)
    answers = words["answers_extractive"] if chat_model == EXTRACTIVE else words["answers_model"].format(model=name)
    facts = {
        "notices_count": f"{found.notices:,}",
        "passages": f"{found.passages:,}",
        "answers_by": answers,
        "embedding": escape_markdown(found.embedding_model) or "–",
        "index_changed": show_moment(found.changed_at) if found.changed_at else words["never"],
        "size_of_store": _show_size(found.store_bytes),
        "free_disk": _show_size(found.free_bytes),
        "version": VERSION,
    }
    st.markdown("\n".join(f"- **{words[name]}**{words['colon']}{fact}" for name, fact in facts.items()))


def _show_run(run: Run | None, action: Action, called: dict[str, str], person: Person, words: dict[str, str]) -> None:
    """What the last run of a kind did; to those who can mend them, which files failed and what to do."""
    if run is None and action is not Action.ingest:
        return
    st.subheader(words[f"last_run_{action.value}"], anchor=False)
    if run is None:
        st.markdown(words["no_run_ingest"])
        return
    by = escape_markdown(name_person(run.person, called, words))
    st.markdown(words["run_by"].format(at=show_moment(run.at), person=by))
    st.markdown(
        words["run_found"].format(added=run.added, changed=run.changed, removed=run.removed, unchanged=run.unchanged)
    )
    _show_failures(run, person, words)


def _show_failures(run: Run, person: Person, words: dict[str, str]) -> None:
    count = len(run.failures)
    if not count:
        st.markdown(words["none_failed"])
        return
    st.warning(words["failed_one" if count == 1 else "failed_many"].format(count=count))
    if not person.may_edit:
        return
    for failure in run.failures[:_SHOWN]:
        told = f"- **{escape_markdown(failure.path)}**{words['colon']}{escape_markdown(failure.reason)}"
        st.markdown(told + (f"  \n  {escape_markdown(failure.help)}" if failure.help else ""))
    if count > _SHOWN:
        st.caption(words["more_failures"].format(count=count - _SHOWN))


def _show_size(size: int) -> str:
    """Bytes as people read them."""
    for unit, bound in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= bound:
            return f"{size / bound:.1f} {unit}"
    return f"{size} B"
