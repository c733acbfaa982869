"""Work that takes its time: done beside the page, so that a click or a closed window does not break it off."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from threading import Thread

import streamlit as st

from core.errors import PolicyDeskError
from core.intake import Outcome, Progress
from views.wording import escape_markdown

_LOOK_SECONDS = 0.2
_KEY = "notices_work"


class Work:
    """One change of the notices under way; it is the progress that the work reports to."""

    def __init__(self, change: Callable[[Progress], Sequence[Outcome]]) -> None:
        """Begin at once."""
        self.stage = ""
        self.share = 0.0
        self.outcomes: tuple[Outcome, ...] = ()
        self.error: PolicyDeskError | None = None
        self.broke: Exception | None = None
        self._total = self._done = 0
        self._change = change
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def start(self, stage: str, total: int) -> None:
        """A stage begins, with so many steps."""
        self.stage, self._total, self._done, self.share = stage, total, 0, 0.0

    def step(self, done: int) -> None:
        """So many more steps of the stage are done."""
        self._done += done
        self.share = min(1.0, self._done / max(1, self._total))

    @property
    def is_under_way(self) -> bool:
        """Whether it goes on."""
        return self._thread.is_alive()

    def _run(self) -> None:
        try:
            self.outcomes = tuple(self._change(self))
        except PolicyDeskError as error:
            self.error = error
        except Exception as error:
            # What goes wrong in a thread is raised where somebody sees it.
            self.broke = error


def begin_work(change: Callable[[Progress], Sequence[Outcome]]) -> None:
    """Begin a change for this session, and draw the page anew."""
    st.session_state[_KEY] = Work(change)
    st.rerun()


def follow_work(words: dict[str, str]) -> Work | None:
    """Show the change of this session until it is done; returns it then, once. None where there is none."""
    work: Work | None = st.session_state.get(_KEY)
    if work is None:
        return None
    if work.is_under_way:
        bar = st.progress(0.0, text=escape_markdown(words["working"]))
        while work.is_under_way:
            name = words.get(f"stage_{work.stage}", words["working"])
            bar.progress(work.share, text=escape_markdown(name))
            time.sleep(_LOOK_SECONDS)
        bar.empty()
    del st.session_state[_KEY]
    if work.broke is not None:
        raise work.broke
    return work
