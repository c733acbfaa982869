"""What changed between two years: which requirements and figures are new, dropped, or other than they were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.types import Citation, Link, LinkKind, Notice, NoticeCard, SentenceKind, Span
from retriever.sameness import Wording, is_same, pair_up
from store.catalogue import Catalogue
from store.links import SUCCESSIONS
from store.names import fold_title
from store.words import content_terms

_NO_CITATION = 0
# What has fewer words that tell something is a label, such as "Article 3."
_FEWEST_TELLING, _FEWEST_BESIDE_FIGURES = 2, 5


class ChangeKind(StrEnum):
    """What became of a statement: it is new, was dropped, or says something else."""

    new = "new"
    dropped = "dropped"
    changed = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """A statement of the later year in the place of one of the earlier; None where there is none."""

    kind: ChangeKind
    before: Citation | None
    after: Citation | None


@dataclass(frozen=True, slots=True)
class _Statement:
    notice: Notice
    span: Span
    wording: Wording
    binds: bool

    @property
    def stands_alone(self) -> bool:
        """Whether it says something of note without another beside it: no mere date or heading."""
        stated = self.wording.units or self.wording.duties or len(self.wording.telling) >= _FEWEST_BESIDE_FIGURES
        return self.binds or bool(stated)

    def cite(self) -> Citation:
        return self.notice.cite(_NO_CITATION, self.span)


def compare_years(catalogue: Catalogue, first: int, last: int, *, topic: str = "", issuer: str = "") -> list[Change]:
    """What notices of the year `last` require otherwise than those of `first` that they take the place of.

    Compared are requirements, and sentences, points and rows with a figure. What a notice requires that takes no
    other's place is new; of a notice whose place none takes nothing is dropped: it holds still. `topic` keeps
    statements that have all its words, themselves or in their heading or their notice's title. In the order of the
    later notices, those with an earlier version first, then what was dropped.
    """
    cards = [card for card in catalogue.cards() if issuer.casefold() in card.issuer.casefold()]
    earlier = [card for card in cards if card.year == first]
    later = [card for card in cards if card.year == last]
    wanted = frozenset(content_terms(topic))
    changes: list[Change] = []
    families = group_versions(earlier, later, catalogue.lineage({card.notice_id for card in (*earlier, *later)}))
    # What has a version before it is compared first.
    for olds, news in sorted(families, key=lambda family: not family[0]):
        before = [s for card in olds for s in _read(catalogue, card, wanted)]
        after = [s for card in news for s in _read(catalogue, card, wanted, with_figures=bool(olds))]
        changes += _compare(before, after)
    return [change for change in changes if change.after] + [change for change in changes if not change.after]


def _compare(before: Sequence[_Statement], after: Sequence[_Statement]) -> list[Change]:
    pairs = pair_up([one.wording for one in before], [one.wording for one in after])
    followed = {new: old for old, new in pairs}
    # What is said twice in one year and once in the other is neither new nor dropped.
    said = [frozenset(one.wording.tokens for one in statements) for statements in (before, after)]
    found = []
    for place, one in enumerate(after):
        old = before[followed[place]] if place in followed else None
        if old is None:
            if one.stands_alone and one.wording.tokens not in said[0]:
                found.append(Change(ChangeKind.new, None, one.cite()))
        elif not is_same(old.wording, one.wording):
            found.append(Change(ChangeKind.changed, old.cite(), one.cite()))
    kept = {old for old, _ in pairs}
    gone = [one for place, one in enumerate(before) if place not in kept and one.wording.tokens not in said[1]]
    return found + [Change(ChangeKind.dropped, one.cite(), None) for one in gone if one.stands_alone]


def _read(
    catalogue: Catalogue, card: NoticeCard, wanted: frozenset[str], *, with_figures: bool = True
) -> Iterable[_Statement]:
    """The requirements of a notice, and what has a figure or a word of duty, each once; on the topic, if any."""
    binding = {one.ordinal for one in catalogue.obligations([card.notice_id]).get(card.notice_id, [])}
    notice = catalogue.notice(card.notice_id)
    named = set(content_terms(card.title))
    seen: set[Wording] = set()
    heading = lead = Wording("")
    for sentence in catalogue.sentences(card.notice_id):
        words = sentence.span.of(notice.text)
        if sentence.kind is SentenceKind.heading:
            heading = lead = Wording(words)
            continue
        is_item = sentence.kind in (SentenceKind.point, SentenceKind.row)
        wording = Wording(words, lead if is_item else heading)
        if not is_item:
            lead = Wording(f"{heading.text} {words}")
        stated = with_figures and (wording.figures or wording.duties) and len(wording.telling) >= _FEWEST_TELLING
        matters = sentence.ordinal in binding or stated
        if matters and wording not in seen and wanted <= named | set(content_terms(f"{heading.text} {words}")):
            seen.add(wording)
            yield _Statement(notice, sentence.span, wording, sentence.ordinal in binding)


def group_versions(
    earlier: Sequence[NoticeCard], later: Sequence[NoticeCard], links: Iterable[Link]
) -> list[tuple[list[NoticeCard], list[NoticeCard]]]:
    """The notices that are versions of one another, those of the earlier year and those of the later.

    Versions are what a succession links; and what one resembles, where one body issued both.
    A later one without an earlier stands alone; an earlier one without a later is left out.
    """
    roots: dict[str, str] = {}

    def find(name: str) -> str:
        while roots.setdefault(name, name) != name:
            roots[name] = roots[roots[name]]
            name = roots[name]
        return name

    by_id = {card.notice_id: card for card in (*earlier, *later)}
    for link in links:
        if link.to_id is None:
            continue
        one, other = by_id.get(link.notice_id), by_id.get(link.to_id)
        same_issuer = one is not None and other is not None and one.issuer == other.issuer != ""
        if link.kind in SUCCESSIONS or (link.kind is LinkKind.resembles and same_issuer):
            roots[find(link.notice_id)] = find(link.to_id)
    titles: dict[tuple[str, str], str] = {}
    for card in (*earlier, *later):
        named = (card.issuer, _drop_years(fold_title(card.title)))
        if card.issuer and named[1]:
            roots[find(card.notice_id)] = find(titles.setdefault(named, card.notice_id))
    families: dict[str, tuple[list[NoticeCard], list[NoticeCard]]] = defaultdict(lambda: ([], []))
    for card in earlier:
        families[find(card.notice_id)][0].append(card)
    for card in later:
        families[find(card.notice_id)][1].append(card)
    return [family for family in families.values() if family[1]]


def _drop_years(title: str) -> str:
    """A title without its years, so that this year's notice is called as last year's."""
    return " ".join("".join(" " if character.isdigit() else character for character in title).split())
