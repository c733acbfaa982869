"""What a chat model writes becomes sentences with labels: cut as they complete, in English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assistant.chat import Ending
from core.errors import ChatFailedError
from core.types import Fallback

NO_ANSWER = "NO_ANSWER"
# Longer than any sentence and any answer: a model that writes on is in a loop.
_LONGEST, _MOST_CHARACTERS, _MOST_REPEATED = 1500, 20_000, 3

# Reasoning models think aloud before they answer; some servers send the end of it only.
_OF_THOUGHT = "(?:think(?:ing)?|reason(?:ing)?|thought)"
_THOUGHT = re.compile(rf"<({_OF_THOUGHT})>.*?</\1>", re.DOTALL | re.IGNORECASE)
_THOUGHT_ENDS = re.compile(f"</{_OF_THOUGHT}>", re.IGNORECASE)
_THOUGHT_OPENS = re.compile(f"<{_OF_THOUGHT}>", re.IGNORECASE)
# The beginning of such a tag at the end of what has come so far, and room for one.
_UNFINISHED_TAG = re.compile(r"</?[a-z]{0,9}\Z", re.IGNORECASE)
_LONGEST_TAG = 12

_OF_LABEL = r"(?:(?i:passages?|sources?|notices?|段落|来源|出处|文件|第))?\s*\d{1,3}\s*(?:段|条)?"
_LABEL = re.compile(rf"[\[［【]\s*\^?{_OF_LABEL}(?:\s*[,，、;；–-]\s*{_OF_LABEL})*\s*[\]］】]")
_BEGINS_LABEL = re.compile(r"\s*(?:[\[［【]|\Z)")
_RANGE = re.compile(r"(\d{1,3})\s*[–-]\s*\D{0,9}(\d{1,3})")
_LABELS = rf"(?:\s*{_LABEL.pattern})"
_TRAIL = r"[\"'”’」』）)*_]*"
# A stop with its labels behind it, or labels with the stop behind them.
_ENDS = re.compile(
    rf"[。！？]{_TRAIL}{_LABELS}*|[.!?]{_TRAIL}(?:{_LABELS}*(?=\s+(?![a-z])|\s*\Z)|{_LABELS}+)|{_LABEL.pattern}{_LABELS}*[.。!！?？]"
)
_ABBREVIATED = re.compile(
    r"(?:^\s*\d{1,3}|(?:^|[\s(“\"])(?:[A-Z]|No|Nos|Mr|Mrs|Ms|Dr|Prof|St|Art|Arts|Sec|Ch|para|paras|pp?|vol|approx|ca"
    r"|cf|vs|e\.g|i\.e|U\.S|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec))\.$"
)
# What stands before a sentence on its line: a quotation mark, a heading, a bullet, a number; then "Answer:".
_OF_LINE = re.compile(r"^\s*(?:>+\s*)*(?:#{1,6}\s+|[-*•●·+–—]\s+|\d{1,2}[.)、]\s+)?")
_ANSWER = re.compile(r"^(?:(?:final |the )?answer|答案|回答|答)\s*[:：]\s*", re.IGNORECASE)
_MARKS = re.compile(r"\*\*|__|~~|`+|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)")
_LINK = re.compile(r"!?\[([^\]\n]{1,200})\]\([^)\s]{1,500}\)")


@dataclass(frozen=True, slots=True)
class DraftedSentence:
    """A sentence that a model wrote, without markup and labels; `labels` are those that it gave, in order."""

    text: str
    labels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Restart:
    """What was written before this was thinking aloud, and no answer."""


def cut_sentences(pieces: Iterable[str | Ending]) -> Iterator[DraftedSentence | Restart]:
    """The sentences of a stream, each as soon as it is complete; none twice.

    A sentence that broke off because the model's room was used up is left out. Raises
    ChatFailedError (broken) where the model repeats itself or writes without end.
    """
    waiting, length, full = "", 0, False
    said: dict[str, int] = {}
    for piece in pieces:
        if isinstance(piece, Ending):
            full = piece.full
            continue
        waiting, restarted = _forget_thoughts(waiting + piece)
        if restarted:
            said.clear()
            yield Restart()
        complete, waiting = _split_complete(waiting)
        yield from _read_all(complete, said)
        length += sum(map(len, complete))
        if len(waiting) > _LONGEST or length > _MOST_CHARACTERS:
            raise ChatFailedError(Fallback.broken)
    opened = _THOUGHT_OPENS.search(waiting)
    rest = _cut(waiting[: opened.start()] if opened else waiting)
    if full and rest and not _ENDS.search(rest[-1] + " "):
        rest.pop()
    yield from _read_all(rest, said)


def _forget_thoughts(text: str) -> tuple[str, bool]:
    """(text without thoughts, whether one ended that had no beginning); of one that goes on, its tag is kept."""
    text = _THOUGHT.sub("", text)
    ends = [match.end() for match in _THOUGHT_ENDS.finditer(text)]
    if ends:
        return text[ends[-1] :], True
    opened = _THOUGHT_OPENS.search(text)
    if opened:
        text = text[: opened.end()] + text[opened.end() :][-_LONGEST_TAG:]
    return text, False


def _split_complete(text: str) -> tuple[list[str], str]:
    """(complete sentences, what may go on): a sentence is complete once another, not a label, has begun."""
    opened = _THOUGHT_OPENS.search(text) or _UNFINISHED_TAG.search(text)
    ready, held = (text[: opened.start()], text[opened.start() :]) if opened else (text, "")
    parts = _cut(ready)
    open_ended = 2 if len(parts) > 1 and _BEGINS_LABEL.match(parts[-1]) else 1
    return parts[:-open_ended], "".join(parts[-open_ended:]) + held


def _cut(text: str) -> list[str]:
    """Text in pieces of a sentence each, nothing lost."""
    parts: list[str] = []
    for line in text.splitlines(keepends=True):
        start = 0
        for match in _ENDS.finditer(line):
            if match.group()[0] == "." and _ABBREVIATED.search(line[start : match.start() + 1]):
                continue
            parts.append(line[start : match.end()])
            start = match.end()
        if start < len(line):
            # Labels alone, or the white space behind a sentence, belong to the sentence before.
            rest = line[start:]
            if start and not _LABEL.sub("", rest).strip(" \t\r\n.。"):
                parts[-1] += rest
            else:
                parts.append(rest)
    return parts


def _read_all(parts: Iterable[str], said: dict[str, int]) -> Iterator[DraftedSentence]:
    for part in parts:
        sentence = read_sentence(part)
        if not sentence.text:
            continue
        key = " ".join(sentence.text.lower().split())
        said[key] = said.get(key, 0) + 1
        if said[key] > _MOST_REPEATED:
            raise ChatFailedError(Fallback.broken)
        if said[key] == 1:
            yield sentence


def read_sentence(written: str) -> DraftedSentence:
    """A sentence as a model wrote it, without markup; its text is empty where nothing is said."""
    labels = [number for match in _LABEL.finditer(written) for number in _read_labels(match.group())]
    plain = _MARKS.sub("", _LINK.sub(r"\1", _LABEL.sub("", written)))
    plain = _ANSWER.sub("", _OF_LINE.sub("", plain)).strip(" \t\r\n|")
    plain = re.sub(r"\s+([.,;:!?。，；：！？])", r"\1", " ".join(plain.split()))
    said = any(character.isalnum() for character in plain)
    return DraftedSentence(plain if said else "", tuple(dict.fromkeys(labels)))


def _read_labels(written: str) -> Iterator[int]:
    for first, last in _RANGE.findall(written):
        if int(first) <= int(last) <= int(first) + 20:
            yield from range(int(first), int(last) + 1)
    yield from (int(number) for number in re.findall(r"\d{1,3}", written))
