"""The body that issued a notice, where the notice says so in a way that leaves little doubt."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.bodies import is_body, join_bodies, lead_body, split_bodies
from ingest.dates import find_dates
from ingest.edges import Edges
from ingest.masthead import read_masthead
from ingest.numbers import read_decree
from ingest.roles import tells_history
from store.words import CJK

_LABELLED = re.compile(
    r"(?im)(?:^|[\t ])(?:issuer|issued by|published by|issuing (?:body|authority|department)|responsible (?:body"
    r"|department)"
    r"|发\s?文\s?机\s?关|发文机构|发布机构|发布机关|发布单位|发文单位|制定机关|制发机关|印发机关|公布机关)\s*[:：\t]\s*"
    r"(?P<said>[^\t\n]+?)(?=\s*(?:$|\t|(?-i:[A-Z][a-z]+(?: [a-z]+){0,2}:)|[\u4e00-\u9fff]{2,4}(?:日期|时间|文号"
    r"|字号|类别|编号|索引)\s*[:：]))"
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
    r"(?:^|(?<=[.!?]\s)|(?<=\n))(?:It is the policy of )?(?:[Tt]he )?(?P<said>(?!The )(?:[A-Z][\w’'&-]*(?: of| and| for"
    r"| the)? ){1,8}"
    r"(?:School Committee|School Board|Board of Education|School District|District Committee"
    r"|Board of (?:Trustees|Governors|Directors)"
    r"|Governing Body))"
    r"(?= (?:shall|will|may|must|adopts?|agrees?|recogni[sz]es|values|is|believes|has|requires?|complies|seeks"
    r"|encourages|accepts)\b)"
)
_SITE = re.compile(r"(?:政府)?(?:门户|官方)?网(?:站)?$|[-_—|].*$")
# A body that owns the policies which it, or its superintendent, is named in: not a board of any school.
_OWNER = re.compile(
    r"\b(?P<said>(?!(?:The|Each|Every|Any|Local|Member|Other|Public|This|All"
    r"|Such)\b)[A-Z][\w’'-]*(?: [A-Z&][\w’'-]*){0,6}"
    r" (?P<kind>School (?:Committee|Board|District)|Board of (?:Education|Trustees|Governors)|District Committee))\b"
)
_HEAD, _LONGEST_SIGNATURE = 6, 120


def find_issuer(text: str, edges: Edges, title: str) -> str:
    """The issuer that a text names: by a label, its title, its history, its signature or its letterhead; else ''."""
    return (
        _find_labelled(edges.head)
        or _find_in_history(edges.head)
        or lead_body(title)
        or _find_signature(edges)
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
            said = labelled["said"].strip(" .。,，")
            below = lines[place + 1] if place + 1 < len(lines) else ""
            # A narrow cell breaks a name in two.
            if not is_body(said) and len(below) <= 6 and is_body(said + below):
                return said + below
            bodies = split_bodies(said)
            return join_bodies(bodies) if bodies else said if len(said) <= 100 else ""
        sender = _FROM.match(line)
        if sender and is_body(sender["said"]):
            return sender["said"].strip(" .")
        if line.strip().lower().rstrip(":") == "from" and place + 1 < len(lines) and is_body(lines[place + 1]):
            return lines[place + 1].strip(" .")
    return ""


def _find_in_history(head: Sequence[str]) -> str:
    """Who made a law last: a congress at its session, governments by their decrees."""
    for line in reversed([line for line in head if tells_history(line)]):
        last = line[find_dates(line)[-1].end :]
        makers = [_name_maker(match) for match in _MAKER.finditer(last)]
        if makers:
            return join_bodies(makers)
    return ""


def _name_maker(match: re.Match[str]) -> str:
    if match["congress"]:
        place = re.sub("^.*?[日月]", "", _TERM.sub("", match["place"]))
        return f"{place}{match['congress']}{match['standing'] or ''}"
    return re.sub("^.*?[日月]", "", match["ruler"])


def _find_signature(edges: Edges) -> str:
    """The bodies above the closing date, or on its line."""
    for place in range(len(edges.tail) - 1, -1, -1):
        line = edges.tail[place]
        if not find_dates(line) or len(line) > _LONGEST_SIGNATURE:
            continue
        signed = read_masthead(line)
        bodies = list(signed.bodies) if signed else []
        above = place - 1
        while not signed and above >= 0 and (names := split_bodies(edges.tail[above])):
            bodies[:0] = names
            above -= 1
        if bodies:
            return join_bodies(bodies)
    return ""


def _find_letterhead(head: Sequence[str]) -> str:
    """The first lines of the head that are names of bodies, beside a number or a date perhaps."""
    bodies: list[str] = []
    for line in head[:_HEAD]:
        masthead = read_masthead(line)
        if masthead:
            bodies += masthead.bodies
        elif bodies:
            break
        elif read_decree(line):
            return read_decree(line)
    return join_bodies(bodies)


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


def find_owner(text: str) -> str:
    """The school board or district whose policy this is: the only one that a policy names; '' where it names others."""
    named = list(_OWNER.finditer(text[:20_000]))
    if len({match["said"].split()[0] for match in named}) != 1:
        return ""
    boards = [match["said"] for match in named if not match["kind"].endswith("District")]
    return (boards or [match["said"] for match in named])[0]
