"""A sentence as the terms that can be compared: words, figures, dates and numbers of notices, each in one form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from store.words import CJK, find_numbers, index_terms


class FactKind(StrEnum):
    """What a fact is: a word (in Chinese, a character), a capitalised word, a figure, a date, a notice's number."""

    word = "word"
    name = "name"
    figure = "figure"
    date = "date"
    number = "number"


# How strongly a fact is parted from the one before it.
JOINED, AND, COMMA, STOP = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Fact:
    """A term of a sentence: its form, in which it is compared, and its place in the sentence.

    `gap` says what parts it from the fact before: JOINED, AND (and 、), COMMA (and brackets, dashes, colons) or STOP.
    """

    form: str
    kind: FactKind
    start: int
    end: int
    gap: int


_MONTHS = {
    name: place
    for place, names in enumerate(
        "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sept sep|"
        "october oct|november nov|december dec".split("|"),
        1,
    )
    for name in names.split()
}
_MONTH = "(?:" + "|".join(sorted((name.capitalize() for name in _MONTHS), key=len, reverse=True)) + r")\b\.?"
_ROLE = r"(?:\b(?P<role{0}>[Bb]y|[Bb]efore|[Aa]fter|[Ff]rom|[Uu]ntil|[Tt]ill|[Ss]ince|[Oo]n|[Ii]n)\s+)?(?:the\s+)?"
_ENDING = r"(?P<role{0}>之前|以前|前|之后|以后|后|起|止)?"
_HAN_FIGURES = "零〇一二三四五六七八九十两"
_HAN_VALUES = dict(zip("零〇一二三四五六七八九两", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 2), strict=True))
_HAN_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_HAN_DAY = rf"(?:\d{{1,2}}|[{_HAN_FIGURES}]{{1,3}})"
_UNITS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen \
eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000}
_ENGLISH_FIGURES = {word: value for value, word in enumerate(_UNITS, 1)} | {
    word: 10 * value for value, word in enumerate(_TENS, 2)
}
_FIGURE_WORD = "(?:" + "|".join(sorted([*_ENGLISH_FIGURES, *_SCALES], key=len, reverse=True)) + ")"
_ORDINALS = {
    word: value
    for value, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split(), 1)
}
# Chinese words that are compared whole, since a part of them would say something else.
_WHOLE = (
    "不得 不能 不应 不予 不准 不许 不宜 不可 不再 不少于 不低于 不超过 不高于 不多于 不大于 不小于 不晚于 不早于 "
    "严禁 禁止 必须 应当 应该 可以 至少 至多 最多 最少 最低 最高 以上 以下 以内 以外 除外 超过 低于 高于 "
    "多于 少于 大于 小于 无须 无需 不必 不断 不仅 不同 不足 不良 不论 不管 未来 未成年 只能 只有 或者 以及 并且"
).split()
_SAME = {
    "应该": "应当", "必须": "应当", "shall": "must", "each": "every", "或者": "或", "以及": "和", "并且": "并",
    "不高于": "不超过", "不多于": "不超过", "不低于": "不少于", "至少": "不少于",
}  # fmt: skip
_LIMITS = {
    "more": "≤", "longer": "≤", "most": "≤", "less": "≥", "fewer": "≥", "least": "≥", "later": "≤", "earlier": "≥",
}  # fmt: skip
_IRREGULAR = {
    form: base
    for base, forms in {
        "hold": "held", "speak": "spoke spoken", "send": "sent", "give": "gave given", "take": "took taken",
        "make": "made", "write": "wrote written", "choose": "chose chosen", "begin": "began begun", "meet": "met",
        "pay": "paid", "keep": "kept", "lead": "led", "tell": "told", "say": "said", "bring": "brought",
        "buy": "bought", "teach": "taught", "draw": "drew drawn", "find": "found", "hear": "heard", "leave": "left",
        "lose": "lost", "build": "built", "spend": "spent", "win": "won", "grow": "grew grown", "know": "knew known",
        "see": "saw seen", "show": "shown", "get": "got gotten", "do": "did done does", "go": "went gone",
        "have": "has had", "child": "children", "bureau": "bureaus bureaux", "man": "men", "woman": "women",
        "bear": "bore borne",
    }.items()
    for form in forms.split()
}  # fmt: skip
# Words that may stand or be missing without another meaning.
_SOFT = frozenset(
    """a an the is are was were be been being am that which who also of in on at its their his her this these those
    such then therefore thus furthermore moreover further s and""".split()
) | frozenset("的了地之也于在等和与及并其")
_JOINERS = frozenset(["and", "or", *"和与及并或"])
_GAPS = {"stop": STOP, "comma": COMMA, "listed": AND}
# Ways to say a duty, or that there is none; 应 and 须 where they are no part of another word.
_FREE = r"do(?:es)?(?: not|n['’]t) (?:have|need) to|need not|(?:is|are) not (?:required|obliged) to"
_DUTY = r"(?:is|are) (?:required|obliged) to|ha(?:s|ve) to(?! do with)"
_OUGHT = r"(?<![响适供反对相效回理])应(?![用急对届聘试付邀变激])|(?<![必无])须(?!知)"
_DENIERS = frozenset("no not none neither nor nobody never few".split())
# "4 yuan a month", "every month", "per month", "for each month"; not "in each month", which says when.
_TIME = r"(?=(?:school |calendar |working )?(?:day|week|month|term|year|semester)\b)"
_RATE = (
    r"\b(?:per|[Ff]or (?:each|every)|(?<![Ff]or )(?<![Ii]n )(?<![Ww]ithin )(?<![Oo]f )"
    r"(?<![Dd]uring )(?<![Oo]n )(?<![Aa]fter )(?<![Bb]efore )"
    rf"(?:each|every))\s{_TIME}"
)
_RANGE = r"[~～]|(?<=\d)\s?[-–—]\s?(?=\d)"
_FACT = re.compile(
    r"(?P<ymd>(?:[自从](?=[^，。；]{6,14}起))?"
    rf"(?P<y1>\d{{4}}|[{_HAN_FIGURES}]{{4}})\s?年\s?(?P<m1>{_HAN_DAY})\s?月(?:\s?(?P<d1>{_HAN_DAY})\s?[日号])?"
    rf"{_ENDING.format(1)})"
    rf"|(?P<md>(?P<m2>{_HAN_DAY})\s?月\s?(?P<d2>{_HAN_DAY})\s?[日号]{_ENDING.format(2)})"
    rf"|(?P<dmy>{_ROLE.format(3)}(?<!\d)(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<m3>{_MONTH})"
    r"(?:,?\s(?P<y3>\d{4})(?!\d))?)"
    rf"|(?P<mdy>{_ROLE.format(4)}(?P<m4>{_MONTH})\s(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)"
    r"(?:,?\s(?P<y4>\d{4})(?!\d))?)"
    rf"|(?P<my>{_ROLE.format(5)}(?P<m5>{_MONTH}),?\s(?P<y5>\d{{4}})(?!\d))"
    rf"|(?P<iso>(?:[自从](?=[^，。；]{{6,14}}起))?{_ROLE.format(7)}(?<!\d)(?P<y6>\d{{4}})(?P<dash>[-/.])(?P<m6>\d{{1,2}})(?P=dash)"
    rf"(?P<d6>\d{{1,2}})(?!\d){_ENDING.format(6)})"
    rf"|百分之(?P<hundredth>\d+(?:\.\d+)?|[{_HAN_FIGURES}百]+)"
    r"|(?:(?P<sign>[£$€¥￥])\s?)?(?P<figure>\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)*)"
    r"(?:(?:st|nd|rd|th)\b|\s?(?P<share>[%％]|per\s?cent\b)|\s?(?P<scale>[万亿千百]+|(?:thousand|million|billion)\b))?"
    r"|(?P<plan>十[一二三四五])五"
    rf"|(?P<han_figure>[{_HAN_FIGURES}][{_HAN_FIGURES}百千万亿]*)"
    rf"|(?P<spelt>(?i:\b{_FIGURE_WORD}(?:[\s-](?:and\s)?{_FIGURE_WORD})*\b))(?P<spelt_share>\sper\s?cent\b)?"
    rf"|(?P<whole>{'|'.join(sorted(_WHOLE, key=len, reverse=True))})"
    rf"|\b(?P<free>{_FREE})\b|\b(?P<duty>{_DUTY})\b|(?P<ought>{_OUGHT})"
    r"|\b(?P<chair>presid(?:e|es|ed) over|chair(?:ed|s)(?! of))\b|\b(?P<held>t(?:ake|akes|ook) place)\b"
    rf"|(?P<rate>{_RATE})|\b(?P<per>[Ff]or (?:each|every)|per)\b"
    r"|\b(?P<limit>(?:[Nn]o|[Nn]ot) (?:more|less|fewer|later|earlier|longer) than|[Aa]t (?:least|most))\b"
    rf"|(?P<denied>[^\W\d_{CJK}]+?)n['’]t\b"
    rf"|(?P<word>[^\W\d_{CJK}]+)(?:['’](?:s|ll|re|ve|d|m)?(?![^\W_]))?"
    rf"|(?P<han>[{CJK}])"
    rf"|(?P<range>{_RANGE})"
    r"|(?P<stop>[;；。！？!?\n]|\.(?![^\W_]))"
    r"|(?P<listed>、)"
    r"|(?P<comma>[,，:：()（）\[\]【】〔〕—–|\u3000・•]|\s-\s)"
    r"|(?P<other>[^\s\"'“”‘’《》<>*_#.\-])"
)


