"""Nothing is shown that the sources do not say: drafts and claims against their spans, citations at display."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from assistant.draft import Draft
from assistant.facts import FactKind, read_facts
from assistant.joining import opens_with_pronoun
from assistant.rewording import reword_claim
from assistant.support import Fault, FaultKind, find_unsupported
from assistant.wording import say_fault
from core.errors import UnknownNoticeError
from core.types import AnswerSentence, Citation, Notice, NoticeCard, Place, SentenceKind, Span, Withheld
from store.catalogue import Catalogue
from store.words import CJK

# A claim is proved by one sentence, or by as many neighbours as this.
_MOST_TOGETHER = 3
# Of so many sentences that share most words with a claim, the meaning is compared too.
_COMPARED = 8
# So many words of a claim may stand in no source: those that open it ("According to the notice, …").
_FRAME_WORDS = 4
_MOST_USEFUL = 12
# So many sentences of a long pool are read closely, chosen by the spelling of words up to so many letters.
_READ_CLOSELY, _FIRST_LETTERS = 48, 4
_SPELT = re.compile(rf"[{CJK}]|[^\W_{CJK}]+")
# No more than a line's end or a space stands between sentences that touch.
_MOST_BETWEEN = 1
_TELLING = frozenset([FactKind.figure, FactKind.date, FactKind.number])


@dataclass(frozen=True, slots=True)
class Proof:
    """What may be shown, what proves it, and what was withheld."""

    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    withheld: tuple[Withheld, ...]


@dataclass(frozen=True, slots=True)
class ProvenClaim:
    """A claim, and the sentences of one notice that say it, in its order."""

    text: str
    spans: tuple[Draft, ...]


def prove_claim(
    claim: str,
    cited: Sequence[Draft],
    pool: Sequence[Draft],
    compare: Callable[[str, str], float] | None = None,
) -> ProvenClaim | Withheld:
    """The fewest sentences that say a claim: of those cited, else of the pool; Withheld where none do.

    `cited` are the sentences to which a chat model's labels point, `pool` all that it was shown.
    `compare` is the cosine of two texts (-1..1); it only helps to find the nearest sentence of a
    claim that is withheld.
    """
    for drafts in (cited, pool):
        if spans := _find_proof(claim, drafts, _choose_likely(claim, drafts)):
            return ProvenClaim(claim, spans)
    likely = _choose_likely(claim, [*cited, *pool])
    nearest = _find_nearest(claim, [draft for draft in [*cited, *pool] if draft in likely], compare)
    if nearest is None:
        return withhold(claim, find_unsupported(claim, []) or Fault(FaultKind.words, claim))
    fault = find_unsupported(claim, [nearest.text], about=_describe(nearest.card)) or Fault(FaultKind.mixture)
    return withhold(claim, fault, nearest)


def withhold(text: str, fault: Fault, nearest: Draft | None = None) -> Withheld:
    """A sentence withheld for a fault, with the sentence of a notice that comes nearest to it."""
    place = None if nearest is None else Place(nearest.card.notice_id, nearest.span)
    return Withheld(text, say_fault(fault, "en"), fault.kind.value, place, fault.words)


def _find_proof(claim: str, drafts: Sequence[Draft], likely: frozenset[Draft]) -> tuple[Draft, ...]:
    """The first single sentence, else the first neighbours of one notice, that say the claim; `likely` are read."""
    notices = _in_order(drafts)
    for notice in notices:
        about = _describe(notice[0].card)
        known = {fact.form for fact in read_facts(about)}
        wanted = _find_core(claim, about)
        for draft in notice:
            if (
                draft in likely
                and _may_say(wanted, [draft], known)
                and find_unsupported(claim, [draft.text], about=about) is None
            ):
                return (draft,)
    for notice in notices:
        about = _describe(notice[0].card)
        known = {fact.form for fact in read_facts(about)}
        wanted = _find_core(claim, about)
        for pair in _touching(notice):
            quotes = [draft.text for draft in pair]
            if pair[1] not in likely:
                continue
            if _may_say(wanted, pair, known) and find_unsupported(claim, quotes, about=about, touching=True) is None:
                return pair
        for several in _together(claim, notice, likely):
            if find_unsupported(claim, [draft.text for draft in several], about=about) is None:
                return several
    return ()


def _choose_likely(claim: str, drafts: Sequence[Draft]) -> frozenset[Draft]:
    """The drafts that share most of a claim's words by spelling alone: only these are read closely.

    Words count by their first letters, Chinese by its characters, so that another form of a word counts too.
    """
    chosen = set(dict.fromkeys(drafts))
    if len(chosen) <= _READ_CLOSELY:
        return frozenset(chosen)
    words = {word[:_FIRST_LETTERS] for word in _SPELT.findall(claim.lower())}
    shared = {draft: sum(word in draft.text.lower() for word in words) for draft in chosen}
    ranked = sorted(dict.fromkeys(drafts), key=lambda draft: (-shared[draft], len(draft.text)))
    return frozenset(ranked[:_READ_CLOSELY])


def _find_core(claim: str, about: str) -> set[str]:
    """The forms that a claim has however it is said; a quote that lacks several of them cannot prove it."""
    return set.intersection(*({fact.form for fact in read_facts(said)} for said in reword_claim(claim, about)))


def _touching(notice: Sequence[Draft]) -> Iterator[tuple[Draft, Draft]]:
    """A table's head with each of its rows, and each sentence that begins with a pronoun with the one before it."""
    head = before = notice[0]
    for draft in notice[1:]:
        touches = draft.span.start - before.span.end <= _MOST_BETWEEN
        if not (touches and before.kind is draft.kind is SentenceKind.row):
            head = draft
        elif head is not draft:
            yield head, draft
        if touches and draft.kind is before.kind and opens_with_pronoun(draft.text):
            yield before, draft
        before = draft


