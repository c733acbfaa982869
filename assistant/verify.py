"""Nothing is shown that the sources do not say: each draft against its span, each citation at display."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.extractive import Draft
from core.errors import UnknownNoticeError
from core.types import AnswerSentence, Citation, Notice, Span, Withheld
from store.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Proof:
    """What may be shown, what proves it, and what was withheld."""

    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    withheld: tuple[Withheld, ...]


def prove(catalogue: Catalogue, drafts: Sequence[Draft]) -> Proof:
    """Keep the drafts whose words stand, character by character, in their span of the catalogue.

    Labels count from 1 in the order of their first use. The same words in two notices are said
    once, with both labels.
    """
    notices: dict[str, Notice] = {}
    said: dict[str, list[Draft]] = {}
    withheld: list[Withheld] = []
    for draft in drafts:
        fault = find_fault(_read(catalogue, draft.card.notice_id, notices), draft.span, draft.text)
        if fault:
            withheld.append(Withheld(draft.text, fault))
        else:
            said.setdefault(" ".join(draft.text.split()), []).append(draft)
    citations: dict[tuple[str, Span], Citation] = {}
    shown: list[AnswerSentence] = []
    for alike in said.values():
        labels = [_cite(draft, notices[draft.card.notice_id], citations) for draft in alike]
        shown.append(AnswerSentence(alike[0].text, tuple(dict.fromkeys(labels)), alike[0].kind))
    return Proof(tuple(shown), tuple(citations.values()), tuple(withheld))


def _cite(draft: Draft, notice: Notice, citations: dict[tuple[str, Span], Citation]) -> int:
    """The label of a draft's span, a new one at its first use."""
    key = (draft.card.notice_id, draft.span)
    if key not in citations:
        page = notice.page_of(draft.span)
        citations[key] = Citation(len(citations) + 1, notice.card, draft.span, draft.text, page)
    return citations[key].label


def find_fault(notice: Notice | None, span: Span, text: str) -> str:
    """Why words may not be shown as the quote of a span; '' where they may."""
    if notice is None:
        return "its notice is no longer in the catalogue"
    if not text.strip():
        return "it is empty"
    if span.end > len(notice.text) or span.of(notice.text) != text:
        return "its words are not those of the source at that place"
    return ""


def still_holds(catalogue: Catalogue, citation: Citation) -> bool:
    """Whether a citation's quote is, now, the text of its span; asked each time before it is shown."""
    try:
        return catalogue.quote(citation.card.notice_id, citation.span) == citation.quote
    except UnknownNoticeError:
        return False


def _read(catalogue: Catalogue, notice_id: str, notices: dict[str, Notice]) -> Notice | None:
    if notice_id not in notices:
        try:
            notices[notice_id] = catalogue.notice(notice_id)
        except UnknownNoticeError:
            return None
    return notices[notice_id]
