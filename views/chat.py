"""The page Ask: a conversation in which every sentence opens its source."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import streamlit as st

from assistant.ask import ask_in_steps
from assistant.chat import Chat
from assistant.starters import suggest_questions
from assistant.verify import still_holds
from assistant.wording import name_notice_of, say_searched, say_status, say_who_drafted, say_withheld, span_years
from cite.styles import write_plain
from core.errors import PolicyDeskError
from core.types import Answer, AnswerSentence, Citation, Hit, NoticeCard, SentenceKind
from store.archive import Archive
from views.components import draw_answer
from views.source import open_source
from views.wording import escape_markdown, read_words

_TURNS = "turns"
_LONGEST = 2000
_EXCERPT = 220


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
    years = _draw_sidebar(cards, turns, words)
    clicked = _draw_welcome(archive, cards, words, chat is not None) if not turns else None
    for place, turn in enumerate(turns):
        _draw_turn(archive, turn, place, words)
    question = st.chat_input(words["ask"], max_chars=_LONGEST, disabled=not cards) or clicked
    if question and _answer(archive, chat, question, turns, years, words):
        st.rerun()


def _draw_sidebar(cards: Sequence[NoticeCard], turns: list[Turn], words: dict[str, str]) -> list[int]:
    """What is on the desk, and the filter of years; returns the years chosen."""
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
    return list(years)


def _draw_welcome(archive: Archive, cards: Sequence[NoticeCard], words: dict[str, str], drafted: bool) -> str | None:
    """The first impression: what is on the desk, and questions to begin with; returns the one clicked."""
    st.title(words["title"], anchor=False)
    st.markdown(escape_markdown(words["tagline_drafted" if drafted else "tagline"]))
    if not cards:
        st.info(escape_markdown(words["empty"]))
        return None
    issuers = {card.issuer for card in cards if card.issuer}
    figures = st.columns(3)
    figures[0].metric(words["notices"].capitalize(), len(cards))
    figures[1].metric(words["years"].capitalize(), span_years(card.year for card in cards if card.year is not None))
    figures[2].metric(words["issuers"].capitalize(), len(issuers))
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


def _draw_turn(archive: Archive, turn: Turn, place: int, words: dict[str, str]) -> None:
    with st.chat_message("user"):
        st.markdown(escape_markdown(turn.question))
    with st.chat_message("assistant"):
        holding = {c.label for c in turn.answer.citations if still_holds(archive.catalogue, c)}
        opened, neared = draw_answer(describe_answer(turn.answer, holding, words), f"answer-{place}")
    chosen = next((c for c in turn.answer.citations if c.label == opened), None)
    if chosen is not None:
        open_source(archive, chosen.card.notice_id, chosen.span)
    elif neared is not None and 0 <= neared < len(turn.answer.nearest):
        passage = turn.answer.nearest[neared].passage
        open_source(archive, passage.notice_id, passage.span)


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
    answers: list[Answer] = []
    with st.chat_message("assistant"):
        try:
            steps = ask_in_steps(archive, question, [turn.question for turn in turns], years=years, chat=chat)
            with st.spinner(words["searching"].format(count=len(archive.catalogue.cards()))):
                first = next(steps)
            st.write_stream(_stream(chain([first], steps), answers))
        except PolicyDeskError as error:
            st.error(escape_markdown(f"{words['failed']}: {error}"))
            st.caption(escape_markdown(error.help))
            return False
    turns.append(Turn(question, answers[-1]))
    return True


def _stream(steps: Iterable[AnswerSentence | Answer], answers: list[Answer]) -> Iterator[str]:
    """Each proved sentence, then how the answer ended, word by word; the answer is put into `answers`.

    It is Markdown in which nothing of the notices is a mark.
    """
    for step in steps:
        if isinstance(step, Answer):
            answers.append(step)
        text = say_status(step) if isinstance(step, Answer) else step.text
        for word in text.split(" ") if text else []:
            yield escape_markdown(word).replace("\n", "  \n") + " "
            time.sleep(0.004)
        yield "\n\n"


def describe_answer(answer: Answer, holding: set[int], words: dict[str, str]) -> dict[str, Any]:
    """What the component draws; a sentence whose citations no longer hold loses its words."""
    by_label = {citation.label: citation for citation in answer.citations}
    searched = say_searched(answer) if not say_status(answer) else ""
    compared = {label for sentence in answer.sentences if not sentence.quoted for label in sentence.labels}
    count = len(answer.withheld)
    return {
        "status": say_status(answer),
        "kind": answer.status.value,
        "groups": _group(answer, by_label, holding, words),
        "drafted": say_who_drafted(answer),
        "sources": [_describe_source(c, c.label in compared) for c in answer.citations if c.label in holding],
        "nearest": [_describe_hit(place, hit) for place, hit in enumerate(answer.nearest)],
        "searched": searched,
        "withheld": [{"text": w.text, "reason": say_withheld(w, answer.language)} for w in answer.withheld],
        "withheld_title": words["withheld_one" if count == 1 else "withheld"].format(count=count),
        "words": {
            name: words[name] for name in ("source", "sources", "open", "copy", "copied", "not_copied", "nearest")
        },
    }


def _group(
    answer: Answer, by_label: dict[int, Citation], holding: set[int], words: dict[str, str]
) -> list[dict[str, Any]]:
    """The sentences under the notices that they come from, in the answer's order."""
    groups: list[dict[str, Any]] = []
    for sentence in answer.sentences:
        heading = name_notice_of(by_label[sentence.labels[0]])
        if not groups or groups[-1]["heading"] != heading:
            groups.append({"heading": heading, "sentences": []})
        groups[-1]["sentences"].append(_describe_sentence(sentence, by_label, holding, words))
    return groups


def _describe_sentence(
    sentence: AnswerSentence, by_label: dict[int, Citation], holding: set[int], words: dict[str, str]
) -> dict[str, Any]:
    labels = [label for label in sentence.labels if label in holding]
    is_row = sentence.kind is SentenceKind.row
    return {
        "text": sentence.text if labels else words["changed"],
        "changed": not labels,
        "kind": sentence.kind.value,
        "cells": sentence.text.split("\t") if labels and is_row else None,
        "labels": [{"number": label, "title": by_label[label].card.title} for label in labels],
    }


def _describe_source(citation: Citation, compared: bool) -> dict[str, Any]:
    """A source; with its quote where a sentence that it proves is in other words."""
    return {
        "quote": citation.quote if compared else "",
        "number": citation.label,
        "line": write_plain(citation.card, citation.page),
        "copy": write_plain(citation.card, citation.page, citation.quote),
    }


def _describe_hit(place: int, hit: Hit) -> dict[str, Any]:
    text = " ".join(hit.passage.text.split())
    excerpt = text if len(text) <= _EXCERPT else text[:_EXCERPT].rstrip() + " …"
    about = f" ({hit.card.issued_on})" if hit.card.issued_on else ""
    return {"place": place, "title": hit.card.title + about, "excerpt": excerpt}
