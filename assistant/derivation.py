"""Is a claim made of whole pieces of one quote, in their order, with nothing lost that bounds what they say?"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from assistant.facts import AND, COMMA, JOINED, STOP, Fact, FactKind, read_facts
from store.words import has_chinese

NEGATIONS = frozenset(
    [
        *"not no never neither nor without none nobody needn't forbid forbidden prohibit ban".split(),
        *"不 未 勿 莫 没 不得 不能 不应 不予 不准 不许 不宜 不可 不再 严禁 禁止 无须 无需 不必".split(),
    ]
)
PERMISSIONS = frozenset(["may", "can", "可以", "可"])
OBLIGATIONS = frozenset("must should will would shall ought 应当 须 宜 要".split())
_DENIES_ALL = frozenset("no none neither nor nobody never without".split())
# Before "and": what is true of two together, or only where both are.
_SHARED = frozenset("between both or 或 if when where unless onli provid".split())
_LINKS = frozenset(["or", "或"])
_CONDITIONS = frozenset("if when whenev where unless provid onli so".split())
_MODALS = NEGATIONS | PERMISSIONS | OBLIGATIONS
# Text that repeats itself is not searched in every way, nor very long text for its passive or its pieces.
_MOST_WAYS, _MOST_JUMPS, _LONGEST = 40, 4000, 600
_SHORTEST_SUBJECT = 2
_LEADS_TO_PLACE = re.compile(r"\s(?:at|in|on)\s(?:the\s)?$")
# What bounds the clause beside it: a claim that leaves it out says more than the quote.
_BOUNDS = re.compile(
    r"(?i)\b(?:except|unless|only|provided|subject to|but|however|other than|save (?:for|that)|if|even though|although"
    r"|excluding|without|in the case of|in cases? where|as long as|on condition|until)\b"
    r"|除(?=[^，。；]{1,30}外)|但(?!书)|只有|只能|仅|唯有|如果|假如|(?<![假诸例比譬犹])如(?=[确需果遇有因])|若(?!干)|否则|不含|不包括|原则上|情况下|情形|前提"
    r"|确需|暂不|的[，,]|经[^，。；]{1,20}(?:批准|同意|审核|许可)"
)
_OWN_BOUND = re.compile(r"(?i)\bwithout\b")
_BUT_ENDS = re.compile(r"[,，]\s*(?:but|但)\s*$")
_OPENS_CLAUSE = re.compile(r"\s*[,;]\s*and\s")
_OPENS_BOUND = re.compile(
    r"(?i)\s*(?:when|where|whenever|once|for|with|in (?:the|any) event|after|before|during|under|subject)\b"
)
_MARKER = re.compile(
    r"\s*(?:[*•●▪◦·\-–—]\s+|\d{1,3}[.)）、]\s*(?!\d)|[(（](?:\d{1,3}|[a-z]{1,4}|[一二三四五六七八九十]{1,3})[)）]\s*"
    r"|[一二三四五六七八九十]{1,3}、\s*|[一二三四五六七八九十](?:是|要)(?!否)|第[一二三四五六七八九十百零〇\d]{1,5}[条章款]\s+"
    r"|(?:Article|Section|Clause)\s+\d{1,3}[.:]?\s+|#{1,6}\s+)"
)
_ACTORS = re.compile(
    r"(?i)(?:(?:the|each|every|all|any|no|local|county|city|provincial)\s+)*(?:schools?|bureaus?|departments?|teachers?"
    r"|parents?|pupils?|students?|principals?|committees?|universit(?:y|ies)|colleges?|ministr(?:y|ies)|boards?"
    r"|authorit(?:y|ies)|governments?|superintendents?|heads?|they|he|she|it|we|you|who|which)\b"
    r"|[^，。；、对向将把为使让在给由与以从按据]{0,8}?(?:学校|学院|大学|部门|局|厅|委员会|政府|教师|校长|学生|家长|监护人|机构|单位|各地|各校|高校|幼儿园|小组)"
)
# The subject of a Chinese clause, whole, and anybody who might be the subject of what follows.
_SOMEBODY = re.compile(r"学校|教师|校长|学生|家长|监护人|机构|单位|部门|局|人员|保安|督学|幼儿园|高校|委员会")
_SUBJECT = re.compile(rf"[^，。；：]{{0,16}}?(?:{_SOMEBODY.pattern})")
_LIMITING = frozenset("超过 少于 低于 高于 不超过 不少于 不低于 不高于 不晚于 不早于".split())
_TITLES = frozenset(
    "deputi director presid vice head chair chairman chairwoman secretari minist professor mr mrs ms dr".split()
)
_BULLET = re.compile(r"\s*[*•●▪◦·\-–—]\s+")
_FRONTED = re.compile(
    r"(?i)(?:except|subject to|in|on|at|by|from|for|during|within|under|through|with|if|when|where|unless|after"
    r"|before|until|since|once)\b"
)
_PASSIVE = re.compile(
    r"(?i)^(?P<done>.{2,}?)\s(?:(?P<modal>must|shall|should|may|can|will)\sbe|(?:is|are|was|were|has been|have been))"
    r"\s(?P<verb>\w+(?:\s(?:forward|over|out|up|down|on|off))?)\sby\s(?!\d)(?P<doer>.+?)"
    r"(?P<rest>(?:\s(?:in|on|at|by|from|for|during|within|under|to|with|before|after|until)\s.*|[,;:].*)?)$"
)

# A passive that leaves out its doer.
_BARE_PASSIVE = re.compile(
    r"^(?P<done>[^,]{2,80}?)\s(?P<modal>must|shall|should)\sbe\s(?P<verb>\w+)(?P<rest>\b(?!.*\sby\s[a-z]).*)$"
)
_DOER = re.compile(r"^(?P<doer>[^,]{3,80}?)\s(?:must|shall|should)\s(?!not\b|be\b)")
# An adverbial in a claim that may stand elsewhere in its quote: first, or between commas.
_ADVERBIALS = (
    re.compile(rf"^(?P<before>)(?P<said>{_FRONTED.pattern[4:]}[^,]{{2,120}}),\s(?P<after>.+)$", re.IGNORECASE),
    re.compile(rf"^(?P<before>.+?),\s(?P<said>{_FRONTED.pattern[4:]}[^,]{{2,80}}),\s(?P<after>.+)$", re.IGNORECASE),
    re.compile(
        r"^(?P<before>)(?P<said>[^，。；]{2,30}?(?:前|后|内|起|时|期间|以来|日|中)|(?:在|自|从|于)[^，。；]{2,30})[，,](?P<after>.+)$"
    ),
)
_LEADS_ADVERBIAL = re.compile(
    r"(?i)(?:\b(?:in|on|at|by|from|for|during|within|under|until|before|after|except)\s(?:the\s|each\s)?|[在于自从])$"
)
_IF = re.compile(r"(?i)(?:if|when|where|unless|once)\b")
# What may be tied to a noun: a clause, a participle that is neither a passive's nor before its noun.
_RELATIVE = re.compile(r"\b(?:who|which|that|whose|absent|present|due|open|under way)\b")
_PARTICIPLE = re.compile(
    r"(?<!\bwas )(?<!\bwere )(?<!\bis )(?<!\bare )(?<!\bbe )(?<!\bbeen )(?<!\ban )(?<!\ba )(?<!\bthe )"
    r"\b(?:(?!need)\w{2,}ed|taken|given|made|held)\b"
)
# A Chinese title or office before a name, and what people do under their names.
_TITLED = re.compile(r"(?:[厅局处室校院部科司省市县]长|主任|书记|主席|院士|教授|主持人)$")
_DOUBTFUL = re.compile("[不未没非如若可拟]|原则")
_NAMED = re.compile(
    r"[\u4e00-\u9fff]{2,3}(?:主持|出席|讲话|作了?(?:报告|发言|讲话)|介绍|强调|指出|传达|总结|部署|致辞)"
)


@lru_cache(maxsize=4096)
def _reorder(text: str, marker: re.Pattern[str]) -> tuple[str, ...]:
    """A sentence and the same without its marker, with its opening adverbial last, with its passive active."""
    bare = text.strip()
    found = [bare]
    if (lead := marker.match(bare)) and lead.end() < len(bare):
        found.append(bare[lead.end() :])
    body = found[-1].rstrip(" .。;；")
    comma = body.find(", ")
    if 0 < comma < 160 and _FRONTED.match(body) and _may_move(body, comma):
        found.append(f"{body[comma + 2 :]} {body[:comma]}.")
    for one in list(found):
        if len(one) <= _LONGEST and (match := _PASSIVE.match(one.rstrip(" .;"))):
            modal = f" {match['modal']}" if match["modal"] else ""
            found.append(f"{match['doer']}{modal} {match['verb']} {match['done']}{match['rest']}.")
            if match["rest"].startswith(", "):
                # What follows the doer may describe the doer.
                found.append(f"{match['doer']}{match['rest']},{modal} {match['verb']} {match['done']}.")
    return tuple(dict.fromkeys(found))


def _may_move(body: str, comma: int) -> bool:
    """Whether an opening that ends at a comma says the same at the end, and belongs to no noun there."""
    if _IF.match(body):
        return True
    _, modal, after = re.split(r"(\b(?:must|shall|should|may|can|will)\b|$)", body[comma:], maxsplit=1)
    after = after if modal else body[comma:]
    if _RELATIVE.search(after) or ", and " in after:
        return False
    return len(_PARTICIPLE.findall(after)) <= (not modal)


def is_derived(claim: str, quote: str) -> bool:
    """Whether the claim consists of whole pieces of the quote, in order, and drops nothing that bounds them.

    Pieces are what commas, stops, brackets and dashes part. Both may be read with their opening
    adverbial last, or, in English, their passive turned active; a single date may stand anywhere in
    its clause.
    """
    # The number of an item is a part of what is claimed; a quote may be said without it.
    for said in _reorder(claim, _BULLET):
        for source in _reorder(quote, _MARKER):
            if _is_made_of(read_facts(said), read_facts(source), source):
                return True
    return _is_made_elsewhere(claim, quote)


def _is_made_elsewhere(claim: str, quote: str) -> bool:
    """Whether a claim is derived once its adverbial is laid where the quote has it, or its passive has a doer."""
    held = {fact.form for fact in read_facts(quote)}
    if not {fact.form for fact in read_facts(claim)} <= held:
        return False
    for pattern in _ADVERBIALS:
        match = pattern.match(claim.strip())
        if match and _is_made_around(match["said"], f"{match['before']} {match['after']}".strip(), quote):
            return True
    bare, acted = _BARE_PASSIVE.match(claim.strip(" .")), _DOER.match(quote)
    if bare and acted:
        active = f"{acted['doer']} {bare['modal']} {bare['verb']} {bare['done']}{bare['rest']}."
        return any(_is_made_of(read_facts(said), read_facts(quote), quote) for said in _reorder(active, _BULLET))
    return False


def _is_made_around(adverbial: str, rest: str, source: str) -> bool:
    """Whether an adverbial stands in one clause of a quote, and the rest of the claim is derived without it."""
    quote, said = read_facts(source), [fact.form for fact in read_facts(adverbial)]
    others = {fact.form for fact in read_facts(rest)}
    for first in range(len(quote) - len(said) + 1):
        last = first + len(said)
        if not said or [fact.form for fact in quote[first:last]] != said:
            continue
        if _is_adverbial(quote, first, last, source) and _has_its_clause(quote, first, last, others):
            left = [*quote[:first], *quote[last:]]
            if first < len(left):
                left[first] = replace(left[first], gap=max(left[first].gap, quote[first].gap))
            if _is_made_of(read_facts(rest), left, source):
                return True
    return False


def _is_adverbial(quote: Sequence[Fact], first: int, last: int, source: str) -> bool:
    """Whether a run opens with a preposition, a comma or a date, and belongs to its clause and to no noun in it."""
    start = quote[first - 1].end if first else 0
    opens = first == 0 or quote[first].gap >= COMMA or quote[first].kind is FactKind.date
    opens = opens or _FRONTED.match(source, quote[first].start) is not None
    opens = opens or _LEADS_ADVERBIAL.search(source[start : quote[first].start]) is not None
    if not opens:
        return False
    clause = [fact.end for fact in _clause(quote, last - 1)]
    if has_chinese(source):
        # Before 的 it belongs to what 的 describes.
        return "的" not in source[quote[last - 1].end : clause[-1]]
    return _ends_or(quote, last - 1) and not _is_attached(quote, first, source)


def _is_attached(quote: Sequence[Fact], place: int, source: str) -> bool:
    """Whether what stands at a place may belong to a noun before it: "the list of pupils absent in May"."""
    start = place
    while start and quote[start].gap < COMMA:
        start -= 1
    modal = next((at for at in range(start, place) if quote[at].form in _MODALS), None)
    after = source[quote[start if modal is None else modal].end : quote[place].start]
    # Without a modal the first participle may be the verb itself.
    return _RELATIVE.search(after) is not None or len(_PARTICIPLE.findall(after)) > (modal is None)


def _has_its_clause(quote: Sequence[Fact], first: int, last: int, said: set[str]) -> bool:
    """Whether all else in the clause of a run, up to names, is among what is said."""
    begin, end = first, last
    while begin and quote[begin].gap < COMMA:
        begin -= 1
    while end < len(quote) and quote[end].gap < COMMA:
        end += 1
    mates = [*quote[begin:first], *quote[last:end]]
    return all(fact.form in said or fact.kind is FactKind.name for fact in mates)


def list_bounds(text: str) -> list[str]:
    """The words of a text that begin a condition or an exception."""
    return [match.group() for match in _BOUNDS.finditer(text)]


def _is_made_of(claim: Sequence[Fact], quote: Sequence[Fact], source: str) -> bool:
    if not claim or len(claim) > len(quote):
        return False
    if not {fact.form for fact in claim} <= {fact.form for fact in quote}:
        return False
    if _find_pieces(claim, quote, source):
        return True
    afloat = _float_dates(claim, quote, source)
    return afloat is not None and _find_pieces(*afloat, source)


def _float_dates(claim: Sequence[Fact], quote: Sequence[Fact], source: str) -> tuple[list[Fact], list[Fact]] | None:
    """Both without their date where each has one, the same, and its clause is among what the claim says."""
    ours = [fact for fact in claim if fact.kind is FactKind.date]
    theirs = [place for place, fact in enumerate(quote) if fact.kind is FactKind.date]
    if len(ours) != 1 or len(theirs) != 1 or ours[0].form != quote[theirs[0]].form:
        return None
    place = theirs[0]
    first, last = place, place + 1
    while first and quote[first].gap < COMMA:
        first -= 1
    while last < len(quote) and quote[last].gap < COMMA:
        last += 1
    if not has_chinese(source) and theirs[0] and _is_attached(quote, theirs[0], source):
        return None
    said = {fact.form for fact in claim}
    # Without "in Some Town" it is still the same clause.
    mates = [fact.form for fact in quote[first:last] if fact.kind not in (FactKind.date, FactKind.name)]
    if mates and not all(form in said for form in mates):
        return None
    return _without(claim, claim.index(ours[0])), _without(quote, place)


def _without(facts: Sequence[Fact], place: int) -> list[Fact]:
    rest = [*facts[:place], *facts[place + 1 :]]
    if place < len(rest):
        rest[place] = replace(rest[place], gap=max(rest[place].gap, facts[place].gap))
    return rest


def _find_pieces(claim: Sequence[Fact], quote: Sequence[Fact], source: str) -> bool:
    """Search the ways to lay the claim along the quote, least jumps first; True at the first that loses nothing."""
    if [fact.form for fact in claim] == [fact.form for fact in quote]:
        return True
    if len(quote) > _LONGEST:
        return False
    jumps = 0
    places: dict[str, list[int]] = {}
    for place, fact in enumerate(quote):
        places.setdefault(fact.form, []).append(place)
    # ways[place]: the matched places of the best way that ends at this place.
    ways: dict[int, tuple[int, ...]] = {
        place: (place,) for place in places.get(claim[0].form, ()) if _may_begin(quote, place, source)
    }
    for fact in claim[1:]:
        longer: dict[int, tuple[int, ...]] = {}
        for place in places.get(fact.form, ()):
            if place - 1 in ways:
                longer[place] = (*ways[place - 1], place)
                continue
            jumps += len(ways)
            for before, way in ways.items():
                if before < place and _may_jump(quote, before, place, source):
                    longer[place] = (*way, place)
        ways = dict(itertools.islice(longer.items(), _MOST_WAYS))
        if not ways or jumps > _MOST_JUMPS:
            return False
    return any(_may_end(quote, way[-1], source) and not _find_lost_bound(quote, way, source) for way in ways.values())


def _may_begin(quote: Sequence[Fact], place: int, source: str) -> bool:
    """Whether a piece may be the claim's first: at a gap, with no negation or permission left before it."""
    if place == 0:
        return True
    if _follows_title(quote, place, source) or _counts_all(quote, place, source):
        return True
    if quote[place].gap < COMMA or _explains(quote, place, source):
        return False
    before = list(_same_part(quote, place))
    left = {fact.form for fact in before}
    if has_chinese(source) and _repeats_modal(quote, place):
        return True
    if _has_modal(quote, place):
        # "No city, county or school may": what is denied at the front is denied of all.
        return not left & (_DENIES_ALL if _opens_with_doer(quote, place, source) else NEGATIONS)
    return not left & (NEGATIONS | PERMISSIONS)


