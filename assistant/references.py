"""Where a draft names a notice: numbers, titles, bodies with years, notes, deep links, "According to …"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from core.types import Span
from store.words import find_numbers


class ReferenceKind(StrEnum):
    """How a notice is named; `note` leads to words elsewhere in the draft.

    `phrase` speaks of a document that it may not name, `lead` ("According to …,") perhaps of none.
    """

    number = "number"
    titled = "titled"
    issued = "issued"
    note = "note"
    link = "link"
    phrase = "phrase"
    lead = "lead"


@dataclass(frozen=True, slots=True)
class Reference:
    """Words of a draft that name a notice, at a span of it; for a note the words to which it leads.

    `body` and `year` are those of "(Ministry of Education, 2022)"; `notice_id` and `at` those of a deep link.
    """

    kind: ReferenceKind
    named: str
    span: Span
    body: str = ""
    year: str = ""
    notice_id: str = ""
    at: Span | None = None


_TITLE = re.compile(r"《(?:[^《》\n]|《[^《》\n]{0,100}》){2,200}》")
_QUOTED_TITLE = re.compile(r"[“\"](?P<title>[A-Z][^“”\"\n]{6,160})[”\"]")
_ISSUED = re.compile(
    r"[(（\[](?:see |cf\. )?(?P<body>[^()（）\[\]\n,，;；]{2,100}?)[,，]\s?(?P<year>(?:19|20)\d{2})[a-z]?"
    r"(?:[,，;；][^()（）\n]{1,60})?[)）\]]"
)
_NARRATED = re.compile(
    r"\b(?P<body>(?:[A-Z][\w’'-]{1,30}(?:\s(?:of|the|for|and)){0,3}\s){1,8})\((?P<year>(?:19|20)\d{2})\)"
)
_POLICY = "Policy "
_NOTE = re.compile(r"\[(?P<label>\^\w{1,12}|\d{1,3})\](?!:)")
_LINK = re.compile(r"\?notice=(?P<id>[0-9a-f]{8,64})(?:&(?:amp;)?at=(?P<start>\d{1,9})-(?P<end>\d{1,9}))?")
_DOCUMENTS = (
    r"(?:[Nn]otice|[Cc]ircular|[Gg]uidance|[Gg]uidelines|[Rr]egulations?|[Rr]ules|[Mm]easures|[Aa]ct|[Pp]olicy|[Bb]ulletin"
    r"|[Ll]aw|[Oo]pinions?|[Dd]irective|[Cc]harter)\b"
)
_PHRASE = re.compile(
    r"\b(?:[Aa]ccording to|[Uu]nder|[Pp]ursuant to|[Ii]n accordance with"
    r"|[Aa]s (?:stated|set out|required|provided) (?:in|by))"
    rf"\s(?:the\s)?[^,;.\n“”\"]{{0,160}}?{_DOCUMENTS}[^,;.\n“”\"]{{0,120}}"
    rf"|\b[Tt]he\s[^,;.\n“”\"]{{0,80}}?{_DOCUMENTS}[^,;.\n“”\"]{{0,60}}?\s(?=states?|says?|provides?|requires?|stipulates?)"
    r"|(?:根据|按照|依据|依照|遵照|据)[^，。；：\n“”「」《》]{0,40}?(?:通知|办法|规定|意见|条例|决定|方案|公告|章程|规程|细则)"
)
_LEAD = re.compile(
    r"\b(?:[Aa]ccording to|[Uu]nder|[Pp]ursuant to|[Ii]n accordance with)\s[^,;\n“”\"]{8,240}(?=[,;“\"]|$)"
)
# In a title so many of the words with more letters than this begin with a capital.
_CAPITALS, _SMALL_WORD = 0.7, 4
_DEFINITION = re.compile(r"^[ \t]*\[(?P<label>\^\w{1,12}|\d{1,3})\](?::|[ \t])[ \t]*(?P<entry>\S[^\n]*)", re.MULTILINE)


def find_definitions(text: str) -> dict[str, tuple[Span, str]]:
    """The notes and entries of a bibliography that a draft ends with, by label: the span of each, and its words."""
    return {match["label"]: (Span(*match.span()), match["entry"].strip()) for match in _DEFINITION.finditer(text)}


def find_references(text: str, start: int, end: int, notes: Mapping[str, tuple[Span, str]]) -> list[Reference]:
    """Where text[start:end] names notices, in its order; a note that leads to no words names none."""
    found = [
        replace(reference, span=Span(reference.span.start + start, reference.span.end + start))
        for reference in _find_all(text[start:end], notes)
    ]
    return sorted(found, key=lambda reference: reference.span)


def _find_all(text: str, notes: Mapping[str, tuple[Span, str]]) -> Iterator[Reference]:
    for number in find_numbers(text):
        # The letters of a policy's code are one only behind that word.
        start = number.start - len(_POLICY) if text[: number.start].endswith(_POLICY) else number.start
        yield Reference(ReferenceKind.number, text[start : number.end], Span(start, number.end))
    quoted = (match for match in _QUOTED_TITLE.finditer(text) if _is_title(match["title"]))
    for match in (*_TITLE.finditer(text), *quoted):
        yield Reference(ReferenceKind.titled, match.group(), Span(*match.span()))
    for match in (*_ISSUED.finditer(text), *_NARRATED.finditer(text)):
        body = match["body"].strip()
        yield Reference(ReferenceKind.issued, match.group(), Span(*match.span()), body, match["year"])
    for match in _NOTE.finditer(text):
        if match["label"] in notes:
            yield Reference(ReferenceKind.note, notes[match["label"]][1], Span(*match.span()))
    for match in _LINK.finditer(text):
        bounds = (int(match["start"]), int(match["end"])) if match["start"] else (0, 0)
        at = Span(*bounds) if bounds[0] < bounds[1] else None
        yield Reference(ReferenceKind.link, match.group(), Span(*match.span()), notice_id=match["id"], at=at)
    for match in _PHRASE.finditer(text):
        yield Reference(ReferenceKind.phrase, match.group().strip(), Span(*match.span()))
    for match in _LEAD.finditer(text):
        yield Reference(ReferenceKind.lead, match.group().strip(), Span(*match.span()))


def _is_title(words: str) -> bool:
    """Whether words in quotation marks name a document: one of its kinds is among them, and capitals are a title's."""
    long = [word for word in re.findall(r"[^\W\d_]+", words) if len(word) > _SMALL_WORD]
    capitals = sum(1 for word in long if word[:1].isupper())
    return re.search(rf"\b{_DOCUMENTS}", words) is not None and capitals >= _CAPITALS * len(long)
