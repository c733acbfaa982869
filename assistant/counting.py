"""What a question wants counted ("how many students", 多少所学校), and whether a sentence counts that."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from core.types import Span
from store.words import has_chinese, index_terms

# Digits that count nothing: the number of an item, a year, a day of the month, a notice's number.
_NO_FIGURES = re.compile(
    r"(?i)^\s*[(（]?\d{1,3}[.)）、]|\bNo\.\s?\d+(?:\s?[\[(〔]\d{4}[\])〕])?|[〔\[]\d{4}[〕\]]\s*\d+\s*号"
    r"|\b\d{1,2}(?:st|nd|rd|th)?\s+(?:january|february|march|april|may|june|july|august|september|october|november|december)\b"
    r"|\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\s+\d{1,2}\b(?!,\d{3})"
    r"|(?<![\d.,])(?:19|20)\d{2}\s?(?:[-–/]|to)\s?(?:20)?\d{2}\b"
    r"|(?<![\d.,])(?:19|20)\d{2}(?![\d,]|\.\d)(?:\s*年(?:\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?)?)?|^\s*[一二三四五六七八九十]{1,3}、"
    r"|第[\d一二三四五六七八九十百]+[条章节款项届]"
)
_FIGURE = re.compile(
    r"(?i)\d(?!\d*(?:th|st|nd|rd)\b)|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|thousand|million|half|"
    r"third|quarter|no|none|single|once|twice|both)\b|[一二三四五六七八九十百千万两半]"
)
_WORD = re.compile(r"\d[\d,.]*\d|\d|[^\W\d_][\w’'-]*")
_WRITTEN = re.compile(
    r"(?:[£$€¥￥]\s?)?(?:\d[\d,.]*\d|\d)(?:\s(?:thousand|million|billion)\b)?"
    r"(?:\s?[%％]|\s*(?:万|亿)?元|\s+(?:yuan|per cent)\b)?"
)
_HOW_MANY = re.compile(r"(?i)\bhow\s+many\s+(.+)")
_ENDS = frozenset(
    """is are was were do does did can could may might must shall should will would has have had in per of on at to
    for from with by each a an the there and or""".split()
)
# Plural names for people: settlers, residents, delegates, trainees.
_PERSONS = re.compile(
    r"(?i)(?:ers|ors|ants|ents|ists|ees|ians|pupils|men|women|children|staff|delegates|persons|individuals)$"
)
# "Two kinds of networks" are two networks of a kind.
_KINDS = frozenset("kinds types sorts forms categories classes groups sets pairs".split())
_LINKS = frozenset(
    """is are was were be been of at to about some nearly over under than more less fewer total totals totalled number
    rose fell grew stood stands reached in all only exactly around approximately up""".split()
)
_PLURAL = re.compile(r"(?i)(?:[^s\W]s|people|children|staff|men)$")
# How the other language counts what is often asked for.
_UNITS = {
    "schools": "所", "universities": "所", "students": "[名人生]", "pupils": "[名人生]", "people": "[人名位]",
    "teachers": "[名人位]", "participants": "[人名位]", "days": "[天日]", "hours": "小时", "minutes": "分钟",
    "weeks": "周", "years": "年", "times": "次", "classes": "班", "lessons": "课时", "credits": "学分",
    "months": "个?月",
}  # fmt: skip
_SUMS = (
    ("salar|pay\\b|wage|earn", "工资|薪|待遇"),
    ("fine", "罚款"),
    ("fee|charge|tuition|cost|price", "费|价"),
    ("bursar|allowance|grant|subsid|stipend|scholarship|aid", "补助|补贴|津贴|助学金|奖学金|资助"),
    ("loan", "贷款"),
    ("budget|fund", "经费|资金|预算"),
)
_BINDS = re.compile(r"(?i)\b(?:must|shall|should|will|would|may|can|could)\b")
_TIMES = re.compile(r"(?i)\b(?:once|twice|thrice)\b")
# "5,000 were killed", of whom the sentence before speaks.
_ELLIPTIC = re.compile(r"(?i)\d\s+(?:of\s+them\s+)?(?:is|are|was|were|has|have|had)\b")
# How far a figure may stand from what it counts: "4,312 primary and secondary schools".
_NEAR = 5
# A line of a list or of a table that lost its lines is no longer than this.
_SHORT = 60
_COUNTED_ZH = re.compile(
    r"(?:多少|几)\s*(?:个)?([人名位所项次元天日年月周节门家间岁台册分条件份班]"
    r"|万元|亿元|课时|学时|小时|分钟|学分|工作日|平方米)"
)
_MONEY_ZH = re.compile(
    r"(?:工资|经费|资金|补助|收费|学费|奖金|金额|费用|预算|罚款|标准)[^，。？]{0,8}多少|多少(?:钱|资金|经费)"
)
_HEADS_ZH = re.compile(r"人数[^，。？]{0,6}多少")
_SUM = re.compile(
    r"(?i)\b(?:salar(?:y|ies)|pay\s+(?:range|scale)|pay\b.*\brange|fees?|loans?|bursar(?:y|ies)|grants?|scholarships?|allowances?|stipends?|subsid(?:y|ies)"
    r"|incomes?|fines?|budgets?|costs?|prices?|charges?|wages?|deposits?)\b"
)
_ASKS_SUM = re.compile(
    r"(?i)\bhow\s+(?:much|high|large)\b|\b(?:maximum|minimum|highest|lowest|amount|limit|threshold|range|rate|level)\b"
    r"|\bwhat\s+(?:\w+\s+){0,2}?(?:bursar(?:y|ies)|grants?|scholarships?|allowances?|salar(?:y|ies)|fees?|fines?)\b(?!\s+(?:notice|scheme|rules?|policy))"
)
_PART_OF = re.compile(r"(?i)\bhow\s+much\s+of\b")
_IS_SUM = re.compile(
    r"(?i)[£$€¥￥]\s?\d|\d[\d,.]*\s*(?:million\s+|thousand\s+)?(?:yuan|pounds?|pence|dollars?|cents|euros?|rmb|[十百千万亿]*元)\b|\d元|\b(?:tax-)?free\b"
    r"|\b(?:hundred|thousand|million)\b|[一二三四五六七八九十百千万]元"
)
_IS_SUM_HEAD = re.compile(r"(?i)[£$€¥￥]|\b(?:yuan|pounds|dollars|euros|amount|sum)\b|元|金额|标准")
_PLAIN_SUM = re.compile(r"\d{1,3},\d{3}|\d{3,}")
_SHARE = re.compile(r"(?i)\bwhat\s+(?:percentage|proportion|share)\b|百分之几|(?:比例|率)[^，。？]{0,6}多少")
_IS_SHARE = re.compile(
    r"(?i)[%％]|\bper\s?cent\b|\b(?:half|third|quarter|tenth|fifth|two[- ]thirds)\b"
    r"|百分之|[一二三四五六七八九]成|分之"
)
_SAME_ZH = {"人": "人名位生", "名": "人名位生", "位": "人名位生", "天": "天日", "日": "天日", "工作日": "天日"}


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted: `nouns` are index terms of which one must stand by a figure, `units` a pattern behind one.

    `share`: a percentage or fraction is asked for; `money`: a sum, which is called `sum_abroad` in the
    other language (Chinese where `is_abroad_chinese`).
    """

    nouns: frozenset[str] = frozenset()
    units: str = ""
    share: bool = False
    money: bool = False
    sum_abroad: str = ""
    is_abroad_chinese: bool = False


