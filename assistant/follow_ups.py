"""Questions to ask next, made from the notices that an answer cites and kept only if they are answered."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

from assistant.ask import ask
from core.types import Answer, LinkKind, NoticeCard, Obligation, Status
from store.archive import Archive
from store.words import has_chinese

# In seconds: no question is tried that would not be answered by then, if it takes as long as the slowest before it.
_LATEST = 0.9
# So many of each kind are tried; a longer name of who is bound is half a sentence.
_MOST_OF_A_KIND, _LONGEST_BOUND = 3, 40
# So many of the cited notices are looked at, so that one answer over many costs no more than another.
_MOST_NOTICES = 4
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_OTHER_VERSIONS = frozenset({LinkKind.replaces, LinkKind.repeals, LinkKind.version_of})
_WORDS = {
    "en": {
        "notice": "“{title}”",
        "notice_of": "“{title}” ({year})",
        "bound": "What must {bound} do under the {notice}?",
        "else": "What does the {notice} require?",
        "change": "What changed between {first} and {last} in the {notice}?",
        "repeals": "Which notice does the {notice} repeal or replace?",
    },
    "zh": {
        "notice": "《{title}》",
        "notice_of": "{year}年《{title}》",
        "bound": "{notice}对{bound}提出了哪些要求？",
        "else": "{notice}提出了哪些要求？",
        "change": "{notice}在{first}年至{last}年之间有什么变化？",
        "repeals": "{notice}废止或取代了哪份文件？",
    },
}


@dataclass(frozen=True, slots=True)
class _Version:
    """Another version of a notice, linked with it by `kind`; `is_earlier` where that is the one replaced."""

    card: NoticeCard
    kind: LinkKind
    is_earlier: bool


@dataclass(frozen=True, slots=True)
class _Cited:
    """A notice that an answer cites, its other versions, and what it requires."""

    card: NoticeCard
    versions: Sequence[_Version]
    obligations: Sequence[Obligation]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A question, and the notices of which its answer must cite one."""

    question: str
    about: frozenset[str]


def suggest_follow_ups(
    archive: Archive,
    answer: Answer,
    history: Sequence[str],
    *,
    years: Sequence[int] = (),
    issuers: Sequence[str] = (),
    language: str = "",
    count: int = 3,
    clock: Callable[[], float] = time.monotonic,
) -> list[str]:
    """At most `count` questions that the notices answer with words that `answer` does not show, in its language.

    `history` are the questions of the conversation with that of the answer, the rest are the user's filters: each
    question is tried as it would be asked. No model is asked, and no more are tried than there is time for:
    about a second. `clock` tells the time in seconds.
    """
    shown = {(citation.card.notice_id, citation.span) for citation in answer.citations}
    asked = {question.casefold() for question in history}
    chosen: list[str] = []
    began, slowest = clock(), 0.0
    for candidate in _propose(archive, answer):
        start = clock()
        if len(chosen) == count or start + slowest - began > _LATEST:
            break
        if candidate.question.casefold() in asked:
            continue
        asked.add(candidate.question.casefold())
        tried = ask(archive, candidate.question, history, years=years, issuers=issuers, language=language)
        slowest = max(slowest, clock() - start)
        cited = {citation.card.notice_id for citation in tried.citations}
        is_new = any((citation.card.notice_id, citation.span) not in shown for citation in tried.citations)
        if tried.status is Status.answered and is_new and not cited.isdisjoint(candidate.about):
            chosen.append(candidate.question)
            shown |= {(citation.card.notice_id, citation.span) for citation in tried.citations}
    return chosen


def _propose(archive: Archive, answer: Answer) -> Iterator[_Candidate]:
    """The candidates, in turns one of each kind."""
    with archive.hold() as held:
        ids = list(dict.fromkeys(citation.card.notice_id for citation in answer.citations))[:_MOST_NOTICES]
        cited = [
            _Cited(card, _find_versions(held, name), held.catalogue.obligations([name]).get(name, []))
            for name in ids
            if (card := held.shelf.cards.get(name)) is not None
        ]
        dated: dict[int, set[str]] = {}
        for name, card in held.shelf.cards.items():
            dated.setdefault(card.year or 0, set()).add(name)
    kinds = (
        _ask_of_other_years(answer, cited, dated),
        _ask_what_else(answer, cited),
        _ask_what_changed(answer, cited),
        _ask_what_is_repealed(answer, cited),
    )
    in_turn = zip_longest(*(islice(kind, _MOST_OF_A_KIND) for kind in kinds))
    return (candidate for candidate in chain.from_iterable(in_turn) if candidate)


