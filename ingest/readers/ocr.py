"""Reads the words of a picture by RapidOCR; its models come inside its package, so nothing is downloaded."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from functools import cache
from statistics import median
from typing import Any

import numpy as np
from PIL import Image

from ingest.readers.layout import Line

_LOG = logging.getLogger(__name__)
# One engine serves the process, one picture at a time: its state and its threads are shared.
_ONE_AT_A_TIME = threading.Lock()
# The longest side of what the engine reads, in pixels: A4 at 200 dpi. A larger picture is made smaller.
_LONGEST_SIDE = 2400
# How the engine says, in an error of its own, that it got no memory.
_NO_MEMORY = ("bad_alloc", "Failed to allocate memory")
_SETTINGS = {
    # Notices stand upright: the classifier of angles turns more right lines round than wrong ones.
    "Global.use_cls": False,
    "Global.max_side_len": _LONGEST_SIDE,
    "Global.log_level": "critical",
}


@dataclass(frozen=True, slots=True)
class Recognised:
    """What was read of a picture: pieces of lines in no order, and how surely.

    `confidence` is the engine's own, 0 to 1, the mean over the characters.
    """

    pieces: tuple[Line, ...]
    confidence: float

    @property
    def letters(self) -> int:
        """How many letters and figures were read."""
        return sum(character.isalnum() for piece in self.pieces for character in piece.text)


def recognise(image: Image.Image, scale: float = 1.0) -> Recognised | None:
    """The words of an RGB picture that has `scale` pixels a point; None where OCR is not installed or cannot run.

    Raises MemoryError.
    """
    shrink = min(1.0, _LONGEST_SIDE / max(image.size))
    if shrink < 1:
        image = image.resize((max(1, round(image.width * shrink)), max(1, round(image.height * shrink))))
    try:
        with _ONE_AT_A_TIME:
            # The engine takes blue, green, red.
            found = _make_engine()(np.ascontiguousarray(np.asarray(image)[:, :, ::-1]))
    except Exception as error:
        if isinstance(error, MemoryError) or any(sign in str(error) for sign in _NO_MEMORY):
            raise MemoryError from error
        # A library that is missing or fails to run, in ways that nobody foresees: the scan is refused as without it.
        _LOG.warning("OCR cannot run", exc_info=True)
        return None
    if found.boxes is None or not found.txts:
        return Recognised((), 0.0)
    characters = sum(len(text) for text in found.txts)
    sure = sum(len(text) * float(score) for text, score in zip(found.txts, found.scores, strict=True))
    corners = np.asarray(found.boxes, dtype=float) / (scale * shrink)
    pieces = _place(corners, list(found.txts), image.height / (scale * shrink))
    return Recognised(pieces, sure / max(1, characters))


@cache
def _make_engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(params=_SETTINGS)


def _place(corners: np.ndarray[Any, np.dtype[Any]], texts: list[str], height: float) -> tuple[Line, ...]:
    """Lines of upright boxes; `corners` (pieces, 4, 2) count from the upper left corner, points downwards.

    A page that was laid askew on the scanner is turned straight by the slope that is usual for its lines.
    """
    across = corners[:, 1] - corners[:, 0]
    slope = median(float(y / x) if x > 1 else 0.0 for x, y in across)
    corners = corners.copy()
    corners[:, :, 1] -= slope * corners[:, :, 0]
    placed = []
    for box, text in zip(corners, texts, strict=True):
        top, bottom = height - box[:2, 1].mean(), height - box[2:, 1].mean()
        if text.strip():
            line = Line(text.strip(), float(box[:, 0].min()), float(box[:, 0].max()), float(top), float(bottom))
            placed.append(line)
    return tuple(placed)
