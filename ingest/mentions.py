"""Where a sentence names other notices: by title, by number, or by both, and which of them it names together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.types import Span
from store.names import name_terms, names_notice, title_terms
from store.words import CJK, find_numbers

_TITLE = re.compile(r"《(?:[^《》]|《[^《》]*》)+》|[“\"](?=[^\s“”\"])[^“”\"]{8,200}[”\"]|‘[^‘’]{8,200}’")
_BODY = rf"(?:[{CJK}]{{2,20}}(?:厅|局|部|委|会|府|室|院|省|市|县|区))"
_BODY_BEFORE = re.compile(rf"(?:{_BODY}、)*{_BODY}$")
_LEADS_IN = re.compile(r".*(?:关于|根据|按照|现将|兹将|将|原|废止|的|和|与|及|对|由|经|自|日|年)")
_OFFICE_BEFORE = re.compile(r"(?:[A-Z][\w’'-]*\s+)+$")
_NO_OFFICE = re.compile(r"(?:(?:Under|By|The|This|That|In|See|On|For|Of|From|If|With|And|Both|Each|When|Where|As)\s+)+")
_ORDER_BEFORE = re.compile(rf"[{CJK}]{{1,12}}$")
# A title as English writes it: capitals and the small words between them, or any words behind one such as "notice".
_SMALL = r"(?:of|on|for|the|and|to|in|from|at|with|a|an|into|as|or|its)"
_KIND = (
    r"(?:notice|circular|guidance|guidelines|regulations?|rules|measures|policy|act|law|order|opinions?|decision|plan"
    r"|bulletin|directive|ordinance|decree|code|standards?|framework|strategy|scheme|announcement|charter)"
)
_CAPITALISED = re.compile(rf"\b[A-Z][\w’'-]*(?:,?\s+(?:{_SMALL}\s+){{0,3}}[A-Z\d][\w’'-]*)+")
_OF_KIND = re.compile(
    rf"(?i)\b{_KIND}\s+(?:on|for|of|about|concerning|regarding|to)\s+"
    r"(?:(?!(?:is|are|was|were|has|have|had|shall|will|which|that|no|not|ceases?|by|under)\b)[\w’'-]+,?\s*){1,16}"
)
_OPENING_WORDS = 6
# Between notices that are named together, nothing else stands.
_TOGETHER = re.compile(
    r"(?i)(?:[\s、，,;；和及与以]|\band\b|\bor\b|\bas well as\b|\bthe\b|\bof\s+\d{4}\b|[(（][^()（）]{0,40}[)）])*"
)
# What stands before those on which the sentence rests: with a comma behind them, another is named for itself.
_RESTS_ON = re.compile(r"(?i)(?:\b(?:under|by|pursuant\s+to|according\s+to|see)\s+(?:the\s+)?|根据|依据|按照|依照)$")
_OPENS_BRACKET = re.compile(r"\s*[(（]\s*")


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a sentence that names a notice, or may do so, and the terms under which that one is found."""

    span: Span
    terms: frozenset[str]


def find_groups(text: str) -> list[list[Mention]]:
    """The notices that a sentence names, those together that it names together."""
    groups: list[list[Mention]] = []
    for mention in find_mentions(text):
        if groups and _are_together(text, groups[-1], mention):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    return groups


def _are_together(text: str, group: list[Mention], mention: Mention) -> bool:
    between = text[group[-1].span.end : mention.span.start]
    rests = _RESTS_ON.search(text[: group[0].span.start]) and re.search("[,，]", between)
    return _TOGETHER.fullmatch(between) is not None and not rests


def find_mentions(text: str) -> list[Mention]:
    """Every place that names a notice, in order; none overlaps another."""
    titles = [_with_body(text, Span(*match.span())) for match in _TITLE.finditer(text)]
    inside = [Span(*match.span()) for match in _TITLE.finditer(text)]
    numbers = [
        _with_office(text, Span(number.start, number.end))
        for number in find_numbers(text)
        if not any(span.overlaps(Span(number.start, number.end)) for span in inside)
    ]
    found = [Mention(span, name_terms(span.of(text))) for span in sorted([*titles, *numbers])]
    for pattern in (_CAPITALISED, _OF_KIND):
        for match in pattern.finditer(text):
            span = _trim(text, Span(*match.span()))
            if not any(span.overlaps(mention.span) for mention in found):
                found.append(Mention(span, _terms_of_run(span.of(text))))
    return [mention for mention in _join(text, sorted(found, key=lambda mention: mention.span)) if mention.terms]


def mask_names(text: str, groups: Sequence[Sequence[Mention]]) -> str:
    """The text with 《□》 for each name of a notice, so that no verb in it is one of the sentence; offsets stay."""
    masked = text
    for span in (mention.span for group in groups for mention in group):
        if len(span) >= 2 and names_notice(span.of(text)):
            masked = f"{masked[: span.start]}《{'□' * (len(span) - 2)}》{masked[span.end :]}"
    return masked


def _with_body(text: str, title: Span) -> Span:
    """A title in Chinese with the body that is named before it: 云岚省教育厅《关于……的通知》."""
    before = _BODY_BEFORE.search(text[max(0, title.start - 40) : title.start]) if text[title.start] == "《" else None
    if before is None:
        return title
    body = before.group()
    length = len(body) - (lead.end() if (lead := _LEADS_IN.match(body)) else 0)
    return Span(title.start - length, title.end)


def _with_office(text: str, number: Span) -> Span:
    """A number with the words before it that belong to it: Education Notice No. 7 [2019], 教育部令第13号."""
    office = _OFFICE_BEFORE.search(text[: number.start])
    if text[number.start] == "令":
        office = _ORDER_BEFORE.search(text[: number.start])
    if office is None:
        return number
    lead = _NO_OFFICE.match(office.group())
    return Span(office.start() + (lead.end() if lead else 0), number.end)


def _join(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """A title and the number in brackets behind it are one name; of two that overlap, the first stays."""
    joined: list[Mention] = []
    for mention in mentions:
        last = joined[-1] if joined else None
        if last and last.span.overlaps(mention.span):
            continue
        if last and _OPENS_BRACKET.fullmatch(text[last.span.end : mention.span.start]):
            closing = re.match(r"[^()（）]{0,40}[)）]", text[mention.span.end :])
            end = mention.span.end + (closing.end() if closing else 0)
            joined[-1] = Mention(Span(last.span.start, end), last.terms | mention.terms)
        else:
            joined.append(mention)
    return joined


def _terms_of_run(run: str) -> frozenset[str]:
    """The terms of every title that a run of words may be: from one of its first words, to the end or a small word."""
    words = run.split()
    ends = [n for n in range(2, len(words) + 1) if n == len(words) or re.fullmatch(rf"{_SMALL}|\d+", words[n].lower())]
    starts = [n for n in range(min(_OPENING_WORDS, len(words) - 1)) if n == 0 or words[n][0].isupper()]
    titles = [" ".join(words[start:end]) for start in starts for end in [*ends, len(words)] if end - start >= 2]
    return frozenset(term for title in titles for term in title_terms(title))


def _trim(text: str, span: Span) -> Span:
    """A run of words without the commas behind it and the words before it that are of no title."""
    lead = _NO_OFFICE.match(span.of(text))
    start = span.start + (lead.end() if lead else 0)
    return Span(start, max(start, span.start + len(span.of(text).rstrip(" ,"))))
