"""The story of an ingest: find what is new by digest, read it, split it, embed it, write it, report."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from core.errors import ClusterError, EmptyNoticeError, IngestError, UnreadableNoticeError, UsageError
from core.types import Notice
from ingest.cluster import Cluster, Embedding
from ingest.files import Found, find_files
from ingest.linking import examine_anew
from ingest.members import Source, Unpacker, find_missing, name_known
from ingest.metadata import DESCRIBING_VERSION, describe
from ingest.obligations import take_obligations
from ingest.readers import READERS_VERSION, Limits, Reading
from ingest.readers.eml import is_mail
from ingest.relations import trace_notice
from ingest.sandbox import Reader, Sandbox, look_ahead
from ingest.seals import Seals
from ingest.sentences import parse_sentences, split_paragraphs
from ingest.splitter import split_notice
from ingest.structure import parse_structure
from store.archive import Archive, list_texts
from store.catalogue import Entry, FileRecord, name_notice
from store.withdrawn import Withdrawal

# Raised by one whenever sentences or passages are cut in another way: notices are then split again.
SPLITTING_VERSION = "3"
# So many passages are embedded and committed together: what a kill loses at most.
_BATCH_PASSAGES = 256
_LOOK_INSIDE = "Unpack it, and look at what is said of each file in it."


class Progress(Protocol):
    """Something that shows how far a run is."""

    def start(self, stage: str, total: int) -> None:
        """A stage begins, with so many steps."""

    def step(self, done: int) -> None:
        """So many more steps of the stage are done."""


@dataclass(slots=True)
class Report:
    """What an ingest did; `passages` counts those written in this run, `withheld` are files that stay away."""

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
    withheld: list[tuple[str, Withdrawal]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A file that is being read: the digest of its bytes, and its reading; None where it has not changed.

    `content` is kept for what lies inside of it; `records` are those of an archive or a mail that has not changed.
    """

    digest: str
    reading: Future[Reading] | None
    content: bytes = b""
    records: Sequence[FileRecord] = ()


@dataclass(frozen=True, slots=True)
class _Pending:
    """A notice that is read and split but not yet written, and the file that it came from."""

    entry: Entry
    record: FileRecord


@dataclass(frozen=True, slots=True)
class _Batch:
    """What is written together: notices that are embedded, others of which only the metadata is new, copies.

    `embedding` is under way on a cluster; None where it is done here, when the batch is written.
    """

    fresh: Sequence[_Pending]
    amended: Sequence[_Pending]
    copies: Sequence[FileRecord]
    embedding: Embedding | None


def ingest(
    paths: Sequence[Path],
    archive: Archive,
    limits: Limits,
    *,
    prune: bool,
    progress: Progress,
    named: Mapping[str, str] | None = None,
    restored: Collection[str] = (),
    cluster: Cluster | None = None,
) -> Report:
    """Bring the archive up to date with files and folders; what has not changed is not read again.

    With `prune`, notices whose files have gone from the folders named are removed. `named` gives the relative
    path of locations that are read for the first time. What somebody withdrew stays away, but for the notices
    `restored`. A `cluster` reads and embeds instead of this machine; what comes of it is the same.
    Raises UsageError for a path that does not exist, StoreBusyError where another ingest is writing, ClusterError
    where the cluster is gone: what was written until then stands.
    """
    started = time.monotonic()
    report = Report(archive.embedder.name)
    if archive.embedder.warning:
        report.warnings.append(("(embedding model)", archive.embedder.warning))
    for path in paths:
        if not os.path.exists(path):  # noqa: PTH110 - Path.exists raises for a name that is too long
            raise UsageError(f"{path}: there is no such file or folder", "Check the path and try again.")
    with archive.claim():
        archive.begin()
        _renew_index(archive, progress)
        examine_anew(archive.catalogue, progress.start, progress.step)
        found = find_files(paths, {**(named or {}), **name_known(archive.catalogue.files())})
        with Sandbox(limits) as sandbox:
            run = _Run(archive, limits, report, progress, cluster or sandbox, found, restored, cluster)
            run.take_in([Source(file.location, file.path, file.row) for file in found.files])
            if prune:
                _forget_vanished(archive, paths, found, run.seen)
            run.settle()
        report.failed = found.failed + report.failed
        report.warnings += found.warnings + find_missing(found, run.seen)
        report.advice += found.advice + [_advise_to_drop(name) for name in archive.other_models]
        archive.end()
    report.seconds = time.monotonic() - started
    return report


