"""The English words that bind, permit and forbid, and those beside them that say it is something else."""

from __future__ import annotations

import re

from core.types import Strength

_IS = r"(?:is|are|be|been)"
_SOMETIMES = r"(?:\s+(?:also|always|only|then|strictly|strongly|expressly|further|hereby|therefore|normally|still))?"
# The first that fits at a place counts; the names are those of `Strength`, with a figure behind.
MODAL = re.compile(
    r"(?i)(?P<none>(?:\b(?:need|do|does|did|would|could|might)\s+not\b|\b(?:don|doesn|didn|needn|won|wouldn)['’]t\b)"
    r"(?:\s+(?:have|need)(?:\s+to)?\b)?"
    rf"|\b{_IS}\s+not\s+(?:required|obliged|expected|responsible|entitled|to\b)"
    r"|\b(?:will|would|shall)\s+not\s+(?:be\s+(?:required|asked|entitled|expected|obliged|responsible|able)|have\s+to|need)\b"
    r"|\bno\s+need\s+to\b)"
    rf"|(?P<must_not_1>\b(?:must|shall|should|may|can){_SOMETIMES}\s+(?:not|never)\b(?!\s+only)|\bcannot\b(?!\s+only)"
    r"|\b(?:can|mustn|shouldn|shan)['’]t\b)"
    rf"|(?P<must_not_2>\b{_IS}{_SOMETIMES}\s+(?:prohibited|forbidden|banned)\b"
    rf"|\b{_IS}\s+not\s+(?:permitted|allowed)\b)"
    r"|(?P<must_1>\b(?:must|shall)\b|\b(?:has|have)\s+to\b(?!\s+do\b)"
    r"|\bneeds?\s+to\b|\b(?:will|['’]ll)(?:\s+also)?\s+need\s+to\b)"
    rf"|(?P<must_2>\b{_IS}{_SOMETIMES}\s+(?:required|obliged|obligated)\b)"
    rf"|(?P<must_3>\b(?:is|are){_SOMETIMES}\s+responsible\s+for\b)"
    r"|(?P<must_4>\b(?:is|are)\s+to\s+(?=[a-z]))"
    r"|(?P<must_5>\brequires?\s+(?:(?:the|prior|written|formal)\s+)*(?:approval|consent|permission|authori[sz]ation)\b)"
    r"|(?P<must_6>\b(?:(?:will|['’]ll)\s+)?(?:also\s+)?needs?(?::|\s+(?=(?:a|an|the|at\s+least|these|this|all|both|one|two|three"
    r"|either|your|our|permission|approval|written|['‘“\d]|(?-i:[A-Z]{2,}))\b)))"
    r"|(?P<should_1>\bshould\b|\bought\s+to\b)"
    rf"|(?P<should_2>\b{_IS}{_SOMETIMES}\s+(?:expected|encouraged|advised|recommended|urged|requested|asked)"
    r"\s+(?:to|that)\b)"
    r"|(?P<should_3>\b(?:we|the\s+\w+|it\s+is)\s+(?:strongly\s+)?(?:recommend(?:s|ed)?|advises?|encourages?|urges?)"
    r"\s+(?:that|all|every|each|schools|teachers|parents|pupils|students|you|the)\b)"
    r"|(?P<may_1>(?-i:\bmay\b))"
    rf"|(?P<may_2>\b{_IS}{_SOMETIMES}\s+(?:entitled|permitted|allowed|authori[sz]ed|free)\s+(?:to\b|under\b|if\b|only\b)"
    r"|\b(?:has|have)\s+the\s+right\s+to\b|\breserves?\s+the\s+right\b)"
    r"|(?P<may_3>\bcan\b)"
)
# What may happen, and is no permission.
_POSSIBLY = (
    r"(?:\w+ly\s+)?(?:also\s+|not\s+|even\s+|well\s+|still\s+|only\s+)*(?:help|need|have(?!\s+access)|experience|find|want|wish|feel"
    r"|vary|change|affect|differ|result|cause|lead|occur|arise|become|seem|appear|cost|mean|happen|exist|depend|think"
    r"|know|prefer|suffer|lose|face|struggle|consider\s+it|see|notice|miss|meet|contain|benefit|enable|improve"
    r"|contribute|reduce|increase|be\s+(?:improved|affected|reduced|increased|able|unable|eligible|aware|more|less|different|subject|possible|necessary"
    r"|difficult|liable|due|worth|many|some|other|an?\b|the\b|in\b|at\b|too\b|so\b|affected|interested|familiar|unclear"
    r"|useful|helpful|appropriate|likely|concerned|asked|required|given|offered))\b"
)
# By the name of the modal: what behind it says that it binds nobody.
NOT_AFTER = {
    "must_not_1": re.compile(
        rf"(?i)\s*(?:(?:(?<=(?:may|can) not)|(?<=cannot)|(?<=can['’]t))\s+{_POSSIBLY}"
        r"|be\s+(?:guaranteed|sure|certain|overstated|seen|found|affected|construed|deemed)"
        r"|guarantee|afford|wait|expect|necessarily|apply\b(?!\s+(?:for|to))|work\b|come\b|go\b)"
    ),
    "must_1": re.compile(
        r"(?i)\s*(?:also\s+)?(?:be\s+(?:said|noted|remembered|admitted|stressed|construed|deemed|cited|known|affected)\b"
        r"|have\s+been\s+(?:a|an|the|very|so|mistaken|lost|hard|easy)\b|mean\b|take\s+effect|come\s+into"
        r"|not\s+affect|constitute|enter\s+into\s+force|be\s+effective)"
    ),
    "must_2": re.compile(r"(?i)\s+by\s+law\s+to\s+be\b"),
    "must_4": re.compile(r"(?i)(?:be\s+(?:found|seen|had|welcomed|congratulated)|come\b|blame\b|say\b|date\b|some\b)"),
    "should_1": re.compile(
        r"(?i)\s*(?:also\s+|now\s+|then\s+|not\s+)*(?:be\s+(?:clear|noted|able|ready|possible|easy|enough|fine|there|said"
        r"|remembered|pointed|straightforward|in\s+place\s+by|obvious|over|borne)\b|help\b|take\s+(?:about|around|only)"
        r"|give\s+(?:you|us|them)|make\s+it|allow\b|enable\b|lead\b|result\b|come\s+as|receive\b|expect\b|arrive\b|benefit\b"
        r"|have\s+(?:been|received|got|come)\b)"
    ),
    # "Prices are expected to rise."
    "should_2": re.compile(
        r"(?i)(?<=expected to)\s+(?:grow|rise|increase|fall|decline|reach|cost|be\s+(?:published|available"
        r"|ready|able|completed|higher"
        r"|lower|in\b)|take\s+(?:about|around|place)|continue|last|improve|become|open|start|close|bring|lead|result)\b"
    ),
    "may_1": re.compile(rf"(?i)\s*{_POSSIBLY}"),
    "may_3": re.compile(
        r"(?i)(?!\s+(?:also\s+|only\s+|still\s+|then\s+|choose\s+to\s+)*(?:apply|claim|request|appeal|choose|opt|withdraw"
        r"|defer|transfer|nominate|appoint|borrow|receive|get|submit|be\s+(?:used|paid|claimed|exempted|submitted)|ask"
        r"|start|take|keep|use)\b)"
    ),
}
# The strengths of the groups of MODAL, but for `none`, which binds nobody.
STRENGTHS = {name: Strength(name.rpartition("_")[0]) for name in MODAL.groupindex if name != "none"}
# Subjects of which a modal says what is likely, or what the writer does himself.
NO_PERSON = re.compile(r"(?i)^(?:it|this|that|these|those|there|which|what|he\s+said|nothing\b.*)$")
OURSELVES = re.compile(r"(?i)^(?:i|we|our|one)$")
# "The aim is to …": of these "is to" says what they are for.
_THINGS_MEANT = """aim purpose goal objective intent intention role mission task plan idea function focus priority job
    way key challenge hope ambition vision approach step answer point theme question next first result"""
