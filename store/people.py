"""What the people at the desk are called: the trail of changes knows them by keys that nobody can read."""

from __future__ import annotations

import sqlalchemy as sa

from core.people import Person
from store.columns import put_rows
from store.records import Records, people


def remember_person(records: Records, person: Person) -> None:
    """Keep what a person is called now."""
    with records.write() as connection:
        put_rows(connection, people, [{"person": person.key, "name": person.name}])


def read_people(records: Records) -> dict[str, str]:
    """What each person was last called, by key."""
    with records.read() as connection:
        rows = connection.execute(sa.select(people)).mappings().all()
    return {row["person"]: row["name"] for row in rows}
