"""What careless and careful writers do to a sentence that they quote: alterations of it, and what changes nothing."""

from __future__ import annotations

import random
import re
import textwrap
from collections.abc import Callable, Iterator

from evals.planting import Planted, Soil, plant_faults

# Of the faults of evals.planting those that leave no mere part of the sentence, which would be a true quotation.
_FAULTS = frozenset(
    "name,figure,date,year,negation,modality,comparison,unit,quantifier,merged clause,added place".split(",")
)
_LETTER = re.compile(r"(?<=[A-Za-z])[a-z](?=[a-z])")
_HAN = re.compile(r"(?<=[\u4e00-\u9fff])[\u4e00-\u9fff](?=[\u4e00-\u9fff])")
_WORD = re.compile(r"(?<=[a-z,]\s)[A-Za-z]+ (?=\w)")
_MARK = re.compile(r"(?<=[^\W\d_])[,;，；、](?=\s?[^\W\d_])")
_OTHER_MARK = {",": ";", ";": ",", "，": "；", "；": "，", "、": "，"}
_WIDE = str.maketrans({",": "，", ";": "；", "(": "（", ")": "）", "?": "？", "!": "！", "%": "％"})
_NARROW = str.maketrans({wide: narrow for narrow, wide in zip(",;()?!%", "，；（）？！％", strict=True)})
_CURLY = str.maketrans({"“": '"', "”": '"', "’": "'", "‘": "'"})
_CORNERS = str.maketrans({"“": "「", "”": "」", "‘": "『", "’": "』"})
_WIDTH, _WIDTH_HAN = 40, 18
INVENTED = {
    "en": "Every school library must lend three telescopes to each family before the winter festival of lanterns.",
    "zh": "各学校图书馆应当在冬季灯会之前向每个家庭出借三台天文望远镜。",
}


def alter(soil: Soil, chance: random.Random) -> list[Planted]:
    """Every alteration of a sentence that can be made, one of a kind; none of them is a quotation of it."""
    planted = [fault for fault in plant_faults(soil, chance) if fault.kind in _FAULTS]
    for kind, planter in _ALTERATIONS.items():
        text = planter(soil, chance)
        if text and text != soil.text:
            planted.append(Planted(kind, text))
    return planted


def leave_alone(soil: Soil) -> Iterator[Planted]:
    """The sentence as it stands, and changed in ways that are no alteration."""
    text = soil.text
    yield Planted("as it stands", text)
    yield Planted("white space", re.sub(r"\s+", "  ", text) if soil.language == "en" else text.replace("，", "， "))
    yield Planted("line breaks", _wrap(text, soil.language))
    yield Planted("straight marks", text.translate(_CURLY))
    yield Planted("corner marks", text.translate(_CORNERS) if soil.language == "zh" else text.replace("'", "’"))
    yield Planted("width", text.translate(_NARROW) if soil.language == "zh" else _widen(text))
    yield Planted("dashes", re.sub(r"[–—]+", "-", text))
    yield Planted("soft hyphens", "\u00ad".join(text[at : at + 9] for at in range(0, len(text), 9)))
    yield Planted("last mark", text.rstrip(".。;；"))
    if soil.language == "en" and re.match(r"[A-Z][a-z]", text):
        yield Planted("first letter", text[0].lower() + text[1:])


def _wrap(text: str, language: str) -> str:
    if language == "zh":
        return "\n".join(text[at : at + _WIDTH_HAN] for at in range(0, len(text), _WIDTH_HAN))
    return textwrap.fill(text, _WIDTH, break_long_words=False, break_on_hyphens=False)


def _widen(text: str) -> str:
    """Marks of full width, but within figures, where a comma is a part of the figure."""
    return re.sub(r"[,;()?!%](?!\d)", lambda match: match.group().translate(_WIDE), text)


def _change_character(soil: Soil, chance: random.Random) -> str:
    places = list((_HAN if soil.language == "zh" else _LETTER).finditer(soil.text))
    if not places:
        return ""
    at = chance.choice(places).start()
    others = [c for other in soil.others for c in _HAN.findall(other)] if soil.language == "zh" else list("aeioutrns")
    others = [other for other in others if other != soil.text[at]]
    return soil.text[:at] + chance.choice(others) + soil.text[at + 1 :] if others else ""


def _leave_out_word(soil: Soil, chance: random.Random) -> str:
    places = list((_HAN if soil.language == "zh" else _WORD).finditer(soil.text))
    if not places:
        return ""
    place = chance.choice(places)
    return soil.text[: place.start()] + soil.text[place.end() :]


def _merge_sentences(soil: Soil, chance: random.Random) -> str:
    others = [other for other in soil.others if other not in soil.text and other.strip().endswith((".", "。"))]
    if not others:
        return ""
    other, body = chance.choice(others).strip(), soil.text.rstrip(".。;；")
    return f"{body}，{other}" if soil.language == "zh" else f"{body} and {other[0].lower()}{other[1:]}"


def _change_mark(soil: Soil, chance: random.Random) -> str:
    places = list(_MARK.finditer(soil.text))
    if not places:
        return ""
    at = chance.choice(places).start()
    return soil.text[:at] + _OTHER_MARK[soil.text[at]] + soil.text[at + 1 :]


_ALTERATIONS: dict[str, Callable[[Soil, random.Random], str]] = {
    "character": _change_character,
    "left out word": _leave_out_word,
    "merged sentences": _merge_sentences,
    "punctuation": _change_mark,
}
