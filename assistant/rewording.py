"""The other ways in which a sentence may be said: what a claim says in fewer kinds of words, what a quote also says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.facts import FactKind, read_facts

# A sentence is put in so many ways at the most, and one longer than this is left as it is.
_MOST_WAYS, _LONGEST = 24, 600
_LAST_UNSURE_MONTH = 2
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_ISSUED = re.compile(r"((?:19|20)\d{2})(?:-(\d{2}))?(?:-\d{2})?\s*$")
_MEETING = re.compile(
    r"(?i)\b(?:the|a|an|this)\s(?P<np>(?:(?:19|20)\d{2}\s)?(?:[\w-]+\s){0,5}?)(?P<head>meeting|conference)\b"
    r"(?P<on>\s(?:on|for)\s(?:(?!\s(?:was|were|is|held|took|presid|in\s[A-Z]|at|by)\b)[^,.;])*)?"
)
_HAN_MEETING = re.compile(r"(?P<year>(?:19|20)\d{2}年)?(?P<name>[\u4e00-\u9fff]{2,28}(?:会议|推进会|座谈会|大会))")
_HAN_TITLE = re.compile(r"《(?P<title>[^《》]{4,60}(?P<kind>通知|意见|办法|条例|规定))》")
_SUMS = re.compile(
    r"^(?:(?:自|从)?\d{4}年\d{1,2}月\d{1,2}日起[，,])?(?P<what>[^，。；：]{4,40}?)(?:统一)?(?:调整|确定|提高)?为[：:](?P<items>[^：]+)$"
)
_SUM = re.compile(
    r"^(?P<named>[^，。；：]{4,40}?)(?:调整为|为|是)[：:]?(?P<value>(?:每|不超过|\d)[^，。；：]{1,30})[。；]?$"
)
_SHORTEST_NAME = 4
# What may be left out where a notice's own meeting is named; its level may not, unless the issuer is of that level.
_MODIFIERS = frozenset(["annual"])
_MEETS = re.compile(r"(?i)\b(?:presid|chair|attend|spoke|speech|put(?:s|ting)? forward)|主持|出席|讲话|发言")
_MEETING_WORD = re.compile(r"(?i)\b(?:meeting|conference)\b|会")
# In the report of a meeting, who presided or attended did so at the meeting.
_ATTENDED = re.compile(r"(?i)\b(?P<did>attended|presided over|chaired) (?:the|this) (?:meeting|conference)\b")
_PEOPLE = r"(?:must|should|shall|are|may|need|have|who|which|that|with|without)"


def _sub(pattern: str, by: str) -> Callable[[str], str]:
    """A way of saying: the first place where a pattern stands, replaced."""
    compiled = re.compile(pattern)
    return lambda text: compiled.sub(by, text, count=1)


_REPEATED = _sub(
    r"\b(?P<modal>must|should|shall|may) (?!not)(?P<one>[^,;.]*?) and (?P=modal) (?!not)", r"\g<modal> \g<one> and "
)
# What a claim says may be said so as well: the same, or no less.
_CLAIM_WAYS = (
    _REPEATED,
    _sub(r"^[Tt]he (?P<what>meeting|conference) was (?P<did>presided over|chaired|attended) by (?P<who>[^;]+?)\.?$",
         r"\g<who> \g<did> the \g<what>."),
    _sub(r"^(?:A total of|In total,|In all,|Altogether,) ", ""),
    _sub(r"(?i)\b(?:as of|starting (?:from|on)|beginning (?:from|on)|with effect from) (?=\d|[A-Z])", "from "),
    _sub(r"(?<=,) among other things,", ""),
    _sub(r"\bincluding\b", "among them"),
    _sub(r"\b(?:who|which|that) ha(?:s|ve) (?!no\b)", "with "),
    _sub(r"\bwithout an? (?=\w)", "that has no "),
    _sub(rf"^(?:All )?(?=[A-Z][a-z]+s {_PEOPLE}\b)(?!This|The|There|His|Its)", "Every "),
    _sub(r"\bin (?=the school year)", "for "),
    _sub(r"(?:如果|倘若|若|如)(?P<when>[^，。；的]{3,40})[，,](?:则|那么)?", r"\g<when>的，"),
    _sub(r"(?<!不得)不(?=(?:超过|少于|低于|高于|多于))", "不得"),
    _sub(r"至少(?P<verb>[\u4e00-\u9fff]{1,4}?)(?=\d)", r"\g<verb>不少于"),
    _sub(r"至少(?=\d)", "不得少于"),
    _sub(r"(?<=[，,])其?标准(?:为|是)(?=[每不\d])", ""),
    _sub(r"共有(?=\d)", "共"),
    _sub(r"^会议(?P<count>共有?\d+人)参加", r"\g<count>参加会议"),
    _sub(r"^(?P<done>[^，。；]{2,30}?)(?P<modal>应当|必须|须|应)?由(?P<doer>[^，。；]{2,40}?)"
         r"(?P<verb>主持|承担|负责|组织|制定|审批|批准|发布|主办|承办|发放)(?P<rest>[。；]?)$",
         r"\g<doer>\g<modal>\g<verb>\g<done>\g<rest>"),
    _sub(r"^(?P<done>作[^，。；]{2,12})的(?P<count>[一二三四五六七八九十\d]+[家个所名位][\u4e00-\u9fff]{1,4})(?:是|为|有)"
         r"(?P<who>[^，。；]+)", r"\g<who>\g<count>\g<done>"),
    _sub(r"^(?P<count>[一二三四五六七八九十\d]+[家个所名位][\u4e00-\u9fff]{1,4}?)(?P<done>作[^，。；：]{2,12})[：:]"
         r"(?P<who>[^，。；]+)", r"\g<who>\g<count>\g<done>"),
    _sub(r"^(?P<year>\d{4}年)(?P<what>[^，。；]{2,40}?)于(?P<day>\d{1,2}月\d{1,2}日)", r"\g<what>于\g<year>\g<day>"),
    _sub(r"^(?:该|此)(?=(?:通知|意见|办法|条例|规定))", "本"),
)  # fmt: skip
# What a quote says, it also says so: the same, or less.
_QUOTE_WAYS = (
    _REPEATED,
    _sub(r"\b(?P<open>among them|including) [^;]+, and (?=the )", r"\g<open> "),
    _sub(r"^(?:In all|In total), ", ""),
    _sub(r"^(?P<who>.{3,60}?\b(?:noted|said|reported|announced|stated|explained)) that (?:.+?),? and that ",
         r"\g<who> that "),
    _sub(r"^(?P<count>Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|\d+) \w+ "
         r"(?P<did>[^:,.]{4,60}): (?P<who>[^:;]+?)\.?$",
         r"\g<who> \g<did>."),
    _sub(r"^(?P<who>[^，。；]*、[^，。；]*?[一-龥])[一二三四五六七八九十两\d]+[家个所名位]"
         r"(?:单位|学校|地区|代表)(?=作)", r"\g<who>"),
    _sub(r"^(?P<day>\d{4}年\d{1,2}月\d{1,2}日)[，,](?:[^，。；在]{2,20})?在(?P<where>[^，。；]{2,24}?)(?P<held>召开|举行)"
         r"(?P<what>[^，。；]{2,40})", r"\g<what>于\g<day>在\g<where>\g<held>"),
    _sub(r"^(?P<day>\d{4}年\d{1,2}月\d{1,2}日)[，,](?P<what>[^，。；]{2,40}?会议?)在", r"\g<what>于\g<day>在"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a notice: the forms of its card's words, its year ('' where it is not sure), the text."""

    forms: frozenset[str]
    year: str
    text: str


