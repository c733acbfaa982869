"""The sentences of the best passages, each with the probability that it answers the question."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.calibration import name_scale, read_scales, to_probability
from assistant.counting import strip_labels
from assistant.expectation import TAKES_EFFECT, asks_effect
from assistant.likeness import UNMET, Surroundings, compare, prepare_question
from assistant.orders import gives_orders
from assistant.reading import NoticeReading, read_notices
from core.types import Hit, NoticeCard, Sentence, SentenceKind
from retriever.question import Query
from store.archive import Archive

# "To: all schools" and 各市、县教育局： name those whom a notice addresses, and say nothing.
_ADDRESSEE = re.compile(r"(?:To|Cc)\s*[:：]|各[^。；]{0,80}[:：]$")
# A sum, a share, or two figures in a short line.
_ROW_LIKE = re.compile(r"[£$€¥￥]\s?\d|\d\s?[%％元]|\d,\d{3}|\d[\d.]*\s+(?:\D*\s)?\d")
_PASSAGES = 3
# Of so many of the first, so many passages behind are looked at too.
_CONTINUED, _ONWARDS = 1, 2
# So many of the first notices are searched for the day from which they apply.
_EFFECTIVE = 3
# So far up a heading is looked for.
_HEADING_REACH = 30


# What the public sets cannot teach, in log-odds: they have no tables, whose rows differ in a word or two
# that must decide, and no desk in two languages.
_ROW_WORDS, _ELSEWHERE = 3.0, 3.0
_SHORT_KINDS = frozenset((SentenceKind.row, SentenceKind.heading))


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that may answer the question, with what it was measured to share with it.

    `score` is the probability that it answers, by its measures alone; `measures` are those of
    `likeness.compare`; `scale` names the scales by which it was rated.
    """

    notice: NoticeReading
    sentence: Sentence
    text: str
    measures: Mapping[str, float]
    scale: str
    log_odds: float

    @property
    def card(self) -> NoticeCard:
        """The card of its notice."""
        return self.notice.card

    @property
    def score(self) -> float:
        """The probability, 0 to 1, that the sentence answers the question."""
        return to_probability(self.log_odds)

    @property
    def fits(self) -> bool:
        """Whether the sentence can be of the kind that is asked for, a rule left aside."""
        return bool(self.measures["fits"])

    @property
    def of_kind(self) -> bool:
        """Whether the sentence can be of the kind that is asked for, a rule too."""
        return bool(self.measures["of_kind"])

    @property
    def own(self) -> float:
        """The share of the question's words, weighted by rarity, that stand in the sentence itself."""
        return self.measures["words"]


def gather_evidence(archive: Archive, query: Query, hits: Sequence[Hit]) -> list[Evidence]:
    """Every sentence of the first passages, best first; [] where there are no hits.

    Raises UnknownNoticeError where a notice has gone since; none does while the archive is held.
    """
    first = [hit for hit in hits[_PASSAGES:] if hit.card == hits[0].card]
    chosen = _add_continuations(archive, [*hits[:_PASSAGES], *first])
    if asks_effect(query.asked):
        chosen += _find_effect(archive, chosen)
    asked = prepare_question(archive, query)
    names = [hit.passage.passage_id for hit in chosen]
    met = archive.meet_by_sentences(asked.tokens, names, UNMET)
    cosines = {} if asked.vector is None else archive.score_by_meaning(asked.vector, names)
    notices = read_notices(archive, [hit.card for hit in chosen])
    found: dict[tuple[str, int], Evidence] = {}
    for rank, hit in enumerate(chosen):
        notice, passage = notices[hit.card.notice_id], hit.passage
        meaning, of_sentences = cosines.get(passage.passage_id, (0.0, ()))
        touching = notice.touching(passage.span)
        surroundings = Surroundings(
            asked,
            notice,
            [notice.read(sentence.ordinal) for sentence in touching],
            met.get(passage.passage_id, asked.tokens[:0]),
            meaning,
            hit.card.year in query.years or any(str(year) in hit.card.title for year in query.years),
            min(rank, _PASSAGES),
            hit.score,
            hit.score - chosen[0].score,
        )
        for evidence in _measure_passage(surroundings, touching, list(of_sentences)):
            key = (passage.notice_id, evidence.sentence.ordinal)
            if key not in found or evidence.log_odds > found[key].log_odds:
                found[key] = evidence
    rated = _prefer_own_language(query, list(found.values()))
    return sorted(rated, key=lambda e: (-e.log_odds, e.card.notice_id, e.sentence.ordinal))


def _prefer_own_language(query: Query, evidence: list[Evidence]) -> list[Evidence]:
    """The evidence with what is in the other language put back, as far as the question's own has its words."""
    own = [e.measures["words_passage"] for e in evidence if e.card.language == query.language]
    back = _ELSEWHERE * max(own, default=0.0) ** 2
    return [e if e.card.language == query.language else replace(e, log_odds=e.log_odds - back) for e in evidence]


