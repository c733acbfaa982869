"""The default answerer: the notices' own sentences, complete lists, in a readable order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.dating import read_effect_dates
from assistant.evidence import Evidence, find_opening
from assistant.expectation import Expected, asks_for_several, meets, read_expectation
from assistant.likeness import cover, read_what_is_asked, weigh_terms
from core.types import NoticeCard, Sentence, SentenceKind, Span
from retriever.question import Query
from store.archive import Archive
from store.words import content_terms

# Kinds of answer that a sentence holds or does not: one that holds it says more than what it opens.
_CONCRETE = frozenset((Expected.tally, Expected.figure, Expected.time, Expected.name))
_MOST_SENTENCES = 3
_MOST_RULES = 5
_MOST_ITEMS = 15
_MOST_LISTS = 3
# The share of the question's words that a sentence must hold for the list below it to be the answer.
_OPENS, _OPENS_WITH_COLON = 0.5, 0.35
# The list of another notice is quoted too where its best sentence is so nearly as likely as the best of all.
_AS_WELL = 0.7
# Sentences are quoted until together they are this likely to hold the answer, beside all that were found.
_SURE = 0.9
# … but none that is less likely than the best by more than this factor.
_LEAST = 0.1
# Where the best sentence holds all that is asked for, one that lacks a word of this weight beside the
# heaviest is not quoted after it: that somebody attended the meeting does not answer who presided.
_LACKING = 0.3
# Of rules there are often several, each in words of its own: those at least this likely beside the best,
# that are rules themselves and hold this share of the question's words beside the best.
_CLOSE_RULE, _CLOSE_OWN = 0.2, 0.6
# An item longer than this is quoted by its first sentences only.
_LONG_ITEM = 420
# "These amounts apply from 1 September 2024." is short.
_DATING = 160
# Behind a point inside a sentence, the stop that only led on to the next one is not quoted.
_TRAILING = re.compile(r"(?:[;；,，]\s*(?:and|以及)?|\s)+$")


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence that an answerer proposes: a span of a notice and the words it is said to hold."""

    card: NoticeCard
    span: Span
    text: str
    kind: SentenceKind


def draft_answer(archive: Archive, query: Query, evidence: Sequence[Evidence]) -> list[Draft]:
    """The sentences that answer, from evidence that is enough: by notice, best first; rules as they stand there.

    Where the best sentence opens a list, or the question asks for several things and the best one
    is a point of a list, the whole list is drafted, in its order.
    """
    asked = read_what_is_asked(query)
    kinds = read_expectation(asked)
    told = [item for item in evidence if (item.fits and kinds & _CONCRETE) or not _only_opens(archive, item)]
    opened = _draft_lists(archive, query, told)
    if opened:
        return opened
    rules = bool(kinds & {Expected.rule, Expected.prohibition})
    chosen = _choose_rules(told, asks_for_several(asked)) if rules else _choose_facts(told)
    order = list(dict.fromkeys(item.card.notice_id for item in chosen))
    if rules:
        chosen.sort(key=lambda item: (order.index(item.card.notice_id), item.sentence.ordinal))
    else:
        chosen.sort(key=lambda item: order.index(item.card.notice_id))
    spans: list[Draft] = []
    for item in chosen:
        spans += _with_head(archive, item)
        spans += _draft_date(archive, query, item)
        if Expected.prohibition in kinds:
            spans += _alike_in_list(archive, query, item)
    return _without_repetition(spans)


def _draft_date(archive: Archive, query: Query, item: Evidence) -> Iterable[Draft]:
    """The sentence of the notice that gives the day from which it applies, where the question asks for that day."""
    for date in read_effect_dates(query.text):
        if date.search(item.text) is None:
            for sentence in archive.catalogue.sentences(item.card.notice_id):
                text = archive.catalogue.quote(item.card.notice_id, sentence.span)
                if len(text) <= _DATING and date.search(text):
                    yield Draft(item.card, sentence.span, text, sentence.kind)
                    break


