"""Whether words say of a notice named among them that it is repealed, replaced, amended or forwarded.

That a notice is named beside such a word is not enough: "No. 4 replaced No. 2", "repealed under No. 4".
"""

from __future__ import annotations

import re

from core.types import LinkKind

_ENDED = r"(?:repealed|replaced|superseded|revoked|rescinded|abolished|withdrawn|cancell?ed)"
# What a clause holds: the stop of "No. 4" ends none.
_IN_CLAUSE = r"(?:[^.;。；]|(?<=\bNo)\.|(?<=\bNos)\.)"
# What is said of the name before it: "No. 4 [2018] is repealed", 云教发〔2019〕20号自……起废止.
_IS_ENDED = re.compile(
    rf"(?i)^{_IN_CLAUSE}{{0,80}}?"
    rf"(?:\b(?:is|are|was|were|be|been|being|stands?)\s+(?!not\b|never\b)(?:\w+\s+){{0,2}}?{_ENDED}\b"
    r"|\bno\s+longer\s+(?:in\s+force|valid|appl(?:y|ies))\b|\bceases?\s+to\s+(?:have\s+effect|apply|be\s+in\s+force)\b)"
    r"|^[^。；]{0,60}?(?<!不予)(?<!拟)(?:废止|失效|停止执行|不再执行)"
)
# What is done to the name behind it: "replaces No. 4 [2018]", "repealed No. 4 [2018]", 废止云教发〔2019〕20号.
_NOT_PASSIVE = "".join(rf"(?<!\b{verb} )" for verb in ("is", "are", "was", "were", "be", "been"))
_ENDS = re.compile(
    r"(?i)\b(?:repeals?|replaces?|supersedes?|revokes?|rescinds?|abolishes?|cancels?|withdraws?"
    rf"|takes?\s+the\s+place\s+of|in\s+(?:place|lieu)\s+of):?\s(?!by\b){_IN_CLAUSE}{{0,80}}$"
    rf"|{_NOT_PASSIVE}\b{_ENDED}\s(?!by\b|under\b|from\b){_IN_CLAUSE}{{0,80}}$"
    r"|(?<!拟)(?<!不予)(?:废止|取代|代替)[^。；]{0,40}$"
)
_REPLACING = re.compile(r"(?i)replac|supersed|place\s+of|lieu\s+of|取代|代替")
# Between the name and what is said of it no other notice may be named, nor the one that does it, nor a thing of its.
_ANOTHER = re.compile(r"(?i)\b(?:by|under|pursuant\s+to|according\s+to)\b|《|根据|依据|按照|规定的|许可证|证书")
_BY_IT = re.compile(r"(?i)\b(?:by|under|pursuant\s+to)\b|根据|依据|按照")
# What is before the name where something of it is meant: "a bursary granted under No. 31 [2019] is withdrawn".
_THING_UNDER = re.compile(r"(?i)\b(?:under|by|per|with|see|pursuant\s+to)\s+(?:the\s+)?$")
_THING_IN = re.compile(r"(?i)\bin\s+(?:the\s+)?$")
_STAYS = re.compile(
    r"(?i)\b(?:not|never)\s+(?:been\s+|be\s+)?(?:repealed|replaced|superseded|withdrawn|revoked|rescinded)\b"
    r"|继续有效|不予废止"
)
_SUPPOSED = re.compile(
    rf"(?i)\b(?:if|unless|until|whether)\b[^.;]{{0,80}}\b{_ENDED}|\b(?:may|might|could|would|should)\s+be\s+{_ENDED}"
)
_IN_PART = re.compile(
    r"(?i)\b(?:stays?|remains?|continues?)\b[^.;]{0,20}\b(?:in\s+force|valid|to\s+apply)\b"
    r"|\bwith\s+the\s+exception\s+of\b|\bin\s+part\b"
    r"|\b(?:clause|article|section|paragraph|item)s?\s+[\w, ]{1,20}\b(?:of|in)\b"
    r"|第[一二三四五六七八九十百\d]+[条款项][^，。]{0,12}(?:废止|失效)|^中?[^，。；]{0,24}(?:条款|内容|规定)同?时?(?:废止|失效)"
)
_IS_AMENDED = re.compile(
    r"(?i)^[^.;。；]{0,40}?\b(?:is|are|has\s+been|have\s+been)\s+(?:hereby\s+)?amended\b(?!\s+by\b)"
    r"|^[^。；《]{0,40}?(?:作|做)出?(?:如下|以下|部分)?的?(?:修改|修订)|^[^。；《]{0,40}?修改(?:为|如下)"
)
_AMENDS = re.compile(r"(?i)\b(?:amends|amending|to\s+amend|hereby\s+amend)\s[^.;。；]{0,60}$")
_IS_FORWARDED = re.compile(
    r"(?i)^[^.;。；]{0,40}?\b(?:is|are)\s+(?:(?:hereby|herewith)\s+)?(?:forwarded|circulated|transmitted)\b"
    r"|^[^。；《]{0,50}?(?:现|一并|联合)予?以?(?:转发|印发)"
)
_HERE = re.compile(r"(?:现|兹)?将[^。；《]{0,40}$")
_IS_SENT = re.compile(r"^[^。；]{0,80}?(?:转发|印发)(?:给|你|，|。|$|至)")
_FORWARDS = re.compile(
    r"(?i)\b(?:forwards|forwarding|hereby\s+forward|we\s+forward|circulates|transmits|transmitting)\s"
    r"(?![^.;。；]{0,60}\b(?:in|under|to|by)\s+(?:the\s+)?$)[^.;。；]{0,60}$|现(?:予以?)?转发[^。；]{0,20}$"
)
# Of most sentences it is enough that they hold none of these.
_STEMS = tuple(
    """repeal replac supersed revok rescind abolish withdr cancel amend forward circulate transmit 废止 失效 停止执行
    不再执行 取代 代替 修改 修订 转发 印发""".split()
)
_PHRASES = re.compile(r"no\s+longer|ceases?\s+to|(?:place|lieu)\s+of")
# A sentence that says it of a list: "The following notices are repealed:", 下列文件同时废止：
_OF_LIST = re.compile(
    rf"(?i)\b(?:following|below)\b[^.;]{{0,80}}{_ENDED}[^.;]{{0,60}}[:：]\s*$"
    r"|(?:下列|以下)[^。；]{0,40}(?:废止|失效|停止执行)[^。；]{0,20}[:：]\s*$"
)


