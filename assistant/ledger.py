"""The labels of an answer that is composed sentence by sentence: 1..n in the order of their first use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.draft import Draft
from assistant.verify import find_fault
from core.errors import UnknownNoticeError
from core.types import AnswerSentence, Citation, Notice, SentenceKind, Span
from store.catalogue import Catalogue


@dataclass(slots=True)
class Ledger:
    """The sentences said so far with their citations; each citation's quote stands in the catalogue."""

    catalogue: Catalogue
    sentences: list[AnswerSentence] = field(default_factory=list)
    _citations: dict[tuple[str, Span], Citation] = field(default_factory=dict)
    _notices: dict[str, Notice] = field(default_factory=dict)
    _quoted: list[tuple[str, Span]] = field(default_factory=list)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The citations in the order of their labels."""
        return tuple(self._citations.values())

    def say(self, text: str, spans: Sequence[Draft]) -> AnswerSentence | None:
        """Take in a sentence that these spans prove; None where a span is false, or it is a quote said before.

        A sentence that is, but for white space, the text of its only span is a quote of it and takes its kind.
        """
        if not spans or any(self._is_false(span) for span in spans):
            return None
        quote = spans[0] if len(spans) == 1 and "".join(spans[0].text.split()) == "".join(text.split()) else None
        if quote and self._has_quoted(quote):
            return None
        if quote:
            self._quoted.append((quote.card.notice_id, quote.span))
        labels = tuple(dict.fromkeys(self._cite(span) for span in spans))
        said = (
            AnswerSentence(quote.text, labels, quote.kind)
            if quote
            else AnswerSentence(text, labels, SentenceKind.sentence, quoted=False)
        )
        self.sentences.append(said)
        return said

    def _has_quoted(self, draft: Draft) -> bool:
        """Whether a part of these words has been quoted."""
        return any(notice_id == draft.card.notice_id and span.overlaps(draft.span) for notice_id, span in self._quoted)

    def _is_false(self, draft: Draft) -> bool:
        notice_id = draft.card.notice_id
        if notice_id not in self._notices:
            try:
                self._notices[notice_id] = self.catalogue.notice(notice_id)
            except UnknownNoticeError:
                return True
        return find_fault(self._notices[notice_id], draft.span, draft.text) is not None

    def _cite(self, draft: Draft) -> int:
        key = (draft.card.notice_id, draft.span)
        if key not in self._citations:
            notice = self._notices[draft.card.notice_id]
            self._citations[key] = notice.cite(len(self._citations) + 1, draft.span)
        return self._citations[key].label
