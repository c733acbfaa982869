"""The command line of the store: write a backup of it, or bring one back."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from core.errors import PolicyDeskError, UsageError
from core.place import Place
from core.settings import Settings, read_settings
from store.archive import Archive
from store.backup import back_up
from store.embedder import Embedder
from store.restore import restore

_SERVERS = (
    "Use the servers' own ways: `pg_dump` for PostgreSQL, a copy of its volume for Chroma, whose vectors "
    "`python -m ingest` also makes anew; copy the folder uploads/ beside them. docs/operations.md has the commands."
)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m store", description="Back up the desk's store, or restore it from a backup."
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--backup", type=Path, metavar="FILE|FOLDER", help="write a backup (.tar; .tar.gz packs it), also while it runs"
    )
    what.add_argument("--restore", type=Path, metavar="FILE", help="bring a backup back; stop the desk before")
    parser.add_argument(
        "--without-index", action="store_true", help="with --backup: leave out what `python -m ingest` makes anew"
    )
    parser.add_argument("--wait", action="store_true", help="with --backup: wait until no ingest is writing")
    parser.add_argument("--replace", action="store_true", help="with --restore: delete the store that is there")
    parser.add_argument("--store", type=Path, help="the store's folder (default: $POLICY_DESK_STORE, else var/)")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 all well, 1 the index must be mended or made anew, 2 it failed."""
    options = _parse(arguments)
    try:
        settings = read_settings(options.store)
        _insist_on_folder(settings.place)
        if options.backup is not None:
            return _back_up(settings.store, options)
        return _restore(settings, options)
    except PolicyDeskError as error:
        print(f"store: {error}\n  {error.help}", file=sys.stderr)
        return 2


def _insist_on_folder(place: Place) -> None:
    """Raise UsageError where a part of the store is on a server."""
    if place.database_url or place.chroma_url:
        raise UsageError("a part of this store is on a server, and would not be in the backup", _SERVERS)


def _back_up(folder: Path, options: argparse.Namespace) -> int:
    file, manifest = back_up(folder, options.backup, with_index=not options.without_index, waits=options.wait)
    print(f"{file}: {len(manifest.files)} files, {sum(kept.size for kept in manifest.files):,} bytes")
    return 0


def _restore(settings: Settings, options: argparse.Namespace) -> int:
    """Restore, say what came back, and whether catalogue and index agree."""
    restored = restore(options.restore, settings.store, replaces=options.replace)
    print(
        f"{settings.store}: as it was at {restored.manifest.made_at}; {restored.notices} notices, "
        f"{restored.passages} passages, {restored.conversations} conversations, {restored.feedback} judgements"
    )
    if not restored.manifest.with_index:
        print("The backup holds no index. Run `python -m ingest` once: it makes it anew.")
        return 0
    return _check(settings)


def _check(settings: Settings) -> int:
    """Whether catalogue and index agree, by the model of the settings."""
    archive = Archive(settings.place, Embedder(settings.embedding_model))
    try:
        if archive.is_stale:
            print("The index is of another model than the settings name; `python -m ingest` makes it anew.")
            return 1
        differences = archive.check()
    finally:
        archive.close()
    for difference in differences:
        print(difference)
    print(f"{len(differences)} differences: run `python -m ingest`." if differences else "Catalogue and index agree.")
    return 1 if differences else 0


if __name__ == "__main__":
    raise SystemExit(main())
