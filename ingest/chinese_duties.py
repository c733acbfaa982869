"""Which duty a Chinese sentence states: the modals of its main clauses, its subject, or a bare directive."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.types import Strength
from ingest.chinese_words import (
    AIMS,
    ANNOUNCED,
    ASIDES,
    ASKS,
    ASSIGNED,
    BODY,
    DEFINES,
    DEMANDS,
    DESCRIBES,
    DIRECTIVE,
    GENERAL,
    MARKER,
    MODAL,
    NORM,
    NOUN_FOLLOWS,
    OPENS,
    OPENS_DUTIES,
    REACHES,
    REPORTS,
    STRENGTHS,
    SUBORDINATE,
    TOPIC,
    name_subject,
)
from ingest.duties import Duty, Mood, find_strongest, mask_quoted

_CLAUSE = re.compile(r"[^，；：。！,;:!]+")
# （市教育局、各县区政府负责）: a line of its own that says who is responsible.
_RESPONSIBLE = re.compile(r"^[（(]?(?P<who>[^（）()。；]{2,80}?)(?:牵头|按职责|分工|具体|分别|共同)*负责[）)]?。?$")
_FIGURE = re.compile(r"[\d〇一二三四五六七八九十]+[个项次名所人年月日%课时]|\d|《")
_WRAP = re.compile(r"\s*\n\s*")
_WHEN = re.compile(r"^\d{4}年(?:\d{1,2}月)?(?:\d{1,2}日)?(?:年?底前|之?前|起|底|以?前)")
_FIRST_CLAUSES = 6
# 发放。 is a heading: a directive has an object.
_SHORTEST_DIRECTIVE = 4


def read_chinese(words: str, mood: Mood, *, complete: bool = True) -> Duty | None:
    """The duty that a Chinese sentence states, None where it states none.

    `complete`: it ends as a sentence does, or is an item of a list: a heading gives no bare directive.
    """
    plain = mask_quoted(_WRAP.sub("", words)).strip()
    if plain.endswith(("？", "?")) or DEFINES.search(plain):
        return None
    if opened := OPENS_DUTIES.search(plain):
        strength = Strength.must if opened.group("duties") else Strength.may
        return Duty(strength, _name_last(plain[: opened.start()]))
    if demanded := DEMANDS.search(plain):
        return Duty(Strength.must, name_subject(demanded.group("who")))
    if (
        mood.directive
        and (responsible := _RESPONSIBLE.match(plain))
        and not re.search("咨询|解释", plain)
        and not MODAL.search(responsible.group("who"))
    ):
        return Duty(Strength.must, _strip_brackets(responsible.group("who")))
    duty = find_strongest(_find_modals(plain, mood))
    if duty is None and complete and (mood.directive or mood.meeting):
        duty = _find_bare(MARKER.sub("", plain), mood)
    if duty is None:
        return None
    return Duty(duty.strength, duty.bound, _is_general(plain, duty, mood))


def _name_last(said: str) -> str:
    """Who the last clause names, or the one before: 发生事故，学校应当履行下列职责."""
    return next((name for clause in reversed(_CLAUSE.findall(said)[-2:]) if (name := name_subject(clause))), "")


def _is_general(plain: str, duty: Duty, mood: Mood) -> bool:
    """Whether a speaker's words name nothing in particular: no figure, no day, no notice, no prohibition."""
    if duty.strength is Strength.must_not or _FIGURE.search(MARKER.sub("", plain)):
        return False
    if mood.meeting:
        return not re.search("应当|必须|须(?!知)|可以", plain)
    return mood.directive and len(plain) <= 80 and "应当" not in plain and GENERAL.search(plain) is not None


def _find_modals(plain: str, mood: Mood) -> Iterator[Duty]:
    subject = ""
    for clause in _CLAUSE.finditer(plain):
        said, ends_as_noun = clause.group(), False
        after = plain[clause.end() : clause.end() + 1]
        ends_as_noun = said.rstrip("”").endswith(("的", "时", "之前", "以前", "之后")) and after in ("，", ",", "；")
        matches = list(MODAL.finditer(said))
        for match in matches:
            if match.lastgroup == "none":
                continue
            if (ends_as_noun or SUBORDINATE.match(said)) and match.lastgroup not in ("must_not_1",):
                continue
            if _binds(said, match, mood):
                own = name_subject(said[: match.start()])
                yield Duty(STRENGTHS[match.lastgroup or ""], own or _inherit(said, match, subject))
        subject = (name_subject(said[: matches[0].start()]) if matches else _name_opening(said)) or subject


