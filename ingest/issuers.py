"""The body that issued a notice, where the notice says so in a way that leaves little doubt."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.bodies import is_body, join_bodies, lead_body
from ingest.claims import tells_history
from ingest.dates import find_dates
from ingest.edges import Edges
from ingest.numbers import read_decree
from store.words import CJK, has_chinese

_LABELLED = re.compile(
    r"(?im)(?:^|[\t ])(?:issuer|issued by|published by|issuing (?:body|authority|department)|responsible (?:body|department)"
    r"|发\s?文\s?机\s?关|发文机构|发布机构|发布机关|发布单位|发文单位|制定机关|制发机关|印发机关|公布机关)\s*[:：\t]\s*"
    r"(?P<said>[^\t\n]+?)(?=\s*(?:$|\t|[\u4e00-\u9fff]{2,4}(?:日期|时间|文号|字号|类别|编号|索引)\s*[:：]))"
)
_FROM = re.compile(r"(?im)^from\s*[:：]?\s*(?P<said>[^\n]+)$")
_TH = "第[一二三四五六七八九十百\\d]+"
_MAKER = re.compile(
    rf"(?P<place>[{CJK}]{{0,16}}?)(?P<congress>(?:全国)?人民代表大会)(?P<standing>常务委员会)?{_TH}次(?:全体)?会议"
    rf"|(?:中华人民共和国)?(?P<ruler>[{CJK}]{{0,16}}(?:国务院|人民政府|部|委员会|总局|局|署))(?:令|{_TH}次(?:常务)?会议)"
)
_TERM = re.compile(f"{_TH}届")
_ENACTED = re.compile(
    r"(?i)be it enacted by the ((?:legislature|general assembly|legislative assembly|congress|council)"
    r"(?: of the (?:state|commonwealth|province) of [a-z ]{3,20}?(?=[:,;.\n]|$| in ))?)"
)
_TAKEN_FROM = re.compile(r"来\s?源\s*[:：\t]\s*(?P<said>\S+)")
_COPYRIGHT = re.compile(r"©\s*(?:(?:19|20)\d{2}\s+)?(?P<said>[A-Z][\w’'& -]{1,60}?)(?=,?\s*(?:19|20)\d{2}|\s*[.\n]|$)")
_NO_HOLDER = re.compile(r"(?i)crown|copyright|rights|author|licen[cs]e|all ")
# A board speaks in its policies by its own name.
_SPEAKS = re.compile(
    r"(?:^|(?<=[.!?]\s)|(?<=\n))(?:It is the policy of )?(?:[Tt]he )?(?P<said>(?:[A-Z][\w’'&-]*(?: of| and| for| the)? ){1,8}"
    r"(?:School Committee|School Board|Board of Education|School District|District Committee|Board of (?:Trustees|Governors|Directors)"
    r"|Governing Body|Academy Trust|University|College))"
    r"(?= (?:shall|will|may|must|adopts?|agrees?|recogni[sz]es|values|is|believes|has|requires?|complies|seeks|encourages|accepts)\b)"
)
_SITE = re.compile(r"(?:政府)?(?:门户|官方)?网(?:站)?$|[-_—|].*$")
_PAGE = re.compile(r"\s+Page \d+(?: of \d+)?$")
_HEAD, _TAIL = 6, 6


def find_issuer(text: str, edges: Edges, title: str) -> str:
    """The issuer that a text names: by a label, its title, its history, its signature or its letterhead; else ''."""
    return join_bodies(
        _find_labelled(edges.head)
        or _find_in_history(edges.head)
        or lead_body(title)
        or _find_signature(text, edges)
        or _find_letterhead(edges.head)
        or _find_labelled(edges.tail)
        or next((name for line in edges.head if (name := _read_source(line))), "")
        or _find_speaker(text)
    )


def read_named(said: str) -> str:
    """The issuer in what a page or a file gives as its author, publisher or source; '' where that is no body."""
    name = said.strip()
    for candidate in (name, _SITE.sub("", name).strip()):
        if is_body(candidate) and len(candidate) > 2:
            return candidate
    return ""


def _find_labelled(lines: Sequence[str]) -> str:
    for place, line in enumerate(lines):
        labelled = _LABELLED.search(line)
        if labelled:
            said = labelled["said"].strip(" .。")
            below = lines[place + 1] if place + 1 < len(lines) else ""
            # A narrow cell breaks a name in two.
            if not is_body(said) and len(below) <= 6 and is_body(said + below):
                return said + below
            return said if len(said) <= 100 else ""
        sender = _FROM.match(line)
        if sender and is_body(sender["said"]):
            return sender["said"].strip(" .")
        if line.strip().lower().rstrip(":") == "from" and place + 1 < len(lines) and is_body(lines[place + 1]):
            return lines[place + 1].strip(" .")
    return ""


def _find_in_history(head: Sequence[str]) -> str:
    """Who made a law last: a congress at its session, a government by its decree."""
    makers = [match for line in head if tells_history(line) for match in _MAKER.finditer(line)]
    return _name_maker(makers[-1]) if makers else ""


def _name_maker(match: re.Match[str]) -> str:
    if match["congress"]:
        place = re.sub("^.*?[日月]", "", _TERM.sub("", match["place"]))
        return f"{place}{match['congress']}{match['standing'] or ''}"
    return re.sub("^.*?[日月]", "", match["ruler"])


def _find_signature(text: str, edges: Edges) -> str:
    """The body above the closing date, or on its line."""
    for line, below in zip(edges.tail, edges.tail[1:], strict=False):
        dates = find_dates(below)
        if dates and len(below) <= 40 and is_body(line):
            return line.strip(" .。")
    for line in edges.tail[-_TAIL:]:
        dates = find_dates(line)
        beside = line[: dates[0].start].strip(" ，,\t") if len(dates) == 1 and len(line) <= 80 else ""
        if beside and is_body(beside):
            return beside
    return ""


def _find_letterhead(head: Sequence[str]) -> str:
    """A line of the head, or its first sentence, that is the name of a body and nothing else."""
    for line in head[:_HEAD]:
        opening = re.split(r"(?<=[a-z)])\. |\s[·|–—]\s|\s*\t", line, maxsplit=1)[0]
        for candidate in (line, opening):
            name = _PAGE.sub("", candidate.strip().rstrip(".。"))
            name = re.sub("文件$", "", name) if has_chinese(name) else name
            if is_body(name):
                return name
        if read_decree(line):
            return read_decree(line)
    return ""


def _read_source(line: str) -> str:
    taken = _TAKEN_FROM.search(line)
    return read_named(taken["said"]) if taken else ""


def _find_speaker(text: str) -> str:
    """Who enacts, who holds the rights, or which board speaks by its name in its own policy."""
    enacted = _ENACTED.search(text[:6000])
    if enacted:
        return enacted.group(1)
    holder = _COPYRIGHT.search(text[:8000]) or _COPYRIGHT.search(text[-4000:])
    if holder and not _NO_HOLDER.search(holder["said"]):
        return holder["said"].strip()
    speaker = _SPEAKS.search(text[:6000])
    return speaker["said"].strip() if speaker else ""
