"""What a run leaves in the records: its failures, for who must mend them, and a line in the trail of changes."""

from __future__ import annotations

from datetime import UTC, datetime

from ingest.pipeline import Report
from store.audit import Action, record_event
from store.records import Records
from store.runs import Failure, Run, keep_run


def record_report(records: Records, report: Report, person: str, action: Action, subject: str) -> None:
    """Keep a run as the last of its kind; what changed or failed in it goes into the trail.

    `person` is the key of who ran it, `subject` the files or folders. Raises BrokenStoreError, FullDiskError.
    """
    at = datetime.now(UTC).isoformat(timespec="seconds")
    failures = tuple(Failure(path, reason, _find_help(report, path)) for path, reason in report.failed)
    run = Run(at, person, report.added, report.changed, report.removed, report.unchanged, failures)
    keep_run(records, action, run)
    if run.added or run.changed or run.removed or failures:
        record_event(records, person, action, subject, tell_run(run))


def tell_run(run: Run) -> str:
    """A run in words."""
    told = f"{run.added} added, {run.changed} changed, {run.removed} removed, {run.unchanged} unchanged"
    return told + (f", {len(run.failures)} failed" if run.failures else "")


def _find_help(report: Report, path: str) -> str:
    """The advice of a report on a file, without its name."""
    opening = f"{path}: "
    return next((advice.removeprefix(opening) for advice in report.advice if advice.startswith(opening)), "")
