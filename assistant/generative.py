"""A chat model drafts, code proves: each sentence of a draft against the notices, or the notices' own instead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.briefing import brief
from assistant.chat import Chat, stream_answer
from assistant.composition import Composition
from assistant.draft import Draft
from assistant.drafted import cut_sentences
from core.errors import ChatFailedError
from core.events import Stage, stage
from core.types import Answer, AnswerSentence, Fallback, Hit, Status, Withheld
from retriever.question import Query
from store.archive import Archive


def draft_with_model(
    archive: Archive,
    chat: Chat,
    query: Query,
    extractive: Answer,
    drafts: Sequence[Draft],
    enough: Sequence[Draft],
    hits: Sequence[Hit],
) -> Iterator[AnswerSentence | Answer]:
    """Each sentence of the model's draft as soon as it is proved, then the answer.

    `extractive` is the answer in the notices' own sentences, `drafts` what it was made of, `enough` these
    and the other sentences that may answer, `hits` the passages found, best first. The answer is
    `extractive` again where the model fails (status model_failed), whatever was yielded before: a draft
    that broke off may lack what matters. Where the model writes NO_ANSWER the status stays: the rules
    found the evidence enough, and it is shown. A draft that the user stops (`chat.stopped`) is kept as far
    as it was proved, with Fallback.stopped.
    """
    briefing = brief(query, _in_order(hits, drafts), chat.tokens)
    composed = Composition(archive, query, briefing, drafts, enough)
    try:
        for written in cut_sentences(stream_answer(chat, briefing.prompt)):
            with stage(Stage.verification) as finding:
                said = composed.take(written)
                finding.count = len(said)
            yield from said
    except ChatFailedError as failure:
        if failure.cause is Fallback.stopped and composed.speaks:
            yield replace(_take_draft(extractive, composed, chat), fallback=Fallback.stopped)
            return
        yield _fall_back(extractive, failure.cause, composed.withheld)
        return
    if not composed.speaks:
        yield _fall_back(extractive, Fallback.no_answer if composed.declined else Fallback.unproved, composed.withheld)
        return
    yield from composed.complete()
    yield _take_draft(extractive, composed, chat)


def _take_draft(extractive: Answer, composed: Composition, chat: Chat) -> Answer:
    return replace(
        extractive,
        sentences=tuple(composed.ledger.sentences),
        citations=composed.ledger.citations,
        withheld=tuple(composed.withheld),
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
