"""A question becomes an answer that is proved: the story, step by step."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.chat import Chat
from assistant.evidence import Evidence, gather_evidence
from assistant.extractive import Draft, draft_answer
from assistant.generative import draft_with_model
from assistant.refusal import judge
from assistant.verify import prove
from core.types import Answer, AnswerSentence, Hit, Searched, Status
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
    chat: Chat | None = None,
) -> Answer:
    """Answer a question from the notices, every sentence with its citation, or say that they do not.

    `history` holds the earlier questions, oldest first; `years` and `issuer` are the user's filters;
    `chat` is the model that drafts, None for the notices' own sentences. What the rules find no
    evidence for, no model is asked. Raises UsageError for a question without words, StaleIndexError
    for an index of another model.
    """
    steps = ask_in_steps(archive, question, history, years=years, issuer=issuer, chat=chat)
    return [step for step in steps if isinstance(step, Answer)][-1]


def ask_in_steps(
    archive: Archive,
    question: str,
    history: Sequence[str] = (),
    *,
    years: Sequence[int] = (),
    issuer: str = "",
    chat: Chat | None = None,
) -> Iterator[AnswerSentence | Answer]:
    """As `ask`: each sentence once it is proved, then the whole answer.

    The answer replaces what was yielded before it: where a model fails midway it holds other sentences.
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
        yield _refuse(archive, query, searched, absent)
        return
    drafts, hits, missing = _draft_by_period(archive, query)
    proof = prove(archive.catalogue, drafts)
    if not proof.sentences and query.years and not set(query.years) & {card.year for card in archive.catalogue.cards()}:
        yield _refuse(archive, query, searched, query.years)
        return
    if not proof.sentences:
        nearest = tuple(hits[:_NEAREST])
        yield Answer(question, query.language, Status.no_evidence, searched, withheld=proof.withheld, nearest=nearest)
        return
    status = Status.partly if missing else Status.answered
    answer = Answer(
        question,
        query.language,
        status,
        searched,
        proof.sentences,
        proof.citations,
        proof.withheld,
        missing,
    )
    if chat is not None:
        yield from draft_with_model(archive, chat, query, answer, drafts, hits)
        return
    yield from answer.sentences
    yield answer


def _draft_by_period(archive: Archive, query: Query) -> tuple[list[Draft], list[Hit], tuple[str, ...]]:
    """(drafts, hits, periods without an answer): a question over several years is asked of each."""
    compared = 2 <= len(query.periods) <= _MOST_PERIODS
    drafts: list[Draft] = []
    hits: list[Hit] = []
    missing: list[str] = []
    for period in query.periods if compared else (query.years,):
        found = search(archive, replace(query, years=period), _HITS)
        enough = _hear(archive, query, found, period)
        drafts += draft_answer(archive, query, enough)
        hits += found
        if not enough and period:
            missing.append("/".join(str(year) for year in period))
    hits.sort(key=lambda hit: -hit.score)
    return drafts, hits, tuple(missing) if compared else ()


def _hear(archive: Archive, query: Query, hits: Sequence[Hit], years: Sequence[int]) -> list[Evidence]:
    """The evidence in these passages that is enough."""
    texts: dict[str, str] = {}

    def read_text(notice_id: str) -> str:
        if notice_id not in texts:
            texts[notice_id] = archive.catalogue.notice(notice_id).text
        return texts[notice_id]

    return judge(query, gather_evidence(archive, query, hits), years, read_text)


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
