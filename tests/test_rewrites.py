"""assistant.verify on rewrites of sample sentences: true ones are let through, plausible wrong ones are not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from assistant.draft import Draft
from assistant.verify import ProvenClaim, prove_claim
from core.types import NoticeCard
from ingest.files import find_files, read_bytes
from ingest.metadata import describe
from ingest.readers import read_file
from ingest.sentences import parse_sentences
from store.words import name_language
from tests.conftest import CORPUS, LIMITS

_CASES = [json.loads(line) for line in (Path(__file__).parent / "rewrites.jsonl").read_text("utf-8").splitlines()]
# The verifier may withhold what is true, if seldom; what is false it may not show.
_LEAST_SHOWN = {"en": 0.9, "zh": 0.85}


@cache
def _read_samples() -> dict[str, tuple[Draft, ...]]:
    """The sentences of each sample notice, by its path."""
    return {card.path: drafts for card, drafts in _read_notices()}


def _read_notices() -> Iterator[tuple[NoticeCard, tuple[Draft, ...]]]:
    for found in find_files([CORPUS], {}).files:
        reading = read_file(found.path, read_bytes(found.path, found.location, LIMITS), LIMITS)
        card, _ = describe(found.path, found.path, reading, found.row or {})
        sentences = parse_sentences(reading.text)
        yield card, tuple(Draft(card, one.span, one.span.of(reading.text), one.kind) for one in sentences)


def _is_shown(case: dict[str, list[str]], notice: str, claim: str) -> bool:
    drafts = _read_samples()[notice]
    cited = [draft for draft in drafts if draft.text in case["sources"]]
    return isinstance(prove_claim(claim, cited, drafts), ProvenClaim)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_most_true_rewrites_are_shown(language: str) -> None:
    claims = [(case, claim) for case in _CASES for claim in case["rewrites"] if name_language(claim) == language]
    shown = sum(_is_shown(case, case["notice"], claim) for case, claim in claims)
    assert len(claims) > 60
    assert shown / len(claims) >= _LEAST_SHOWN[language]


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case["sources"][0][:40])
def test_no_near_miss_is_shown(case: dict[str, list[str]]) -> None:
    assert case["wrong"]
    assert [claim for claim in case["wrong"] if _is_shown(case, str(case["notice"]), claim)] == []


def test_every_source_stands_in_its_notice() -> None:
    for case in _CASES:
        texts = {draft.text for draft in _read_samples()[case["notice"]]}
        assert set(case["sources"]) <= texts
