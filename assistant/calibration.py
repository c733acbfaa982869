"""Measures become probabilities: reads `weights.json`, which `python -m evals.calibrate` makes."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "weights.json"


@dataclass(frozen=True, slots=True)
class Scale:
    """A logistic regression: the bias and what each measure counts for."""

    bias: float
    weights: Mapping[str, float]

    def rate(self, measures: Mapping[str, float]) -> float:
        """The log-odds of what these measures speak for; a measure that is missing counts nothing."""
        return self.bias + sum(weight * measures.get(name, 0.0) for name, weight in self.weights.items())


@dataclass(frozen=True, slots=True)
class Scales:
    """For one pair of languages: does a sentence hold the answer; do the notices hold one at all."""

    sentence: Scale
    answer: Scale


@cache
def read_scales() -> Mapping[str, Scales]:
    """The scales by "en", "zh" (question and notice in it), "across" (in two languages), "words" (no vectors)."""
    kept = json.loads(FILE.read_text(encoding="utf-8"))["scales"]
    return {
        name: Scales(*(Scale(scales[part]["bias"], scales[part]["weights"]) for part in ("sentence", "answer")))
        for name, scales in kept.items()
    }


def name_scale(question_language: str, notice_language: str, has_vectors: bool) -> str:
    """Which scales are right for a question and a notice in these languages."""
    if not has_vectors:
        return "words"
    return question_language if question_language == notice_language else "across"


def to_probability(log_odds: float) -> float:
    """The logistic function, safe for any number."""
    return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, log_odds))))
