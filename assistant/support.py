"""Does what is cited say what is claimed? Deterministic checks, without a model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.derivation import NEGATIONS, OBLIGATIONS, PERMISSIONS, is_derived, list_bounds
from assistant.facts import Fact, FactKind, read_facts
from assistant.joining import is_row_said, join_lists, resolve_pronoun
from assistant.rewording import read_about, reword_claim, reword_quote, says_of_all, speaks_of_meeting
from store.words import name_language


class FaultKind(StrEnum):
    """What is wrong with a claim, or with a quote (gone, empty, altered) or its use (unasked_language)."""

    statement = "statement"
    language = "language"
    figure = "figure"
    date = "date"
    number = "number"
    name = "name"
    words = "words"
    negation = "negation"
    modality = "modality"
    comparison = "comparison"
    quantifier = "quantifier"
    condition = "condition"
    role = "role"
    mixture = "mixture"
    unasked_language = "unasked_language"
    gone = "gone"
    empty = "empty"
    altered = "altered"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a claim is not supported; `words` are those of the claim that the source lacks, '' where none is."""

    kind: FaultKind
    words: str = ""


_META = re.compile(
    r"(?i)\b(?:as an ai|language model"
    r"|(?:the|these|this) (?:passages?|context|excerpts?|provided|given text)\b"
    r"|(?:the|these|this) sources? (?:says?|states?)\b"
    r"|i (?:am|can|cannot|think|hope|would|will|do|have)\b|i['’]m|let me|based on the (?:passages?|information|text))"
    r"|作为(?:一个)?(?:AI|人工智能|语言模型)|(?:上述|以上|给定|所给)(?:段落|材料|文本|资料|信息)|段落\s*\d|^我(?:认为|觉得|无法|不能)"
)
_ORDER = re.compile(r"(?i)^\s*(?:please\b|ignore\b|disregard\b|note that\b|remember\b|请(?!示|假))")
_QUESTION = re.compile(r"[?？]\s*[\"”'’)）]*\s*$")
_HEADING = re.compile(r"^\s*(?:#{1,6}\s.*|\*\*[^*]+\*\*:?|.*[:：])\s*$", re.DOTALL)
_EMPHASIS = re.compile(r"\*\*|__|`")
# What may open a claim with the name of its notice.
_FRAME = re.compile(
    r"(?i)^\s*(?:(?:according to|under|pursuant to|as stated in|as set out in)\s(?P<en>[^,]{3,200}),\s"
    r"|(?:根据|按照|依据|依照|据)(?P<zh>[^，,]{2,80}?)(?:的规定|规定|要求)?[，,]"
    r"|(?:the|this) (?:notice|circular|document|report|law|policy|guidance|guideline|record|regulation|provision)s? "
    r"(?:also )?(?:(?:says?|states?|notes?|reports?|specif(?:y|ies)|provides?|stipulates?|makes? (?:it )?clear)"
    r"|(?P<demand>requires?)) that\s"
    r"|(?:该|本)?(?:通知|文件|意见|办法|规定|条例|报告)(?:指出|规定|明确|提出)[，,：:]?)"
)
_IN_YEAR = re.compile(r"^\s*(?:In (?P<year>\d{4}), )(?=\S)")
_OF_NOTICES = frozenset(
    read.form
    for read in read_facts(
        "notice circular document report law policy regulation guidance record issued "
        "该本此通知文件意见办法规定条例报告发布印发《》"
    )
)
_COMPARISONS = frozenset(
    [
        *"≤ ≥ more less fewer than before after over under above below exceed within up by from until".split(),
        *"不少于 不超过 不晚于 不早于 至多 最多 最少 最低 最高 以上 以下 以内 以外".split(),
        *"超过 低于 高于 多于 少于 大于 小于".split(),
    ]
)
_QUANTIFIERS = frozenset("all every some any only both most none half few mani 全 各 每 均 都 只 仅 部".split())
_BOUNDING = frozenset("except unless provid subject save but howev if other 除 但 若 除外 只有 只能".split())
_KINDS = (
    (FaultKind.negation, NEGATIONS),
    (FaultKind.modality, OBLIGATIONS | PERMISSIONS | {"requir"}),
    (FaultKind.comparison, _COMPARISONS),
    (FaultKind.quantifier, _QUANTIFIERS),
    (FaultKind.condition, _BOUNDING),
)
_PART = re.compile(r"[^。！!\n]+?(?:[。！!\n]+|\.(?=\s+[A-Z\"“])|$)", re.DOTALL)
# A sentence has at least so many facts.
_SHORTEST = 3
_PAIR = 2


def find_unsupported(
    claim: str, quotes: Sequence[str], *, about: str = "", touching: bool = False, similarity: float | None = None
) -> Fault | None:
    """What the quotes do not support in a claim; None where they say it.

    `quotes` are the texts of the cited sentences, in the order of their notice; `about` is what is
    known of the notice (title, issuer, number, date): a claim's opening ("According to …,") and what it
    calls the notice's meeting may use its words. `touching` says that the second of two quotes follows the
    first at once, or that they are a table's head and one of its rows. Each sentence of
    the claim must be made of whole pieces of one quote, in order
    (assistant.derivation), or of a list's opening and one of its points. A claim in another language
    than its quotes is refused: what is left to compare (figures, dates, Latin names) does not tell a
    duty from a ban, nor does a cosine. `similarity` (-1..1, of claim and best quote) is therefore taken
    and not used: no value of it proves anything.
    """
    claim = _EMPHASIS.sub("", claim)
    quotes = [quote for quote in quotes if quote.strip()]
    if fault := _find_no_statement(claim, quotes):
        return fault
    if not quotes:
        return Fault(FaultKind.words, claim.strip())
    sources = join_lists(quotes)
    if touching and len(quotes) == _PAIR:
        if is_row_said(claim, *quotes):
            return None
        sources += [said for said in [resolve_pronoun(*quotes)] if said]
    for said in (claim, _drop_frame(claim, about), _drop_year(claim, quotes, about)):
        if said and _are_parts_derived(said, sources, about):
            return None
    return _diagnose(claim, quotes)


