"""The topics of a desk's obligations, kept in a file beside the catalogue until its notices change."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

# The place of an obligation: its notice's id and its sentence's ordinal.
Place = tuple[str, int]
_FILE = "topics.json"


def read_topics(folder: Path, rules: str, generation: int) -> dict[Place, str] | None:
    """The topics that were kept, as rules of this version found them for this generation; None where there are none.

    A file that cannot be read counts as none.
    """
    try:
        kept = json.loads((folder / _FILE).read_bytes())
        if (kept["rules"], kept["generation"]) != (rules, generation):
            return None
        names: list[str] = [str(name) for name in kept["names"]]
        return {
            (notice_id, int(ordinal)): names[index]
            for notice_id, rows in kept["notices"].items()
            for ordinal, index in rows
        }
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError):
        return None


def write_topics(folder: Path, rules: str, generation: int, topics: Mapping[Place, str]) -> None:
    """Keep topics in place of those before, all or nothing; where there is no room, or no right, none are kept."""
    names = sorted(set(topics.values()))
    numbers = {name: number for number, name in enumerate(names)}
    notices: dict[str, list[tuple[int, int]]] = {}
    for (notice_id, ordinal), name in topics.items():
        notices.setdefault(notice_id, []).append((ordinal, numbers[name]))
    kept = {"rules": rules, "generation": generation, "names": names, "notices": notices}
    made = folder / f"{_FILE}.{os.getpid()}"
    # They can be found again at any time: a store that may only be read, or a full disk, is no fault.
    with suppress(OSError):
        try:
            made.write_text(json.dumps(kept, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
            made.replace(folder / _FILE)
        finally:
            made.unlink(missing_ok=True)