def _choose_facts(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The likeliest sentences, until they are together sure enough; the same words in other notices come along."""
    total = sum({_plain(item.text): item.score for item in reversed(evidence)}.values())
    chosen: list[Evidence] = []
    said: set[str] = set()
    held = 0.0
    for item in evidence:
        if _plain(item.text) not in said:
            if len(said) == _MOST_SENTENCES or held >= _SURE * total or item.score < _LEAST * evidence[0].score:
                break
            if chosen and _lacks_what_is_asked(item, chosen[0]):
                continue
            said.add(_plain(item.text))
            held += item.score
        chosen.append(item)
    return chosen


def _lacks_what_is_asked(item: Evidence, best: Evidence) -> bool:
    """Whether a sentence lacks a word of the question, or has another form of it only, where the best has all."""
    complete = not best.measures["missing"]
    lacking = item.measures["missing"] > _LACKING or item.measures["forms"] < best.measures["forms"] - _LACKING
    return complete and lacking


def _choose_rules(evidence: Sequence[Evidence], several: bool) -> list[Evidence]:
    """The likeliest sentences that are rules and speak of the matter themselves; where none does, the likeliest."""
    most = max((item.own for item in evidence), default=0.0)
    rules = [item for item in evidence if item.of_kind and item.own >= _CLOSE_OWN * most]
    chosen = [item for item in rules if item.score >= _CLOSE_RULE * rules[0].score] or list(evidence[:1])
    return chosen[: _MOST_RULES if several else _MOST_SENTENCES]


def _plain(text: str) -> str:
    return " ".join(text.split())


def _alike_in_list(archive: Archive, query: Query, item: Evidence) -> list[Draft]:
    """The other items of the same list that forbid: a list of prohibitions is shown whole or misleads."""
    if item.sentence.kind is not SentenceKind.point:
        return []
    every = archive.catalogue.sentences(item.card.notice_id)
    members = [sentence for sentence in every if sentence.head == item.sentence.head and sentence.item is not None]
    asked = read_what_is_asked(query)
    drafts = [_to_draft(archive, item.card, span, kind) for span, kind in _items(archive, item.card.notice_id, members)]
    return [draft for draft in drafts if meets(asked, Expected.prohibition, draft.text)]


def _only_opens(archive: Archive, item: Evidence) -> bool:
    """Whether a sentence does nothing but open a list about something else than is asked."""
    enough = _OPENS_WITH_COLON if item.text.rstrip().endswith((":", "：")) else _OPENS
    if item.own >= enough or item.sentence.kind is SentenceKind.row:
        return False
    every = archive.catalogue.sentences(item.card.notice_id)
    return any(sentence.head == item.sentence.ordinal for sentence in every)


def _draft_lists(archive: Archive, query: Query, evidence: Sequence[Evidence]) -> list[Draft]:
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
    return [_to_draft(archive, best.card, span, kind) for span, kind in spans]


def _is_about(archive: Archive, query: Query, best: Evidence, members: Sequence[Sentence]) -> bool:
    """Whether a list speaks of what is asked as a whole, and not in the one point that was found."""
    weights = weigh_terms(archive, query)
    spans = [span for span, _ in _items(archive, best.card.notice_id, members)]
    texts = [archive.catalogue.quote(best.card.notice_id, span) for span in spans]
    shares = [cover(weights, dict.fromkeys(content_terms(text), 1.0)) for text in texts]
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
            if sentence.span.end - sentences[0].span.start > _LONG_ITEM:
                break
            end = sentence.span.end
        spans.append((Span(sentences[0].span.start, end), sentences[0].kind))
    return spans


def _with_head(archive: Archive, item: Evidence) -> Iterable[Draft]:
    """A sentence with what it needs to be understood: a row with its table's first, a point with
    its lead-in and the rest of its item."""
    sentence, span = item.sentence, item.sentence.span
    if sentence.kind is SentenceKind.heading:
        yield from _draft_opening(archive, item)
    if sentence.head is not None:
        every = archive.catalogue.sentences(item.card.notice_id)
        head = every[sentence.head]
        if sentence.kind is SentenceKind.point:
            span = _whole_item(every, sentence)
        text = archive.catalogue.quote(item.card.notice_id, head.span)
        leads = sentence.kind is SentenceKind.point and text.rstrip().endswith((":", "：")) and len(text) <= 240
        if sentence.kind is SentenceKind.row or leads:
            yield _to_draft(archive, item.card, head.span, head.kind)
    yield _to_draft(archive, item.card, span, sentence.kind)


def _draft_opening(archive: Archive, item: Evidence) -> Iterable[Draft]:
    """The lead-in or column heads of a short line with figures."""
    every = archive.catalogue.sentences(item.card.notice_id)
    opening = find_opening(
        every, item.sentence.ordinal, lambda lead: archive.catalogue.quote(item.card.notice_id, lead.span)
    )
    if opening is not None:
        yield _to_draft(archive, item.card, every[opening].span, every[opening].kind)


def _whole_item(every: Sequence[Sentence], point: Sentence) -> Span:
    """All sentences of the item that a point belongs to, if they are short enough to quote together."""
    mates = [sentence for sentence in every if (sentence.head, sentence.item) == (point.head, point.item)]
    whole = Span(mates[0].span.start, mates[-1].span.end)
    return whole if point.item is not None and len(whole) <= _LONG_ITEM else point.span


def _to_draft(archive: Archive, card: NoticeCard, span: Span, kind: SentenceKind) -> Draft:
    text = archive.catalogue.quote(card.notice_id, span)
    trailing = _TRAILING.search(text) if kind is SentenceKind.point else None
    tight = Span(span.start, span.end - (len(trailing.group()) if trailing else 0))
    return Draft(card, tight, tight.of_offset(text, span.start), kind)


def _without_repetition(drafts: Iterable[Draft]) -> list[Draft]:
    return list({(draft.card.notice_id, draft.span): draft for draft in drafts}.values())
