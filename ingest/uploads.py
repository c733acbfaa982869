"""The door for pages: files that are sent become notices, notices are removed and restored, and all is written down."""

from __future__ import annotations

import hashlib
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from core.errors import (
    EmptyNoticeError,
    FullDiskError,
    IngestError,
    NotAllowedError,
    NoticeTooLargeError,
    SourcesError,
    StoreBusyError,
    UnknownNoticeError,
)
from core.intake import Fate, Outcome, Progress, Upload, Withdrawn
from core.people import Person
from ingest.members import name_known
from ingest.outcomes import Before, tell_outcomes
from ingest.pipeline import Report, ingest
from ingest.readers import Limits
from ingest.rebuilding import rebuild
from ingest.upload_names import is_table, list_uploads, name_upload, place
from store.archive import Archive
from store.audit import Action, record_event
from store.catalogue import FileRecord
from store.disk import is_full
from store.records import Records
from store.runs import Failure, Run, keep_run
from store.withdrawn import Withdrawal

_TRY_AGAIN_SECONDS = 0.2
_T = TypeVar("_T")
_WAITS = "Nothing that you sent is lost: the files wait. Read them when the other run has ended."


@dataclass(frozen=True, slots=True)
class _Kept:
    """An upload that lies in the store, with the name that its owner gave it, and its bytes where it is new."""

    name: str
    location: Path
    content: bytes = b""


