"""A question becomes an answer that is proved: the story, step by step."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.caveats import find_caveats, find_endings
from assistant.evidence import gather_evidence
from assistant.extractive import Draft, draft_answer
from assistant.parts import split_question
from assistant.refusal import Verdict, judge
from assistant.verify import Proof, prove
from core.types import Answer, Caveat, CaveatKind, Hit, Searched, Status
from retriever.question import Query, read_question
from retriever.search import search
from store.archive import Archive
from store.words import content_terms

_ASKS_VALIDITY = re.compile(
    r"(?i)\b(?:in force|valid|repealed|replaced|superseded|abolished|apply any (?:more|longer))\b"
    r"|废止|失效|有效|取代|现行"
)
_HITS = 10
_NEAREST = 3
# A question over more periods than this is answered as one: a table would serve it better.
_MOST_PERIODS = 6


def ask(
    archive: Archive,
    question: str,
    history: Sequence[str] = (),
    *,
    years: Sequence[int] = (),
    issuer: str = "",
) -> Answer:
    """Answer a question from the notices, every sentence with its citation, or say that they do not.

    `history` holds the earlier questions, oldest first; `years` and `issuer` are the user's filters.
    Raises UsageError for a question without words, StaleIndexError for an index of another model.
    """
    archive.refresh()
    issuers = archive.shelf.issuers
    query = read_question(question, history, only_years=years, issuer=issuer, issuers=issuers)
    searched = _say_what_is_searched(archive, query)
    if _ASKS_VALIDITY.search(query.asked):
        # What became of a notice of 2019 stands in a later one.
        ends = ("废止",) if query.language == "zh" else tuple(content_terms("repealed replaced"))
        query = replace(query, years=(), periods=(), terms=(*query.terms, *ends))
    absent = _find_absent_years(archive, query)
    if not searched.notices or (absent and len(absent) == len(query.years or query.only_years)):
        return _refuse(archive, query, searched, absent)
    drafted = _draft_by_period(archive, query)
    proof = prove(archive.catalogue, drafted.drafts)
    if not proof.sentences and query.years and not set(query.years) & {card.year for card in archive.catalogue.cards()}:
        return _refuse(archive, query, searched, query.years)
    if not proof.sentences:
        nearest = drafted.hits[:_NEAREST]
        return Answer(
            question,
            query.language,
            Status.no_evidence,
            searched,
            withheld=proof.withheld,
            nearest=nearest,
            confidence=drafted.confidence,
        )
    proof, caveats = _add_caveats(archive, drafted, proof)
    return Answer(
        question,
        query.language,
        Status.partly if drafted.missing else Status.answered,
        searched,
        proof.sentences,
        proof.citations,
        proof.withheld,
        drafted.missing,
        confidence=drafted.confidence,
        caveats=caveats,
    )


def _add_caveats(archive: Archive, drafted: _Drafted, proof: Proof) -> tuple[Proof, tuple[Caveat, ...]]:
    """The proof with the sentences that repeal what is quoted, and what must be said beside it."""
    endings = find_endings(archive, [citation.card for citation in proof.citations])
    if endings:
        proof = prove(archive.catalogue, [*drafted.drafts, *(draft for _, draft in endings)])
    caveats = [
        Caveat(
            CaveatKind.superseded,
            tuple(c.label for c in proof.citations if c.card == card),
            next((c.label for c in proof.citations if c.card == draft.card and c.span == draft.span), None),
        )
        for card, draft in endings
    ]
    return proof, (*caveats, *find_caveats(archive, proof.sentences, proof.citations, drafted.compared))


@dataclass(frozen=True, slots=True)
class _Drafted:
    """What was drafted; the passages found, best first; the parts without an answer; how sure the rest is."""

    drafts: tuple[Draft, ...]
    hits: tuple[Hit, ...]
    missing: tuple[str, ...]
    confidence: float
    compared: bool


def _draft_by_period(archive: Archive, query: Query) -> _Drafted:
    """A question over several years is asked of each, one that asks several things is asked part by part."""
    compared = 2 <= len(query.periods) <= _MOST_PERIODS
    asked = (
        [(replace(query, years=period), "/".join(str(year) for year in period)) for period in query.periods]
        if compared
        else [(part, part.asked) for part in split_question(query)]
    )
    drafts: list[Draft] = []
    hits: list[Hit] = []
    missing: list[str] = []
    confidences: list[float] = []
    for part, name in asked:
        found = search(archive, part, _HITS)
        verdict = _hear(archive, part, found)
        confidences.append(verdict.confidence)
        hits += found
        if verdict.is_enough:
            drafts += draft_answer(archive, part, verdict.permitted)
        else:
            missing.append(name)
    hits = sorted({hit.passage.passage_id: hit for hit in hits}.values(), key=lambda hit: -hit.score)
    return _Drafted(tuple(drafts), tuple(hits), tuple(missing), max(confidences, default=0.0), compared)


def _hear(archive: Archive, query: Query, hits: Sequence[Hit]) -> Verdict:
    """What these passages have to say, and whether it is enough."""
    texts: dict[str, str] = {}

    def read_text(notice_id: str) -> str:
        if notice_id not in texts:
            texts[notice_id] = archive.catalogue.notice(notice_id).text
        return texts[notice_id]

    return judge(query, gather_evidence(archive, query, hits), query.years, read_text)


def _say_what_is_searched(archive: Archive, query: Query) -> Searched:
    cards = archive.catalogue.cards(query.only_years, query.issuer)
    years = tuple(sorted({card.year for card in cards if card.year is not None}))
    return Searched(len(cards), years)


def _find_absent_years(archive: Archive, query: Query) -> list[int]:
    """The asked years of which there is no notice, and of which none speaks."""
    known = {card.year for card in archive.catalogue.cards()}
    filtered = [year for year in query.only_years if year not in known]
    return filtered or [year for year in query.years if year not in known and not archive.speaks_of(str(year))]


def _refuse(archive: Archive, query: Query, searched: Searched, absent: Sequence[int]) -> Answer:
    """An answer that says that the years asked for, or all notices, are not on the desk."""
    everything = _say_what_is_searched(archive, replace(query, only_years=(), issuer=""))
    if absent:
        return Answer(
            query.asked,
            query.language,
            Status.out_of_scope_year,
            everything,
            missing=tuple(str(year) for year in absent),
        )
    return Answer(query.asked, query.language, Status.no_evidence, searched)
