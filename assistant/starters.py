"""Questions worth asking first, made from the notices on the desk and kept only if they are answered."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain, pairwise, zip_longest

from assistant.ask import ask
from core.types import NoticeCard, SentenceKind, Status
from store.archive import Archive

# So many notices of each kind are read for candidates, so that a large desk opens as fast as a small one.
_MOST_NOTICES = 60
_MOST_TRIED = 16

_COUNTED = re.compile(
    r"\b(?:put forward|set out|sets|set|named|made)\s+(?:\w+\s+){0,1}?(two|three|four|five|six)\s+"
    r"(requirements|tasks|demands|priorities|measures)\b"
)
_COUNTED_ZH = re.compile(r"提出[^，。；]{0,6}?([二两三四五六])([项点条])(要求|任务|意见|措施)")
_PRESIDED = re.compile(r"\bpresided\b")
_MEETING = re.compile(r"\b(meeting|conference)\b", re.IGNORECASE)
_SMALL = frozenset(
    """a an and at by for from in into its of on or over the to under while with
    notice circular guidance provincial""".split()
)


def suggest_questions(archive: Archive, count: int = 4) -> list[str]:
    """At most `count` questions that the notices answer, each of another kind as far as there are kinds."""
    with archive.hold() as held:
        cards = held.catalogue.cards()
        recent = sorted(cards, key=lambda card: card.issued_on, reverse=True)[:_MOST_NOTICES]
        kinds: list[Iterable[str]] = [
            _ask_for_lists(held, recent),
            _ask_over_years(cards),
            _ask_who_presided(held, recent),
            _ask_for_chinese_lists(held, recent),
            _ask_what_was_required(recent),
        ]
        in_turn = list(chain.from_iterable(zip_longest(*kinds)))
    chosen: list[str] = []
    for tried, question in enumerate(question for question in in_turn if question):
        if len(chosen) == count or tried == _MOST_TRIED:
            break
        if question not in chosen and ask(archive, question).status is Status.answered:
            chosen.append(question)
    return chosen


def _openings(archive: Archive, cards: Iterable[NoticeCard], language: str) -> Iterator[tuple[NoticeCard, str]]:
    """The sentences that open lists in notices of a language, with their notices."""
    for card in cards:
        if card.language != language:
            continue
        text = archive.catalogue.text(card.notice_id)
        sentences = archive.catalogue.sentences(card.notice_id)
        heads = {sentence.head for sentence in sentences if sentence.kind is SentenceKind.point}
        yield from ((card, sentence.span.of(text)) for sentence in sentences if sentence.ordinal in heads)


def _ask_for_lists(archive: Archive, cards: Iterable[NoticeCard]) -> Iterator[str]:
    for card, text in sorted(_openings(archive, cards, "en"), key=lambda pair: pair[0].path):
        match = _COUNTED.search(text)
        year = re.search(r"\bfor ((?:19|20)\d{2})\b", text)
        if match and (year or card.year):
            asked = year.group(1) if year else card.year
            yield f"What {match.group(1)} {match.group(2)} were put forward for {asked}?"


def _ask_for_chinese_lists(archive: Archive, cards: Iterable[NoticeCard]) -> Iterator[str]:
    for card, text in _openings(archive, cards, "zh"):
        match = _COUNTED_ZH.search(text)
        if match and card.year:
            number, unit, what = match.groups()
            name = re.sub(r"召开$|在.{2,6}召开$|^\d{4}年", "", card.title)
            yield f"{card.year}年{name}提出了哪{number}{unit}{what}？"


def _ask_who_presided(archive: Archive, cards: Iterable[NoticeCard]) -> Iterator[str]:
    for card in cards:
        kind = _MEETING.search(card.title)
        if card.language == "en" and card.year and kind and _PRESIDED.search(archive.catalogue.text(card.notice_id)):
            about = re.search(r"\bon ((?:\w+ ){0,3}\w+)", card.title)
            topic = f" on {about.group(1)}" if about else ""
            topic = re.sub(r" (?:held|in|at)\b.*", "", topic)
            yield f"Who presided over the {card.year} {kind.group(1).lower()}{topic}?"


def _ask_over_years(cards: Iterable[NoticeCard]) -> Iterator[str]:
    """Topics, two words of a title, that come back in the titles of several years."""
    years: dict[str, set[int]] = defaultdict(set)
    for card in cards:
        if card.language == "en" and card.year and not _MEETING.search(card.title):
            for topic in _topics(card.title):
                years[topic].add(card.year)
    repeated = [(topic, sorted(found)) for topic, found in years.items() if len(found) >= 2]
    for topic, found in sorted(repeated, key=lambda pair: (-len(pair[1]), pair[1][0], pair[0])):
        yield f"What was required about {topic} in {found[0]} and {found[-1]}?"


def _ask_what_was_required(cards: Iterable[NoticeCard]) -> Iterator[str]:
    for card in cards:
        if card.language == "en" and card.year and not _MEETING.search(card.title):
            for topic in _topics(card.title)[-1:]:
                yield f"What was required about {topic} in {card.year}?"


def _topics(title: str) -> list[str]:
    """Pairs of words side by side in a title that can name a topic."""
    words = re.findall(r"[A-Za-z][\w’'-]*|\d+|,", title)
    pairs = pairwise(words)
    return [
        f"{a} {b}".lower()
        for a, b in pairs
        if a.isalpha() and b.isalpha() and a.lower() not in _SMALL and b.lower() not in _SMALL
    ]
