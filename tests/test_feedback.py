"""Feedback and the trail of changes: kept as given, in order."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from core.errors import BrokenStoreError
from core.place import Place
from core.types import Answer, Searched, Status
from store.audit import Action, read_events, record_event
from store.feedback import Reason, give_feedback, read_feedback
from store.records import Records

ANSWER = Answer("Who?", "en", Status.no_evidence, Searched(1, (2023,)))


def test_a_second_thought_replaces_the_first(place: Place) -> None:
    records = Records(place)
    give_feedback(records, "a", ANSWER, ["Before?"], good=True)
    give_feedback(records, "b", ANSWER, [], good=True)
    give_feedback(records, "a", ANSWER, ["Before?"], good=False, reason=Reason.should_answer, comment="see 4.2")
    said = read_feedback(records)
    assert [(one.person, one.good, one.reason) for one in said] == [("b", True, ""), ("a", False, "should_answer")]
    assert said[1].answer == ANSWER
    assert said[1].history == ("Before?",)
    assert said[1].comment == "see 4.2"


def test_the_trail_tells_the_newest_first(place: Place) -> None:
    records = Records(place)
    record_event(records, "a", Action.upload, "x.pdf", "1 added")
    record_event(records, "b", Action.remove, "x.pdf", "removed")
    record_event(records, "b", Action.upload, "x\ud800.pdf", "failed: x\udfff")
    assert [event.person for event in read_events(records)] == ["b", "b", "a"]
    assert [event.subject for event in read_events(records, action=Action.upload)] == ["x?.pdf", "x.pdf"]
    assert len(read_events(records, most=1)) == 1


def test_records_of_another_version_are_refused_by_name(tmp_path: Path) -> None:
    Records(tmp_path).close()
    with sqlite3.connect(tmp_path / "records.sqlite") as connection:
        connection.execute("UPDATE state SET value = '99'")
    with pytest.raises(BrokenStoreError, match=r"records\.sqlite.*99"):
        Records(tmp_path)


def test_a_file_that_is_no_database_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "records.sqlite").write_bytes(b"not a database " * 100)
    with pytest.raises(BrokenStoreError, match=r"records\.sqlite"):
        Records(tmp_path)
