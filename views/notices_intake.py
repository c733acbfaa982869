"""The part of the page Notices where editors add, remove and restore notices, and see what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core.errors import PolicyDeskError
from core.intake import Fate, Intake, Outcome, Progress, Upload
from core.people import Person
from core.types import NoticeCard
from views.address import link_source
from views.admission import insist
from views.wording import escape_markdown
from views.work import begin_work, follow_work

_TOLD = "notices_told"
_ROUND = "notices_upload_round"
_SIGNS = {
    Fate.added: "✓",
    Fate.unchanged: "＝",
    Fate.duplicate: "＝",
    Fate.withheld: "✕",
    Fate.failed: "✕",
    Fate.removed: "−",
    Fate.restored: "✓",
}
# So many removed notices are offered; the others are found in the trail of changes.
_MOST_REMOVED = 50


def show_adding(intake: Intake, person: Person, words: dict[str, str]) -> None:
    """The box for files, what waits, and what became of the last change; for a reader, why there is none."""
    if not person.may_edit:
        st.caption(escape_markdown(words["read_only"]))
        return
    with st.expander(escape_markdown(words["add_notices"]), expanded=_ROUND in st.session_state):
        _draw_box(intake, person, words)
        _draw_waiting(intake, person, words)
    work = follow_work(words)
    if work is not None and work.error is not None:
        st.error(escape_markdown(f"{words['work_failed']}: {work.error}"))
        st.caption(escape_markdown(work.error.help))
    elif work is not None:
        st.session_state[_TOLD] = work.outcomes
        # Drawn anew, so that what waits and what is listed is what holds now.
        st.rerun()
    _draw_told(intake, person, words)


def _draw_box(intake: Intake, person: Person, words: dict[str, str]) -> None:
    turn = st.session_state.get(_ROUND, 0)
    files = st.file_uploader(
        escape_markdown(words["choose_files"]),
        accept_multiple_files=True,
        max_upload_size=max(1, intake.most_bytes // 1_000_000),
        key=f"notices_upload_{turn}",
    )
    if st.button(words["add_now"], type="primary", disabled=not files, key="notices_add"):
        uploads = [Upload(file.name, file.getvalue()) for file in files]
        # Another key empties the box.
        st.session_state[_ROUND] = turn + 1
        begin_work(partial(intake.take_in, person, uploads))


def _draw_waiting(intake: Intake, person: Person, words: dict[str, str]) -> None:
    waiting = intake.list_waiting()
    if not waiting:
        return
    st.markdown(f"**{escape_markdown(words['waiting'].format(count=len(waiting)))}**")
    st.caption(escape_markdown(words["waiting_told"]))
    st.markdown("\n".join(f"- {escape_markdown(name)}" for name in waiting[:_MOST_REMOVED]))
    with st.container(horizontal=True):
        if st.button(words["read_waiting"], key="notices_read_waiting"):
            begin_work(partial(intake.read_waiting, person))
        if st.button(words["drop_waiting"], key="notices_drop_waiting"):
            begin_work(partial(_drop_waiting, intake, person))


def _drop_waiting(intake: Intake, person: Person, _: Progress) -> Sequence[Outcome]:
    intake.drop_waiting(person)
    return ()


# -- what became of it -------------------------------------------------------------------------


def _draw_told(intake: Intake, person: Person, words: dict[str, str]) -> None:
    """A line for each file or notice of the last change; what was removed can be undone at once."""
    told: Sequence[Outcome] = st.session_state.get(_TOLD, ())
    if not told:
        return
    with st.container(border=True, key="notices_told_box"):
        st.markdown(f"**{escape_markdown(words['what_happened'])}**")
        st.markdown("\n".join(_describe_outcome(outcome, words) for outcome in told))
        removed = [outcome.notice_id for outcome in told if outcome.fate is Fate.removed]
        with st.container(horizontal=True):
            if removed and st.button(words["undo"], type="primary", key="notices_undo"):
                begin_work(partial(intake.restore, person, removed))
            if st.button(words["dismiss"], key="notices_dismiss"):
                del st.session_state[_TOLD]
                st.rerun()


def _describe_outcome(outcome: Outcome, words: dict[str, str]) -> str:
    """Such as "✓ a.pdf: Added. On school meals", the title leading to the notice, with what is to be known below."""
    said = words[f"fate_{outcome.fate}"].format(path=outcome.path.rsplit("/", 1)[-1])
    line = f"- {_SIGNS[outcome.fate]} **{_on_one_line(outcome.name)}**: {_on_one_line(said)}"
    if outcome.reason:
        line += f" ({_on_one_line(outcome.reason)})"
    is_there = outcome.fate not in (Fate.removed, Fate.failed, Fate.withheld)
    if is_there and outcome.notice_id:
        line += f". [{_on_one_line(outcome.title)}]({link_source(outcome.notice_id)})"
    notes = [outcome.help, *outcome.warnings]
    return "\n".join([line, *(f"  - {_on_one_line(note)}" for note in notes if note)])


def _on_one_line(text: str) -> str:
    return escape_markdown(" ".join(text.split()))


# -- removing ----------------------------------------------------------------------------------


def show_removing(intake: Intake, person: Person, chosen: Sequence[NoticeCard], words: dict[str, str]) -> None:
    """What can be done with the notices that are ticked."""
    if not chosen:
        st.caption(escape_markdown(words["chosen_none"]))
        return
    with st.container(horizontal=True):
        if st.button(words["remove_chosen"].format(count=len(chosen)), key="notices_remove"):
            _confirm(intake, person, chosen, words)
        if st.button(words["read_chosen"].format(count=len(chosen)), key="notices_read_again"):
            begin_work(partial(intake.read_again, person, [card.notice_id for card in chosen]))


def _confirm(intake: Intake, person: Person, chosen: Sequence[NoticeCard], words: dict[str, str]) -> None:
    @st.dialog(words["remove_title"])
    def ask() -> None:
        insist()
        st.markdown("\n".join(f"- {_on_one_line(card.title)}" for card in chosen))
        st.markdown(escape_markdown(words["remove_told"]))
        with st.container(horizontal=True):
            if st.button(words["remove_now"], type="primary", key="notices_remove_now"):
                ids = [card.notice_id for card in chosen]
                begin_work(lambda _: intake.remove(person, ids))
            if st.button(words["cancel"], key="notices_cancel"):
                st.rerun()

    ask()


def show_removed(intake: Intake, person: Person, words: dict[str, str]) -> None:
    """The notices that were removed lately, each to be restored."""
    removed = intake.list_withdrawn()
    if not removed:
        return
    with st.expander(escape_markdown(words["recently_removed"].format(count=len(removed)))):
        for one in removed[:_MOST_REMOVED]:
            said = words["removed_by"].format(person=one.person, day=one.at[:10])
            st.markdown(f"**{_on_one_line(one.title)}**  \n{_on_one_line(f'{one.paths[0]} · {said}')}")
            if st.button(
                words["restore"],
                key=f"notices_restore_{one.notice_id}",
                help=escape_markdown(f"{words['restore']}: {one.title}"),
            ):
                begin_work(partial(intake.restore, person, [one.notice_id]))


def tell_error(error: PolicyDeskError) -> None:
    """What went wrong, and what to do."""
    st.error(escape_markdown(f"{error}"))
    st.caption(escape_markdown(error.help))