class Door:
    """The one way by which pages change the notices of an archive; it implements `core.intake.Intake`."""

    def __init__(self, archive: Archive, records: Records, limits: Limits, patience: float = 20.0) -> None:
        """While another writes, it is waited for `patience` seconds."""
        self._archive = archive
        self._records = records
        self._limits = limits
        self._patience = patience

    @property
    def most_bytes(self) -> int:
        """The largest file that is taken."""
        return self._limits.file_bytes

    # -- what is sent --------------------------------------------------------------------------

    def take_in(self, person: Person, uploads: Sequence[Upload], progress: Progress) -> list[Outcome]:
        """Keep these files in the store and read them; an outcome for each, and for each in an archive.

        Raises NotAllowedError, FullDiskError, StoreBusyError.
        """
        _admit(person)
        kept: list[_Kept] = []
        refused: list[Outcome] = []
        for upload in uploads:
            try:
                kept.append(_Kept(upload.name, self._keep(upload), upload.content))
            except IngestError as error:
                refused.append(Outcome(upload.name, Fate.failed, reason=error.reason, help=error.help))
        self._record(person, Action.upload, refused)
        outcomes = self._read_kept(person, kept, Action.upload, progress) + refused
        keep_run(self._records, Action.upload, _sum_up(person, outcomes))
        return outcomes

    def list_waiting(self) -> list[str]:
        """The names of the files that were sent and are not on the desk: they failed, or were not read yet."""
        return [location.name for location in self._find_waiting()]

    def read_waiting(self, person: Person, progress: Progress) -> list[Outcome]:
        """Try again to read what waits; raises as `take_in`."""
        _admit(person)
        kept = [_Kept(location.name, location) for location in self._find_waiting()]
        return self._read_kept(person, kept, Action.ingest, progress)

    def drop_waiting(self, person: Person) -> int:
        """Delete what waits; the number of files. Raises NotAllowedError, StoreBusyError."""
        _admit(person)
        waiting = self._insist(self._drop_waiting)
        for location in waiting:
            record_event(self._records, person.key, Action.erase, location.name, "deleted; it was no notice")
        return len(waiting)

    def _drop_waiting(self) -> list[Path]:
        # While somebody writes, what they are reading just now seems to wait.
        with self._archive.claim():
            waiting = self._find_waiting()
            for location in waiting:
                _delete(location)
        return waiting

    def _keep(self, upload: Upload) -> Path:
        """Write an upload into the store, whole or not at all; raises an IngestError, FullDiskError."""
        if not upload.content:
            raise EmptyNoticeError(upload.name, "the file is empty")
        if len(upload.content) > self.most_bytes:
            limit = f"it is larger than the limit of {self.most_bytes / 1e6:.0f} MB"
            raise NoticeTooLargeError(upload.name, limit)
        if is_table(upload.name):
            told = "it describes the files of a folder, and is no notice"
            raise SourcesError(upload.name, told, "Put it beside these files and run: python -m ingest FOLDER")
        location = place(self._archive.folder, hashlib.sha256(upload.content).hexdigest(), upload.name)
        if not location.exists():
            try:
                _write(location, upload.content)
            except OSError as error:
                if is_full(self._archive.folder, error):
                    raise FullDiskError(f"{self._archive.folder}: the disk is full") from error
                raise
        return location

    def _find_waiting(self) -> list[Path]:
        catalogue = self._archive.catalogue
        known = {Path(location) for location in name_known([*catalogue.files(), *_as_files(catalogue.withdrawn())])}
        return [location for location in list_uploads(self._archive.folder) if location not in known]

    def _read_kept(self, person: Person, kept: Sequence[_Kept], action: Action, progress: Progress) -> list[Outcome]:
        names = {str(one.location): name_upload(self._archive.folder, one.location) for one in kept}
        before = Before(self._archive.catalogue)
        report = self._ingest(
            list(dict.fromkeys(one.location for one in kept)), progress, names, prepare=lambda: _write_again(kept)
        )
        outcomes = [
            outcome
            for one in kept
            for outcome in tell_outcomes(
                self._archive.catalogue, before, report, one.name, one.location, names[str(one.location)]
            )
        ]
        self._drop_withheld(report)
        self._record(person, action, outcomes)
        return outcomes

    def _drop_withheld(self, report: Report) -> None:
        """Delete uploads of what is withdrawn: the file that may bring it back is another."""
        waiting = {name_upload(self._archive.folder, location): location for location in self._find_waiting()}
        for path, _ in report.withheld:
            if path in waiting:
                _delete(waiting[path])

    # -- what is on the desk -------------------------------------------------------------------

    def remove(self, person: Person, notice_ids: Sequence[str]) -> list[Outcome]:
        """Take notices off the desk; their files stay where they are, and are not read until they are restored.

        Raises NotAllowedError, StoreBusyError.
        """
        _admit(person)
        outcomes = self._insist(lambda: self._remove(_name(person), notice_ids))
        self._record(person, Action.remove, outcomes)
        return outcomes

    def _remove(self, name: str, notice_ids: Sequence[str]) -> list[Outcome]:
        outcomes = []
        with self._archive.claim():
            self._archive.begin()
            for notice_id in dict.fromkeys(notice_ids):
                try:
                    card = self._archive.catalogue.card(notice_id)
                    self._archive.remove(notice_id, name)
                    outcomes.append(Outcome(card.title, Fate.removed, notice_id, card.title))
                except UnknownNoticeError as error:
                    outcomes.append(Outcome(notice_id, Fate.failed, notice_id, reason=f"{error}", help=error.help))
            self._archive.end()
        return outcomes

    def list_withdrawn(self) -> list[Withdrawn]:
        """The notices that were removed and can be restored, the latest first."""
        found = []
        for notice_id, group in groupby(self._archive.catalogue.withdrawn(), key=lambda one: one.notice_id):
            rows = list(group)
            paths = tuple(row.path for row in rows)
            found.append(Withdrawn(notice_id, self._title(notice_id) or paths[0], paths, rows[0].person, rows[0].at))
        return found

    def restore(self, person: Person, notice_ids: Sequence[str], progress: Progress) -> list[Outcome]:
        """Read the files of removed notices again; one that cannot be read comes back as it stood.

        Raises NotAllowedError, StoreBusyError.
        """
        _admit(person)
        wanted = [row for row in self._archive.catalogue.withdrawn() if row.notice_id in set(notice_ids)]
        files: dict[str, list[FileRecord]] = {}
        for record in _as_files(wanted):
            files.setdefault(record.notice_id, []).append(record)
        titles = {notice_id: self._title(notice_id) or own[0].path for notice_id, own in files.items()}
        found = self._look_again(_as_files(wanted), progress, restored=set(files))
        outcomes = [self._settle(titles[name], name, found[name], own) for name, own in files.items()]
        self._record(person, Action.restore, outcomes)
        return outcomes

    def _settle(self, title: str, notice_id: str, outcomes: Sequence[Outcome], files: Sequence[FileRecord]) -> Outcome:
        """One outcome for all files of a notice; where a file says something else today, that is on the desk."""
        read = next((one for one in outcomes if one.fate not in (Fate.failed, Fate.withheld)), None)
        if read is not None:
            self._archive.catalogue.forget_withdrawn(notice_id)
            return Outcome(title, Fate.restored, read.notice_id, read.title)
        failed = outcomes[0]
        try:
            self._insist(lambda: self._bring_back(notice_id, files))
        except UnknownNoticeError:
            return Outcome(title, Fate.failed, notice_id, title, reason=failed.reason, help=failed.help)
        told = f"Its file cannot be read ({failed.reason}); the notice is as it was when it was removed."
        return Outcome(title, Fate.restored, notice_id, title, warnings=(told,))

    def _bring_back(self, notice_id: str, files: Sequence[FileRecord]) -> None:
        """Write a notice as it stood; raises UnknownNoticeError where it was erased."""
        with self._archive.claim():
            entry = rebuild(self._archive.catalogue.departed(notice_id))
            self._archive.begin()
            self._archive.add([entry], self._archive.embed([entry]), files)
            self._archive.end()

    def read_again(self, person: Person, notice_ids: Sequence[str], progress: Progress) -> list[Outcome]:
        """Read the files of notices again, as they are now; raises NotAllowedError, StoreBusyError."""
        _admit(person)
        files = [record for record in self._archive.catalogue.files() if record.notice_id in set(notice_ids)]
        outcomes = [one for each in self._look_again(files, progress).values() for one in each]
        self._record(person, Action.ingest, outcomes)
        return outcomes

    def _look_again(
        self, files: Sequence[FileRecord], progress: Progress, restored: Iterable[str] = ()
    ) -> dict[str, list[Outcome]]:
        """Ingest the files on disk in which these lie; the outcomes of each notice's files."""
        names = name_known(files)
        tops = {record.location: _find_file(Path(record.location)) for record in files}
        before = Before(self._archive.catalogue)
        paths = list(dict.fromkeys(top for top in tops.values() if top is not None))
        report = self._ingest(paths, progress, names, restored)
        outcomes: dict[str, list[Outcome]] = {record.notice_id: [] for record in files}
        for record in files:
            if tops[record.location] is None:
                told = Outcome(record.path, Fate.failed, reason="the file has gone", help="Add the notice again.")
                outcomes[record.notice_id].append(told)
                continue
            outcomes[record.notice_id] += tell_outcomes(
                self._archive.catalogue, before, report, record.path, Path(record.location), record.path
            )
        return outcomes

    # -- common to both ------------------------------------------------------------------------

    def _ingest(
        self,
        paths: Sequence[Path],
        progress: Progress,
        names: Mapping[str, str],
        restored: Iterable[str] = (),
        prepare: Callable[[], None] = lambda: None,
    ) -> Report:
        def change() -> Report:
            prepare()
            present = [path for path in paths if path.exists()]
            if not present:
                return Report(self._archive.embedder.name)
            return ingest(
                present,
                self._archive,
                self._limits,
                prune=False,
                progress=progress,
                named=names,
                restored=frozenset(restored),
            )

        return self._insist(change)

    def _insist(self, change: Callable[[], _T]) -> _T:
        """Make a change as soon as nobody else is writing; raises StoreBusyError where that takes too long."""
        deadline = time.monotonic() + self._patience
        while True:
            try:
                return change()
            except StoreBusyError as error:
                if time.monotonic() >= deadline:
                    raise StoreBusyError("Somebody else is adding or removing notices just now", _WAITS) from error
                time.sleep(_TRY_AGAIN_SECONDS)

    def _title(self, notice_id: str) -> str:
        """The title of a notice that has left; '' where it was erased."""
        try:
            return self._archive.catalogue.departed(notice_id).card.title
        except UnknownNoticeError:
            return ""

    def _record(self, person: Person, action: Action, outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            said = f"{outcome.fate.value}: {outcome.reason}" if outcome.reason else outcome.fate.value
            notice = f" ({outcome.notice_id})" if outcome.notice_id else ""
            record_event(self._records, person.key, action, f"{outcome.name}{notice}", said)


def delete_uploads(store: Path, locations: Iterable[str]) -> bool:
    """Delete those of the files that are uploads of this store; whether all are. The others stay where they are."""
    wanted, uploads = {Path(location) for location in locations}, set(list_uploads(store))
    for location in wanted & uploads:
        _delete(location)
    return wanted <= uploads


def _admit(person: Person) -> None:
    if not person.may_edit:
        raise NotAllowedError("Only editors add or remove notices.")


def _sum_up(person: Person, outcomes: Sequence[Outcome]) -> Run:
    """What was sent at once, as a run, so that the failures are seen until the next one."""
    fates = Counter(outcome.fate for outcome in outcomes)
    known = fates[Fate.unchanged] + fates[Fate.duplicate]
    failed = tuple(Failure(one.name, one.reason, one.help) for one in outcomes if one.fate is Fate.failed)
    return Run(datetime.now(UTC).isoformat(timespec="seconds"), person.key, fates[Fate.added], 0, 0, known, failed)


def _name(person: Person) -> str:
    return person.name or person.key


def _as_files(withdrawn: Iterable[Withdrawal]) -> list[FileRecord]:
    return [FileRecord(one.location, one.path, one.file_digest, "", one.notice_id) for one in withdrawn]


def _find_file(location: Path) -> Path | None:
    """The file on disk at a location, or that in which it lies; None where there is none."""
    return next((place for place in (location, *location.parents) if os.path.lexists(place) and place.is_file()), None)


def _write(location: Path, content: bytes) -> None:
    """Write a file whole: what is half written bears another name, in the folder above."""
    location.parent.mkdir(parents=True, exist_ok=True)
    half = location.parent.with_suffix(f".{uuid4().hex}.half")
    try:
        half.write_bytes(content)
        half.replace(location)
    finally:
        half.unlink(missing_ok=True)


def _write_again(kept: Iterable[_Kept]) -> None:
    """Write what somebody deleted as waiting while its owner waited for their turn."""
    for one in kept:
        if one.content and not one.location.exists():
            _write(one.location, one.content)


def _delete(location: Path) -> None:
    """Delete an upload, and its folder unless something else is in it."""
    location.unlink(missing_ok=True)
    with suppress(OSError):
        location.parent.rmdir()
