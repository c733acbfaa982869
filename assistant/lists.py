"""Lists and tables as answers: the whole list that a question asks for, the rest of a point's item."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.draft import Draft, make_draft
from assistant.evidence import Evidence
from assistant.expectation import Expected, asks_for_several, meets
from assistant.likeness import cover, read_what_is_asked, weigh_terms
from core.types import NoticeCard, Sentence, SentenceKind, Span
from retriever.question import Query
from store.archive import Archive
from store.words import content_terms

_MOST_ITEMS = 15
_MOST_LISTS = 3
# The share of the question's words that a sentence must hold for the list below it to be the answer.
_OPENS, _OPENS_WITH_COLON = 0.5, 0.35
# The list of another notice is quoted too where its best sentence is so nearly as likely as the best of all.
_AS_WELL = 0.7
# An item longer than this is quoted by its first sentences only.
LONG_ITEM = 420
# A lead-in longer than this is no mere lead-in.
_LONGEST_LEAD = 240


def draft_lists(archive: Archive, query: Query, evidence: Sequence[Evidence]) -> list[Draft]:
    """The list that the best sentence leads to, and those of other notices that fit as well; else [].

    "What three requirements were put forward?" names no meeting: each that put some forward answers.
    """
    firsts = {item.card.notice_id: item for item in reversed(evidence)}
    fitting = sorted(firsts.values(), key=lambda item: -item.score)[:_MOST_LISTS]
    drafts: list[Draft] = []
    for item in fitting if evidence else []:
        if item.score >= _AS_WELL * evidence[0].score:
            found = _find_list(archive, query, item)
            if not found and not drafts:
                return []
            drafts += found
    return drafts


def draft_alike(archive: Archive, query: Query, item: Evidence) -> list[Draft]:
    """The other items of the same list that forbid: a list of prohibitions is shown whole or misleads."""
    if item.sentence.kind is not SentenceKind.point:
        return []
    every = archive.catalogue.sentences(item.card.notice_id)
    members = [sentence for sentence in every if sentence.head == item.sentence.head and sentence.item is not None]
    asked = read_what_is_asked(query)
    drafts = [
        make_draft(archive, item.card, span, kind) for span, kind in _items(archive, item.card.notice_id, members)
    ]
    return [draft for draft in drafts if meets(asked, Expected.prohibition, draft.text)]


def draft_lead(archive: Archive, card: NoticeCard, every: Sequence[Sentence], sentence: Sentence) -> Iterable[Draft]:
    """What a row or point of a list is not understood without: its table's first row, or a lead-in of some length."""
    if sentence.head is None:
        return
    head = every[sentence.head]
    text = archive.catalogue.quote(card.notice_id, head.span)
    leads = sentence.kind is SentenceKind.point and text.rstrip().endswith((":", "：")) and len(text) <= _LONGEST_LEAD
    if sentence.kind is SentenceKind.row or leads:
        yield make_draft(archive, card, head.span, head.kind)


def only_opens(item: Evidence) -> bool:
    """Whether a sentence does nothing but open a list about something else than is asked."""
    enough = _OPENS_WITH_COLON if item.text.rstrip().endswith((":", "：")) else _OPENS
    if item.own >= enough or item.sentence.kind is SentenceKind.row:
        return False
    return any(sentence.head == item.sentence.ordinal for sentence in item.notice.sentences)


def _find_list(archive: Archive, query: Query, best: Evidence) -> list[Draft]:
    """The head and the items of the list that the best sentence opens or belongs to, if it is asked for."""
    every = archive.catalogue.sentences(best.card.notice_id)
    head = best.sentence.ordinal
    if best.sentence.kind is SentenceKind.point and best.sentence.head is not None:
        if not asks_for_several(read_what_is_asked(query)):
            return []
        head = best.sentence.head
    members = [sentence for sentence in every if sentence.head == head]
    if members and head != best.sentence.ordinal and not _is_about(archive, query, best, members):
        return []
    if not members:
        members = _table_below(every, head, best.text)
    if not members:
        return []
    opening = every[head]
    spans: list[tuple[Span, SentenceKind]] = []
    if opening.kind is not SentenceKind.heading:
        spans.append((opening.span, opening.kind))
    spans += _items(archive, best.card.notice_id, members)
    return [make_draft(archive, best.card, span, kind) for span, kind in spans]


def _is_about(archive: Archive, query: Query, best: Evidence, members: Sequence[Sentence]) -> bool:
    """Whether a list speaks of what is asked as a whole, and not in the one point that was found."""
    weights = weigh_terms(archive, query)
    spans = [span for span, _ in _items(archive, best.card.notice_id, members)]
    texts = [archive.catalogue.quote(best.card.notice_id, span) for span in spans]
    shares = [cover(weights, frozenset(content_terms(text))) for text in texts]
    return sum(share >= best.own / 2 for share in shares) * 2 > len(shares)


def _table_below(every: Sequence[Sentence], head: int, text: str) -> list[Sentence]:
    """The rows of the table that a sentence ending with a colon announces."""
    if not text.rstrip().endswith((":", "：")):
        return []
    rows: list[Sentence] = []
    for sentence in every[head + 1 : head + 1 + _MOST_ITEMS]:
        if sentence.kind is not SentenceKind.row:
            break
        rows.append(sentence)
    return rows


def _items(archive: Archive, notice_id: str, members: Sequence[Sentence]) -> list[tuple[Span, SentenceKind]]:
    """A span for each item: all its sentences, or of a long one as many as are readable."""
    grouped: dict[int, list[Sentence]] = {}
    for place, sentence in enumerate(members):
        key = place if sentence.item is None else sentence.item
        grouped.setdefault(key, []).append(sentence)
    spans: list[tuple[Span, SentenceKind]] = []
    for sentences in list(grouped.values())[:_MOST_ITEMS]:
        end = sentences[0].span.end
        for sentence in sentences[1:]:
            if sentence.span.end - sentences[0].span.start > LONG_ITEM:
                break
            end = sentence.span.end
        spans.append((Span(sentences[0].span.start, end), sentences[0].kind))
    return spans


def whole_item(every: Sequence[Sentence], point: Sentence) -> Span:
    """All sentences of the item that a point belongs to, if they are short enough to quote together."""
    mates = [sentence for sentence in every if (sentence.head, sentence.item) == (point.head, point.item)]
    whole = Span(mates[0].span.start, mates[-1].span.end)
    return whole if point.item is not None and len(whole) <= LONG_ITEM else point.span
