"""What a reader must know beside an answer: a notice that was replaced, notices that differ, garbled words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from assistant.counting import strip_labels
from assistant.draft import Draft
from core.types import Answer, AnswerSentence, Caveat, CaveatKind, Citation, NoticeCard, Sentence, Span
from store.archive import Archive
from store.words import content_terms, find_numbers

_ENDS = re.compile(
    r"(?i)\b(?:repeal(?:s|ed)?|replac(?:es|ed)|supersed(?:es|ed)|abolish(?:es|ed)|revok(?:es|ed)|withdrawn|cancel(?:s|led)"
    r"|no\s+longer\s+(?:in\s+force|valid|appl(?:y|ies)))\b|废止|失效|停止执行|不再执行|取代|代替"
)
_STAYS = re.compile(
    r"(?i)\b(?:not|never)\s+(?:been\s+|be\s+)?(?:repealed|replaced|superseded|withdrawn)\b|继续有效|不予废止"
)
_IN_PART = re.compile(
    r"(?i)\b(?:stays?|remains?|continues?)\b[^.;]{0,20}\b(?:in\s+force|valid|to\s+apply)\b"
    r"|\bwith\s+the\s+exception\s+of\b"
    r"|\b(?:clause|article|section|paragraph|item)s?\s+[\w, ]{1,20}\b(?:of|in)\b"
    r"|第[一二三四五六七八九十百\d]+[条款项][^，。]{0,12}(?:废止|失效)"
)
_ENDING_TERMS = ("repeal", "replac", "supersed", "abolish", "revok", "withdrawn", "废止", "失效", "停止")
_NAMING = 40
_ANNOUNCED = 420
# Two sentences say the same thing where they share so much of their words.
_ALIKE, _FEWEST = 0.5, 4
# A lower-case noun with a bare number behind it, where a count stands already: what a broken conversion leaves.
_STRAY_NUMBER = re.compile(
    r"(?<![\w.])(?:\d[\d,]*|more than \w+)\s+(?:\w+\s+){1,6}?([a-z]{3,})\s+\d+\s*[,.;，。；](?!\d)"
)
_TAKES_NUMBER = frozenset(
    """article section chapter grade grades page pages table annex appendix part item clause paragraph room class year
    years level step phase stage age aged week day version number points percent and the for from than least most about
    with under over only until before after between january february march april may june july august september october
    november december""".split()
)
_BROKEN = re.compile(r"[\ufffd\ue000-\uf8ff]|锟斤拷|烫烫烫|(?:Ã.|â€.){1,}|(?:[\u0080-\u009f])")


def add_caveats(archive: Archive, answer: Answer, compared: bool) -> Answer:
    """The answer with what is to be said about its quotes, and with the sentences that repeal what it quotes.

    `compared`: the question asked for several years itself, so that their figures may differ.
    """
    citations, sentences = list(answer.citations), list(answer.sentences)
    caveats: list[Caveat] = []
    for card, ending in find_endings(archive, [citation.card for citation in answer.citations]):
        labels = tuple(citation.label for citation in answer.citations if citation.card == card)
        by = next((c.label for c in citations if (c.card, c.span) == (ending.card, ending.span)), None)
        if by is None:
            notice = archive.catalogue.notice(ending.card.notice_id)
            by = len(citations) + 1
            citations.append(Citation(by, ending.card, ending.span, ending.text, notice.page_of(ending.span)))
            sentences.append(AnswerSentence(ending.text, (by,), ending.kind))
        kind = CaveatKind.amended if _IN_PART.search(ending.text) else CaveatKind.superseded
        caveats.append(Caveat(kind, labels, by))
    caveats += [
        Caveat(CaveatKind.garbled, sentence.labels) for sentence in answer.sentences if looks_garbled(sentence.text)
    ]
    if not compared:
        caveats += _find_differences(answer.sentences, {citation.label: citation for citation in citations})
    return replace(answer, sentences=tuple(sentences), citations=tuple(citations), caveats=tuple(caveats))


def looks_garbled(text: str) -> bool:
    """Whether words bear the marks of a broken conversion: lost characters, or a number that belongs to nothing."""
    if _BROKEN.search(text):
        return True
    return any(match.group(1) not in _TAKES_NUMBER for match in _STRAY_NUMBER.finditer(text))


def _find_differences(sentences: Sequence[AnswerSentence], by_label: dict[int, Citation]) -> Iterator[Caveat]:
    """Pairs of sentences of different notices that say the same with different figures."""
    for first, second in combinations(sentences, 2):
        one, other = by_label[first.labels[0]].card, by_label[second.labels[0]].card
        if one.notice_id != other.notice_id and _say_the_same(first.text, second.text):
            yield Caveat(CaveatKind.differ, (first.labels[0], second.labels[0]))


def _say_the_same(one: str, other: str) -> bool:
    """Whether two sentences share most of their words, and give different figures."""
    words = [frozenset(t for t in content_terms(text) if not t[:1].isdigit()) for text in (one, other)]
    figures = [frozenset(re.findall(r"\d[\d,.]*\d|\d", strip_labels(text))) for text in (one, other)]
    shared, together = words[0] & words[1], words[0] | words[1]
    if len(shared) < _FEWEST or len(shared) < _ALIKE * len(together):
        return False
    return bool(figures[0] and figures[1]) and figures[0].isdisjoint(figures[1])


def find_endings(archive: Archive, cards: Sequence[NoticeCard]) -> list[tuple[NoticeCard, Draft]]:
    """Each of these notices that a later one repeals or replaces, with the sentence that says so."""
    endings: list[tuple[NoticeCard, Draft]] = []
    for card in dict.fromkeys(cards):
        ending = _find_ending(archive, card)
        if ending is not None:
            endings.append((card, ending))
    return endings


def _find_ending(archive: Archive, card: NoticeCard) -> Draft | None:
    numbers = frozenset(term for number in find_numbers(card.number) for term in number.terms)
    naming = numbers or frozenset(content_terms(card.title))
    if not naming:
        return None
    wanted = dict.fromkeys(naming, 1.0) | dict.fromkeys(_ENDING_TERMS, 0.5)
    found = [name for name, _ in archive.best_by_words(wanted, _NAMING)]
    for passage, other in archive.catalogue.passages(found).values():
        if other.notice_id == card.notice_id or (other.issued_on and other.issued_on < card.issued_on):
            continue
        every = archive.catalogue.sentences(other.notice_id)
        for sentence in archive.catalogue.sentences(other.notice_id, passage.span):
            text = archive.catalogue.quote(other.notice_id, sentence.span)
            if _ENDS.search(text) and not _STAYS.search(text) and _names(card, numbers, text):
                span = _with_what_follows(every, sentence) if text.rstrip().endswith((":", "：")) else sentence.span
                return Draft(other, span, archive.catalogue.quote(other.notice_id, span), sentence.kind)
    return None


def _with_what_follows(every: Sequence[Sentence], sentence: Sentence) -> Span:
    """A sentence that ends with a colon, with the one that it announces, if that is not long."""
    if sentence.ordinal + 1 >= len(every):
        return sentence.span
    following = every[sentence.ordinal + 1].span
    return Span(sentence.span.start, following.end) if len(following) <= _ANNOUNCED else sentence.span


def _names(card: NoticeCard, numbers: frozenset[str], text: str) -> bool:
    """Whether a sentence names a notice by its number or its whole title."""
    if any(numbers & set(number.terms) for number in find_numbers(text)):
        return True
    title = " ".join(card.title.lower().split())
    return len(title) >= 6 and title in " ".join(text.lower().split())
