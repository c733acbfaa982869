"""What the dates are that a notice gives of itself: of issue, of a meeting, in force, repealed; not those of others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from core.types import Span
from ingest.bodies import is_body
from ingest.dates import Dated, find_dates, stands_alone
from ingest.edges import Edges
from ingest.masthead import read_masthead
from ingest.roles import OF_ITSELF, has_own_subject, name_roles, read_history
from ingest.sentences import split_sentences

_LABEL_ONLY = re.compile(
    r"(?i)(?:first |last )?(?:published|updated|issued|date|date of issue|publication date|issue date"
    r"|effective date|dated)\s*:?"
    r"|(?:成文|发文|发布|印发|签发|公开|生成|施行|实施|生效)(?:日期|时间)\s*[:：]?"
)
_COPYRIGHT = re.compile(r"(?:©|\(c\)|[Cc]opyright)[^\n\d]{0,60}((?:19|20)\d{2})(?![\d–-])")
_EFFECT = re.compile(
    r"施行|实施|生效|废止|有效期|失效|(?i:\bin(?:to)? force|\b(?:take|with|into|have) ?s? effect|\beffective|\buntil\b)"
)
_LONE = re.compile(r"(?m)^[^\S\n]*[（(]?[12二一][^\n]{6,24}日[)）]?[^\S\n]*$")
_BESIDE_LONE = re.compile(r"(?i)deadline|due|by|before|until|from|accessed|截止|起|至|^\s*(?:[-*•]|\d{1,2}[.)])\s")
_MOST_LONE = 2


@dataclass(slots=True)
class Claims:
    """The dates, ISO 8601, that a text gives in each role, in its order; `history` is of a law's or policy's making."""

    issued: list[str] = field(default_factory=list)
    adopted: list[str] = field(default_factory=list)
    reading: list[str] = field(default_factory=list)
    signed: list[str] = field(default_factory=list)
    closing: list[str] = field(default_factory=list)
    posted: list[str] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    copyright: list[str] = field(default_factory=list)
    meeting: list[str] = field(default_factory=list)
    in_force: list[str] = field(default_factory=list)
    repealed: list[str] = field(default_factory=list)

    @property
    def of_issue(self) -> list[str]:
        """The dates of issue, best first: what the text calls so, its making, its closing date, then hints."""
        history = [max(self.adopted or self.reading)] if self.adopted or self.reading else []
        # Dates that stand alone in numbers are those of a calendar.
        closing = self.closing[:1] if len(set(self.closing)) <= _MOST_LONE else []
        firm = [*self.issued[:1], *history, *self.signed, *closing]
        best = [*firm, *self.posted[:1], *self.printed[:1], *self.copyright[:1], *self.updated[:1]]
        # A month is less than a day of it.
        whole = [date for date in best if best[0] in date] if best else []
        return [max(whole, key=len), *best] if best else []

    @property
    def is_firm(self) -> bool:
        """Whether the best date of issue is one that the text itself was given, and not one of the page it is on."""
        return bool(self.is_stated or self.closing)

    @property
    def is_stated(self) -> bool:
        """Whether the best date of issue is called so, and does not merely stand alone."""
        return bool(self.issued or self.adopted or self.reading or self.signed)


def find_claims(text: str, edges: Edges) -> Claims:
    """What the dates of a notice are; those in its body count only where it says from when it is in force."""
    claims = Claims()
    for line in _join_labels(edges.head):
        _take(line, claims)
    if edges.tail != edges.head:
        later = Claims()
        for line in _join_labels(edges.tail):
            _take(line, later)
        for role in ("issued", "adopted", "closing", "posted", "printed", "updated"):
            # What is said at the head is of the notice; at the end there may be a list of others.
            if role in {"closing", "printed"} or not claims.of_issue:
                getattr(claims, role).extend(getattr(later, role))
    claims.signed += _find_signed(text)
    _find_effect(text, claims)
    claims.copyright += _COPYRIGHT.findall(text[:8000])[:1] or _COPYRIGHT.findall(text[-4000:])[-1:]
    return claims


def _join_labels(lines: Sequence[str]) -> Iterator[str]:
    """The lines, a label alone with the line below it, as a page's list of facts is laid out."""
    label = ""
    for line in lines:
        if not label and _LABEL_ONLY.fullmatch(line.strip()):
            label = line.strip()
            continue
        yield f"{label} {line}" if label else line
        label = ""


def _take(line: str, claims: Claims) -> None:
    """Note what the dates of one of the first or last paragraphs are."""
    history = read_history(line)
    claims.adopted += history
    if history:
        return
    for span in split_sentences(line, Span(0, len(line))):
        sentence = span.of(line)
        dates = find_dates(sentence, monthly=True)
        roles = name_roles(sentence, dates)
        for found, role in zip(dates, roles, strict=True):
            if role not in {"", "other", "in_force", "repealed"}:
                getattr(claims, role).append(found.iso)
        if len(dates) == 1 and not roles[0] and _closes(sentence, dates):
            claims.closing.append(dates[0].iso)


def _closes(sentence: str, dates: Sequence[Dated]) -> bool:
    """Whether a date stands alone, or beside a body and a number only."""
    if stands_alone(sentence):
        return not _BESIDE_LONE.search(_rest(sentence, dates))
    masthead = read_masthead(sentence)
    return masthead is not None and masthead.date == dates[0].iso


def _rest(sentence: str, dates: Sequence[Dated]) -> str:
    return sentence[: dates[0].start] + " " + sentence[dates[0].end :]


def _find_signed(text: str) -> list[str]:
    """The date that stands alone below the name of a body, as a Chinese notice ends before what is attached to it."""
    signed: list[str] = []
    for match in _LONE.finditer(text):
        dates = find_dates(match.group())
        above = text[max(0, match.start() - 120) : match.start()].rstrip().rpartition("\n")[2]
        if len(dates) == 1 and stands_alone(match.group()) and is_body(above):
            signed.append(dates[0].iso)
    return signed[:1]


def _find_effect(text: str, claims: Claims) -> None:
    """Note from when and until when the notice says that it is in force itself."""
    for line in _lines_of_effect(text):
        for span in split_sentences(line, Span(0, len(line))):
            sentence = span.of(line)
            dates = find_dates(sentence)
            if not dates or not (OF_ITSELF.search(sentence) or "in force" in sentence):
                continue
            for place, (found, role) in enumerate(zip(dates, name_roles(sentence, dates), strict=True)):
                if role in {"in_force", "repealed"} and has_own_subject(sentence, dates, place):
                    getattr(claims, role).append(found.iso)
    # Nothing ends before it begins: that is another notice, whose end this one brings.
    start = claims.in_force[0] if claims.in_force else ""
    claims.repealed[:] = [end for end in claims.repealed if end > start]


def _lines_of_effect(text: str) -> Iterator[str]:
    end = 0
    for match in _EFFECT.finditer(text):
        if match.start() >= end:
            start = text.rfind("\n", 0, match.start()) + 1
            end = text.find("\n", match.end())
            end = len(text) if end < 0 else end
            if end - start <= 2000:
                yield text[start:end]
