"""store.backup and store.restore: what was lost comes back as it was, and a broken backup changes nothing."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from assistant.ask import ask
from core.errors import BrokenBackupError, BrokenStoreError, StaleIndexError, StoreBusyError, UsageError
from core.intake import Upload
from core.people import Person, Role
from ingest.uploads import Door
from store.__main__ import main
from store.answers import write_answer
from store.archive import Archive
from store.backup import back_up
from store.catalogue import Catalogue
from store.claim import claim_folder
from store.conversations import Conversations, Turn
from store.embedder import Embedder
from store.feedback import give_feedback, read_feedback
from store.manifest import MANIFEST, is_inside
from store.originals import find_originals
from store.records import Records
from store.restore import restore
from store.tables import SCHEMA_VERSION
from tests.conftest import LIMITS, ROOT, Silence, make_entry, take_in

EDITOR = Person("e", "Wei Lan", Role.editor)
QUESTIONS = ("What must schools serve every day?", "学校多久开展一次演练？", "Who may use the bus free of charge?")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Archive]:
    """A desk with two notices of a folder, one that was sent, a conversation and a judgement; tests only read it."""
    notices = tmp_path_factory.mktemp("notices")
    (notices / "meals.txt").write_text("On meals\n\nSchools must serve a warm meal every day.", encoding="utf-8")
    (notices / "安全.txt").write_text("关于安全的通知\n\n学校应当每月开展一次演练。", encoding="utf-8")
    made = Archive(tmp_path_factory.mktemp("library") / "通知? #1", embedder)
    take_in(made, notices)
    records = Records(made.folder)
    buses = Upload("buses.md", b"# On buses\n\nPupils may use the bus free of charge.")
    Door(made, records, LIMITS).take_in(EDITOR, [buses], Silence())
    answer = ask(made, QUESTIONS[0])
    conversation = Conversations(records, "e").start("Meals")
    Conversations(records, "e").put(conversation, 0, Turn(QUESTIONS[0], answer))
    give_feedback(records, "e", answer, (), good=True)
    records.close()
    yield made
    made.close()


def _answers(archive: Archive) -> list[str]:
    return [write_answer(ask(archive, question)) for question in QUESTIONS]


def _read_records(folder: Path) -> object:
    records = Records(folder)
    talks = Conversations(records, "e")
    told = [(one, talks.read(one.conversation_id)) for one in talks.find()], read_feedback(records)
    records.close()
    return told


def _list_names(file: Path) -> list[str]:
    with tarfile.open(file) as tar:
        return tar.getnames()


def _rewrite(file: Path, change: Callable[[str, bytes], list[tuple[str, bytes]]]) -> None:
    """Write a backup again, each of its files as `change` says."""
    with tarfile.open(file) as tar:
        kept = [(entry.name, opened.read()) for entry in tar if (opened := tar.extractfile(entry))]
    with tarfile.open(file, "w") as tar:
        for name, content in kept:
            for new_name, new_content in change(name, content):
                entry = tarfile.TarInfo(new_name)
                entry.size = len(new_content)
                tar.addfile(entry, io.BytesIO(new_content))


def _fill(folder: Path) -> Path:
    """A store without an index, which is quick to make: one notice."""
    catalogue = Catalogue(folder)
    catalogue.add([make_entry("Schools must report.")], [])
    catalogue.close()
    return folder


@pytest.mark.model
@pytest.mark.parametrize("name", ["desk.tar", "desk.tar.gz"])
def test_what_was_lost_comes_back(library: Archive, embedder: Embedder, tmp_path: Path, name: str) -> None:
    expected = _answers(library)
    file, manifest = back_up(library.folder, tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == [name], "nothing else is left beside it"
    assert file.stat().st_mode & 0o077 == 0, "nobody else reads what people asked"
    assert manifest.embedding_model == embedder.fingerprint
    restored = restore(file, tmp_path / "new" / "store")
    assert (restored.notices, restored.conversations, restored.feedback) == (3, 1, 1)
    again = Archive(tmp_path / "new" / "store", embedder)
    assert again.check() == []
    assert _answers(again) == expected
    assert _read_records(again.folder) == _read_records(library.folder)
    again.close()


@pytest.mark.model
def test_what_was_sent_is_found_where_the_store_is_now(library: Archive, embedder: Embedder, tmp_path: Path) -> None:
    file, _ = back_up(library.folder, tmp_path)
    restore(file, tmp_path / "store")
    again = Archive(tmp_path / "store", embedder)
    records = Records(again.folder)
    door = Door(again, records, LIMITS)
    assert door.list_waiting() == []
    sent = next(card for card in again.catalogue.cards() if card.path.startswith("uploads/"))
    assert b"On buses" in find_originals(again.catalogue, {sent.notice_id})[sent.notice_id].content
    records.close()
    again.close()


@pytest.mark.model
def test_a_backup_without_the_index_is_embedded_anew(library: Archive, embedder: Embedder, tmp_path: Path) -> None:
    expected = _answers(library)
    whole, _ = back_up(library.folder, tmp_path / "whole.tar")
    small, manifest = back_up(library.folder, tmp_path / "small.tar", with_index=False)
    assert not manifest.with_index
    assert small.stat().st_size < whole.stat().st_size
    assert not [name for name in _list_names(small) if name.startswith(("chroma", "words", "details"))]
    restore(small, tmp_path / "store")
    again = Archive(tmp_path / "store", embedder)
    with pytest.raises(StaleIndexError, match="a part of the index is missing"):
        again.check_model()
    (tmp_path / "none").mkdir()
    report = take_in(again, tmp_path / "none")
    assert (report.added, report.removed) == (0, 0)
    assert again.check() == []
    assert _answers(again) == expected
    again.close()


@pytest.mark.model
def test_a_backup_is_made_while_people_ask_and_write(library: Archive, embedder: Embedder, tmp_path: Path) -> None:
    expected, over, failed = _answers(library), Event(), []
    records = Records(library.folder)

    def work() -> None:
        while not over.is_set():
            if write_answer(ask(library, QUESTIONS[0])) != expected[0]:
                failed.append("another answer")
            Conversations(records, "f").start("Asked meanwhile")

    workers = [Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    try:
        files = [back_up(library.folder, tmp_path / f"{number}.tar")[0] for number in range(3)]
    finally:
        over.set()
        for worker in workers:
            worker.join()
        records.close()
    assert not failed
    for number, file in enumerate(files):
        restore(file, tmp_path / f"store-{number}")
        again = Archive(tmp_path / f"store-{number}", embedder)
        assert again.check() == []
        assert _answers(again) == expected
        again.close()


def test_while_an_ingest_writes_there_is_no_backup_unless_it_is_waited_for(tmp_path: Path) -> None:
    store = _fill(tmp_path / "store")
    with claim_folder(store):
        with pytest.raises(StoreBusyError, match="another ingest"):
            back_up(store, tmp_path / "desk.tar")
        waiting = Thread(target=back_up, args=(store, tmp_path / "waited.tar"), kwargs={"waits": True})
        waiting.start()
        waiting.join(0.5)
        assert waiting.is_alive()
    waiting.join()
    assert sorted(path.name for path in tmp_path.glob("*.tar")) == ["waited.tar"]


def _turn_a_byte(name: str, content: bytes) -> list[tuple[str, bytes]]:
    return [(name, content[:-1] + bytes([content[-1] ^ 1]) if name == "catalogue.sqlite" else content)]


def _leave_out(name: str, content: bytes) -> list[tuple[str, bytes]]:
    return [] if name == MANIFEST else [(name, content)]


def _add_outside(name: str, content: bytes) -> list[tuple[str, bytes]]:
    return [("../outside.txt", b"out"), (name, content)]


def _add_inside(name: str, content: bytes) -> list[tuple[str, bytes]]:
    return [(name, content), ("another.txt", b"in")] if name == MANIFEST else [(name, content)]


def _double(name: str, content: bytes) -> list[tuple[str, bytes]]:
    return [(name, content), (name, content)]


def _make_newer(name: str, content: bytes) -> list[tuple[str, bytes]]:
    if name != MANIFEST:
        return [(name, content)]
    return [(name, json.dumps(json.loads(content) | {"schema_version": "99", "version": "9.9"}).encode())]


def _spoil_manifest(name: str, content: bytes) -> list[tuple[str, bytes]]:
    return [(name, content.replace(b'"sha256": "', b'"sha256": "zz') if name == MANIFEST else content)]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_turn_a_byte, "catalogue.sqlite is not as it was"),
        (_leave_out, "no manifest"),
        (_add_outside, "outside.txt' has no place"),
        (_add_inside, "another.txt is not as it was"),
        (_double, "cannot be read"),
        (_make_newer, "Policy Desk 9.9, whose tables .version 99. this one"),
        (_spoil_manifest, "makes no sense"),
    ],
)
def test_a_broken_backup_is_refused_by_name(
    tmp_path: Path, change: Callable[[str, bytes], list[tuple[str, bytes]]], told: str
) -> None:
    file, _ = back_up(_fill(tmp_path / "old"), tmp_path / "desk.tar")
    store = _fill(tmp_path / "store")
    before = _hash(store)
    _rewrite(file, change)
    with pytest.raises(BrokenBackupError, match=f"desk.tar: .*{told}"):
        restore(file, store, replaces=True)
    assert _hash(store) == before, "the store that was there is untouched"
    assert not (tmp_path / "outside.txt").exists()


def _hash(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize("packed", ["desk.tar", "desk.tar.gz"])
def test_half_a_backup_is_refused_wherever_it_ends(tmp_path: Path, packed: str) -> None:
    file, _ = back_up(_fill(tmp_path / "old"), tmp_path / packed)
    whole = file.read_bytes()
    for share in (0, 0.1, 0.5, 0.9):
        file.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(BrokenBackupError, match=packed):
            restore(file, tmp_path / "store")
        assert not (tmp_path / "store" / "catalogue.sqlite").exists()


def test_a_link_in_a_backup_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "desk.tar"
    with tarfile.open(file, "w") as tar:
        entry = tarfile.TarInfo("catalogue.sqlite")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(entry)
    with pytest.raises(BrokenBackupError, match="has no place in a store"):
        restore(file, tmp_path / "store")


@pytest.mark.parametrize("path", ["", "/a", "../a", "a/../b", "a\\b", "C:a", "a//b", "./a", "a/", "a\0"])
def test_no_path_leaves_the_folder(path: str) -> None:
    assert not is_inside(path)
    assert is_inside("uploads/ab/通知 1.txt")


def test_a_store_is_replaced_only_where_it_is_said(tmp_path: Path) -> None:
    file, _ = back_up(_fill(tmp_path / "old"), tmp_path / "desk.tar")
    store = tmp_path / "store"
    there = Catalogue(store)
    there.write_state("mark", "there before")
    there.close()
    with pytest.raises(UsageError, match="there is something in it") as caught:
        restore(file, store)
    assert "--replace" in caught.value.help
    assert restore(file, store, replaces=True).notices == 1
    opened = Catalogue(store)
    assert opened.read_state("mark") is None
    opened.close()
    left = {path.name for path in store.iterdir() if path.suffix != ".lock"}
    assert left == {"catalogue.sqlite", "records.sqlite"}


def test_an_older_store_is_brought_up_when_it_is_restored(tmp_path: Path) -> None:
    store = _fill(tmp_path / "old")
    connection = sqlite3.connect(store / "catalogue.sqlite")
    connection.execute("DROP TABLE withdrawn")
    connection.execute("UPDATE state SET value = '4' WHERE key = 'schema'")
    connection.commit()
    connection.close()
    file, manifest = back_up(store, tmp_path)
    assert manifest.schema_version == "4"
    assert restore(file, tmp_path / "store").notices == 1
    opened = Catalogue(tmp_path / "store")
    assert opened.read_state("schema") == SCHEMA_VERSION
    assert opened.withdrawn() == []
    opened.close()


def test_a_store_of_a_newer_version_is_not_opened_and_says_what_to_do(tmp_path: Path) -> None:
    made = Catalogue(_fill(tmp_path))
    made.write_state("schema", "99")
    made.close()
    with pytest.raises(BrokenStoreError, match=r"tables of version 99; this one, .*, knows them up to") as caught:
        Catalogue(tmp_path)
    assert "Delete" not in caught.value.help, "nobody is told to delete what a newer version reads well"


def test_a_kill_leaves_nothing_under_the_name_of_a_backup(tmp_path: Path) -> None:
    store = _fill(tmp_path / "store")
    uploads = store / "uploads" / "ab"
    uploads.mkdir(parents=True)
    for number in range(20):
        (uploads / f"{number}.bin").write_bytes(bytes(10_000_000))
    command = [sys.executable, "-m", "store", "--backup", str(tmp_path / "desk.tar"), "--store", str(store)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    half = tmp_path / ".desk.tar.half" / "desk.tar"
    while not (half.exists() and half.stat().st_size > 20_000_000):
        assert process.poll() is None, "it must be killed while it writes"
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (tmp_path / "desk.tar").exists()
    back_up(store, tmp_path / "desk.tar")
    assert not half.parent.exists(), "what the killed run has left is gone"
    shutil.rmtree(store)
    assert restore(tmp_path / "desk.tar", store).notices == 1
    assert (uploads / "7.bin").stat().st_size == 10_000_000


def test_the_command_line_says_what_it_did_and_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, file = str(_fill(tmp_path / "store")), str(tmp_path / "desk.tar")
    assert main(["--backup", file, "--without-index", "--store", store]) == 0
    assert file in capsys.readouterr().out
    assert main(["--backup", file, "--store", store]) == 2
    assert "there is a file of that name" in capsys.readouterr().err
    assert main(["--backup", store, "--store", store]) == 2
    assert "in the store itself" in capsys.readouterr().err
    assert main(["--backup", file, "--store", str(tmp_path / "nowhere")]) == 2
    assert "there is no store" in capsys.readouterr().err
    assert main(["--restore", file, "--store", str(tmp_path / "new")]) == 0
    told = capsys.readouterr().out
    assert "1 notices, 1 passages, 0 conversations" in told
    assert "python -m ingest" in told
    monkeypatch.setenv("POLICY_DESK_DATABASE_URL", "postgresql://desk:secret@db/desk")
    assert main(["--backup", str(tmp_path / "other.tar"), "--store", store]) == 2
    told = capsys.readouterr().err
    assert "pg_dump" in told and "secret" not in told


def test_a_link_in_the_store_is_not_left_out_silently(tmp_path: Path) -> None:
    store = _fill(tmp_path / "store")
    (tmp_path / "elsewhere").mkdir()
    (store / "uploads").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="follows no link"):
        back_up(store, tmp_path / "desk.tar")
    assert not (tmp_path / "desk.tar").exists()