def _follows_title(quote: Sequence[Fact], place: int, source: str) -> bool:
    """Whether a Chinese name begins here, its title before it in the same clause, and does something."""
    start = place
    while start and quote[start].gap < COMMA:
        start -= 1
    title = source[quote[start].start : quote[place].start]
    if _DOUBTFUL.search(title):
        return False
    return _TITLED.search(title) is not None and _NAMED.match(source, quote[place].start) is not None


def _counts_all(quote: Sequence[Fact], place: int, source: str) -> bool:
    """Whether 共 and a figure begin here: how many all those before are."""
    if quote[place].form != "共" or place + 1 == len(quote) or quote[place + 1].kind is not FactKind.figure:
        return False
    before = source[: quote[place].start]
    return source.startswith("人参加", quote[place + 1].end) and not re.search("其中|每|另", before)


def _same_part(quote: Sequence[Fact], place: int) -> Iterator[Fact]:
    """The facts before a place, back to the last stop."""
    while place and quote[place].gap < STOP:
        place -= 1
        yield quote[place]


def _repeats_modal(quote: Sequence[Fact], place: int) -> bool:
    """Whether a Chinese clause has a subject and a modal of its own, the same as the clause before it."""
    own = [at for at, fact in enumerate(_clause(quote, place)) if fact.form in _MODALS]
    if not own or own[0] < _SHORTEST_SUBJECT or quote[place].gap != COMMA:
        return False
    before = list(_same_part(quote, place))
    left = {fact.form for fact in before} & (NEGATIONS | PERMISSIONS)
    modal = quote[place + own[0]].form
    nearest = next((fact.form for fact in before if fact.form in _MODALS), "")
    return left <= {modal} and nearest == modal


