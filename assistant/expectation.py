"""What kind of answer a question expects (a person, a place, a time, a figure, a rule, a list), and
whether a sentence can be of that kind."""

from __future__ import annotations

import re
from enum import StrEnum

from assistant.counting import counts, holds_figure, read_counted
from assistant.names import names_person


class Expected(StrEnum):
    """The kinds of answer that a question's own words ask for."""

    person = "person"
    name = "name"
    place = "place"
    time = "time"
    figure = "figure"
    tally = "tally"
    rule = "rule"
    prohibition = "prohibition"


# "When must schools report?" asks for a time, "When a school closes, who decides?" does not.
_AUXILIARY = "(?:is|are|was|were|do|does|did|has|have|had|can|could|may|must|should|shall|will|would)"
_ASKS: tuple[tuple[Expected, re.Pattern[str]], ...] = (
    (
        Expected.place,
        re.compile(
            r"(?i)\bwhere\b|\b(?:which|what)\s+(?:place|venue|city|town|hall|location)\b|哪里|在哪|何地|什么地方|地点|何处"
        ),
    ),
    (Expected.person, re.compile(r"(?i)\bwho(?:m|se)?\b|谁|哪位|哪些人|何人")),
    (
        Expected.name,
        re.compile(
            r"(?i)\bnames?\s+of\s+(?:the|its|their|our)\s+(?:\w+\s+){0,2}?(?:superintendent|director|chair\w*|head\w*|principal|president"
            r"|minister|secretary|dean|governor|mayor|author|teacher|officer|expert|speaker|winner|commissioner)\b"
            r"|\bwh(?:ich|at)\s+(?:expert|speaker|professor|person)\b|哪[一]?位|叫什么|姓名是"
        ),
    ),
    (
        Expected.time,
        re.compile(
            rf"(?i)^\W*when(?:\W*$|\s+(?:exactly|and|or|{_AUXILIARY})\b)|(?:[,;?]\s*|\b(?:and|by|since|until|till|from)\s+)when\b"
            r"|\b(?:which|what)\s+(?:date|day|month|year|time|deadline)\b|\bhow\s+(?:long|soon|often)\b"
            r"|\bdeadline\b|何时|什么时候|哪天|哪一天|哪年|哪一年|几月|几号|什么时间|期限|截止|多久|多长时间"
        ),
    ),
    (
        Expected.figure,
        re.compile(
            r"(?i)\bhow\s+(?:many|much|large|high|far|old)\b|\b(?:percentage|proportion)\s+of\b"
            r"|\b(?:is|was|are|were|state|give|tell\s+me)\s+the\s+(?:\w+\s+){0,2}?(?:share|amount|number)\s+of\b"
            r"|\bwhat\s+(?:percentage|proportion|share|amount|number|rate|salary)\b|多少|几[个名所次项天年人]|比例是|百分之几"
        ),
    ),
    (
        Expected.rule,
        re.compile(
            r"(?i)\brequire(?:d|s|ments?)?\b|\bmust\b|\bhave\s+to\b|\bobliged\b|\bobligations?\b|\brules?\b|\ballowed\b|\bprohibited\b"
            r"|\bforbidden\b|要求|规定|应当|必须|不得|禁止|允许"
        ),
    ),
)
_FORBIDS = re.compile(
    r"(?i)\b(?:must|may|shall|should|can|could)\s+(?:\w+\s+){0,4}?not\b"
    r"|\b(?:is|are|was|were|do|does)\s+(?:\w+\s+){0,4}?not\s+(?:allow(?:ed)?|permit(?:ted)?|to|be)\b|\b(?:mustn|can|shouldn)['’]?t\b"
    r"|\b(?:prohibit(?:ed|s)?|forbidden|forbids?|banned)\b|不得|不能|不可|禁止|严禁"
)
_FORBIDDEN = re.compile(
    r"(?i)\bnot\b|\bno\b|\bnor\b|\bnever\b|\bcannot\b|\bwithout\b|\b(?:prohibit(?:ed|s)?|forbidden|banned)\b|不得|不能|不可|禁止|严禁|不准|不许"
)
_SEVERAL = re.compile(
    r"(?i)\bwhat\s+(?:are|were)\s+the\b|\bwhat\s+(?:was|is|were|are)\s+required\b"
    r"|\b(?:which|what)\s+(?!is\b|was\b|does\b|has\b)(?:\w+\s+){0,3}?\w{2,}[^s\W]s\b|\blist\b|\bname\s+the\b|\bhow\s+many\b.*\band\s+(?:what|which)\b"
    r"|\b(?:two|three|four|five|six|seven|eight|several|all)\s+\w+|哪些|哪几|几[项点个条]|分别|列出|有什么要求|[二两三四五六七八]项|[二两三四五六七八]点"
)
_ASKS_EFFECT = re.compile(
    r"(?i)\bwhen\b.*\b(?:take\s+effect|come\s+into\s+(?:force|effect)|in\s+force|effective|enter\s+into\s+force)\b"
    r"|(?:何时|什么时候|哪天|哪一天|哪年|几月)[^，。？]{0,4}(?:施行|生效|实施|执行)"
)
TAKES_EFFECT = re.compile(
    r"(?i)\b(?:takes?|took)\s+effect\b|\b(?:in|into)\s+(?:force|effect)\b|\beffective\b|\bappl(?:y|ies|ied)\s+from\b"
    r"|起(?:正式)?(?:施行|生效|实施|执行)|(?:施行|生效|实施)日期|之日起施行"
)
_A_NOTICE = (
    r"(?:notices?|circulars?|polic(?:y|ies)|rules?|regulations?|laws?|acts?|opinions?|guidance|No\.\s?\d+[^?]{0,12})"
)
_ASKS_VALIDITY = re.compile(
    rf"(?i)^\W*(?:is|are|was|were|has|have|had|does|do)\b.*\b{_A_NOTICE}.*?\b(?:in\s+force|valid|repealed|replaced|superseded"
    r"|abolished|revoked|withdrawn|appl(?:y|ies)\s+(?:any\s+(?:more|longer)|still)|still\s+appl(?:y|ies))\b"
    rf"|\b(?:which|what)\s+{_A_NOTICE}\s+(?:has\s+)?(?:repeal|replac|supersed|revok)\w*\b"
    rf"|\b{_A_NOTICE}\b.*\bstill\s+(?:in\s+force|valid)\b"
    r"|(?:是否|还|仍|依然|仍然|现在)[^，。？]{0,4}有效|有效吗|(?:废止|失效|取代)(?:了)?(?:吗|没有)?[？?]?$|是否[^，。？]{0,4}(?:废止|失效)"
    r"|被[^，。？]{0,12}(?:废止|取代)"
)
# What a sentence says of the force of a notice.
_OF_FORCE = re.compile(
    r"(?i)\b(?:repeal|replac|supersed|abolish|revok|withdraw|expir)\w*|\b(?:in|into)\s+force\b|\bvalid\b|\btakes?\s+effect\b"
    r"|\bappl(?:y|ies)\s+(?:from|until)\b|\bno\s+longer\b|废止|失效|有效|施行|取代|停止执行"
)
_ASKS_DAY = re.compile(r"(?i)\b(?:what|which|the)\s+(?:exact\s+)?(?:date|day)\b|哪[一]?天|几号|几月几日|具体日期")
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_DAY = re.compile(
    rf"(?i)\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{_MONTHS})\b|\b(?:{_MONTHS})\s+\d{{1,2}}\b|\d{{4}}-\d{{1,2}}-\d{{1,2}}"
    r"|\d{1,2}\s*月\s*\d{1,2}\s*[日号]|\b(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b|之日|星期[一二三四五六日天]"
    rf"|\b(?:last|first)\s+day\b|\bend\s+of\s+(?:{_MONTHS})\b"
)
_SAYS_NOT = re.compile(
    r"(?i)\b(?:names?|gives?|states?|says?|mentions?|records?)\s+(?:neither|no)\b"
    r"|\b(?:do(?:es)?|did|is|was|are|were|has|have)\s+not\s+(?:been\s+)?(?:name|give|state|say|mention|record|known|named|given|stated|published)\w*\b"
    r"|未(?:说明|载明|注明|公布|提及)|没有(?:说明|载明|注明|公布|提及)"
)
_YES_NO = re.compile(
    r"(?i)^\W*(?:is|are|was|were|do|does|did|can|could|may|must|should|shall|will|has|have|had)\b|吗|是否|能否|可否"
)
_HELD = re.compile(
    r"(?i)\b(?:held|hold|take[ns]?\s+place|took\s+place|convened?|hosted?|gathered?|venue|located|location|opened)\b|召开|举行|举办|地点|会址|承办"
)
# Where a thing lies is told with any words for a place.
_LOCATED = re.compile(r"(?i)\b(?:located|location\s+of)\b")
_PLACE = re.compile(
    r"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Oo]nline)\s+(?:the\s+)?(?:[A-Z][\w’'-]*|\w+\s+(?:hall|room|centre|center|chamber|campus|building|hotel|office|theatre|library|gym|stadium))"
    r"|(?i:\bvenue\b|\blocation\s*:)|在[^，。；]{1,30}(?:召开|举行|举办)|地点[:：是为]|[省市县区镇乡村厅校馆楼室]"
)
_SOMEWHERE = re.compile(
    r"(?i)\b(?:in|at|on|to|near|from|within|across|through|into|around|between)\s+\w|[在于到从向]|[省市县区镇乡村厅校馆楼室]"
)
_TIME = re.compile(
    r"(?i)\d{4}|\b(?:centur(?:y|ies)|decades?|era|ages?|spring|summer|autumn|winter|night|evening|morning|weekends?|midnight|noon)\b"
    r"|\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b"
    r"|\b(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b"
    r"|\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|each|every|first|last)\s+(?:\w+\s+)?(?:minute|hour|day|week|month|term|year|semester)s?\b"
    r"|\ban?\s+(?:\w+\s+)?(?:second|minute|hour|day|week|month|term|year|semester)\b|\b(?:seconds|minutes|hours|days|weeks|months|years)\b"
    r"|\b(?:daily|weekly|monthly|annual(?:ly)?|immediately)\b"
    r"|[\d一二三四五六七八九十两〇]+\s*(?:年(?!级)|月|日|天|周(?!岁)|小时|分钟|课时|个工作日|学期|学年)|每[年月日周天学]"
)
# "When …?" and "How long …?" are answered by an event as well: "before the vote", "as soon as they are signed".
_ASKS_LOOSELY = re.compile(r"(?i)\bwhen\b|\bhow\s+long\b")
_BY_EVENT = re.compile(
    r"(?i)\b(?:before|after|until|during|since|when|while|once|upon|as\s+soon\s+as|by\s+the\s+time)\s+\w"
)
_PERSON = re.compile(
    r"[A-Z][\w’'.-]+\s+(?:[A-Z][\w’'.-]+)|\b(?:Department|Bureau|Office|Ministry|Minister|Director|Secretary|Principal|President|Superintendent"
    r"|[Tt]eachers?|[Pp]arents?|[Ss]chools?|[Pp]upils?|[Ss]tudents?|[Pp]rincipals?|[Hh]ead|[Bb]oards?|[Cc]ommittees?)\b|[\u4e00-\u9fff]{2}"
)
_RULE = re.compile(
    r"(?i)\b(?:must|shall|should|may\s+not|may|required?|requires|needs?\s+to|has\s+to|have\s+to|is\s+to|are\s+to|prohibited|forbidden|necessary|"
    r"at\s+(?:least|most)|no\s+later|not\s+allowed)\b|应当|必须|不得|严禁|须|应|要|可以|禁止|不少于|不低于|不超过"
)


