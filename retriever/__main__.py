"""The command line of the retriever: one question, or a file of them, to ranked passages."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from core.errors import PolicyDeskError
from core.settings import read_settings
from core.types import Hit
from retriever.batch import Asked, read_asked, read_year, read_year_filter, write_lines
from retriever.question import read_question
from retriever.search import search
from store.archive import Archive
from store.embedder import Embedder


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m retriever", description="Find the passages that fit a question best."
    )
    parser.add_argument("question", nargs="?", metavar="QUESTION")
    parser.add_argument("--year", type=read_year, help="search the notices of this year only")
    parser.add_argument("--from", dest="first", type=read_year, metavar="Y", help="… of this year and later")
    parser.add_argument("--to", dest="last", type=read_year, metavar="Y", help="… of this year and earlier")
    parser.add_argument("--issuer", default="", help="search the notices of issuers with this in their name")
    parser.add_argument("--k", type=int, default=10, help="how many passages (default 10)")
    parser.add_argument("--questions", type=Path, metavar="FILE", help="JSON Lines with id and question")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write there instead of stdout")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--store", type=Path, help="the store's folder (default: $POLICY_DESK_STORE, else var/)")
    options = parser.parse_args(arguments)
    if (options.question is None) == (options.questions is None):
        parser.error("give either a QUESTION or --questions FILE")
    if options.k < 1:
        parser.error("--k must be at least 1")
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 well, 2 wrong use or a store that cannot be used."""
    options = _parse(arguments)
    try:
        settings = read_settings(options.store)
        asked = read_asked(options.questions, options.question)
        archive = Archive(settings.store, Embedder(settings.embedding_model))
        try:
            lines = _answer(archive, asked, options)
            if options.json or options.questions or options.output:
                write_lines(lines, options.output)
            else:
                _print_words(lines)
        finally:
            archive.close()
    except PolicyDeskError as error:
        print(f"retriever: {error}\n  {error.help}", file=sys.stderr)
        return 2
    return 0


def _answer(archive: Archive, asked: Sequence[Asked], options: argparse.Namespace) -> Iterator[dict[str, object]]:
    known = [card.year for card in archive.shelf.cards.values() if card.year is not None]
    issuers = archive.shelf.issuers
    for item in asked:
        started = time.perf_counter()
        years = read_year_filter(options.year if item.year is None else item.year, options.first, options.last, known)
        query = read_question(item.question, item.earlier, only_years=years, issuer=options.issuer, issuers=issuers)
        hits = search(archive, query, options.k)
        yield {
            "id": item.id,
            "question": item.question,
            "years": list(query.years),
            "seconds": round(time.perf_counter() - started, 4),
            "hits": [_as_json(hit) for hit in hits],
        }


def _as_json(hit: Hit) -> dict[str, object]:
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


def _print_words(lines: Iterator[dict[str, object]]) -> None:
    for line in lines:
        hits = line["hits"]
        assert isinstance(hits, list)
        for place, hit in enumerate(hits, start=1):
            print(
                f"{place}. {hit['title']} ({hit['issued_on'] or 'no date'}; {hit['path']}, {hit['start']}-{hit['end']})"
            )
            print("   " + hit["text"].replace("\n", "\n   "))
        if not hits:
            print("Nothing was found.")


if __name__ == "__main__":
    raise SystemExit(main())
