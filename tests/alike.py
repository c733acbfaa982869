"""Answers as two set-ups can both give them: engines that add the same weights in another order differ a little."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from core.types import Answer


def read_alike(answer: Answer) -> dict[str, Any]:
    """All that an answer holds, each float to five digits."""
    read: dict[str, Any] = _blur(asdict(answer))
    return read


def _blur(value: object) -> Any:
    if isinstance(value, dict):
        return {name: _blur(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_blur(one) for one in value]
    return float(f"{value:.5g}") if isinstance(value, float) else value
