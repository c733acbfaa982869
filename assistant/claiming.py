"""Whether a notice says what a draft claims of it, in other words than its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.draft import Draft
from assistant.facts import read_facts
from assistant.manuscript import Statement
from assistant.references import ReferenceKind
from assistant.support import FaultKind
from assistant.verify import ProvenClaim, prove_claim
from core.types import Span, Withheld

_FRAME = re.compile(
    r"^\s*(?:(?:According to|Under|Pursuant to|In accordance with|As (?:stated|set out|required|provided) (?:in|by))\s"
    r"[^,]{1,240},\s*|The\s[^,.]{1,160}?\s(?:states?|says?|provides?|stipulates?)\sthat\s"
    r"|(?:根据|按照|依据|依照|遵照|据)[^，,]{1,160}[，,]"
    r"|[^，。,《]{0,12}[〔﹝\[［【(（]\s?\d{4}\s?[〕﹞\]］】)）]\s?第?\s?\d+\s?号(?:文件|文)?"
    r"(?:规定|要求|指出|明确|提出|强调|显示)?[，,：:]?"
    r"|[^，。,《]{0,20}《[^》]{1,160}》\s*(?:[（(][^（()）]{1,60}[）)])?\s*(?:规定|要求|指出|明确|提出)?[，,：:]?)"
)
_BRACKETED = re.compile(r"[（(\[［]\s*[,，;；]?\s*[）)\]］]")
_BEFORE_MARK = re.compile(r"\s+(?=[.,;:。，；：])")
# What is in brackets, other brackets within it; what may stand there beside a notice's number and title: names, places.
_GROUP = re.compile(r"[（(]((?:[^（()）\[\]]|\[[^\[\]]*\]){1,240})[）)]")
_NAMING = re.compile(
    r"(?:[\s.,;:，。；：、]|(?:(?:[A-Z][\w’'-]*|of|the|and|for|on|in|see|cf|paras?|pp?|ss?|sections?|arts?|items?)(?!\w)"
    r"|第?\d+(?:\(\w+\))?|[参详]?见|引自|出自|第[一二三四五六七八九十百\d]+[条款项段页]))*"
)
_REMOVED = frozenset({ReferenceKind.issued, ReferenceKind.note, ReferenceKind.link})
# What a nearest sentence must share with a claim, and the faults that are then a difference.
_LEAST_SHARED = 0.4
_DIFFERENCES = frozenset(
    {
        FaultKind.figure, FaultKind.date, FaultKind.number, FaultKind.name, FaultKind.negation, FaultKind.modality,
        FaultKind.comparison, FaultKind.quantifier, FaultKind.condition, FaultKind.role,
    }
)  # fmt: skip
_LONGEST_CITED = 600


def prove_statement(statement: Statement, pool: Sequence[Draft]) -> ProvenClaim | Withheld:
    """The sentences of the pool that say a claim, its citation apart; else why not, with the nearest sentence."""
    outcome: ProvenClaim | Withheld | None = None
    for said in strip_citation(statement):
        tried = prove_claim(said, [], pool)
        if isinstance(tried, ProvenClaim):
            return tried
        outcome = outcome or tried
    return outcome or prove_claim(statement.text, [], pool)


def strip_citation(statement: Statement) -> Iterator[str]:
    """A claim without what names its notice, then with its opening as it stands."""
    offset = statement.span.start
    cut = [one.span for one in statement.references if one.kind in _REMOVED]
    cut += _find_groups(statement)
    parts, at = [], 0
    for span in sorted(cut):
        parts.append(statement.text[at : max(at, span.start - offset)])
        at = max(at, span.end - offset)
    plain = "".join([*parts, statement.text[at:]])
    plain = _BEFORE_MARK.sub("", _BRACKETED.sub("", plain)).strip()
    frame = _FRAME.match(plain)
    if frame and plain[frame.end() :].strip():
        rest = plain[frame.end() :].strip()
        yield rest[:1].upper() + rest[1:]
    yield plain


def _find_groups(statement: Statement) -> Iterator[Span]:
    """What stands in brackets and does nothing but name a notice: (Yunlan Education Notice No. 9 [2022], para. 4)."""
    spans = [one.span for one in statement.references]
    for match in _GROUP.finditer(statement.text):
        start, end = match.start(1) + statement.span.start, match.end(1) + statement.span.start
        inside = [span for span in spans if start <= span.start and span.end <= end]
        rest = "".join(
            " " if any(span.start <= place < span.end for span in inside) else character
            for place, character in enumerate(match.group(1), start)
        )
        if inside and _NAMING.fullmatch(rest):
            yield Span(start, end)


def is_near(claim: str, outcome: Withheld, nearest: str) -> bool:
    """Whether a claim that is not proved only differs from its nearest sentence in a thing that can be named."""
    if outcome.fault not in {kind.value for kind in _DIFFERENCES}:
        return False
    wanted = {fact.form for fact in read_facts(claim)}
    held = {fact.form for fact in read_facts(nearest)}
    return bool(wanted) and len(wanted & held) >= _LEAST_SHARED * len(wanted)


def join_spans(spans: Sequence[Draft]) -> Span:
    """From the first to the last sentence of a proof where they are near each other, else the first."""
    whole = Span(min(one.span.start for one in spans), max(one.span.end for one in spans))
    return whole if len(whole) <= _LONGEST_CITED else spans[0].span
