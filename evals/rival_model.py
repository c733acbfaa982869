"""The bundled model written as transformers reads it, so that a rival may be given the same weights."""

from __future__ import annotations

from pathlib import Path

from core.errors import UsageError
from store.e5_input import LONGEST, build_tokenizer
from store.e5_weights import Weights
from store.embedder import Embedder
from store.plain import read_bert
from store.weights import E5_NAME, locate_e5

_MARKS = {f"{name}_token": mark for name, mark in (("cls", "<s>"), ("sep", "</s>"), ("unk", "<unk>"), ("pad", "<pad>"))}


def write_model(folder: Path) -> None:
    """multilingual-e5-small with its tokenizer in `folder`; raises UsageError where another model is bundled here."""
    from transformers import PreTrainedTokenizerFast

    if Embedder().name != E5_NAME:
        raise UsageError("the rival is given multilingual-e5-small, which is not on this machine", "Use Linux, x86-64.")
    weights = Weights.read(locate_e5())
    read_bert(weights).save_pretrained(folder)
    tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=build_tokenizer(weights.pieces, weights.unknown), model_max_length=LONGEST, **_MARKS
    )
    tokenizer.save_pretrained(folder)
