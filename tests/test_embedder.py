"""store.embedder: the bundled model is the published one, and means what it says."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from core.errors import MissingModelError, WrongWeightsError
from store.embedder import BUNDLED_SHA256, Embedder, check_weights, locate_bundled_model

pytestmark = pytest.mark.model


def test_the_weights_are_the_published_ones() -> None:
    weights = (locate_bundled_model() / "model.safetensors").read_bytes()
    assert hashlib.sha256(weights).hexdigest() == BUNDLED_SHA256


def test_other_weights_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"other")
    with pytest.raises(WrongWeightsError, match=r"model\.safetensors"):
        check_weights(tmp_path / "model.safetensors")


def test_vectors_are_unit_and_in_order_whatever_the_lengths(embedder: Embedder) -> None:
    texts = ["short", "a much longer text about school charters " * 20, "meals", ""] * 12
    rows = embedder.embed_passages(texts)
    assert rows.shape == (48, 384)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(48), abs=1e-5)
    assert rows[1] == pytest.approx(embedder.embed_passages([texts[1]])[0], abs=1e-5)


def test_like_meanings_are_near(embedder: Embedder) -> None:
    question = embedder.embed_question("How much homework is allowed?")
    near, far = embedder.embed_passages(["Written homework must take at most 60 minutes.", "The bus leaves at noon."])
    assert near @ question > far @ question + 0.2


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingModelError, match="no-such-model"):
        Embedder(str(tmp_path / "no-such-model")).embed_question("?")


def test_nothing_to_embed_is_no_error(embedder: Embedder) -> None:
    assert embedder.embed_passages([]).shape[0] == 0
