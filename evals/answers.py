"""Measures whole answers: is the gold quote cited, is the answer in the first sentences, is refusal right?"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from assistant.ask import ask
from core.errors import UsageError
from core.types import Answer, Status
from evals.inquiries import Inquiry
from evals.logistic import rank_positives
from store.archive import Archive


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question and what was answered; `exact`: whether every quote is, to the character, its span."""

    inquiry: Inquiry
    answer: Answer | None
    exact: bool
    seconds: float

    @property
    def is_shown(self) -> bool:
        """Whether something was answered at all, in whole or in part."""
        return self.answer is not None and bool(self.answer.sentences)

    @property
    def quotes(self) -> tuple[str, ...]:
        """The quotes in the order of their labels."""
        return tuple(citation.quote for citation in self.answer.citations) if self.answer else ()

    def holds_answer(self, sentences: int) -> bool:
        """Whether one of the answers stands in the first sentences shown."""
        shown = self.answer.sentences[:sentences] if self.answer else ()
        return any(answer in sentence.text for answer in self.inquiry.answers for sentence in shown)

    def cites_all(self) -> bool:
        """Whether every gold quote lies inside the cited spans, white space aside."""
        cited = "".join("".join(self.quotes).split())
        return bool(self.inquiry.quotes) and all("".join(quote.split()) in cited for quote in self.inquiry.quotes)

    def has_status(self) -> bool:
        """Whether the answer ended as it should."""
        return self.answer is not None and self.answer.status.value == self.inquiry.status


def answer_all(archive: Archive, inquiries: Iterable[Inquiry], told: Callable[[], object]) -> list[Outcome]:
    """Every question asked as the command line asks it; `told` is called after each."""
    outcomes = []
    for inquiry in inquiries:
        started = time.perf_counter()
        try:
            answer = ask(archive, inquiry.question, inquiry.history)
        except UsageError:
            answer = None
        seconds = time.perf_counter() - started
        outcomes.append(Outcome(inquiry, answer, answer is None or _is_exact(archive, answer), seconds))
        told()
    return outcomes


def _is_exact(archive: Archive, answer: Answer) -> bool:
    return all(
        citation.span.of(archive.catalogue.notice(citation.card.notice_id).text) == citation.quote
        for citation in answer.citations
    )


def summarise(outcomes: Sequence[Outcome]) -> dict[str, dict[str, float]]:
    """The figures by group: all, each language, each type; a figure that has no questions is left out."""
    groups: dict[str, list[Outcome]] = {"all": list(outcomes)}
    for outcome in outcomes:
        for name in (outcome.inquiry.language, outcome.inquiry.type):
            if name:
                groups.setdefault(name, []).append(outcome)
    return {name: _measure(group) for name, group in groups.items()}


def _measure(outcomes: Sequence[Outcome]) -> dict[str, float]:
    asked = [o for o in outcomes if o.inquiry.is_answerable]
    hopeless = [o for o in outcomes if not o.inquiry.is_answerable]
    quoted = [o for o in asked if o.inquiry.quotes]
    told = [o for o in asked if o.inquiry.answers]
    refused = [o for o in outcomes if not o.is_shown]
    figures: dict[str, float] = {
        "questions": len(outcomes),
        "quotes_exact": _share(o.exact for o in outcomes),
        "gold_cited": _share(o.cites_all() for o in quoted),
        "status_right": _share(o.has_status() for o in outcomes if o.inquiry.status),
        "answer_in_first": _share(o.holds_answer(1) for o in told),
        "answer_in_first_three": _share(o.holds_answer(3) for o in told),
        "sentences_shown": _median(len(o.answer.sentences) for o in asked if o.answer and o.is_shown),
        "refusal_precision": _share(not o.inquiry.is_answerable for o in refused) if hopeless else np.nan,
        "refusal_recall": _share(not o.is_shown for o in hopeless),
        "answerable_refused": _share(not o.is_shown for o in asked),
        "auroc": _rank(asked, hopeless),
        "seconds": _median(o.seconds for o in outcomes),
    }
    return {name: value for name, value in figures.items() if not np.isnan(value)}


def _rank(asked: Sequence[Outcome], hopeless: Sequence[Outcome]) -> float:
    if not asked or not hopeless:
        return float("nan")
    positives, negatives = (
        np.array([o.answer.confidence if o.answer else 0.0 for o in group]) for group in (asked, hopeless)
    )
    return rank_positives(positives, negatives)


def _share(flags: Iterable[bool]) -> float:
    values = list(flags)
    return sum(values) / len(values) if values else float("nan")


def _median(values: Iterable[float]) -> float:
    known = list(values)
    return float(median(known)) if known else float("nan")


_NAMES = {
    "questions": "questions",
    "quotes_exact": "quotes equal to the source",
    "gold_cited": "gold quotes inside the cited spans",
    "status_right": "status as expected",
    "answer_in_first": "answer in the first sentence",
    "answer_in_first_three": "answer in the first three sentences",
    "sentences_shown": "sentences shown (median)",
    "refusal_precision": "refusal precision",
    "refusal_recall": "refusal recall",
    "answerable_refused": "answerable questions refused",
    "auroc": "AUROC of the confidence",
    "seconds": "seconds a question (median)",
}


def as_table(figures: Mapping[str, Mapping[str, float]]) -> str:
    """The figures as a Markdown table, a line each, a column for each group."""
    groups = list(figures)
    lines = ["| answers | " + " | ".join(groups) + " |", "| --- |" + " ---: |" * len(groups)]
    for key, name in _NAMES.items():
        if any(key in figures[group] for group in groups):
            cells = [_write(figures[group][key], key) if key in figures[group] else "" for group in groups]
            lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _write(value: float, key: str) -> str:
    return str(int(value)) if key == "questions" else f"{value:.3f}"


def name_statuses(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """How many answers ended in each status."""
    statuses = [outcome.answer.status if outcome.answer else None for outcome in outcomes]
    return {status.value: statuses.count(status) for status in Status if status in statuses}
