"""Whether two statements say the same, the same with another figure or duty, or have nothing to do with each other."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz.distance import Indel

from store.words import CJK, content_terms

# 3,600 £28,000 40.5% 1/300 2022/23; Chinese figures before what they count.
_FIGURE = re.compile(
    r"\d+(?:[.,:/]\d+)*"
    r"|[零〇一二两三四五六七八九十百千万亿]+(?=[%％个人名元年月日天节次小学周时分岁级所项条届万亿倍成])"
)
_TOKEN = re.compile(rf"(?P<figure>{_FIGURE.pattern})|[£$€¥%％‰]|[{CJK}]|[^\W\d_{CJK}]+(?:['’][^\W\d_{CJK}]+)?")
# A number or bullet in front of a point, a label of a note behind: they change when others come in.
_MARKER = re.compile(
    r"^\s*(?:[-–—*•●▪◦·]|\(?[0-9]{1,2}[.)、．]|[(（][一二三四五六七八九十a-z0-9]{1,3}[)）]|[一二三四五六七八九十]{1,3}、)\s*"
)
_DUTIES = re.compile(
    r"(?i)\b(?:must|shall|should|(?<!\d )may(?! \d)|can|need|required?|requires|not|no|never)\b"
    r"|\b(?:unless|except|only|cannot)\b"
    r"|应当|必须|不得|严禁|禁止|可以|鼓励|应|须|不|未|无|非|除外"
)
_HIDDEN = "#"
_PAIR = re.compile(f"[{CJK}]{{2}}")
# Statements of less in common speak of different things; between the two, figures must be all that differs.
_ALIKE, _SAME = 0.62, 0.8
# A word in more statements than this tells nothing of which two belong together.
_COMMON = 40
# Statements in another order of words belong together where they share so many of their words, and so large a part.
_FEWEST, _HELD, _HELD_WITH_UNITS = 3, 0.6, 0.4
# What else speaks for two: the same figures; what stands above them; the first cell of a row.
_BESIDE, _LED, _LABELLED = 0.02, 0.15, 0.3
_UNITS = frozenset("£$€¥%％‰元")
_EQUAL = "="
# They'll and they will are the same.
_SHORT = {"'ll": " will", "'re": " are", "'ve": " have", "n't": " not", "'s": ""}
_SHORTENED = re.compile(r"'ll\b|'re\b|'ve\b|n't\b|'s\b")


@dataclass(frozen=True)
class Wording:
    """A statement as it is compared: its words, its figures in order, its words of duty and denial.

    `lead` is what stands above it: its heading, or what opens the list or table that it is in.
    """

    text: str
    lead: Wording | None = None

    @cached_property
    def folded(self) -> str:
        """Its text with white space, width, case, marks in front and shortened words made alike."""
        folded = unicodedata.normalize("NFKC", _MARKER.sub("", self.text)).casefold().replace("’", "'")
        return _SHORTENED.sub(lambda match: _SHORT[match.group()], folded)

    @cached_property
    def _pieces(self) -> tuple[tuple[str, bool], ...]:
        """Its words, each with whether it is a figure; Chinese characters singly."""
        return tuple((match.group(), match["figure"] is not None) for match in _TOKEN.finditer(self.folded))

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """The words of it."""
        return tuple(token for token, _ in self._pieces)

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """The figures of it."""
        return tuple(token for token, is_figure in self._pieces if is_figure)

    @cached_property
    def masked(self) -> tuple[str, ...]:
        """Its words, figures made alike."""
        return tuple(_HIDDEN if is_figure else token for token, is_figure in self._pieces)

    @cached_property
    def telling(self) -> frozenset[str]:
        """The words by which its counterpart is looked for: in Chinese pairs of characters."""
        words = {term for token in self.masked if len(token) > 1 for term in content_terms(token)}
        pairs = {a + b for a, b in zip(self.masked, self.masked[1:], strict=False) if _PAIR.fullmatch(a + b)}
        return frozenset(words | pairs)

    @cached_property
    def label(self) -> str:
        """The first cell of a table's row, '' elsewhere."""
        return " ".join(self.text.split("\t")[0].casefold().split()) if "\t" in self.text else ""

    @cached_property
    def units(self) -> Counter[str]:
        """The signs of money and shares in it."""
        return Counter(token for token in self.tokens if token in _UNITS)

    @cached_property
    def duties(self) -> Counter[str]:
        """Its words of duty, permission and denial."""
        return Counter(_DUTIES.findall(self.folded))


def measure(one: Wording, other: Wording) -> float:
    """How much of their words two statements share in order, figures apart: 0 to 1."""
    return float(Indel.normalized_similarity(one.masked, other.masked))


def is_same(one: Wording, other: Wording) -> bool:
    """Whether two statements that belong together say the same.

    They do where figures and duties are alike and hardly a word is not; where they state the same sums or shares,
    whatever the words around them.
    """
    if one.tokens == other.tokens:
        return True
    if one.figures != other.figures or one.duties != other.duties:
        return False
    return bool(one.units) or measure(one, other) >= _SAME


def pair_up(before: Sequence[Wording], after: Sequence[Wording]) -> list[tuple[int, int]]:
    """Which statement after takes the place of which before, as indices; each is used once, the most alike first.

    Of some equally alike those come first that stand under the like, then those at the like place. Those
    that hardly share their order of words are paired last, by their rarer words. The work grows with what the
    two have in common.
    """
    known: dict[str, list[int]] = defaultdict(list)
    for place, wording in enumerate(after):
        for word in {*wording.telling, _EQUAL + "\0".join(wording.tokens)}:
            known[word].append(place)
    rated: list[tuple[float, float, int, int]] = []
    for place, wording in enumerate(before):
        for other in _find_candidates(wording, known):
            alike = _rate(wording, after[other])
            if alike:
                apart = abs(place / max(len(before), 1) - other / max(len(after), 1))
                rated.append((-alike, apart, place, other))
    taken: tuple[set[int], set[int]] = (set(), set())
    pairs = []
    for _, _, place, other in sorted(rated):
        if place not in taken[0] and other not in taken[1]:
            taken[0].add(place)
            taken[1].add(other)
            pairs.append((place, other))
    return sorted(pairs)


def _find_candidates(wording: Wording, known: Mapping[str, Sequence[int]]) -> set[int]:
    """The places of those that share a word which not many have, or all words."""
    met = Counter(
        other for word in wording.telling if len(places := known.get(word, ())) <= _COMMON for other in places
    )
    equal = known.get(_EQUAL + "\0".join(wording.tokens), ())
    return {other for other, _ in met.most_common(_COMMON)} | set(equal[:_COMMON])


def _rate(one: Wording, other: Wording) -> float:
    """How alike two statements are, over 0 only where they may be about the same thing."""
    near = _BESIDE * (one.figures == other.figures)
    if one.label and one.label == other.label:
        near += _LABELLED
    if one.lead and other.lead:
        near += _LED * measure(one.lead, other.lead)
    if one.tokens == other.tokens:
        return 2 + near
    alike = measure(one, other)
    if alike >= _ALIKE:
        return 1 + alike + near
    shared = one.telling & other.telling
    held = len(shared) / max(1, min(len(one.telling), len(other.telling)))
    enough = _HELD_WITH_UNITS if one.units and one.units == other.units else _HELD
    return alike + held / 10 if len(shared) >= _FEWEST and held >= enough else 0.0
