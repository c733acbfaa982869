"""A draft checked against the archive: each quotation and each cited claim, with its verdict and the right citation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from assistant.claiming import is_near, join_spans, prove_statement, strip_citation
from assistant.derivation import NEGATIONS, OBLIGATIONS, PERMISSIONS
from assistant.difference import write_difference
from assistant.facts import FactKind, read_facts
from assistant.folding import spell_plainly
from assistant.library import Library
from assistant.manuscript import Manuscript, Statement, StatementKind
from assistant.matching import Match, Piece, PieceKind, match_quotation, says_exactly, take_last_mark
from assistant.naming import Named
from assistant.remarks import Remark, join_remarks, name_card, say
from assistant.support import Fault, FaultKind
from assistant.verify import ProvenClaim
from assistant.wording import say_fault
from core.types import Citation, Notice, NoticeCard, Span, Withheld
from store.archive import Archive
from store.words import has_chinese

# So many notices are searched for a quotation word by word, and so many for words that are nearly its own.
_SEARCHED, _SEARCHED_NEARLY = 16, 6
# The notice that the draft names comes first although another is nearer by this much.
_NAMED_FIRST = 0.15
_PASSAGES_FOR_CLAIM = 8
# What has fewer characters is a term.
_TERM, _TERM_HAN = 40, 14
_DUTIES = OBLIGATIONS | PERMISSIONS | {"requir"}


class Verdict(StrEnum):
    """How a statement of a draft stands to the notices."""

    exact = "exact"
    altered = "altered"
    other_notice = "other_notice"
    not_found = "not_found"
    superseded = "superseded"


@dataclass(frozen=True, slots=True)
class Checked:
    """A statement of a draft with its verdict.

    `span` is its place in the draft; `difference` shows what was changed (`pieces`: the same for a page), '' where
    nothing was; `citation` is of the place in the notice that has the words, None where none does. `note` says in
    a sentence or two what to know, `named` which notice the draft names, '' where none.
    """

    text: str
    span: Span
    verdict: Verdict
    difference: str
    pieces: tuple[Piece, ...]
    citation: Citation | None
    note: str
    named: str
    kind: StatementKind = StatementKind.quotation


@dataclass(frozen=True, slots=True)
class _Found:
    """Where a quotation stands in a notice, or nearly does."""

    notice: Notice
    match: Match

    @property
    def card(self) -> NoticeCard:
        return self.notice.card


def check_draft(archive: Archive, manuscript: Manuscript) -> list[Checked]:
    """Every statement of a draft, in its order, checked against the notices as they are now.

    Nothing is called exact whose words, folded, are not those of the notice. Raises StaleIndexError.
    """
    archive.refresh()
    with archive.hold() as held:
        library = Library(held)
        checked = (_check(library, statement, manuscript.language) for statement in manuscript.statements)
        return [one for one in checked if one is not None]


def _check(library: Library, statement: Statement, language: str) -> Checked | None:
    """A statement checked; None for a claim that cites nothing ("According to the director, …")."""
    named = library.roster.resolve(statement.references)
    if statement.kind is StatementKind.claim:
        if not named.words:
            return None
        return _check_claim(library, statement, named, language)
    exact = _find_exactly(library, statement, named)
    if exact:
        return _tell_exact(library, statement, named, exact, language)
    return _tell_near(library, statement, named, _find_nearly(library, statement, named), language)


# -- quotations --------------------------------------------------------------------------------


def _find_exactly(library: Library, statement: Statement, named: Named) -> list[_Found]:
    """Every notice in which a quotation stands, of those named and of those that the search finds."""
    found: list[_Found] = []
    for card in _choose_candidates(library, statement, named, _SEARCHED):
        notice, text = library.read(card.notice_id)
        match = match_quotation(statement.text, text, nearly=False)
        # The last word on "exact": the characters of the spans themselves.
        if match and match.exact and says_exactly(statement.text, [span.of(notice.text) for span in match.spans]):
            found.append(_Found(notice, match))
    return found


def _choose_candidates(library: Library, statement: Statement, named: Named, most: int) -> list[NoticeCard]:
    cards = [*named.cards, *library.find_notices(spell_plainly(statement.text), most)]
    return list({card.notice_id: card for card in cards}.values())


def _find_nearly(library: Library, statement: Statement, named: Named) -> _Found | None:
    """The notice that comes nearest to a quotation; one that is named before others that are as near."""
    best: tuple[float, _Found] | None = None
    ids = {card.notice_id for card in named.cards}
    for card in _choose_candidates(library, statement, named, _SEARCHED_NEARLY):
        notice, text = library.read(card.notice_id)
        if match := match_quotation(statement.text, text):
            weight = match.measure + (_NAMED_FIRST if card.notice_id in ids else 0.0)
            if best is None or weight > best[0]:
                best = weight, _Found(notice, match)
    return best[1] if best else None


def _tell_exact(
    library: Library, statement: Statement, named: Named, found: Sequence[_Found], language: str
) -> Checked:
    ids = {card.notice_id for card in named.cards}
    in_named = [one for one in found if one.card.notice_id in ids]
    chosen = max(in_named or found, key=lambda one: (not library.is_ended(one.card), one.card.issued_on))
    remarks = _say_named(named, chosen.card, bool(in_named), language) or [say(Remark.stands, language)]
    remarks += _say_match(chosen.match, language) + _say_clause(statement, chosen, language)
    if len(found) > 1:
        remarks.append(say(Remark.also, language, count=len(found) - 1))
    verdict = Verdict.superseded if library.is_ended(chosen.card) else Verdict.exact
    if not in_named and (named.cards or named.misses(chosen.card)):
        verdict = Verdict.other_notice
    remarks += _say_ending(library, chosen.card, language)
    return _tell(statement, verdict, named, remarks, language, chosen.notice, chosen.match.span, chosen.match.pieces)


def _tell_near(library: Library, statement: Statement, named: Named, found: _Found | None, language: str) -> Checked:
    if found is None:
        remarks = [say(Remark.nowhere, language)]
        if named.missing:
            remarks.append(say(Remark.absent, language, words=named.missing))
        return _tell(statement, Verdict.not_found, named, remarks, language)
    is_named = found.card in named.cards
    elsewhere = not is_named and (bool(named.cards) or named.misses(found.card))
    verdict = Verdict.other_notice if elsewhere and found.match.only_marks else Verdict.altered
    remarks = [say(_name_change(found.match), language)]
    remarks += _say_named(named, found.card, is_named, language)
    remarks += _say_match(found.match, language) + _say_ending(library, found.card, language)
    return _tell(statement, verdict, named, remarks, language, found.notice, found.match.span, found.match.pieces)


def _name_change(match: Match) -> Remark:
    """What kind of thing was changed, the gravest first."""
    if match.only_marks:
        return Remark.marks
    if match.joined or match.inserted:
        return Remark.words
    changed = [piece for piece in match.pieces if piece.kind in (PieceKind.left_out, PieceKind.put_in)]
    facts = [fact for piece in changed for fact in read_facts(piece.text)]
    forms = {fact.form for fact in facts}
    if forms & NEGATIONS:
        return Remark.denial
    if forms & _DUTIES:
        return Remark.duty
    told = {FactKind.figure, FactKind.date, FactKind.number}
    return Remark.figure if any(fact.kind in told for fact in facts) else Remark.words


def _say_match(match: Match, language: str) -> list[str]:
    """What is to be known of a place where a quotation stands: what goes on behind it, what it passes over."""
    remarks = []
    if match.limited_by:
        remarks.append(say(Remark.limited, language, words=match.limited_by))
    if match.denied_by:
        remarks.append(say(Remark.denied, language, words=match.denied_by))
    if match.joined:
        remarks.append(say(Remark.joined, language))
    elif match.exact and match.passed_over:
        remarks += [say(Remark.skipped, language, words=words) for words in match.passed_over if words.strip()]
    if match.passes_denial:
        remarks.append(say(Remark.passed, language))
    if match.inserted:
        remarks.append(say(Remark.inserted, language, words=", ".join(match.inserted)))
    return remarks


def _say_clause(statement: Statement, found: _Found, language: str) -> list[str]:
    """That the draft names another clause than the one in which these words stand; a term stands in many."""
    place = found.notice.locate(found.match.span).clause
    named, known = ("".join(words.split()).casefold() for words in (statement.clause, place))
    is_term = len(statement.text) < (_TERM_HAN if has_chinese(statement.text) else _TERM)
    comparable = named[:1] == known[:1] and named[1:2].isdecimal() == known[1:2].isdecimal()
    # 第18条 and 第十八条 are the same, and not compared.
    if not named or not known or is_term or not comparable or re.match(re.escape(named) + r"(?:(?<=条)|(?!\w))", known):
        return []
    return [say(Remark.clause, language, words=statement.clause, place=place)]


# -- claims ------------------------------------------------------------------------------------


def _check_claim(library: Library, statement: Statement, named: Named, language: str) -> Checked:
    """A claim proved by the notice that it names, else by another, else by none."""
    pool = [draft for card in named.cards for draft in library.read_sentences(card)]
    outcome = prove_statement(statement, pool) if pool else None
    if isinstance(outcome, ProvenClaim):
        return _tell_proved(library, statement, named, outcome, language)
    nearest = _find_nearest(library, statement, outcome) if outcome else None
    if nearest is None:
        elsewhere = prove_statement(statement, library.read_near(statement.text, _PASSAGES_FOR_CLAIM))
        if isinstance(elsewhere, ProvenClaim):
            return _tell_proved(library, statement, named, elsewhere, language)
        remark = say(Remark.unproved if named.cards else Remark.nowhere, language)
        absent = say(Remark.absent, language, words=named.missing) if named.missing else ""
        return _tell(statement, Verdict.not_found, named, [remark, absent], language)
    notice, span, fault = nearest
    said = say_fault(fault, language)
    remarks = [say(Remark.differs, language, words=said), *_say_ending(library, notice.card, language)]
    # Where the claim is nearly the sentence, the words that differ can be shown.
    alike = match_quotation(next(strip_citation(statement)), span.of(notice.text))
    told = _tell(statement, Verdict.altered, named, remarks, language, notice, span, alike.pieces if alike else ())
    return told if told.difference else replace(told, difference=said)


def _find_nearest(library: Library, statement: Statement, outcome: Withheld) -> tuple[Notice, Span, Fault] | None:
    """The sentence from which a claim only differs in a thing that can be named; None where none is so near."""
    if outcome.nearest is None:
        return None
    notice, _ = library.read(outcome.nearest.notice_id)
    claim = next(strip_citation(statement))
    if not is_near(claim, outcome, outcome.nearest.span.of(notice.text)):
        return None
    return notice, outcome.nearest.span, Fault(FaultKind(outcome.fault), outcome.words)


def _tell_proved(library: Library, statement: Statement, named: Named, proof: ProvenClaim, language: str) -> Checked:
    card = proof.spans[0].card
    is_named = card in named.cards
    verdict = Verdict.superseded if library.is_ended(card) else Verdict.exact
    if not is_named and (named.cards or named.misses(card)):
        verdict = Verdict.other_notice
    remarks = [say(Remark.reworded, language), *_say_named(named, card, is_named, language)]
    remarks += _say_ending(library, card, language)
    notice, _ = library.read(card.notice_id)
    return _tell(statement, verdict, named, remarks, language, notice, join_spans(proof.spans))


# -- what both are told by ---------------------------------------------------------------------


def _say_named(named: Named, card: NoticeCard, is_named: bool, language: str) -> list[str]:
    """Where the words stand, if that is not the notice that the draft names."""
    if is_named or not (named.cards or named.words):
        return []
    if named.cards:
        return [say(Remark.elsewhere, language, card=card)]
    if named.misses(card):
        return [say(Remark.absent, language, words=named.missing), say(Remark.elsewhere, language, card=card)]
    return [say(Remark.unnamed, language, card=card)]


def _say_ending(library: Library, card: NoticeCard, language: str) -> list[str]:
    ending = library.find_ending(card)
    if ending is None:
        return []
    remark = Remark.amended if ending.in_part else Remark.superseded
    return [say(remark, language, card=ending.draft.card)]


def _tell(
    statement: Statement,
    verdict: Verdict,
    named: Named,
    remarks: list[str],
    language: str,
    notice: Notice | None = None,
    span: Span | None = None,
    pieces: tuple[Piece, ...] = (),
) -> Checked:
    citation = notice.cite(1, take_last_mark(span, statement.text, notice.text)) if notice and span else None
    words = name_card(named.cards[0], language) if len(named.cards) == 1 else named.words
    note = join_remarks(remarks, language)
    difference = write_difference(pieces)
    return Checked(statement.text, statement.span, verdict, difference, pieces, citation, note, words, statement.kind)
