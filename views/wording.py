"""The words of the page in the reader's language, and text that Markdown shows as it stands."""

from __future__ import annotations

import re
from functools import cache

from views.phrasebook import asking, desk, notices, status, talks
from views.pieces import show_turns

# Where Markdown begins a link by itself.
_ADDRESS = re.compile(r"(https?:/|www)(?=[/.])", re.IGNORECASE)


@cache
def _bind(language: str) -> dict[str, str]:
    """The words of all parts; that no two parts have a word of one name is tested."""
    parts = (desk, asking, talks, notices, status)
    return {name: word for part in parts for name, word in (part.CHINESE if language == "zh" else part.ENGLISH).items()}


def read_words(locale: str | None) -> dict[str, str]:
    """The words for a browser's language such as 'zh-CN'; English where it is not Chinese."""
    return _bind("zh" if (locale or "").lower().startswith("zh") else "en")


def escape_markdown(text: str) -> str:
    """Text that Streamlit's Markdown shows as it stands: no mark, link, image, colour or HTML in it."""
    # An address makes itself a link, whatever is escaped in it; a word joiner, which nobody sees, keeps it from that.
    plain = _ADDRESS.sub("\\1\u2060", show_turns(text))
    escaped = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"\\{character}" if character in "\\`*_{}[]()#+-.!|~$:" else character for character in escaped)