def _add_continuations(archive: Archive, hits: list[Hit]) -> list[Hit]:
    """The hits, and behind them the passages that go on where the first ones end: a list or table is often cut."""
    known = {hit.passage.passage_id for hit in hits}
    following: dict[str, Hit] = {}
    for hit in hits[:_CONTINUED]:
        for step in range(1, _ONWARDS + 1):
            name = f"{hit.passage.notice_id}:{hit.passage.ordinal + step}"
            if name not in known:
                following[name] = hit
    found = archive.catalogue.passages(list(following))
    return hits + [replace(following[name], passage=passage) for name, (passage, _) in found.items()]


def _find_effect(archive: Archive, hits: Sequence[Hit]) -> list[Hit]:
    """The passages in which the first notices say from when they apply: in a law that stands at its end."""
    known = {hit.passage.passage_id for hit in hits}
    first = {hit.card.notice_id: hit for hit in reversed(hits)}
    found: list[Hit] = []
    for notice_id in list(dict.fromkeys(hit.card.notice_id for hit in hits))[:_EFFECTIVE]:
        every = archive.catalogue.passages(archive.catalogue.passage_ids([notice_id]))
        found += [
            replace(first[notice_id], passage=passage)
            for name, (passage, _) in every.items()
            if name not in known and TAKES_EFFECT.search(passage.text)
        ][-_ONWARDS:]
    return found


def _measure_passage(
    surroundings: Surroundings, touching: Sequence[Sentence], cosines: Sequence[float]
) -> Iterator[Evidence]:
    """The sentences that touch a passage, measured; one cut by it is taken whole."""
    asked, notice = surroundings.asked, surroundings.notice
    places = {sentence.ordinal: place for place, sentence in enumerate(touching)}
    scale = name_scale(asked.query.language, notice.card.language, asked.vector is not None)
    for place, (sentence, reading) in enumerate(zip(touching, surroundings.sentences, strict=True)):
        text = reading.text
        if is_bare_heading(sentence, text) or _ADDRESSEE.match(text) or gives_orders(text):
            continue
        leads = find_leads(notice, sentence)
        measures = compare(
            surroundings,
            reading,
            place,
            [notice.read(lead) for lead in leads],
            [places[lead] for lead in leads if lead in places],
            float(cosines[place]) if place < len(cosines) else 0.0,
        )
        log_odds = read_scales()[scale].sentence.rate(measures)
        if sentence.kind in _SHORT_KINDS:
            log_odds += _ROW_WORDS * measures["words"]
        yield Evidence(notice, sentence, text, measures, scale, log_odds)


def is_bare_heading(sentence: Sentence, text: str) -> bool:
    """Whether a line is a heading and nothing more: one with a figure may be the row of a table that lost its lines."""
    return sentence.kind is SentenceKind.heading and _ROW_LIKE.search(strip_labels(text)) is None


def find_leads(notice: NoticeReading, sentence: Sentence) -> list[int]:
    """The ordinals of what leads in to a sentence, in their order.

    For a point of a list that is the sentence that opens the list; for a table row its column heads
    and what announces the table; for a short line with a figure the lines before it without one; for
    any other the one before it. The heading above counts for all.
    """
    leads: set[int] = set()
    first = sentence.ordinal if sentence.head is None else sentence.head
    if sentence.head is not None:
        leads.add(first)
    if sentence.kind is SentenceKind.heading:
        first = find_opening(notice, sentence.ordinal) or first
        leads.add(first)
    if first > 0 and (sentence.head is None or sentence.kind is SentenceKind.row):
        leads.add(first - 1)
    for ordinal in range(first - 1, max(-1, first - _HEADING_REACH), -1):
        if notice.sentences[ordinal].kind is SentenceKind.heading:
            leads.add(ordinal)
            break
    return sorted(leads - {sentence.ordinal})


def find_opening(notice: NoticeReading, ordinal: int) -> int | None:
    """What opens a run of short lines with figures: the line before them, column heads or a lead-in; None if far."""
    for place in range(ordinal - 1, max(-1, ordinal - _HEADING_REACH), -1):
        sentence = notice.sentences[place]
        if sentence.kind is not SentenceKind.heading or is_bare_heading(sentence, notice.read(place).text):
            return place
    return None


def read_sharpness(evidence: Sequence[Evidence]) -> float:
    """The first sentence's share of the odds of all; the same words in several notices count once."""
    if not evidence:
        return 0.0
    odds: dict[str, float] = {}
    for item in evidence:
        odds.setdefault(" ".join(item.text.split()), math.exp(item.log_odds - evidence[0].log_odds))
    return 1.0 / sum(odds.values())
