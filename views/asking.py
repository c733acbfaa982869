"""A question answered before the user's eyes: what is proved is shown as it comes, and stays when it is stopped."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from assistant.chat import Chat
from assistant.tracing import Tracing
from assistant.watched import ask_watched
from cite.legible import measure_bullet
from core.events import begin_request, tell_failure
from core.types import Answer, AnswerSentence, SentenceKind
from store.archive import Archive
from views.filters import Filters
from views.wording import escape_markdown

_ASKED, _UNDERWAY = "asked", "underway"
# So often, in seconds, the page lets Streamlit see whether something was clicked; so long a stopped answer is waited
# for: a model is left at once, only what it wrote last is still held against the notices.
_GLANCE, _PATIENCE = 0.2, 10.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was clicked or edited, and the place in the conversation that its answer takes."""

    question: str
    place: int


def ask_next(question: str, place: int) -> None:
    """Have the next run of the page answer a question at this place; what stood there and after it goes."""
    st.session_state[_ASKED] = Asked(question, place)


def take_asked() -> Asked | None:
    """What `ask_next` asked for, once."""
    asked: Asked | None = st.session_state.pop(_ASKED, None)
    return asked


class _Asking:
    """A question being answered in a thread of its own, so that the page can be left at any moment.

    Its answer is handed to `keep` once, by whoever settles it first. `chat` is a copy of the session's with a stop
    of its own.
    """

    def __init__(
        self,
        archive: Archive,
        chat: Chat | None,
        question: str,
        history: Sequence[str],
        filters: Filters,
        keep: Callable[[Answer], None],
        tracing: Tracing | None,
    ) -> None:
        self._tracing = tracing
        self._archive, self._question, self._history, self._filters = archive, question, history, filters
        self._chat = replace(chat, stopped=threading.Event()) if chat else None
        self._steps: queue.Queue[AnswerSentence | Answer | Exception] = queue.Queue()
        self._keep = keep
        self._answer: Answer | None = None
        self._ended, self._settling = threading.Event(), threading.Lock()
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        filters = self._filters
        begin_request()
        try:
            for step in ask_watched(
                self._archive,
                self._question,
                self._history,
                years=filters.years,
                issuers=filters.issuers,
                language=filters.language,
                chat=self._chat,
                tracing=self._tracing,
            ):
                self._answer = step if isinstance(step, Answer) else self._answer
                self._steps.put(step)
        except Exception as error:  # it is raised again where the answer is waited for
            tell_failure(error)
            self._steps.put(error)
        finally:
            self._ended.set()

    def take(self, timeout: float) -> AnswerSentence | Answer | None:
        """The next step, None where none comes in so many seconds; raises what answering raised."""
        try:
            step = self._steps.get(timeout=timeout)
        except queue.Empty:
            return None
        if isinstance(step, Exception):
            raise step
        return step

    def settle(self) -> None:
        """Keep the answer: the whole, or what was proved by now, where the model is left; nothing where none is."""
        if self._chat:
            self._chat.stopped.set()
        with self._settling:
            if self._ended.wait(_PATIENCE) and self._answer is not None:
                self._keep(self._answer)
            self._answer = None


def settle_underway() -> None:
    """Keep what a run of the page before this one was answering when it was left.

    Streamlit begins this run while that one may not yet know that it is over.
    """
    asking: _Asking | None = st.session_state.pop(_UNDERWAY, None)
    if asking is not None:
        asking.settle()


def answer_in_view(
    archive: Archive,
    chat: Chat | None,
    question: str,
    history: Sequence[str],
    filters: Filters,
    words: dict[str, str],
    said: DeltaGenerator,
    keep: Callable[[Answer], None],
    tracing: Tracing | None = None,
) -> None:
    """Hand the answer to `keep`; while a chat model drafts, each sentence stands in `said` once it is proved.

    Where the page is left before, by the button Stop or by anything else, what was proved by then is the answer:
    `keep` is called with it, here or by `settle_underway` in the next run, and must neither draw nor touch the
    session's state. Raises what `ask` raises.
    """
    asking = _Asking(archive, chat, question, history, filters, keep, tracing)
    st.session_state[_UNDERWAY] = asking
    try:
        _follow(asking, archive, chat, filters, words, said)
    except Exception:
        raise
    except BaseException:
        # Streamlit leaves a script in this way, which is no error.
        asking.settle()
        raise
    asking.settle()


def _follow(
    asking: _Asking, archive: Archive, chat: Chat | None, filters: Filters, words: dict[str, str], said: DeltaGenerator
) -> None:
    """Until the answer is whole; the notices' own sentences come all at once and are drawn once, by the component."""
    waiting = words["searching"].format(count=len(archive.shelf.keep(filters.scope)))
    if chat is not None:
        waiting += " " + words["drafting"].format(model=escape_markdown(chat.name))
    shown: list[str] = []
    with st.spinner(waiting):
        pulse = st.empty()
        if chat is not None:
            st.button(words["stop"], key="stop", icon="⏹️")
        while True:
            step = asking.take(_GLANCE)
            if isinstance(step, Answer):
                return
            # Whatever is drawn lets Streamlit leave the script here, where something was clicked.
            pulse.empty()
            if step is None or chat is None:
                continue
            text = step.text[measure_bullet(step.text) if step.kind is SentenceKind.point else 0 :]
            if text not in shown:
                shown.append(text)
                said.markdown("\n\n".join(escape_markdown(text).replace("\n", "  \n") for text in shown))
