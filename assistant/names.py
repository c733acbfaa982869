"""Proper names: those that a question names, and whether a sentence names a person."""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import normalize

from core.types import Span
from store.words import find_places, has_chinese

_NAME = re.compile(
    r"(?<=[a-z,;:’'] )(?:the )?([A-Z][\w’'-]*(?:\s+(?:of\s+)?[A-Z][\w’'-]*)*)|(?<![\w.])([A-Z]{2,}[\w-]*)"
)
_NOT_NAMES = re.compile(
    r"^(?:I|January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Act|Article|Section"
    r"|(?:North|South|East|West)(?:ern)?|Central)$"
)
_ABROAD = {
    "英国": ("uk", "united kingdom", "britain", "british", "england", "scotland", "wales"),
    "英格兰": ("england", "english"),
    "苏格兰": ("scotland", "scottish"),
    "威尔士": ("wales", "welsh"),
    "爱尔兰": ("ireland", "irish"),
    "伦敦": ("london",),
    "美国": ("us", "usa", "u.s.", "united states", "america", "american"),
    "加拿大": ("canada", "canadian"),
    "澳大利亚": ("australia", "australian"),
    "新西兰": ("new zealand",),
    "法国": ("france", "french"),
    "德国": ("germany", "german"),
    "芬兰": ("finland", "finnish"),
    "日本": ("japan", "japanese"),
    "韩国": ("korea", "korean"),
    "新加坡": ("singapore",),
    "印度": ("india", "indian"),
    "俄罗斯": ("russia", "russian"),
    "欧盟": ("european union", "eu"),
    "中国": ("china", "chinese"),
    "北京": ("beijing",),
    "上海": ("shanghai",),
    "香港": ("hong kong",),
    "台湾": ("taiwan",),
    "四川": ("sichuan",),
}
# A name, and the other names of the same: France for French.
_SAME = {name: names for names in _ABROAD.values() for name in names} | {
    "united": ("us", "usa", "u.s.", "uk", "american", "british"),
    "states": ("us", "usa", "u.s.", "american"),
    "kingdom": ("uk", "british", "britain"),
    "union": ("eu",),
}
# The law or rules that a question names, with whatever stands before: 根据教师法规定 names 教师法.
_CHINESE_LAW = re.compile(
    r"([\u4e00-\u9fff]{2,14}(?:法|条例|办法|细则|纲要|章程))(?=规定|要求|所称|从|自|何时|什么|施行|实施|中|第|对|的)"
)
_ASKING_WORDS = frozenset("what when where which who whom whose why how did does do is are was were".split())
# Of a name of so many letters the ending may differ: Germany, German.
_LONG = 7
_SHORT = 3
_INITIALS = 5
_ACCENTED = re.compile("[\u00c0-\u024f\u1e00-\u1eff]|.[\u0300-\u036f]+")
_IS_ACCENTED = re.compile("[\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_RUN = re.compile(r"\b[A-Z][a-z’'-]+(?:\s+(?:[A-Z]\.|[A-Z][a-z’'-]+|[A-Z][a-z]+-[A-Z][a-z]+))+")
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof)\.?\s+[A-Z][a-z]+")
# Capitalised words that are no part of a person's name: what stands before one, and what names a body.
_OFFICES = frozenset(
    """The Superintendent Director Deputy Vice Chair Chairman Chairwoman President Principal Minister Secretary
    Dean Governor Mayor Professor Comrade Commissioner Officer Head Teacher Inspector General Senator
    Representative""".split()
)
_BODIES = frozenset(
    """School Schools District Committee Department Bureau Office Ministry University College Education Educational
    Board Council Commission Institute Centre Center Association Act Bill Policy Plan Programme Program
    Service Services Technical Vocational Regional High Primary Secondary National Provincial Public State
    States Of And For Notice Circular Guidance Regulations Law Code Fund Grant Award Allowance Street Road
    City County Province Town Village North South East West New General House Senate Congress Parliament
    Agency Authority Company Group Team Section Chapter Article Part Annex Table Student Students Teachers
    Teaching Learning Training Pension Scheme Loan Loans Course Courses""".split()
)
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖"
    "贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_CHINESE_PERSON = re.compile(
    rf"[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}(?:同志|教授|老师|主任|厅长|局长|处长|部长|省长|市长|校长|院长|书记|研究员|博士|专家|先生|女士)"
    rf"|(?:教授|主任|厅长|局长|处长|部长|省长|市长|校长|院长|书记|研究员|博士|专家|主持人|联系人)[:：]?\s*[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}"
    r"(?![\u4e00-\u9fff]{0,1}(?:委员会|小组|会议))"
)


