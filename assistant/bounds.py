"""What stands around the place of a quotation: whether it begins and ends as words do, and what bounds it."""

from __future__ import annotations

import re

from assistant.alignment import Source
from assistant.folding import is_mark
from core.types import Span
from store.words import CJK

_FULL_STOP = re.compile(r"[。！？!?]|\.(?=\s|$)|\n\s*\n")
_LONGEST_REST = 300
_LIMITS = re.compile(
    r"\b(?:unless|except|provided|subject to|only if|only where|save (?:for|that|where)|other than|but|however)\b"
    r"|除外|除非|(?<![不非])但|不包括|另有规定",
    re.IGNORECASE,
)
# Where a sentence, a row or a paragraph ends.
ENDS = re.compile(r"[。！？!?；;]|\.(?=\s|[”’)\]]|$)|\n")
_DENIES = re.compile(
    r"\b(?:do(?:es)? not (?:need|have) to|not (?:be )?(?:required|obliged) to"
    r"|(?:must|shall|should|may|can|will|do|does|is|are) not"
    r"|not|no|never|nor|neither|without|unless|cannot|(?:prohibit\w*|forbid\w*)(?: from)?)\s+$"
    r"|(?:不得|不准|不许|不应当?|不能|不可以?|不要|不宜|不必|无须|无需|严禁|禁止|切勿|[不未无非禁勿])\s*$",
    re.IGNORECASE,
)
_DENYING = re.compile(
    rf"\b(?:not|never|nor|neither|unless|except|cannot)\b|n['’]t\b|[不未禁勿]|除外|除非|(?<![{CJK}])但", re.IGNORECASE
)
# A character that, before or behind a word, makes another word of it.
_JOINED_BEFORE = re.compile(rf"(?:[^\W_{CJK}][-‐‑]|\d[.,:/]|[不未非])$")
_JOINED_BEHIND = re.compile(rf"(?:[-‐‑][^\W_{CJK}]|[.,:/]?\d|\s?[%％‰]|\s?[万亿千百])")


def stands_alone(source: Source, first: int, end: int) -> tuple[bool, bool]:
    """Whether tokens [first, end) begin and end as words do: not 得 of 不得, 500 of 1,500, 30 of 30%."""
    tokens, text = source.folded.tokens, source.text
    start, stop = source.folded.starts[first], source.folded.ends[end - 1]
    before = is_mark(tokens[first]) or not _JOINED_BEFORE.search(text[max(0, start - 2) : start])
    if tokens[end - 1][-1:].isdigit():
        behind = not _JOINED_BEHIND.match(text[stop : stop + 3])
    else:
        behind = is_mark(tokens[end - 1]) or not re.match(rf"[-‐‑][^\W\d_{CJK}]", text[stop : stop + 2])
    # A Chinese character makes another word of Chinese only.
    if before is False and text[start - 1] in "不未非":
        before = re.match(f"[{CJK}]", tokens[first]) is None
    return before, behind


def find_limits(text: str, span: Span) -> tuple[str, str]:
    """(what follows in the sentence and limits it, the denial just before), each '' where there is none."""
    rest = text[span.end : span.end + _LONGEST_REST]
    stop = _FULL_STOP.search(rest)
    rest = " ".join(rest[: stop.start() if stop else len(rest)].split())
    limit = _LIMITS.search(rest)
    denial = _DENIES.search(text[max(0, span.start - 20) : span.start])
    return rest[limit.start() :] if limit else "", denial.group().strip() if denial else ""


def denies(words: str) -> bool:
    """Whether some words deny or limit something."""
    return _DENYING.search(words) is not None
