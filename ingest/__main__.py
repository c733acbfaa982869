"""The command line of ingest: bring the desk up to date, list and show notices, check the store."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from core.errors import PolicyDeskError, UnknownNoticeError, UsageError
from core.settings import Settings, read_settings
from core.types import Link
from ingest.linking import examine_anew, find_unlinked
from ingest.pipeline import Report, ingest
from ingest.progress import ProgressBar
from ingest.readers import Limits
from ingest.watch import keep_up
from store.archive import Archive
from store.embedder import Embedder
from store.rows import list_origins


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m ingest", description="Read notices into the desk, or look at what is in it."
    )
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files or folders (default: corpus/)")
    parser.add_argument("--prune", action="store_true", help="remove notices whose files have gone from the folders")
    parser.add_argument(
        "--watch", action="store_true", help="go on, and read what changes in the folders, until Ctrl-C"
    )
    parser.add_argument("--list", action="store_true", help="list the notices")
    parser.add_argument("--show", metavar="NOTICE_ID", help="print a notice's canonical text, exactly")
    parser.add_argument("--remove", metavar="NOTICE_ID", help="remove a notice from the desk (its file stays)")
    parser.add_argument("--erase", metavar="NOTICE_ID", help="remove a notice, and what old citations of it would show")
    parser.add_argument("--check", action="store_true", help="check that catalogue and index agree")
    parser.add_argument("--repair", action="store_true", help="with --check: mend the differences")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--store", type=Path, help="the store's folder (default: $POLICY_DESK_STORE, else var/)")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 all well, 1 some files failed or the store is inconsistent, 2 wrong use."""
    options = _parse(arguments)
    try:
        settings = read_settings(options.store)
        archive = Archive(settings.store, Embedder(settings.embedding_model))
        try:
            return _run(options, settings, archive)
        finally:
            archive.close()
    except PolicyDeskError as error:
        print(f"ingest: {error}\n  {error.help}", file=sys.stderr)
        return 2


def _run(options: argparse.Namespace, settings: Settings, archive: Archive) -> int:
    if options.list:
        return _list(archive, options.json)
    if options.show is not None:
        sys.stdout.write(archive.catalogue.notice(options.show).text)
        return 0
    if options.remove is not None or options.erase is not None:
        erased = options.erase is not None
        return _remove(archive, options.erase if erased else options.remove, erased=erased)
    if options.check or options.repair:
        return _check(archive, options.repair)
    if not options.watch:
        return _ingest(options, settings, archive)
    paths = options.paths or [Path("corpus")]
    if missing := next((path for path in paths if not path.exists()), None):
        raise UsageError(f"{missing}: there is no such file or folder", "Check the path and try again.")
    print("Watching; end with Ctrl-C.", file=sys.stderr)
    keep_up(paths, lambda: _ingest(options, settings, archive))
    return 0


def _remove(archive: Archive, notice_id: str, *, erased: bool) -> int:
    """Take a notice off the desk; erased, nothing is kept of it, and one that has left before is erased too."""
    with archive.claim():
        archive.begin()
        try:
            archive.remove(notice_id)
        except UnknownNoticeError:
            if not erased:
                raise
        if erased:
            archive.catalogue.erase(notice_id)
        archive.end()
    print(f"{'erased' if erased else 'removed'} {notice_id}")
    return 0


def _ingest(options: argparse.Namespace, settings: Settings, archive: Archive) -> int:
    """One run, and what it says of itself; 1 where some files failed."""
    limit = settings.max_megabytes * 1_000_000
    bar = ProgressBar()
    try:
        report = ingest(
            options.paths or [Path("corpus")],
            archive,
            Limits(
                limit,
                limit * 4,
                settings.max_pages,
                settings.max_seconds,
                settings.max_memory_mb,
                settings.reading_processes,
            ),
            prune=options.prune,
            progress=bar,
        )
    finally:
        bar.close()
    print(json.dumps(_as_json(report), ensure_ascii=False) if options.json else _as_words(report), flush=True)
    for advice in report.advice:
        print("  " + _on_one_line(advice), file=sys.stderr)
    return 1 if report.failed else 0


def _as_json(report: Report) -> dict[str, object]:
    values = asdict(report)
    values.pop("advice")
    for name in ("warnings", "failed"):
        values[name] = [{"path": path, "reason": reason} for path, reason in values[name]]
    values["seconds"] = round(report.seconds, 3)
    return values


def _as_words(report: Report) -> str:
    lines = [
        f"{report.added} added, {report.changed} changed, {report.unchanged} unchanged, "
        f"{report.removed} removed, {report.duplicates} duplicates; "
        f"{report.passages} passages embedded with {report.embedding_model} in {report.seconds:.1f} s"
    ]
    lines += [f"warning: {path}: {reason}" for path, reason in report.warnings]
    lines += [f"failed: {path}: {reason}" for path, reason in report.failed]
    return "\n".join(_on_one_line(line) for line in lines)


def _on_one_line(text: str) -> str:
    """Text without what could start a line or command a terminal: file names may hold anything."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def _list(archive: Archive, as_json: bool) -> int:
    passages = archive.catalogue.count_passages()
    characters = archive.catalogue.count_characters()
    links: dict[str, list[dict[str, object]]] = {}
    for link in archive.catalogue.links() if as_json else ():
        links.setdefault(link.notice_id, []).append(_link_as_json(link))
    for card in archive.catalogue.cards():
        if as_json:
            line = {
                "notice_id": card.notice_id,
                "path": card.path,
                "title": card.title,
                "issuer": card.issuer,
                "number": card.number,
                "issued_on": card.issued_on,
                "year": card.year,
                "language": card.language,
                "characters": characters[card.notice_id],
                "passages": passages.get(card.notice_id, 0),
                "digest": card.digest,
                "meeting_on": card.meeting_on,
                "in_force_on": card.in_force_on,
                "repealed_on": card.repealed_on,
                "accessed_on": card.accessed_on,
                "provenance": list_origins(card.provenance),
                "links": links.get(card.notice_id, []),
            }
            print(json.dumps(line, ensure_ascii=False))
        else:
            print(_on_one_line(f"{card.notice_id}  {card.issued_on or '-':10}  {card.title}  ({card.path})"))
    return 0


def _link_as_json(link: Link) -> dict[str, object]:
    start, end = (link.span.start, link.span.end) if link.span else (None, None)
    said = {"kind": link.kind.value, "notice_id": link.to_id, "named": link.named}
    return {**said, "start": start, "end": end, "measure": link.measure}


def _check(archive: Archive, repair: bool) -> int:
    differences: list[object] = [*archive.check(), *find_unlinked(archive.catalogue)]
    for difference in differences:
        print(difference)
    if not differences:
        print(f"Catalogue and index agree: {len(archive.catalogue.cards())} notices.")
    if repair and differences:
        with archive.claim():
            print(f"{archive.repair() + examine_anew(archive.catalogue)} differences mended")
        return 0
    return 1 if differences else 0


if __name__ == "__main__":
    raise SystemExit(main())
