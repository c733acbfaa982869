"""Which duty an English sentence states: its modal in a main clause, its subject, or a bare directive."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.types import Strength
from ingest.duties import Duty, Mood, find_strongest, mask_quoted
from ingest.english_directives import read_directive
from ingest.english_rulings import read_ruling
from ingest.english_subjects import find_agent, name_subject, strip_leading
from ingest.english_words import (
    FINITE,
    MODAL,
    NO_PERSON,
    NOBODY,
    NOT_AFTER,
    OURSELVES,
    PURPOSE,
    RELATIVE,
    REPORTS,
    STRENGTHS,
    SUBORDINATE,
    SURVEYS,
)

_MARKER = re.compile(r"^\s*(?:[•*\-–—·▪●]\s*|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)]\s+)+")
# What brackets hold is said beside the sentence; "parent(s)" is a word.
_ASIDE = re.compile(r"(?<=\w)\s+\((?!s\))[^()]{1,120}\)")
_STRONG_STOP = re.compile(r"[;:—]|\((?!s\))|(?<!\(s)\)|\s[–-]\s|(?<=[a-z\d]{2}[.?!])\s+(?=[A-Z])")
_LAST_JOIN = re.compile(r"(?i).*(?:,|\b(?:and|but|or)\b)")
_NEW_CLAUSE = re.compile(r"(?i),\s*(?:and|but|nor)\s+(?:\w+\s+){1,6}$")
_THAT_PERSON = re.compile(r"(?i)^(?:that|this)\s+\w+[^s\W]$")
_INTO_COMPLEMENT = re.compile(r"(?i)\b(?:that|which|who|if|when|whether|where|so|unless|what|how|as)\b")
# To whom one writes with questions binds nobody.
_QUESTIONS = re.compile(r"(?i)^(?:any\s+)?(?:questions?|enquiries|inquiries|comments|queries)\b")
# "The most you can get": a relative clause without its pronoun.
_CONTACT = re.compile(
    r"(?i)^(?!(?:in|on|at|by|from|for|during|after|before|under|with|to|if|when|as|then|once)\b).*\s(?:you|they|we|he|she)$"
)
# "If they do you must …"; not "If the school says they must …".
_ANEW = re.compile(
    r"(?i)(?<=\w\s)(?<!that\s)(?<!says\s)(?<!think\s)(?<!believe\s)(?<!know\s)(?<!feel\s)(?<!decide\s)(?<!sure\s)(?:you|they)$"
)
_JOINED = re.compile(r"(?i)\b(?:and|but|or|so)\s+(?P<who>you|they|we|he|she)$")
_FIGURE = re.compile(r"\d")
_EXAMPLE = re.compile(r"(?i)^(?:for\s+(?:example|instance)|e\.g\.)")
# "Should there be a conflict, …" is a condition; "as well as" only joins; a label stands before the sentence.
_INVERTED = re.compile(r"(?i)^should\s+(?=(?:a|an|the|any|there|it|they|you|he|she|this|these|one|all|no)\b)")
_AS_WELL = re.compile(r"(?i),?\s+(?:as\s+well\s+as|together\s+with|along\s+with)\s")
_ADDED = " plus "
_LABEL = re.compile(r"^\w+:\s+(?=(?:Must|Should|May)\b)")
_OPENING = re.compile(
    r"(?i)^(?:shall\s+|will\s+)?(?P<modal>may|must|should)\s+(?P<not>not\s+)?(?!(?:i|you|we|they|he|she|it|the|a|an|any|all|your|there)\b)"
    r"[a-z]+\b(?=.*[a-z])"
)
_FUTURE = ("must_7", "must_not_3")
_IN_NO_CASE = re.compile(r"(?i)^(?:under|at|in)\s+no\b")
_HABIT = re.compile(r"(?i)\b(?:often|usually|sometimes|typically|some)\b")
_ONLY_VERB = re.compile(r"(?i)^(?:must|shall|should|may|can|need|is|are|has|have)\b")


def read_english(words: str, mood: Mood, *, complete: bool = True) -> Duty | None:
    """The duty that an English sentence states, None where it states none.

    `complete`: it ends as a sentence does, or is an item of a list: a heading gives no bare directive.
    """
    plain = _ASIDE.sub("", mask_quoted(_MARKER.sub("", " ".join(words.split()))).strip())
    plain = _INVERTED.sub("If ", _LABEL.sub("", plain))
    if plain.endswith("?") or SURVEYS.search(plain):
        return None
    if opening := _OPENING.match(plain.strip()):
        # An item of a list whose head names who: "May waive any requirement."
        return Duty(Strength.must_not if opening.group("not") else Strength(opening.group("modal").lower()))
    if _ONLY_VERB.match(plain.strip()):
        return None
    if ruling := read_ruling(plain):
        return ruling
    plain = _AS_WELL.sub(_ADDED, plain)
    found = list(_find_modals(plain, mood)) or (list(_find_modals(plain, mood, future=True)) if mood.rules else [])
    # What opens a list says of it what it says last.
    duty = found[-1] if found and plain.endswith(":") else find_strongest(found)
    if duty is not None and duty.strength is Strength.may and _EXAMPLE.match(plain):
        return None
    return duty if duty is not None or not complete else read_directive(plain.strip(), mood)


def _find_modals(plain: str, mood: Mood, *, future: bool = False) -> Iterator[Duty]:
    """The duties of the main clauses, in their order; those of rules that only say what will be where `future`."""
    last: Duty | None = None  # the duty before in this clause, whose subject a second predicate shares
    last_end, last_name, start = 0, "", 0
    for match in MODAL.finditer(plain):
        begins = max((stop.end() for stop in _STRONG_STOP.finditer(plain, start, match.start())), default=start)
        if begins != start:
            last, last_end, last_name, start = None, begins, "", begins
        name = match.lastgroup or "none"
        if (name in _FUTURE) is not future and name != "none":
            continue
        between = plain[max(start, last_end) : match.start()]
        duty = _judge(plain, match, name, between, last, bool(last_name), mood)
        if name == "none":
            continue
        last, last_end, last_name = duty, match.end(), name
        if duty is not None:
            yield duty


def _judge(
    plain: str, match: re.Match[str], name: str, between: str, last: Duty | None, follows: bool, mood: Mood
) -> Duty | None:
    rejects = NOT_AFTER.get(name)
    if name == "none" or (rejects is not None and rejects.match(plain, match.end())):
        return None
    if follows:
        # Behind another modal: "must X and must Y" shares its subject, "must X, and the Y must Z" has its own.
        joined = _LAST_JOIN.match(between)
        if joined is None or (_INTO_COMPLEMENT.search(between) and not _NEW_CLAUSE.search(between)):
            return None
        subject: str | None = strip_leading(between[joined.end() :])
        if not subject:
            return None if last is None else _bind(STRENGTHS[name], last.bound, plain[match.end() :])
    else:
        subject = _find_subject(between)
    if subject is None or (not subject and not name.startswith("should_3")):
        return None
    if NO_PERSON.match(subject) and match.group().lower().startswith(("can", "may")):
        return None
    return _weigh(subject, name, plain[match.end() :], mood)


def _weigh(subject: str, name: str, after: str, mood: Mood) -> Duty | None:
    """The duty of a main clause with this subject."""
    strength = STRENGTHS[name]
    if NO_PERSON.match(subject) and name not in ("must_1", "must_not_1"):
        return None
    if OURSELVES.match(subject):
        # What the writer must do himself is a call only where somebody speaks to a meeting.
        binds = mood.meeting and strength in (Strength.must, Strength.should) and not name.startswith("should_3")
        return Duty(strength, subject, general=not _FIGURE.search(after)) if binds else None
    if (name in ("must_4", "must_not_4") and PURPOSE.search(subject)) or (
        name == "must_6" and not name_subject(subject)
    ):
        return None
    if name in _FUTURE and not _lays_down(subject, after, mood):
        return None
    if _QUESTIONS.match(subject) and strength in (Strength.may, Strength.should):
        return None
    if name == "should_3":
        return Duty(strength)
    if NOBODY.match(subject) and (strength is not Strength.should or _IN_NO_CASE.match(subject)):
        return _bind(Strength.must_not, name_subject(subject), after)
    if name in ("may_1", "may_3", "must_not_1") and not _may_permit(subject, name, after):
        return None
    return _bind(strength, name_subject(subject), after)


def _lays_down(subject: str, after: str, mood: Mood) -> bool:
    """Whether a rule in the future tense binds: somebody else than who wrote it, or what is done to a thing."""
    if _HABIT.search(subject):
        return False
    named = name_subject(subject)
    is_own = re.sub(r"(?i)^(?:the|our)\s+", "", named).lower() in mood.issuer.lower()
    return find_agent(after)[0] or (bool(named) and not is_own)


def _may_permit(subject: str, name: str, after: str) -> bool:
    """Whether somebody is permitted or forbidden: a person, or a thing to which something is done."""
    passive, _ = find_agent(after)
    if name == "must_not_1":
        return True
    return bool(name_subject(subject)) or passive or after.strip() in ("", ":", "only:")


def _bind(strength: Strength, bound: str, after: str) -> Duty:
    passive, agent = find_agent(after)
    # Of "teachers, as well as parents" the first is the subject; it stands so in the sentence.
    return Duty(strength, agent if passive else bound.partition(_ADDED)[0])


def _find_subject(between: str) -> str | None:
    """The subject of a main clause before its modal, '' where it has none; None where the clause is subordinate."""
    pieces = re.split(r",(?!\d)", between)
    tail = strip_leading(pieces[-1])
    if REPORTS.search(between) and not re.search(r"(?i)\bthat\b", between):
        return None
    if re.fullmatch(r"(?i)\s*(?:and|or|but)?\s*", pieces[-1]):
        # "Teachers, also part-timers, must": the subject stands before; behind a relative there is none.
        earlier = [stripped for piece in pieces[:-1] if (stripped := strip_leading(piece))]
        if any(re.match(r"(?i)(?:which|who|that|where|whose)\b", piece) and len(pieces) < 3 for piece in earlier):
            return None
        main = [piece for piece in earlier if not SUBORDINATE.match(piece) and not _is_adverbial(piece)]
        # "The head is the leader of the school, and must …": the subject is what stands before the verb.
        tail = re.split(r"(?i)\s(?:is|are|was|were|has|have|will)\b", main[0], maxsplit=1)[0] if main else ""
        if not tail or any(piece.lower().startswith("which ") for piece in earlier):
            return tail if tail and pieces[-1].strip() == "" else None
    elif re.search(r"(?i)\s(?:and|or)$", pieces[-1]) and any(RELATIVE.match(piece.strip()) for piece in pieces):
        return None
    if SUBORDINATE.match(tail) and not _THAT_PERSON.match(tail):
        # "To be paid you must …", "If they do you must": where the clause ends is not marked; a pronoun begins anew.
        pronoun = _ANEW.search(tail) if re.match(r"(?i)(?:to|before|after|for|if|when|once)\b", tail) else None
        return pronoun.group() if pronoun else None
    return _close_relative(tail)


def _close_relative(tail: str) -> str | None:
    """The subject where its relative clauses are closed; None where the modal stands inside of one."""
    if joined := _JOINED.search(tail):
        return joined.group("who")
    if _CONTACT.match(tail):
        return None
    relatives = [] if _THAT_PERSON.match(tail) else list(RELATIVE.finditer(tail))
    if not relatives:
        return tail
    inside = tail[relatives[-1].end() :]
    # What follows "who" is its verb.
    is_closed = bool(inside.strip()) if relatives[-1].group().lower() == "who" else FINITE.match(inside) is not None
    return tail if is_closed else None


def _is_adverbial(piece: str) -> bool:
    return re.match(r"(?i)(?:in|on|at|by|from|under|for|with|during|within|to|of|as)\b", piece) is not None
