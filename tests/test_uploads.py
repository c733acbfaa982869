"""ingest.uploads: what is sent becomes notices whatever it is called, what is removed stays away until restored."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st

from core.errors import NotAllowedError, StoreBusyError
from core.intake import Fate, Outcome, Upload
from core.people import Person, Role
from ingest.__main__ import main
from ingest.readers import Limits
from ingest.upload_names import list_uploads, make_harmless
from ingest.uploads import Door
from store.archive import Archive
from store.audit import Action, read_events
from store.catalogue import name_notice
from store.originals import find_originals
from store.records import Records
from tests.conftest import LIMITS, Silence, take_in

pytestmark = pytest.mark.model
EDITOR = Person("e", "Wei Lan", Role.editor)
READER = Person("r", "Ms Reader", Role.reader)
MEALS = "On meals\n\nSchools must serve a warm meal every day."
BUSES = "On buses\n\nPupils may use the bus free of charge."


@pytest.fixture
def records(archive: Archive) -> Iterator[Records]:
    made = Records(archive.folder)
    yield made
    made.close()


@pytest.fixture
def door(archive: Archive, records: Records) -> Door:
    return Door(archive, records, LIMITS, patience=0)


def _send(door: Door, *files: tuple[str, str | bytes]) -> list[tuple[str, Fate]]:
    uploads = [Upload(name, said if isinstance(said, bytes) else said.encode()) for name, said in files]
    return [(outcome.name, outcome.fate) for outcome in door.take_in(EDITOR, uploads, Silence())]


def test_what_is_sent_is_on_the_desk_and_told(door: Door, archive: Archive, records: Records) -> None:
    sent = _send(door, ("meals.txt", MEALS), ("again.txt", MEALS + "\n"), ("empty.txt", ""), ("a.xyz", b"\x00\x01\x02"))
    assert sent == [
        ("meals.txt", Fate.added),
        ("again.txt", Fate.duplicate),
        ("a.xyz", Fate.failed),
        ("empty.txt", Fate.failed),
    ]
    (card,) = archive.catalogue.cards()
    assert card.notice_id == name_notice(MEALS)
    assert card.path.startswith("uploads/")
    assert card.path.endswith("/meals.txt")
    assert archive.check() == []
    assert _send(door, ("other name.txt", MEALS)) == [("other name.txt", Fate.unchanged)]
    assert door.list_waiting() == ["a.xyz"]
    failed = door.read_waiting(EDITOR, Silence())
    assert [(one.name, one.fate) for one in failed] == [("a.xyz", Fate.failed)]
    assert failed[0].reason
    assert failed[0].help
    assert door.drop_waiting(EDITOR) == 1
    assert door.list_waiting() == []
    events = read_events(records, action=Action.upload)
    assert {event.person for event in events} == {EDITOR.key}
    assert any(event.subject == f"meals.txt ({card.notice_id})" and event.outcome == "added" for event in events)


def test_a_reader_is_refused_at_the_door(door: Door, archive: Archive) -> None:
    _send(door, ("meals.txt", MEALS))
    for attempt in (
        lambda: door.take_in(READER, [Upload("a.txt", b"Schools must rest.")], Silence()),
        lambda: door.remove(READER, [name_notice(MEALS)]),
        lambda: door.restore(READER, [name_notice(MEALS)], Silence()),
        lambda: door.read_again(READER, [name_notice(MEALS)], Silence()),
        lambda: door.read_waiting(READER, Silence()),
        lambda: door.drop_waiting(READER),
    ):
        with pytest.raises(NotAllowedError):
            attempt()
    assert len(archive.catalogue.cards()) == len(list_uploads(archive.folder)) == 1


def test_a_later_prune_keeps_uploads_and_the_same_file_elsewhere_is_a_duplicate(
    door: Door, archive: Archive, tmp_path: Path
) -> None:
    _send(door, ("meals.txt", MEALS))
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "meals.txt").write_text(MEALS, encoding="utf-8")
    report = take_in(archive, folder, prune=True)
    assert (report.added, report.duplicates, report.removed) == (0, 1, 0)
    (folder / "meals.txt").unlink()
    assert take_in(archive, folder, prune=True).removed == 0
    assert len(archive.catalogue.cards()) == 1


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../x.txt", "x.txt"),
        ("C:\\Windows\\notice.txt", "notice.txt"),
        ("CON.txt", "_CON.txt"),
        ("a\u202etxt.exe.txt", "atxt.exe.txt"),
        ("汉" * 300 + ".txt", None),
        ("n" * 300 + ".txt", None),
        (".hidden.txt", "hidden.txt"),
        ('a<b>:"|?*.txt', "a_b______.txt"),
        ("line\nbreak\0.txt", "linebreak.txt"),
    ],
)
def test_hostile_names_are_names_only(door: Door, archive: Archive, name: str, kept: str | None) -> None:
    assert _send(door, (name, MEALS)) == [(name, Fate.added)]
    (file,) = list_uploads(archive.folder)
    assert file.parent.parent == archive.folder.resolve() / "uploads"
    assert kept is None or file.name == kept
    assert file.read_text(encoding="utf-8") == MEALS


@given(st.text(max_size=400))
def test_any_name_becomes_a_plain_one(written: str) -> None:
    name = make_harmless(written)
    assert Path(name).name == name
    assert not {unicodedata.category(character) for character in name} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert name not in ("", ".", "..", "sources.csv")
    assert len(name.encode()) <= 255
    assert not name.startswith(".")


@pytest.mark.parametrize("name", ["", "..", "/", "CON", "\u202e"])
def test_a_file_without_a_name_that_says_what_it_is_fails_plainly(door: Door, name: str) -> None:
    (outcome,) = door.take_in(EDITOR, [Upload(name, b"Schools must rest.")], Silence())
    assert (outcome.fate, outcome.reason) == (Fate.failed, "it has no ending")


def test_a_table_of_sources_is_no_notice(door: Door, archive: Archive) -> None:
    assert _send(door, ("Sources.csv", "path,title\nmeals.txt,Mine\n"), ("meals.txt", MEALS)) == [
        ("meals.txt", Fate.added),
        ("Sources.csv", Fate.failed),
    ]
    assert archive.catalogue.cards()[0].title == "On meals"


def test_limits_hold_and_a_bomb_costs_itself_only(archive: Archive, records: Records) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("zeros.txt", b"0" * 3_000_000)
    limits = Limits(file_bytes=100_000, unpacked_bytes=1_000_000, pages=10)
    door = Door(archive, records, limits)
    sent = _send(door, ("bomb.zip", packed.getvalue()), ("large.txt", b"x" * 100_001), ("meals.txt", MEALS))
    assert {fate for name, fate in sent if name != "meals.txt"} == {Fate.failed}
    assert ("meals.txt", Fate.added) in sent
    assert not any(name.startswith("large") for name in door.list_waiting())


def _pack(**members: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, said in members.items():
            archive.writestr(f"{name}.txt", said)
    return packed.getvalue()


def test_an_archive_has_an_outcome_for_each_in_it_and_one_of_them_is_removed_and_restored(
    door: Door, archive: Archive, tmp_path: Path
) -> None:
    content = _pack(meals=MEALS, buses=BUSES, nothing="")
    sent = _send(door, ("all.zip", content))
    assert sorted(sent) == [
        ("all.zip/buses.txt", Fate.added),
        ("all.zip/meals.txt", Fate.added),
        ("all.zip/nothing.txt", Fate.failed),
    ]
    assert door.list_waiting() == []
    meals = name_notice(MEALS)
    door.remove(EDITOR, [meals])
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "all.zip").write_bytes(_pack(meals=MEALS, buses=BUSES))
    for _ in range(2):
        report = take_in(archive, folder)
        assert [card.notice_id for card in archive.catalogue.cards()] == [name_notice(BUSES)]
        assert [path for path, _ in report.withheld] == ["all.zip/meals.txt"]
    assert [(one.fate, one.notice_id) for one in door.restore(EDITOR, [meals], Silence())] == [(Fate.restored, meals)]
    assert archive.catalogue.card(meals).path.endswith("all.zip/meals.txt")
    assert take_in(archive, folder).withheld == []


def test_what_is_removed_stays_away_and_comes_back_as_it_was(
    door: Door, archive: Archive, records: Records, tmp_path: Path
) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "meals.txt").write_text(MEALS, encoding="utf-8")
    (folder / "sources.csv").write_text("path,title\nmeals.txt,Warm meals\n", encoding="utf-8")
    take_in(archive, folder)
    (card,) = archive.catalogue.cards()
    assert [one.fate for one in door.remove(EDITOR, [card.notice_id, "unknown"])] == [Fate.removed, Fate.failed]
    assert archive.catalogue.departed(card.notice_id).text == MEALS
    report = take_in(archive, folder, prune=True)
    assert (report.added, report.failed, archive.catalogue.cards()) == (0, [], [])
    ((path, told),) = report.warnings
    assert path == "meals.txt"
    assert "Wei Lan removed it on 20" in told
    assert "Recently removed" in told
    # Another file of the same words does not bring it back either, and neither does an upload.
    (folder / "copy.txt").write_text(MEALS + "\n\n", encoding="utf-8")
    assert len(take_in(archive, folder).withheld) == 2
    (outcome,) = door.take_in(EDITOR, [Upload("mine.txt", MEALS.encode())], Silence())
    assert outcome.fate is Fate.withheld
    assert "Wei Lan" in outcome.reason
    assert (door.list_waiting(), archive.catalogue.cards()) == ([], [])
    (gone,) = door.list_withdrawn()
    assert (gone.notice_id, gone.title, gone.paths, gone.person) == (
        card.notice_id,
        "Warm meals",
        ("meals.txt",),
        "Wei Lan",
    )
    (restored,) = door.restore(EDITOR, [card.notice_id], Silence())
    assert (restored.fate, restored.notice_id) == (Fate.restored, card.notice_id)
    assert archive.catalogue.cards() == [card]
    assert archive.check() == []
    assert door.list_withdrawn() == []
    assert take_in(archive, folder, prune=True).withheld == []
    assert [event.action for event in read_events(records)][:3] == [Action.restore, Action.upload, Action.remove]


def test_a_notice_whose_file_has_gone_comes_back_as_it_stood(door: Door, archive: Archive, tmp_path: Path) -> None:
    file = tmp_path / "meals.txt"
    file.write_text(MEALS, encoding="utf-8")
    take_in(archive, file)
    (card,) = archive.catalogue.cards()
    entry = archive.entry(card.notice_id)
    door.remove(EDITOR, [card.notice_id])
    file.unlink()
    (outcome,) = door.restore(EDITOR, [card.notice_id], Silence())
    assert outcome.fate is Fate.restored
    assert "the file has gone" in outcome.warnings[0]
    assert archive.entry(card.notice_id) == entry
    assert (archive.check(), door.list_withdrawn()) == ([], [])
    # Nothing of an erased one is left to be brought back.
    door.remove(EDITOR, [card.notice_id])
    archive.catalogue.erase(card.notice_id)
    assert [(one.fate, one.reason) for one in door.restore(EDITOR, [card.notice_id], Silence())] == [
        (Fate.failed, "the file has gone")
    ]
    assert len(door.list_withdrawn()) == 1


def test_an_upload_that_is_removed_keeps_its_file_and_comes_back(door: Door, archive: Archive) -> None:
    _send(door, ("meals.txt", MEALS))
    door.remove(EDITOR, [name_notice(MEALS)])
    assert len(list_uploads(archive.folder)) == 1
    assert door.list_waiting() == []
    assert _send(door, ("meals.txt", MEALS)) == [("meals.txt", Fate.withheld)]
    assert len(list_uploads(archive.folder)) == 1
    assert door.restore(EDITOR, [name_notice(MEALS)], Silence())[0].fate is Fate.restored


def test_a_file_that_changed_is_read_again(door: Door, archive: Archive, tmp_path: Path) -> None:
    file = tmp_path / "meals.txt"
    file.write_text(MEALS, encoding="utf-8")
    take_in(archive, file)
    assert [one.fate for one in door.read_again(EDITOR, [name_notice(MEALS)], Silence())] == [Fate.unchanged]
    file.write_text(BUSES, encoding="utf-8")
    (outcome,) = door.read_again(EDITOR, [name_notice(MEALS)], Silence())
    assert (outcome.fate, outcome.notice_id) == (Fate.added, name_notice(BUSES))
    assert archive.catalogue.successor(name_notice(MEALS)) == name_notice(BUSES)


def test_while_another_writes_nothing_that_was_sent_is_lost(door: Door, archive: Archive) -> None:
    with FileLock(archive.folder / "writing.lock"):
        with pytest.raises(StoreBusyError) as busy:
            _send(door, ("meals.txt", MEALS))
        assert "wait" in busy.value.help
        assert door.list_waiting() == ["meals.txt"]
    assert [one.fate for one in door.read_waiting(EDITOR, Silence())] == [Fate.added]
    assert door.list_waiting() == []


def test_the_command_line_is_in_the_trail_and_erases_uploads(
    door: Door, archive: Archive, records: Records, tmp_path: Path
) -> None:
    file, store = tmp_path / "buses.txt", ["--store", str(archive.folder)]
    file.write_text(BUSES, encoding="utf-8")
    _send(door, ("meals.txt", MEALS))
    for _ in range(2):
        assert main([str(file), *store]) == 0
    assert main(["--remove", name_notice(BUSES), *store]) == 0
    door.remove(EDITOR, [name_notice(MEALS)])
    assert main(["--erase", name_notice(MEALS), *store]) == 0
    assert (list_uploads(archive.folder), door.list_withdrawn()) == ([], [])
    events = [event for event in read_events(records) if event.person != EDITOR.key]
    assert [(event.action, event.subject, event.outcome) for event in events] == [
        (Action.erase, name_notice(MEALS), "erased"),
        (Action.remove, name_notice(BUSES), "removed"),
        (Action.ingest, str(file), "1 added, 0 changed, 0 removed, 0 unchanged"),
    ]


class _Meanwhile(Silence):
    """Does something at the first stage of the work that it shows: what somebody else does meanwhile."""

    def __init__(self, act: Callable[[], object]) -> None:
        self._act: Callable[[], object] | None = act

    def start(self, stage: str, total: int) -> None:
        """Once."""
        act, self._act = self._act, None
        if act is not None:
            act()


def test_what_another_is_sending_is_not_deleted_as_waiting(door: Door, archive: Archive) -> None:
    other = Door(archive, Records(archive.folder), LIMITS, patience=0)
    busy: list[str] = []

    def delete() -> None:
        with pytest.raises(StoreBusyError):
            other.drop_waiting(EDITOR)
        busy.append("yes")

    told = door.take_in(EDITOR, [Upload("meals.txt", MEALS.encode())], _Meanwhile(delete))
    assert [outcome.fate for outcome in told] == [Fate.added]
    assert busy
    assert len(list_uploads(archive.folder)) == 1
    assert other.drop_waiting(EDITOR) == 0


def test_what_was_deleted_before_its_turn_came_is_read_all_the_same(
    door: Door, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Door(archive, Records(archive.folder), LIMITS, patience=0)
    turns: list[int] = []

    def insist_after_another(change: Callable[[], object]) -> object:
        turns.append(other.drop_waiting(EDITOR))
        return change()

    monkeypatch.setattr(door, "_insist", insist_after_another)
    told = door.take_in(EDITOR, [Upload("meals.txt", MEALS.encode())], Silence())
    assert (turns, [outcome.fate for outcome in told]) == ([1], [Fate.added])
    assert len(list_uploads(archive.folder)) == 1


def test_editors_who_change_the_same_notices_at_once_leave_a_sound_archive(archive: Archive, records: Records) -> None:
    told: list[Outcome] = []
    faults: list[BaseException] = []
    ids = [name_notice(MEALS), name_notice(BUSES)]

    def work(number: int) -> None:
        door = Door(archive, records, LIMITS, patience=120)
        files = [Upload(f"{number}-meals.txt", MEALS.encode()), Upload(f"{number}-buses.txt", BUSES.encode())]
        try:
            for turn in range(3):
                told.extend(door.take_in(EDITOR, files if turn % 2 else files[::-1], Silence()))
                told.extend(door.remove(EDITOR, ids))
                told.extend(door.restore(EDITOR, ids, Silence()))
                door.drop_waiting(EDITOR)
        except BaseException as error:
            faults.append(error)

    threads = [Thread(target=work, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert archive.check() == []
    door = Door(archive, records, LIMITS, patience=0)
    door.restore(EDITOR, ids, Silence())
    assert {card.notice_id for card in archive.catalogue.cards()} == set(ids)
    assert all(originals.content for originals in find_originals(archive.catalogue, ids).values())
    assert set(find_originals(archive.catalogue, ids)) == set(ids)
    assert (door.list_withdrawn(), archive.check()) == ([], [])
