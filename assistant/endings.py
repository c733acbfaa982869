"""Which later notice repeals or replaces a notice, in whole or in part, and the sentence that says so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.draft import Draft
from core.types import NoticeCard, Sentence, Span
from store.archive import Archive
from store.words import content_terms, find_numbers

_ENDED = r"(?:repealed|replaced|superseded|revoked|abolished|withdrawn|cancell?ed)"
# What a clause holds: the stop of "No. 4" ends none.
_IN_CLAUSE = r"(?:[^.;。；]|(?<=\bNo)\.|(?<=\bNos)\.)"
# What is said of the name before it: "No. 4 [2018] is repealed", 云教发〔2019〕20号自……起废止.
_IS_ENDED = re.compile(
    rf"(?i)^{_IN_CLAUSE}{{0,80}}?"
    rf"(?:\b(?:is|are|was|were|be|been|being|stands?)\s+(?!not\b|never\b)(?:\w+\s+){{0,2}}?{_ENDED}\b"
    r"|\bno\s+longer\s+(?:in\s+force|valid|appl(?:y|ies))\b|\bceases?\s+to\s+(?:have\s+effect|apply|be\s+in\s+force)\b)"
    r"|^[^。；]{0,60}?(?<!不予)(?:废止|失效|停止执行|不再执行)"
)
# What is done to the name behind it: "replaces No. 4 [2018]", "repealed No. 4 [2018]", 废止云教发〔2019〕20号.
_NOT_PASSIVE = "".join(rf"(?<!\b{verb} )" for verb in ("is", "are", "was", "were", "be", "been"))
_ENDS = re.compile(
    rf"(?i)\b(?:repeals?|replaces?|supersedes?|revokes?|abolishes?|cancels?|withdraws?)\s(?!by\b){_IN_CLAUSE}{{0,80}}$"
    rf"|{_NOT_PASSIVE}\b{_ENDED}\s(?!by\b|under\b|from\b){_IN_CLAUSE}{{0,80}}$"
    r"|(?:废止|取代|代替)[^。；]{0,40}$"
)
# Between the name and what is said of it no other notice may be named, nor the one that does it.
_ANOTHER = re.compile(r"(?i)\b(?:by|under|pursuant\s+to|according\s+to)\b|《|根据|依据|按照")
_STAYS = re.compile(
    r"(?i)\b(?:not|never)\s+(?:been\s+|be\s+)?(?:repealed|replaced|superseded|withdrawn)\b|继续有效|不予废止"
)
_IN_PART = re.compile(
    r"(?i)\b(?:stays?|remains?|continues?)\b[^.;]{0,20}\b(?:in\s+force|valid|to\s+apply)\b"
    r"|\bwith\s+the\s+exception\s+of\b|\bin\s+part\b"
    r"|\b(?:clause|article|section|paragraph|item)s?\s+[\w, ]{1,20}\b(?:of|in)\b"
    r"|第[一二三四五六七八九十百\d]+[条款项][^，。]{0,12}(?:废止|失效)"
)
_ENDING_TERMS = ("repeal", "replac", "supersed", "abolish", "revok", "withdrawn", "废止", "失效", "停止")
# So many passages that name the notice are read.
_NAMING = 40
# What a sentence with a colon announces is quoted with it up to this length.
_ANNOUNCED = 420
_SHORTEST_TITLE = 6


@dataclass(frozen=True, slots=True)
class Ending:
    """That `card` was repealed or replaced, `in_part` or wholly, by the notice of `draft`, which says so."""

    card: NoticeCard
    draft: Draft
    in_part: bool


def find_endings(archive: Archive, cards: Sequence[NoticeCard]) -> list[Ending]:
    """Each of these notices that another repeals or replaces, with the sentence that says so."""
    found = (_find_ending(archive, card) for card in dict.fromkeys(cards))
    return [ending for ending in found if ending is not None]


def _find_ending(archive: Archive, card: NoticeCard) -> Ending | None:
    numbers = frozenset(term for number in find_numbers(card.number) for term in number.terms)
    naming = numbers or frozenset(content_terms(card.title))
    if not naming:
        return None
    wanted = dict.fromkeys(naming, 1.0) | dict.fromkeys(_ENDING_TERMS, 0.5)
    names = [name for name, _ in archive.best_by_words(wanted, _NAMING)]
    for passage, other in archive.catalogue.passages(names).values():
        if other.notice_id == card.notice_id or (other.issued_on and other.issued_on < card.issued_on):
            continue
        for sentence in archive.catalogue.sentences(other.notice_id, passage.span):
            text = archive.catalogue.quote(other.notice_id, sentence.span)
            if is_ended(text, locate_notice(card, text)):
                span = _with_what_follows(archive, other, sentence, text)
                quote = archive.catalogue.quote(other.notice_id, span)
                return Ending(card, Draft(other, span, quote, sentence.kind), _IN_PART.search(text) is not None)
    return None


def locate_notice(card: NoticeCard, text: str) -> list[Span]:
    """Where a text names a notice, by its number or its whole title."""
    numbers = frozenset(term for number in find_numbers(card.number) for term in number.terms)
    found = [Span(n.start, n.end) for n in find_numbers(text) if numbers & set(n.terms)]
    title = r"\s+".join(re.escape(word) for word in card.title.split())
    if len(card.title) >= _SHORTEST_TITLE:
        found += [Span(*match.span()) for match in re.finditer(title, text, re.IGNORECASE)]
    return found


def is_ended(text: str, places: Sequence[Span]) -> bool:
    """Whether a sentence says of the notice named at one of these places that it is repealed or replaced.

    That a notice is named beside the word is not enough: "No. 4 replaced No. 2", "repealed under No. 4".
    """
    if _STAYS.search(text):
        return False
    return any(_is_ended_at(text, place) for place in places)


def _is_ended_at(text: str, place: Span) -> bool:
    before, after = text[: place.start], text[place.end :]
    said = _IS_ENDED.match(after)
    if said and not _names_another(said.group()):
        return True
    done = _ENDS.search(before)
    # Behind an active verb stands what it is done to: several notices, and not only the first.
    return done is not None and not re.search(r"(?i)\b(?:by|under|pursuant\s+to)\b|根据|依据|按照", done.group())


def _names_another(between: str) -> bool:
    """Whether the words between name another notice, so that what follows is said of that one."""
    return bool(find_numbers(between)) or _ANOTHER.search(between) is not None


def _with_what_follows(archive: Archive, card: NoticeCard, sentence: Sentence, text: str) -> Span:
    """A sentence, with the one that it announces where it ends with a colon and that is not long."""
    if not text.rstrip().endswith((":", "：")):
        return sentence.span
    following = next(
        (s.span for s in archive.catalogue.sentences(card.notice_id) if s.ordinal == sentence.ordinal + 1), None
    )
    if following is None or len(following) > _ANNOUNCED:
        return sentence.span
    return Span(sentence.span.start, following.end)
