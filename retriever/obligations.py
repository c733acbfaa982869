"""What was required: the obligations of the notices, by year, issuer, topic, strength and day, each with its words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from core.errors import StaleIndexError
from core.types import LinkKind, NoticeCard, Obligation, Strength
from retriever.parties import fits_party
from retriever.topics import find_topics, fits_topic
from store.archive import Archive
from store.catalogue import WITHOUT_OBLIGATIONS
from store.shelf import Scope
from store.words import content_terms

# A date without its day or month ends no sooner than the year does: every day compares as less.
_LAST = "-99-99"


@dataclass(frozen=True, slots=True)
class Required:
    """An obligation with its notice: `quote` is the canonical text of its span, `topic` the name of its topic.

    `superseded_by` is the notice that repeals or replaces its own, None where none on the desk does.
    """

    card: NoticeCard
    obligation: Obligation
    quote: str
    topic: str
    superseded_by: NoticeCard | None = None


def search_obligations(
    archive: Archive,
    *,
    years: Collection[int] = (),
    issuer: str = "",
    as_of: str = "",
    topic: str = "",
    strengths: Collection[Strength] = (),
    bound: str = "",
    with_topics: bool = True,
) -> list[Required]:
    """The obligations about these years, of issuers with `issuer` in their name, and so on; what is empty keeps all.

    `as_of` (ISO 8601) keeps what held on that day: of notices in force, by their day in force, else of issue,
    and neither repealed nor replaced by then. A notice without a date is kept: nobody can say that it did not
    hold. `topic` is a topic's name, or words of it, of the notice's title or of the
    obligation itself, `bound` a part of who is bound, or any name of a party (`parties.fits_party`). In the
    order of year, issuer, notice and place; a speaker's general calls come last. Without `with_topics`, where
    no topic is asked for, none is named: on a large desk that takes some seconds after each change of it.
    Raises StaleIndexError where the notices of an older store have not been examined for obligations.
    """
    archive.refresh()
    if archive.catalogue.read_state(WITHOUT_OBLIGATIONS) is not None:
        raise StaleIndexError(
            "this version takes obligations from notices, and has not looked for them yet",
            "Run `python -m ingest` once: it looks through the notices that are in; nothing is embedded anew.",
        )
    cards = {card.notice_id: card for card in archive.shelf.cards_in(Scope(issuer=issuer))}
    narrowed = None if len(cards) == len(archive.shelf.cards) else cards.keys()
    found = archive.catalogue.obligations(narrowed, years, strengths)
    found = {notice_id: rows for notice_id, rows in found.items() if notice_id in cards}
    if as_of:
        found = {notice_id: rows for notice_id, rows in found.items() if _begins(cards[notice_id]) <= as_of}
    topics = find_topics(archive) if topic or with_topics else {}
    required: list[Required] = []
    for notice_id, rows in found.items():
        wanted = [row for row in rows if fits_party(row.bound, bound)]
        named = {row.ordinal: topics.get((notice_id, row.ordinal), "") for row in wanted}
        if wanted:
            quoted = _quote(archive, cards[notice_id], wanted, named, as_of)
            required += [one for one in quoted if not topic or _is_about(one, topic)]
    return sorted(required, key=_order)


def _is_about(one: Required, topic: str) -> bool:
    """Whether an obligation is of a topic, or it or its notice's title has all words of it."""
    if fits_topic(one.topic, topic):
        return True
    asked = set(content_terms(topic))
    return bool(asked) and asked <= set(content_terms(f"{one.card.title} {one.quote}"))


def _quote(
    archive: Archive, card: NoticeCard, rows: Sequence[Obligation], topics: dict[int, str], as_of: str
) -> Iterable[Required]:
    """The obligations of one notice with their words; none where it held no more on that day."""
    ending = _find_ending(archive, card, as_of)
    if as_of and _has_ended(card, ending, as_of):
        return []
    text = archive.catalogue.text(card.notice_id)
    return [Required(card, row, row.span.of(text), topics[row.ordinal], ending) for row in rows]


def _find_ending(archive: Archive, card: NoticeCard, as_of: str) -> NoticeCard | None:
    """The notice that repeals or replaces one, of several the first; with a day, none that is of a later one."""
    links = archive.catalogue.endings_of(card.notice_id)
    ids = {link.notice_id for link in links if link.kind in (LinkKind.repeals, LinkKind.replaces)}
    by = [archive.shelf.cards[name] for name in ids if name in archive.shelf.cards]
    if as_of:
        by = [each for each in by if each.issued_on <= as_of]
    return min(by, key=lambda each: (_begins(each) or _LAST, each.notice_id), default=None)


def _begins(card: NoticeCard) -> str:
    """From when a notice holds; '' where nobody knows."""
    return card.in_force_on or card.issued_on or (str(card.year) if card.year else "")


def _has_ended(card: NoticeCard, ending: NoticeCard | None, as_of: str) -> bool:
    if card.repealed_on and _complete(card.repealed_on) <= as_of:
        return True
    return ending is not None and _begins(ending) <= as_of


def _complete(date: str) -> str:
    return date + _LAST[len(date) - 4 :] if len(date) < 10 else date


def _order(required: Required) -> tuple[bool, int, str, str, str, int]:
    card, obligation = required.card, required.obligation
    return (
        obligation.exhorts,
        obligation.year or 0,
        card.issuer,
        card.issued_on,
        card.notice_id,
        obligation.ordinal,
    )