def read_expectation(question: str) -> frozenset[Expected]:
    """The kinds of answer that the question asks for; empty where its words do not tell."""
    kinds = {kind for kind, pattern in _ASKS if pattern.search(question)}
    if read_counted(question) is not None:
        kinds.add(Expected.tally)
    return frozenset(kinds | {Expected.prohibition} if _FORBIDS.search(question) else kinds)


def asks_for_several(question: str) -> bool:
    """Whether the question asks for a list rather than for one thing."""
    return _SEVERAL.search(question) is not None


# That no person and no rule is recognised in a sentence does not say that there is none.
SOFT = frozenset((Expected.person, Expected.rule))


def meets(question: str, expected: Expected, sentence: str, around: str = "") -> bool:
    """Whether a sentence can be an answer of this kind.

    `around`: the lead-in or the column heads of a list point or table row, which may name what it counts.
    For the place of an event the sentence must speak of the event's taking place: that a meeting is
    named in a sentence with a town in it does not say that it was held there.
    """
    match expected:
        case Expected.place:
            if _HELD.search(question) is None or _LOCATED.search(question):
                return _SOMEWHERE.search(sentence) is not None
            held = _HELD.search(sentence) is not None and _PLACE.search(sentence) is not None
            return held or says_not(sentence)
        case Expected.person:
            return _PERSON.search(sentence) is not None
        case Expected.time:
            if asks_effect(question) and TAKES_EFFECT.search(sentence) is None:
                return False
            pattern = _DAY if _ASKS_DAY.search(question) else _TIME
            told = pattern.search(_strip_years(question, sentence)) is not None or says_not(sentence)
            return told or (_ASKS_LOOSELY.search(question) is not None and _BY_EVENT.search(sentence) is not None)
        case Expected.figure:
            return holds_figure(sentence)
        case Expected.tally:
            counted = read_counted(question)
            return counted is None or counts(counted, sentence, around)
        case Expected.name:
            return names_person(sentence)
        case Expected.prohibition:
            return _FORBIDDEN.search(sentence) is not None
        case Expected.rule:
            return _RULE.search(sentence) is not None


def asks_effect(question: str) -> bool:
    """Whether a question asks from when something applies."""
    return _ASKS_EFFECT.search(question) is not None


def asks_validity(question: str) -> bool:
    """Whether a question asks if a notice still holds, or what ended it; not whether an identity card is valid."""
    return _ASKS_VALIDITY.search(question) is not None


def speaks_of_force(sentence: str) -> bool:
    """Whether a sentence says of a notice that it applies, from when, or no longer."""
    return _OF_FORCE.search(sentence) is not None


def says_not(sentence: str) -> bool:
    """Whether a sentence says itself that something is not told: "the report names neither the day nor the venue"."""
    return _SAYS_NOT.search(sentence) is not None


def asks_yes_or_no(question: str) -> bool:
    """Whether a question asks for yes or no."""
    return _YES_NO.search(question) is not None


def _strip_years(question: str, sentence: str) -> str:
    """The sentence without the years that the question names itself: they are not what it asks for."""
    for year in re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d)", question):
        sentence = sentence.replace(year, " ")
    return sentence
