"""What people say of answers: good or bad, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import sqlalchemy as sa

from core.types import Answer
from store.answers import read_answer, write_answer
from store.records import Records, feedback


class Reason(StrEnum):
    """What is wrong with an answer; none where it is right, or nobody says."""

    none = ""
    wrong = "wrong"
    incomplete = "incomplete"
    off_topic = "off_topic"
    wrong_year = "wrong_year"
    should_answer = "should_answer"
    other = "other"


@dataclass(frozen=True, slots=True)
class Feedback:
    """What one person said of one answer; `history` are the questions before it. `at` is in UTC, as ISO 8601.

    `answer` is None where it was kept in a form which cannot be read now.
    """

    at: str
    person: str
    question: str
    history: tuple[str, ...]
    answer: Answer | None
    good: bool
    reason: Reason
    comment: str


def give_feedback(
    records: Records,
    person: str,
    answer: Answer,
    history: Sequence[str],
    *,
    good: bool,
    reason: Reason = Reason.none,
    comment: str = "",
) -> None:
    """Keep what a person says of an answer; what they said of the same one before is replaced."""
    written = write_answer(answer)
    same = (feedback.c.person == person) & (feedback.c.answer == written)
    with records.write() as connection:
        connection.execute(sa.delete(feedback).where(same))
        connection.execute(
            sa.insert(feedback).values(
                at=datetime.now(UTC).isoformat(timespec="seconds"),
                person=person,
                question=answer.question,
                history=list(history),
                answer=written,
                good=good,
                reason=reason.value,
                comment=comment,
            )
        )


def count_feedback(records: Records) -> tuple[int, dict[Reason, int]]:
    """How many answers were called good, and how many bad by reason."""
    query = sa.select(feedback.c.good, feedback.c.reason, sa.func.count()).group_by(feedback.c.good, feedback.c.reason)
    with records.read() as connection:
        rows = connection.execute(query).all()
    bad = {Reason(reason): count for good, reason, count in rows if not good}
    return sum(count for good, _, count in rows if good), bad


def read_feedback(records: Records) -> list[Feedback]:
    """All that was said, the oldest first."""
    with records.read() as connection:
        rows = connection.execute(sa.select(feedback).order_by(feedback.c.feedback_id)).mappings().all()
    return [
        Feedback(
            row["at"],
            row["person"],
            row["question"],
            tuple(row["history"]),
            read_answer(row["answer"]),
            row["good"],
            _read_reason(row["reason"]),
            row["comment"],
        )
        for row in rows
    ]


def withdraw_feedback(records: Records, person: str, answer: Answer) -> None:
    """Forget what a person said of an answer; nothing happens where they said nothing."""
    same = (feedback.c.person == person) & (feedback.c.answer == write_answer(answer))
    with records.write() as connection:
        connection.execute(sa.delete(feedback).where(same))


def _read_reason(written: str) -> Reason:
    """A reason that this version does not know is another one."""
    return next((reason for reason in Reason if reason.value == written), Reason.other)