def _has_modal(quote: Sequence[Fact], place: int) -> bool:
    return any(fact.form in OBLIGATIONS | PERMISSIONS | NEGATIONS for fact in _clause(quote, place))


def _clause(quote: Sequence[Fact], place: int) -> Iterator[Fact]:
    yield quote[place]
    for fact in quote[place + 1 :]:
        if fact.gap >= COMMA:
            return
        yield fact


def _may_end(quote: Sequence[Fact], place: int, source: str) -> bool:
    if place + 1 == len(quote) or quote[place + 1].gap >= COMMA:
        return True
    return _ends_before_and(quote, place, source) or _ends_before_place(quote, place, source)


def _ends_before_place(quote: Sequence[Fact], place: int, source: str) -> bool:
    """Whether only "in Some Town" or "on a day" follows: what is so there is so, unless it is denied."""
    following = quote[place + 1]
    if any(fact.form in NEGATIONS for fact in (quote[place], *_same_part(quote, place))):
        return False
    if following.kind is FactKind.date:
        return " " not in following.form and _ends_or(quote, place + 1)
    tail = list(_clause(quote, place + 1))
    led = _LEADS_TO_PLACE.search(source[quote[place].end : following.start])
    return led is not None and all(fact.kind is FactKind.name for fact in tail)


