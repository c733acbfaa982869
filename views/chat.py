"""The page Ask: a conversation in which every sentence opens its source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from assistant.ask import ask_in_steps
from assistant.chat import Chat
from assistant.exporting import make_exchange
from assistant.starters import suggest_questions
from assistant.wording import span_years
from cite.legible import measure_bullet
from core.errors import PolicyDeskError, UsageError
from core.types import Answer, AnswerSentence, NoticeCard, Place, SentenceKind
from store.archive import Archive
from views.components import Clicks, draw_answer, hold_top
from views.description import describe_answer, describe_copies, find_tables
from views.exports import draw_exports
from views.source import open_source
from views.style import choose_style
from views.wording import escape_markdown, read_words

_TURNS = "turns"
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of this session and its answer."""

    question: str
    answer: Answer


def show_chat_page(archive: Archive, chat: Chat | None = None) -> None:
    """Draw the conversation, take the next question, answer it; `chat` drafts, None quotes."""
    words = read_words(st.context.locale)
    archive.refresh()
    cards = archive.catalogue.cards()
    turns: list[Turn] = st.session_state.setdefault(_TURNS, [])
    years, style = _draw_sidebar(archive, cards, turns, words)
    # The place of the welcome stays when it is gone, so that nothing drawn below it is drawn anew.
    welcome, clicked = st.empty(), None
    if not turns:
        with welcome.container():
            clicked = _draw_welcome(archive, cards, words, chat is not None)
    for place, turn in enumerate(turns):
        _draw_turn(archive, turn, place, place + 1 == len(turns), words, style)
    question = st.chat_input(words["ask"], max_chars=_LONGEST, disabled=not cards) or clicked
    if question:
        welcome.empty()
    if question and _answer(archive, chat, question, turns, years, words):
        st.rerun()


def _draw_sidebar(
    archive: Archive, cards: Sequence[NoticeCard], turns: list[Turn], words: dict[str, str]
) -> tuple[list[int], str]:
    """What is on the desk, the filter of years, the style of citations; returns the years and the style chosen."""
    with st.sidebar:
        st.header(words["title"], anchor=False)
        known = sorted({card.year for card in cards if card.year is not None}, reverse=True)
        st.caption(f"{words['on_desk']}: {len(cards)} {words['notices']}, {span_years(known)}")
        years = st.multiselect(
            words["filter"], known, placeholder=words["all_years"], help=words["filter_help"], key="years"
        )
        if st.button(words["new"], disabled=not turns, width="stretch"):
            turns.clear()
            st.rerun()
        style = choose_style(words)
        if len(turns) > 1:
            asked = [(turn.question, turn.answer) for turn in turns]
            draw_exports(archive, asked, style, words, "all", words["export_all"])
    return list(years), style


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


@st.cache_data(show_spinner=False, max_entries=4)
def _suggest(_archive: Archive, generation: int) -> list[str]:
    """The questions to begin with, made once for each state of the notices."""
    return suggest_questions(_archive)


def _draw_turn(archive: Archive, turn: Turn, place: int, is_last: bool, words: dict[str, str], style: str) -> None:
    answer = turn.answer
    with st.chat_message("user"):
        st.markdown(escape_markdown(turn.question))
    with st.chat_message("assistant"):
        exchange = make_exchange(archive.catalogue, turn.question, answer)
        holding = {citation.label for citation in exchange.answer.citations}
        st.empty()
        values = describe_answer(answer, holding, words, find_tables(archive.catalogue, answer), style)
        copies = describe_copies(exchange, style, words)
        clicks = draw_answer(values | {"is_last": is_last, "copies": copies, "style": style}, f"answer-{place}")
        draw_exports(archive, [(turn.question, answer)], style, words, str(place), words["export"])
    clicked = _find_clicked(answer, clicks)
    if clicked is not None:
        open_source(archive, clicked.notice_id, clicked.span, style)


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
    years: Sequence[int],
    words: dict[str, str],
) -> bool:
    """Answer a question before the user's eyes and add the turn; False where it could not be answered."""
    with st.chat_message("user"):
        st.markdown(escape_markdown(question))
    with st.chat_message("assistant"):
        try:
            steps = ask_in_steps(archive, question, [turn.question for turn in turns], years=years, chat=chat)
            said = st.empty()
            # The component is there before its answer is: the words that were shown meanwhile leave no gap.
            draw_answer({}, f"answer-{len(turns)}")
            answer = _follow(steps, said, archive, chat, words)
        except PolicyDeskError as error:
            st.error(escape_markdown(f"{words['failed']}: {error}"))
            st.caption(escape_markdown(error.help))
            return False
    turns.append(Turn(question, answer))
    return True


def _follow(
    steps: Iterable[AnswerSentence | Answer],
    said: DeltaGenerator,
    archive: Archive,
    chat: Chat | None,
    words: dict[str, str],
) -> Answer:
    """The answer; while a chat model drafts, each sentence is shown in `said` once it is proved, where it will stay.

    The notices' own sentences come all at once and are drawn once, by the component.
    """
    waiting = words["searching"].format(count=len(archive.catalogue.cards()))
    if chat is not None:
        waiting += " " + words["drafting"].format(model=escape_markdown(chat.name))
    shown: list[str] = []
    with st.spinner(waiting):
        for step in steps:
            if isinstance(step, Answer):
                return step
            text = step.text[measure_bullet(step.text) if step.kind is SentenceKind.point else 0 :]
            if chat is not None and text not in shown:
                shown.append(text)
                said.markdown("\n\n".join(escape_markdown(text).replace("\n", "  \n") for text in shown))
    raise UsageError("the question was not answered to its end")