@lru_cache(maxsize=8192)
def read_facts(text: str) -> tuple[Fact, ...]:
    """The facts of a sentence, in its order; words that say nothing by themselves only leave a gap.

    English words are stemmed, Chinese is taken by characters and a few whole words; 三十, thirty and 30,
    百分之三十 and 30 %, 15 March 2023 and 2023-03-15 have one form each. A date holds the word that
    bounds it (by, from, 前).
    """
    facts: list[Fact] = []
    gap = STOP
    for said, kind, start, end in _scan(text):
        form = said
        if form == _DUTY_FORM and kind is FactKind.word:
            # "No school is required to" does not say that no school may.
            form = "requir" if _is_denied(facts) else "must"
        if kind is None:
            gap = max(gap, _GAPS[form])
        elif form in _SOFT:
            gap = max(gap, AND if form in _JOINERS else JOINED)
        else:
            opens = kind is FactKind.name and gap == STOP
            gap = max(gap, AND if form in _JOINERS else JOINED)
            facts.append(Fact(form, FactKind.word if opens else kind, start, end, gap))
            gap = AND if form in _JOINERS else JOINED
    return tuple(facts)


def _is_denied(facts: list[Fact]) -> bool:
    """Whether the clause whose facts come last begins with "no", or ends with "not"."""
    if not facts:
        return False
    first = next((fact for fact in reversed(facts) if fact.gap >= COMMA), facts[0])
    return first.form in _DENIERS or facts[-1].form in _DENIERS


