"""The conversations of each person: what was asked, and what was answered, with its citations."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa

from core.errors import UnknownConversationError
from core.types import Answer
from store.answers import read_answer, write_answer
from store.records import Records, conversations, turns

_LONGEST_TITLE = 120
_SHOWN = [conversations.c[name] for name in ("conversation_id", "title", "changed_at")]


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation, without its turns; `changed_at` is in UTC, as ISO 8601 to the second."""

    conversation_id: str
    title: str
    changed_at: str
    turns: int


@dataclass(frozen=True, slots=True)
class Turn:
    """A question as it was asked, and its answer; None for one that was kept in a form which cannot be read now."""

    question: str
    answer: Answer | None


class Conversations:
    """The conversations of one person: whatever is asked of them, another's are never read nor changed."""

    def __init__(self, records: Records, person: str) -> None:
        self._records = records
        self._person = person

    def find(self, search: str = "") -> list[Conversation]:
        """The conversations, the last changed first; with `search`, those in which all its words stand."""
        counted = sa.select(sa.func.count()).where(turns.c.conversation_id == conversations.c.conversation_id)
        query = (
            sa.select(*_SHOWN, counted.scalar_subquery().label("turns"))
            .where(conversations.c.person == self._person)
            # Of two that changed within one second the later begun comes first.
            .order_by(conversations.c.changed_at.desc(), conversations.c.rowid.desc())
        )
        for word in _fold(search).split():
            said = sa.select(turns.c.conversation_id).where(turns.c.words.contains(word, autoescape=True))
            query = query.where(conversations.c.conversation_id.in_(said))
        with self._records.read() as connection:
            rows = connection.execute(query).mappings().all()
        return [Conversation(row["conversation_id"], row["title"], row["changed_at"], row["turns"]) for row in rows]

    def read(self, conversation_id: str) -> list[Turn]:
        """The turns in their order; raises UnknownConversationError."""
        query = sa.select(turns).where(turns.c.conversation_id == conversation_id).order_by(turns.c.place)
        with self._records.read() as connection:
            self._find(connection, conversation_id)
            rows = connection.execute(query).mappings().all()
        return [Turn(row["question"], read_answer(row["answer"])) for row in rows]

    def start(self, title: str) -> str:
        """The id of a new conversation, called by the words of its first question."""
        conversation_id = uuid4().hex
        values = {"conversation_id": conversation_id, "person": self._person}
        with self._records.write() as connection:
            connection.execute(
                sa.insert(conversations).values(**values, title=_name(title), changed_at=_now()),
            )
        return conversation_id

    def put(self, conversation_id: str, place: int, turn: Turn) -> None:
        """Write a turn at its place, from 0; what stood there and after it is gone. Raises UnknownConversationError."""
        sentences = turn.answer.sentences if turn.answer else ()
        said = " ".join([turn.question, *(sentence.text for sentence in sentences)])
        written = write_answer(turn.answer) if turn.answer else ""
        with self._records.write() as connection:
            self._find(connection, conversation_id, locked=True)
            later = (turns.c.conversation_id == conversation_id) & (turns.c.place >= place)
            connection.execute(sa.delete(turns).where(later))
            connection.execute(
                sa.insert(turns).values(
                    conversation_id=conversation_id,
                    place=place,
                    question=turn.question,
                    answer=written,
                    words=_fold(said),
                )
            )
            self._change(connection, conversation_id, changed_at=_now())

    def rename(self, conversation_id: str, title: str) -> None:
        """Call it otherwise; an empty title changes nothing. Raises UnknownConversationError."""
        with self._records.write() as connection:
            self._find(connection, conversation_id)
            if title.strip():
                self._change(connection, conversation_id, title=_name(title))

    def delete(self, conversation_ids: Sequence[str]) -> None:
        """Delete them for good, or none; raises UnknownConversationError."""
        with self._records.write() as connection:
            for conversation_id in conversation_ids:
                self._find(connection, conversation_id)
                connection.execute(sa.delete(conversations).where(conversations.c.conversation_id == conversation_id))
        self._records.settle()

    def _find(self, connection: sa.Connection, conversation_id: str, *, locked: bool = False) -> None:
        """Raise UnknownConversationError where it is not this person's; `locked` lets nobody change it meanwhile."""
        mine = (conversations.c.conversation_id == conversation_id) & (conversations.c.person == self._person)
        query = sa.select(conversations.c.title).where(mine)
        # SQLite lets one write at a time anyway.
        if connection.execute(query.with_for_update() if locked else query).first() is None:
            # That it is another's is not told.
            raise UnknownConversationError(f"there is no conversation {conversation_id!r}")

    def _change(self, connection: sa.Connection, conversation_id: str, **values: str) -> None:
        found = conversations.c.conversation_id == conversation_id
        connection.execute(sa.update(conversations).where(found).values(**values))


def _name(title: str) -> str:
    return " ".join(title.split())[:_LONGEST_TITLE]


def _fold(words: str) -> str:
    """Letters as a search compares them: case and width do not matter."""
    return unicodedata.normalize("NFKC", words).casefold()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
