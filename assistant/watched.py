"""A question answered while somebody watches: how it ended and how long it took is told, its way is a trace."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from assistant.ask import ask_in_steps
from assistant.chat import Chat
from assistant.tracing import Tracing
from core.events import Answered, tell
from core.types import Answer, AnswerSentence
from store.archive import Archive


def ask_watched(
    archive: Archive,
    question: str,
    history: Sequence[str] = (),
    *,
    years: Sequence[int] = (),
    issuer: str = "",
    issuers: Sequence[str] = (),
    language: str = "",
    chat: Chat | None = None,
    tracing: Tracing | None = None,
) -> Iterator[AnswerSentence | Answer]:
    """As `ask_in_steps`, and each answer is told as an event; with `tracing` its stages are spans of one trace.

    What fails is told by the door that shows it.
    """
    started, first = time.perf_counter(), None
    steps = ask_in_steps(
        archive, question, history, years=years, issuer=issuer, issuers=issuers, language=language, chat=chat
    )
    for step in tracing.follow(question, steps) if tracing else steps:
        seconds = time.perf_counter() - started
        if isinstance(step, AnswerSentence) or step.sentences:
            first = seconds if first is None else first
        if isinstance(step, Answer):
            tell(_describe(question, step, seconds, first))
        yield step


def _describe(question: str, answer: Answer, seconds: float, first: float | None) -> Answered:
    return Answered(
        answer.status.value,
        answer.language,
        seconds,
        first,
        answer.searched.notices,
        len(answer.citations),
        answer.model,
        answer.fallback.value if answer.fallback else "",
        tuple(withheld.fault for withheld in answer.withheld),
        question,
        " ".join(sentence.text for sentence in answer.sentences),
    )
