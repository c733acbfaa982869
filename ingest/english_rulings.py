"""Which English sentence binds by saying so: "The Board requires …", "It is the duty of …", "We recommend that …"."""

from __future__ import annotations

import re

from core.types import Strength
from ingest.duties import Duty
from ingest.english_subjects import name_subject

_IS = r"(?:is|are|shall\s+be|will\s+be|remains?)"
_TEXTS = """policy notice act law code regulation guidance section article clause rule scheme statute agreement
    contract charter""".split()
_BODIES = """committee board district department ministry school college university bureau council authority
    government commission responsibility role position""".split()
_ADVERB = r"(?:(?:also|strictly|hereby|expressly|therefore|strongly|generally|currently)\s+)*"
_ASKED = r"(?:(?:that\s+)?(?P<whom>[^,.;:]{2,80}?)\s+(?:to\s+[a-z]|be\s+[a-z])|that\s+(?P<that>[^,.;:]{2,80}))"
# A body or a text that rules by saying so: "The Committee prohibits …", "State law requires schools to …".
_RULES = re.compile(
    rf"(?i)^(?:(?:the|this|these|our|such|both)\s+(?:[\w’'&-]+\s+){{0,6}}?(?:{'|'.join(_TEXTS + _BODIES)})s?"
    rf"|(?:(?:federal|state|national|local|school|district|and|or|current|applicable)\s+)*(?:{'|'.join(_TEXTS)})s?)"
    rf"\s+{_ADVERB}"
    r"(?:(?P<must_not>prohibits?|forbids?|bans?|do(?:es)?\s+not\s+(?:permit|allow))\s+(?=[a-z])"
    rf"|(?:(?P<must>requires?)|(?P<should>expects?|encourages?|urges?|recommends?)|(?P<may>permits?|allows?|authori[sz]es?|entitles?))\s+{_ASKED})"
)
_ALL_OF = re.compile(r"(?i)(?:all|every|each|the|any|its)\s+\w+")
# "It is the responsibility of the head to …", "It is unlawful for an employer to …", "It is essential that …".
_IT_IS = re.compile(
    rf"(?i)\bit\s+{_IS}\s+(?:strictly\s+|strongly\s+|therefore\s+|also\s+)?"
    r"(?:(?:the\s+)?(?:\w+\s+)?(?:responsibility|duty|job)\s+of\s+(?P<must>[^.;:]{2,160}?)\s+to(?:\s+[a-z]|:)"
    r"|(?:unlawful|illegal|forbidden|prohibited)(?:\s+for\s+(?P<must_not>[^,.;:]{2,80}?))?\s+to\s+[a-z]"
    r"|(?P<asked>essential|vital|imperative|mandatory|compulsory|obligatory|recommended|advised|advisable"
    r"|important)\s+(?:that\s+|(?:for\s+[^,.;:]{2,60}?\s+)?to\s+(?!note|remember|understand|recogni[sz]e|know|say)[a-z]))"
)
_ASKED_ONLY = frozenset({"recommended", "advised", "advisable", "important"})
_IT_IS_EXPECTED = re.compile(
    r"(?i)\bit\s+is\s+(?:expected|the\s+(?:\w+\s+)?expectation\b[^,.;:]{0,80}?)\s+that\s+(?P<whom>[^,.;:]{2,80}?)\s+(?:will|should|must|shall)\b"
)
# "We recommend that …", "we expect schools to …".
_WE = re.compile(
    r"(?i)(?:^|,\s+|\b(?:so|and|therefore)\s+)we(?:['’]d|\s+would)?\s+"
    rf"{_ADVERB}(?:(?P<should>recommend|advise|encourage|urge|ask|expect|suggest)|(?P<must>require))\s+"
    r"(?:(?P<general>that\s+|\w+ing\b)|(?P<whom>[^,.;:]{2,60}?)(?:\s+to\s+[a-z]|(?:\s+to)?\s*:$))"
)
# "Releases are the responsibility of the head".
_WHOSE = re.compile(rf"(?i)\b{_IS}\s+the\s+(?:\w+\s+)?(?:responsibility|duty)\s+of\s+(?P<who>[^,.;:]{{2,80}})")

# "Responsibilities of the director include: …", "The nurse's duties are as follows: …", before a list of them.
_TASKS_OF = re.compile(
    r"(?i)^(?:(?:the\s+)?(?:responsibilities|duties)\s+of\s+(?P<who>[^,.;:]{2,80}?)|(?P<whose>[^,.;:]{2,60}?)(?:['’]s?)\s+"
    r"(?:\w+\s+)?(?:responsibilities|duties))\s+(?:shall\s+|will\s+)?(?:includes?|are|be)\b[^.;:]{0,40}:$"
)
# "Members are subject to all laws on …".
_SUBJECT_TO = re.compile(
    r"(?i)^(?P<who>[^,.;:]{2,80}?)\s+(?:is|are|shall\s+be)\s+subject\s+to\s+(?:all|the|any)\s+[^.;:]{0,60}?"
    r"\b(?:laws?|regulations?|polic(?:y|ies)|rules?|requirements|provisions)\b"
)
# A heading that ran into the sentence.
_RUN_IN = re.compile(r"^(?:[A-Z(][\w’'()-]*\s+(?:(?:of|and|or|for|in)\s+)*){1,8}(?=The\s+[A-Z])")


def read_ruling(plain: str) -> Duty | None:
    """The duty that a sentence states by naming it or by its writer's word, None where it does neither."""
    if said := _IT_IS.search(plain):
        if asked := said.group("asked"):
            return Duty(Strength.should if asked.lower() in _ASKED_ONLY else Strength.must)
        strength = Strength.must if said.group("must") else Strength.must_not
        return Duty(strength, name_subject(said.group("must") or said.group("must_not") or ""))
    if (said := _IT_IS_EXPECTED.search(plain)) and (whom := name_subject(said.group("whom"))):
        return Duty(Strength.should, whom)
    if said := _TASKS_OF.match(plain):
        return Duty(Strength.must, name_subject(said.group("who") or said.group("whose")))
    if (said := _SUBJECT_TO.match(plain)) and (whom := name_subject(said.group("who"))):
        return Duty(Strength.must, whom)
    if said := _RULES.match(plain) or _RULES.match(_RUN_IN.sub("", plain)):
        strength = next(one for one in Strength if said.group(one.value))
        all_of = _ALL_OF.match(said.group("that") or "")
        return Duty(strength, name_subject(said.group("whom") or (all_of.group() if all_of else "")))
    if said := _WE.search(plain):
        whom = name_subject(said.group("whom") or "")
        if whom or said.group("general"):
            return Duty(Strength.should if said.group("should") else Strength.must, whom)
    if said := _WHOSE.search(plain):
        whom = name_subject(said.group("who"))
        return Duty(Strength.must, whom) if whom else None
    return None
