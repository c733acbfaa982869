"""A reference as runs of text, some in italics, and how they are written out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one face."""

    text: str
    italic: bool = False


def join_runs(runs: Iterable[Run]) -> tuple[Run, ...]:
    """The same text with neighbours of one face made one, and empty ones left out."""
    joined: list[Run] = []
    for run in runs:
        if joined and joined[-1].italic == run.italic:
            joined[-1] = Run(joined[-1].text + run.text, run.italic)
        elif run.text:
            joined.append(run)
    return tuple(joined)


def write_rich(runs: Iterable[Run]) -> str:
    """The runs as HTML: escaped, italics in <i>."""
    written = ((escape(run.text), run.italic) for run in runs)
    return "".join(f"<i>{text}</i>" if italic else text for text, italic in written)


def write_bare(runs: Iterable[Run]) -> str:
    """The text of the runs."""
    return "".join(run.text for run in runs)
