"""A quotation as its writer meant it: its parts around what he left out, without what he put in brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.folding import ELLIPSIS, QUOTE_MARK, fold, is_mark
from store.words import has_chinese

_CHANGED_CASE = re.compile(r"\[([^\W\d_])\](?=[^\W\d_])")
_LEFT_OUT = re.compile(r"[\[(（［]\s*(?:\.(?:[ \t]?\.){2,}|[…⋯]+)\s*[\])）］]")
# A figure with one of its digits in brackets bears no note.
_NOTE = re.compile(
    r"(?<![\d.,])\[\^?\d{1,3}\](?!\d)|[\[［]\s*(?:sic|原文如此|emphasis added|着重号为引者所加)\s*[\]］]"
)
BRACKETED = re.compile(r"[\[［]([^\[\]［］\n]{1,200})[\]］]")
# Words in brackets that would change what is said are compared like all others.
_TELLING = re.compile(
    r"\d|n['’]t\b|\b(?:not?|never|none|neither|nor|without|must|shall|should|may|might|can|will|only|all|any|every|unless"
    r"|except|if|before|after|least|most|more|less|fewer)\b|[不未无非禁勿须必可应得仅只免除都每至超]|[一二三四五六七八九十百千万两]",
    re.IGNORECASE,
)
_BROKEN_RUN = re.compile(r"(?<=[A-Za-z0-9])\n(?=[A-Za-z0-9])")
_UNSEEN = "\u200b"
# What has more gaps than this is no quotation with words left out.
_MOST_PARTS = 40
# What may stand before and behind the words between two quotation marks.
_LEADING = frozenset(f"{QUOTE_MARK}-*+·.,;:!?、>")
_TRAILING = frozenset(f"{QUOTE_MARK}.,;:!?、-")


@dataclass(frozen=True, slots=True)
class Part:
    """Some words of a quotation without a gap: tokens, with their places in it.

    `free` are the indices of tokens whose first letter may be of either case.
    """

    tokens: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    free: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to read a quotation: its parts in order, and the words in brackets that are its writer's own."""

    parts: tuple[Part, ...]
    inserted: tuple[str, ...] = ()


def read_wordings(quote: str, *, drop_bullets: bool = False) -> list[Wording]:
    """The ways to read a quotation, most literal first; [] where it has no words.

    An ellipsis may stand in the source, or for words left out; square brackets may stand in the source, or
    hold words of the writer. All offsets are those of `quote`.
    """
    wordings: dict[Wording, None] = {}
    for written in _as_written(quote):
        wordings[Wording(tuple(_cut(written, frozenset(), False, drop_bullets)))] = None
        wordings[Wording(tuple(_cut(written, frozenset(), True, drop_bullets)))] = None
        plain, changed, inserted = _drop_brackets(written)
        if plain != written:
            wordings[Wording(tuple(_cut(plain, changed, True, drop_bullets)), inserted)] = None
    return [wording for wording in wordings if 0 < len(wording.parts) <= _MOST_PARTS]


def _as_written(quote: str) -> Iterator[str]:
    yield quote
    # Chinese is wrapped at any character, also within a figure.
    if has_chinese(quote) and _BROKEN_RUN.search(quote):
        yield _BROKEN_RUN.sub(_UNSEEN, quote)


def _drop_brackets(quote: str) -> tuple[str, frozenset[int], tuple[str, ...]]:
    """The quotation without brackets, of the same length; where a letter's case was changed; what was put in."""
    changed = frozenset(match.start(1) for match in _CHANGED_CASE.finditer(quote))
    plain = _CHANGED_CASE.sub(rf"{_UNSEEN}\1{_UNSEEN}", quote)
    plain = _LEFT_OUT.sub(lambda match: ELLIPSIS.ljust(len(match.group())), plain)
    plain = _NOTE.sub(lambda match: " " * len(match.group()), plain)
    inserted: list[str] = []

    def blank(match: re.Match[str]) -> str:
        if _TELLING.search(match[1]):
            return match.group()
        inserted.append(match[1].strip())
        return " " * len(match.group())

    return BRACKETED.sub(blank, plain), changed, tuple(inserted)


def _cut(quote: str, changed: frozenset[int], at_ellipses: bool, drop_bullets: bool) -> Iterator[Part]:
    folded = fold(quote, drop_bullets=drop_bullets)
    tokens = folded.tokens
    first = 0
    stops = [place for place, token in enumerate(tokens) if token == ELLIPSIS and at_ellipses]
    for stop in [*stops, len(tokens)]:
        start, end = first, stop
        edges = _LEADING | {ELLIPSIS}
        while start < end and tokens[start] in edges:
            start += 1
        while end > start and tokens[end - 1] in _TRAILING | {ELLIPSIS}:
            end -= 1
        if any(not is_mark(token) for token in tokens[start:end]):
            free = {place - start for place in range(start, end) if folded.starts[place] in changed}
            if first == 0:
                free.add(0)
            yield Part(tokens[start:end], folded.starts[start:end], folded.ends[start:end], frozenset(free))
        first = stop + 1
