"""The layers of multilingual-e5-small as a graph that OpenVINO compiles, its matrices in 8 bits."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from store.e5_weights import Weights

# OpenVINO tells its maker over the network that it was imported, unless this part of it cannot be.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]

import openvino as ov  # noqa: E402 - behind the line that keeps it silent
from openvino import opset13 as op  # noqa: E402

# How far below a token's the score of padding lies: after softmax nothing is left of it.
PADDING = -1e9
# So many parts of a token's states share a scale. Fewer are slower, more are less exact (cosine to the plain
# model 0.9997 at 128, 0.9994 at 384).
_GROUP = 128
# For so many shapes of its inputs the engine keeps what it has made for them, some megabytes each.
_SHAPES = 64

Vectors = NDArray[np.float32]


def compile_e5(weights: Weights, threads: int) -> Any:
    """The encoder of BERT (Devlin et al. 2019), compiled for this processor; so many runs of it go on at once.

    Inputs: "words", shape (texts, tokens, width), the vectors of words with those of their places added;
    "mask", shape (texts, 1, 1, tokens), 0 for a token and `PADDING` for padding. Output: the vectors of
    the tokens, shape (texts, tokens, width).

    A matrix has 8 bits and a scale a row. The states of a token are put in 8 bits on their way into it,
    by scales of its own, so that a text's vector does not depend on the texts beside it. What is between
    the matrices runs in bfloat16 where the processor has it, else in float32. One run has one thread;
    several run at once: two threads on one matrix wait for each other.
    """
    settings = {"DYNAMIC_QUANTIZATION_GROUP_SIZE": _GROUP, "INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": threads}
    return ov.Core().compile_model(_build(weights), "CPU", settings | {"CPU_RUNTIME_CACHE_CAPACITY": _SHAPES})


def run_in_parallel(compiled: Any, inputs: Sequence[Mapping[str, Vectors]], threads: int) -> list[Vectors]:
    """What a compiled graph makes of each of these inputs, so many at once."""
    made: list[Vectors] = [np.empty(0, np.float32)] * len(inputs)
    if len(inputs) == 1:
        return [compiled.create_infer_request().infer(inputs[0])[0]]
    queue = ov.AsyncInferQueue(compiled, min(len(inputs), threads))
    # A request is used again for another input: what it made is copied before.
    queue.set_callback(lambda request, place: made.__setitem__(place, request.get_output_tensor().data.copy()))
    for place, piece in enumerate(inputs):
        queue.start_async(piece, place)
    queue.wait_all()
    return made


def count_cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _build(weights: Weights) -> ov.Model:
    words = op.parameter([-1, -1, weights.width], np.float32, name="words")
    mask = op.parameter([-1, 1, 1, -1], np.float32, name="mask")
    states = _normalise(words, weights, "emb.ln")
    for number in range(weights.layers):
        layer = f"l{number}."
        mixed = _multiply(_attend(states, mask, weights, layer), weights, f"{layer}ao", weights.width)
        states = _normalise(op.add(states, mixed), weights, f"{layer}aln")
        widened = op.gelu(_multiply(states, weights, f"{layer}fi", weights.width), "erf")
        narrowed = _multiply(widened, weights, f"{layer}fo", 4 * weights.width)
        states = _normalise(op.add(states, narrowed), weights, f"{layer}oln")
    return ov.Model([states], [words, mask], "multilingual-e5-small")


def _attend(states: ov.Output, mask: ov.Output, weights: Weights, layer: str) -> ov.Node:
    def split_into_heads(name: str) -> ov.Node:
        projected = _multiply(states, weights, f"{layer}{name}", weights.width)
        heads = op.reshape(projected, _whole([0, 0, weights.heads, weights.width // weights.heads]), True)
        return op.transpose(heads, _whole([0, 2, 1, 3]))

    query, key, value = (split_into_heads(name) for name in ("q", "k", "v"))
    heads = op.scaled_dot_product_attention(query, key, value, mask)
    return op.reshape(op.transpose(heads, _whole([0, 2, 1, 3])), _whole([0, 0, weights.width]), True)


def _multiply(states: ov.Output, weights: Weights, name: str, columns: int) -> ov.Node:
    """A linear layer."""
    matrix = weights.matrix(f"{name}.w", columns)
    scales = matrix.abs().amax(1, keepdim=True).clamp_min(1e-9) / 127
    steps = op.constant((matrix / scales).round().to(torch.int8).numpy())
    restored = op.multiply(op.convert(steps, "f32"), _real(scales))
    return op.add(op.matmul(states, restored, False, True), _real(weights.floats(f"{name}.b")))


def _normalise(states: ov.Output, weights: Weights, name: str) -> ov.Node:
    levelled = op.mvn(states, _whole([-1]), True, weights.epsilon, "INSIDE_SQRT")
    return op.add(op.multiply(levelled, _real(weights.floats(f"{name}.w"))), _real(weights.floats(f"{name}.b")))


def _real(numbers: torch.Tensor) -> ov.Node:
    return op.constant(np.ascontiguousarray(numbers.numpy(), dtype=np.float32))


def _whole(numbers: ArrayLike) -> ov.Node:
    return op.constant(np.array(numbers, dtype=np.int64))