def _find_versions(archive: Archive, notice_id: str) -> list[_Version]:
    """The notices that a notice took the place of, then those that took its own."""
    before = [(link.to_id, link.kind) for link in archive.catalogue.links([notice_id])]
    after = [(link.notice_id, link.kind) for link in archive.catalogue.links_to(notice_id)]
    return [
        _Version(archive.shelf.cards[name], kind, is_earlier)
        for links, is_earlier in ((before, True), (after, False))
        for name, kind in links
        if kind in _OTHER_VERSIONS and name in archive.shelf.cards
    ]


def _ask_of_other_years(
    answer: Answer, cited: Sequence[_Cited], dated: Mapping[int, Collection[str]]
) -> Iterator[_Candidate]:
    """The same question of the years of other versions of what is cited, then of the years next to its own.

    `dated` are the notices of each year.
    """
    named = sorted(set(_YEAR.findall(answer.question)))
    if len(named) != 1:
        return
    own = int(named[0])
    linked = [version.card.year for one in cited for version in one.versions]
    after = min((year for year in dated if year > own), default=None)
    before = max((year for year in dated if 0 < year < own), default=None)
    for year in dict.fromkeys([*linked, after, before]):
        if year and year != own:
            yield _Candidate(answer.question.replace(named[0], str(year)), frozenset(dated.get(year, ())))


def _ask_what_else(answer: Answer, cited: Sequence[_Cited]) -> Iterator[_Candidate]:
    """What a cited notice asks of those whom the answer does not speak of; then what it requires at all."""
    words = _WORDS[answer.language]
    said = " ".join([answer.question, *(sentence.text for sentence in answer.sentences)]).casefold()
    for one in cited:
        notice, about = _name(answer, one.card), frozenset({one.card.notice_id})
        binding = [row for row in one.obligations if not row.exhorts]
        bounds = dict.fromkeys(row.bound for row in binding if _names_somebody(row.bound))
        for bound in bounds if one.card.language == answer.language else ():
            if bound.casefold() not in said:
                yield _Candidate(words["bound"].format(bound=_begin_small(bound), notice=notice), about)
        if binding:
            yield _Candidate(words["else"].format(notice=notice), about)


def _ask_what_changed(answer: Answer, cited: Sequence[_Cited]) -> Iterator[_Candidate]:
    """What changed from one version of a cited notice to another."""
    words = _WORDS[answer.language]
    for one in cited:
        for version in one.versions:
            first, last = (version.card, one.card) if version.is_earlier else (one.card, version.card)
            if first.year and last.year and first.year < last.year:
                notice = words["notice"].format(title=last.title)
                question = words["change"].format(first=first.year, last=last.year, notice=notice)
                yield _Candidate(question, frozenset({last.notice_id}))


def _ask_what_is_repealed(answer: Answer, cited: Sequence[_Cited]) -> Iterator[_Candidate]:
    """What a cited notice ended."""
    for one in cited:
        if any(version.is_earlier and version.kind is not LinkKind.version_of for version in one.versions):
            question = _WORDS[answer.language]["repeals"].format(notice=_name(answer, one.card))
            yield _Candidate(question, frozenset({one.card.notice_id}))


def _names_somebody(bound: str) -> bool:
    """Whether these words name in a question who is bound: no half sentence, and no bare "school" or "everyone"."""
    if not 0 < len(bound) <= _LONGEST_BOUND:
        return False
    return has_chinese(bound) or " " in bound or bound.endswith("s")


def _name(answer: Answer, card: NoticeCard) -> str:
    """A notice by its title, with its year where the title does not name it."""
    title = card.title.strip("《》")
    told = card.year is None or str(card.year) in title
    return _WORDS[answer.language]["notice" if told else "notice_of"].format(title=title, year=card.year)


def _begin_small(words: str) -> str:
    """Words from the beginning of a sentence as they stand within one; names and abbreviations stay."""
    first, _, rest = words.partition(" ")
    is_name = rest[:1].isupper() or first[1:] != first[1:].lower()
    return words if is_name else first.lower() + words[len(first) :]
