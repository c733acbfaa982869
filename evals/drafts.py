"""Plants alterations in quotations of an archive's own notices, in small drafts, and counts what the check says."""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from assistant.checking import Checked, Verdict, check_draft
from assistant.manuscript import read_manuscript
from assistant.naming import Roster
from assistant.references import find_references
from core.errors import PolicyDeskError
from core.settings import read_settings
from core.types import NoticeCard, SentenceKind
from evals.alterations import INVENTED, alter, leave_alone
from evals.planting import Soil, choose_others
from ingest.limits import read_limits
from ingest.pipeline import ingest
from ingest.progress import ProgressBar
from store.archive import Archive
from store.embedder import Embedder
from store.words import name_language

_SHORTEST, _LONGEST = {"en": 40, "zh": 12}, 400
_EXACT = frozenset({Verdict.exact, Verdict.superseded})
_CAUGHT = frozenset({Verdict.altered, Verdict.not_found})
WRONG, INVENTION, ALTERED, HARMLESS = "wrong notice", "invented", "altered", "harmless"
_BEFORE = {"en": "The working group met twice. {named}, “{quote}”", "zh": "工作组开了两次会。{named}，“{quote}”"}
_AFTER = {"en": " This was noted.", "zh": "会议作了记录。"}


@dataclass(frozen=True, slots=True)
class Planting:
    """A quotation put into a draft: what was done to it (`group` and `kind`), and the notice that it is from."""

    group: str
    kind: str
    language: str
    quote: str
    source: NoticeCard
    named: NoticeCard
    words: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A planting with what the check said of it; `right` says whether that is so, `cited` whether the notice is."""

    planting: Planting
    right: bool
    cited: bool
    verdict: str
    difference: str


@dataclass(frozen=True, slots=True)
class DraftFigures:
    """(right, of) by (group, kind, language), and of the quotations whose notice is to be cited."""

    counts: dict[tuple[str, str, str], tuple[int, int]]
    cited: dict[str, tuple[int, int]]
    failures: tuple[Outcome, ...] = field(default=(), repr=False)

    def share(self, group: str, language: str | None = None, kind: str | None = None) -> float:
        """The share of a group that was told rightly, 0..1; 1 where there are none."""
        chosen = [
            pair
            for (of_group, of_kind, of_language), pair in self.counts.items()
            if of_group == group and language in (None, of_language) and kind in (None, of_kind)
        ]
        total = sum(of for _, of in chosen)
        return sum(right for right, _ in chosen) / total if total else 1.0

    def share_cited(self, language: str) -> float:
        """The share of true quotations with the right notice cited, 0..1; 1 where there are none."""
        right, of = self.cited.get(language, (0, 0))
        return right / of if of else 1.0


def measure_drafts(archive: Archive, count: int, seed: int) -> DraftFigures:
    """Check drafts around `count` sentences of an archive in each language; the same seed makes the same drafts."""
    chance = random.Random(seed)  # noqa: S311
    roster = Roster(archive)
    cards = archive.catalogue.cards()
    everything = "\n".join(_fold(archive.catalogue.text(card.notice_id)) for card in cards)
    sentences = {card.notice_id: _read_sentences(archive, card) for card in cards}
    chosen = [
        (card, place)
        for card in cards
        for place, text in enumerate(sentences[card.notice_id])
        if _is_statement(text) and _write_name(roster, card)
    ]
    chance.shuffle(chosen)
    outcomes: list[Outcome] = []
    for language in ("en", "zh"):
        of_language = [pair for pair in chosen if name_language(sentences[pair[0].notice_id][pair[1]]) == language]
        for card, place in of_language[:count]:
            others = choose_others(sentences[card.notice_id], place, chance)
            soil = Soil(sentences[card.notice_id][place].strip(), others, language)
            wrong = _choose_wrong(archive, roster, cards, soil.text, chance)
            plantings = list(_plant(roster, card, soil, wrong, everything, chance))
            outcomes += _check(archive, plantings)
    return _count(outcomes)


def _read_sentences(archive: Archive, card: NoticeCard) -> list[str]:
    text = archive.catalogue.text(card.notice_id)
    kinds = (SentenceKind.sentence, SentenceKind.point)
    return [one.span.of(text) for one in archive.catalogue.sentences(card.notice_id) if one.kind in kinds]


def _is_statement(text: str) -> bool:
    """Whether a sentence is whole and of middle length, and no mark in it would end a quotation of it."""
    words = text.strip()
    if not words.endswith((".", "。", "；", ";")) or "|" in words or "\n" in words or "..." in words or "…" in words:
        return False
    balanced = words.count("“") == words.count("”") and '"' not in words and "‘" not in words
    return balanced and _SHORTEST[name_language(words)] <= len(words) <= _LONGEST


def _write_name(roster: Roster, card: NoticeCard) -> str:
    """The words with which a draft names a notice: the first way that means this notice and no other; '' for none."""
    by_title = f"根据《{card.title.strip('《》')}》" if card.language == "zh" else f"According to the {card.title}"
    ways = [by_title, f"According to {card.number}" if card.language == "en" else f"根据{card.number}"]
    ways.append(f"As it says under ?notice={card.notice_id}")
    for words in ways:
        named = roster.resolve(find_references(words, 0, len(words), {}))
        if [one.notice_id for one in named.cards] == [card.notice_id]:
            return words
    return ""


def _choose_wrong(
    archive: Archive, roster: Roster, cards: Sequence[NoticeCard], text: str, chance: random.Random
) -> NoticeCard | None:
    """A notice that can be named and does not hold a sentence."""
    for card in chance.sample(list(cards), min(12, len(cards))):
        if _write_name(roster, card) and _fold(text) not in _fold(archive.catalogue.text(card.notice_id)):
            return card
    return None


def _plant(
    roster: Roster, card: NoticeCard, soil: Soil, wrong: NoticeCard | None, everything: str, chance: random.Random
) -> Iterator[Planting]:
    words = _write_name(roster, card)
    for harmless in leave_alone(soil):
        yield Planting(HARMLESS, harmless.kind, soil.language, harmless.text, card, card, words)
    for fault in alter(soil, chance):
        # What another notice says word for word is no alteration.
        if _fold(fault.text).rstrip(".。;；") not in everything:
            yield Planting(ALTERED, fault.kind, soil.language, fault.text, card, card, words)
    yield Planting(INVENTION, INVENTION, soil.language, INVENTED[soil.language], card, card, words)
    if wrong is not None:
        yield Planting(WRONG, WRONG, soil.language, soil.text, card, wrong, _write_name(roster, wrong))


def _check(archive: Archive, plantings: Sequence[Planting]) -> Iterator[Outcome]:
    """One draft with a paragraph for each planting, checked; what it says of each."""
    draft, spans = "", []
    for planting in plantings:
        quote = planting.quote
        start = len(draft)
        draft += _BEFORE[planting.language].format(named=planting.words, quote=quote) + _AFTER[planting.language]
        spans.append((start, len(draft)))
        draft += "\n\n"
    checked = check_draft(archive, read_manuscript(draft))
    for planting, (start, end) in zip(plantings, spans, strict=True):
        within = [one for one in checked if start <= one.span.start < end]
        yield _judge(planting, within[0] if len(within) == 1 else None)


def _judge(planting: Planting, checked: Checked | None) -> Outcome:
    if checked is None:
        return Outcome(planting, False, False, "not one quotation", "")
    cited = checked.citation is not None and checked.citation.card.notice_id == planting.source.notice_id
    right = {
        HARMLESS: checked.verdict in _EXACT,
        ALTERED: checked.verdict in _CAUGHT,
        INVENTION: checked.verdict is Verdict.not_found,
        WRONG: checked.verdict is Verdict.other_notice,
    }[planting.group]
    return Outcome(planting, right, cited, checked.verdict.value, checked.difference)


def _count(outcomes: Sequence[Outcome]) -> DraftFigures:
    counts: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    cited: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for outcome in outcomes:
        planting = outcome.planting
        key = planting.group, planting.kind, planting.language
        counts[key][0] += outcome.right
        counts[key][1] += 1
        if planting.group == HARMLESS:
            cited[planting.language][0] += outcome.cited
            cited[planting.language][1] += 1
    failures = tuple(one for one in outcomes if not one.right)
    return DraftFigures(
        {key: (right, of) for key, (right, of) in sorted(counts.items())},
        {language: (right, of) for language, (right, of) in cited.items()},
        failures,
    )


def _fold(text: str) -> str:
    return " ".join(text.split())


@contextmanager
def _open(folder: Path, store: Path | None) -> Iterator[Archive]:
    """An archive with the notices of a folder, in a store that stays or in a temporary one."""
    settings = read_settings()
    limits = read_limits(settings)
    bar = ProgressBar()
    with tempfile.TemporaryDirectory(prefix="evals-", ignore_cleanup_errors=True) as room:
        archive = Archive(store or Path(room), Embedder(settings.embedding_model))
        try:
            ingest([folder], archive, limits, prune=True, progress=bar)
            yield archive
        finally:
            bar.close()
            archive.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the check of drafts on the notices of a folder; 0 well, 2 a folder or store that cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m evals.drafts", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="notices, with a sources.csv or without")
    parser.add_argument("--store", type=Path, metavar="DIR", help="keep the store there, so that a second run is short")
    parser.add_argument("--count", type=int, default=200, help="sentences of each language")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--failures", type=int, default=0, metavar="N", help="print N failures too")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    try:
        with _open(options.folder, options.store) as archive:
            figures = measure_drafts(archive, options.count, options.seed)
    except PolicyDeskError as error:
        print(f"evals: {error}\n  {error.help}", file=sys.stderr)
        return 2
    print(json.dumps(_as_json(figures), ensure_ascii=False) if options.json else _as_table(figures))
    for one in figures.failures[: options.failures]:
        print(f"\n{one.planting.group}, {one.planting.kind} ({one.planting.language}): {one.verdict} {one.difference}")
        print(f"  quote:  {one.planting.quote}\n  source: {one.planting.source.path}; named: {one.planting.words}")
    return 0


def _summarise(figures: DraftFigures, language: str) -> dict[str, float]:
    return {
        "exact_recognised": figures.share(HARMLESS, language, "as it stands"),
        "harmless_called_altered": 1 - figures.share(HARMLESS, language),
        "alterations_caught": figures.share(ALTERED, language),
        "inventions_not_found": figures.share(INVENTION, language),
        "wrong_notice_told": figures.share(WRONG, language),
        "right_notice_cited": figures.share_cited(language),
    }


def _as_json(figures: DraftFigures) -> dict[str, object]:
    return {
        **{language: _summarise(figures, language) for language in ("en", "zh")},
        "kinds": [
            {"group": group, "kind": kind, "language": language, "right": right, "of": of}
            for (group, kind, language), (right, of) in figures.counts.items()
        ],
    }


def _as_table(figures: DraftFigures) -> str:
    lines = []
    for language in ("en", "zh"):
        lines += [
            f"{name.replace('_', ' '):28} {language}  {value:.3f}"
            for name, value in _summarise(figures, language).items()
        ]
    lines += [
        f"  {group:14} {kind:18} {language}  {right:5} of {of}"
        for (group, kind, language), (right, of) in figures.counts.items()
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