def _in_order(drafts: Sequence[Draft]) -> list[list[Draft]]:
    """The drafts by notice, each notice's in its order, without repetition."""
    notices: dict[str, dict[Span, Draft]] = {}
    for draft in drafts:
        notices.setdefault(draft.card.notice_id, {}).setdefault(draft.span, draft)
    return [[known[span] for span in sorted(known)] for known in notices.values()]


def _may_say(wanted: set[str], drafts: Sequence[Draft], known: set[str]) -> bool:
    """Whether a proof is worth looking for: most words of the claim, and its figures, stand there."""
    lacking = wanted - known
    for draft in drafts:
        lacking -= {fact.form for fact in read_facts(draft.text)}
    return len(lacking) <= _FRAME_WORDS and not any(form.startswith(("#", "d:")) for form in lacking)


def _together(claim: str, notice: Sequence[Draft], likely: frozenset[Draft]) -> Iterator[tuple[Draft, ...]]:
    """Two or three sentences of a notice that hold all words of a claim between them, neighbours first."""
    about = _describe(notice[0].card)
    wanted = _find_core(claim, about)
    allowed = len(wanted & {fact.form for fact in read_facts(about)})
    nothing: set[str] = set()
    held = [{fact.form for fact in read_facts(draft.text)} & wanted if draft in likely else nothing for draft in notice]
    ranked = sorted(range(len(notice)), key=lambda place: -len(held[place]))
    useful = sorted(place for place in ranked[:_MOST_USEFUL] if held[place])
    found: list[tuple[int, tuple[int, ...]]] = []
    for size in range(2, _MOST_TOGETHER + 1):
        for places in combinations(useful, size):
            if len(wanted - set().union(*(held[at] for at in places))) <= allowed and _are_one_list(notice, places):
                found.append((places[-1] - places[0] - size, places))
    for _, places in sorted(found, key=lambda pair: (len(pair[1]), pair[0])):
        yield tuple(notice[at] for at in places)


