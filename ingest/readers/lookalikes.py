"""Words that look like others: Latin letters among which Cyrillic or Greek ones of the same shape stand."""

from __future__ import annotations

import re

from ingest.readers.reading import Reading

# Greek letters of other shapes are signs beside Latin ones: μm, Δt.
_LIKE_LATIN = "\u0400-\u052fΑΒΕΖΗΙΚΜΝΟΡΤΥΧανοικρυ"
_MIXED = re.compile(rf"[A-Za-z][{_LIKE_LATIN}]|[{_LIKE_LATIN}][A-Za-z]")
_WORD = re.compile(r"[^\W\d_]+")
_MOST_NAMED = 3


def find_lookalikes(text: str) -> list[str]:
    """The words of a text in which letters of two alphabets look like one, in their order, none twice."""
    if _MIXED.search(text) is None:
        return []
    return list(dict.fromkeys(word for word in _WORD.findall(text) if _MIXED.search(word)))


def warn_of_lookalikes(reading: Reading) -> Reading:
    """A reading with a warning that names such words, if any: they imitate others, and no search finds them."""
    words = find_lookalikes(f"{reading.text}\n{' '.join(reading.properties.values())}")
    if not words:
        return reading
    named = ", ".join(words[:_MOST_NAMED]) + (", …" if len(words) > _MOST_NAMED else "")
    return reading.with_warning(f"in these words letters of another alphabet look like Latin ones: {named}")