@lru_cache(maxsize=256)
def read_counted(question: str) -> Counted | None:
    """What a question asks the number of; None where it asks for no number of things that it names."""
    if _SHARE.search(question):
        return Counted(share=True)
    if _SUM.search(question) and _ASKS_SUM.search(question) and not _PART_OF.search(question):
        return _count_money(question)
    if _HEADS_ZH.search(question):
        return Counted(units=f"[{_SAME_ZH['人']}]")
    if _MONEY_ZH.search(question):
        return _count_money(question)
    chinese = _COUNTED_ZH.search(question)
    if chinese:
        unit = chinese.group(1)
        return Counted(units=f"[{_SAME_ZH[unit]}]" if unit in _SAME_ZH else f"[万亿]?{re.escape(unit)}")
    english = _HOW_MANY.search(question)
    nouns = _read_nouns(english.group(1)) if english else []
    if not nouns:
        return None
    return Counted(nouns=frozenset(term for noun in nouns for term in index_terms(noun)))


def _count_money(question: str) -> Counted:
    chinese = has_chinese(question)
    for english, han in _SUMS:
        if re.search(han if chinese else rf"(?i)\b(?:{english})", question):
            return Counted(
                money=True, sum_abroad=rf"\b(?:{english})" if chinese else han, is_abroad_chinese=not chinese
            )
    return Counted(money=True)


def _read_nouns(rest: str) -> list[str]:
    """The plural nouns right behind "how many", before the verb."""
    words: list[str] = []
    for word in re.findall(r"[\w’'-]+", rest)[:6]:
        if word.lower() in _ENDS:
            break
        words.append(word.lower())
    return [word for word in words if _PLURAL.search(word)]


def holds_figure(sentence: str) -> bool:
    """Whether a figure stands in the sentence that is no year, day, item number or notice number."""
    return _FIGURE.search(strip_labels(sentence)) is not None


def strip_labels(sentence: str) -> str:
    """The sentence without the digits that count nothing: years, days, the numbers of items and of notices."""
    return _NO_FIGURES.sub(" ", sentence)


