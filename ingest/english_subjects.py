"""Whom an English phrase names, and whether it is somebody who can be bound."""

from __future__ import annotations

import re

from ingest.english_directives import opens_bare

# Who can be bound: the last word of a noun phrase.
_PERSONS = """adult school college university bureau department ministry board committee council authority agency
    principal head teacher staff pupil student parent guardian carer provider applicant candidate
    employer governor trustee superintendent director secretary treasurer chair chairperson chairman
    president member officer inspector inspectorate person people individual everyone anyone everybody
    all you they he she state district county city town municipality institution organisation
    organization body trust sponsor participant trainee mentor tutor lead partner nurse counsellor
    counselor administrator employee volunteer driver owner user child family group team instructor
    coach librarian manager contractor consultant company bank commission legislature government office
    unit division inspectorate kindergarten nursery centre center academy faculty grade leader designee
    registrar coordinator supervisor learner graduate ect ects lp lps ab abs he/she she/he them citizen
    resident recipient veteran association union reader visitor library museum publisher auditor
    assessor examiner tester institute""".split()
# "Numbers may rise": they end as persons do.
_THINGS = """numbers papers letters matters orders factors errors sectors doors floors offers covers powers computers
    chapters posters registers mirrors answers quarters dinners transfers centers trousers corridors""".split()
_PERSON = re.compile(
    rf"(?i)\b(?:{'|'.join(map(re.escape, _PERSONS))})(?:s|es)?(?:/\w+(?:\(s\))?)?$|\b(?:authorit|universit|agenc|facult"
    r"|compan|famil|bod|cit|count|librar|ministr|nurser|academ|part)ies$|\bchildren$"
    rf"|\b(?!(?:{'|'.join(_THINGS)})$)\w{{3,}}(?:ers|ors|ees|ists|ians)$"
    r"|\b\w+\(s\)$"
)
# Where the head of a noun phrase ends.
_HEAD_ENDS = re.compile(
    r"(?i)\s(?:of|for|in|at|with|under|to|from|on|by|within|without|who|which|that|whose|where|when|if|during|after|before"
    r"|above|over|aged|between|directly|not|only|himself|themselves|concerned)\b"
)
_CUT_RELATIVE = re.compile(
    r"(?i)\s+(?:who|which|that|whose|where|when|if|whom)\b.*$|\s+(?:(?:presently|currently)\s+)?being\s.*$"
    r"|\s+(?:presently\s+|currently\s+)?(?:\w+ed|seeking|wishing|using|desiring|applying|taking|having)\s+(?:by|after|under|in|to|from|with|on|for|at|before|over|as)\b.*$"
)
_LEADING = re.compile(
    r"(?i)^(?:(?:and|but|or|so|yet|then|therefore|however|also|thus|accordingly|instead|first|second|third|finally"
    r"|in\s+addition|only|please|generally|normally)\b[\s,]*)+"
)
_PASSIVE = re.compile(
    r"(?i)^\s*(?:not\s+|also\s+|only\s+|never\s+|then\s+|always\s+)*(?:be|have\s+been)\s+(?:\w+ly\s+|first\s+|also\s+)*"
    r"(?:\w+ed|\w+en|\w+wn|made|kept|held|sent|told|set|put|paid|met|done|shown|read|brought|built|found|left|cut|heard|taught"
    r"|begun|sold|bought|lost|laid|drawn)\b(?P<by>\s+by\s+(?P<agent>(?:the|each|every|all|a|an|their|his|its)\s+"
    r"[^,.;:()]{2,60}))?"
)


def name_subject(phrase: str) -> str:
    """Who a subject names: the noun phrase without its relative clauses; '' where that is nobody who could be bound."""
    # "Use of funds The committee": a heading that ran into the sentence.
    phrase = re.sub(r"^.*\s(?=(?:The|Each|Every|All|Any|No)\s)", "", phrase)
    subject = _CUT_RELATIVE.sub("", _LEADING.sub("", re.sub(r"^[^\w]+", "", phrase)).strip()).strip(" ,")
    if re.match(r"(?i)(?:in|on|at|by|from|under|for|with|during|within|after|before)\s", subject):
        # "From 1 May no school", "During holidays schools": where the first phrase ends is not marked.
        subject = re.sub(r"(?i)^.*\bno\b|^.*\s(?=\w+$)", "", subject).strip()
    subject = re.sub(r"(?i)^(?:no|neither)\s+|(?:\s+(?:will|shall|would|also|still|only|then|now))+$", "", subject)
    head = _HEAD_ENDS.split(subject, maxsplit=1)[0]
    if re.search(
        r"(?i)\b(?:is|are|was|were|has|have|will)\b|\b(?:of|the|a|an|to|and|or|monitors)$", subject
    ) or opens_bare(subject):
        return ""
    # "Universities and other legal persons": of several the last may stand behind a preposition.
    names = _PERSON.search(head.strip(" ,")) or (re.search(r"\s(?:and|or)\s", subject) and _PERSON.search(subject))
    return subject if len(subject) <= 160 and names else ""


def strip_leading(phrase: str) -> str:
    """A clause without the words that join it to what was before."""
    return _LEADING.sub("", phrase.strip()).strip()


def find_agent(after: str) -> tuple[bool, str]:
    """(whether a passive stands behind a modal, the agent that it names or '')."""
    passive = _PASSIVE.match(after)
    if passive is None:
        return False, ""
    agent = _HEAD_ENDS.split(passive.group("agent") or "", maxsplit=1)[0]
    return True, name_subject(agent)
