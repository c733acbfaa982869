"""True sentences in slightly other words, as a chat model puts them: nothing in them may be withheld."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from evals.planting import Planted, Soil

_LEAD = re.compile(
    r"(?:(?i:first|second|third|fourth|finally|in addition|moreover|furthermore|also)(?:ly)?, |[一二三四五六七八九]是"
    r"|\(?\d{1,2}[.)]\s|[（(][一二三四五六七八九十]{1,2}[）)]|[一二三四五六七八九十]{1,2}、"
    r"|[-•*] |同时，|此外，|另外，)"
)
_BRACKETS = re.compile(r"\s?(?:\([^()]{2,80}\)|（[^（）]{2,40}）)")
_BOUNDS = re.compile(
    r"(?i)\b(?:except|unless|only|provided|subject|but|however|if|when|where|without|not|no|never|other than|until|nor|"
    r"although|though|as long as|in particular|while|once|because|may|can|excluding|neither|between|both|either|or)\b"
    r"|除|但|只|仅|如|若|的[，,]|外|不|经|未|无|可|禁|勿|情况|原则|前提"
)
_FRONTED = re.compile(r"(On|In|By|From|At|During) ([^,]{4,50}), ([a-z][^,]+)\.")
_ARTICLE = re.compile(r"(?<=[a-z] )(?:the|a|an) (?=[a-z])")
_DATE = re.compile(
    r"(\d{1,2}) (January|February|March|April|May|June|July|August|September|October|November|December) (\d{4})"
)
_HAN_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_WORDS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen \
seventeen eighteen nineteen twenty".split()
_HAN_WORDS = "零一二三四五六七八九十"


def paraphrase(soil: Soil, chance: random.Random) -> list[Planted]:
    """A sentence as it is, and every light paraphrase of it that the rules give, one of a kind."""
    makers: dict[str, Callable[[Soil, random.Random], str]] = {
        "verbatim": lambda soil, _: soil.text, "lead-in dropped": _drop_lead, "brackets dropped": _drop_brackets,
        "first clauses": _keep_first, "last sentence part": _keep_last, "adverbial moved": _move_adverbial,
        "article dropped": _drop_article, "plural": _toggle_plural, "number words": _write_numbers,
        "date format": _rewrite_date, "per cent": _write_share,
    }  # fmt: skip
    made = [Planted(kind, maker(soil, chance)) for kind, maker in makers.items()]
    return [one for one in made if one.text and (one.kind == "verbatim" or one.text != soil.text)]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _drop_lead(soil: Soil, _: random.Random) -> str:
    lead = _LEAD.match(soil.text)
    return _capital(soil.text[lead.end() :]) if lead else ""


def _drop_brackets(soil: Soil, _: random.Random) -> str:
    found = _BRACKETS.search(soil.text)
    if not found or found.start() == 0 or _BOUNDS.search(found.group()):
        return ""
    return soil.text[: found.start()] + soil.text[found.end() :]


def _keep_first(soil: Soil, chance: random.Random) -> str:
    """The sentence up to one of its commas, where what follows bounds nothing."""
    mark = "，" if soil.language == "zh" else ", "
    cuts = [at.start() for at in re.finditer(f"(?<![的\\d]){mark}(?!\\d)", soil.text)]
    cuts = [cut for cut in cuts if cut >= (10 if soil.language == "zh" else 40) and not _BOUNDS.search(soil.text[cut:])]
    if not cuts or re.match(
        r"(?i)(?:on|in|by|from|at|for|to|after|before|according|as|with|of|对|在|按|根据|为|以)", soil.text
    ):
        return ""
    return soil.text[: chance.choice(cuts)] + ("。" if soil.language == "zh" else ".")


def _keep_last(soil: Soil, _: random.Random) -> str:
    """What follows the last semicolon."""
    _head, mark, tail = soil.text.rpartition("；" if soil.language == "zh" else "; ")
    return _capital(tail) if mark and len(tail) > 8 else ""


def _move_adverbial(soil: Soil, _: random.Random) -> str:
    found = _FRONTED.fullmatch(soil.text)
    return f"{_capital(found[3])} {found[1].lower()} {found[2]}." if found else ""


def _drop_article(soil: Soil, chance: random.Random) -> str:
    places = list(_ARTICLE.finditer(soil.text))
    if not places:
        return ""
    place = chance.choice(places)
    return soil.text[: place.start()] + soil.text[place.end() :]


def _toggle_plural(soil: Soil, _: random.Random) -> str:
    pairs = {"schools": "school", "teachers": "teacher", "pupils": "pupil", "students": "student", "parents": "parent"}
    for many, one in pairs.items():
        if re.search(rf"\b{many}\b", soil.text):
            return re.sub(rf"\b{many}\b", one, soil.text, count=1)
    return ""


def _write_numbers(soil: Soil, _: random.Random) -> str:
    if soil.language == "zh":
        found = re.search(r"(?<![\d.月年〔第])([3-9]|10)(?=(?:名|个|所|人|天|次|项|年内))", soil.text)
        return soil.text[: found.start()] + _HAN_WORDS[int(found[1])] + soil.text[found.end() :] if found else ""
    months = "|".join("January February March April May June July August September October November December".split())
    found = re.search(rf"(?<=[a-z] )(1?\d|20)(?= (?!{months})[a-z])", soil.text)
    if found:
        return soil.text[: found.start()] + _WORDS[int(found[1])] + soil.text[found.end() :]
    spelt = re.search(rf"\b({'|'.join(_WORDS[2:])})\b(?= [a-z])", soil.text)
    return soil.text[: spelt.start()] + str(_WORDS.index(spelt[1])) + soil.text[spelt.end() :] if spelt else ""


def _rewrite_date(soil: Soil, chance: random.Random) -> str:
    if soil.language == "zh":
        return _HAN_DATE.sub(lambda found: f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}", soil.text, count=1)
    return _DATE.sub(lambda found: f"{found[2]} {found[1]}, {found[3]}", soil.text, count=1)


def _write_share(soil: Soil, _: random.Random) -> str:
    if soil.language == "zh":
        return re.sub(r"(\d+)%", r"百分之\1", soil.text, count=1)
    return re.sub(r"(\d) ?%", r"\1 per cent", soil.text, count=1)
