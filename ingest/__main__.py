"""The command line of ingest: bring the desk up to date, list and show notices, check the store."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from pathlib import Path

from core.errors import PolicyDeskError, UnknownNoticeError, UsageError
from core.events import tell_failure
from core.logs import start_logs
from core.settings import Settings, read_settings
from ingest.cluster import Cluster
from ingest.limits import read_limits
from ingest.linking import examine_anew, find_unlinked
from ingest.listing import list_notices
from ingest.pipeline import Report, ingest
from ingest.progress import ProgressBar
from ingest.recording import record_report
from ingest.uploads import delete_uploads
from ingest.watch import keep_up
from store.archive import Archive
from store.audit import Action, record_event
from store.embedder import Embedder
from store.records import Records

# Who it is that changes notices here: the desk's sign-in does not know who may use this machine.
_PERSON = "command line"
_LOG = logging.getLogger(__name__)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m ingest", description="Read notices into the desk, or look at what is in it."
    )
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files or folders (default: corpus/)")
    parser.add_argument("--prune", action="store_true", help="remove notices whose files have gone from the folders")
    parser.add_argument(
        "--watch", action="store_true", help="go on, and read what changes in the folders, until Ctrl-C"
    )
    parser.add_argument(
        "--ray",
        metavar="ADDRESS",
        help="read and embed on the Ray cluster with this head, HOST:PORT (default: $POLICY_DESK_RAY_ADDRESS, if set)",
    )
    parser.add_argument("--list", action="store_true", help="list the notices")
    parser.add_argument("--show", metavar="NOTICE_ID", help="print a notice's canonical text, exactly")
    parser.add_argument("--remove", metavar="NOTICE_ID", help="remove a notice from the desk (its file stays)")
    parser.add_argument("--erase", metavar="NOTICE_ID", help="remove a notice, and what old citations of it would show")
    parser.add_argument("--check", action="store_true", help="check that catalogue and index agree")
    parser.add_argument("--repair", action="store_true", help="with --check: mend the differences")
    parser.add_argument(
        "--drop-other-models", action="store_true", help="delete the indexes of models that were replaced"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--store", type=Path, help="the store's folder (default: $POLICY_DESK_STORE, else var/)")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 all well, 1 some files failed or the store is inconsistent, 2 wrong use."""
    options = _parse(arguments)
    log = "plain"
    try:
        settings = read_settings(options.store)
        log = settings.log
        start_logs(log, with_words=settings.log_questions)
        archive = Archive(settings.place, Embedder(settings.embedding_model))
        try:
            return _run(options, settings, archive)
        finally:
            archive.close()
    except PolicyDeskError as error:
        _tell(error, log)
        return 2


def _tell(error: PolicyDeskError, log: str) -> None:
    tell_failure(error)
    if log == "json":
        _LOG.error("%s (%s)", error, error.help)
    else:
        print(f"ingest: {error}\n  {error.help}", file=sys.stderr)


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
    if options.drop_other_models:
        return _drop_other_models(archive)
    with _open_cluster(options.ray or settings.ray_address, settings, archive) as cluster:
        return _bring_up_to_date(options, settings, archive, cluster)


def _open_cluster(address: str, settings: Settings, archive: Archive) -> AbstractContextManager[Cluster | None]:
    """The cluster that reads and embeds, where one is named; it is joined when there is something to do."""
    if not address:
        return nullcontext()
    embedder = archive.embedder
    return Cluster(address, read_limits(settings), settings.embedding_model, embedder.fingerprint)


def _bring_up_to_date(
    options: argparse.Namespace, settings: Settings, archive: Archive, cluster: Cluster | None
) -> int:
    if not options.watch:
        return _ingest(options, settings, archive, cluster)
    paths = options.paths or [Path("corpus")]
    if missing := next((path for path in paths if not path.exists()), None):
        raise UsageError(f"{missing}: there is no such file or folder", "Check the path and try again.")
    if settings.log == "plain":
        print("Watching; end with Ctrl-C.", file=sys.stderr)
    keep_up(paths, lambda: _ingest(options, settings, archive, cluster), tell=lambda error: _tell(error, settings.log))
    return 0


