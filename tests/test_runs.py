"""What a run leaves in the records, by the real command: its failures with what to do, and a line in the trail."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.people import Person, Role
from ingest.__main__ import main
from store.audit import Action, read_events
from store.people import read_people, remember_person
from store.records import Records
from store.runs import Failure, Run, keep_run, read_run

_RUN = Run("2026-11-23T10:00:00+00:00", "a", 1, 2, 3, 4, (Failure("坏.pdf", "it is damaged", ""),))


def test_the_last_run_of_each_kind_is_kept(tmp_path: Path) -> None:
    records = Records(tmp_path)
    assert read_run(records, Action.ingest) is None
    keep_run(records, Action.ingest, Run("2026-11-22T10:00:00+00:00", "b", 0, 0, 0, 0))
    keep_run(records, Action.ingest, _RUN)
    assert read_run(records, Action.ingest) == _RUN
    assert read_run(records, Action.upload) is None


@pytest.mark.model
def test_the_command_records_what_failed_what_to_do_and_what_was_removed(tmp_path: Path) -> None:
    folder, store = tmp_path / "in", tmp_path / "store"
    folder.mkdir()
    (folder / "good.txt").write_text("Schools must report by May.", encoding="utf-8")
    (folder / "bad.pdf").write_bytes(b"%PDF-1.7 and nothing else")
    assert main([str(folder), "--store", str(store)]) == 1
    records = Records(store)
    run = read_run(records, Action.ingest)
    assert run is not None
    assert (run.person, run.added, [failure.path for failure in run.failures]) == ("command line", 1, ["bad.pdf"])
    assert run.failures[0].reason
    assert run.failures[0].help
    assert run.failures[0].path not in run.failures[0].help
    event = read_events(records)[0]
    assert (event.action, event.subject) == (Action.ingest, str(folder))
    assert event.outcome == "1 added, 0 changed, 0 removed, 0 unchanged, 1 failed"
    # A run that changes nothing is the last one, and no line in the trail.
    (folder / "bad.pdf").unlink()
    assert main([str(folder), "--store", str(store)]) == 0
    second = read_run(records, Action.ingest)
    assert second is not None
    assert (second.unchanged, second.failures) == (1, ())
    assert len(read_events(records)) == 1


@pytest.mark.model
def test_removing_by_the_command_is_in_the_trail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notice, store = tmp_path / "good.txt", tmp_path / "store"
    notice.write_text("Schools must report by May.", encoding="utf-8")
    assert main([str(notice), "--store", str(store)]) == 0
    assert main(["--list", "--store", str(store)]) == 0
    notice_id = capsys.readouterr().out.splitlines()[-1].split()[0]
    assert main(["--erase", notice_id, "--store", str(store)]) == 0
    events = read_events(Records(store), action=Action.erase)
    assert [(event.person, event.subject) for event in events] == [("command line", notice_id)]


@pytest.mark.model
def test_records_that_are_broken_cost_no_ingest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notice, store = tmp_path / "good.txt", tmp_path / "store"
    notice.write_text("Schools must report by May.", encoding="utf-8")
    store.mkdir()
    (store / "records.sqlite").write_bytes(b"no database" * 999)
    assert main([str(notice), "--store", str(store)]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("1 added")
    assert "not recorded" in said.err


def test_a_person_is_called_as_they_were_called_last(tmp_path: Path) -> None:
    records = Records(tmp_path)
    for name in ("Li Wei", "李伟"):
        remember_person(records, Person("https://id.example 1", name, Role.reader))
    assert read_people(records) == {"https://id.example 1": "李伟"}
