"""Where the words of a quotation stand in a notice's canonical text, and what was changed in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import islice, pairwise, product

from assistant.alignment import Source, Step, align
from assistant.bounds import ENDS, denies, find_limits, stands_alone
from assistant.folding import fold, is_mark, swap_first
from assistant.quoting import BRACKETED, Part, Wording, read_wordings
from core.types import Span

# The parts of a quotation around what it left out stand within so many characters of each other.
_NEAR = 1500
# So many places of a quotation's beginning are tried, and so many changed letters read either way.
_MOST_PLACES, _MOST_FREE = 64, 3
# What ends a quoted sentence before an ellipsis, and what stands before the beginning of one.
_ENDED = re.compile(r"\s*[.。！？!?；;]+(?:\s|[…⋯]|\.|[\[(（［])")
_BEGINS = re.compile(r"(?:[.。！？!?；;:：]|\n)[”’」』)）\s]*(?:[-–—*•]\s+|\(?\w{1,3}[.)、）]\s*)?$")
_LONGEST_PASSED = 160
_LAST_MARK = re.compile(r"[.。！？!?]$")
# Less of it in common, and a quotation is another sentence.
_LEAST_ALIKE = 0.55


class PieceKind(StrEnum):
    """What became of some words: they were kept, left out, or put in; passed over where an ellipsis says so."""

    kept = "kept"
    left_out = "left_out"
    put_in = "put_in"
    passed = "passed"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a quotation, or of the source where it left them out."""

    kind: PieceKind
    text: str


@dataclass(frozen=True, slots=True)
class Match:
    """Where a quotation stands, or comes nearest: a span for each of its parts, in order.

    `measure`, 0 to 1, is how much of the words both have. `only_marks`: nothing but punctuation differs.
    `inserted` are the words in brackets that are the writer's own, `passed_over` the source's at the ellipses.
    `limited_by` is what goes on behind the quotation in its sentence and limits it, `denied_by` a denial that
    stands just before it; '' where there is none.
    `joined`: an ellipsis makes one sentence of parts of several.
    """

    spans: tuple[Span, ...]
    exact: bool
    pieces: tuple[Piece, ...]
    measure: float
    only_marks: bool = False
    inserted: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()
    limited_by: str = ""
    denied_by: str = ""
    joined: bool = False

    @property
    def span(self) -> Span:
        """From the beginning of the first part to the end of the last."""
        return Span(self.spans[0].start, self.spans[-1].end)

    @property
    def passes_denial(self) -> bool:
        """Whether an ellipsis stands for words that deny or limit."""
        return any(map(denies, self.passed_over))


class Text:
    """A canonical text in which quotations are looked for, with and without the dashes in front of its points."""

    def __init__(self, text: str) -> None:
        """Take a text; it is read at the first search."""
        self.text = text

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """The text as it stands, and without bullets where it has any."""
        bare = Source(self.text, drop_bullets=True)
        full = Source(self.text)
        return (full,) if len(full.folded.tokens) == len(bare.folded.tokens) else (full, bare)


def match_quotation(quote: str, text: str | Text, *, nearly: bool = True) -> Match | None:
    """Where the words of `quote` stand in `text`, else where they nearly do; None where neither.

    Without `nearly` only where they stand.
    White space, invisible characters, kinds of quotation marks, dashes and apostrophes, the width of marks, a bullet
    in front and the last mark are no change, nor is the case of the first letter in English; an ellipsis stands
    for words left out, brackets hold words of the writer. Anything else is. Spans are in code points of `text`.
    """
    held = text if isinstance(text, Text) else Text(text)
    nearest: Match | None = None
    for drop_bullets, source in enumerate(held.sources):
        wordings = read_wordings(quote, drop_bullets=bool(drop_bullets))
        for wording in wordings:
            if found := _find_exactly(wording, source):
                return _tell_exact(quote, wording, found, source)
        near = _find_nearly(quote, wordings[-1], source) if wordings and nearly else None
        if near and near.exact:
            return near
        if near and (nearest is None or near.measure > nearest.measure):
            nearest = near
    return nearest


def take_last_mark(span: Span, quote: str, text: str) -> Span:
    """The span with the mark that ends the sentence behind it, where the quotation has one too."""
    ends = _LAST_MARK.search(quote.rstrip()) and _LAST_MARK.match(text[span.end : span.end + 1])
    return Span(span.start, span.end + 1) if ends else span


def says_exactly(quote: str, parts: Sequence[str]) -> bool:
    """Whether the texts of spans, folded, are the parts of a quotation, folded: the last check before "exact"."""
    for drop_bullets in (False, True):
        folded = [fold(part, drop_bullets=drop_bullets).tokens for part in parts]
        for wording in read_wordings(quote, drop_bullets=drop_bullets):
            if len(wording.parts) == len(folded) and all(map(_are_same, wording.parts, _drop_last(wording, folded))):
                return True
    return False


