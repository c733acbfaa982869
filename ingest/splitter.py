"""A notice into passages: spans of whole sentences, about a paragraph each, short enough to embed."""

from __future__ import annotations

import re

from core.types import Passage, Sentence, SentenceKind, Span
from store.tokens import count_tokens
from store.words import CJK, has_chinese

# cl100k tokens that stay under the 256 word pieces at which all-MiniLM-L6-v2 cuts, for 99 % of
# English, of Chinese, and of table rows (multilingual-e5-small cuts at 512).
_LIMIT_ENGLISH, _LIMIT_CHINESE, _LIMIT_ROWS = 224, 240, 144
# A paragraph shorter than this is joined with the next: a heading alone is no passage.
_ENOUGH = 80


def split_notice(notice_id: str, text: str, sentences: list[Sentence]) -> list[Passage]:
    """Passages in order, covering every character of `text` but white space, none overlapping.

    A passage begins and ends with a sentence, unless one sentence alone is over the limit of
    tokens: that is cut at a comma or a space, and never inside a character.
    """
    spans: list[Span] = []
    gathered: list[Span] = []
    tokens = 0
    for piece, opens, limit, cost in _pieces(text, sentences):
        full = tokens + cost > limit
        if gathered and (full or (opens and tokens >= _ENOUGH)):
            spans.append(Span(gathered[0].start, gathered[-1].end))
            gathered, tokens = [], 0
        gathered.append(piece)
        tokens += cost
    if gathered:
        spans.append(Span(gathered[0].start, gathered[-1].end))
    return [
        Passage(f"{notice_id}:{ordinal}", notice_id, ordinal, span, span.of(text)) for ordinal, span in enumerate(spans)
    ]


def _pieces(text: str, sentences: list[Sentence]) -> list[tuple[Span, bool, int, int]]:
    """(span, whether a passage may begin there, limit, tokens) of each sentence or part of one."""
    pieces: list[tuple[Span, bool, int, int]] = []
    previous_end = 0
    for sentence in sentences:
        body = sentence.span.of(text)
        limit = _limit(sentence.kind, body)
        opens = "\n" in text[previous_end : sentence.span.start] and sentence.kind != SentenceKind.row
        previous_end = sentence.span.end
        for part in _cut(text, sentence.span, limit):
            pieces.append((part, opens, limit, count_tokens(part.of(text)) + 1))
            opens = False
    return pieces


def _limit(kind: SentenceKind, body: str) -> int:
    if kind is SentenceKind.row:
        return _LIMIT_ROWS
    return _LIMIT_CHINESE if has_chinese(body) else _LIMIT_ENGLISH


def _cut(text: str, span: Span, limit: int) -> list[Span]:
    """The span in parts of at most `limit` tokens, cut after a comma or space where there is one."""
    parts: list[Span] = []
    start = span.start
    while start < span.end:
        end = _longest(text, start, span.end, limit)
        if end < span.end:
            breaks = [m.end() for m in re.finditer(rf"[;；,，、:：\s]|(?<=[{CJK}])(?=[{CJK}])", text[start:end])]
            preferred = [m.end() for m in re.finditer(r"[;；,，、:：\s]", text[start:end])]
            late = [b for b in preferred if b > (end - start) // 2] or breaks
            end = start + late[-1] if late and late[-1] > 0 else end
        stop = end
        while stop > start and text[stop - 1].isspace():
            stop -= 1
        if stop > start:
            parts.append(Span(start, stop))
        start = end
        while start < span.end and text[start].isspace():
            start += 1
    return parts


def _longest(text: str, start: int, end: int, limit: int) -> int:
    """The largest end for which text[start:end] has at most `limit` tokens; at least start + 1."""
    # A token of cl100k has a few characters; a longer run of one character is cut all the same.
    end = min(end, start + limit * 30)
    if count_tokens(text[start:end]) <= limit:
        return end
    low, high = start + 1, end
    while low < high:
        middle = (low + high + 1) // 2
        if count_tokens(text[start:middle]) <= limit:
            low = middle
        else:
            high = middle - 1
    return low
