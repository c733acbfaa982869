"""Proper names: those that a question names, and whether a sentence names a person."""

from __future__ import annotations

import re

from core.types import Span
from store.words import content_terms, has_chinese

_NAME = re.compile(
    r"(?<=[a-z,;:’'] )(?:the )?([A-Z][\w’'-]*(?:\s+(?:of\s+)?[A-Z][\w’'-]*)*)|(?<![\w.])([A-Z]{2,}[\w-]*)"
)
_NOT_NAMES = re.compile(
    r"^(?:I|January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Act|Article|Section)$"
)
_CHINESE_NAME = re.compile(r".{2,}(?:省|市|县|区|州|大学|学院)$")
# The law or rules that a question names, with whatever stands before: 根据教师法规定 names 教师法.
_CHINESE_LAW = re.compile(
    r"([\u4e00-\u9fff]{2,14}(?:法|条例|办法|细则|纲要|章程))(?=规定|要求|所称|从|自|何时|什么|施行|实施|中|第|对|的)"
)
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
    """The proper names in a question: capitalised words inside it, and Chinese places and schools."""
    names = [next(group for group in match.groups() if group) for match in _NAME.finditer(question)]
    parts = [word for name in names for word in name.split() if not _NOT_NAMES.match(word) and word != "of"]
    if has_chinese(question):
        parts += [term for term in content_terms(question) if _CHINESE_NAME.match(term)]
    return list(dict.fromkeys(parts))


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
