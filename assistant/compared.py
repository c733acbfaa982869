"""What changed between two years, where a question asks just that: the statements of both, side by side in order."""

from __future__ import annotations

import re

from assistant.draft import Draft
from core.types import Citation, SentenceKind
from retriever.changes import ChangeKind, compare_years
from retriever.question import Query
from store.archive import Archive
from store.words import content_terms

_ASKS = re.compile(
    r"(?i)\bwhat(?:['’]s|\s+(?:is|was|has|have|had|did))?\s+(?:been\s+)?(?:changed?|new|different)\b|\bwhat\s+changes\b"
    r"|\bhow\s+(?:did|do|does|has|have|had|was|were)\b.{1,120}?\b(?:change|differ)"
    r"|(?:什么|哪些|何|怎样的?|多大)(?:变化|改变|不同|调整)|变化(?:是什么|有哪些)|(?:如何|怎么|怎样)(?:变化|改变|调整)"
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_FRAMING = (
    "what changed changes change new different differ difference between from compared year years "
    "变化 改变 不同 调整 什么 哪些 之间 相比"
)
# So many changes answer; of what is new or dropped fewer.
_MOST, _MOST_ALONE = 6, 3


def asks_what_changed(query: Query) -> bool:
    """Whether a question asks what changed between two years that it names; those of a run between them are not."""
    return len(_name_years(query)) == 2 and _ASKS.search(query.asked) is not None


def draft_changes(archive: Archive, query: Query) -> list[Draft]:
    """What the earlier year says and the later one says otherwise, then what is new; [] where nothing is known."""
    first, last = _name_years(query)
    framing = set(content_terms(_FRAMING))
    topic = " ".join(term for term in query.terms if term not in framing)
    kept = archive.shelf.keep(query.scope)
    changes = [
        change
        for change in compare_years(archive.catalogue, first, last, topic=topic, issuer=query.issuer)
        if all(cited.card.notice_id in kept for cited in (change.before, change.after) if cited)
    ]
    changed = [change for change in changes if change.kind is ChangeKind.changed][:_MOST]
    if not changed:
        return []
    new = [change.after for change in changes if change.kind is ChangeKind.new and change.after]
    alone = [citation for citation in new if _is_required(archive, citation)][:_MOST_ALONE]
    before = [change.before for change in changed]
    after = sorted(
        [citation for citation in (*(change.after for change in changed), *alone) if citation],
        key=lambda citation: (citation.card.notice_id, citation.span),
    )
    return [_draft(archive, citation) for citation in (*before, *after) if citation]


def _is_required(archive: Archive, citation: Citation) -> bool:
    """Whether the words of a citation are a requirement."""
    binding = archive.catalogue.obligations([citation.card.notice_id]).get(citation.card.notice_id, [])
    return any(one.span == citation.span for one in binding)


def _name_years(query: Query) -> list[int]:
    """The years that stand in a question's own words, ascending."""
    return sorted({int(year) for year in _YEAR.findall(query.asked)} & set(query.years))


def _draft(archive: Archive, citation: Citation) -> Draft:
    touched = archive.catalogue.sentences(citation.card.notice_id, citation.span)
    kind = next((one.kind for one in touched if one.span == citation.span), SentenceKind.sentence)
    return Draft(citation.card, citation.span, citation.quote, kind)