def _scan(text: str) -> Iterator[tuple[str, FactKind | None, int, int]]:
    """(form, kind, start, end) of all that stands in a text; kind None for a stop or a comma."""
    numbers = iter(find_numbers(text))
    number = next(numbers, None)
    at = 0
    while match := _FACT.search(text, at):
        if number is not None and number.start < match.end():
            if number.start >= at:
                yield f"no:{number.terms[0]}", FactKind.number, number.start, number.end
                at = number.end
                number = next(numbers, None)
                continue
            number = next(numbers, None)
        yield from _name(match)
        at = match.end()


def _name(match: re.Match[str]) -> Iterator[tuple[str, FactKind | None, int, int]]:
    found = {name: value for name, value in match.groupdict().items() if value}
    start, end = match.span()
    if {"ymd", "md", "dmy", "mdy", "my", "iso"} & found.keys():
        yield _write_date(found), FactKind.date, start, end
    elif "figure" in found or "hundredth" in found or "han_figure" in found:
        yield _write_figure(found), FactKind.figure, start, end
    elif "plan" in found:
        yield f"plan:{_read_han(found['plan'])}", FactKind.figure, start, end
    elif "spelt" in found:
        values = _read_spelt(found["spelt"])
        for value in values:
            share = "%" if "spelt_share" in found and value is values[-1] else ""
            yield f"#{value}{share}", FactKind.figure, start, end
    elif "whole" in found:
        yield _SAME.get(found["whole"], found["whole"]), FactKind.word, start, end
    elif said := _PHRASES.keys() & found.keys():
        yield _PHRASES[said.pop()], FactKind.word, start, end
    elif "limit" in found:
        yield _LIMITS[found["limit"].lower().split()[1]], FactKind.word, start, end
    elif "denied" in found:
        yield (
            _stem({"ca": "can", "wo": "will", "sha": "must"}.get(found["denied"].lower(), found["denied"])),
            (FactKind.word),
            start,
            end,
        )
        yield "not", FactKind.word, start, end
    elif "word" in found:
        yield from _name_word(found["word"], start, end)
    elif "han" in found or "other" in found or "range" in found:
        yield found.get("han") or found.get("other") or "–", FactKind.word, start, end
    else:
        yield match.lastgroup or "comma", None, start, end