def counts(counted: Counted, sentence: str, around: str = "") -> bool:
    """Whether a sentence gives a figure for what is counted.

    `around`: the lead-in or column heads of a list point or table row; what is counted may be named there.
    """
    bare = strip_labels(sentence)
    if counted.share:
        return _IS_SHARE.search(bare) is not None
    is_abroad = bool(counted.sum_abroad) and has_chinese(sentence) == counted.is_abroad_chinese
    # The salary that is asked for must be called one in the other language too.
    if is_abroad and re.search(counted.sum_abroad, f"{sentence}\n{around}", re.IGNORECASE) is None:
        return False
    if counted.money:
        return _IS_SUM.search(bare) is not None or (_IS_SUM_HEAD.search(around) and _PLAIN_SUM.search(bare)) is not None
    if has_chinese(sentence) != bool(counted.units):
        return _counts_abroad(counted, sentence, bare)
    if counted.units:
        return _find_unit(counted.units, bare) or (
            # In a table the unit stands in the column heads.
            "\t" in sentence and re.search(counted.units, around) is not None and _FIGURE.search(bare) is not None
        )
    if _locate_counted(counted, bare) or ("time" in counted.nouns and _TIMES.search(bare)):
        return True
    if _ELLIPTIC.search(bare) and counted.nouns & set(index_terms(around)):
        return True
    is_row = "\t" in sentence or len(sentence) <= _SHORT
    return is_row and _FIGURE.search(bare) is not None and bool(counted.nouns & set(index_terms(around)))


def _counts_abroad(counted: Counted, sentence: str, bare: str) -> bool:
    """Whether a sentence in the other language gives a figure with the unit's name there, or any if that is unknown."""
    if has_chinese(sentence):
        units = [unit for noun, unit in _UNITS.items() if set(index_terms(noun)) & counted.nouns]
        return any(_find_unit(unit, bare) for unit in units) if units else _FIGURE.search(bare) is not None
    nouns = [noun for noun, unit in _UNITS.items() if re.fullmatch(counted.units, unit[1] if unit[0] == "[" else unit)]
    wanted = Counted(nouns=frozenset(term for noun in nouns for term in index_terms(noun)))
    return bool(_locate_counted(wanted, bare)) if nouns else _FIGURE.search(bare) is not None


def _find_unit(unit: str, bare: str) -> bool:
    return re.search(rf"[\d一二三四五六七八九十百千万亿两〇零半]\s*(?:[多余]|个)?\s*{unit}", bare) is not None


def locate_figures(counted: Counted, sentence: str) -> list[Span]:
    """Where the figures stand that count this, with their unit or sign; where none counts it, those that count."""
    bare = _NO_FIGURES.sub(lambda match: " " * len(match.group()), sentence)
    if counted.money:
        sums = [Span(*match.span()) for match in _WRITTEN.finditer(bare) if _IS_SUM.search(match.group())]
        return sums or [Span(*match.span()) for match in _WRITTEN.finditer(bare)]
    if counted.units and has_chinese(sentence):
        figure = rf"[\d,.一二三四五六七八九十百千万亿两〇零半]+\s*(?:[多余]|个)?\s*{counted.units}"
        return [Span(*match.span()) for match in re.finditer(figure, bare)]
    near = _locate_counted(counted, bare) if counted.nouns else []
    return near or [Span(*match.span()) for match in _WRITTEN.finditer(bare)]


def _locate_counted(counted: Counted, bare: str) -> list[Span]:
    """The figures that stand by one of the nouns."""
    if _FIGURE.search(bare) is None:
        return []
    words = list(_WORD.finditer(bare))
    # "Schools must accept no pupils who …" counts none: it forbids.
    idle = ("third", "no", "none") if _BINDS.search(bare) else ("third",)
    terms = [set(index_terms(word.group())) for word in words]
    if "peopl" in counted.nouns:
        terms = [
            found | {"peopl"} if _PERSONS.search(word.group()) else found
            for word, found in zip(words, terms, strict=True)
        ]
    return [
        Span(*word.span())
        for place, word in enumerate(words)
        if _FIGURE.search(word.group())
        and word.group().lower() not in idle
        and _counts_noun(counted.nouns, words, terms, place)
    ]


def _counts_noun(nouns: frozenset[str], words: Sequence[re.Match[str]], terms: Sequence[set[str]], place: int) -> bool:
    """Whether the figure at a place counts one of these nouns, and not the next thing that it stands before."""
    near = 1 if words[place].group().lower() in ("no", "none") else _NEAR
    for other in range(place + 1, min(len(words), place + 1 + near)):
        if terms[other] & nouns:
            return True
        if _PLURAL.search(words[other].group()) and words[other].group().lower() not in _KINDS:
            return False
    # "Schools: 4,312", "the number of schools rose to 4,312"
    for other in range(place - 1, max(-1, place - 1 - near), -1):
        if terms[other] & nouns:
            return True
        if words[other].group().lower() not in _LINKS:
            return False
    return False
