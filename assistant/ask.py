"""A question becomes an answer that is proved: the story, step by step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.caveats import add_caveats
from assistant.chat import Chat
from assistant.compared import asks_what_changed, draft_changes
from assistant.demanded import draft_demanded
from assistant.draft import Draft
from assistant.endings import find_endings
from assistant.evidence import gather_evidence
from assistant.expectation import asks_validity
from assistant.extractive import draft_answer
from assistant.generative import draft_with_model
from assistant.likeness import cover
from assistant.parts import split_question
from assistant.refusal import Verdict, judge
from assistant.spelling import mend_names
from assistant.verify import prove
from core.events import Stage, stage
from core.types import Answer, AnswerSentence, Caveat, CaveatKind, Further, Hit, NoticeCard, Searched, Status
from retriever.question import Query, read_question
from retriever.search import search
from store.archive import Archive
from store.shelf import Scope
from store.words import content_terms

_HITS = 10
_NEAREST = 3
# What a question about validity says of any notice; a title that holds this share of its other words is meant.
_OF_VALIDITY = (
    "force valid repealed replaced superseded abolished revoked withdrawn apply notice still longer "
    "有效 废止 失效 取代 通知 文件 仍然 现在"
)
_MEANT = 0.6
# A chat model's draft must rest on one of so many of the best sentences.
_ENOUGH = 8
# A question over more periods than this is answered as one: a table would serve it better.
_MOST_PERIODS = 6


def ask(
    archive: Archive,
    question: str,
    history: Sequence[str] = (),
    *,
    years: Sequence[int] = (),
    issuer: str = "",
    issuers: Sequence[str] = (),
    language: str = "",
    chat: Chat | None = None,
) -> Answer:
    """Answer a question from the notices, every sentence with its citation, or say that they do not.

    `history` holds the earlier questions, oldest first; `years`, `issuer` (a part of a name), `issuers`
    (whole names) and `language` are the user's filters, which win over what the question names; `chat` is
    the model that drafts, None for the notices' own sentences. What the rules find no evidence for, no
    model is asked. Raises UsageError for a question without words, StaleIndexError
    for an index of another model.
    """
    steps = ask_in_steps(
        archive, question, history, years=years, issuer=issuer, issuers=issuers, language=language, chat=chat
    )
    return [step for step in steps if isinstance(step, Answer)][-1]


def ask_in_steps(
    archive: Archive,
    question: str,
    history: Sequence[str] = (),
    *,
    years: Sequence[int] = (),
    issuer: str = "",
    issuers: Sequence[str] = (),
    language: str = "",
    chat: Chat | None = None,
) -> Iterator[AnswerSentence | Answer]:
    """As `ask`: each sentence once it is proved, then the whole answer.

    The answer replaces what was yielded before it: where a model fails midway it holds other sentences.
    """
    with archive.hold() as held:
        mended, respelt = mend_names(held, question)
        query = read_question(
            mended,
            history,
            only_years=years,
            issuer=issuer,
            only_issuers=issuers,
            only_language=language,
            issuers=held.shelf.issuers,
        )
        told = tuple(Caveat(CaveatKind.respelt, (), words=(name.typed, name.read)) for name in respelt)
        for step in _answer(held, query, chat):
            if isinstance(step, Answer):
                yield replace(step, question=question, caveats=(*told, *step.caveats))
            else:
                yield step


def _answer(archive: Archive, query: Query, chat: Chat | None) -> Iterator[AnswerSentence | Answer]:
    """As `ask_in_steps`, of an archive that is held."""
    searched = _say_what_is_searched(archive, query)
    ended = _find_ending(archive, query) if asks_validity(query.asked) else []
    if asks_validity(query.asked) and not ended:
        # What became of a notice of 2019 stands in a later one.
        ends = ("废止",) if query.language == "zh" else tuple(content_terms("repealed replaced"))
        query = replace(query, years=(), periods=(), terms=(*query.terms, *ends))
    absent = _find_absent_years(archive, query)
    if not searched.notices or (absent and len(absent) == len(query.years or query.only_years)):
        yield _refuse(archive, query, searched, absent)
        return
    drafted = _draft_from_records(archive, query, ended) or _draft_by_period(archive, query)
    with stage(Stage.verification) as finding:
        proof = prove(archive.catalogue, drafted.drafts)
        finding.count = len(proof.sentences)
    if not proof.sentences and query.years and not set(query.years) & _years_on_desk(archive):
        yield _refuse(archive, query, searched, query.years)
        return
    if not proof.sentences:
        yield Answer(
            query.asked,
            query.language,
            Status.no_evidence,
            _list_searched(archive, query, searched),
            withheld=proof.withheld,
            nearest=drafted.hits[:_NEAREST],
            confidence=drafted.confidence,
            further=drafted.further,
        )
        return
    answer = Answer(
        query.asked,
        query.language,
        Status.partly if drafted.missing else Status.answered,
        searched,
        proof.sentences,
        proof.citations,
        proof.withheld,
        drafted.missing,
        confidence=drafted.confidence,
        further=drafted.further,
    )
    steps: Iterable[AnswerSentence | Answer] = (*answer.sentences, answer)
    # A list of requirements is complete, or says how many more there are: a model's choice of them would not.
    if chat is not None and drafted.further is None:
        steps = draft_with_model(archive, chat, query, answer, drafted.drafts, drafted.enough, drafted.hits)
    for step in steps:
        yield add_caveats(archive, step, drafted.compared) if isinstance(step, Answer) else step


@dataclass(frozen=True, slots=True)
class _Drafted:
    """What was drafted, and the sentences that may answer; the passages found, best first; the parts without
    an answer; how sure the rest is; whether several years are compared; what else was required."""

    drafts: tuple[Draft, ...]
    enough: tuple[Draft, ...]
    hits: tuple[Hit, ...]
    missing: tuple[str, ...]
    confidence: float
    compared: bool
    further: Further | None = None


def _find_ending(archive: Archive, query: Query) -> list[Draft]:
    """The sentence that repeals or replaces the notice that is asked about; [] where no notice is named for certain.

    It is one whose number stands in the question, or of an asked year whose title holds most of its words.
    """
    hits = search(archive, query, _HITS)
    meant = [hit.card for hit in hits if _is_meant(archive, query, hit.card)]
    return [ending.draft for ending in find_endings(archive, meant[:1])]


def _is_meant(archive: Archive, query: Query, card: NoticeCard) -> bool:
    if query.numbers:
        return any(card.notice_id in archive.shelf.numbered.get(number, ()) for number in query.numbers)
    if query.years and card.year not in query.years:
        return False
    title = frozenset(content_terms(f"{card.title} {card.issuer}"))
    framing = frozenset(content_terms(_OF_VALIDITY))
    weights = {term: archive.weigh(term) for term in query.terms if term not in framing}
    return bool(weights) and cover(weights, title) >= _MEANT


def _draft_from_records(archive: Archive, query: Query, ended: Sequence[Draft]) -> _Drafted | None:
    """What is not searched for by likeness, but read from links, comparisons and obligations: it is the answer."""
    drafts = tuple(ended) or tuple(draft_changes(archive, query) if asks_what_changed(query) else ())
    demanded = None if drafts else draft_demanded(archive, query)
    if demanded is not None:
        hits = () if demanded.drafts else tuple(search(archive, query, _HITS))
        sure, compared = float(bool(demanded.drafts)), len(query.periods) > 1
        return _Drafted(demanded.drafts, demanded.drafts, hits, demanded.missing, sure, compared, demanded.further)
    return _Drafted(drafts, drafts, (), (), 1.0, compared=False) if drafts else None


def _draft_by_period(archive: Archive, query: Query) -> _Drafted:
    """A question over several years is asked of each, one that asks several things is asked part by part."""
    compared = 2 <= len(query.periods) <= _MOST_PERIODS
    asked = (
        [(query.narrow(period), query.name_period(period)) for period in query.periods]
        if compared
        else [(part, part.asked) for part in split_question(query)]
    )
    drafts: list[Draft] = []
    enough: list[Draft] = []
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
            enough += [Draft(e.card, e.sentence.span, e.text, e.sentence.kind) for e in verdict.permitted[:_ENOUGH]]
        else:
            missing.append(name)
    hits = sorted({hit.passage.passage_id: hit for hit in hits}.values(), key=lambda hit: -hit.score)
    return _Drafted(
        tuple(drafts), (*drafts, *enough), tuple(hits), tuple(missing), max(confidences, default=0.0), compared
    )


def _hear(archive: Archive, query: Query, hits: Sequence[Hit]) -> Verdict:
    """What these passages have to say, and whether it is enough."""
    with stage(Stage.refusal) as finding:
        verdict = judge(query, gather_evidence(archive, query, hits), query.years)
        finding.count = len(verdict.permitted)
    return verdict


def _say_what_is_searched(archive: Archive, query: Query) -> Searched:
    scope = query.scope
    issuers = query.only_issuers or ((query.issuer,) if query.issuer else ())
    count, years = len(archive.shelf.keep(scope)), archive.shelf.years_in(scope)
    return Searched(count, years, only_years=query.only_years, issuers=issuers, language=query.only_language)


def _list_searched(archive: Archive, query: Query, searched: Searched) -> Searched:
    """What was searched in vain, with the notices of the years that were asked for; without any, it is what it was."""
    years = query.only_years or query.years
    if not years:
        return searched
    cards = archive.shelf.cards_in(query.scope)
    listed = [card for card in cards if card.year in years] or cards
    by_date = sorted(listed, key=lambda card: (card.issued_on or str(card.year or ""), card.title, card.notice_id))
    return replace(searched, asked_years=years, listed=tuple(by_date))


def _years_on_desk(archive: Archive) -> frozenset[int]:
    return frozenset(archive.shelf.years_in(Scope()))


def _find_absent_years(archive: Archive, query: Query) -> list[int]:
    """The asked years of which there is no notice, and of which none speaks."""
    known = _years_on_desk(archive)
    filtered = [year for year in query.only_years if year not in known]
    return filtered or [year for year in query.years if year not in known and not archive.speaks_of(str(year))]


def _refuse(archive: Archive, query: Query, searched: Searched, absent: Sequence[int]) -> Answer:
    """An answer that says that the years asked for, or all notices, are not on the desk."""
    everything = _say_what_is_searched(
        archive, replace(query, only_years=(), issuer="", only_issuers=(), only_language="")
    )
    if absent:
        return Answer(
            query.asked,
            query.language,
            Status.out_of_scope_year,
            _list_searched(archive, replace(query, years=query.only_years or query.years, only_years=()), everything),
            missing=_name_absent(query, absent),
        )
    return Answer(query.asked, query.language, Status.no_evidence, _list_searched(archive, query, searched))


def _name_absent(query: Query, absent: Sequence[int]) -> tuple[str, ...]:
    """The absent years as a person names them: "the years before 1950" and not each of them."""
    periods = [period for period in query.periods if set(period) <= set(absent)]
    if query.only_years or not periods:
        return tuple(str(year) for year in absent)
    return tuple(query.name_period(period) for period in periods)
