"""What a search found, requirements and changes: as lines of JSON; the latter two as words."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Sequence

from core.fields import list_fields
from core.types import Hit
from retriever.batch import Asked
from retriever.changes import compare_years
from retriever.obligations import Required, search_obligations
from retriever.question import read_question
from retriever.search import search
from store.archive import Archive


def list_hits(archive: Archive, asked: Asked, years: Sequence[int], issuer: str, k: int) -> dict[str, object]:
    """The best `k` passages for a question, best first; `years` and `issuer` are the user's filters.

    Raises UsageError for a question without words, StaleIndexError.
    """
    started = time.perf_counter()
    query = read_question(asked.question, asked.earlier, only_years=years, issuer=issuer, issuers=archive.shelf.issuers)
    hits = search(archive, query, k)
    return {
        "id": asked.id,
        "question": asked.question,
        "years": list(query.years),
        "seconds": round(time.perf_counter() - started, 4),
        "hits": [_hit_as_json(hit) for hit in hits],
    }


def _hit_as_json(hit: Hit) -> dict[str, object]:
    return {
        "notice_id": hit.card.notice_id,
        "path": hit.card.path,
        "title": hit.card.title,
        "issued_on": hit.card.issued_on,
        "start": hit.passage.span.start,
        "end": hit.passage.span.end,
        "text": hit.passage.text,
        "score": round(hit.score, 6),
        "year_reading": hit.reading,
    }


def list_obligations(
    archive: Archive, years: Collection[int], issuer: str, as_of: str, topic: str
) -> Iterator[dict[str, object]]:
    """A line for each requirement of these years, as search_obligations finds them. Raises StaleIndexError."""
    yield from map(_required_as_json, search_obligations(archive, years=years, issuer=issuer, as_of=as_of, topic=topic))


def _required_as_json(required: Required) -> dict[str, object]:
    card, obligation = required.card, required.obligation
    return {
        "notice_id": card.notice_id,
        "path": card.path,
        "title": card.title,
        "issued_on": card.issued_on,
        "start": obligation.span.start,
        "end": obligation.span.end,
        "quote": required.quote,
        "strength": obligation.strength.value,
        "bound": obligation.bound,
        "year": obligation.year,
        "due": obligation.due,
        "topic": required.topic,
        "exhorts": obligation.exhorts,
        "superseded_by": required.superseded_by and required.superseded_by.notice_id,
    }


def list_changes(archive: Archive, first: int, last: int, issuer: str, topic: str) -> Iterator[dict[str, object]]:
    """A line for each change between two years."""
    for change in compare_years(archive.catalogue, first, last, topic=topic, issuer=issuer):
        yield {
            "kind": change.kind.value,
            "before": list_fields(change.before) if change.before else None,
            "after": list_fields(change.after) if change.after else None,
        }


def write_obligations(lines: Iterable[dict[str, object]]) -> Iterator[str]:
    """The lines of list_obligations for a reader."""
    total = 0
    for line in lines:
        total += 1
        marks = [str(line["strength"]).replace("_", " "), str(line["year"] or "no year")]
        marks += ["a general call"] * bool(line["exhorts"]) + ["superseded"] * bool(line["superseded_by"])
        quote = " ".join(str(line["quote"]).split())
        yield f"[{'; '.join(marks)}] {quote}\n   {line['title']} ({line['issued_on'] or 'no date'}; {line['path']})"
    if not total:
        yield "Nothing was found."


def write_changes(lines: Iterable[dict[str, object]]) -> Iterator[str]:
    """The lines of list_changes for a reader."""
    total = 0
    for line in lines:
        total += 1
        yield f"[{line['kind']}]"
        for sign, name in (("-", "before"), ("+", "after")):
            cited = line[name]
            if isinstance(cited, dict):
                quote = " ".join(str(cited["quote"]).split())
                yield f"  {sign} {quote}\n    {cited['title']} ({cited['issued_on'] or 'no date'}; {cited['path']})"
    if not total:
        yield "Nothing was found."
