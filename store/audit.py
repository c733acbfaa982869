"""The trail of changes: who added, changed or removed which notices, when, and with what outcome."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import sqlalchemy as sa

from store.records import Records, audit


class Action(StrEnum):
    """What was done to the notices."""

    ingest = "ingest"
    upload = "upload"
    remove = "remove"
    restore = "restore"
    erase = "erase"


@dataclass(frozen=True, slots=True)
class Event:
    """One change; `at` is in UTC, as ISO 8601 to the second, `subject` the files or notice, `outcome` plain words."""

    at: str
    person: str
    action: Action
    subject: str
    outcome: str


def record_event(records: Records, person: str, action: Action, subject: str, outcome: str) -> None:
    """Add a change to the trail; nothing ever changes or removes one."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    # A file's name may hold halves of characters, which cannot be kept; what was done is written down all the same.
    subject, outcome = (text.encode("utf-8", "replace").decode() for text in (subject, outcome))
    with records.write() as connection:
        connection.execute(
            sa.insert(audit).values(at=at, person=person, action=action.value, subject=subject, outcome=outcome)
        )


def read_events(records: Records, most: int = 200, action: Action | None = None) -> list[Event]:
    """The last changes, the newest first; of one kind where `action` names it."""
    query = sa.select(audit).order_by(audit.c.event_id.desc()).limit(most)
    if action is not None:
        query = query.where(audit.c.action == action.value)
    with records.read() as connection:
        rows = connection.execute(query).mappings().all()
    return [Event(row["at"], row["person"], Action(row["action"]), row["subject"], row["outcome"]) for row in rows]
