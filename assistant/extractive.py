"""The default answerer: the notices' own sentences, complete lists, in a readable order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.dating import read_effect_dates
from assistant.draft import Draft, make_draft
from assistant.evidence import Evidence, find_opening
from assistant.expectation import Expected, asks_for_several, read_expectation
from assistant.likeness import read_what_is_asked
from assistant.lists import draft_alike, draft_lead, draft_lists, only_opens, whole_item
from core.types import SentenceKind
from retriever.question import Query
from store.archive import Archive

# Kinds of answer that a sentence holds or does not: one that holds it says more than what it opens.
_CONCRETE = frozenset((Expected.tally, Expected.figure, Expected.time, Expected.name))
_MOST_SENTENCES = 3
_MOST_RULES = 5
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
# "These amounts apply from 1 September 2024." is short.
_DATING = 160


def draft_answer(archive: Archive, query: Query, evidence: Sequence[Evidence]) -> list[Draft]:
    """The sentences that answer, from evidence that is enough: by notice, best first; rules as they stand there.

    Where the best sentence opens a list, or the question asks for several things and the best one
    is a point of a list, the whole list is drafted, in its order.
    """
    asked = read_what_is_asked(query)
    kinds = read_expectation(asked)
    told = [item for item in evidence if (item.fits and kinds & _CONCRETE) or not only_opens(item)]
    opened = draft_lists(archive, query, told)
    if opened:
        return opened
    rules = bool(kinds & {Expected.rule, Expected.prohibition}) and not kinds & _CONCRETE
    chosen = _choose_rules(told, asks_for_several(asked)) if rules else _choose_facts(told)
    order = list(dict.fromkeys(item.card.notice_id for item in chosen))
    if rules:
        chosen.sort(key=lambda item: (order.index(item.card.notice_id), item.sentence.ordinal))
    else:
        chosen.sort(key=lambda item: order.index(item.card.notice_id))
    spans: list[Draft] = []
    for item in chosen:
        spans += _with_head(archive, item)
        spans += _draft_date(query, item)
        if Expected.prohibition in kinds:
            spans += draft_alike(archive, query, item)
    return _without_repetition(spans)


def _draft_date(query: Query, item: Evidence) -> Iterable[Draft]:
    """The sentence of the notice that gives the day from which it applies, where the question asks for that day."""
    for date in read_effect_dates(query.text):
        if date.search(item.text) is None:
            for sentence in item.notice.sentences:
                text = sentence.span.of(item.notice.text)
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


def _with_head(archive: Archive, item: Evidence) -> Iterable[Draft]:
    """A sentence with what it needs to be understood: a row with its table's first, a point with
    its lead-in and the rest of its item."""
    sentence, span = item.sentence, item.sentence.span
    if sentence.kind is SentenceKind.heading:
        yield from _draft_opening(archive, item)
    if sentence.kind is SentenceKind.point and sentence.head is not None:
        span = whole_item(item.notice.sentences, sentence)
    yield from draft_lead(archive, item.card, item.notice.sentences, sentence)
    yield make_draft(archive, item.card, span, sentence.kind)


def _draft_opening(archive: Archive, item: Evidence) -> Iterable[Draft]:
    """The lead-in or column heads of a short line with figures."""
    opening = find_opening(item.notice, item.sentence.ordinal)
    if opening is not None:
        head = item.notice.sentences[opening]
        yield make_draft(archive, item.card, head.span, head.kind)


def _without_repetition(drafts: Iterable[Draft]) -> list[Draft]:
    return list({(draft.card.notice_id, draft.span): draft for draft in drafts}.values())
