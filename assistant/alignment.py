"""Where a text comes nearest to some words, and how the two differ: anchored by rare runs of words, then aligned."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz.distance import Indel, Levenshtein

from assistant.folding import Folded, fold, is_mark, swap_first
from assistant.quoting import Part

_SEPARATOR = "\x1f"
# Runs of so many words are looked for where the words looked for are at least so many.
_RUNS = ((12, 3), (6, 2), (0, 1))
# A run that stands more often than this tells little of the place; of so many runs the rarest are looked for.
_COMMON, _MOST_RUNS = 50, 400
# The source may be this much longer than the words: what was left out between them.
_STRETCH, _SLACK = 1.6, 40
_MARGIN = 2
# An alignment takes time with the product of both lengths, 64 at a step; by words in common also a bit of memory each.
_MOST_CELLS, _MOST_BITS = 10**10, 10**9
# At either end, so few words that stand so far from the others are there by chance.
_STRAY, _APART = 2, 4
_LEAST_SHARE = 0.15
_ENDS = frozenset(".!?;")


@dataclass(frozen=True, slots=True)
class Step:
    """A run of an alignment: tokens [a, b) of the source beside tokens [c, d) of the words; `same` where equal."""

    same: bool
    a: int
    b: int
    c: int
    d: int


class Source:
    """A text in which words are looked for; what that takes is made once."""

    def __init__(self, text: str, *, drop_bullets: bool = False) -> None:
        """Read a text of any length."""
        self.text = text
        self.folded: Folded = fold(text, drop_bullets=drop_bullets)
        self._runs: dict[int, dict[tuple[str, ...], list[int]]] = {}

    @cached_property
    def _joined(self) -> tuple[str, list[int]]:
        """All tokens as one string, and where each begins in it."""
        places, at = [], 1
        for token in self.folded.tokens:
            places.append(at)
            at += len(token) + 1
        return _SEPARATOR + "".join(token + _SEPARATOR for token in self.folded.tokens), places

    @cached_property
    def words(self) -> list[int]:
        """The indices of the tokens that are no marks."""
        return [place for place, token in enumerate(self.folded.tokens) if not is_mark(token)]

    def find(self, tokens: Sequence[str], first: int = 0, last: int | None = None) -> int | None:
        """The index of the first token at which these tokens stand, begun in [first, last); None where nowhere."""
        joined, places = self._joined
        if first >= len(places):
            return None
        wanted = _SEPARATOR + _SEPARATOR.join(tokens) + _SEPARATOR
        end = len(joined)
        if last is not None and last < len(places):
            end = min(end, places[last] - 1 + len(wanted))
        found = joined.find(wanted, places[first] - 1, end)
        return None if found < 0 else bisect_left(places, found + 1)

    def locate(self, size: int, run: tuple[str, ...]) -> list[int]:
        """Where a run of so many words begins, counted in `words`; no more than a few beyond what is common."""
        if size not in self._runs:
            tokens = [self.folded.tokens[place].lower() for place in self.words]
            known: dict[tuple[str, ...], list[int]] = defaultdict(list)
            for at in range(len(tokens) - size + 1):
                places = known[tuple(tokens[at : at + size])]
                if len(places) <= _COMMON:
                    places.append(at)
            self._runs[size] = dict(known)
        return self._runs[size].get(run, [])


def align(part: Part, source: Source, first: int = 0, last: int | None = None) -> list[Step] | None:
    """The steps from the source's tokens [first, last) where they come nearest to a part's; None where nowhere near.

    The first and the last step hold words of both. As many tokens in common as can be (Indel
    distance), for very long ones Levenshtein's distance, which takes less memory; both by rapidfuzz.
    """
    tokens = source.folded.tokens
    near = _find_window(part, source, first, len(tokens) if last is None else last)
    if near is None:
        return None
    low, high = near
    if (high - low) * len(part.tokens) > _MOST_CELLS:
        return None
    window = tokens[low:high]
    metric = Indel if (high - low) * len(part.tokens) <= _MOST_BITS else Levenshtein
    steps: list[Step] = []
    for op in metric.opcodes(window, _allow_case(part, window)):
        step = Step(op.tag == "equal", low + op.src_start, low + op.src_end, op.dest_start, op.dest_end)
        if steps and not step.same and not steps[-1].same:
            step = Step(False, steps[-1].a, step.b, steps.pop().c, step.d)
        steps.append(step)
    return _trim(steps, tokens)


def _allow_case(part: Part, window: Sequence[str]) -> list[str]:
    """The tokens of a part, those of free case as the window has them."""
    held = frozenset(window)
    return [
        swap_first(token) if place in part.free and token not in held and swap_first(token) in held else token
        for place, token in enumerate(part.tokens)
    ]


def _find_window(part: Part, source: Source, first: int, last: int) -> tuple[int, int] | None:
    """The tokens [low, high) of the source that hold most runs of the part's words, within [first, last)."""
    words = [token.lower() for token in part.tokens if not is_mark(token)]
    size = next(size for least, size in _RUNS if len(words) >= least)
    votes, looked_for = _vote(words, size, source, first, last)
    best = _find_densest(votes, round(len(words) * _STRETCH) + _SLACK)
    if best is None:
        return None
    held = len({run for _, run in votes[best[0] : best[1]]})
    # A single word says little of the place: more of them must stand there.
    if held < max(1, looked_for * (_LEAST_SHARE if size > 1 else 0.5)):
        return None
    (begun, run), (ended, last_run) = votes[best[0]], votes[best[1] - 1]
    low = max(0, begun - run - _MARGIN)
    high = min(len(source.words), ended + max(len(words) - last_run, size) + _MARGIN)
    return max(first, source.words[low]), min(last, source.words[high - 1] + 1)


