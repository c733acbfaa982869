"""Plants faults in the sentences of an archive and counts which the verifier catches, and what truth it withholds."""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.draft import Draft
from assistant.verify import ProvenClaim, prove_claim
from core.errors import PolicyDeskError
from core.settings import read_settings
from core.types import SentenceKind
from evals.paraphrases import paraphrase
from evals.planting import Soil, choose_others, plant_faults
from store.archive import Archive
from store.embedder import Embedder
from store.words import name_language

_SHORTEST, _LONGEST = {"en": 40, "zh": 12}, 400
# What a chat model is shown: so many sentences on either side, and so many of other notices.
_PASSAGE, _NEAR, _FAR = 2, 30, 40
_WRONG_LABEL = "wrong label"


@dataclass(frozen=True, slots=True)
class Trial:
    """A claim with what was done to it; `right` says whether the verifier did well."""

    kind: str
    language: str
    claim: str
    source: str
    right: bool
    outcome: str


@dataclass(frozen=True, slots=True)
class VerifierFigures:
    """How many faults were caught and how many true sentences withheld: (count, of) by (kind, language)."""

    caught: dict[tuple[str, str], tuple[int, int]]
    withheld: dict[tuple[str, str], tuple[int, int]]
    failures: tuple[Trial, ...] = field(default=(), repr=False)

    def share_caught(self, language: str | None = None) -> float:
        """The share of planted faults that were caught, 0..1; 1 where there are none."""
        return _share(self.caught, language, 1.0)

    def share_withheld(self, language: str | None = None) -> float:
        """The share of true sentences that were withheld, 0..1; 0 where there are none."""
        return _share(self.withheld, language, 0.0)


def measure_verifier(archive: Archive, count: int, seed: int) -> VerifierFigures:
    """Try the verifier on `count` sentences of an archive in each language; the same seed plants the same faults.

    A fault is caught where the claim is withheld, a wrong label where other spans prove the claim.
    """
    chance = random.Random(seed)  # noqa: S311
    drafts = [_read_drafts(archive, card.notice_id) for card in archive.catalogue.cards()]
    drafts = [notice for notice in drafts if notice]
    everything = [draft for notice in drafts for draft in notice]
    chosen = [(notice, place) for notice in drafts for place in range(len(notice)) if _is_statement(notice[place])]
    chance.shuffle(chosen)
    caught: list[Trial] = []
    held: list[Trial] = []
    for language in ("en", "zh"):
        of_language = [pair for pair in chosen if name_language(pair[0][pair[1]].text) == language]
        for notice, place in of_language[:count]:
            far = chance.sample(everything, min(_FAR, len(everything)))
            faults, truths = _try(notice, place, language, far, chance)
            caught += faults
            held += truths
    failures = tuple(trial for trial in (*caught, *held) if not trial.right)
    return VerifierFigures(_count(caught, right=True), _count(held, right=False), failures)


def _read_drafts(archive: Archive, notice_id: str) -> list[Draft]:
    notice = archive.catalogue.notice(notice_id)
    sentences = archive.catalogue.sentences(notice_id)
    return [Draft(notice.card, one.span, one.span.of(notice.text), one.kind) for one in sentences]


def _is_statement(draft: Draft) -> bool:
    """Whether a sentence is whole, of middle length, and says something."""
    text = draft.text.strip()
    if draft.kind not in (SentenceKind.sentence, SentenceKind.point) or not text.endswith((".", "。", "；", ";")):
        return False
    return _SHORTEST[name_language(text)] <= len(text) <= _LONGEST and "|" not in text and "\n" not in text


