"""How a notice is called in another: by its number, by its title, by what its title says it is about."""

from __future__ import annotations

import re
import unicodedata

from core.types import NoticeCard
from store.words import CJK, find_numbers, has_chinese

# A shorter title names too much: 通知, "Report".
_SHORTEST_TITLE = 6
_DATED = re.compile(r"[(（][^()（）]{0,12}\d{4}[^()（）]{0,24}[)）]\s*$")
_NOT_OF_NAME = re.compile(r"[《》〈〉「」‘“”\"*#]")
_YEARS = re.compile(r"\d{4}(?:[-–/]\d{2,4})?\s*(?:学?年度?)?")
_STATE = "中华人民共和国"
_ABOUT = "关于"
# What stands before the figures of a number is its office: 云教发〔2019〕20号, 教育部令第13号, Education Notice No. 7.
_CHINESE_OFFICE = re.compile(
    rf"([{CJK}]{{1,20}})\s?(?=[〔﹝\[［【(（]\s?\d{{4}}\s?[〕﹞\]］】)）]|令?\s?第?\s?\d+\s?号)"
)
_ENGLISH_OFFICE = re.compile(r"((?:[A-Z][\w’'-]*\s+)*)[Nn][Oo]s?\.?\s?\d")
_BRACKETED_TITLE = re.compile(r"《((?:[^《》]|《[^《》]*》)+)》")
_QUOTED_TITLE = re.compile(r"[“‘\"]([^“”‘\"]{6,200}?)[”’\"](?!\w)")
_KIND = re.compile(
    r"(?i)\b(?:notice|circular|guidance|guidelines|regulations|rules|measures|act|directive|ordinance|decree)\b"
)
# Terms of versions begin with this; no title and no number does.
VERSION = "="


def fold_title(title: str) -> str:
    """A title in the form in which two are compared: without marks, case, date in brackets, "the" before it."""
    plain = _NOT_OF_NAME.sub("", unicodedata.normalize("NFKC", _DATED.sub("", title))).casefold()
    plain = re.sub(r"^the\s+", "", " ".join(plain.split()).strip(" .,;:，。；："))
    return re.sub(r"\s", "", plain) if has_chinese(plain) else plain


def number_terms(text: str) -> frozenset[str]:
    """The terms of the numbers of notices in a text."""
    return frozenset(term for number in find_numbers(text) for term in number.terms)


def title_terms(title: str) -> frozenset[str]:
    """The terms of a title: whole, without the state's name, and from 关于 on; none of one that is too short."""
    whole = fold_title(title)
    forms = {whole, whole.removeprefix(_STATE), _about(whole)[1]}
    return frozenset(f"《{form}" for form in forms if len(form) >= _SHORTEST_TITLE)


def call_names(card: NoticeCard) -> frozenset[str]:
    """Every term under which a notice may be named, and the one that it shares with its other years' versions."""
    return number_terms(card.number) | title_terms(card.title) | _version(card)


def name_terms(named: str) -> frozenset[str]:
    """Every term that the words with which a notice is named hold; as they stand, they are a title too."""
    quoted = [*_BRACKETED_TITLE.findall(named), *_QUOTED_TITLE.findall(named)]
    titles = quoted or ([] if number_terms(named) and not has_chinese(named) else [named])
    return number_terms(named) | frozenset(term for title in titles for term in title_terms(title))


def fits(named: str, terms: frozenset[str], card: NoticeCard, by: NoticeCard) -> bool:
    """Whether words of the notice `by` that share a term with `card` name it, and not another of that number or title.

    A number must be of the same office: 云教发〔2019〕20号 is not 青教〔2019〕20号. A title that is the same
    from 关于 on must be of the same body.
    """
    own = number_terms(card.number)
    if own and (stated := number_terms(named)):
        return bool(stated & own) and _are_one_office(_offices(named), _offices(card.number))
    title = fold_title(card.title)
    if not terms & title_terms(card.title):
        return False
    if f"《{title}" in terms or f"《{title.removeprefix(_STATE)}" in terms:
        return True
    before, about = _about(fold_title(_innermost(named)))
    stated_by = before or fold_title(named.partition("《")[0] if "《" in named else "")
    body = _about(title)[0] or fold_title(card.issuer)
    if not about or not body:
        return bool(about)
    return _ends_alike(stated_by, body) if stated_by else _ends_alike(fold_title(by.issuer), body)


def names_notice(named: str) -> bool:
    """Whether words can only mean a notice, even one that is not in: a number, 《…》, a word such as "circular"."""
    return bool(number_terms(named) or _BRACKETED_TITLE.search(named) or _KIND.search(named) or _ABOUT in named)


def _version(card: NoticeCard) -> frozenset[str]:
    title = " ".join(_YEARS.sub("", fold_title(card.title)).split()).strip(" ,，")
    return frozenset({f"{VERSION}{card.issuer}|{title}"} if card.issuer and len(title) >= _SHORTEST_TITLE else ())


def _innermost(named: str) -> str:
    found = _BRACKETED_TITLE.search(named)
    return found.group(1) if found else named


def _about(title: str) -> tuple[str, str]:
    """(body, what the title is from 关于 on) of a title in Chinese; ('', '') of one without, or that forwards."""
    body, about, rest = title.partition(_ABOUT)
    return (body, about + rest) if about and "转发" not in body else ("", "")


def _offices(text: str) -> list[str]:
    chinese = [office.removesuffix("第").removesuffix("令") for office in _CHINESE_OFFICE.findall(text)]
    english = [" ".join(word.rstrip("s") for word in run.casefold().split()) for run in _ENGLISH_OFFICE.findall(text)]
    return [office for office in chinese + english if office]


def _are_one_office(stated: list[str], own: list[str]) -> bool:
    """Whether one of the offices stated is the notice's own; where either has none, nothing speaks against it."""
    return not stated or not own or any(_ends_alike(a, b) for a in stated for b in own)


def _ends_alike(one: str, other: str) -> bool:
    return bool(one and other) and (one.endswith(other) or other.endswith(one))