def _remove(archive: Archive, notice_id: str, *, erased: bool) -> int:
    """Take a notice off the desk; erased, nothing is kept of it, and one that has left before is erased too.

    Of an upload, the file is part of the desk, and is erased with it.
    """
    catalogue = archive.catalogue
    left = [record.location for record in catalogue.files() if record.notice_id == notice_id]
    left += [withdrawn.location for withdrawn in catalogue.withdrawn() if withdrawn.notice_id == notice_id]
    with archive.claim():
        archive.begin()
        try:
            archive.remove(notice_id)
        except UnknownNoticeError:
            if not erased:
                raise
        if erased:
            catalogue.erase(notice_id)
            if left and delete_uploads(archive.folder, left):
                catalogue.forget_withdrawn(notice_id)
        archive.end()
    action, outcome = (Action.erase, "erased") if erased else (Action.remove, "removed")
    _record(archive, lambda records: record_event(records, _PERSON, action, notice_id, outcome))
    print(f"{outcome} {notice_id}")
    return 0


def _ingest(options: argparse.Namespace, settings: Settings, archive: Archive, cluster: Cluster | None) -> int:
    """One run, and what it says of itself; 1 where some files failed."""
    is_plain = settings.log == "plain"
    bar = ProgressBar(shown=is_plain)
    try:
        report = ingest(
            options.paths or [Path("corpus")],
            archive,
            read_limits(settings),
            prune=options.prune,
            progress=bar,
            cluster=cluster,
        )
    finally:
        bar.close()
    named = ", ".join(str(path) for path in options.paths or [Path("corpus")])
    _record(archive, lambda records: record_report(records, report, _PERSON, Action.ingest, named))
    print(json.dumps(_as_json(report), ensure_ascii=False) if options.json else _as_words(report), flush=True)
    # In a log of JSON each failure has been told with its advice.
    for advice in report.advice if is_plain else ():
        print("  " + _on_one_line(advice), file=sys.stderr)
    return 1 if report.failed else 0


def _record(archive: Archive, write: Callable[[Records], None]) -> None:
    """Write into the desk's records; where that fails it is told, and what was done to the notices stands."""
    try:
        records = Records(archive.place)
        try:
            write(records)
        finally:
            records.close()
    except PolicyDeskError as error:
        print(f"ingest: not recorded: {error}\n  {error.help}", file=sys.stderr)


def _as_json(report: Report) -> dict[str, object]:
    values = asdict(report)
    for told_elsewhere in ("advice", "withheld"):
        values.pop(told_elsewhere)
    for name in ("warnings", "failed"):
        values[name] = [{"path": path, "reason": reason} for path, reason in values[name]]
    values["seconds"] = round(report.seconds, 3)
    return values


def _as_words(report: Report) -> str:
    cost = f"{report.passages} passages embedded with {report.embedding_model} in {report.seconds:.1f} s"
    lines = [f"{_count(report)}; {cost}"]
    lines += [f"warning: {path}: {reason}" for path, reason in report.warnings]
    lines += [f"failed: {path}: {reason}" for path, reason in report.failed]
    return "\n".join(_on_one_line(line) for line in lines)


def _count(report: Report) -> str:
    return (
        f"{report.added} added, {report.changed} changed, {report.unchanged} unchanged, "
        f"{report.removed} removed, {report.duplicates} duplicates"
    )


def _on_one_line(text: str) -> str:
    """Text without what could start a line or command a terminal: file names may hold anything."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def _list(archive: Archive, as_json: bool) -> int:
    if as_json:
        for line in list_notices(archive.catalogue):
            print(json.dumps(line, ensure_ascii=False))
        return 0
    for card in archive.catalogue.cards():
        print(_on_one_line(f"{card.notice_id}  {card.issued_on or '-':10}  {card.title}  ({card.path})"))
    return 0


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


def _drop_other_models(archive: Archive) -> int:
    with archive.claim():
        gone = archive.drop_other_models()
    for model in gone:
        print(f"deleted: the index of {model}")
    if not gone:
        print(f"There is no index but that of {archive.embedder.fingerprint}.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
