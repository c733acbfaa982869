"""What was required, as pages and files take it: cited, counted, and as an answer that can be exported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from core.types import Answer, AnswerSentence, Citation, Searched, Status, Strength
from retriever.changes import Change, ChangeKind, compare_years
from retriever.obligations import Required, search_obligations
from retriever.topics import find_topics
from store.archive import Archive

__all__ = [
    "Change",
    "ChangeKind",
    "Required",
    "cite_required",
    "compare_years",
    "count_by_year",
    "list_topics",
    "make_answer",
    "search_obligations",
]


def cite_required(archive: Archive, required: Sequence[Required]) -> list[Citation]:
    """A citation of each requirement, labelled from 1; raises UnknownNoticeError for one that is gone."""
    notices = {name: archive.catalogue.notice(name) for name in dict.fromkeys(one.card.notice_id for one in required)}
    return [notices[one.card.notice_id].cite(label, one.obligation.span) for label, one in enumerate(required, start=1)]


def list_topics(archive: Archive) -> list[str]:
    """The names of the topics of a desk, those with most requirements first."""
    return [name for name, _ in Counter(name for name in find_topics(archive).values() if name).most_common()]


def count_by_year(required: Sequence[Required]) -> dict[int, dict[Strength, int]]:
    """How many requirements of each strength each year has; those about no year are left out."""
    counts: dict[int, dict[Strength, int]] = {}
    for one in required:
        if one.obligation.year is not None:
            of_year = counts.setdefault(one.obligation.year, dict.fromkeys(Strength, 0))
            of_year[one.obligation.strength] += 1
    return dict(sorted(counts.items()))


def make_answer(archive: Archive, question: str, language: str, required: Sequence[Required]) -> Answer:
    """The requirements as an answer in the notices' own words, to be exported as one."""
    citations = cite_required(archive, required)
    cards = archive.shelf.cards.values()
    years = tuple(sorted({card.year for card in cards if card.year is not None}))
    return Answer(
        question,
        language,
        Status.answered if citations else Status.no_evidence,
        Searched(len(cards), years),
        tuple(AnswerSentence(citation.quote, (citation.label,)) for citation in citations),
        tuple(citations),
    )