def _try(
    notice: Sequence[Draft], place: int, language: str, far: Sequence[Draft], chance: random.Random
) -> tuple[list[Trial], list[Trial]]:
    source = notice[place].text.strip()
    soil = Soil(source, choose_others([draft.text for draft in notice], place, chance), language)
    cited = notice[max(0, place - _PASSAGE) : place + _PASSAGE + 1]
    pool = [*notice[max(0, place - _NEAR) : place + _NEAR + 1], *far]
    # What another sentence says word for word is no fault.
    known = {" ".join(draft.text.split()) for draft in pool}
    faults = []
    for planted in plant_faults(soil, chance):
        if planted.text not in known:
            outcome = prove_claim(planted.text, cited, pool)
            right = not isinstance(outcome, ProvenClaim)
            faults.append(Trial(planted.kind, language, planted.text, source, right, _tell(outcome)))
    faults += _try_wrong_label(notice, place, language, pool, chance)
    truths = []
    for planted in paraphrase(soil, chance):
        outcome = prove_claim(planted.text, cited, pool)
        right = isinstance(outcome, ProvenClaim)
        truths.append(Trial(planted.kind, language, planted.text, source, right, _tell(outcome)))
    return faults, truths


def _try_wrong_label(
    notice: Sequence[Draft], place: int, language: str, pool: Sequence[Draft], chance: random.Random
) -> Iterator[Trial]:
    """The sentence with the label of another one of its notice that does not hold its words."""
    text = notice[place].text.strip()
    wrong = [draft for draft in notice if text not in draft.text]
    if not wrong:
        return
    label = chance.choice(wrong)
    outcome = prove_claim(text, [label], pool)
    right = not isinstance(outcome, ProvenClaim) or label not in outcome.spans
    yield Trial(_WRONG_LABEL, language, text, label.text, right, _tell(outcome))


def _tell(outcome: object) -> str:
    if isinstance(outcome, ProvenClaim):
        return "proved by: " + " / ".join(draft.text for draft in outcome.spans)
    return str(getattr(outcome, "reason", ""))


def _count(trials: Sequence[Trial], *, right: bool) -> dict[tuple[str, str], tuple[int, int]]:
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for trial in trials:
        counts[trial.kind, trial.language][0] += trial.right is right
        counts[trial.kind, trial.language][1] += 1
    return {key: (count, of) for key, (count, of) in sorted(counts.items())}


def _share(counts: dict[tuple[str, str], tuple[int, int]], language: str | None, empty: float) -> float:
    chosen = [pair for (_, of_language), pair in counts.items() if language in (None, of_language)]
    total = sum(of for _, of in chosen)
    return sum(count for count, _ in chosen) / total if total else empty


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the verifier on a store and print the counts; 0 well, 2 a store that cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m evals.corruptions", description=__doc__)
    parser.add_argument("--store", type=Path, help="the store's folder (default: $POLICY_DESK_STORE, else var/)")
    parser.add_argument("--count", type=int, default=200, help="sentences of each language")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--failures", type=int, default=0, metavar="N", help="print N failures too")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    try:
        settings = read_settings(options.store)
        archive = Archive(settings.place, Embedder(settings.embedding_model))
        try:
            figures = measure_verifier(archive, options.count, options.seed)
        finally:
            archive.close()
    except PolicyDeskError as error:
        print(f"evals: {error}\n  {error.help}", file=sys.stderr)
        return 2
    print(json.dumps(_as_json(figures), ensure_ascii=False) if options.json else _as_table(figures))
    for trial in figures.failures[: options.failures]:
        print(
            f"\n{trial.kind} ({trial.language})\n  claim:  {trial.claim}\n  source: {trial.source}\n  {trial.outcome}"
        )
    return 0


def _as_json(figures: VerifierFigures) -> dict[str, object]:
    def rows(counts: dict[tuple[str, str], tuple[int, int]]) -> list[dict[str, object]]:
        return [{"kind": kind, "language": lang, "count": n, "of": of} for (kind, lang), (n, of) in counts.items()]

    return {
        "caught": figures.share_caught(),
        "withheld": figures.share_withheld(),
        "faults": rows(figures.caught),
        "true": rows(figures.withheld),
    }


def _as_table(figures: VerifierFigures) -> str:
    lines = []
    for title, counts, share in (
        ("planted faults caught", figures.caught, figures.share_caught()),
        ("true sentences withheld", figures.withheld, figures.share_withheld()),
    ):
        lines += [
            f"{title}: {share:.3f}",
            *(f"  {k:20} {lang}  {n:5} of {of}" for (k, lang), (n, of) in counts.items()),
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