def _ends_or(quote: Sequence[Fact], place: int) -> bool:
    return place + 1 == len(quote) or quote[place + 1].gap >= COMMA


def _ends_before_and(quote: Sequence[Fact], place: int, source: str) -> bool:
    following = quote[place + 1]
    if following.gap != AND or following.kind is FactKind.figure or has_chinese(source):
        # What follows 和 may be the noun to which both belong.
        return False
    return not {fact.form for fact in (*_same_part(quote, place), quote[place])} & _SHARED


def _may_jump(quote: Sequence[Fact], before: int, place: int, source: str) -> bool:
    """Whether what stands between two places may be left out: whole pieces, without another doer or a negation."""
    skipped = quote[before + 1 : place]
    opens = [before + 1 + shift for shift, fact in enumerate(skipped) if fact.gap >= COMMA]
    crossed = max(fact.gap for fact in quote[before + 1 : place + 1])
    if opens == [before + 1] and quote[place].gap < COMMA and _follows_title(quote, place, source):
        return True
    after_but = quote[place - 1].form == "but" and quote[place - 1].gap >= COMMA
    if (quote[place].gap < AND and not after_but) or _explains(quote, place, source):
        return False
    if crossed == STOP and not _begins_part(quote, place, source):
        return False
    if skipped[0].form in _MODALS and quote[place].form in _MODALS and skipped[0].gap == JOINED:
        # Who must do one thing and another must do the other.
        return not any(_opens_with_doer(quote, at, source) for at in opens)
    if skipped[0].gap == quote[place].gap == AND:
        # An item of a list may be missing.
        return not opens and not any(fact.form in _LINKS for fact in skipped)
    if has_chinese(source) and _shares_subject(quote, before, place, source):
        return True
    if skipped[0].gap < COMMA or (quote[place].gap == AND and has_chinese(source)) or _is_condition(quote, before):
        return False
    if any(fact.form in NEGATIONS or fact.form in _LINKS for fact in skipped):
        return False
    if _is_bracketed(quote, before, place, source):
        return True
    if quote[place].gap >= COMMA and _opens_with_doer(quote, place, source):
        return True
    return not any(_opens_with_doer(quote, at, source) for at in opens)


