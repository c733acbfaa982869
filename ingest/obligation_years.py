"""The year that a sentence's duty is about, and the day by which it is to be done, as the sentence says them."""

from __future__ import annotations

import re

from ingest.dates import find_dates
from ingest.duties import mask_quoted

_YEAR = r"(?P<year>(?:19|20)\d{2})"
# A year that belongs to a name or to what was: 2015年印发的, "the Act 2002", "since 2019", "issued in 2018".
_NAMED = re.compile(
    r"(?i)(?:\b(?:act|regulations?|notice\s+of|law|bill|order|code|policy|no\.?\s*\d*|notice|circular|section|chapter|report|results"
    r"|since|(?:issued|published|adopted|approved|enacted|amended|revised|introduced|made|held|founded|built|written)"
    r"\s+(?:in|on)(?:\s+\d{0,2}\s*[A-Z][a-z]+)?),?\s*[\[(]?|[〔\[])$"
)
_PAST = re.compile(
    r"年?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:以来|印发|发布|制定|出台|颁布|公布|修订|修正|通过|下发|版|召开|起至今)|\s*(?:edition|version)"
)
_PLAN_YEARS = {"十一五": 2006, "十二五": 2011, "十三五": 2016, "十四五": 2021, "十五五": 2026}
_PLAN = re.compile("|".join(_PLAN_YEARS))
_BEHIND = re.compile(r"\s*(?:之前|以前|前|底前|底之前|末前|底|止|内)|年(?:底前|底之前|年底前|底|末|前|之前|以前|内)")
_BEFORE = re.compile(
    r"(?i)(?:\bby(?:\s+the\s+(?:end|start|beginning)\s+of)?|\bbefore(?:\s+the\s+(?:end|start)\s+of)?|\bno\s+later\s+than"
    r"|\bnot\s+later\s+than|\bon\s+or\s+before|\bat\s+the\s+latest(?:\s+by)?|\buntil)"
    r"(?:\s+(?:midnight|noon|close)\s+(?:of|on))?(?:\s+(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|the))*"
    r"(?:\s+(?:school|academic|calendar|financial|fiscal)\s+year)?,?\s*(?:(?:19|20)\d{2}\s*(?:[—–/-]|to)\s*)?$"
)
_BEFORE_CHINESE = re.compile(r"(?:到|至迟|最迟|不迟于|截至|截止到?|截止时间[为:：]?|限于)$")
_EVERY_YEAR = re.compile(r"每年|(?i:\b(?:each|every)\s+year\b|\bannually\b)")
_ABOUT = re.compile(
    r"(?i)(?:\b(?:in|from|during|for|on|of|until|till|after|between|starting|beginning|effective|year|years|term|autumn|spring"
    r"|summer|winter|to|january|february|march|april|may|june|july|august|september|october|november|december|\d{1,2})"
    r"(?:\s+the)?(?:\s+(?:school|academic|calendar|financial|fiscal)\s+years?)?,?|[—–-])\s*$"
)


def find_due(words: str) -> str:
    """The day, month or year by which, as ISO 8601 complete or not; '' where the sentence sets none."""
    plain = mask_quoted(words)
    for date in find_dates(plain, monthly=True):
        if _limits(plain, date.start, date.end):
            return date.iso
    for match in re.finditer(rf"(?<![\d.,/]){_YEAR}(?!\d|年\d|-\d\d-|\s*(?:[—–/-]|to)\s*(?:19|20)?\d\d)", plain):
        if _limits(plain, match.start(), match.end()) and not _NAMED.search(plain[: match.start()]):
            return match.group("year")
    return ""


def find_year(words: str) -> int | None:
    """The year in which it is to be done or begins to hold, as the sentence names it; None where it names none.

    Of a school year and of a plan period it is the first; that of a day by which comes before others.
    """
    plain = mask_quoted(words)
    due = find_due(words)
    if due:
        return _first_of_school_year(plain, int(due[:4]))
    for match in re.finditer(rf"(?<![\d.,/]){_YEAR}(?!\d|\.\d)", plain):
        before, after = plain[: match.start()], plain[match.end() :]
        if _NAMED.search(before) or _PAST.match(after):
            continue
        if re.match(r"\s*[—–\-~～至到]?\s*(?:(?:19|20)\d{2}\s*)?(?:学?年)", after) or _ABOUT.search(before):
            return int(match.group("year"))
    plan = _PLAN.search(words)
    return (
        _PLAN_YEARS[plan.group()] if plan and re.match(r"[”\"]?(?:期间|时期|末|规划期)", words[plan.end() :]) else None
    )


def _limits(plain: str, start: int, end: int) -> bool:
    before, after = plain[:start], plain[end:]
    if _BEFORE.search(before):
        return True
    return bool(_BEFORE_CHINESE.search(before) or _BEHIND.match(after)) and not _PAST.match(after)


def _first_of_school_year(plain: str, year: int) -> int:
    spanned = re.search(rf"(?P<first>(?:19|20)\d{{2}})\s*(?:[—–\-/~～至]|to)\s*(?:{year}|{year % 100:02d})\b", plain)
    return int(spanned.group("first")) if spanned else year
