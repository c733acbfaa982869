"""What a year that a question names is to the notices asked for: their own, one they speak of, or just asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from retriever.mentions import Kind, Mention
from store.words import content_terms


class Role(StrEnum):
    """`issue`: the year of the notice itself; `effect`: from then on it applies; `spoken`: a target, a deadline."""

    asked = "asked"
    issue = "issue"
    effect = "effect"
    spoken = "spoken"


# How far the words around a year are read, in characters: a bound to what a hostile question costs.
_BEFORE, _AFTER, _AROUND = 48, 80, 200
_DOCUMENT = (
    r"(?:polic(?:y|ies)|notices?|guidance|guidelines?|versions?|pages?|editions?|circulars?|regulations?|rules|laws?|acts?"
    r"|bills?|bulletins?|reports?|documents?|plans?|opinions?|measures|handbooks?|manuals?|letters?|announcements?"
    r"|decisions?|directives?|memos?|memorandum|frameworks?|standards|statutes?|ordinances?|updates?|publications?"
    r"|codes?|strategy|white\spaper|press\srelease|minutes|provisions)"
)
_ISSUED = (
    r"(?:issued|published|released|promulgated|adopted|enacted|circulated|revised|amended|updated|dated|written|signed)"
)
_ISSUED_ZH = r"(?:印发|发布|出台|下发|颁布|颁发|公布|制定|修订|修正|通过|转发)"
_DOCUMENT_ZH = (
    r"(?:意见|通知|办法|规定|条例|细则|规程|方案|公报|公告|通告|决定|批复|文件|规划|纲要|指南|指引|规范|报告|要点|通报|简报"
    r"|政策|法律|版本|[新旧]?版|函(?![授数]))"
)
# A title runs on after the year, and none of these characters is in it: 2021年学校应执行哪些规定 names no notice.
_IN_TITLE = r"(?:(?![哪什么多少几吗呢须需把被如怎向给了应根执])[\u4e00-\u9fff“”]){0,30}?"
_ISSUER_ZH = r"[\u4e00-\u9fff、]{1,20}?[厅局部委会院室府]"

_ISSUE_AFTER = re.compile(
    rf"(?i)['’]?s?((?:\s[\w'’&-]{{1,30}}){{0,4}}?)\s{_DOCUMENT}\b",
)
_ISSUE_AFTER_ZH = re.compile(
    rf"(?![以之前后起至]|及[以之]前)的?(?:[\u4e00-\u9fff]{{0,20}}?《[^》]{{1,60}}》|{_IN_TITLE}{_DOCUMENT_ZH}"
    r"(?=$|[，。？?、,；;的中里上对有是和与及以提要规明指说给）)”》\s]|什么|哪|关于|显示|印发|发布|施行)"
    rf"|{_ISSUER_ZH}(?:联合)?(?:{_ISSUED_ZH}|提出|规定|要求|明确|部署)|{_ISSUED_ZH}(?!之?[前后]|以[前后]))"
)
_ISSUE_BEFORE = re.compile(
    rf"(?i)\b{_DOCUMENT}\s(?:\([^)]{{0,40}}\)\s)?(?:(?:which\s|that\s)?(?:was\s|were\s)?{_ISSUED}\s(?:in|on)\s|of\s|from\s|dated\s)(?:the\syear\s)?$"
)
_ISSUED_BEFORE = re.compile(rf"(?i)\b{_ISSUED}\s(?:\w+\s){{0,3}}?(?:in|on|during)\s(?:the\syear\s)?$")
_ISSUED_THINGS = re.compile(rf"(?i)\b{_DOCUMENT}\b|\bwhat\s(?:was|were|has\sbeen)\s{_ISSUED}\b")
_ISSUED_OTHERS = re.compile(
    r"(?i)\b(?:certificates?|licen[cs]es?|loans?|visas?|diplomas?|cards?|permits?|results?|fines?)\b"
)
_ISSUE_BEFORE_ZH = re.compile(rf"(?:{_ISSUED_ZH}[于在]|(?:{_DOCUMENT_ZH}|法|》)[（(])$")
_GOVERNS = re.compile(
    r"(?i)\b(?:according\sto|under|as\sper|stated\s(?:on|in|by)|mentioned\s(?:on|in)|given\s(?:on|in)|set\sout\s(?:on|in|by))\s"
    r"(?:\S+\s){0,6}$|(?:根据|按照|依据|依照)[^，。；]{0,20}$"
)
_SAYS = re.compile(r"^[^，。；？]{0,40}(?:提出|指出|显示|规定|明确|要求|公布)[，,：:]")

_DATE_STARTS = re.compile(
    r"(?i)\b(?:from|since|as\sof|as\sfrom|after|on\sor\safter|on\sand\safter|effective|in\sforce|start\w*|beg[aiu]n\w*"
    r"|commenc\w*|opens?|opened)\s(?:(?:in|on|from|at)\s)?(?:the\s)?(?:(?:start|beginning|end)\sof\s|early\s|mid-?\s?|late\s)?$"
)
_YEAR_STARTS = re.compile(
    r"(?i)\b(?:(?:as\s(?:of|from)|from)\s|(?:start\w{0,3}|beg[aiu]n\w{0,5}|commenc\w{1,5}|take\w*\seffect)\s"
    r"(?:\w{1,12}\s)?in\s)(?:the\s|early\s|late\s)?$"
)
_STARTS_AFTER = re.compile(
    r"(?i)(?:\s[\w-]{1,20})?\s(?:courses?|entry|entrants?|intakes?|cohorts?|starts?|starters?|admissions?|graduates?|exams?|examinations?|enrolments?)\b"
)
_STARTS_AFTER_ZH = re.compile("起|之后|以后|后|开始|施行|实施|生效|入学|招生")
_IN_FORCE_ZH = re.compile("(?:开始)?(?:施行|实施|生效)")
_ENDS_BEFORE = re.compile(
    r"(?i)\b(?:by|until|till|before|prior\sto|no\slater\sthan|not\slater\sthan|up\sto|towards?|deadline\sof|due\s(?:on|in|by)"
    r"|targets?\s(?:for|of)|goals?\s(?:for|of))\s(?:the\s)?(?:(?:start|beginning|end|close)\sof\s)?(?:the\s)?(?:year\s)?$"
)
_ENDS_BEFORE_ZH = re.compile("(?:到了?|至|截至|截止到?|面向|迄|力争)$")
_ENDS_AFTER = re.compile(r"(?i)\s(?:targets?|goals?|objectives?)\b|(?:之|以)?前|止|截止|的?(?:目标|远景)")
_AIMS = re.compile(
    r"(?i)\b(?:must|have\sto|had\sto|should|shall|achieve\w*|reach\w*|complet\w+|targets?|goals?)\b|valid|in\sforce|remain\w*|extend\w*|expire\w*|有效|达到|实现|完成|目标|配齐|建成|应当|必须"
)
_SINCE = re.compile(
    r"(?i)(?:\bsince|\bpost-|\blater\sthan|\bafter)\s?(?:the\s)?(?:(?:year|start\sof|end\sof|beginning\sof)\s)?(?:the\s)?$"
)
_ONWARDS = re.compile(
    r"(?i)\s?(?:onwards?|or\slater|and\slater|(?:or|and)\safter(?!\s\d)|(?:up\s)?to\s(?:now|date|today|the\spresent|present)|until\snow)\b"
)
_FROM, _ON = re.compile(r"(?i)\bfrom\s$"), re.compile(r"(?i)\s(?:on|upwards?)\b")
_ONWARDS_ZH = re.compile("以来|至今|到现在|到目前|迄今|起至今|起|以后|之后|后(?!年)|开始(?!施行|实施)")
_UNTIL = re.compile(
    r"(?i)\b(?P<word>before|prior\sto|earlier\sthan|pre-|until|till|up\sto)\s?(?:the\s)?(?:(?:year|start\sof|end\sof)\s)?(?:the\s)?$"
)
_OR_EARLIER = re.compile(r"(?i)\s(?:or|and)\s(?:earlier|before(?!\s\d))\b|及?(?:以前|之前)")
_TOGETHER = re.compile(
    r"(?i)\s?(?:,|、|，)?\s?(?:and|or|&|with|to|versus|vs\.?|和|与|及|以及|同|跟|或)?\s?(?:(?:in|by|from|on|到|从)\s?)?(?:the\s)?(?:one\s(?:of|from)\s)?"
)


def name_roles(text: str, mentions: Sequence[Mention]) -> list[Role]:
    """The role of each mention, told by the words around it; years joined by "and" share theirs."""
    roles = [_name_role(text, mention) for mention in mentions]
    for places in (range(1, len(roles)), range(len(roles) - 2, -1, -1)):
        for place in places:
            other = place - 1 if places.step > 0 else place + 1
            first, second = sorted((mentions[place], mentions[other]), key=lambda mention: mention.start)
            joined = _TOGETHER.fullmatch(text[first.end : second.start])
            if roles[place] is Role.asked and joined and first.kind is not Kind.span and second.kind is not Kind.span:
                roles[place] = roles[other]
    issued = [mention for mention, role in zip(mentions, roles, strict=True) if role is Role.issue]
    if len(issued) == 1 and (
        _GOVERNS.search(text[max(0, issued[0].start - 60) : issued[0].start])
        or _SAYS.search(text[issued[0].end :][:80])
    ):
        roles = [Role.spoken if role is Role.asked else role for role in roles]
    return roles


def _name_role(text: str, mention: Mention) -> Role:
    before = text[max(0, mention.start - _BEFORE) : mention.start]
    after = text[mention.end : mention.end + _AFTER]
    if mention.kind in {Kind.span, Kind.compared}:
        return Role.asked
    around = text[max(0, mention.start - _AROUND) : mention.end + _AROUND]
    if mention.kind is not Kind.school_year and _names_notice(before, after, around):
        return Role.issue
    dated = mention.kind is Kind.date
    if _ENDS_BEFORE.search(before) or _ENDS_BEFORE_ZH.search(before) or _ENDS_AFTER.match(after):
        return Role.spoken
    starts = _DATE_STARTS.search(before) if dated else _YEAR_STARTS.search(before)
    if starts or _STARTS_AFTER.match(after) or (_STARTS_AFTER_ZH if dated else _IN_FORCE_ZH).match(after):
        return Role.effect
    return Role.asked


def _names_notice(before: str, after: str, around: str) -> bool:
    """Whether the words around a year make it that of a notice: the 2019 policy, 2020年印发的办法."""
    named = _ISSUE_AFTER.match(after)
    # "In 2021 schools must follow …" has a verb between; "the 2019 Baitao enrolment policy" has none.
    if named and all(content_terms(word) for word in named.group(1).split()):
        return True
    if _ISSUE_AFTER_ZH.match(after) or _ISSUE_BEFORE.search(before) or _ISSUE_BEFORE_ZH.search(before):
        return True
    return bool(_ISSUED_BEFORE.search(before) and _ISSUED_THINGS.search(around) and not _ISSUED_OTHERS.search(before))


def read_bound(text: str, mention: Mention) -> tuple[str, int, int]:
    """("since", "after", "before", "until" or "", start, end): whether an open run of years begins or ends there.

    The offsets are those of the mention with the words that open it.
    """
    if mention.kind not in {Kind.year, Kind.date, Kind.school_year}:
        return "", mention.start, mention.end
    before, after = text[max(0, mention.start - _BEFORE) : mention.start], text[mention.end : mention.end + _AFTER]
    start, end = mention.start, mention.end
    dated = mention.kind is Kind.date
    since, until = _SINCE.search(before), _UNTIL.search(before)
    onwards = _ONWARDS.match(after) or _ONWARDS_ZH.match(after) or (_FROM.search(before) and _ON.match(after))
    earlier = _OR_EARLIER.match(after)
    if since and not (dated and not since.group().lower().startswith("since")):
        word = "after" if since.group().lower().startswith(("after", "later")) else "since"
        return word, start - len(since.group()), end
    if onwards and (not dated or onwards.group() in {"以来", "至今", "到现在", "到目前", "迄今", "起至今"}):
        return "since", start, end + len(onwards.group())
    if dated or _AIMS.search(text[max(0, start - _AROUND) : end + _AROUND]):
        return "", start, end
    if until:
        word = "until" if until["word"].lower() in {"until", "till", "up to"} else "before"
        return word, start - len(until.group()), end
    if earlier:
        return (
            ("until" if re.search("or|and|及", earlier.group()) else "before"),
            start,
            end + len(earlier.group()),
        )
    return "", start, end