def find_names(question: str) -> list[str]:
    """The proper names in a question: capitalised words inside it, in Chinese places and words in Latin letters."""
    if has_chinese(question):
        latin = re.findall(r"(?<![A-Za-z])[A-Z][\w’'-]*[A-Za-z]", question, re.ASCII)
        return list(dict.fromkeys([*latin, *find_places(question)]))
    names = [next(group for group in match.groups() if group) for match in _NAME.finditer(question)]
    words = [part for name in names for word in name.split() for part in _split_hyphened(word)]
    parts = [word for word in words if not _NOT_NAMES.match(word) and word != "of"]
    parts = [word for word in parts if word.lower() not in _ASKING_WORDS]
    return list(dict.fromkeys(parts))


def _split_hyphened(word: str) -> list[str]:
    """The capitalised parts of a word with a hyphen: Chinese-style names what is Chinese; a code stays whole."""
    parts = re.split("[-–]", word)
    if word.isupper() or any(len(part) < 2 or not part.isalpha() for part in parts):
        return [word]
    return [part for part in parts if part[0].isupper()]


def is_named(name: str, told: str, language: str) -> bool:
    """Whether a name stands in a folded text; in a text of the other language, by its name there.

    A place that has no known name in the text's language is taken for named, since nobody can tell.
    """
    if stands_in(name, told):
        return True
    if language == "en" and has_chinese(name):
        return any(re.search(rf"\b{other}\b", told) for other in _ABROAD.get(name, ("",)))
    return any(re.search(rf"\b{re.escape(other)}\b", told) for other in _SAME.get(fold(name), ()))


def has_other_names(name: str) -> bool:
    """Whether a name is that of a well-known place, which goes by other names too."""
    return fold(name) in _SAME


def stands_in(name: str, told: str) -> bool:
    """Whether a name stands in a folded text as it is, or with another ending: the Hawaiian, Germany's, Germans."""
    return _find_name(name).search(told) is not None


@lru_cache(maxsize=256)
def _find_name(name: str) -> re.Pattern[str]:
    """A pattern for a name in folded text; a short one must be a whole word: "US" stands in every "status"."""
    plain = fold(re.sub(r"['’]s?$", "", name))
    if has_chinese(plain):
        return re.compile(re.escape(plain))
    if name.isupper() and name.isalpha() and len(name) <= _INITIALS:
        return re.compile(rf"(?<![a-z0-9])(?:{'[.]?'.join(plain)}s?|{_spell_out(plain)})(?![a-z0-9])")
    if len(plain) <= _SHORT:
        return re.compile(rf"(?<![a-z0-9]){re.escape(plain)}s?(?![a-z0-9])")
    stem = plain[:-2] if len(plain) >= _LONG else plain.removesuffix("s")
    return re.compile(rf"(?<![a-z0-9]){re.escape(stem)}")


def _spell_out(initials: str) -> str:
    """A pattern for words in a row with these initials, small words between them; II at the end is a numeral."""
    words = initials[0] + initials[1:].rstrip("i")
    numeral = initials[len(words) :]
    spelt = [rf"{letter}[a-z]+" for letter in words] + ([numeral] if numeral else [])
    return r"[\s-]+(?:(?:of|for|and|the|in)\s+)*".join(spelt)


def fold(text: str) -> str:
    """A text in small letters without accents: Bolesław is boleslaw."""
    small = text.lower().replace("ł", "l")
    if _IS_ACCENTED.search(small) is None:
        return small
    return _ACCENTED.sub(lambda match: _ACCENTS.sub("", normalize("NFKD", match.group())), small)


def find_laws(question: str) -> list[str]:
    """The Chinese laws and rules that a question names, each perhaps with words that stand before the name."""
    return _CHINESE_LAW.findall(question)


def names_person(sentence: str) -> bool:
    """Whether a person is named: by a title and a name, or by two names that belong to no office or body."""
    return bool(locate_persons(sentence))


def locate_persons(sentence: str) -> list[Span]:
    """Where persons are named in a sentence, their titles with them."""
    found = [Span(*match.span()) for pattern in (_TITLED, _CHINESE_PERSON) for match in pattern.finditer(sentence)]
    for match in _RUN.finditer(sentence):
        words = [word for word in match.group().split() if word not in _OFFICES]
        if len(words) >= 2 and not _BODIES & set(words):
            found.append(Span(*match.span()))
    return found
