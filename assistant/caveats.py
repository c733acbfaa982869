"""What a reader must know beside an answer: a notice that was replaced, notices that differ, garbled words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from assistant.counting import strip_labels
from assistant.endings import find_endings
from core.types import Answer, AnswerSentence, Caveat, CaveatKind, Citation
from store.archive import Archive
from store.words import content_terms

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
    for ending in find_endings(archive, [citation.card for citation in answer.citations]):
        said = ending.draft
        labels = tuple(citation.label for citation in answer.citations if citation.card == ending.card)
        by = next((c.label for c in citations if (c.card, c.span) == (said.card, said.span)), None)
        if by is None:
            notice = archive.catalogue.notice(said.card.notice_id)
            by = len(citations) + 1
            citations.append(notice.cite(by, said.span))
            sentences.append(AnswerSentence(said.text, (by,), said.kind))
        caveats.append(Caveat(CaveatKind.amended if ending.in_part else CaveatKind.superseded, labels, by))
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
