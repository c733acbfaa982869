"""Which English sentence directs without a modal: "Keep the list.", "If you move, please tell the school."."""

from __future__ import annotations

import re

from core.types import Strength
from ingest.duties import Duty, Mood

# Verbs that open a bare directive; those that lead about a site ("find", "see", "read", "visit") are none.
_VERBS = """keep submit report ensure provide send include complete record notify inform publish appoint establish
    maintain follow retain store return display attach state hold train teach finish put give tell write
    mark wear bring pay register enter update prepare consult obtain collect limit avoid stop remove conduct
    implement develop strengthen improve promote increase reduce organise organize assign designate
    encourage support set make take allow respect treat protect monitor examine verify confirm draw apply
    use refer reply answer carry hand plan review check build forward deliver sign seek arrange nominate select
    evaluate assess supervise investigate distribute advise assist cooperate comply""".split()
_OBJECTS = """the a an all any each every your their its this these those at no only pupils schools teachers parents
    students record records children new written clear it them one two three copies full evidence proof staff
    appropriate relevant adequate sufficient accurate regular both with to""".split()
_BARE = re.compile(
    r"(?i)^(?:(?:please|always|first|second|third|fourth|fifth|finally|next|then)\b,?\s+)*"
    rf"(?:{'|'.join(_VERBS)})\s+(?:sure\s+|out\s+|up\s+|available\s+)?(?:{'|'.join(_OBJECTS)})\b"
    r"|^(?:please\s+)?(?:ensure|make\s+sure)\s+[a-z]"
)
_BARE_NOT = re.compile(r"(?i)^(?:please\s+)?(?:do\s+not|don['’]t|never)\s+(?!worry|forget|hesitate|miss|wait)[a-z]+")
# "State schools are …": a noun after all.
_STATES = re.compile(r"(?i)^(?!ensure\b|make\s+sure\b)(?:\w+\s+){1,5}(?:is|are|was|were|has|have|had|can|will|may)\b")
# What tells where one may look.
_LEADS = re.compile(r"(?i)^use\b[^.;]*?\bto\s+(?:find|check|see|search|calculate|work\s+out|learn|browse)\b")
# When or for whom, before the directive itself.
_CONDITION = re.compile(
    r"(?i)^(?:if|when|where|whenever|once|unless|before|after|during|in\s+case\s+of|in\s+the\s+event\s+of|for|at)\b"
    r"[^.;:]*?,\s+(?:then\s+)?"
)
_PLEASE = re.compile(
    r"(?i)(?:^|[,;]\s+)please\s+(?:also\s+)?(?!note|see|visit|find|refer|click|be\b|feel|allow|read|remember|wait)[a-z]+"
)
# Whom to ask is no duty.
_ASKING = re.compile(r"(?i)\b(?:questions?|enquir(?:y|ies)|quer(?:y|ies)|information|details|advice|help|unsure)\b")
_FIGURE = re.compile(r"\d")


def opens_bare(words: str) -> bool:
    """Whether words open as a bare directive does: they are no noun phrase."""
    return _BARE.match(words) is not None


def read_directive(plain: str, mood: Mood) -> Duty | None:
    """The duty of a complete English sentence without a modal, None where it directs nobody.

    What a condition opens directs as what stands behind it; "please" directs, but to where one may ask.
    """
    condition = _CONDITION.match(plain)
    for words in (plain, plain[condition.end() :] if condition else ""):
        if _BARE_NOT.match(words):
            return Duty(Strength.must_not)
        if _BARE.match(words) and not _STATES.match(words) and not _LEADS.match(words):
            return Duty(Strength.should, general=mood.meeting and not _FIGURE.search(plain))
    return Duty(Strength.should) if _PLEASE.search(plain) and not _ASKING.search(plain) else None