# One form for each group of the pattern that is a phrase; DUTY depends on what stands before it.
_DUTY_FORM = "duty"
_PHRASES = {
    "free": "needn't", "duty": _DUTY_FORM, "ought": "应当", "chair": "presid", "held": "hold", "rate": "a",
    "per": "per",
}  # fmt: skip


def _name_word(word: str, start: int, end: int) -> Iterator[tuple[str, FactKind | None, int, int]]:
    low = word.lower()
    if low in ("cannot",):
        yield "can", FactKind.word, start, end
        yield "not", FactKind.word, start, end
    elif low in _SOFT or low in _JOINERS:
        yield low, FactKind.word, start, end
    elif low.removesuffix("ly") in _ORDINALS:
        yield f"@{_ORDINALS[low.removesuffix('ly')]}", FactKind.word, start, end
    else:
        yield _stem(word), FactKind.name if word[0].isupper() else FactKind.word, start, end


@lru_cache(maxsize=65536)
def _stem(word: str) -> str:
    low = word.lower()
    low = _SAME.get(low, _IRREGULAR.get(low, low))
    return (index_terms(low) or [low])[-1]


def _write_date(found: dict[str, str]) -> str:
    parts = {name[0]: value for name, value in found.items() if re.fullmatch(r"[ymd]\d", name)}
    role = next((value.lower() for name, value in found.items() if name.startswith("role")), "")
    role = {"on": "", "in": "", "till": "until", "之前": "前", "以前": "前", "之后": "后", "以后": "后"}.get(role, role)
    year = str(_read_han(parts["y"])) if "y" in parts else ""
    month = parts["m"].rstrip(".").lower()
    day = f"-{_read_han(parts['d']):02d}" if "d" in parts else ""
    return f"d:{year}-{_MONTHS.get(month) or _read_han(month):02d}{day}{' ' + role if role else ''}"


def _write_figure(found: dict[str, str]) -> str:
    if "hundredth" in found:
        return f"#{_tidy(found['hundredth'])}%"
    if "han_figure" in found:
        return f"#{_read_han(found['han_figure'])}"
    scale = 1
    for letter in [found["scale"]] if found.get("scale", "") in _SCALES else found.get("scale", ""):
        scale *= _SCALES.get(letter) or _HAN_SCALES[letter]
    share = "%" if "share" in found else found.get("sign", "")
    return f"#{_tidy(found['figure'].replace(',', ''), scale)}{share}"


def _tidy(figure: str, scale: int = 1) -> str:
    """A figure without needless noughts; one with several points stays as it is."""
    if figure.count(".") > 1:
        return figure
    if not figure[0].isdigit():
        return str(_read_han(figure))
    value = f"{Decimal(figure) * scale:f}"
    return value.rstrip("0").rstrip(".") if "." in value else value


def _read_han(figure: str) -> int:
    """The value of a whole number in Chinese or other digits: 三十, 二〇二三, 1万."""
    if figure.isdecimal():
        return int(figure)
    if not set(figure) & set(_HAN_SCALES):
        return int("".join(str(_HAN_VALUES[digit]) for digit in figure))
    total = part = digit = 0
    for letter in figure:
        if letter in _HAN_VALUES:
            digit = digit * 10 + _HAN_VALUES[letter]
        elif _HAN_SCALES[letter] < 10_000:
            part, digit = part + (digit or 1) * _HAN_SCALES[letter], 0
        else:
            total, part, digit = (total + part + digit or 1) * _HAN_SCALES[letter], 0, 0
    return total + part + digit


def _read_spelt(words: str) -> list[int]:
    """The whole numbers that English number words say, in order: "one hundred and five" is one, "two three" two."""
    values: list[int] = []
    total = part = 0
    for word in re.findall(r"[a-z]+", words.lower()):
        if word == "and":
            continue
        value = _ENGLISH_FIGURES.get(word, 0)
        if value and part and not (part % 100 == 0 or (part % 10 == 0 and value < 10 and part % 100 >= 20)):
            values.append(total + part)
            total, part = 0, value
        elif value:
            part += value
        elif word == "hundred":
            part = (part or 1) * 100
        else:
            total, part = total + (part or 1) * _SCALES[word], 0
    return [*values, total + part]
