"""A question that leans on the conversation before it becomes one that can be searched by itself."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from retriever.contrast import put_in_place
from retriever.mentions import Kind, Mention
from retriever.periods import read_times
from retriever.topic import LATER_YEAR, LEAD, stands_alone
from store.words import content_terms, find_numbers

# Turns before these are no longer what the conversation is about.
_MOST_TURNS = 20
_LONGEST_TURN = 600
_OF_TIME = re.compile(r"(?i)\b(?:in|for|of|during|from|by|since|at|on)\s(?:the\s)?$")
_OPENS_RUN = re.compile(r"(?i)(?:since|before|after|until|till|from|between|prior|up|later|earlier|post|pre)\b")
_COUNTS = dict(zip("two three four five 两 二 三 四 五".split(), (2, 3, 4, 5, 2, 2, 3, 4, 5), strict=True))
_COURTESY = re.compile(
    r"(?i)(?:(?:many thanks|thanks|thank you|hello|hi|ok(?:ay)?|yes|no|good|great|i see|got it|please"
    r"|谢谢您?|感谢|你好|您好|好的?|明白了?|知道了|嗯|收到)[\s,.!，。！]*)+"
)


@dataclass(frozen=True, slots=True)
class _Standing:
    """Where a conversation stands: `topic`, the question that set it; `text`, that with what was asked of it last."""

    topic: str = ""
    text: str = ""


def resolve(asked: str, history: Sequence[str], today: datetime.date, known: Collection[str] = ()) -> str:
    """The question with what it takes from the conversation, or itself where it stands alone.

    `history`: the earlier questions, oldest first, each resolved in its turn; `known`: the issuers
    of the desk. The years, places and numbers that the question names take the place of the earlier ones.
    """
    standing = _Standing()
    for turn in history[-_MOST_TURNS:]:
        earlier = " ".join(turn.encode("utf-8", "replace").decode().split())[:_LONGEST_TURN]
        if any(character.isalnum() for character in earlier) and not _COURTESY.fullmatch(earlier):
            standing = _take_turn(standing, earlier, today, known)
    return _take_turn(standing, asked, today, known).text


def _take_turn(standing: _Standing, asked: str, today: datetime.date, known: Collection[str]) -> _Standing:
    if not standing.topic or stands_alone(asked, today, known):
        return _Standing(asked, asked)
    topic = _put_numbers(_put_years(standing.topic, asked, today), asked)
    text = _put_numbers(_put_years(standing.text, asked, today), asked)
    bare = _without_times(asked, today)
    if not content_terms(LEAD.sub("", bare)):
        # "Why?", "And in 2022?": nothing but what was asked last, of another year.
        reason = asked if not read_times(asked, today).years and not LATER_YEAR.search(asked) else ""
        return _Standing(topic, _join(text, reason))
    swapped, whole = put_in_place(text, bare, known)
    if whole:
        return _Standing(put_in_place(topic, bare, known)[0], swapped)
    topic = put_in_place(topic, bare, known)[0]
    return _Standing(topic, _join(topic, asked if not LATER_YEAR.search(asked) else bare))


def _join(topic: str, asked: str) -> str:
    return f"{topic} {asked}".strip()


def _without_times(asked: str, today: datetime.date) -> str:
    mentions = read_times(asked, today).mentions
    rest = LATER_YEAR.sub(" ", _replace(asked, mentions, [" "] * len(mentions)))
    return re.sub(r"(?i)\s(?:in|for|since|from|by|during|of|at|on)\s*(?=[?？.]|$)", " ", rest)


def _put_years(before: str, asked: str, today: datetime.date) -> str:
    """`before` with the years of `asked` in the place of its own, or its own moved by "a year later"."""
    own = read_times(asked, today).mentions
    theirs = read_times(before, today).mentions
    if own and not theirs:
        return _join(before, " ".join(asked[mention.start : mention.end] for mention in own))
    if own:
        plain = len(own) == 1 and own[0].kind is Kind.year
        made = [_year_as(before, mention, own[0].years[0]) if plain else "" for mention in theirs]
        if not all(made):
            # Years that are named in another way stand once, in the place of the first: "since 2019" for "in 2018".
            made = [" ".join(asked[mention.start : mention.end] for mention in own), *[""] * (len(theirs) - 1)]
        return _replace(before, theirs, made)
    shift = _read_shift(asked)
    if not shift or not theirs:
        return before
    # A year later than two years is told from the later one, a year earlier from the earlier.
    firsts = [mention.years[0] for mention in theirs]
    told = max(firsts) if shift > 0 else min(firsts)
    made = [_year_as(before, m, told + shift) or str(told + shift) if m.years[0] == told else "" for m in theirs]
    return _replace(before, theirs, made)


def _year_as(before: str, mention: Mention, year: int) -> str:
    """The words of a mention with another year in them, "" where they name a run: "1 September 2025", "2025/26"."""
    words = before[mention.start : mention.end]
    if mention.kind is Kind.school_year:
        first, rest = re.sub(r"\d{4}", f"{year}\n", words, count=1).partition("\n")[::2]
        return (
            first + re.sub(r"(\d\d)?\d\d", lambda m: f"{year + 1}"[-len(m.group()) :], rest, count=1)
            if rest
            else str(year)
        )
    if mention.kind not in {Kind.year, Kind.date}:
        return ""
    changed, count = re.subn(r"\d{4}", str(year), words)
    return changed if count == 1 else str(year)


def _replace(before: str, mentions: Sequence[Mention], made: Sequence[str]) -> str:
    """`before` with `made` in the place of its mentions; "in" goes where "since 2019" follows, or nothing."""
    for mention, words in sorted(zip(mentions, made, strict=True), key=lambda pair: -pair[0].start):
        head = before[: mention.start]
        if not words.strip() or _OPENS_RUN.match(words):
            head = _OF_TIME.sub("", head)
        before = head + words + before[mention.end :]
    return " ".join(before.split())


def _read_shift(asked: str) -> int:
    """How many years later than the conversation's a question asks; negative for earlier, 0 where it does not say."""
    found = LATER_YEAR.search(asked)
    if found is None:
        return 0
    words = found.group().lower()
    first = re.match(r"\d{1,2}|[a-z]+|[一两二三四五]", words)
    written = first.group() if first else ""
    count = int(written) if written.isdecimal() else _COUNTS.get(written, 1)
    return -count if re.search("earlier|before|previous|preceding|前|上一年", words) else count


def _put_numbers(before: str, asked: str) -> str:
    """`before` without the numbers of notices that it names, where the question names others."""
    own = find_numbers(asked)
    theirs = find_numbers(before)
    if not own or not theirs:
        return before
    words = asked[own[0].start : own[-1].end]
    for place, number in reversed(list(enumerate(theirs))):
        before = before[: number.start] + (words if place == 0 else "") + before[number.end :]
    return " ".join(before.split())
