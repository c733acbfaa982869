"""True sentences with a fault planted in them, and the same sentences in other words: both by plain rules of text."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from store.words import name_language


@dataclass(frozen=True, slots=True)
class Planted:
    """A sentence as a careless chat model might put it: what was done to it, and the outcome."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Soil:
    """A true sentence with others of its notice, from which names and clauses are taken."""

    text: str
    others: tuple[str, ...]
    language: str


_NAME = re.compile(r"(?<![.!?]\s)(?<=[a-z,] )(?:[A-Z][a-z]+(?:\s(?:of\s(?:the\s)?)?(?=[A-Z])|(?![\w-]))){2,5}")
_HAN_NAME = re.compile(
    r"(?<=[，、。由和与向在：])[\u4e00-\u9fff]{2,8}?(?:省|市|县|大学|学院|学校|教育厅|教育局|教育部|委员会)"
    r"(?![\u4e00-\u9fff]{0,1}级)"
)
_DATE = re.compile(
    r"\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"|\d{1,2}月\d{1,2}日"
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_FIGURE = re.compile(r"(?<![\d.,-])\d{1,3}(?:,\d{3})*(?![\d,-]|\.\d)")
_NOT = re.compile(r"\b(must|shall|should|may|will|is|are|was|were|can) not\b")
_DOES = re.compile(r"\b(must|shall|should|may|will|is|are|was|were|can)\b(?! not| no\b)")
_WEAKER = {"must": "may", "shall": "may", "should": "must", "may": "must", "can": "must", "required to": "allowed to"}
_HAN_MODALITY = {
    "不得": "可以",
    "严禁": "可以",
    "应当": "可以",
    "必须": "可以",
    "可以": "必须",
    "要": "可以",
    "应": "可",
}
_TURNED = {
    "at least": "at most", "at most": "at least", "more than": "fewer than", "fewer than": "more than",
    "less than": "more than", "no later than": "no earlier than", "before": "after", "after": "before",
    "within": "after", "over": "under", "under": "over", "up to": "at least", "by": "after",
    "minimum": "maximum", "maximum": "minimum",
}  # fmt: skip
_HAN_TURNED = {
    "不少于": "不超过", "不低于": "不高于", "不超过": "不少于", "不得超过": "不得少于", "以上": "以下", "以下": "以上",
    "至少": "至多", "超过": "低于", "日前": "日后", "月底前": "月底后", "之前": "之后",
}  # fmt: skip
_UNITS = {
    "hours": "days", "days": "weeks", "minutes": "hours", "weeks": "months", "months": "years", "years": "months",
    "%": " people", "per cent": "schools", "pupils": "teachers", "students": "teachers", "teachers": "pupils",
    "people": "schools", "schools": "pupils", "year": "month", "month": "year", "hour": "day", "day": "week",
}  # fmt: skip
_HAN_UNITS = {
    "学时": "学分", "小时": "天", "分钟": "小时", "天": "周", "个月": "年", "年": "个月", "元": "万元", "万元": "元",
    "人": "所", "所": "人", "名": "所", "个": "项", "%": "人", "个工作日": "个月", "岁": "年", "节": "次", "次": "节",
}  # fmt: skip
_WIDER = {"all": "some", "every": "no", "each": "no", "some": "all", "any": "every", "most": "all", "only": "also"}
_HAN_WIDER = {
    "所有": "部分",
    "全部": "部分",
    "每": "个别",
    "各": "个别",
    "部分": "全部",
    "一律": "一般",
    "只能": "还能",
}
_PLACES = (" at the Golden Lake Hotel", " in the city of Newhaven", " under Dr Edmund Hartley", " with the World Bank")
_HAN_PLACES = ("，地点设在金湖宾馆", "，由周明远主持", "，并报江州市人民政府备案", "，由新海大学承办")
_EXCEPTION = re.compile(
    r",? (?:except|unless|provided that|other than|subject to|only if|but)\b[^,.;]{6,}(?=[,.;])|, if [^,.;]{6,}(?=[.;])"
)
_HAN_EXCEPTION = re.compile(
    r"除[^，。；]{2,30}外，|，但[^，。；]{3,60}(?=[，。；])|[^，。；]{4,40}的，(?=应|必须|不得|可以|由)"
)


def plant_faults(soil: Soil, chance: random.Random) -> list[Planted]:
    """Every fault that can be planted in a sentence, one of a kind."""
    planters: dict[str, Callable[[Soil, random.Random], str]] = {
        "name": _change_name, "swapped names": _swap_names, "figure": _change_figure, "date": _change_date,
        "year": _change_year, "negation": _negate, "modality": _change_modality, "comparison": _turn_comparison,
        "unit": _change_unit, "quantifier": _widen, "merged clause": _merge_clause, "other ending": _change_ending,
        "added place": _add_place, "dropped exception": _drop_exception,
    }  # fmt: skip
    planted = [Planted(kind, planter(soil, chance)) for kind, planter in planters.items()]
    return [fault for fault in planted if fault.text and fault.text != soil.text]


def _names(text: str, language: str) -> list[str]:
    found = (_HAN_NAME if language == "zh" else _NAME).findall(text)
    return [name.strip() for name in found]


def _change_name(soil: Soil, chance: random.Random) -> str:
    own = _names(soil.text, soil.language)
    foreign = [name for other in soil.others for name in _names(other, soil.language)]
    foreign = [name for name in foreign if name not in soil.text and not any(mine in name for mine in own)]
    return soil.text.replace(chance.choice(own), chance.choice(foreign), 1) if own and foreign else ""


def _swap_names(soil: Soil, chance: random.Random) -> str:
    own = list(dict.fromkeys(_names(soil.text, soil.language)))
    own = [name for name in own if not any(name != other and name in other for other in own)]
    if len(own) < 2:
        return ""
    one, two = chance.sample(own, 2)
    between = re.compile(f"{re.escape(one)}|{re.escape(two)}")
    joined = re.search(rf"(?:{re.escape(one)}|{re.escape(two)})(?:,| and|、|和|与)", soil.text)
    # Names that only stand beside each other in a list say the same in either order.
    return "" if joined else between.sub(lambda match: two if match.group() == one else one, soil.text)


def _alter(text: str, place: re.Match[str], chance: random.Random) -> str:
    """The text with one digit of a match changed."""
    digits = [at for at in range(place.start(), place.end()) if text[at].isdigit()]
    at = chance.choice(digits)
    digit = chance.choice([digit for digit in "123456789" if digit != text[at]])
    return text[:at] + digit + text[at + 1 :]


def _change_found(pattern: re.Pattern[str], soil: Soil, chance: random.Random) -> str:
    places = list(pattern.finditer(soil.text))
    return _alter(soil.text, chance.choice(places), chance) if places else ""


def _change_figure(soil: Soil, chance: random.Random) -> str:
    return _change_found(_FIGURE, soil, chance)


def _change_date(soil: Soil, chance: random.Random) -> str:
    return _change_found(_DATE, soil, chance)


def _change_year(soil: Soil, chance: random.Random) -> str:
    return _change_found(_YEAR, soil, chance)


def _negate(soil: Soil, chance: random.Random) -> str:
    if soil.language == "zh":
        for one, other in (
            ("不得", "应当"),
            ("应当", "不得"),
            ("可以", "不可以"),
            ("要", "不要"),
            ("有", "没有"),
            ("是", "不是"),
        ):
            if one in soil.text and not re.search(f"(?:重|需|主|没|只){one}|{one}(?:求|点|关)", soil.text):
                return soil.text.replace(one, other, 1)
        return ""
    if _NOT.search(soil.text):
        return _NOT.sub(r"\1", soil.text, count=1)
    places = list(_DOES.finditer(soil.text))
    if not places:
        return ""
    place = chance.choice(places)
    return soil.text[: place.end()] + " not" + soil.text[place.end() :]


def _exchange(text: str, pairs: dict[str, str], chance: random.Random, *, behind: str = "") -> str:
    """The text with one of the words of `pairs` replaced by its partner."""
    whole = "|".join(re.escape(word) for word in sorted(pairs, key=len, reverse=True))
    edge = r"(?![a-z])" if text.isascii() or re.search(r"[a-z] [a-z]", text) else ""
    start = behind or (r"(?<![A-Za-z])" if edge else "")
    places = list(re.finditer(f"{start}(?:{whole}){edge}", text))
    if not places:
        return ""
    place = chance.choice(places)
    found = next(word for word in sorted(pairs, key=len, reverse=True) if place.group().endswith(word))
    return text[: place.end() - len(found)] + pairs[found] + text[place.end() :]


def _change_modality(soil: Soil, chance: random.Random) -> str:
    if soil.language == "zh":
        return _exchange(soil.text, _HAN_MODALITY, chance, behind="(?<![主重需摘只响适供回反对])")
    return _exchange(soil.text, _WEAKER, chance)


def _turn_comparison(soil: Soil, chance: random.Random) -> str:
    if soil.language == "zh":
        return _exchange(soil.text, _HAN_TURNED, chance)
    return _exchange(soil.text, _TURNED, chance)


def _change_unit(soil: Soil, chance: random.Random) -> str:
    pairs = _HAN_UNITS if soil.language == "zh" else _UNITS
    return _exchange(soil.text, pairs, chance, behind=r"\d\s?")


def _widen(soil: Soil, chance: random.Random) -> str:
    return _exchange(soil.text, _HAN_WIDER if soil.language == "zh" else _WIDER, chance)


def _clauses(text: str, language: str) -> list[str]:
    parts = re.split(r"[，；。]" if language == "zh" else r"[,;.]\s", text.rstrip(".。"))
    return [part.strip() for part in parts if len(part.strip()) >= (6 if language == "zh" else 20)]


def _foreign_clauses(soil: Soil) -> list[str]:
    clauses = [clause for other in soil.others for clause in _clauses(other, soil.language)]
    return [clause for clause in clauses if clause not in soil.text and name_language(clause) == soil.language]


def _merge_clause(soil: Soil, chance: random.Random) -> str:
    foreign = _foreign_clauses(soil)
    if not foreign:
        return ""
    clause = chance.choice(foreign)
    body = soil.text.rstrip(".。;；")
    return f"{body}，{clause}。" if soil.language == "zh" else f"{body}, and {clause[0].lower()}{clause[1:]}."


def _change_ending(soil: Soil, chance: random.Random) -> str:
    own = _clauses(soil.text, soil.language)
    foreign = _foreign_clauses(soil)
    if len(own) < 2 or not foreign:
        return ""
    cut = soil.text.rindex(own[-1])
    clause = chance.choice(foreign)
    return soil.text[:cut] + (clause + "。" if soil.language == "zh" else f"{clause[0].lower()}{clause[1:]}.")


def _add_place(soil: Soil, chance: random.Random) -> str:
    places = _HAN_PLACES if soil.language == "zh" else _PLACES
    body = soil.text.rstrip(".。;；")
    return body + chance.choice(places) + soil.text[len(body) :]


def _drop_exception(soil: Soil, chance: random.Random) -> str:
    pattern = _HAN_EXCEPTION if soil.language == "zh" else _EXCEPTION
    return pattern.sub("", soil.text, count=1)


def choose_others(sentences: Sequence[str], place: int, chance: random.Random) -> tuple[str, ...]:
    """Other sentences of a notice: near ones and some from anywhere in it."""
    near = [*sentences[max(0, place - 6) : place], *sentences[place + 1 : place + 7]]
    far = chance.sample(list(sentences), min(6, len(sentences)))
    return tuple(sentence for sentence in [*near, *far] if sentence != sentences[place])
