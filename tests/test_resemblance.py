"""ingest.resemblance: signatures that are the same everywhere, and that tell how alike two texts are."""

from __future__ import annotations

import hashlib

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ingest.resemblance import _cut_runs, mark, sign

_TEXT = " ".join(f"word{n} of clause {n % 7}" for n in range(300))


def test_a_signature_is_the_same_in_every_run() -> None:
    assert len(sign(_TEXT, "en")) == 400
    assert hashlib.sha256(sign(_TEXT, "en")).hexdigest()[:16] == "34d238e358fa9881"


@given(st.integers(0, 300))
def test_the_estimate_is_near_the_similarity(kept: int) -> None:
    words = _TEXT.split(" ")
    other = " ".join(words[: kept * 4] + [f"other{n}" for n in range(1200 - kept * 4)])
    one, two = _cut_runs(_TEXT, "en"), _cut_runs(other, "en")
    estimate = np.mean(np.frombuffer(sign(_TEXT, "en"), "<u4") == np.frombuffer(sign(other, "en"), "<u4"))
    # Five standard errors of a hundred values.
    assert abs(float(estimate) - len(one & two) / len(one | two)) < 0.25


def test_a_short_text_is_compared_with_none() -> None:
    assert sign("Schools must report.", "en") == b""


@given(st.text(max_size=300), st.sampled_from(["en", "zh"]))
def test_marks_fit_into_the_store(text: str, language: str) -> None:
    marks, characters = mark(text, language, sign(text, language))
    assert all(0 <= name < 2**63 and worth >= 0 for name, worth in marks)
    assert sum(worth for _, worth in marks) == characters
    assert len({name for name, _ in marks}) == len(marks)
