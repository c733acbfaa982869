"""store.erasure: nothing of a person stays, nothing of another goes, and no byte is left in the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.__main__ import main
from core.types import Answer, Searched, Status
from store.conversations import Conversations, Turn
from store.erasure import Erased, forget_person
from store.feedback import give_feedback, read_feedback
from store.records import Records

PRIVATE = "Who reported the school at Qinghe?"


def _say(records: Records, person: str, question: str) -> str:
    answer = Answer(question, "en", Status.no_evidence, Searched(3, (2022,)))
    mine = Conversations(records, person)
    name = mine.start(question)
    mine.put(name, 0, Turn(question, answer))
    give_feedback(records, person, answer, [], good=False, comment=question)
    return name


def _read_bytes(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.glob("records.sqlite*")))


def test_what_is_kept_of_a_person_is_gone_to_the_byte_and_of_no_other(tmp_path: Path) -> None:
    records = Records(tmp_path)
    for question in (PRIVATE, PRIVATE + " again"):
        _say(records, "a", question)
    theirs = _say(records, "b", "What is required?")
    assert PRIVATE.encode() in _read_bytes(tmp_path)
    assert forget_person(records, "a") == Erased(2, 2)
    assert Conversations(records, "a").find() == []
    assert [one.person for one in read_feedback(records)] == ["b"]
    assert [turn.question for turn in Conversations(records, "b").read(theirs)] == ["What is required?"]
    assert PRIVATE.encode() not in _read_bytes(tmp_path)


def test_a_conversation_that_is_deleted_leaves_no_byte(tmp_path: Path) -> None:
    records = Records(tmp_path)
    mine = Conversations(records, "a")
    name = mine.start(PRIVATE)
    mine.put(name, 0, Turn(PRIVATE, None))
    mine.delete([name])
    assert PRIVATE.encode() not in _read_bytes(tmp_path)


def test_the_command_forgets_and_says_how_much(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    records = Records(tmp_path)
    _say(records, "a", PRIVATE)
    assert main(["--forget", "a", "--store", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "erased of a: conversations 1, feedback 1\n"
    assert Conversations(records, "a").find() == []
    assert main(["--forget", "a", "--store", str(tmp_path / "nowhere")]) == 2
    assert "--store" in capsys.readouterr().err
    assert not (tmp_path / "nowhere").exists()
