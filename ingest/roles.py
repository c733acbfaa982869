"""What a date is to the notice in which it stands, by the words beside it: of issue, of a meeting, in force, ..."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.dates import Dated, find_dates

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
# A sentence about another notice, which opens with its name.
_OF_ANOTHER = re.compile(
    r"(?i)\s*(?:the|a|an|its|their|our|in|on|under|following|as|since|after|according|see|source|taken|adapted|based|from"
    r"|quoted|reproduced|extract|cf)\b"
)
OF_ITSELF = re.compile(
    r"(?i)\bthis\b|\bthese\b|\bthe present\b|^\W*(?:it|and|in force|effective|with effect|valid|withdrawn|repealed)\b"
    r"|本(?!市|省|县|区|校|级|地|人|年|月)|该(?:办法|规定|条例|通知)|^\W*自|现(?:予)?(?:公布|发布)|有效期|日期|时间"
)
_MEETING = re.compile(r"(?i)\b(?:meetings?|conference|session|forum|seminar|symposium|hearing|assembly)\b|会")
_HELD = re.compile(r"(?i)\b(?:held|convened|took place|takes place|met|minutes of|meeting of)\b[^.;]*$")
_HELD_AFTER = re.compile(r"[^。；]{0,80}(?:召开|举行|举办)")
_HISTORY = re.compile(r"[^。；]{0,80}?(?:通过|修订|修正|公布|发布|颁布|批准)")
_OPENS_HISTORY = re.compile(r"\s*[（(]?\s*(?:根据)?\s*")
_AND = re.compile(r"(?i)\s*(?:[;,，、；]|and|&)*\s*(?:and)?\s*")
_OF_OTHER_MEETING = re.compile(r"精神|(?i:\b(?:next|previous|last|future) meeting)|通过")
_FINITE = re.compile(r"(?i)\b(?:was|were|is|been|which|that|had)\b")
# Roles that a sentence about another notice may name as well.
_LABELS = frozenset({"issued", "adopted", "reading", "updated", "posted"})
_LONGEST_HISTORY, _LONGEST_LABELLED, _LONGEST_LEAD = 700, 160, 70
# More in one sentence are a table.
_MOST_DATES = 40


def tells_history(line: str) -> bool:
    """Whether a line of the head tells when, and by whom, a law was passed, amended or promulgated."""
    return bool(read_history(line))


def read_history(line: str) -> list[str]:
    """The dates, ISO 8601, on which a law was made, where a line of its head tells just that."""
    dates = find_dates(line) if len(line) <= _LONGEST_HISTORY else []
    if not dates or not _OPENS_HISTORY.fullmatch(line[: dates[0].start]):
        return []
    ends = [*(found.start for found in dates[1:]), len(line)]
    return [found.iso for found, end in zip(dates, ends, strict=True) if _HISTORY.match(line[found.end : end])]


def name_roles(sentence: str, dates: Sequence[Dated]) -> list[str]:
    """The role of each date in its sentence: by what stands right before or behind it; '' where nothing tells."""
    if len(dates) > _MOST_DATES:
        return [""] * len(dates)
    roles: list[str] = []
    for place, found in enumerate(dates):
        before = sentence[dates[place - 1].end if place else 0 : found.start]
        after = sentence[found.end : dates[place + 1].start if place + 1 < len(dates) else None]
        role = _name_role(sentence, found, before, after)
        # Revised: June 3, 2016; May 8, 2019.
        roles.append("adopted" if not role and roles[-1:] == ["adopted"] and _AND.fullmatch(before) else role)
    return roles


def _name_role(sentence: str, found: Dated, before: str, after: str) -> str:
    role = next((name for name, pattern in _AFTER if pattern.match(after)), "")
    role = role or next((name for name, pattern in _BEFORE if pattern.search(before)), "")
    if role in _LABELS and not _is_said_of_itself(sentence, found):
        return "other"
    if not role and _MEETING.search(sentence) and (_HELD.search(before) or _HELD_AFTER.match(after)):
        return "other" if _OF_OTHER_MEETING.search(sentence) else "meeting"
    return role


def _is_said_of_itself(sentence: str, found: Dated) -> bool:
    """Whether a sentence gives a date of its own notice, as a label does, and does not tell of another notice."""
    before = sentence[: found.start].rstrip()
    if OF_ITSELF.match(sentence) or before.endswith((":", "：")):
        return True
    if len(sentence) > _LONGEST_LABELLED or _OF_ANOTHER.match(sentence):
        return False
    goes_on = re.match(r"[^\S\n]*[a-z]{3,}", sentence[found.end :])
    clause = re.split(r"[:：|·;\t]", before.rstrip(":："))[-1]
    return not goes_on and len(clause) <= _LONGEST_LEAD and not _FINITE.search(before)


def has_own_subject(sentence: str, dates: Sequence[Dated], place: int) -> bool:
    """Whether no other notice is named, in 《 》 or quotation marks, between what is said of this one and the date."""
    before = sentence[dates[place - 1].end if place else 0 : dates[place].start]
    after = sentence[dates[place].end : dates[place].end + 60]
    if re.search("现(?:予)?(?:公布|发布)", before):
        return True
    return not re.search(r"[》”]", before[-80:]) and not re.match(r"[^。；]{0,40}《", after)