@lru_cache(maxsize=1024)
def read_about(text: str) -> About:
    """What the title, issuer, number and date of a notice, in this order, make known.

    The year is that of the date; where the title names years it must be among them, and a notice of the
    first two months may speak of the year before.
    """
    forms = frozenset(fact.form for fact in read_facts(text) if fact.kind is not FactKind.figure)
    issued = _ISSUED.search(text)
    if issued is None:
        return About(forms, "", text)
    named = set(_YEAR.findall(text[: issued.start()]))
    early = int(issued[2] or 1) <= _LAST_UNSURE_MONTH
    sure = issued[1] in named if named else not early
    return About(forms, issued[1] if sure else "", text)


@lru_cache(maxsize=4096)
def reword_claim(claim: str, about: str) -> tuple[str, ...]:
    """A claim and what it also says; whatever proves one of these proves the claim.

    `about` is the title, issuer, number and date of the notice that is to prove it.
    """
    known = read_about(about)
    ways = [
        *_CLAIM_WAYS,
        lambda text: _call_meeting(text, known, frozenset()),
        lambda text: _call_notice(text, about),
        lambda text: _ATTENDED.sub(r"\g<did>", text) if _MEETING_WORD.search(about) else text,
    ]
    return _spread(claim, ways)


@lru_cache(maxsize=8192)
def reword_quote(quote: str, about: str) -> tuple[str, ...]:
    """A quote and what follows from it by its form alone; `about` as in `reword_claim`."""
    known = read_about(about)
    ways = [
        *_QUOTE_WAYS,
        lambda text: _call_meeting(text, known, _MODIFIERS),
        lambda text: _shorten_name(text, known),
    ]
    return _spread(quote, ways)