def _vote(words: Sequence[str], size: int, source: Source, first: int, last: int) -> tuple[list[tuple[int, int]], int]:
    """(place in the source's words, place in the part's) of each rare run that both hold, and how many were tried."""
    runs = [tuple(words[at : at + size]) for at in range(len(words) - size + 1)]
    found = [(places, at) for at, run in enumerate(runs) if (places := source.locate(size, run))]
    found.sort(key=lambda pair: len(pair[0]))
    tried = min(len(runs), _MOST_RUNS)
    bounds = bisect_left(source.words, first), bisect_left(source.words, last)
    return sorted(
        (place, at) for places, at in found[:_MOST_RUNS] for place in places if bounds[0] <= place < bounds[1]
    ), tried


def _find_densest(votes: Sequence[tuple[int, int]], width: int) -> tuple[int, int] | None:
    """The votes [low, high) within so many words of the source that are of most different runs, the closest such."""
    best, found = (0, 0), None
    held: Counter[int] = Counter()
    low = 0
    for high, (place, run) in enumerate(votes):
        held[run] += 1
        while place - votes[low][0] > width:
            held[votes[low][1]] -= 1
            if not held[votes[low][1]]:
                del held[votes[low][1]]
            low += 1
        # What an earlier vote says of a run that is said again later only makes the window longer.
        while held[votes[low][1]] > 1:
            held[votes[low][1]] -= 1
            low += 1
        measure = (len(held), votes[low][0] - place)
        if measure > best:
            best, found = measure, (low, high + 1)
    return found


def _trim(steps: list[Step], tokens: Sequence[str]) -> list[Step] | None:
    """The steps without what the source has before and behind, and without words that met there by chance."""
    low, high = 0, len(steps)
    while high - low > 2 and (steps[low].c == steps[low].d or _is_stray(steps[low], steps[low + 1])):
        low += 1
    while high - low > 2 and (steps[high - 1].c == steps[high - 1].d or _is_stray(steps[high - 1], steps[high - 2])):
        high -= 1
    kept = [place for place in range(low, high) if steps[place].same]
    if not kept:
        return None
    inner = steps[kept[0] : kept[-1] + 1]
    first, last = inner[0], inner[-1]
    # At either end the source has had no more in place of what was put in, and nothing of another sentence.
    before = _count_back(tokens, first.a, first.c)
    behind = _count_back(tokens[::-1], len(tokens) - last.b, steps[-1].d - last.d)
    opening = [Step(False, first.a - before, first.a, 0, first.c)] if first.c else []
    closing = [Step(False, last.b, last.b + behind, last.d, steps[-1].d)] if last.d < steps[-1].d else []
    return [*opening, *inner, *closing]


def _count_back(tokens: Sequence[str], end: int, most: int) -> int:
    """How many tokens before one are of its sentence, no more than `most`."""
    count = 0
    while count < most and end - count > 0 and tokens[end - count - 1] not in _ENDS:
        count += 1
    return count


def _is_stray(edge: Step, beside: Step) -> bool:
    few = edge.same and edge.d - edge.c <= _STRAY
    return few and beside.b - beside.a > _APART + 2 * (beside.d - beside.c)