def _inherit(said: str, match: re.Match[str], subject: str) -> str:
    """The subject of the clause before, where this one has none of its own: nothing stands before its modal."""
    before = MARKER.sub("", said[: match.start()])
    return subject if len(before) <= 2 or ASIDES.match(before) else ""


def _name_opening(said: str) -> str:
    """Who opens a clause without a modal: 学校组织学生外出，应当……."""
    body = BODY.match(MARKER.sub("", said))
    if body is None:
        return name_subject(said)
    # 美育教师承担的工作，要……: the clause names a thing.
    return "" if "的" in MARKER.sub("", said)[body.end() :] else name_subject(body.group())


def _binds(said: str, match: re.Match[str], mood: Mood) -> bool:
    name, before, after = match.lastgroup, said[: match.start()], said[match.end() :]
    if NOUN_FOLLOWS.search(before) and DESCRIBES.match(after):
        return False
    if name == "must_2":
        return (
            bool(before.strip())
            and MODAL.search(after) is None
            and not re.search("咨询|解释|主要$|了$", before)
            and not after.startswith("了")
        )
    if name == "should_2":
        return _encourages(before, match.group(), mood)
    return True


def _encourages(before: str, word: str, mood: Mood) -> bool:
    """Whether 鼓励, 支持, … opens what a body is to do: behind nothing, its name, or another of these words."""
    before = re.sub(
        r"(?:积极|大力|充分|重点|依法|和|、|采取[^，]{0,8}措施|鼓励|支持|提倡|倡导|引导)+$",
        "",
        MARKER.sub("", before).strip(),
    )
    if before == "":
        return mood.directive or mood.meeting or word in ("鼓励", "提倡", "倡导")
    return re.search("(?:国家|政府|部门|社会|各地|机构)$", before) is not None


def _find_bare(plain: str, mood: Mood) -> Duty | None:
    """A directive without a modal, as notices and plans give it; what is reported, aimed at or opened with is none."""
    if (
        REPORTS.search(plain)
        or OPENS.search(plain)
        or re.search("了(?!解)", plain)
        or ANNOUNCED.search(plain)
        or re.search("(?<![模虚])拟", plain)
        or TOPIC.search(plain)
    ):
        return None
    clauses = _CLAUSE.findall(plain)[:_FIRST_CLAUSES]
    if len(plain.strip("。；")) < _SHORTEST_DIRECTIVE:
        return None
    if AIMS.match(plain) and (len(clauses) < 2 or REACHES.match(clauses[1]) or not DIRECTIVE.match(clauses[1])):
        return None
    if asked := ASKS.match(plain):
        return Duty(Strength.should, name_subject(asked.group("who")))
    if mood.meeting:
        opens = next((clause for clause in clauses if not ASIDES.match(clause)), "")
        return Duty(Strength.should) if DIRECTIVE.match(opens) and not plain.endswith(("：", ":")) else None
    if any(_directs(clause) for clause in clauses) or NORM.search(plain):
        body = BODY.match(clauses[0])
        return Duty(Strength.should, name_subject(body.group()) if body else "")
    if assigned := ASSIGNED.search(plain):
        return Duty(Strength.should, name_subject(assigned.group("who")))
    return None


def _directs(clause: str) -> bool:
    """Whether a clause opens with a verb of directives, behind what says how, or behind the name of a body."""
    clause = _WHEN.sub("", clause.strip("“”□ "))
    if DIRECTIVE.match(clause):
        return True
    rest = clause
    if body := BODY.match(clause):
        rest = clause[body.end() :]
        if (verb := DIRECTIVE.match(rest)) and rest[verb.end() : verb.end() + 1] not in ("的", "了"):
            return True
    return bool(ASIDES.match(rest)) and DIRECTIVE.search(rest, 2) is not None and not REACHES.match(rest)


def _strip_brackets(who: str) -> str:
    return re.sub(r"^(?:由|责任单位[:：])", "", who).strip("，、 ")
