"""What the name of a body looks like: a ministry, a committee, a university, in English and in Chinese."""

from __future__ import annotations

import re
from collections.abc import Sequence

from store.words import CJK, has_chinese

_CHINESE_ENDS = (
    "政府|办公厅|办公室|委员会|常委会|人民代表大会|国务院|中共中央|党组|党委|[省市县区州旗工纪团教]委|发改委|发展改革委|卫健委"
    "|卫生健康委|国资委|民委|[^全内各外]部|厅|局|总署|审计署|公署|研究院|法院|检察院|考试院|科学院|工程院|学院|大学|学校|教研室|督导室"
    "|研究室|管理处|办事处|中心|领导小组|指挥部|总工会|联合会|协会|学会|理事会|基金会|总队|支队|兵团|集团"
)
_CHINESE = re.compile(rf"(?:[{CJK}·（）()、，;；\s]{{0,58}}[{CJK}])?(?:{_CHINESE_ENDS})(?:[（(][{CJK}]{{2,20}}[）)])?")
_NOT_CHINESE = re.compile(
    "关于|通知|意见|办法|规定|条例|方案|报告|工作要点|会议|召开|印发|转发|^[各本全我该由经请]|^市直|有关"
)
_CHINESE_LEAD = re.compile(
    rf"(?P<bodies>[{CJK}（）、\s]{{1,60}}?(?:{_CHINESE_ENDS}))(?:等[一二三四五六七八九十\d]+(?:个)?(?:部门|部委|单位))?\s*(?:关于|转发|印发|公布|发布|批转)"
)
# The last of these words stands for the kind of body.
_ENGLISH_KIND = (
    "Department|Departments|Ministry|Bureau|Office|Authority|Agency|Commission|Commissioner|Council|Committee|Board"
    "|University|Congress|Parliament|Legislature|Assembly|Senate|Directorate|Inspectorate|Secretariat|Government"
    "|Administration|Institute|Organisation|Organization|District|Division|Treasury|Association|Academy"
)
_WORD = r"(?:[A-Z][\w.’'&-]*|UK|of|and|for|the|in|on|de|&|at)"
_ENGLISH = re.compile(
    rf"(?:[Tt]he )?[A-Z][\w.’'&-]*,?(?: {_WORD},?){{0,14}}(?<! of)(?<! for)(?<! and)(?<! the)(?<! in)(?<! on)"
)
_KIND = re.compile(rf"\b(?:{_ENGLISH_KIND})\b")
# A heading that has the name of a body in it.
_NOT_ENGLISH = re.compile(
    r"(?i)\b(?:notice|report|meeting|minutes|guidance|guide|policy|policies|rules?|code|duties|powers|statement|terms"
    r"|review|evaluation|plan|strategy|act|bill|regulations?|requirements?|responsibilities|relationship|relations"
    r"|members?|membership|elections?|officers?|procedures?|role|roles|introduction|welcome|about|how|consultation"
    r"|agenda|letter|order|decree|circular|announcement|bulletin|record|functions|appointment|conference|programme"
    r"|program|budget|goals|to|from|by|with|your|our|another|between|against|through|organization of"
    r"|organisation of|administration of|development|opportunities|conduct)\b"
)
_PLURAL = re.compile(r"(?i)\w{4,}s (?:of|in|for)\b")
_QUALIFIER = re.compile(r"\s*[(（][^()（）]{2,60}[)）]$")
_LONGEST = 100


def is_body(name: str) -> bool:
    """Whether a line is the name of a body, or of several, and nothing else."""
    name = name.strip().rstrip(".。")
    if not 2 <= len(name) <= _LONGEST:
        return False
    if has_chinese(name):
        return bool(_CHINESE.fullmatch(name)) and not _NOT_CHINESE.search(name)
    name = _QUALIFIER.sub("", name)
    name = name.title() if name.isupper() and " " in name else name
    kinds = list(_KIND.finditer(name))
    # School Board Bylaws and Powers of the Board have a kind of body in them, and are none.
    closes = kinds and re.match(r"(?i)$|,|\s(?:of|for|and|in|on)\b", name[kinds[-1].end() :])
    return bool(closes and _ENGLISH.fullmatch(name) and not _PLURAL.match(name) and not _NOT_ENGLISH.search(name))


def lead_body(title: str) -> str:
    """The body with which a Chinese title opens, as 教育部 in 教育部关于…的通知; '' where none does."""
    named = _CHINESE_LEAD.match(title)
    name = named["bodies"].strip(" 、") if named else ""
    return join_bodies(split_bodies(name)) or name if name and not _NOT_CHINESE.search(name) else ""


def split_bodies(names: str) -> list[str]:
    """The bodies that a line names: one, or several beside each other; none where it is something else."""
    names = names.strip().rstrip(".。").strip(" ,，;；·|")
    if has_chinese(names):
        parts = [part for part in re.split(r"[\s、，;；]+", names) if part]
        return parts if parts and all(is_body(part) for part in parts) else []
    words = names.split()
    # A line break that was lost leaves two names that begin alike.
    again = next((place for place in range(2, len(words)) if words[place] == words[0]), 0)
    for parts in (re.split(r"\s*;\s*|\s+and\s+", names), [" ".join(words[:again]), " ".join(words[again:])]):
        if len(parts) > 1 and all(is_body(part) and len(part) > 8 for part in parts):
            return parts
    return [names] if is_body(names) else []


def join_bodies(names: Sequence[str]) -> str:
    """Several bodies in one value, each once."""
    names = list(dict.fromkeys(names))
    return ("、" if names and has_chinese(names[0]) else "; ").join(names)
