"""An answer composed of what a chat model drafts: each sentence proved, withheld, or replaced by a quote."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache

from assistant.briefing import Briefing
from assistant.draft import Draft
from assistant.drafted import NO_ANSWER, DraftedSentence, Restart
from assistant.ledger import Ledger
from assistant.orders import without_orders
from assistant.support import Fault, FaultKind
from assistant.verify import ProvenClaim, prove_claim, withhold
from core.errors import UnknownNoticeError
from core.types import AnswerSentence, Hit, Sentence, SentenceKind, Span, Withheld
from retriever.question import Query
from store.archive import Archive
from store.words import name_language

_BULLET = re.compile(r"[*•●▪◦·\-–—]\s+")


@dataclass(slots=True)
class Composition:
    """An answer in the making. Sentences are held back until a proved one speaks to the question.

    `drafts` are the notices' own answer, `enough` the sentences that may answer, those among them:
    `speaks` says whether a proved sentence rests on one. A true sentence about something else is no answer.
    """

    archive: Archive
    query: Query
    briefing: Briefing
    drafts: Sequence[Draft]
    enough: Sequence[Draft]
    withheld: list[Withheld] = field(default_factory=list)
    speaks: bool = False
    declined: bool = False
    ledger: Ledger = field(init=False)
    _proved: list[Draft] = field(default_factory=list)
    _by_label: list[list[Draft]] = field(init=False)
    _pool: list[Draft] = field(init=False)

    def __post_init__(self) -> None:
        @cache
        def read_text(notice_id: str) -> str:
            return self.archive.catalogue.notice(notice_id).text

        passages = self.briefing.passages
        self.ledger = Ledger(self.archive.catalogue)
        self._by_label = [_read_sentences(hit, self.archive, read_text) for hit in passages]
        sentences = (draft for drafts in self._by_label for draft in drafts)
        self._pool = list({(draft.card.notice_id, draft.span): draft for draft in sentences}.values())

    def take(self, written: DraftedSentence | Restart) -> list[AnswerSentence]:
        """The sentences that may be shown now that the model has written this."""
        if isinstance(written, Restart):
            self.ledger, self.speaks, self.declined = Ledger(self.archive.catalogue), False, False
            self._proved.clear()
            return []
        if NO_ANSWER in written.text:
            self.declined = True
            return []
        said = self._prove(written)
        if self.speaks:
            return [said] if said else []
        self.speaks = any(_overlap(span, other) for span in self._proved for other in self.enough)
        return list(self.ledger.sentences) if self.speaks else []

    def complete(self) -> list[AnswerSentence]:
        """The quotes without which the draft would mislead: the rest of a list, a compared year that it leaves out."""
        points = [draft for draft in self.drafts if draft.kind is SentenceKind.point]
        listed = {draft.card.notice_id for draft in points if self._is_cited(draft)}
        told = {citation.card.year for citation in self.ledger.citations}
        lacking = [draft for draft in points if draft.card.notice_id in listed and not self._is_cited(draft)]
        if len(self.query.periods) > 1:
            lacking += [draft for draft in self.drafts if draft.card.year not in told]
        return [said for draft in lacking if (said := self.ledger.say(draft.text, [draft]))]

    def _is_cited(self, draft: Draft) -> bool:
        return any(
            citation.card.notice_id == draft.card.notice_id and citation.span.overlaps(draft.span)
            for citation in self.ledger.citations
        )

    def _prove(self, written: DraftedSentence) -> AnswerSentence | None:
        """The sentence, or the quote in its place, or nothing."""
        known = [label for label in written.labels if 0 < label <= len(self._by_label)]
        cited = [draft for label in known for draft in self._by_label[label - 1]]
        outcome = prove_claim(written.text, cited, self._pool)
        if isinstance(outcome, ProvenClaim):
            quoted = any("".join(span.text.split()) == "".join(outcome.text.split()) for span in outcome.spans)
            if quoted or name_language(outcome.text) == self.query.language:
                self._proved += outcome.spans
                return self.ledger.say(outcome.text, outcome.spans)
            outcome = withhold(written.text, Fault(FaultKind.unasked_language), outcome.spans[0])
        self.withheld.append(outcome)
        quote = self._find_quote(outcome)
        return self.ledger.say(quote.text, [quote]) if quote else None

    def _find_quote(self, withheld: Withheld) -> Draft | None:
        """The quote of the notices' own answer that a withheld sentence comes nearest to."""
        nearest = withheld.nearest
        if nearest is None:
            return None
        for draft in self.drafts:
            if draft.card.notice_id == nearest.notice_id and draft.span.overlaps(nearest.span):
                return draft
        return None


def _overlap(one: Draft, other: Draft) -> bool:
    return one.card.notice_id == other.card.notice_id and one.span.overlaps(other.span)


def _read_sentences(hit: Hit, archive: Archive, read_text: Callable[[str], str]) -> list[Draft]:
    """The sentences of a passage, without headings and orders; one that is cut by it is taken whole.

    None where the notice has been removed since it was found.
    """
    try:
        touching = archive.catalogue.sentences(hit.card.notice_id, hit.passage.span)
        text = read_text(hit.card.notice_id)
    except UnknownNoticeError:
        return []
    kept = without_orders(touching, text)
    spans = [(_without_bullet(s, text), s.kind) for s in kept if s.kind is not SentenceKind.heading]
    return [Draft(hit.card, span, span.of(text), kind) for span, kind in spans]


def _without_bullet(sentence: Sentence, text: str) -> Span:
    bullet = _BULLET.match(text, sentence.span.start, sentence.span.end)
    return Span(bullet.end() if bullet else sentence.span.start, sentence.span.end)
