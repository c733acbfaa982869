"""The last run of each kind: what it did, which files failed, and what to do about each."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from pydantic import TypeAdapter

from core.events import FileFailed, RunEnded, tell
from store.audit import Action
from store.columns import put_rows
from store.records import Records, state


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that did not become a notice, why, and what to do; `help` is '' where nothing is known to."""

    path: str
    reason: str
    help: str


@dataclass(frozen=True, slots=True)
class Run:
    """One run over files; `at`, its end, is in UTC, as ISO 8601 to the second; the figures count notices."""

    at: str
    person: str
    added: int
    changed: int
    removed: int
    unchanged: int
    failures: tuple[Failure, ...] = ()


_RUN: TypeAdapter[Run] = TypeAdapter(Run)


def keep_run(records: Records, action: Action, run: Run) -> None:
    """Keep a run in the place of the last one of its kind, and tell of it who listens."""
    for failure in run.failures:
        tell(FileFailed(failure.path, failure.reason, failure.help))
    tell(RunEnded(action.value, run.added, run.changed, run.removed, run.unchanged, len(run.failures)))
    key, written = _name(action), _RUN.dump_json(run).decode("utf-8")
    with records.write() as connection:
        put_rows(connection, state, [{"key": key, "value": written}])


def read_run(records: Records, action: Action) -> Run | None:
    """The last run of a kind, None where there was none."""
    with records.read() as connection:
        found = connection.execute(sa.select(state.c.value).where(state.c.key == _name(action))).scalar_one_or_none()
    return None if found is None else _RUN.validate_json(found)


def _name(action: Action) -> str:
    return f"last {action.value}"
