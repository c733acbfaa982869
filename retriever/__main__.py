"""The command line of the retriever: a question, or a file of them, to ranked passages; and what was required."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from core.errors import PolicyDeskError
from core.settings import read_settings
from retriever.batch import Asked, read_asked, read_year, read_year_filter, write_lines
from retriever.listing import list_changes, list_hits, list_obligations, write_changes, write_obligations
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
    parser.add_argument("--obligations", action="store_true", help="list what was required in these years instead")
    parser.add_argument(
        "--changes", nargs=2, type=read_year, metavar=("FROM", "TO"), help="list what changed between two years instead"
    )
    parser.add_argument("--topic", default="", help="… on this topic: its name, or a word of it")
    parser.add_argument("--as-of", type=_read_day, metavar="YYYY-MM-DD", help="… what held on that day")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--store", type=Path, help="the store's folder (default: $POLICY_DESK_STORE, else var/)")
    options = parser.parse_args(arguments)
    if options.obligations or options.changes:
        if options.question is not None or options.questions is not None or (options.obligations and options.changes):
            parser.error("--obligations and --changes each stand alone, without a question")
        if options.changes and (options.as_of or options.year or options.first or options.last):
            parser.error("--changes takes its two years only; narrow it with --topic or --issuer")
        if options.changes and options.changes[0] >= options.changes[1]:
            parser.error("--changes: the first year must come before the second")
        return options
    if options.topic or options.as_of:
        parser.error("--topic goes with --obligations or --changes, --as-of with --obligations")
    if (options.question is None) == (options.questions is None):
        parser.error("give either a QUESTION or --questions FILE")
    if options.k < 1:
        parser.error("--k must be at least 1")
    return options


def _read_day(written: str) -> str:
    """A day from the command line; raises ArgumentTypeError for what is none."""
    try:
        return date.fromisoformat(written).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{written!r} is no day such as 2023-03-15") from None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 well, 2 wrong use or a store that cannot be used."""
    options = _parse(arguments)
    try:
        settings = read_settings(options.store)
        listed = options.obligations or options.changes
        asked = [] if listed else read_asked(options.questions, options.question)
        archive = Archive(settings.place, Embedder(settings.embedding_model))
        try:
            lines = _list(archive, options) if listed else _answer(archive, asked, options)
            if options.json or options.questions or options.output:
                write_lines(lines, options.output)
            elif listed:
                for words in (write_changes if options.changes else write_obligations)(lines):
                    print(words)
            else:
                _print_words(lines)
        finally:
            archive.close()
    except PolicyDeskError as error:
        print(f"retriever: {error}\n  {error.help}", file=sys.stderr)
        return 2
    return 0


def _list(archive: Archive, options: argparse.Namespace) -> Iterator[dict[str, object]]:
    if options.changes:
        return list_changes(archive, options.changes[0], options.changes[1], options.issuer, options.topic)
    years = read_year_filter(options.year, options.first, options.last, archive.catalogue.obligation_years())
    return list_obligations(archive, years, options.issuer, options.as_of or "", options.topic)


def _answer(archive: Archive, asked: Sequence[Asked], options: argparse.Namespace) -> Iterator[dict[str, object]]:
    known = [card.year for card in archive.shelf.cards.values() if card.year is not None]
    for item in asked:
        years = read_year_filter(options.year if item.year is None else item.year, options.first, options.last, known)
        yield list_hits(archive, item, years, options.issuer, options.k)


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
