"""Those whom notices bind: the names that mean the same party, in English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from store.words import content_terms, has_chinese

# A line for each party: its names in English, in the plural, then in Chinese. The first ones are its common names.
_PARTIES = (
    (("schools", "governing bodies"), ("学校", "中小学", "各校")),
    (
        ("universities", "higher education institutions", "higher education providers"),
        ("高校", "高等学校", "高等院校", "大学"),
    ),
    (("kindergartens", "nurseries"), ("幼儿园",)),
    (("teachers",), ("教师", "老师")),
    (("principals", "headteachers", "head teachers"), ("校长",)),
    (("pupils", "students", "learners"), ("学生",)),
    (("parents", "carers", "guardians"), ("家长", "父母", "监护人")),
    (
        ("education bureaus", "education bureau", "local authorities", "education authorities"),
        ("教育局", "教育部门", "教育行政部门", "教育主管部门"),
    ),
    (("training providers",), ("培训机构",)),
    (("applicants", "candidates"), ("考生", "申请人")),
)  # fmt: skip
# "Each of the schools" are schools, "staff of schools" are not.
_QUANTIFIER = re.compile(r"(?i)^(?:each|all|any|some|most|both|one|none|every one)\s+of\s+(?:the|these|those)?\s*")
# What stands behind one of these says more of the party, and is not its name.
_COMPLEMENT = re.compile(
    r"(?i)\s+(?:of|in|at|on|for|to|from|by|with|within|without|under|over|who|that|which|whose|on|concerned|\()(?:\s|$)"
)
_JOINED = re.compile(r"(?i)\s*,\s*(?:and|or)?\s*|\s+(?:and|or)\s+")
_JOINED_CHINESE = re.compile("[、和与及或，]")
# How Chinese says all or each before a name.
_EVERY = re.compile("^(?:各级各类|各级|各类|所有的?|全部|全体|全省|全市|各|每所|每名|每个)+(?=..)")


@lru_cache(maxsize=8192)
def fits_party(said: str, asked: str) -> bool:
    """Whether one who is bound, as a notice says it, is meant by `asked`: a part of the name, or a party.

    A party is known by any of its names in the same language, in any form: "schools" are meant by
    "Every school" and "the governing body of a school". `asked` may join several: any of them fits.
    """
    if asked.casefold() in said.casefold():
        return True
    if has_chinese(asked) or has_chinese(said):
        return any(name in said for part in split_parties(asked) for name in _name_alike(part))
    heads = [tuple(content_terms(head)) for head in _find_heads(said)]
    names = [tuple(content_terms(name)) for part in split_parties(asked) for name in _name_alike(part)]
    return any(name and head[-len(name) :] == name for name in names for head in heads)


def names_same(said: str, asked: str) -> bool:
    """Whether a notice calls somebody by this very name, articles and words such as "every" aside."""
    if has_chinese(asked):
        return _EVERY.sub("", said) == _EVERY.sub("", asked)
    return content_terms(said) == content_terms(asked) != []


def split_parties(asked: str) -> list[str]:
    """The parties that are joined in `asked`, without what says all or each of them."""
    if has_chinese(asked):
        parts = [_EVERY.sub("", part) for part in _JOINED_CHINESE.split(asked)]
    else:
        parts = [part.strip() for part in _JOINED.split(asked)]
    return [part for part in parts if part]


def is_known(asked: str) -> bool:
    """Whether each of those who are joined in `asked` is a known party, of whatever kind ("rural schools")."""
    return bool(split_parties(asked)) and all(
        _find_party(part, whole=False) is not None for part in split_parties(asked)
    )


def name_plainly(asked: str) -> str:
    """A known party by that name of its own which it was asked by, in the plural: "a school" are schools."""
    terms = tuple(content_terms(asked))
    plural = (name for name in list_names("en") if tuple(content_terms(name)) == terms)
    return asked if has_chinese(asked) else next(plural, asked)


def translate_party(asked: str) -> str:
    """The common name of a party in the other language, '' where it is not one by its plain name."""
    parties = [_find_party(part, whole=True) for part in split_parties(asked)]
    if len(parties) != 1 or parties[0] is None:
        return ""
    return parties[0][0 if has_chinese(asked) else 1][0]


def list_names(language: str) -> list[str]:
    """All names of known parties in a language ('en', 'zh'), the longest first."""
    names = [name for english, chinese in _PARTIES for name in (chinese if language == "zh" else english)]
    return sorted(names, key=lambda name: (-len(name), name))


_Party = tuple[tuple[str, ...], tuple[str, ...]]


@lru_cache(maxsize=256)
def _find_party(name: str, *, whole: bool) -> _Party | None:
    """The party of this name, or whose name ends so; the longest of its names decides."""
    language = "zh" if has_chinese(name) else "en"
    terms = tuple(content_terms(name))
    for known in list_names(language):
        if language == "zh":
            fits = name == known if whole else name.endswith(known)
        else:
            own = tuple(content_terms(known))
            fits = terms == own if whole else bool(own) and terms[-len(own) :] == own
        if fits:
            return next(party for party in _PARTIES if known in party[0] or known in party[1])
    return None


def _name_alike(asked: str) -> tuple[str, ...]:
    """The names of a plain party in its language; of any other the name itself."""
    party = _find_party(asked, whole=True)
    return (asked,) if party is None else party[1 if has_chinese(asked) else 0]


def _find_heads(said: str) -> Iterator[str]:
    """Who is named, without what is said of them: "Teachers and heads in schools" are teachers and heads."""
    plain = _COMPLEMENT.split(_QUANTIFIER.sub("", said), maxsplit=1)[0]
    return (head for head in _JOINED.split(plain) if head)
