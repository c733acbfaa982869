"""Late interaction: how well the words of a question, each in its sense, are met by a passage."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from store.details import Signs
from store.embedder import EmbeddedQuestion


def interact(question: EmbeddedQuestion, weights: NDArray[np.float64], signs: Signs) -> dict[str, tuple[float, float]]:
    """For each passage: (the whole passage's score, its best sentence's), each from -1 to 1.

    The score is MaxSim (Khattab & Zaharia 2020, https://arxiv.org/abs/2004.12832): each token of the
    question takes its best match among the tokens, and `weights`, one for each, weighs them. Of the
    passage's tokens only the signs are known, which keep the order nearly as well as the numbers.
    """
    if not len(signs.bits) or not len(weights) or not weights.sum():
        return {}
    dimensions = question.tokens.shape[1]
    marks = np.unpackbits(signs.bits, axis=1, count=dimensions).astype(np.float32) * 2.0 - 1.0
    likeness = (question.tokens @ marks.T) / np.float32(np.sqrt(dimensions))
    share = (weights / weights.sum()).astype(np.float32)
    opens = np.flatnonzero(np.r_[True, np.diff(signs.passages) != 0])
    whole = share @ np.maximum.reduceat(likeness, opens, axis=1)
    changes = (np.diff(signs.passages) != 0) | (np.diff(signs.sentences) != 0)
    starts = np.flatnonzero(np.r_[True, changes])
    each = share @ np.maximum.reduceat(likeness, starts, axis=1)
    best = np.full(len(signs.passage_ids), -1.0, dtype=np.float32)
    np.maximum.at(best, signs.passages[starts], each)
    return {
        name: (float(passage), float(sentence))
        for name, passage, sentence in zip(signs.passage_ids, whole, best, strict=True)
    }


def meet_sentences(tokens: NDArray[np.float32], signs: Signs, unmet: float = -1.0) -> dict[str, NDArray[np.float32]]:
    """How each question token is met by each sentence of each passage: by passage id, shape (sentences, tokens).

    `unmet` stands where a sentence holds no token; sentences at the end that hold none have no row.
    """
    if not len(signs.bits) or not len(tokens):
        return {}
    dimensions = tokens.shape[1]
    marks = np.unpackbits(signs.bits, axis=1, count=dimensions).astype(np.float32) * 2.0 - 1.0
    likeness = (tokens @ marks.T) / np.float32(np.sqrt(dimensions))
    starts = np.flatnonzero(np.r_[True, (np.diff(signs.passages) != 0) | (np.diff(signs.sentences) != 0)])
    best = np.maximum.reduceat(likeness, starts, axis=1).T
    met: dict[str, NDArray[np.float32]] = {}
    for number, name in enumerate(signs.passage_ids):
        rows = np.flatnonzero(signs.passages[starts] == number)
        places = signs.sentences[starts[rows]]
        met[name] = np.full((int(places.max()) + 1, len(tokens)), unmet, dtype=np.float32)
        np.maximum.at(met[name], places, best[rows])
    return met
