"""Words that are cut at the end of a line: whole again where the hyphen only cuts, with it where it belongs to them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from ingest.readers.reading import join_lines

_HYPHEN = "-\u2010"
_WORD = re.compile(rf"[^\W\d_]+(?:[{_HYPHEN}\u2011][^\W\d_]+)*")
_HEAD = re.compile(rf"(?P<run>\S*?)(?P<head>[^\W\d_]+)[{_HYPHEN}]$")
_TAIL = re.compile(r"[^\W\d_]+")
# "primary-\nand secondary-school pupils": a hyphen for what is said once for both.
_SUSPENDED = re.compile(r"(?:and|or|to|nor|but|und|et)(?=\s)")
# What opens compounds, whatever word comes behind; what closes them, whatever word comes before.
_OPENING = frozenset(
    """all anti co cross eight ever evidence ex extra first five four full good half high ill inter large late long
    longer low lower mid middle multi near needs newly nine non one part peer poor post pre pro publicly quasi rapid
    real second self semi seven short single six socio south ten third three top two upper well whole""".split()
)
_CLOSING = frozenset(
    """aged based being benefit centered centred conscious driven friendly funded going level looking making minded
    olds oriented paid ranging related sector solving specific taking taught teaching term time trained year years
    """.split()
)
_LINKING = frozenset("a and at by for in of on or the to".split())
# These open words that are written as one.
_OF_ONE_WORD = frozenset("any counter every for over some super there through trans under where with".split())


class Words:
    """The words of a notice, as far as they do not stand across the end of a line, by how often they occur."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._known: Counter[str] = Counter()
        cut = False
        for line in lines:
            words = _WORD.findall(line)
            ends = line.endswith(tuple(_HYPHEN))
            self._known.update(map(_fold, words[cut : len(words) - ends]))
            cut = ends

    def join(self, before: str, after: str) -> str:
        """Two lines of one paragraph as one."""
        kept, between = self.part(before, after)
        return f"{kept}{between}{after}"

    def part(self, before: str, after: str) -> tuple[str, str]:
        """(what stays of `before`, what stands between it and `after`): the hyphen goes where it only cuts a word.

        It stays where the notice elsewhere writes the word with it, or more often so than without. Where the
        notice has neither, it stays in what is no plain word (2009-18, an address), before a capital letter,
        and between two words that the notice knows or that are usual in compounds (well-being, full-time).
        """
        head, tail = _HEAD.search(before), _TAIL.match(after)
        if not before.endswith(tuple(_HYPHEN)) or not before[:-1] or not before[-2].isalnum():
            return before, join_lines(before[-1:], after[:1])[1:-1] if before and after else ""
        if _SUSPENDED.match(after):
            return before, " "
        if head is None or tail is None or not self._is_cut(head, tail):
            return before, ""
        return before[:-1], ""

    def _is_cut(self, before: re.Match[str], after: re.Match[str]) -> bool:
        first, tail = before.group("head"), after.group()
        if before.group("run").strip("(（“‘\"'[") or not (tail.islower() or (first.isupper() and tail.isupper())):
            return False
        whole, compound = self._known[_fold(first + tail)], self._known[_fold(f"{first}-{tail}")]
        if whole or compound:
            return whole > compound
        first, tail = _fold(first), _fold(tail)
        linked = tail in _LINKING and after.string[after.end() : after.end() + 1] in tuple(_HYPHEN)
        return not linked and not self._is_compound(first, tail)

    def _is_compound(self, first: str, tail: str) -> bool:
        """Whether two parts are words of their own, such as make a compound."""
        if first in _OF_ONE_WORD:
            return False
        if first in _OPENING:
            return tail in _CLOSING or (len(tail) > 3 and self._known[tail] > 0)
        known = self._known[first] > 0 and len(first) > 3
        return known and (tail in _CLOSING or (min(len(first), len(tail)) > 4 and self._known[tail] > 0))


def _fold(word: str) -> str:
    return re.sub(rf"[{_HYPHEN}\u2011]", "-", word).casefold()