def _are_one_list(notice: Sequence[Draft], places: Sequence[int]) -> bool:
    """Whether nothing but points stands between a sentence that opens a list and the others; True without such."""
    head = places[0]
    if not any(_opens_list(notice[place]) for place in places[:-1]):
        return True
    between = notice[head + 1 : places[-1]]
    return _opens_list(notice[head]) and all(
        draft.kind is SentenceKind.point and not _opens_list(draft) for draft in between
    )


def _opens_list(draft: Draft) -> bool:
    return draft.text.rstrip().endswith((":", "："))


def _describe(card: NoticeCard) -> str:
    return " ".join((card.title, card.issuer, card.number, card.issued_on))


def _find_nearest(claim: str, drafts: Sequence[Draft], compare: Callable[[str, str], float] | None) -> Draft | None:
    """The sentence that shares most with the claim, figures first; by meaning among the best few."""
    wanted = read_facts(claim)
    scored: list[tuple[float, Draft]] = []
    for draft in dict.fromkeys(drafts):
        held = {fact.form for fact in read_facts(draft.text)}
        shared = sum((2 if fact.kind in _TELLING else 1) for fact in wanted if fact.form in held)
        # What only leads on to others says nothing by itself.
        if shared and not _opens_list(draft) and draft.kind is not SentenceKind.heading:
            scored.append((shared / (len(wanted) + len(held)), draft))
    scored.sort(key=lambda pair: -pair[0])
    if compare is not None and scored:
        return max((draft for _, draft in scored[:_COMPARED]), key=lambda draft: compare(claim, draft.text))
    return scored[0][1] if scored else None


def prove(catalogue: Catalogue, drafts: Sequence[Draft]) -> Proof:
    """Keep the drafts whose words stand, character by character, in their span of the catalogue.

    Labels count from 1 in the order of their first use. The same words in two notices are said
    once, with both labels.
    """
    notices: dict[str, Notice] = {}
    said: dict[str, list[Draft]] = {}
    withheld: list[Withheld] = []
    for draft in drafts:
        fault = find_fault(_read(catalogue, draft.card.notice_id, notices), draft.span, draft.text)
        if fault:
            withheld.append(withhold(draft.text, fault))
        else:
            said.setdefault(" ".join(draft.text.split()), []).append(draft)
    citations: dict[tuple[str, Span], Citation] = {}
    shown: list[AnswerSentence] = []
    for alike in said.values():
        labels = [_cite(draft, notices[draft.card.notice_id], citations) for draft in alike]
        shown.append(AnswerSentence(alike[0].text, tuple(dict.fromkeys(labels)), alike[0].kind))
    return Proof(tuple(shown), tuple(citations.values()), tuple(withheld))


def _cite(draft: Draft, notice: Notice, citations: dict[tuple[str, Span], Citation]) -> int:
    """The label of a draft's span, a new one at its first use."""
    key = (draft.card.notice_id, draft.span)
    if key not in citations:
        citations[key] = notice.cite(len(citations) + 1, draft.span)
    return citations[key].label


def find_fault(notice: Notice | None, span: Span, text: str) -> Fault | None:
    """Why words may not be shown as the quote of a span; None where they may."""
    if notice is None:
        return Fault(FaultKind.gone)
    if not text.strip():
        return Fault(FaultKind.empty)
    if span.end > len(notice.text) or span.of(notice.text) != text:
        return Fault(FaultKind.altered)
    return None


def still_holds(catalogue: Catalogue, citation: Citation) -> bool:
    """Whether a citation's quote is, now, the text of its span; asked each time before it is shown."""
    try:
        return catalogue.quote(citation.card.notice_id, citation.span) == citation.quote
    except UnknownNoticeError:
        return False


def _read(catalogue: Catalogue, notice_id: str, notices: dict[str, Notice]) -> Notice | None:
    if notice_id not in notices:
        try:
            notices[notice_id] = catalogue.notice(notice_id)
        except UnknownNoticeError:
            return None
    return notices[notice_id]