def _drop_last(wording: Wording, folded: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The tokens of parts without the mark that ends the last of them, where the wording has none there."""
    has_more = len(folded[-1]) == len(wording.parts[-1].tokens) + 1 and is_mark(folded[-1][-1])
    return [*folded[:-1], folded[-1][:-1]] if has_more else folded


def _are_same(part: Part, tokens: Sequence[str]) -> bool:
    return len(part.tokens) == len(tokens) and all(
        one == other or (place in part.free and swap_first(one) == other)
        for place, (one, other) in enumerate(zip(part.tokens, tokens, strict=True))
    )


# -- exactly -----------------------------------------------------------------------------------


def _find_exactly(wording: Wording, source: Source) -> list[tuple[int, int]] | None:
    """The tokens [first, end) of each part, in order and near each other; None where they do not stand so."""
    for found in islice(_find_all(wording.parts[0], source), _MOST_PLACES):
        places = [found]
        for part in wording.parts[1:]:
            following = next(_find_all(part, source, *_reach(source, places[-1][1])), None)
            if following is None:
                break
            places.append(following)
        if len(places) == len(wording.parts):
            return _draw_together(wording, places, source)
    return None


def _draw_together(wording: Wording, places: list[tuple[int, int]], source: Source) -> list[tuple[int, int]]:
    """The same parts, each as near before the next one as it stands."""
    for number in range(len(places) - 2, -1, -1):
        first = places[number - 1][1] if number else places[number][0]
        near = [
            place
            for place in _find_all(wording.parts[number], source, first, places[number + 1][0])
            if place[1] <= places[number + 1][0]
        ]
        places[number] = max([places[number], *near])
    return places


def _reach(source: Source, after: int) -> tuple[int, int]:
    """The tokens behind one, as far as another part may stand."""
    starts, ends = source.folded.starts, source.folded.ends
    last = after
    while last < len(starts) and starts[last] - ends[after - 1] <= _NEAR:
        last += 1
    return after, last


def _find_all(part: Part, source: Source, first: int = 0, last: int | None = None) -> Iterator[tuple[int, int]]:
    """Where the tokens of a part stand as whole words, begun in [first, last); no more than a few places."""
    for tokens in _vary(part):
        begin = first
        for _ in range(_MOST_PLACES):
            at = source.find(tokens, begin, last)
            if at is None:
                break
            if stands_alone(source, at, at + len(tokens)) == (True, True):
                yield at, at + len(tokens)
            begin = at + 1


def _vary(part: Part) -> Iterator[list[str]]:
    """The tokens of a part, with those of free case in either."""
    free = sorted(part.free)[:_MOST_FREE]
    for choice in product((False, True), repeat=len(free)):
        tokens = list(part.tokens)
        for place, swapped in zip(free, choice, strict=True):
            tokens[place] = swap_first(tokens[place]) if swapped else tokens[place]
        if not any(swapped and tokens[p] == part.tokens[p] for p, swapped in zip(free, choice, strict=True)):
            yield tokens


def _tell_exact(quote: str, wording: Wording, found: Sequence[tuple[int, int]], source: Source) -> Match:
    spans = tuple(_span(source, first, end) for first, end in found)
    passed = tuple(source.text[one.end : other.start] for one, other in pairwise(spans))
    limited, denied = find_limits(source.text, Span(spans[0].start, spans[-1].end))
    joined = any(_joins(quote, wording, number, source, found) for number in range(len(found) - 1))
    pieces: tuple[Piece, ...] = (Piece(PieceKind.kept, quote.strip()),)
    if joined or wording.inserted:
        pieces = tuple(_show_parts(quote, wording, passed))
    is_exact = not (joined or wording.inserted)
    return Match(spans, is_exact, pieces, 1.0, False, wording.inserted, passed, limited, denied, joined)


def _joins(quote: str, wording: Wording, number: int, source: Source, found: Sequence[tuple[int, int]]) -> bool:
    """Whether the ellipsis behind a part makes one sentence of two: neither whole, with the end of one between them."""
    one, other = found[number], found[number + 1]
    passed = source.text[source.folded.ends[one[1] - 1] : source.folded.starts[other[0]]]
    if not ENDS.search(passed):
        return False
    between = quote[wording.parts[number].ends[-1] : wording.parts[number + 1].starts[0]]
    return not (_ENDED.match(between) and ENDS.match(passed) and _BEGINS.search(passed))


def _show_parts(quote: str, wording: Wording, passed: Sequence[str]) -> Iterator[Piece]:
    """A quotation's own words with what it put in, and what it passed over."""
    for number, part in enumerate(wording.parts):
        if number:
            yield Piece(PieceKind.left_out, " ".join(passed[number - 1].split())[:_LONGEST_PASSED])
        start = part.starts[0] if number else 0
        yield from _show_brackets(quote[start : part.ends[-1]].strip(), wording.inserted)


def _show_brackets(words: str, inserted: Sequence[str]) -> Iterator[Piece]:
    at = 0
    for match in BRACKETED.finditer(words):
        if match[1].strip() in inserted:
            yield from (Piece(PieceKind.kept, kept) for kept in [words[at : match.start()].strip()] if kept)
            yield Piece(PieceKind.put_in, match.group())
            at = match.end()
    yield from (Piece(PieceKind.kept, kept) for kept in [words[at:].strip()] if kept)


def _span(source: Source, first: int, end: int) -> Span:
    return Span(source.folded.starts[first], source.folded.ends[end - 1])


# -- nearly ------------------------------------------------------------------------------------


def _find_nearly(quote: str, wording: Wording, source: Source) -> Match | None:
    """The longest part where it comes nearest, and the others around it; None where too little is alike."""
    parts = wording.parts
    pivot = max(range(len(parts)), key=lambda place: len(parts[place].tokens))
    placed: dict[int, list[Step]] = {}
    if not (steps := align(parts[pivot], source)):
        return None
    placed[pivot] = _extend(steps, source)
    for place in range(pivot + 1, len(parts)):
        after = max(steps[-1].b for steps in placed.values())
        first, last = _reach(source, after)
        if last > first and (steps := align(parts[place], source, first, last)):
            placed[place] = _extend(steps, source)
    for place in range(pivot - 1, -1, -1):
        before = min(steps[0].a for steps in placed.values())
        first = before
        while first and source.folded.ends[before - 1] - source.folded.starts[first - 1] <= _NEAR:
            first -= 1
        if before > first and (steps := align(parts[place], source, first, before)):
            placed[place] = _extend(steps, source)
    return _tell_near(quote, wording, placed, source)


def _extend(steps: list[Step], source: Source) -> list[Step]:
    """The steps with the tokens at either end that make another word of what was found."""
    first, end = steps[0].a, steps[-1].b
    alone = stands_alone(source, first, end)
    if not alone[0] and steps[0].same and first:
        steps = [Step(False, first - 1, first, steps[0].c, steps[0].c), *steps]
    if not alone[1] and steps[-1].same and end < len(source.folded.tokens):
        steps = [*steps, Step(False, end, end + 1, steps[-1].d, steps[-1].d)]
    return steps


def _tell_near(quote: str, wording: Wording, placed: dict[int, list[Step]], source: Source) -> Match | None:
    pieces: list[Piece] = []
    changed: list[str] = []
    kept = words = said = 0
    for place, part in enumerate(wording.parts):
        if pieces:
            pieces.append(Piece(PieceKind.passed, "…"))
        steps = placed.get(place, [Step(False, 0, 0, 0, len(part.tokens))])
        for step in steps:
            pieces += _write_step(quote, part, step, source)
            if step.same:
                kept += _count_words(part.tokens[step.c : step.d])
            else:
                changed += [*source.folded.tokens[step.a : step.b], *part.tokens[step.c : step.d]]
        words += _count_words(part.tokens)
        said += _count_words(source.folded.tokens[steps[0].a : steps[-1].b]) if place in placed else 0
    measure = kept / max(words, said, 1)
    if measure < _LEAST_ALIKE:
        return None
    spans = tuple(_span(source, placed[place][0].a, placed[place][-1].b) for place in sorted(placed))
    exact = not changed
    only_marks = bool(changed) and all(is_mark(token) for token in changed)
    limited, denied = find_limits(source.text, Span(spans[0].start, spans[-1].end))
    passed = tuple(source.text[one.end : other.start] for one, other in pairwise(spans))
    return Match(spans, exact, tuple(pieces), measure, only_marks, wording.inserted, passed, limited, denied)


def _write_step(quote: str, part: Part, step: Step, source: Source) -> Iterator[Piece]:
    if step.a < step.b and not step.same:
        yield Piece(PieceKind.left_out, _span(source, step.a, step.b).of(source.text))
    if step.c < step.d:
        said = quote[part.starts[step.c] : part.ends[step.d - 1]]
        yield Piece(PieceKind.kept if step.same else PieceKind.put_in, said)


def _count_words(tokens: Sequence[str]) -> int:
    return sum(not is_mark(token) for token in tokens)