def _shares_subject(quote: Sequence[Fact], before: int, place: int, source: str) -> bool:
    """Whether a Chinese clause that opens with no doer goes on after the subject of the clause before it.

    What is left out between may be a duty or a limit, no ban and no permission: they might hold for both.
    """
    start = before
    while start and quote[start].gap < COMMA:
        start -= 1
    if quote[place].gap != COMMA or _SUBJECT.fullmatch(source[quote[start].start : quote[before].end]) is None:
        return False
    skipped = quote[before + 1 : place]
    if any(fact.gap >= COMMA for fact in skipped) or _opens_with_doer(quote, place, source):
        return False
    for at, fact in enumerate(skipped):
        limits = at + 1 < len(skipped) and skipped[at + 1].form in _LIMITING
        if fact.form in NEGATIONS | PERMISSIONS and not limits:
            return False
    if source.startswith(("对", "向"), quote[place].start):
        return True
    between = source[quote[before].end : quote[place].start]
    subject = source[quote[start].start : quote[before].end]
    if any(somebody not in subject for somebody in _SOMEBODY.findall(between)):
        return False
    return any(fact.form in _LIMITING for fact in _clause(quote, place))


def _explains(quote: Sequence[Fact], place: int, source: str) -> bool:
    """Whether a bracket opens before a place: what stands in it belongs to the words before it."""
    return bool(set("(（[") & set(source[quote[place - 1].end : quote[place].start]))


