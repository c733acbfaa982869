"""What the desk keeps of a person, erased at once: their conversations and their feedback."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from store.records import Records, conversations, feedback


@dataclass(frozen=True, slots=True)
class Erased:
    """How much was erased."""

    conversations: int
    feedback: int


def forget_person(records: Records, person: str) -> Erased:
    """Erase the conversations and the feedback of the person with this key; no byte of them stays in the file.

    The trail of changes stays: it says who changed the notices, and holds no question. Raises FullDiskError,
    BrokenStoreError.
    """
    with records.write() as connection:
        # The turns of a conversation go with it.
        gone = [
            connection.execute(sa.delete(table).where(table.c.person == person)).rowcount
            for table in (conversations, feedback)
        ]
    records.settle()
    return Erased(*gone)
