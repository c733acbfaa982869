"""What kind of notice a card describes: styles and records treat a law unlike a web page."""

from __future__ import annotations

import re
from enum import StrEnum

from core.types import NoticeCard


class NoticeKind(StrEnum):
    """What a notice is to those who cite it."""

    notice = "notice"
    meeting_report = "meeting_report"
    law = "law"
    guidance = "guidance"


# 方法, 做法, 书法, … end in 法 and are no laws.
_CHINESE_LAW = re.compile(
    r"(?:(?<![方做想看说用写语书手教])法|条例|规定|办法|细则|规程|规则|法典|宪法)(?:[（(〔\[][^）)〕\]]{1,20}[）)〕\]]|\d{4}|》)*$"
)
_DECREE = re.compile(r"令\s*(?:第|〔|\[|\d)")
_CHINESE_MEETING = re.compile(r"会议|纪要|座谈会|会议记录")
# A letter that calls a meeting, hands on a law or explains one is a notice.
_CHINESE_LETTER = re.compile(
    r"(?:通知|通告|公告|函|意见|批复|决定|通报|请示|报告|方案|规划|解读|说明|答记者问)(?:[（(].*)?》?$"
)
_ENGLISH_LAW = re.compile(
    r"(?:\b(?:act|law|regulations?|ordinance|statute|decree|constitution|(?<!dress )(?<!conduct )code)\b"
    r"|\b(?:order|rules)(?=\s+\d{4}\b))"
    r"(?:,?\s+(?:of\s+)?\d{4}|\s*[(\[][^)\]]*[)\]]|,?\s+(?:chapter|cap\.?|c\.|no\.)\s*\d+\w*)*$"
)
_INSTRUMENT = re.compile(r"\bstatutory instruments?\b|\bs\.?i\.? (?:no\. )?\d{4}\b|\bpublic law\b")
# Who speaks about a law, or makes one, does not quote its title alone.
_ABOUT = re.compile(
    r"\b(?:report|review|notice|circular|letter|memo(?:randum)?|guid(?:e|ance|elines?)|advice|briefing|summary|overview"
    r"|implement\w+|development|consultation|explain\w+|how to|understanding|notes?|changes|introduction|policy)\b"
    r"|\b(?:on|about|under|with|of|to) (?:the )?(?:law|act|code|regulations?)$"
    r"|\band the [\w ]*(?:law|act|code|regulations?)$"
)
_CALLS = re.compile(r"\b(?:notice|invitation|agenda|circular|call) (?:of|to|for)\b|\bagenda\b")
# Meeting the needs of pupils, or a law on open meetings, is none.
_ENGLISH_MEETING = re.compile(
    r"(?<!open )\bmeeting\b"
    r"(?! (?:the|our|your|their|needs|standards|requirements|with|law|act|rules|rooms?|procedures?)\b)"
    r"|\b(?:conference|proceedings)\b|^minutes\b|\bminutes$|(?<!\d )\bminutes of\b"
)
_GUIDANCE = re.compile(
    r"\b(?:guid(?:es?|ance|elines?)|advice|how to|handbook|toolkit|tips|faqs?|help|support(?:ing)?|if you|you(?:r|'re)?"
    r"|step by step|information for|eligib\w+|explained)\b"
    r"|^(?:when|what|who|why|where|ways|get|find|apply|become|about)\b"
    r"|指南|指引|须知|问答|手册|怎么|如何"
)
_GUIDANCE_ADDRESS = re.compile(r"[/.\-](?:guides?|guidance|advice|how-to|help|support|faqs?)\b")


def tell_kind(card: NoticeCard) -> NoticeKind:
    """The kind of the notice, by the words of its title, its number, and whether it is a page on the web.

    Rules are tried in order: law, report of a meeting, guidance; a notice is what is left.
    """
    title = " ".join(card.title.split()).strip("《 .。").lower().replace("’", "'")
    # A body's own policy on a law or on its meetings is neither.
    policy = card.number.lower().startswith("policy")
    if not policy and _is_law(title, card.number):
        return NoticeKind.law
    if not policy and _is_meeting(title, card.meeting_on):
        return NoticeKind.meeting_report
    if card.url and not card.number and (_GUIDANCE.search(title) or _GUIDANCE_ADDRESS.search(card.url.lower())):
        return NoticeKind.guidance
    return NoticeKind.notice


def _is_law(title: str, number: str) -> bool:
    if _CHINESE_LETTER.search(title):
        return False
    if _CHINESE_LAW.search(title) or _DECREE.search(number):
        return True
    if _INSTRUMENT.search(title) or _INSTRUMENT.search(number.lower()):
        return True
    return bool(_ENGLISH_LAW.search(title)) and not _ABOUT.search(title)


def _is_meeting(title: str, meeting_on: str) -> bool:
    if re.search(r"(?:通知|公告|函)(?:[（(].*)?》?$", title) or _CALLS.search(title):
        return False
    return bool(meeting_on or _CHINESE_MEETING.search(title) or _ENGLISH_MEETING.search(title))