def _begins_part(quote: Sequence[Fact], place: int, source: str) -> bool:
    """Whether a place is the first behind a stop, or names who does what follows."""
    return quote[place].gap == STOP or (quote[place].gap == COMMA and _opens_with_doer(quote, place, source))


def _is_condition(quote: Sequence[Fact], place: int) -> bool:
    """Whether a piece that ends at a place begins with a condition: what goes on with it belongs to it."""
    while place and quote[place].gap < COMMA:
        place -= 1
    return quote[place].form in _CONDITIONS


def _is_bracketed(quote: Sequence[Fact], before: int, place: int, source: str) -> bool:
    opening = source[quote[before].end : quote[before + 1].start]
    closing = source[quote[place - 1].end : quote[place].start]
    return any(one in opening and other in closing for one, other in ("()", "（）", "[]"))


def _opens_with_doer(quote: Sequence[Fact], place: int, source: str) -> bool:
    """Whether the piece that begins at a place begins with somebody who does something."""
    fact = quote[place]
    if fact.form in _TITLES:
        return False
    return fact.kind is FactKind.name or _ACTORS.match(source, fact.start) is not None


def _find_lost_bound(quote: Sequence[Fact], way: Sequence[int], source: str) -> str:
    """The words of a condition or exception that stand in the same part of the quote and not in the claim."""
    said = set(way)
    parts = _number_parts(quote)
    touched = {parts[place] for place in way}
    for first, last in _left_out(quote, said):
        if parts[first] not in touched and parts[last - 1] not in touched:
            continue
        end = quote[last].start if last < len(quote) else len(source)
        start = quote[first - 1].end if first else 0
        words = source[start:end]
        if first and _OPENS_CLAUSE.match(words) and _has_modal(quote, first):
            # How another one must do another thing bounds nothing here.
            words = _OWN_BOUND.sub("", words)
        if last < len(quote):
            # "but" before what is said does not bound it.
            words = _BUT_ENDS.sub("", words)
        bound = _BOUNDS.search(words) or (_OPENS_BOUND.match(words) if first == 0 else None)
        if bound:
            return words.strip(" ,，;；")
    return ""


def _number_parts(quote: Sequence[Fact]) -> list[int]:
    parts: list[int] = []
    for place, fact in enumerate(quote):
        parts.append(parts[-1] + (fact.gap == STOP) if place else 0)
    return parts


def _left_out(quote: Sequence[Fact], said: set[int]) -> Iterator[tuple[int, int]]:
    """The runs of places that are not said, cut at stops."""
    first = None
    for place in range(len(quote) + 1):
        ended = place == len(quote) or place in said or (first is not None and quote[place].gap == STOP)
        if first is not None and ended:
            yield first, place
            first = None
        if place < len(quote) and place not in said and first is None:
            first = place
