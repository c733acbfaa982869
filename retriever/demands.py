"""Does a question ask for the requirements of a year, or of somebody, and nothing else? Rules for both languages."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from core.types import Strength
from retriever.mentions import Kind, plain_figures
from retriever.parties import is_known, list_names, name_plainly
from retriever.periods import read_times
from retriever.question import Query


@dataclass(frozen=True, slots=True)
class Demand:
    """What is asked for: requirements of these strengths, of those named by `bound` ('' for anybody).

    `is_known` is False where `bound` may be a matter rather than a party: only the notices can tell.
    """

    strengths: tuple[Strength, ...]
    bound: str = ""
    is_known: bool = True


def read_demand(query: Query) -> Demand | None:
    """The demand that a question makes; None where it asks for anything else too, or for no year and of nobody.

    A day, or one by which something is due, is something else: no year is asked for.
    """
    mentions = read_times(query.text, datetime.date.today()).mentions
    if query.spoken_years or query.numbers or any(mention.kind is Kind.date for mention in mentions):
        return None
    rest = plain_figures(query.text)
    for mention in reversed(mentions):
        rest = f"{rest[: mention.start]} {rest[mention.end :]}"
    demand = _read_chinese(rest) if query.language == "zh" else _read_english(rest)
    return demand if demand is not None and (demand.bound or query.years or query.only_years) else None


# -- what binds how ----------------------------------------------------------------------------

_REQUIRED = (Strength.must, Strength.must_not)
_ADVISED = (Strength.must, Strength.should, Strength.must_not)


def _choose_strengths(requires: bool, advises: bool, forbids: bool, allows: bool, denies: bool) -> tuple[Strength, ...]:
    """The strengths that the words of a question ask for; () where they ask for none: what is not forbidden."""
    if forbids:
        return () if denies else (Strength.must_not,)
    if denies:
        return (Strength.must_not,) if allows else ()
    if requires or advises:
        return _ADVISED if advises else _REQUIRED
    return (Strength.may,) if allows else ()


# -- English -----------------------------------------------------------------------------------

_WORD = re.compile(r"[a-z]+(?:['-][a-z]+)*|\d+|[^\s\w.,;:?!\"“”()]")
_OPENS = re.compile(
    r"(?:(?:please|and|so|then|in|for|during) )*(?:(?:tell|show|give|list|name)(?: me| us)? what\b"
    r"|what(?: else| exactly| all)? (?:was|were|is|are|has|have|had|did|do|does|must|should|shall|may|can|could|will"
    r"|needs?|cannot|\w+n't)\b"
    r"|(?:what|which|list|show|give|name|tell)"
    r"(?: (?:me|us|was|were|is|are|all|of|the|any|every|main|key|binding|legal))*"
    r" (?:requirements?|obligations?|dut(?:y|ies)|prohibitions?)\b)"
)
_REQUIRES = re.compile(
    r"\b(?:require[ds]?|requirements?|oblig\w+|dut(?:y|ies)|mandatory|compulsory|demand(?:s|ed)?|expect(?:s|ed)?|asked"
    r"|ha(?:ve|s|d) to|needs? to|needed to|must|shall)\b"
)
_ADVISES = re.compile(r"\bshould\b")
_FORBIDS = re.compile(r"\b(?:forbid\w*|forbade|prohibit\w*|ban(?:s|ned)?)\b")
# "What must schools not do": the denial may stand apart from its modal.
_MUST_NOT = re.compile(r"\b(?:must|shall|should|may)n't\b|\b(?:must|shall|should|may)\b.*\b(?:not|never)\b")
_ALLOWS = re.compile(r"\b(?:allow\w*|permit\w*|may|can|could|cannot)\b")
_DENIES = re.compile(r"\b(?:not|never|cannot|\w+n't)\b")
_FRAMING = frozenset(
    """what which list show give name tell me us please so then else exactly all every each any both the a an of for
    from by to on upon in during within under was were is are been be being has have had did do does doing done must
    shall should may can could will not never cannot need needs needed require requires required requirement
    requirements obligation obligations obliged obligatory duty duties mandatory compulsory prohibit prohibits
    prohibited prohibiting prohibition prohibitions forbid forbids forbade forbidden ban bans banned allow allows
    allowed permit permits permitted expect expects expected demand demands demanded asked notice notices policy
    policies circular circulars there apply applied applies applying placed imposed set out made laid down comply
    observe follow meet fulfil with year years school-year legal legally binding main key""".split()
)
_JOINS = frozenset(("and", "or"))
# Whoever stands before one of these requires something of others.
_ACTS = frozenset("require demand expect ask forbid prohibit ban allow permit".split())
# Behind these stands a matter as easily as a party.
_LOOSE = frozenset("for on in with under within".split())
_YEAR_WORDS = re.compile(r"\b(?:(?:school|academic|calendar) years?|notices? of(?: the)?|years?)(?=\s*(?:$|[\s?.,!]))")


def _read_english(rest: str) -> Demand | None:
    words = _WORD.findall(_YEAR_WORDS.sub(" ", rest.lower().replace("’", "'")))
    said = " ".join(words)
    if _OPENS.match(said) is None:
        return None
    must_not, forbids = bool(_MUST_NOT.search(said)), bool(_FORBIDS.search(said))
    strengths = _choose_strengths(
        bool(_REQUIRES.search(said)),
        bool(_ADVISES.search(said)),
        must_not or forbids,
        bool(_ALLOWS.search(said)),
        # The "not" of "must not" is said already.
        bool(_DENIES.search(said)) and (forbids or not must_not),
    )
    places = [place for place, word in enumerate(words) if not _frames(word) and word not in _JOINS]
    if not strengths or not places:
        return Demand(strengths) if strengths else None
    named = words[places[0] : places[-1] + 1]
    if any(_frames(word) for word in named) or not _ACTS.isdisjoint(words[places[-1] + 1 :]):
        return None
    bound = name_plainly(" ".join(named))
    known = is_known(bound)
    loose = words[places[0] - 1] in _LOOSE if places[0] else True
    return Demand(strengths, bound, known) if known or not loose else None


def _frames(word: str) -> bool:
    return word in _FRAMING or word.endswith("n't")


# -- Chinese -----------------------------------------------------------------------------------

_ASKS_ZH = re.compile("哪些|什么|何种|列出|列举|哪几")
_REQUIRES_ZH = re.compile("要求|义务|必须|应当|责任|务必|须|需要做|规定")
_ADVISES_ZH = re.compile("应该")
_FORBIDS_ZH = re.compile("不得|不能|不可以?|不许|不准|不允许|不应[当该]?|禁止|严禁")
_ALLOWS_ZH = re.compile("(?<!不)(?:可以|允许|有权)")
_DENIES_ZH = re.compile("不必|无[需须]|不需要|不用|不要求|不禁止|没有")
# 学校提出了哪些要求 asks what schools require of others, 对学校提出了哪些要求 what is required of them.
_ACTS_ZH = re.compile("(?:提出|作出|做出|规定|要求|禁止|严禁|允许)")
_UPON_ZH = re.compile("(?:对于?|向|给|为|要求|禁止|严禁|允许)$")
_KINDS_ZH = (
    "各级各类|各级|各类|所有的?|全部|全体|全省|全市|各|每所|每名|每个|义务教育阶段|高中阶段|普通|民办|公办|公立|私立|农村|乡镇|城市"
    "|中等|初等|高等|职业|特殊教育|寄宿制|市属|省属|县属|中小|小|中|初中|高中|专任|在校|县级|市级|省级|县|市|省"
)
_FRAMING_ZH = (
    "各地文件|文件|通知|政策|规定|办法|提出|作出|做出|列出|列举|请|哪些|哪几项?|什么样?|何种|主要|具体|要求|义务|责任|必须|应当|应该|务必"
    "|不得|不能|不可以|不可|不许|不准|不允许|不应|禁止|严禁|可以|允许|有权|需要|须|履行|承担|遵守|从事|事情|事项|事|行为|工作|内容|年度"
    "|学年|全年|当年|年|期间|所有的?|全部|各项|一下|分别|对于?|向|给|在|于|了|过|有|的|是|被|都|中|里|内|做出?|作|项|为|其|应|来说"
    "|而言|\\W"
)
_PARTS_ZH = re.compile(
    rf"(?P<party>(?:{_KINDS_ZH})*(?:{{names}})(?:[、和与及](?:{_KINDS_ZH})*(?:{{names}}))*)"
    rf"|(?P<framing>{_FRAMING_ZH})|(?P<other>.)".replace("{names}", "|".join(list_names("zh")))
)  # fmt: skip


def _read_chinese(rest: str) -> Demand | None:
    said = "".join(rest.split())
    if _ASKS_ZH.search(said) is None:
        return None
    strengths = _choose_strengths(
        bool(_REQUIRES_ZH.search(said)),
        bool(_ADVISES_ZH.search(said)),
        bool(_FORBIDS_ZH.search(said)),
        bool(_ALLOWS_ZH.search(said)),
        bool(_DENIES_ZH.search(said)),
    )
    parts = list(_PARTS_ZH.finditer(said))
    parties = [match for match in parts if match["party"]]
    others = [match for match in parts if match["other"]]
    if not strengths or (parties and others) or len(parties) > 1:
        return None
    if parties:
        start, end = parties[0].span()
        acts = _ACTS_ZH.match(said, end) and not _UPON_ZH.search(said[:start])
        return None if acts else Demand(strengths, parties[0]["party"])
    named = said[others[0].start() : others[-1].end()] if others else ""
    return Demand(strengths, named, is_known=not named) if len(named) == len(others) else None
