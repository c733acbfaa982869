"""Whether two statements say the same, the same with another figure or duty, or have nothing to do with each other."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz.distance import Indel

from store.words import CJK, is_stop_word

# 3,600 £28,000 40.5% 1/300 2022/23; Chinese figures before what they count.
_FIGURE = re.compile(
    r"\d+(?:[.,:/]\d+)*"
    r"|[零〇一二两三四五六七八九十百千万亿]+(?=[%％个人名元年月日天节次小学周时分岁级所项条届万亿倍成])"
)
_TOKEN = re.compile(rf"{_FIGURE.pattern}|[£$€¥%％‰]|[{CJK}]|[^\W\d_{CJK}]+(?:['’][^\W\d_{CJK}]+)?")
# A number or bullet in front of a point, a label of a note behind: they change when others come in.
_MARKER = re.compile(
    r"^\s*(?:[-–—*•●▪◦·]|\(?[0-9]{1,2}[.)、．]|[(（][一二三四五六七八九十a-z0-9]{1,3}[)）]|[一二三四五六七八九十]{1,3}、)\s*"
)
_DUTIES = re.compile(
    r"(?i)\b(?:must|shall|should|may|can|need|required?|requires|not|no|never|unless|except|only|cannot)\b|n['’]t\b"
    r"|应当|必须|不得|严禁|禁止|可以|鼓励|应|须|不|未|无|非|除外"
)
_HIDDEN = "#"
# Statements of less in common speak of different things; between the two, figures must be all that differs.
_ALIKE, _SAME = 0.62, 0.86
# A word in more statements than this tells nothing of which two belong together.
_COMMON = 40


@dataclass(frozen=True)
class Wording:
    """A statement as it is compared: its words, its figures in order, its words of duty and denial."""

    text: str

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """The words of it, folded; Chinese characters singly."""
        folded = unicodedata.normalize("NFKC", _MARKER.sub("", self.text)).casefold()
        return tuple(_TOKEN.findall(folded))

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """The figures of it."""
        return tuple(token for token in self.tokens if _FIGURE.fullmatch(token))

    @cached_property
    def masked(self) -> tuple[str, ...]:
        """Its words, figures made alike."""
        return tuple(_HIDDEN if _FIGURE.fullmatch(token) else token for token in self.tokens)

    @cached_property
    def telling(self) -> frozenset[str]:
        """The words by which its counterpart is looked for: those that say something; in Chinese pairs of characters."""
        words = {token for token in self.masked if len(token) > 1 and not is_stop_word(token)}
        pairs = {a + b for a, b in zip(self.masked, self.masked[1:], strict=False) if len(a) == len(b) == 1}
        return frozenset(words | pairs)

    @cached_property
    def duties(self) -> Counter[str]:
        """Its words of duty, permission and denial."""
        return Counter(word.casefold() for word in _DUTIES.findall(unicodedata.normalize("NFKC", self.text)))


def measure(one: Wording, other: Wording) -> float:
    """How much of their words two statements share in order, figures apart: 0 to 1."""
    return float(Indel.normalized_similarity(one.masked, other.masked))


def is_same(one: Wording, other: Wording) -> bool:
    """Whether two statements that belong together say the same: figures and duties alike, hardly a word otherwise."""
    if one.tokens == other.tokens:
        return True
    return one.figures == other.figures and one.duties == other.duties and measure(one, other) >= _SAME


def pair_up(before: Sequence[Wording], after: Sequence[Wording]) -> list[tuple[int, int]]:
    """Which statement after takes the place of which before, as indices; each is used once, the most alike first.

    Of some equally alike those come first that stand at the like place. The work grows with what they have in common.
    """
    known: dict[str, list[int]] = defaultdict(list)
    for place, wording in enumerate(after):
        for word in wording.telling:
            known[word].append(place)
    equal: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, wording in enumerate(after):
        equal[wording.tokens].append(place)
    rated: list[tuple[float, float, int, int]] = []
    for place, wording in enumerate(before):
        met = Counter(other for word in wording.telling if len(known[word]) <= _COMMON for other in known[word])
        candidates = {other for other, _ in met.most_common(_COMMON)} | set(equal.get(wording.tokens, ())[:_COMMON])
        for other in candidates:
            alike = 1.0 if wording.tokens == after[other].tokens else measure(wording, after[other]) * 0.999
            if alike >= _ALIKE:
                apart = abs(place / max(len(before), 1) - other / max(len(after), 1))
                agrees = 0.02 * (wording.figures == after[other].figures)
                rated.append((-(alike + agrees), apart, place, other))
    taken: tuple[set[int], set[int]] = (set(), set())
    pairs = []
    for _, _, place, other in sorted(rated):
        if place not in taken[0] and other not in taken[1]:
            taken[0].add(place)
            taken[1].add(other)
            pairs.append((place, other))
    return sorted(pairs)
