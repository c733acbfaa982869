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
from ingest.sentences import split_sentences

# What stands before a date and says what it is; the first that fits counts.
_BEFORE = tuple(
    (role, re.compile(rf"(?i)(?:{pattern})\W*$"))
    for role, pattern in (
        ("reading", r"\b(?:second|third|final) reading(?: date)?|date[- ]second[- ]reading"),
        (
            "other",
            r"\b(?:first reading|printed|scanned|accessed|created|deadline|due|before|by|between|and|to)|截止|截至",
        ),
        (
            "repealed",
            r"\b(?:until|till|expir(?:es|y|ed)(?: date)?|ceases? to (?:have effect|be in force|apply)"
            r"|valid (?:to|through)"
            r"|withdrawn|repealed|revoked|rescinded)(?: with effect)?(?: on| from| as of)?"
            r"|废止日期|失效日期|有效期(?:限)?(?:[^。；;]{0,30}至|截至|截止)",
        ),
        (
            "in_force",
            r"\b(?:(?:in|into) (?:force|effect|operation)|takes? effect|taking effect|with effect|effective(?: date)?"
            r"|commence(?:s|ment|ment date)?|appl(?:y|ies|icable))(?: date)?(?: on| from| as of| as from)?"
            r"|施行日期|实施日期|生效日期|执行日期|施行时间|实施时间",
        ),
        (
            "updated",
            r"\b(?:updated|(?:last|date) (?:reviewed|modified|updated|changed)|reviewed)(?: on| at)?|更新日期"
            r"|更新时间|修改日期",
        ),
        (
            "adopted",
            r"\b(?:adopted|approved|enacted|royal assent|passed|revised|amended|readopted|revision(?: date)?"
            r"|amendment date|date of (?:adoption|approval|revision)|(?:adoption|approval) date)"
            r"(?: by [^.;:\d]{1,60})?(?: on)?",
        ),
        (
            "issued",
            r"\b(?:date of (?:issue|publication)|(?:issue|publication|release) date|issued|first published|published"
            r"|released|publication|promulgated|dated|report (?:of|by)"
            r"|for (?:immediate )?release)(?: (?:by )?[^.;:\d]{1,80})?(?: on| in| at)?|^date(?: issued| published)?"
            r"|成文日期|发文日期|发文时间|签发日期|签发时间|制发日期|印发日期|印发时间",
        ),
        ("posted", r"发布日期|发布时间|公开日期|公布日期|颁布日期|生成日期|发稿时间|^日\s*期|^时\s*间"),
        ("meeting", r"会议时间|召开时间|会议日期|\bdate of (?:the )?meeting|\bmeeting date"),
    )
)
_AFTER = tuple(
    (role, re.compile(pattern))
    for role, pattern in (
        ("in_force", r"\s*(?:起|之日起)?\s*(?:正式)?(?:施行|实施|执行|生效|试行)"),
        ("repealed", r"\s*(?:起)?\s*(?:同时|自行|自动)?(?:废止|失效|停止执行)"),
        ("printed", r"\s*印发\s*$"),
    )
)
_LABEL_ONLY = re.compile(
    r"(?i)(?:first |last )?(?:published|updated|issued|date|date of issue|publication date|issue date"
    r"|effective date|dated)\s*:?"
    r"|(?:成文|发文|发布|印发|签发|公开|生成|施行|实施|生效)(?:日期|时间)\s*[:：]?"
)
# A sentence about another notice, which opens with its name.
_OF_ANOTHER = re.compile(
    r"(?i)\s*(?:the|a|an|its|their|our|in|on|under|following|as|since|after|according|see|source|taken|adapted|based|from"
    r"|quoted|reproduced|extract|cf)\b"
)
_OF_ITSELF = re.compile(
    r"(?i)\bthis\b|\bthese\b|\bthe present\b|^\W*(?:it|and|in force|effective|with effect|valid|withdrawn|repealed)\b"
    r"|本(?!市|省|县|区|校|级|地|人|年|月)|该(?:办法|规定|条例|通知)|^\W*自|现(?:予)?(?:公布|发布)|有效期|日期|时间"
)
_MEETING = re.compile(r"(?i)\b(?:meetings?|conference|session|forum|seminar|symposium|hearing|assembly)\b|会")
_HELD = re.compile(r"(?i)\b(?:held|convened|took place|takes place|met|minutes of|meeting of)\b[^.;]*$")
_HELD_AFTER = re.compile(r"[^。；]{0,80}(?:召开|举行|举办)")
_HISTORY = re.compile(r"[^。；]{0,80}?(?:通过|修订|修正|公布|发布|颁布|批准)")
_OPENS_HISTORY = re.compile(r"\s*[（(]?\s*(?:根据)?\s*")
_COPYRIGHT = re.compile(r"(?:©|\(c\)|[Cc]opyright)[^\n\d]{0,60}((?:19|20)\d{2})(?![\d–-])")
_EFFECT = re.compile(
    r"施行|实施|生效|废止|有效期|失效|(?i:\bin(?:to)? force|\b(?:take|with|into|have) ?s? effect|\beffective|\buntil\b)"
)
_LONE = re.compile(r"(?m)^[^\S\n]*[（(]?[12二一][^\n]{6,24}日[)）]?[^\S\n]*$")
_BESIDE_LONE = re.compile(r"(?i)deadline|due|by|before|until|from|accessed|截止|起|至|^\s*(?:[-*•]|\d{1,2}[.)])\s")
_MOST_LONE = 2
_LONGEST_HISTORY, _LONGEST_LABELLED, _LONGEST_LEAD = 700, 160, 70


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
    history = _read_history(line)
    claims.adopted += history
    if history:
        return
    for span in split_sentences(line, Span(0, len(line))):
        sentence = span.of(line)
        dates = find_dates(sentence, monthly=True)
        roles = [_name_role(sentence, dates, place) for place in range(len(dates))]
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