PURPOSE = re.compile(rf"(?i)\b(?:{'|'.join(_THINGS_MEANT.split())})s?\b")
SUBORDINATE = re.compile(
    r"(?i)^(?:even\s+)?(?:if|when|where|unless|although|though|while|whilst|as|because|whether|before|after|until|since"
    r"|so\s+that|so|in\s+order\s+that|provided\s+that|once|given\s+that|how|what|why|that|which|who|whom|whose|whoever"
    r"|whatever|whenever|wherever|than|to)\b"
)
RELATIVE = re.compile(r"(?i)\b(?:who|which|that|whom|whose|where|when|if|because|unless|whether|how|what|why)\b")
# What a relative clause begins with: a verb, or in the plural any word that opens no noun phrase.
FINITE = re.compile(
    r"(?i)^\s*(?!(?:the|a|an|each|every|all|any|no|some|this|these|those|its|their|his|her|our|your|they|it|he|she|we|you)\b)"
    r"\w+\s+\w"
    r"|^\s*(?:is|are|was|were|be|has|have|had|does|do|did|will|would|can|could|may|might|must|shall|should|\w+ed"
    r"|\w+[^s\W]s\s+\w)"
)
REPORTS = re.compile(
    r"(?i)\b(?:said|says|stated|states|noted|argued|believes?|suggests?|thinks?|explained|described|reported|spoke|claims)"
    r"\b"
)
NOBODY = re.compile(
    r"(?i)^(?:(?:from|after|before|in|at|during|on)\s[^,]{2,40}\s)?(?:no|neither|none|nobody|no\s+one|nor|under\s+no\s+circumstances|at\s+no\s+time|in\s+no\s+case)\b"
    r"(?!\s+(?:fewer|less|later|sooner)\s+than)"
)
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
_PERSON = re.compile(
    rf"(?i)\b(?:{'|'.join(map(re.escape, _PERSONS))})(?:s|es)?(?:/\w+(?:\(s\))?)?$|\b(?:authorit|universit|agenc|facult"
    r"|compan|famil|bod|cit|count|librar|ministr|nurser|academ|part)ies$|\bchildren$|\b\w{3,}(?:ers|ors|ees|ists|ians)$"
    r"|\b\w+\(s\)$"
)
# Where the head of a noun phrase ends.
_HEAD_ENDS = re.compile(
    r"(?i)\s(?:of|for|in|at|with|under|to|from|on|by|within|without|who|which|that|whose|where|when|if|during|after|before"
    r"|above|over|aged|between|directly|not|only|himself|themselves|concerned)\b"
)
_CUT_RELATIVE = re.compile(
    r"(?i)\s+(?:who|which|that|whose|where|when|if|whom)\b.*$|\s+(?:\w+ed|seeking|wishing|using"
    r"|applying|taking|having)\s+(?:by|after|under|in|to|from|with|on|for|at|before|over|as)\b.*$"
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
    subject = _CUT_RELATIVE.sub("", _LEADING.sub("", re.sub(r"^[^\w]+", "", phrase)).strip()).strip(" ,")
    if re.match(r"(?i)(?:in|on|at|by|from|under|for|with|during|within|after|before)\s", subject):
        # "From 1 May no school", "During holidays schools": where the first phrase ends is not marked.
        subject = re.sub(r"(?i)^.*\bno\b|^.*\s(?=\w+$)", "", subject).strip()
    subject = re.sub(r"(?i)^(?:no|neither)\s+|(?:\s+(?:will|shall|would|also|still|only|then|now))+$", "", subject)
    head = _HEAD_ENDS.split(subject, maxsplit=1)[0]
    if re.search(
        r"(?i)\b(?:is|are|was|were|has|have|will)\b|\b(?:of|the|a|an|to|and|or|monitors)$", subject
    ) or BARE.match(subject):
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


# Verbs that open a bare directive; those that lead about a site ("find", "see", "read", "visit") are none.
_DIRECTIVES = """keep submit report ensure provide send include complete record notify inform publish appoint establish
    maintain follow retain store return display attach state hold train teach finish put give tell write
    mark wear bring pay register enter update prepare consult obtain collect limit avoid stop remove conduct
    implement develop strengthen improve promote increase reduce organise organize assign designate
    encourage support set make take allow respect treat protect monitor examine verify confirm draw apply
    use refer reply answer carry hand plan review check build""".split()
BARE = re.compile(
    r"(?i)^(?:(?:please|always|first|second|third|fourth|fifth|finally|next|then)\b,?\s+)*"
    rf"(?:{'|'.join(_DIRECTIVES)})\s+"
    r"(?:sure\s+|out\s+|up\s+)?(?:the|a|an|all|any|each|every|your|their|its|this|these|those|at|no|only|pupils|schools"
    r"|teachers|parents|students|records?|children|new|written|clear|it|them|one|two|three|copies|full)\b"
)
BARE_NOT = re.compile(r"(?i)^(?:please\s+)?(?:do\s+not|don['’]t|never)\s+(?!worry|forget|hesitate|miss|wait)[a-z]+")
