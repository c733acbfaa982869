"""The story of an ingest: find what is new by digest, read it, split it, embed it, write it, report."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np

from core.errors import IngestError, NoticeTooLargeError, UnreadableNoticeError, UsageError
from core.types import Notice
from ingest.metadata import describe, read_sources
from ingest.readers import READERS_VERSION, Limits, read_file
from ingest.sentences import parse_sentences
from ingest.splitter import split_notice
from store.archive import Archive
from store.catalogue import Entry, FileRecord, name_notice

# Raised by one whenever sentences or passages are cut in another way: notices are then split again.
SPLITTING_VERSION = "1"
# So many passages are embedded and committed together: what a kill loses at most.
_BATCH_PASSAGES = 256


class Progress(Protocol):
    """Something that shows how far a run is."""

    def start(self, stage: str, total: int) -> None:
        """A stage begins, with so many steps."""

    def step(self, done: int) -> None:
        """So many more steps of the stage are done."""


@dataclass(slots=True)
class Report:
    """What an ingest did; `passages` counts those written in this run."""

    embedding_model: str
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    duplicates: int = 0
    passages: int = 0
    seconds: float = 0.0
    warnings: list[tuple[str, str]] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Source:
    """A file to look at: where it is, its name relative to its folder, its row of sources.csv."""

    location: Path
    path: str
    row: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Pending:
    """A notice that is read and split but not yet written, and the file that it came from."""

    entry: Entry
    record: FileRecord
    replaces: str | None


def ingest(paths: Sequence[Path], archive: Archive, limits: Limits, *, prune: bool, progress: Progress) -> Report:
    """Bring the archive up to date with files and folders; what has not changed is not read again.

    With `prune`, notices whose files have gone from the folders named are removed. Raises
    UsageError for a path that does not exist, StoreBusyError where another ingest is writing.
    """
    started = time.monotonic()
    report = Report(archive.embedder.name)
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path}: there is no such file or folder", "Check the path and try again.")
    with archive.claim():
        archive.begin()
        sources = list(_find_sources(paths, report))
        _renew_index(archive, progress)
        _Run(archive, limits, report, progress).take_in(sources)
        if prune:
            _prune(archive, paths, {str(source.location) for source in sources}, report)
        archive.end()
    report.seconds = time.monotonic() - started
    return report


def _renew_index(archive: Archive, progress: Progress) -> None:
    """Embed all passages anew where the settings name another model than the index was made with."""
    if archive.is_stale:
        progress.start("Embedding again with the new model", len(archive.catalogue.passage_ids()))
        archive.reembed(progress.step)


class _Run:
    """One ingest under way: what the catalogue knew at its beginning, and what waits to be written."""

    def __init__(self, archive: Archive, limits: Limits, report: Report, progress: Progress) -> None:
        self._archive = archive
        self._limits = limits
        self._report = report
        self._progress = progress
        self._files = {record.location: record for record in archive.catalogue.files()}
        self._known = {card.notice_id: card for card in archive.catalogue.cards()}
        self._waiting: list[_Pending] = []
        self._duplicates: list[FileRecord] = []

    def take_in(self, sources: Sequence[_Source]) -> None:
        """Read every file that is new or changed, and write it; one that fails is reported."""
        self._progress.start("Reading", len(sources))
        for source in sources:
            try:
                self._take(source)
            except IngestError as error:
                self._report.failed.append((error.path, error.reason))
                self._report.advice.append(f"{error.path}: {error.help}")
            self._progress.step(1)
            if sum(len(pending.entry.passages) for pending in self._waiting) >= _BATCH_PASSAGES:
                self._write()
        self._write()

    def _take(self, source: _Source) -> None:
        content = _read_bytes(source, self._limits)
        file_digest = hashlib.sha256(content).hexdigest()
        record_digest = _digest_record(source)
        known = self._files.get(str(source.location))
        if known and (known.file_digest, known.record_digest) == (file_digest, record_digest):
            self._report.unchanged += 1
            return
        reading = read_file(source.path, content, self._limits)
        self._report.warnings += [(source.path, warning) for warning in reading.warnings]
        notice_id = name_notice(reading.text)
        record = FileRecord(str(source.location), source.path, file_digest, record_digest, notice_id)
        if self._is_copy(source, notice_id):
            self._report.duplicates += 1
            self._duplicates.append(record)
            return
        card = describe(source.path, notice_id, reading, source.row)
        sentences = parse_sentences(reading.text)
        passages = split_notice(notice_id, reading.text, sentences)
        entry = Entry(Notice(card, reading.text, reading.pages), tuple(passages), tuple(sentences))
        replaces = known.notice_id if known and known.notice_id != notice_id else None
        self._waiting.append(_Pending(entry, record, replaces))
        if known:
            self._report.changed += 1
        else:
            self._report.added += 1
        self._known[notice_id] = card

    def _is_copy(self, source: _Source, notice_id: str) -> bool:
        """Whether the same text is in already by another file, which still leads to it."""
        known = self._known.get(notice_id)
        if known is None:
            return False
        own = self._files.get(str(source.location))
        if own is not None and own.notice_id == notice_id:
            return known.path != own.path
        return True

    def _write(self) -> None:
        """Embed and commit what waits, then forget the notices that it replaces."""
        archive, report = self._archive, self._report
        fresh = [pending for pending in self._waiting if not self._is_split_alike(pending)]
        for pending in self._waiting:
            if pending not in fresh:
                archive.amend(pending.entry, pending.record)
        texts = [passage.text for pending in fresh for passage in pending.entry.passages]
        if fresh:
            self._progress.start("Embedding", len(texts))
            vectors = archive.embedder.embed_passages(texts, self._progress.step)
            assert vectors.shape[0] == len(texts) and np.isfinite(vectors).all()
            archive.add([p.entry for p in fresh], vectors, [p.record for p in fresh])
            report.passages += len(texts)
        archive.catalogue.add([], self._duplicates)
        replaced = {p.replaces: p.entry.notice.card.notice_id for p in self._waiting if p.replaces}
        self._waiting, self._duplicates = [], []
        _forget_orphans(archive, replaced)

    def _is_split_alike(self, pending: _Pending) -> bool:
        """Whether the notice is in with the same passages, so that only its metadata is new."""
        notice_id = pending.entry.notice.card.notice_id
        before = archive_passages(self._archive, notice_id)
        return bool(before) and before == pending.entry.passages


def archive_passages(archive: Archive, notice_id: str) -> tuple[object, ...]:
    """The passages that the archive holds of a notice, in order."""
    rows = archive.catalogue.passages(archive.catalogue.passage_ids([notice_id])).values()
    return tuple(sorted((passage for passage, _ in rows), key=lambda passage: passage.ordinal))


def _forget_orphans(archive: Archive, replaced: Mapping[str, str]) -> None:
    """Remove the notices that no file leads to any more, remembering what took their place."""
    led_to = {record.notice_id for record in archive.catalogue.files()}
    for notice_id, successor in replaced.items():
        if notice_id not in led_to:
            archive.remove(notice_id, successor)


def _prune(archive: Archive, paths: Sequence[Path], seen: set[str], report: Report) -> None:
    roots = [path.resolve() for path in paths if path.is_dir()]
    touched: set[str] = set()
    for record in archive.catalogue.files():
        inside = any(Path(record.location).is_relative_to(root) for root in roots)
        if inside and record.location not in seen:
            archive.catalogue.remove_file(record.location)
            touched.add(record.notice_id)
    led_to = {record.notice_id for record in archive.catalogue.files()}
    for notice_id in sorted(touched - led_to):
        archive.remove(notice_id)
        report.removed += 1


def _find_sources(paths: Sequence[Path], report: Report) -> Iterator[_Source]:
    """The regular files below the paths, in order of name, each once."""
    seen: set[Path] = set()
    for path in paths:
        root = path.resolve() if path.is_dir() else path.resolve().parent
        files = sorted(_walk(root, report)) if path.is_dir() else [path.resolve()]
        rows: dict[Path, Mapping[str, str]] = {}
        tables = [file for file in files if file.name == "sources.csv"] if path.is_dir() else [root / "sources.csv"]
        for table in filter(Path.is_file, tables):
            try:
                found = read_sources(table)
                rows |= found.rows
                report.warnings += found.warnings if path.is_dir() else ()
            except IngestError as error:
                report.failed.append((error.path, error.reason))
                report.advice.append(f"{error.path}: {error.help}")
        for file in files:
            if file.name != "sources.csv" and file not in seen:
                seen.add(file)
                yield _Source(file, file.relative_to(root).as_posix(), rows.get(file, {}))


def _walk(root: Path, report: Report) -> Iterator[Path]:
    """Every file below `root` that is no hidden one; links, pipes and devices are reported instead."""
    for folder, subfolders, names in os.walk(root, followlinks=False):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        for name in [*names, *(n for n in subfolders if (Path(folder) / n).is_symlink())]:
            location = Path(folder) / name
            if name.startswith("."):
                continue
            if location.is_symlink():
                report.failed.append((location.relative_to(root).as_posix(), "it is a link, which is not followed"))
            elif not stat.S_ISREG(location.lstat().st_mode):
                report.failed.append((location.relative_to(root).as_posix(), "it is no regular file"))
            else:
                yield location


def _read_bytes(source: _Source, limits: Limits) -> bytes:
    try:
        size = source.location.stat().st_size
        if size > limits.file_bytes:
            raise NoticeTooLargeError(
                source.path,
                f"it has {size / 1e6:.0f} MB, the limit is {limits.file_bytes / 1e6:.0f} MB",
            )
        return source.location.read_bytes()
    except OSError as error:
        raise UnreadableNoticeError(
            source.path, f"it cannot be opened ({error.strerror})", "Check the file's permissions."
        ) from error


def _digest_record(source: _Source) -> str:
    """What decides, besides its bytes, what a file becomes: its row, its name, our own versions."""
    parts = [READERS_VERSION, SPLITTING_VERSION, source.path, sorted(source.row.items())]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
