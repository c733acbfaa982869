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
    rf"|\b{_IS}\s+not\s+(?:required|obliged|expected|responsible|entitled|eligible|mandatory|compulsory|obligatory)\b"
    r"|\b(?:will|would|shall)\s+not\s+(?:be\s+(?:required|asked|entitled|expected|obliged|responsible|able|eligible)|have\s+to|need)\b"
    r"|\bno\s+need\s+to\b)"
    rf"|(?P<must_not_1>\b(?:must|shall|should|may|can){_SOMETIMES}\s+(?:not|never)\b(?!\s+only)|\bcannot\b(?!\s+only)"
    r"|\b(?:can|mustn|shouldn|shan)['’]t\b)"
    rf"|(?P<must_not_2>\b{_IS}{_SOMETIMES}\s+(?:prohibited|forbidden|banned)\b"
    rf"|\b{_IS}\s+not\s+(?:permitted|allowed)\b|\b{_IS}\s+(?:asked|advised|requested|urged|expected|reminded)\s+not\s+to\b"
    r"|\b(?:must|shall|should|will)\s+(?:also\s+)?be\s+(?:strictly\s+)?(?:prohibited|forbidden|banned)\b)"
    rf"|(?P<must_not_4>\b(?:is|are)\s+not{_SOMETIMES}\s+to\s+(?=[a-z]))"
    r"|(?P<must_1>\b(?:must|shall)\b|\b(?:has|have)\s+to\b(?!\s+do\b)"
    r"|\bneeds?\s+to\b|\b(?:will|['’]ll)(?:\s+also)?\s+need\s+to\b)"
    rf"|(?P<must_2>\b{_IS}{_SOMETIMES}\s+(?:required|obliged|obligated|mandatory|compulsory|obligatory)\b)"
    rf"|(?P<must_3>\b(?:is|are|will\s+be){_SOMETIMES}\s+(?:responsible\s+for|accountable\s+for|charged\s+with\s+(?:(?:the|a)\s+(?:responsibility|duty|task)|\w+ing)|under\s+(?:a|an)\s+\w+\s+to)\b"
    r"|\b(?:has|have|bears?)\s+(?:(?:a|an|the|both|sole|full|overall|primary|legal|statutory|direct)\s+)*(?:duty|responsibility|obligation)"
    r"\s+(?:to|of|for)\b)"
    # "Her first responsibility is to the pupils" names no deed.
    r"|(?P<must_4>\b(?:is|are)\s+to\s+(?!(?:the|a|an|all|each|every|our|their|its|his|her)\b)(?=[a-z]))"
    r"|(?P<must_5>\brequires?\s+(?:(?:a|an|the|prior|written|formal|advance|majority|two-thirds)\s+)*(?:approval|consent|permission|authori[sz]ation|vote)\b)"
    r"|(?P<must_6>\b(?:(?:will|['’]ll)\s+)?(?:also\s+)?needs?(?::|\s+(?=(?:a|an|the|at\s+least|these|this|all|both|one|two|three"
    r"|either|your|our|permission|approval|written|['‘“\d]|(?-i:[A-Z]{2,}))\b))"
    r"|(?<!to )\b(?:will|['’]ll)\s+(?:also\s+|only\s+)?need\s+(?!help\b|support\b|more\b|some\b|to\b)(?=[a-z])"
    r"|\bneeds?\s+(?!to\b|not\b|help\b|support\b|more\b|some\b|any\b)(?:[\w’'()-]+\s+){1,6}?"
    r"(?:to|before|in\s+order\s+to)\s+(?=(?:work|teach|apply|enter|qualify|enrol|register|train|study|join|practise)\b))"
    r"|(?P<should_1>\bshould\b|\bought\s+to\b)"
    rf"|(?P<should_2>\b{_IS}{_SOMETIMES}\s+(?:expected|encouraged|advised|recommended|urged|requested|asked)"
    r"\s+(?:to|that)\b)"
    r"|(?P<should_3>\b(?:we|the\s+\w+|it\s+is)\s+(?:strongly\s+)?(?:recommend(?:s|ed)?|advises?|encourages?|urges?)"
    r"\s+(?:that|all|every|each|schools|teachers|parents|pupils|students|you|the)\b)"
    r"|(?P<may_1>(?-i:\bmay\b))"
    rf"|(?P<may_2>\b{_IS}{_SOMETIMES}\s+(?:entitled|permitted|allowed|authori[sz]ed|free)\s+(?:to\b|under\b|if\b|only\b)"
    rf"|\b{_IS}{_SOMETIMES}\s+(?:permitted|allowed)\s+(?:in|on|at|for|when|where|with|during|provided|after|before)\b"
    rf"|\b(?:is|are){_SOMETIMES}\s+eligible\s+to\b"
    rf"|\b(?:is|are){_SOMETIMES}\s+able\s+to\s+(?=(?:apply|claim|request|appeal|choose|withdraw|defer|transfer|opt)\b)"
    r"|\b(?:has|have)\s+(?:(?:the|full|sole)\s+)*(?:discretion|power|authority)\s+to\b"
    r"|\b(?:has|have)\s+(?:the|a)\s+right\s+(?:to|of)\b|\breserves?\s+the\s+right\b)"
    r"|(?P<may_3>\bcan\b)"
    # What rules lay down in the future tense.
    r"|(?P<must_not_3>\bwill\s+(?:not|never)\b)|(?P<must_7>\bwill\b(?!\s+(?:\w+\s+)?be\s+(?:required"
    r"|obliged|expected|asked|encouraged|advised|entitled|permitted|allowed|authori[sz]ed|eligible|able|free)\b))"
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
    "must_not_4": re.compile(r"(?i)(?:say|suggest|imply|mean)\b"),
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
    "may_1": re.compile(
        rf"(?i)\s*{_POSSIBLY}|(?<=\byou may)\s+(?:also\s+)?(?:receive|get|earn|qualify)\b"
        r"|\s+(?:also\s+)?(?:close|open|start|end)\s+(?:earlier|later)\s+than\b"
    ),
    "must_7": re.compile(
        rf"(?i)\s*(?:{_POSSIBLY}|do\s+much|receive\b|remain\b|constitute|take\s+(?:place|effect)|begin\b|end\b)"
    ),
    "must_not_3": re.compile(rf"(?i)\s*(?:{_POSSIBLY}|necessarily|apply\b(?!\s+(?:for|to)))"),
    "may_3": re.compile(
        r"(?i)(?!\s+(?:also\s+|only\s+|still\s+|then\s+|choose\s+to\s+)*(?:apply|claim|request|appeal|choose|opt|withdraw"
        r"|defer|transfer|nominate|appoint|borrow|receive|get|submit|be\s+(?:used|paid|claimed|exempted|submitted)|ask"
        r"|start|take|keep|use)\b)|(?<=\byou can)\s+(?:also\s+|still\s+|then\s+)*(?:receive|get)\b"
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
    r"|so\s+that|so|in\s+order\s+that|provided\s+that|once|given\s+that|how|what|why|that|which|who|whom|whose"
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
    # "Of said assets": the ones that were named.
    r"(?i)\b(?:(?<!of )(?<!the )(?<!by )(?<!in )said|says|stated|states|noted|argued|believes?|suggests?|thinks?"
    r"|explained|described|reported|spoke|claims)\b"
)
# What surveys and news hold of people, whoever then has to do what.
SURVEYS = re.compile(
    r"(?i)\b(?:(?:who|have|has|pupils|students|teachers|parents|%)\s+)(?:\w+\s+)?(?:reported|agreed|disagreed)\b"
)
NOBODY = re.compile(
    r"(?i)^(?:(?:from|after|before|in|at|during|on)\s[^,]{2,40}\s)?(?:no|neither|none|nobody|no\s+one|nor|under\s+no\s+circumstances|at\s+no\s+time|in\s+no\s+case)\b"
    r"(?!\s+(?:fewer|less|later|sooner)\s+than)"
)
