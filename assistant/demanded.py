"""What was required in a year or of somebody, where a question asks just that: the recorded requirements, quoted."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.draft import Draft, make_draft
from assistant.lists import draft_lead
from core.types import Further
from retriever.demands import Demand, read_demand
from retriever.obligations import Required, search_obligations
from retriever.parties import names_same, translate_party
from retriever.question import Query
from store.archive import Archive
from store.catalogue import WITHOUT_OBLIGATIONS
from store.words import content_terms

# So many requirements answer, of so many notices; of each of several years at least so many.
_MOST, _NOTICES, _LEAST = 8, 4, 1
# Notices of one matter often ask the same: of what shares this much of its words, one is quoted.
_ALIKE = 0.6
_FIGURE = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Demanded:
    """The requirements that are quoted; the years, as they are named, for which none is recorded; what else is."""

    drafts: tuple[Draft, ...]
    missing: tuple[str, ...]
    further: Further


def draft_demanded(archive: Archive, query: Query) -> Demanded | None:
    """The requirements that fit a question best, by year and notice; without drafts where none is recorded.

    None where the question asks for more than requirements, or of somebody who may be a matter, or where the
    notices have not been examined: they are asked as always then.
    """
    demand = read_demand(query)
    if demand is None or archive.catalogue.read_state(WITHOUT_OBLIGATIONS) is not None:
        return None
    bound, found = _find(archive, query, demand)
    if not found and not demand.is_known:
        return None
    periods = query.periods or ((),)
    by_period = {period: [one for one in found if not period or one.obligation.year in period] for period in periods}
    most = max(_LEAST, _MOST // len(periods))
    chosen = [one for rows in by_period.values() for one in _choose(rows, query, most)]
    rest = {_place(one) for one in found} - {_place(one) for one in chosen}
    notices = {notice_id for notice_id, _ in rest}
    return Demanded(
        tuple(_draft(archive, chosen)),
        tuple(query.name_period(period) for period, rows in by_period.items() if period and not rows and chosen),
        Further(len(rest), len(notices), query.years or query.only_years, demand.strengths, bound),
    )


def _find(archive: Archive, query: Query, demand: Demand) -> tuple[str, list[Required]]:
    """By which name the party was found, and what binds it; in the other language where the question's has none."""
    searched = archive.shelf.keep(query.scope)
    for bound in dict.fromkeys((demand.bound, translate_party(demand.bound) or demand.bound)):
        required = search_obligations(
            archive,
            years=query.years,
            issuer=query.issuer,
            strengths=demand.strengths,
            bound=bound,
            with_topics=False,
        )
        found = [one for one in required if not one.obligation.exhorts and one.card.notice_id in searched]
        if not demand.is_known:
            # The superintendent is not the assistant superintendent.
            found = [one for one in found if names_same(one.obligation.bound, bound)]
        if found:
            return bound, found
    return demand.bound, []


def _choose(found: Sequence[Required], query: Query, most: int) -> list[Required]:
    """The first requirements of each of the notices that fit best, in turns; by notice, in order."""
    by_notice: dict[str, list[Required]] = {}
    for one in found:
        by_notice.setdefault(one.card.notice_id, []).append(one)
    ranked = sorted(by_notice.values(), key=lambda rows: rows[0].card.issued_on, reverse=True)
    ranked.sort(key=lambda rows: _rank(rows, query))
    # One that says itself who is bound is understood alone.
    turns = [deque(sorted(rows, key=lambda one: (not one.obligation.bound, one.obligation.ordinal))) for rows in ranked]
    order = [rows[0].card.notice_id for rows in ranked]
    return sorted(
        _take_in_turns(turns, most), key=lambda one: (order.index(one.card.notice_id), one.obligation.ordinal)
    )


def _take_in_turns(turns: Iterable[deque[Required]], most: int) -> list[Required]:
    """One of each notice after the other, but none that says what one before says; of so many notices at most."""
    taken: list[Required] = []
    giving = list(turns)
    while giving and len(taken) < most:
        gave: list[deque[Required]] = []
        for rows in giving:
            one = _find_new(rows, taken) if len(gave) < _NOTICES and len(taken) < most else None
            if one is not None:
                taken.append(one)
                gave.append(rows)
        giving = gave
    return taken


def _find_new(rows: deque[Required], taken: Sequence[Required]) -> Required | None:
    """The next of a notice's requirements that is not alike to one taken; None where none is left."""
    while rows:
        one = rows.popleft()
        if not any(_are_alike(one, other) for other in taken):
            return one
    return None


def _are_alike(one: Required, other: Required) -> bool:
    """Whether two requirements are of one strength, with the same figures, in mostly the same words."""
    figures = [set(_FIGURE.findall(each.quote)) for each in (one, other)]
    if one.obligation.strength is not other.obligation.strength or figures[0] != figures[1]:
        return False
    words = [set(content_terms(each.quote)) for each in (one, other)]
    return len(words[0] & words[1]) >= _ALIKE * len(words[0] | words[1])


def _rank(rows: Sequence[Required], query: Query) -> tuple[bool, bool, int]:
    """In the question's language, then of the year itself, or else still in force; then those that require most."""
    card = rows[0].card
    stale = card.year not in query.years if query.years else rows[0].superseded_by is not None
    return card.language != query.language, stale, -len(rows)


def _draft(archive: Archive, chosen: Iterable[Required]) -> Iterable[Draft]:
    drafts: dict[tuple[str, int], Draft] = {}
    for one in chosen:
        card = one.card
        every = archive.catalogue.sentences(card.notice_id)
        sentence = every[one.obligation.ordinal]
        own = make_draft(archive, card, sentence.span, sentence.kind)
        for draft in (*draft_lead(archive, card, every, sentence), own):
            drafts.setdefault((card.notice_id, draft.span.start), draft)
    return drafts.values()


def _place(one: Required) -> tuple[str, int]:
    return one.card.notice_id, one.obligation.ordinal