def tells_history(line: str) -> bool:
    """Whether a line of the head tells when, and by whom, a law was passed, amended or promulgated."""
    return bool(_read_history(line))


def _read_history(line: str) -> list[str]:
    dates = find_dates(line) if len(line) <= _LONGEST_HISTORY else []
    if not dates or not _OPENS_HISTORY.fullmatch(line[: dates[0].start]):
        return []
    ends = [*(found.start for found in dates[1:]), len(line)]
    return [found.iso for found, end in zip(dates, ends, strict=True) if _HISTORY.match(line[found.end : end])]


def _name_role(sentence: str, dates: Sequence[Dated], place: int) -> str:
    """The role of a date in its sentence: by what stands right before or behind it; '' where nothing tells."""
    found = dates[place]
    before = sentence[dates[place - 1].end if place else 0 : found.start]
    after = sentence[found.end : dates[place + 1].start if place + 1 < len(dates) else None]
    role = next((name for name, pattern in _AFTER if pattern.match(after)), "")
    role = role or next((name for name, pattern in _BEFORE if pattern.search(before)), "")
    if role in {"issued", "adopted", "reading", "updated", "posted"} and not _is_said_of_itself(sentence, found, role):
        return "other"
    if not role and _MEETING.search(sentence) and (_HELD.search(before) or _HELD_AFTER.match(after)):
        return "other" if _OF_OTHER_MEETING.search(sentence) else "meeting"
    if not role and place and _AND.fullmatch(before) and _name_role(sentence, dates, place - 1) == "adopted":
        return "adopted"
    return role


_AND = re.compile(r"(?i)\s*(?:[;,，、；]|and|&)*\s*(?:and)?\s*")
_OF_OTHER_MEETING = re.compile(r"精神|(?i:\b(?:next|previous|last|future) meeting)|通过")


def _is_said_of_itself(sentence: str, found: Dated, role: str) -> bool:
    """Whether a sentence gives a date of its own notice, as a label does, and does not tell of another notice."""
    if _OF_ITSELF.match(sentence) or sentence[: found.start].rstrip().endswith((":", "：")):
        return True
    if len(sentence) > _LONGEST_LABELLED or _OF_ANOTHER.match(sentence):
        return False
    goes_on = re.match(r"[^\S\n]*[a-z]{3,}", sentence[found.end :])
    clause = re.split(r"[:：|·;\t]", sentence[: found.start].rstrip(" :：\t"))[-1]
    return (
        not goes_on
        and len(clause) <= _LONGEST_LEAD
        and not re.search(r"(?i)\b(?:was|were|is|been|which|that|had)\b", sentence[: found.start])
    )


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
            if not dates or not (_OF_ITSELF.search(sentence) or "in force" in sentence):
                continue
            for place, found in enumerate(dates):
                role = _name_role(sentence, dates, place)
                if role in {"in_force", "repealed"} and _has_own_subject(sentence, dates, place):
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


def _has_own_subject(sentence: str, dates: Sequence[Dated], place: int) -> bool:
    """Whether no other notice is named, in 《 》 or quotation marks, between what is said of this one and the date."""
    before = sentence[dates[place - 1].end if place else 0 : dates[place].start]
    after = sentence[dates[place].end : dates[place].end + 60]
    if re.search("现(?:予)?(?:公布|发布)", before):
        return True
    return not re.search(r"[》”]", before[-80:]) and not re.match(r"[^。；]{0,40}《", after)
