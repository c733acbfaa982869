"""What a worker of the cluster does: it reads one file, unpacks one, or embeds one lot of texts.

It runs in a process that Ray starts, on one core. A file is read in the sandbox there as it is here, so that
one which hangs, eats memory or kills what reads it costs itself; the model is loaded at its first use, and kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from core.errors import ClusterError, PolicyDeskError
from ingest.readers import Contents, Limits, Reading, Room
from ingest.sandbox import Sandbox
from store.embedder import Cut, Embedded, Embedder


@dataclass(frozen=True, slots=True)
class FileTask:
    """A file to be read under limits, or, with the room that is left, to be unpacked."""

    path: str
    content: bytes
    limits: Limits
    room: Room | None = None


@dataclass(frozen=True, slots=True)
class EmbeddingTask:
    """Texts and the bounds of the sentences in each, to be embedded with a model of this fingerprint.

    `model` is what the settings name.
    """

    texts: Sequence[str]
    cuts: Sequence[Sequence[Cut]]
    model: str
    fingerprint: str


Task = FileTask | EmbeddingTask
Outcome = Reading | Contents | Embedded | PolicyDeskError


def work(task: Task) -> Outcome:
    """What comes of a task, or the error that it ended with."""
    try:
        return _embed(task) if isinstance(task, EmbeddingTask) else _read(task)
    except PolicyDeskError as error:
        return error


def _read(task: FileTask) -> Reading | Contents:
    sandbox = _open_sandbox(replace(task.limits, processes=1))
    if task.room is None:
        return sandbox.submit(task.path, task.content).result()
    return sandbox.unpack(task.path, task.content, task.room)


def _embed(task: EmbeddingTask) -> Embedded:
    """Raises ClusterError where this machine has another model than the one that ingests."""
    embedder = _open_embedder(task.model)
    if embedder.fingerprint != task.fingerprint:
        raise ClusterError(
            f"a worker of the cluster would embed with {embedder.fingerprint}, this desk with {task.fingerprint}",
            "Install on every machine of the cluster what requirements.txt lists, in the same versions as here.",
        )
    return embedder.embed_in_detail(task.texts, task.cuts)


@lru_cache(maxsize=1)
def _open_sandbox(limits: Limits) -> Sandbox:
    """The process that reads here; it ends with the worker, whose pipe it reads."""
    return Sandbox(limits)


@lru_cache(maxsize=1)
def _open_embedder(model: str) -> Embedder:
    """The model, on the one core that a task has."""
    return Embedder(model, threads=1)