def may_relate(words: str) -> bool:
    """Whether words may say something of another notice; False for most sentences, at little cost."""
    lowered = words.casefold()
    return any(stem in lowered for stem in _STEMS) or _PHRASES.search(lowered) is not None


def find_kinds(before: str, after: str) -> list[LinkKind]:
    """What a sentence says is done to the notices that are named between `before` and `after`."""
    kinds = [kind for kind in (_find_ending(before, after),) if kind is not None]
    if not kinds and (_IS_AMENDED.match(after) or _AMENDS.search(before)) and not _BY_IT.search(before[-12:]):
        kinds.append(LinkKind.amends)
    sent = _IS_FORWARDED.match(after) or (_HERE.search(before) and _IS_SENT.match(after)) or _FORWARDS.search(before)
    return [*kinds, LinkKind.forwards] if sent else kinds


def find_kind_of_list(head: str) -> LinkKind | None:
    """What a sentence that opens a list says is done to the notices in it."""
    if not _OF_LIST.search(head) or _STAYS.search(head) or _SUPPOSED.search(head):
        return None
    return LinkKind.replaces if _REPLACING.search(head) else LinkKind.repeals


def _find_ending(before: str, after: str) -> LinkKind | None:
    text = f"{before}《》{after}"
    if _STAYS.search(text) or _SUPPOSED.search(text):
        return None
    said = _IS_ENDED.match(after)
    if said and (_ANOTHER.search(said.group()) or _THING_UNDER.search(before)):
        said = None
    done = _ENDS.search(before)
    # Behind an active verb stands what it is done to: several notices, and not only the first.
    if done and _BY_IT.search(done.group()):
        done = None
    verb = done or said
    if verb is None:
        return None
    if _THING_IN.search(before) or _IN_PART.search(text) or _IN_PART.search(after):
        return LinkKind.amends
    return LinkKind.replaces if _REPLACING.search(verb.group()) else LinkKind.repeals