def _find_no_statement(claim: str, quotes: Sequence[str]) -> Fault | None:
    fault = Fault(FaultKind.statement, claim.strip())
    if _QUESTION.search(claim) or _HEADING.match(claim) or not read_facts(claim):
        return fault
    quoted = any(claim.strip() in quote for quote in quotes)
    if not quoted and (_META.search(claim) or _ORDER.match(claim)):
        return fault
    return None


def _read_about(about: str) -> set[str]:
    """The words, dates and numbers of a notice's card; a figure there proves nothing."""
    return {fact.form for fact in read_facts(about) if fact.kind is not FactKind.figure} | _OF_NOTICES


def _drop_frame(claim: str, about: str) -> str:
    """The claim without an opening that names its notice in words that are known; '' where it has none such."""
    match = _FRAME.match(claim)
    if match is None:
        return ""
    known = _read_about(about)
    named = match["en"] or match["zh"] or ""
    if any(fact.form not in known for fact in read_facts(named)):
        return ""
    rest = claim[match.end() :]
    if match["demand"] and not any(fact.form in OBLIGATIONS for fact in read_facts(rest)):
        return ""
    return rest


def _drop_year(claim: str, quotes: Sequence[str], about: str) -> str:
    """The claim without an opening "In 2023," that is the year of the meeting that its notice reports, else ''."""
    match = _IN_YEAR.match(claim)
    if match is None or match["year"] != read_about(about).year:
        return ""
    dated = any(fact.kind is FactKind.date or fact.form[1:] == match["year"] for q in quotes for fact in read_facts(q))
    if dated or not all(speaks_of_meeting(quote, about) for quote in quotes) or len(quotes) > 1:
        return ""
    return claim[match.end() :]


def _are_parts_derived(claim: str, sources: Sequence[str], about: str) -> bool:
    """Whether one source says the whole claim, or each of its sentences is said by one."""
    if _is_said(claim, sources, about):
        return True
    parts = _split_sentences(claim)
    return len(parts) > 1 and all(_is_said(part, sources, about) for part in parts)


def _is_said(claim: str, sources: Sequence[str], about: str) -> bool:
    """Whether one source says the claim, in these words or in others that say the same."""
    if any(is_derived(claim, source) or says_of_all(claim, source, about) for source in sources):
        return True
    ways = reword_claim(claim, about)
    return any(is_derived(said, other) for source in sources for other in reword_quote(source, about) for said in ways)


def _split_sentences(claim: str) -> list[str]:
    """The sentences of a claim; what is too short to be one (a number, an abbreviation) goes with the next."""
    parts: list[str] = []
    for part in _PART.findall(claim):
        if parts and len(read_facts(parts[-1])) < _SHORTEST:
            parts[-1] += part
        elif read_facts(part):
            parts.append(part)
    return parts


def _diagnose(claim: str, quotes: Sequence[str]) -> Fault:
    """The plainest fault of a claim that is not derived: what it has beyond the quotes, else what it lost."""
    if len({name_language(text) for text in (claim, *quotes)}) > 1 and name_language(claim) not in {
        name_language(quote) for quote in quotes
    }:
        return Fault(FaultKind.language, claim.strip())
    held = {fact.form for quote in quotes for fact in read_facts(quote)}
    facts = read_facts(claim)
    foreign = [fact for fact in facts if fact.form not in held]
    for kind, fact_kind in (
        (FaultKind.number, FactKind.number),
        (FaultKind.date, FactKind.date),
        (FaultKind.figure, FactKind.figure),
    ):
        if lacking := [fact for fact in foreign if fact.kind is fact_kind]:
            return Fault(kind, _spell(claim, lacking))
    for kind, forms in _KINDS:
        if lacking := [fact for fact in foreign if fact.form in forms]:
            return Fault(kind, _spell(claim, lacking))
    if lacking := [fact for fact in foreign if fact.kind is FactKind.name]:
        return Fault(FaultKind.name, _spell(claim, lacking))
    if foreign:
        return Fault(FaultKind.words, _spell(claim, foreign))
    return Fault(_name_loss(claim, facts, quotes))


def _name_loss(claim: str, facts: Sequence[Fact], quotes: Sequence[str]) -> FaultKind:
    """What a claim lost or moved whose every word stands in the quotes."""
    forms = {fact.form for fact in facts}
    nearest = max(quotes, key=lambda quote: len(forms & {fact.form for fact in read_facts(quote)}))
    lost = {fact.form for fact in read_facts(nearest)} - forms
    if not forms <= {fact.form for fact in read_facts(nearest)}:
        return FaultKind.mixture
    if any(bound not in claim for bound in list_bounds(nearest)):
        return FaultKind.condition
    for kind, words in _KINDS:
        if lost & words:
            return kind
    return FaultKind.role if any(fact.kind is FactKind.name for fact in facts) else FaultKind.mixture


def _spell(claim: str, facts: Sequence[Fact]) -> str:
    """The words of the claim at these facts, those that touch together."""
    runs: list[list[int]] = []
    for fact in facts:
        if runs and fact.start <= runs[-1][1] + 1:
            runs[-1][1] = fact.end
        else:
            runs.append([fact.start, fact.end])
    return ", ".join(claim[start:end].strip() for start, end in runs[:4])
