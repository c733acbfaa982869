"""The command line of the assistant: one question, or a file of them, to proved answers; and citations."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.ask import ask
from assistant.chat import Chat, open_chat
from assistant.checking import check_draft
from assistant.citing import cite_span
from assistant.exporting import export
from assistant.fields import list_answer
from assistant.manuscript import open_manuscript
from assistant.marking import as_json, as_lines
from assistant.wording import say_who_drafted, write_answer
from cite.styles import STYLES, write_plain
from core.errors import PolicyDeskError, UsageError
from core.place import Place
from core.settings import read_settings
from retriever.batch import Asked, read_asked, read_year, write_lines
from store.archive import Archive
from store.embedder import Embedder
from store.erasure import forget_person
from store.records import Records


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m assistant", description="Answer a question from the notices, with citations."
    )
    parser.add_argument("question", nargs="?", metavar="QUESTION")
    parser.add_argument("--model", metavar="MODEL", help="extractive (the notices' own sentences), or PROVIDER:NAME")
    parser.add_argument("--year", type=read_year, help="search the notices of this year only")
    parser.add_argument("--questions", type=Path, metavar="FILE", help="JSON Lines with id and question")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write there instead of stdout")
    parser.add_argument(
        "--export", type=Path, metavar="FILE", help="write the answer as .docx or .md, or what it cites as .zip"
    )
    parser.add_argument("--cite", metavar="NOTICE_ID", help="print the citation of a notice, ready to paste")
    parser.add_argument("--span", metavar="START-END", help="with --cite: the quoted code points")
    parser.add_argument("--style", default="plain", choices=STYLES, help="with --cite or --export: the style")
    parser.add_argument("--check", type=Path, metavar="FILE", help="check what a draft (.txt, .md, .docx) quotes")
    parser.add_argument("--forget", metavar="PERSON", help="erase the conversations and feedback of a person")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--store", type=Path, help="the store's folder (default: $POLICY_DESK_STORE, else var/)")
    options = parser.parse_args(arguments)
    tasks = (options.question, options.questions, options.cite, options.check, options.forget)
    if sum(part is not None for part in tasks) != 1:
        parser.error("give a QUESTION, --questions FILE, --cite NOTICE_ID, --check FILE, or --forget PERSON")
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 well (a refusal too), 2 wrong use or a store that cannot be used."""
    options = _parse(arguments)
    try:
        settings = read_settings(options.store, options.model)
        if options.forget is not None:
            print(_forget(settings.place, options.forget))
            return 0
        key = settings.chat_key.get_secret_value() if settings.chat_key else ""
        chat = open_chat(
            settings.chat_model,
            url=settings.chat_url,
            key=key,
            seconds=settings.chat_timeout,
            tokens=settings.chat_tokens,
        )
        takes_none = options.cite is not None or options.check is not None
        asked = [] if takes_none else read_asked(options.questions, options.question)
        archive = Archive(settings.place, Embedder(settings.embedding_model))
        try:
            if options.cite is not None:
                print(cite_span(archive.catalogue, options.cite, options.span, options.style))
            elif options.check is not None:
                _check(archive, options.check, options.json)
            else:
                _answer_all(archive, asked, options, chat)
        finally:
            archive.close()
    except PolicyDeskError as error:
        print(f"assistant: {error}\n  {error.help}", file=sys.stderr)
        return 2
    return 0


def _answer_all(archive: Archive, asked: Sequence[Asked], options: argparse.Namespace, chat: Chat | None) -> None:
    if options.export:
        answers = (
            (item.question, ask(archive, item.question, item.earlier, years=_filter(item, options.year), chat=chat))
            for item in asked
        )
        export(archive.catalogue, answers, options.export, options.style)
        return
    if options.json or options.questions or options.output:
        write_lines(_lines(archive, asked, options.year, chat), options.output)
        return
    for item in asked:
        answer = ask(archive, item.question, item.earlier, years=_filter(item, options.year), chat=chat)
        print(write_answer(answer))
        if say_who_drafted(answer):
            print(f"({say_who_drafted(answer)})")
        for citation in answer.citations:
            print(f"[{citation.label}] {write_plain(citation.card, citation.place)}")


def _check(archive: Archive, draft: Path, is_json: bool) -> None:
    """What a draft quotes and claims, a line or so each, as text or JSON; raises UsageError."""
    for checked in check_draft(archive, open_manuscript(draft)):
        if is_json:
            print(json.dumps(as_json(checked), ensure_ascii=False))
        else:
            print(as_lines(checked))


def _forget(place: Place, person: str) -> str:
    """Erase what is kept of a person; what was erased, in words. Raises UsageError where there is no store."""
    if not place.database_url and not place.folder.is_dir():
        raise UsageError(f"{place.folder}: there is no store", "Name the folder of the store with --store.")
    records = Records(place)
    try:
        erased = forget_person(records, person)
    finally:
        records.close()
    return f"erased of {person}: conversations {erased.conversations}, feedback {erased.feedback}"


def _filter(item: Asked, year: int | None) -> tuple[int, ...]:
    chosen = item.year if item.year is not None else year
    return () if chosen is None else (chosen,)


def _lines(
    archive: Archive, asked: Sequence[Asked], year: int | None, chat: Chat | None
) -> Iterator[dict[str, object]]:
    for item in asked:
        started = time.perf_counter()
        answer = ask(archive, item.question, item.earlier, years=_filter(item, year), chat=chat)
        yield list_answer(item.id, item.question, answer, time.perf_counter() - started)


if __name__ == "__main__":
    raise SystemExit(main())
