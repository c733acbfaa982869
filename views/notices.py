"""The page Notices: all notices of the desk, found by words and facets, each to be opened; editors change them here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from assistant.register import Order, Standing, Wanted, find_notices, put_in_order, read_standings
from cite.styles import write_date
from core.errors import PolicyDeskError
from core.intake import Intake
from core.people import Person
from core.types import NoticeCard
from store.archive import Archive
from views.components import draw_notices
from views.language import read_locale
from views.notices_drawer import open_notice
from views.notices_figures import show_figures
from views.notices_intake import show_adding, show_removed, show_removing, tell_error
from views.pieces import show_turns
from views.wording import escape_markdown, read_words

_A_PAGE = 50
_FIRST = "notices_first"


def show_notices_page(archive: Archive, intake: Intake, person: Person) -> None:
    """Find and open notices; add, remove and restore them."""
    words = read_words(read_locale())
    archive.refresh()
    st.title(words["notices_page"], anchor=False)
    st.markdown(escape_markdown(words["notices_tagline"]))
    try:
        show_adding(intake, person, words)
        if archive.shelf.cards:
            _show_register(archive, intake, person, words)
        else:
            st.info(escape_markdown(words["no_notices_yet"]))
        if person.may_edit:
            show_removed(intake, person, words)
    except PolicyDeskError as error:
        tell_error(error)


def _show_register(archive: Archive, intake: Intake, person: Person, words: dict[str, str]) -> None:
    standings = _read_standings(archive, str(archive.folder), archive.catalogue.generation)
    wanted, order = _choose(archive, words)
    cards = put_in_order(find_notices(archive, wanted, standings), order)
    counted = words["listed"].format(count=len(cards), all=len(archive.shelf.cards))
    st.subheader(escape_markdown(counted), anchor=False)
    if not cards:
        st.info(escape_markdown(words["none_listed"]))
        return
    show_figures(cards, words)
    part = _take_part(cards)
    actions = st.container()
    opened, chosen = draw_notices(
        {
            "items": [_describe(card, standings.get(card.notice_id), words) for card in part],
            "choosable": person.may_edit,
            "words": {"choose_notice": words["choose_notice"]},
        },
        f"notices-{archive.catalogue.generation}",
    )
    _draw_turning(len(cards), words)
    if person.may_edit:
        with actions:
            # What somebody else has removed meanwhile is gone.
            ticked = [archive.shelf.cards[name] for name in chosen if name in archive.shelf.cards]
            show_removing(intake, person, ticked, words)
    if opened in archive.shelf.cards:
        open_notice(archive, opened)


@st.cache_data(max_entries=2, show_spinner=False)
def _read_standings(_archive: Archive, _folder: str, _generation: int) -> dict[str, Standing]:
    return read_standings(_archive)


def _choose(archive: Archive, words: dict[str, str]) -> tuple[Wanted, Order]:
    """Draw what narrows the list, and its order."""
    sought = st.text_input(words["find_notice"], placeholder=words["find_example"], on_change=_begin_anew)
    in_text = st.checkbox(words["find_in_text"], on_change=_begin_anew)
    with st.expander(escape_markdown(words["narrow"])):
        wanted = _narrow(archive, sought or "", in_text, words)
        orders: list[Order] = list(Order)
        order = st.selectbox(
            words["order"], orders, format_func=lambda one: words[f"order_{one.value}"], on_change=_begin_anew
        )
    return wanted, order


def _narrow(archive: Archive, sought: str, in_text: bool, words: dict[str, str]) -> Wanted:
    shelf = archive.shelf
    years = sorted({card.year for card in shelf.cards.values() if card.year is not None})
    start, end = st.columns(2)

    def name_year(year: int | None) -> str:
        return str(year or words["any_year"])

    first = start.selectbox(words["first_year"], [None, *years], format_func=name_year, on_change=_begin_anew)
    last = end.selectbox(words["last_year"], [None, *years], format_func=name_year, on_change=_begin_anew)
    body = st.selectbox(
        words["issuer"],
        ["", *sorted(shelf.issuers)],
        format_func=lambda name: show_turns(name) or words["all_issuers"],
        on_change=_begin_anew,
    )
    tongue, hold = st.columns(2)
    language = tongue.selectbox(
        words["language"],
        ["", *sorted(shelf.languages)],
        format_func=lambda name: words.get(f"language_{name}", name) if name else words["any_language"],
        on_change=_begin_anew,
    )
    standing = hold.selectbox(
        words["standing"],
        [None, *Standing],
        format_func=lambda one: words[f"standing_{one}"] if one else words["any_standing"],
        on_change=_begin_anew,
    )
    if first is not None and last is not None and last < first:
        first, last = last, first
    return Wanted(sought, in_text, first, last, body, language, standing)


def _begin_anew() -> None:
    st.session_state[_FIRST] = 0


def _take_part(cards: Sequence[NoticeCard]) -> Sequence[NoticeCard]:
    """The cards of the part that is shown."""
    first = int(st.session_state.get(_FIRST, 0))
    if first >= len(cards):
        first = 0
    st.session_state[_FIRST] = first
    return cards[first : first + _A_PAGE]


def _draw_turning(count: int, words: Mapping[str, str]) -> None:
    """From one part of a long list to the next."""
    if count <= _A_PAGE:
        return
    first = int(st.session_state[_FIRST])
    last = min(count, first + _A_PAGE)
    with st.container(horizontal=True, vertical_alignment="center"):
        before = st.button(f"← {words['previous_part']}", disabled=first == 0, key="notices_before")
        after = st.button(f"{words['next_part']} →", disabled=last == count, key="notices_after")
        st.caption(escape_markdown(words["shown_part"].format(first=first + 1, last=last, count=count)))
    if before or after:
        st.session_state[_FIRST] = max(0, first - _A_PAGE) if before else last
        st.rerun()


def _describe(card: NoticeCard, standing: Standing | None, words: dict[str, str]) -> dict[str, object]:
    """What the component draws of a notice."""
    dated = write_date(card.issued_on, card.language) or str(card.year or "")
    name = card.path.rsplit("/", 1)[-1] if card.path.startswith("uploads/") else card.path
    return {
        "id": card.notice_id,
        "title": show_turns(" ".join(card.title.split())),
        "standing": standing or "",
        "badge": words[f"standing_{standing}"] if standing else "",
        "facts": [show_turns(fact) for fact in (card.issuer, card.number, dated, name) if fact],
    }
