"""The page Ask: a conversation in which every sentence opens its source."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from assistant.chat import Chat
from assistant.exporting import make_exchange
from assistant.starters import suggest_questions
from assistant.tracing import Tracing
from assistant.wording import span_years
from core.errors import PolicyDeskError
from core.people import Person
from core.types import Answer, NoticeCard, Place
from store.archive import Archive
from store.conversations import Turn
from store.records import Records
from views.asking import answer_in_view, settle_underway, take_asked
from views.beside import draw_beside
from views.components import Clicks, draw_answer, hold_top
from views.description import describe_answer, describe_copies, find_tables
from views.editing import LONGEST, draw_question, edit, is_editing
from views.exports import draw_exports
from views.filters import Filters, choose_filters, draw_filters
from views.follow_ups import draw_follow_ups
from views.language import read_locale
from views.rating import draw_rating
from views.source import open_source
from views.style import choose_style
from views.talk_list import draw_talks
from views.talks import is_unkept, keep_talk, leave_talk, list_asked, open_talk, warn_if_not_kept
from views.wording import escape_markdown, read_words


def show_chat_page(
    archive: Archive,
    records: Records,
    person: Person,
    chat: Chat | None = None,
    required: StreamlitPage | None = None,
    tracing: Tracing | None = None,
) -> None:
    """Draw the conversation, take the next question, answer it; `chat` drafts, None quotes.

    `required` is the page What was required, to which an answer leads that quotes some requirements of many;
    `tracing` makes a trace of each answer.
    """
    words = read_words(read_locale())
    archive.refresh()
    cards = archive.catalogue.cards()
    settle_underway()
    turns = open_talk(records, person, words)
    if is_unkept(turns):
        # The last answer was stopped, or could not be kept when it came.
        keep_talk(records, person, turns)
    asked = take_asked()
    filters, style = _draw_sidebar(archive, cards, turns, words)
    draw_talks(archive, records, person, style, words)
    # The place of the welcome stays when it is gone, so that nothing drawn below it is drawn anew.
    welcome, clicked = st.empty(), None
    if not turns:
        with welcome.container():
            clicked = _draw_welcome(archive, cards, words, chat is not None)
    kept = turns if asked is None else turns[: asked.place]
    for place in range(len(kept)):
        rating = partial(_draw_rating, records, person, turns[:place], turns[place].answer, words)
        _draw_turn(archive, turns[place], place, place + 1 == len(turns), words, style, required, rating)
    warn_if_not_kept(words)
    below = st.container()
    with st.bottom:
        draw_filters(archive, filters, words)
    typed = st.chat_input(words["ask"], max_chars=LONGEST, disabled=not cards) or clicked
    question = typed or (asked.question if asked else None)
    if not question:
        # Last of all: making these takes a moment, and the answer is there meanwhile.
        with below:
            _suggest_next(archive, turns, filters, words)
        return
    welcome.empty()
    if _answer(archive, chat, question, turns, len(turns) if typed else len(kept), filters, words, tracing):
        keep_talk(records, person, turns)
        st.rerun()


def _suggest_next(archive: Archive, turns: Sequence[Turn], filters: Filters, words: dict[str, str]) -> None:
    if turns and not is_editing():
        draw_follow_ups(archive, turns, filters, words)


def _draw_sidebar(
    archive: Archive, cards: Sequence[NoticeCard], turns: list[Turn], words: dict[str, str]
) -> tuple[Filters, str]:
    """What is on the desk, the filters, the style of citations; returns the filters and the style chosen."""
    with st.sidebar:
        st.header(words["title"], anchor=False)
        known = sorted({card.year for card in cards if card.year is not None}, reverse=True)
        st.caption(f"{words['on_desk']}: {len(cards)} {words['notices']}, {span_years(known)}")
        filters = choose_filters(cards, words)
        if st.button(words["new"], disabled=not turns, width="stretch"):
            leave_talk()
            edit(None)
            st.rerun()
        style = choose_style(words)
        if len(turns) > 1:
            draw_exports(archive, list_asked(turns), style, words, "all", words["export_all"])
    return filters, style


def _draw_welcome(archive: Archive, cards: Sequence[NoticeCard], words: dict[str, str], drafted: bool) -> str | None:
    """The first impression: what is on the desk, and questions to begin with; returns the one clicked."""
    hold_top("top")
    st.title(words["title"], anchor=False)
    st.markdown(escape_markdown(words["tagline_drafted" if drafted else "tagline"]))
    if not cards:
        st.info(escape_markdown(words["empty"]))
        return None
    issuers = {card.issuer for card in cards if card.issuer}
    years = span_years(card.year for card in cards if card.year is not None)
    with st.container(horizontal=True, gap="medium"):
        for name, figure in (("of_notices", len(cards)), ("of_years", years), ("of_issuers", len(issuers))):
            st.metric(words[name], figure, width="content")
    samples = sum("fictional" in card.licence or "虚构" in card.licence for card in cards)
    if samples:
        st.caption(words["samples"].format(count=samples))
    if archive.embedder.warning and any(not archive.embedder.reads(card.language) for card in cards):
        st.caption(words["english_model"])
    st.markdown(f"**{escape_markdown(words['try'])}**")
    with st.spinner(words["reading"]):
        questions = _suggest(archive, archive.catalogue.generation)
    for question in questions:
        if st.button(escape_markdown(question), width="stretch", key=f"starter-{question}"):
            return question
    return None


@st.cache_resource(show_spinner=False, max_entries=4)
def _suggest(_archive: Archive, generation: int) -> list[str]:
    """The questions to begin with, made once for each state of the notices."""
    return suggest_questions(_archive)


def _draw_turn(
    archive: Archive,
    turn: Turn,
    place: int,
    is_last: bool,
    words: dict[str, str],
    style: str,
    required: StreamlitPage | None,
    draw_foot: Callable[[], None],
) -> None:
    """A question and its answer, below which `draw_foot` draws."""
    answer = turn.answer
    with st.chat_message("user"):
        draw_question(turn.question, place, is_last, words)
    if answer is None:
        with st.chat_message("assistant"):
            st.info(escape_markdown(words["unreadable_answer"]))
        return
    with st.chat_message("assistant"):
        exchange = make_exchange(archive.catalogue, turn.question, answer)
        holding = {citation.label for citation in exchange.answer.citations}
        st.empty()
        values = describe_answer(answer, holding, words, find_tables(archive.catalogue, answer), style)
        copies = describe_copies(exchange, style, words)
        clicks = draw_answer(values | {"is_last": is_last, "copies": copies, "style": style}, f"answer-{place}")
        draw_beside(answer, words, required)
        draw_exports(archive, [(turn.question, answer)], style, words, str(place), words["export"])
        draw_foot()
    clicked = _find_clicked(answer, clicks)
    if clicked is not None:
        cited = [Place(c.card.notice_id, c.span) for c in exchange.answer.citations]
        open_source(archive, clicked.notice_id, clicked.span, style, cited if clicked in cited else ())


def _draw_rating(
    records: Records, person: Person, before: Sequence[Turn], answer: Answer | None, words: dict[str, str]
) -> None:
    if answer is not None:
        # Another answer in the same place is another's to rate.
        key = f"{len(before)}-{hash(answer)}"
        draw_rating(records, person.key, answer, [turn.question for turn in before], words, key)


def _find_clicked(answer: Answer, clicks: Clicks) -> Place | None:
    """The place of a source that a click asks for; the numbers come from the browser and may be wrong."""
    chosen = next((c for c in answer.citations if c.label == clicks.opened), None)
    if chosen is not None:
        return Place(chosen.card.notice_id, chosen.span)
    if clicks.neared is not None and 0 <= clicks.neared < len(answer.nearest):
        passage = answer.nearest[clicks.neared].passage
        return Place(passage.notice_id, passage.span)
    if clicks.compared is not None and 0 <= clicks.compared < len(answer.withheld):
        return answer.withheld[clicks.compared].nearest
    return None


def _answer(
    archive: Archive,
    chat: Chat | None,
    question: str,
    turns: list[Turn],
    place: int,
    filters: Filters,
    words: dict[str, str],
    tracing: Tracing | None,
) -> bool:
    """Answer a question before the user's eyes as the turn at a place, the last one then; False where it failed."""

    def keep(answer: Answer) -> None:
        turns[place:] = [Turn(question, answer)]

    with st.chat_message("user"):
        st.markdown(escape_markdown(question))
    with st.chat_message("assistant"):
        try:
            said = st.empty()
            # The component is there before its answer is: the words that were shown meanwhile leave no gap.
            draw_answer({}, f"answer-{place}")
            history = [turn.question for turn in turns[:place]]
            answer_in_view(archive, chat, question, history, filters, words, said, keep, tracing)
        except PolicyDeskError as error:
            st.error(escape_markdown(f"{words['failed']}: {error}"))
            st.caption(escape_markdown(error.help))
            return False
    return True
