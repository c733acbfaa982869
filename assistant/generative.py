"""A chat model drafts, code proves: each sentence of a draft against the notices, or the notices' own instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from assistant.briefing import Briefing, brief
from assistant.chat import Chat, stream_answer
from assistant.drafted import NO_ANSWER, DraftedSentence, Restart, cut_sentences
from assistant.evidence import gather_evidence
from assistant.extractive import Draft
from assistant.ledger import Ledger
from assistant.refusal import judge
from assistant.verify import ProvenClaim, prove_claim
from core.errors import ChatFailedError
from core.types import Answer, AnswerSentence, Fallback, Hit, Place, SentenceKind, Status, Withheld
from retriever.question import Query
from store.archive import Archive
from store.words import name_language

_OTHER_LANGUAGE = "it is not in the language of the question"


def draft_with_model(
    archive: Archive, chat: Chat, query: Query, extractive: Answer, drafts: Sequence[Draft], hits: Sequence[Hit]
) -> Iterator[AnswerSentence | Answer]:
    """Each sentence of the model's draft as soon as it is proved, then the answer.

    `extractive` is the answer in the notices' own sentences, `drafts` what it was made of, `hits` the
    passages found, best first. The answer is `extractive` again where the model fails (status
    model_failed), whatever was yielded before: a draft that broke off may lack what matters. Where the
    model writes NO_ANSWER the status stays: the rules found the evidence enough, and it is shown.
    """
    briefing = brief(query, _in_order(hits, drafts), chat.tokens)
    composing = _Composing(archive, query, briefing, drafts)
    try:
        for written in cut_sentences(stream_answer(chat, briefing.prompt)):
            yield from composing.take(written)
    except ChatFailedError as failure:
        yield _fall_back(extractive, failure.cause, composing.withheld)
        return
    if not composing.speaks:
        yield _fall_back(
            extractive, Fallback.no_answer if composing.declined else Fallback.unproved, composing.withheld
        )
        return
    yield replace(
        extractive,
        sentences=tuple(composing.ledger.sentences),
        citations=composing.ledger.citations,
        withheld=tuple(composing.withheld),
        model=chat.name,
    )


def _fall_back(extractive: Answer, cause: Fallback, withheld: Sequence[Withheld]) -> Answer:
    status = extractive.status if cause is Fallback.no_answer else Status.model_failed
    return replace(extractive, status=status, fallback=cause, withheld=(*extractive.withheld, *withheld))


def _in_order(hits: Sequence[Hit], drafts: Sequence[Draft]) -> list[Hit]:
    """The passages that hold the notices' own answer, then the others, best first; none twice."""
    known = {hit.passage.passage_id: hit for hit in hits}
    return sorted(known.values(), key=lambda hit: not any(_holds(hit, draft) for draft in drafts))


def _holds(hit: Hit, draft: Draft) -> bool:
    return hit.card.notice_id == draft.card.notice_id and hit.passage.span.overlaps(draft.span)


@dataclass(slots=True)
class _Composing:
    """An answer in the making. Sentences are held back until one of them speaks to the question."""

    archive: Archive
    query: Query
    briefing: Briefing
    drafts: Sequence[Draft]
    withheld: list[Withheld] = field(default_factory=list)
    speaks: bool = False
    declined: bool = False
    ledger: Ledger = field(init=False)
    _by_label: list[list[Draft]] = field(init=False)
    _pool: list[Draft] = field(init=False)
    _enough: list[Draft] = field(init=False)

    def __post_init__(self) -> None:
        @cache
        def read_text(notice_id: str) -> str:
            return self.archive.catalogue.notice(notice_id).text

        passages = self.briefing.passages
        self.ledger = Ledger(self.archive.catalogue)
        self._by_label = [_read_sentences(hit, self.archive, read_text) for hit in passages]
        sentences = (draft for drafts in self._by_label for draft in drafts)
        self._pool = list({(draft.card.notice_id, draft.span): draft for draft in sentences}.values())
        self._enough = [*self.drafts, *_find_enough(self.archive, self.query, passages, read_text)]

    def take(self, written: DraftedSentence | Restart) -> list[AnswerSentence]:
        """The sentences that may be shown now that the model has written this."""
        if isinstance(written, Restart):
            self.ledger, self.speaks, self.declined = Ledger(self.archive.catalogue), False, False
            return []
        if NO_ANSWER in written.text:
            self.declined = True
            return []
        said, spans = self._prove(written)
        if said is None:
            return []
        if self.speaks:
            return [said]
        self.speaks = any(_overlap(span, other) for span in spans for other in self._enough)
        return list(self.ledger.sentences) if self.speaks else []

    def _prove(self, written: DraftedSentence) -> tuple[AnswerSentence | None, Sequence[Draft]]:
        """(the sentence, or the quote in its place; what proves it)."""
        known = [label for label in written.labels if 0 < label <= len(self._by_label)]
        cited = [draft for label in known for draft in self._by_label[label - 1]]
        outcome = prove_claim(written.text, cited, self._pool)
        if isinstance(outcome, ProvenClaim):
            quoted = any("".join(span.text.split()) == "".join(outcome.text.split()) for span in outcome.spans)
            if quoted or name_language(outcome.text) == self.query.language:
                return self.ledger.say(outcome.text, outcome.spans), outcome.spans
            outcome = Withheld(written.text, _OTHER_LANGUAGE, nearest=_place(outcome.spans[0]))
        self.withheld.append(outcome)
        quote = self._find_quote(outcome)
        return (self.ledger.say(quote.text, [quote]), [quote]) if quote else (None, [])

    def _find_quote(self, withheld: Withheld) -> Draft | None:
        """The quote of the notices' own answer that a withheld sentence comes nearest to."""
        nearest = withheld.nearest
        if nearest is None:
            return None
        for draft in self.drafts:
            if draft.card.notice_id == nearest.notice_id and draft.span.overlaps(nearest.span):
                return draft
        return None


def _place(draft: Draft) -> Place:
    return Place(draft.card.notice_id, draft.span)


def _overlap(one: Draft, other: Draft) -> bool:
    return one.card.notice_id == other.card.notice_id and one.span.overlaps(other.span)


def _read_sentences(hit: Hit, archive: Archive, read_text: Callable[[str], str]) -> list[Draft]:
    """The sentences of a passage, without headings; one that is cut by it is taken whole."""
    touching = archive.catalogue.sentences(hit.card.notice_id, hit.passage.span)
    text = read_text(hit.card.notice_id)
    return [Draft(hit.card, s.span, s.span.of(text), s.kind) for s in touching if s.kind is not SentenceKind.heading]


def _find_enough(archive: Archive, query: Query, hits: Sequence[Hit], read_text: Callable[[str], str]) -> list[Draft]:
    """The sentences each of which would be enough evidence by itself."""
    return [
        Draft(item.card, item.sentence.span, item.text, item.sentence.kind)
        for hit in hits
        for item in gather_evidence(archive, query, [hit])
        if judge(query, [item], query.years, read_text)
    ]