def speaks_of_meeting(quote: str, about: str) -> bool:
    """Whether a quote tells what was done at the meeting that its notice reports."""
    return _MEETS.search(quote) is not None and _MEETING_WORD.search(about) is not None


def _spread(text: str, ways: list[Callable[[str], str]]) -> tuple[str, ...]:
    """A text and what the ways make of it, one after another."""
    found = [text]
    if len(text) > _LONGEST:
        return (text,)
    for one in found:
        for way in ways:
            said = way(one)
            if said not in found and len(found) < _MOST_WAYS:
                found.append(said)
    return tuple(found)


def _call_meeting(text: str, about: About, more: frozenset[str]) -> str:
    """A text that calls the meeting of its notice by words of the notice's title, with "the meeting" in their place."""

    def call(match: re.Match[str]) -> str:
        named = f"{match['np']}{match['on'] or ''}"
        if not named.strip() or not _is_known(named, about, more):
            return match.group()
        return f"the {match['head']}"

    def call_han(match: re.Match[str]) -> str:
        year = match["year"] or ""
        name = match["name"]
        return "会议" if name in about.text and (not year or year[:4] == about.year) else match.group()

    return _HAN_MEETING.sub(call_han, _MEETING.sub(call, text, count=1), count=1)


def _call_notice(text: str, about: str) -> str:
    """A text that names the notice itself by its Chinese title, as that notice speaks of itself: 本通知."""

    def call(match: re.Match[str]) -> str:
        return f"本{match['kind']}" if match["title"] in about else match.group()

    return _HAN_TITLE.sub(call, text, count=1)


def says_of_all(claim: str, quote: str, about: str) -> bool:
    """Whether a claim says one item of a Chinese sum such as 补助标准调整为：小学每年10元，初中每年20元.

    The thing to which the sums belong may be shortened from its front where the notice's title names it.
    """
    said, given = _SUM.match(claim.strip()), _SUMS.match(quote.strip())
    if said is None or given is None or given["what"] not in about:
        return False
    items = [item for item in re.split("[，、；]", given["items"].rstrip("。")) if item]
    for cut in range(len(given["what"]) - _SHORTEST_NAME + 1):
        what = given["what"][cut:]
        label = said["named"].removesuffix(what).removesuffix("的")
        if said["named"].endswith(what) and any(_same(item, label + said["value"]) for item in items):
            return bool(label)
    return False


def _same(one: str, other: str) -> bool:
    return [fact.form for fact in read_facts(one)] == [fact.form for fact in read_facts(other)]


def _is_known(words: str, about: About, more: frozenset[str]) -> bool:
    allowed = about.forms | more
    for fact in read_facts(words):
        if fact.kind is FactKind.figure:
            if fact.form != f"#{about.year}":
                return False
        elif fact.form not in allowed:
            return False
    return True


def _shorten_name(text: str, about: About) -> str:
    """A quote that says "the transport allowance" where the title has the pair, as "the allowance"."""
    title = about.text.lower()
    for match in _pairs(text):
        if f"{match['one']} {match['other']}" in title:
            return text[: match.start("one")] + text[match.start("other") :]
    return text


def _pairs(text: str) -> Iterator[re.Match[str]]:
    return re.finditer(r"\bthe (?P<one>[a-z]{3,}) (?P<other>[a-z]{3,})\b(?= (?:is|are|was|must|may|should))", text)