def _renew_index(archive: Archive, progress: Progress) -> None:
    """Embed all passages anew where the settings name another model than the index was made with."""
    if archive.is_stale:
        progress.start("Embedding again with the new model", len(archive.catalogue.passage_ids()))
        archive.reembed(progress.step)


def _advise_to_drop(model: str) -> str:
    return f"the index of {model} is kept; when no desk asks with it any more: python -m ingest --drop-other-models"


def _forget_vanished(archive: Archive, paths: Sequence[Path], found: Found, seen: Collection[str]) -> None:
    """Forget the files that have gone from what was named; what could not be looked at has not gone."""
    roots = [path.resolve() if path.is_dir() else path.parent.resolve() / path.name for path in paths]
    unseen = set(found.unseen)
    for record in archive.catalogue.files():
        location = Path(record.location)
        inside = any(location.is_relative_to(root) for root in roots)
        if inside and record.location not in seen and unseen.isdisjoint(location.parents):
            archive.catalogue.remove_file(record.location)


class _Run:
    """One ingest under way: what the catalogue knew at its beginning, and what waits to be written.

    `seen` are the locations at which there is a file, whether it can be read or not.
    """

    def __init__(
        self,
        archive: Archive,
        limits: Limits,
        report: Report,
        progress: Progress,
        reader: Reader,
        found: Found,
        restored: Collection[str] = (),
        cluster: Cluster | None = None,
    ) -> None:
        self._archive = archive
        self._limits = limits
        self._report = report
        self._progress = progress
        self._reader = reader
        self._cluster = cluster
        self._found = found
        self._unpacker = Unpacker(reader, limits, found)
        self._seals = Seals(archive.catalogue, found, (READERS_VERSION, SPLITTING_VERSION, DESCRIBING_VERSION))
        self.seen = {str(file.location) for file in found.files}
        self._files = {record.location: record for record in archive.catalogue.files()}
        self._known = {card.notice_id: card.path for card in archive.catalogue.cards()}
        self._waiting: list[_Pending] = []
        self._begun: deque[_Batch] = deque()
        self._copies: list[FileRecord] = []
        self._successions: dict[str, str] = {}
        # By the digest of the file, and by the id of the notice: its text may come in another file.
        self._withdrawn: dict[str, Withdrawal] = {}
        for withdrawal in archive.catalogue.withdrawn():
            if withdrawal.notice_id not in restored:
                self._withdrawn |= dict.fromkeys((withdrawal.file_digest, withdrawal.notice_id), withdrawal)

    def take_in(self, sources: Sequence[Source]) -> None:
        """Read every file that is new or changed, and write it; one that fails is reported."""
        self._progress.start("Reading", len(sources))
        for source, opened in self._look_ahead(sources):
            self._take_whole(source, opened)
            self._progress.step(1)
        self._begin_batch()
        self._write(0)

    def _look_ahead(self, sources: Sequence[Source]) -> Iterator[tuple[Source, _Opened]]:
        """Each file with its reading, which was begun some files before."""

        def is_full(begun: Sequence[_Opened]) -> bool:
            return sum(len(opened.content) for opened in begun) > self._reader.heaviest

        return look_ahead(sources, self._open, self._reader.depth, is_full)

    def settle(self) -> None:
        """Remove the notices to which no file leads, and describe anew those whose own file has gone."""
        removed = self._archive.catalogue.orphans()
        for notice_id in removed:
            self._archive.remove(notice_id)
        replaced = sum(1 for notice_id in removed if notice_id in self._successions)
        self._report.removed += len(removed) - replaced
        files: dict[str, list[FileRecord]] = {}
        for record in self._archive.catalogue.files():
            files.setdefault(record.notice_id, []).append(record)
        heirs: list[FileRecord] = []
        for card in self._archive.catalogue.cards():
            own = files[card.notice_id]
            if card.path not in {record.path for record in own}:
                heirs += [record for record in own if record.location in self.seen][:1]
        for heir in sorted(heirs, key=lambda record: record.location):
            self._describe_anew(heir)
        self._seals.save(self.seen)

    def _describe_anew(self, heir: FileRecord) -> None:
        with self._tell_errors():
            source = self._unpacker.find_again(Path(heir.location))
            entry, record = self._read(source, self._open(source, anew=True))
            if record.notice_id == heir.notice_id:
                self._archive.amend(entry, record)

    def _open(self, source: Source, *, anew: bool = False) -> _Opened:
        """Begin to read a file; one that is as it was before is not read, unless it is asked for `anew`."""
        try:
            content = source.read_bytes(self._limits)
        except IngestError as error:
            failed: Future[Reading] = Future()
            failed.set_exception(error)
            return _Opened("", failed)
        digest = hashlib.sha256(content).hexdigest()
        if not anew:
            if records := self._seals.find_records(source, digest):
                return _Opened(digest, None, records=records)
            # Whether anything is attached to a mail, only its seal or its bytes can tell.
            is_known = self._is_as_before(source, digest) or digest in self._withdrawn
            if is_known and not is_mail(content):
                return _Opened(digest, None)
        return _Opened(digest, self._reader.submit(source.path, content), content)

    def _is_as_before(self, source: Source, digest: str) -> bool:
        """Whether a file is known with these bytes and this description."""
        known = self._files.get(str(source.location))
        if known is None or known.file_digest != digest:
            return False
        return source.row is None or known.record_digest == _digest_record(source)

    def _take_whole(self, source: Source, opened: _Opened) -> None:
        """Take a file on disk with all that lies in it, and seal it where nothing failed."""
        failures, notices = self._count()
        told, withheld = len(self._report.failed), len(self._report.withheld)
        self._take_each([(source, opened)])
        if opened.reading is None:
            return
        self._seals.break_seal(source)
        failures_now, notices_now = self._count()
        if notices_now == notices and source.path not in {path for path, _ in self._report.failed[told:]}:
            self._tell(EmptyNoticeError(source.path, "nothing in it could be read", _LOOK_INSIDE))
        elif (failures_now, len(self._report.withheld)) == (failures, withheld) and (
            opened.reading.result().holds_members or is_mail(opened.content)
        ):
            self._seals.seal(source, opened.digest)

    def _count(self) -> tuple[int, int]:
        """(failures, notices) so far; what is withheld is one of these."""
        report = self._report
        failures = len(report.failed) + len(self._found.failed)
        taken = report.added + report.changed + report.unchanged + report.duplicates
        return failures, taken + len(report.withheld)

    def _take_each(self, files: Iterable[tuple[Source, _Opened]]) -> None:
        for source, opened in files:
            with self._tell_errors(source):
                self._take(source, opened)
            if sum(len(pending.entry.passages) for pending in self._waiting) >= _BATCH_PASSAGES:
                self._begin_batch()
                self._write(self._cluster.ahead if self._cluster else 0)

    @contextmanager
    def _tell_errors(self, source: Source | None = None) -> Iterator[None]:
        """Report what goes wrong in the block; what lay in a file that failed may still be there."""
        try:
            yield
        except IngestError as error:
            self._tell(error)
            if source is not None:
                self._found.unseen.append(source.location)

    def _tell(self, error: IngestError) -> None:
        self._report.failed.append((error.path, error.reason))
        self._report.advice.append(f"{error.path}: {error.help}")

    def _take(self, source: Source, opened: _Opened) -> None:
        if opened.reading is None:
            if not opened.records and not self._is_as_before(source, opened.digest):
                self._withhold(source, opened.digest)
                return
            self._report.unchanged += len(opened.records) or 1
            self.seen.update(record.location for record in opened.records)
            return
        with _name_failures(source.path):
            reading = opened.reading.result()
        if reading.text:
            self._take_notice(source, opened)
        if reading.holds_members:
            self._take_members(source, opened.content)
        if not reading.text:
            # What stood here before as a notice has gone.
            self.seen.discard(str(source.location))

    def _take_members(self, source: Source, content: bytes) -> None:
        """Take what lies in an archive or a mail; raises an IngestError where it cannot be opened."""
        members, failed = self._unpacker.unpack(source, content)
        for error in failed:
            self._tell(error)
            self.seen.add(str(source.top / error.path))
        self.seen.update(str(member.location) for member in members)
        self._take_each(self._look_ahead(members))

    def _take_notice(self, source: Source, opened: _Opened) -> None:
        if self._is_as_before(source, opened.digest):
            self._report.unchanged += 1
            return
        known = self._files.get(str(source.location))
        if self._withhold(source, opened.digest):
            return
        entry, record = self._read(source, opened)
        notice_id = record.notice_id
        if self._withhold(source, notice_id):
            return
        if known and known.notice_id != notice_id:
            self._successions[known.notice_id] = notice_id
        owner = self._known.get(notice_id)
        if owner is not None and owner != source.path:
            self._report.duplicates += 1
            self._copies.append(record)
            return
        self._waiting.append(_Pending(entry, record))
        self._known[notice_id] = source.path
        if known:
            self._report.changed += 1
        else:
            self._report.added += 1

    def _withhold(self, source: Source, name: str) -> bool:
        """Whether the file of this digest, or the notice of this id, is withdrawn; if so that is told."""
        withdrawal = self._withdrawn.get(name)
        if withdrawal is None:
            return False
        self._report.withheld.append((source.path, withdrawal))
        told = f"not read: {withdrawal.person} removed it on {withdrawal.at[:10]}"
        self._report.warnings.append((source.path, f"{told}; the page Notices can restore it (Recently removed)"))
        return True

    def _read(self, source: Source, opened: _Opened) -> tuple[Entry, FileRecord]:
        """Everything that a file becomes; raises an IngestError that names it, whatever is wrong with it."""
        assert opened.reading is not None
        with _name_failures(source.path):
            reading = opened.reading.result()
            notice_id = name_notice(reading.text)
            card, doubts = describe(source.path, notice_id, reading, source.row or {})
            lines = split_paragraphs(reading.text)
            sentences = parse_sentences(reading.text, lines)
            paragraphs = parse_structure(lines, sentences, reading.text)
            passages = split_notice(notice_id, reading.text, sentences)
            trace = trace_notice(card, reading.text, sentences)
            obligations = take_obligations(card, reading.text, sentences)
        self._report.warnings += [(source.path, warning) for warning in (*reading.warnings, *doubts)]
        record = FileRecord(str(source.location), source.path, opened.digest, _digest_record(source), notice_id)
        notice = Notice(card, reading.text, reading.pages, tuple(paragraphs))
        return Entry(notice, tuple(passages), tuple(sentences), trace, obligations), record

    def _begin_batch(self) -> None:
        """Make a batch of what waits; a cluster begins to embed it."""
        fresh: list[_Pending] = []
        amended: list[_Pending] = []
        for pending in self._waiting:
            (amended if self._is_split_alike(pending.entry) else fresh).append(pending)
        embedding = self._cluster.embed(*list_texts([p.entry for p in fresh])) if self._cluster and fresh else None
        self._begun.append(_Batch(fresh, amended, self._copies, embedding))
        self._waiting, self._copies = [], []

    def _write(self, ahead: int) -> None:
        """Commit the batches, in their order, until so many are left."""
        while len(self._begun) > ahead:
            self._commit(self._begun.popleft())

    def _commit(self, batch: _Batch) -> None:
        archive, fresh = self._archive, batch.fresh
        for pending in batch.amended:
            archive.amend(pending.entry, pending.record)
        passages = sum(len(pending.entry.passages) for pending in fresh)
        if fresh:
            entries = [pending.entry for pending in fresh]
            self._progress.start("Embedding", passages)
            step = self._progress.step
            embedded = batch.embedding.wait(step) if batch.embedding else archive.embed(entries, step)
            archive.add(entries, embedded, [p.record for p in fresh], self._due_successions(fresh, batch.copies))
            self._report.passages += passages
        archive.catalogue.add([], batch.copies, self._due_successions([], batch.copies))

    def _due_successions(self, fresh: Sequence[_Pending], copies: Sequence[FileRecord]) -> dict[str, str]:
        """Which notices follow which, of those whose successor is written now or was before."""
        coming = {pending.record.notice_id for pending in fresh} | {record.notice_id for record in copies}
        due = {old: new for old, new in self._successions.items() if new in coming}
        # All cards are read only where there is something to look for: this is asked at every batch.
        present = {card.notice_id for card in self._archive.catalogue.cards()} if due else set()
        return {old: new for old, new in due.items() if old in present}

    def _is_split_alike(self, entry: Entry) -> bool:
        """Whether the notice is in with the same passages, so that only its metadata is new."""
        notice_id = entry.notice.card.notice_id
        rows = self._archive.catalogue.passages(self._archive.catalogue.passage_ids([notice_id])).values()
        before = tuple(sorted((passage for passage, _ in rows), key=lambda passage: passage.ordinal))
        return bool(before) and before == entry.passages


@contextmanager
def _name_failures(path: str) -> Iterator[None]:
    """Make an IngestError that names the file of whatever goes wrong in the block."""
    try:
        yield
    except (IngestError, ClusterError):
        raise
    except Exception as error:
        # A parser of somebody else's may fail in ways that nobody foresaw: it costs one file, not the run.
        raise UnreadableNoticeError(path, f"its content is damaged ({type(error).__name__})") from error


def _digest_record(source: Source) -> str:
    """What decides, besides its bytes, what a file becomes: its row, its name, our own versions."""
    row = sorted((source.row or {}).items())
    parts = [READERS_VERSION, SPLITTING_VERSION, DESCRIBING_VERSION, source.path, row]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
