"""ingest.members, seals: what lies in archives and mails is ingested like files on disk, by digest and with prune."""

from __future__ import annotations

import os
import random
import shutil
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.pipeline import Report, ingest
from ingest.readers import Contents, Room
from ingest.sandbox import Sandbox
from store.archive import Archive
from store.embedder import Embedder
from tests.conftest import CORPUS, LIMITS, Silence, take_in
from tests.killing import kill_ingest
from tests.packing import ENCRYPTED, Packed, pack

pytestmark = pytest.mark.model

MEALS = b"On meals\n\nSchools must serve a warm meal every day."
BUSES = b"# On buses\n\nPupils may use the bus free of charge."
LIBRARIES = b"On libraries\n\nEvery school keeps a library of 2,000 books."
DRILLS = b"On drills\n\nSchools must hold a drill each month."


def _zip(members: Mapping[str, bytes]) -> bytes:
    return pack(*(Packed(name, content) for name, content in members.items()))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a notice and an archive: two notices in it, and another archive with one."""
    made = tmp_path / "notices"
    made.mkdir()
    (made / "drills.txt").write_bytes(DRILLS)
    _put(made, {})
    return made


def _put(folder: Path, changes: Mapping[str, bytes | None]) -> None:
    """Write the archive again, with these members changed, added or left out (None)."""
    members = {
        "meals.txt": MEALS,
        "deep/buses.md": BUSES,
        "deep/inner.zip": _zip({"libraries.txt": LIBRARIES}),
        **changes,
    }
    (folder / "year.zip").write_bytes(_zip({name: content for name, content in members.items() if content is not None}))


def _paths(archive: Archive) -> set[str]:
    return {card.path for card in archive.catalogue.cards()}


def _titles(archive: Archive) -> dict[str, str]:
    return {card.path: card.title for card in archive.catalogue.cards()}


def _counts(report: Report) -> tuple[int, int, int, int, int]:
    return report.added, report.changed, report.unchanged, report.removed, report.duplicates


def _state(archive: Archive) -> dict[str, object]:
    """All that a user could see of a store."""
    return {card.notice_id: archive.entry(card.notice_id) for card in archive.catalogue.cards()} | {
        "files": archive.catalogue.files(),
        "differences": archive.check(),
    }


EVERYTHING = {"drills.txt", "year.zip/meals.txt", "year.zip/deep/buses.md", "year.zip/deep/inner.zip/libraries.txt"}


def test_members_are_notices_and_an_archive_as_before_is_not_opened(
    archive: Archive, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = take_in(archive, folder)
    assert (_counts(first), first.failed, first.warnings) == ((4, 0, 0, 0, 0), [], [])
    assert _paths(archive) == EVERYTHING
    assert {record.location for record in archive.catalogue.files()} == {str(folder / path) for path in EVERYTHING}
    before, generation = _state(archive), archive.catalogue.generation

    def refuse(*_: object) -> None:
        raise AssertionError("it was read again")

    monkeypatch.setattr(Sandbox, "submit", refuse)
    monkeypatch.setattr(Sandbox, "unpack", refuse)
    second = take_in(archive, folder, prune=True)
    assert (_counts(second), second.passages) == ((0, 0, 4, 0, 0), 0)
    assert (_state(archive), archive.catalogue.generation) == (before, generation)


def test_a_changed_archive_changes_its_members_as_files_change(archive: Archive, folder: Path) -> None:
    take_in(archive, folder)
    old = next(card for card in archive.catalogue.cards() if card.path == "year.zip/meals.txt")
    _put(folder, {"meals.txt": MEALS + b" And a cold one.", "deep/buses.md": None, "new.txt": b"Schools must sing."})
    report = take_in(archive, folder)
    assert _counts(report) == (1, 1, 2, 0, 0)
    assert report.passages == 2
    assert _paths(archive) == EVERYTHING | {"year.zip/new.txt"}
    succession = archive.catalogue.succession(old.notice_id)
    assert succession is not None
    assert succession[0] == "year.zip/meals.txt"
    assert _counts(take_in(archive, folder, prune=True)) == (0, 0, 4, 1, 0)
    assert _paths(archive) == (EVERYTHING | {"year.zip/new.txt"}) - {"year.zip/deep/buses.md"}
    assert archive.check() == []


def test_an_archive_that_is_deleted_takes_its_members_with_prune_only(archive: Archive, folder: Path) -> None:
    take_in(archive, folder)
    (folder / "year.zip").unlink()
    assert _counts(take_in(archive, folder)) == (0, 0, 1, 0, 0)
    assert len(_paths(archive)) == 4
    assert _counts(take_in(archive, folder, prune=True)) == (0, 0, 1, 3, 0)
    assert _paths(archive) == {"drills.txt"}
    assert archive.check() == []


@pytest.mark.parametrize("content", [b"PK\x03\x04 broken", b"", pack(Packed("meals.txt", flags=ENCRYPTED))])
def test_what_cannot_be_opened_has_not_gone(archive: Archive, folder: Path, content: bytes) -> None:
    take_in(archive, folder)
    (folder / "year.zip").write_bytes(content)
    report = take_in(archive, folder, prune=True)
    assert report.removed == 0
    assert [path for path, _ in report.failed] == ["year.zip"]
    _put(folder, {"deep/inner.zip": b"PK\x03\x04 broken", "meals.txt": b""})
    report = take_in(archive, folder, prune=True)
    assert {path for path, _ in report.failed} == {"year.zip/deep/inner.zip", "year.zip/meals.txt"}
    assert _paths(archive) == EVERYTHING


def test_an_archive_named_alone_keeps_its_path_and_loses_what_has_gone(archive: Archive, folder: Path) -> None:
    (folder / "deep").mkdir()
    (folder / "year.zip").rename(folder / "deep" / "year.zip")
    take_in(archive, folder)
    assert _counts(take_in(archive, folder / "deep" / "year.zip")) == (0, 0, 3, 0, 0)
    (folder / "deep" / "year.zip").write_bytes(_zip({"meals.txt": MEALS}))
    assert _counts(take_in(archive, folder / "deep" / "year.zip", prune=True)) == (0, 0, 1, 2, 0)
    assert _paths(archive) == {"drills.txt", "deep/year.zip/meals.txt"}


def test_a_member_that_fails_is_told_in_each_run_and_costs_itself(archive: Archive, folder: Path) -> None:
    _put(folder, {"run.exe": b"MZ\x90", "../evil.txt": b"Evil.", "empty.txt": b""})
    for _ in range(2):
        report = take_in(archive, folder)
        assert {path for path, _ in report.failed} == {
            "year.zip/run.exe",
            "year.zip/../evil.txt",
            "year.zip/empty.txt",
        }
        assert all(reason for _, reason in report.failed)
        assert len(report.advice) == 3
    assert (_counts(report), _paths(archive)) == ((0, 0, 4, 0, 0), EVERYTHING)
    _put(folder, {})
    assert _counts(take_in(archive, folder)) == (0, 0, 4, 0, 0)


def test_a_member_that_takes_hours_to_read_costs_itself_only(archive: Archive, folder: Path) -> None:
    attributes = " ".join(f"a{number}=1" for number in range(400_000))
    page = f"<html><body><p {attributes}>Schools must report.</p></body></html>"
    _put(folder, {"a/endless.html": page.encode()})
    report = ingest([folder], archive, replace(LIMITS, seconds=5), prune=False, progress=Silence())
    assert (report.added, [path for path, _ in report.failed]) == (4, ["year.zip/a/endless.html"])


@pytest.mark.parametrize("members", [{}, {".hidden": b"Words."}, {"sources.csv": b"path,title\n"}, {"a.exe": b"MZ"}])
def test_an_archive_with_nothing_to_read_has_failed(
    archive: Archive, folder: Path, members: Mapping[str, bytes]
) -> None:
    (folder / "none.zip").write_bytes(_zip(members))
    for _ in range(2):
        failed = dict(take_in(archive, folder).failed)
        assert "none.zip" in failed
        assert ("none.zip/a.exe" in failed) == ("a.exe" in members)


def test_archives_in_archives_are_read_to_a_depth_and_the_one_below_is_named(archive: Archive, tmp_path: Path) -> None:
    content = _zip({"deep.txt": DRILLS})
    for depth in range(5):
        content = _zip({"in.zip": content, f"{depth}.txt": f"Schools must report {depth} times.".encode()})
    (tmp_path / "a.zip").write_bytes(content)
    report = take_in(archive, tmp_path / "a.zip")
    assert _paths(archive) == {"a.zip/4.txt", "a.zip/in.zip/3.txt", "a.zip/in.zip/in.zip/2.txt"}
    assert [path for path, _ in report.failed] == ["a.zip/in.zip/in.zip/in.zip"]


def test_what_is_nested_shares_the_limits_of_the_file_on_disk(archive: Archive, tmp_path: Path) -> None:
    bomb = {f"{number}.zip": _zip({"a.txt": b"0" * 600_000}) for number in range(9)}
    (tmp_path / "a.zip").write_bytes(_zip({"drills.txt": DRILLS, **bomb}))
    limits = replace(LIMITS, file_bytes=1_000_000, unpacked_bytes=1_500_000)
    report = ingest([tmp_path / "a.zip"], archive, limits, prune=False, progress=Silence())
    assert "drills" in str(_paths(archive))
    assert sum("more than the limit" in reason for _, reason in report.failed) == 7


def test_tables_inside_and_beside_an_archive_describe_its_members(archive: Archive, folder: Path) -> None:
    inner = b"path,title\nmeals.txt,Meals inside\ndeep/buses.md,Buses inside\n../drills.txt,Outside\nmissing.txt,No\n"
    _put(folder, {"sources.csv": inner})
    beside = folder / "sources.csv"
    beside.write_text(
        "path,title\nyear.zip/deep/buses.md,Buses beside\nyear.zip/deep/inner.zip/libraries.txt,Books\n"
        "year.zip/gone.txt,Gone\n"
    )
    report = take_in(archive, folder)
    assert report.failed == []
    assert {name for name, _ in report.warnings} == {"../drills.txt", "missing.txt", "year.zip/gone.txt"}
    titles = _titles(archive)
    assert titles["year.zip/meals.txt"] == "Meals inside"
    # The nearer table counts.
    assert titles["year.zip/deep/buses.md"] == "Buses inside"
    assert titles["year.zip/deep/inner.zip/libraries.txt"] == "Books"
    assert titles["drills.txt"] == "On drills"
    beside.write_text("path,title\nyear.zip/deep/inner.zip/libraries.txt,Reading\n")
    report = take_in(archive, folder)
    assert (_counts(report), report.passages) == ((0, 1, 3, 0, 0), 0)
    assert _titles(archive)["year.zip/deep/inner.zip/libraries.txt"] == "Reading"
    beside.write_bytes(b"\xff\xfe\xfd broken")
    assert _counts(take_in(archive, folder)) == (0, 0, 4, 0, 0)
    _put(folder, {"sources.csv": b"title\nbroken"})
    report = take_in(archive, folder)
    assert ("year.zip/sources.csv", "there is no column 'path'") in report.failed
    assert _counts(report) == (0, 0, 4, 0, 0)


def test_copies_inside_and_outside_are_one_notice_that_outlives_either(archive: Archive, folder: Path) -> None:
    (folder / "a-meals.txt").write_bytes(MEALS)
    (folder / "more.zip").write_bytes(_zip({"in.zip": _zip({"meals.txt": MEALS})}))
    report = take_in(archive, folder)
    assert (report.added, report.duplicates) == (4, 2)
    (folder / "a-meals.txt").unlink()
    report = take_in(archive, folder, prune=True)
    assert (report.removed, report.unchanged) == (0, 5)
    assert "more.zip/in.zip/meals.txt" in _paths(archive)
    (folder / "more.zip").unlink()
    take_in(archive, folder, prune=True)
    assert _paths(archive) == EVERYTHING
    assert _counts(take_in(archive, folder, prune=True)) == (0, 0, 4, 0, 0)
    assert archive.check() == []


def test_many_copies_in_an_archive_outlive_their_files_and_it_is_opened_once(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notices = tmp_path / "notices"
    notices.mkdir()
    members = {f"{number}.txt": f"Schools must report {number} times.".encode() for number in range(6)}
    for name, content in members.items():
        (notices / name).write_bytes(content)
    take_in(archive, notices)
    (notices / "z.zip").write_bytes(_zip({"in.zip": _zip(members)}))
    assert take_in(archive, notices).duplicates == 6
    for name in members:
        (notices / name).unlink()
    opened: list[str] = []
    unpack = Sandbox.unpack

    def count(self: Sandbox, path: str, content: bytes, room: Room) -> Contents:
        opened.append(path)
        return unpack(self, path, content, room)

    monkeypatch.setattr(Sandbox, "unpack", count)
    take_in(archive, notices, prune=True)
    assert opened == ["z.zip", "z.zip/in.zip"]
    assert _paths(archive) == {f"z.zip/in.zip/{name}" for name in members}


def test_a_notice_that_was_removed_by_hand_comes_back_as_that_of_a_file(archive: Archive, folder: Path) -> None:
    take_in(archive, folder)
    meals = next(card for card in archive.catalogue.cards() if card.path == "year.zip/meals.txt")
    archive.remove(meals.notice_id)
    assert _counts(take_in(archive, folder)) == (1, 0, 3, 0, 0)


def test_a_notice_that_becomes_an_archive_and_an_archive_that_becomes_a_notice(archive: Archive, folder: Path) -> None:
    (folder / "drills.txt").write_bytes((folder / "year.zip").read_bytes())
    (folder / "year.zip").write_bytes((CORPUS / "samples" / "2022-school-charters.docx").read_bytes())
    take_in(archive, folder)
    assert _paths(archive) == {"year.zip", "drills.txt/meals.txt", "drills.txt/deep/buses.md"} | {
        "drills.txt/deep/inner.zip/libraries.txt"
    }
    (folder / "drills.txt").write_bytes(DRILLS)
    _put(folder, {})
    take_in(archive, folder, prune=True)
    assert _paths(archive) == EVERYTHING
    assert _counts(take_in(archive, folder, prune=True)) == (0, 0, 4, 0, 0)


def _mail() -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "Papers for the meeting", "Bureau <office@example.org>"
    mail["Date"] = "Wed, 15 Mar 2023 09:30:00 +0800"
    mail.set_content("Please read what is attached.\n")
    return mail


def test_what_is_attached_to_a_mail_is_read_beside_its_words(archive: Archive, tmp_path: Path) -> None:
    passed_on = _mail()
    passed_on.replace_header("Subject", "FW: buses")
    passed_on.add_attachment(BUSES, "application", "octet-stream", filename="buses.md")
    mail = _mail()
    mail.add_attachment(MEALS, "text", "plain", filename="../膳食\r\n 通知.txt")
    mail.add_attachment(_zip({"libraries.txt": LIBRARIES}), "application", "zip", filename="more.zip")
    mail.add_attachment(b"MZ\x90", "application", "octet-stream", filename="run.exe")
    mail.add_attachment(passed_on)
    (tmp_path / "mail.eml").write_bytes(mail.as_bytes())
    for expected in ((5, 0, 0, 0, 0), (0, 0, 5, 0, 0)):
        report = take_in(archive, tmp_path / "mail.eml")
        assert (_counts(report), report.warnings) == (expected, [])
        assert [path for path, _ in report.failed] == ["mail.eml/run.exe"]
    assert _paths(archive) == {
        "mail.eml", "mail.eml/膳食通知.txt", "mail.eml/more.zip/libraries.txt", "mail.eml/FW: buses.eml",
        "mail.eml/FW: buses.eml/buses.md",
    }  # fmt: skip


def test_a_mail_as_before_is_not_read_and_one_of_an_older_store_is_opened_once(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = _mail()
    mail.add_attachment(MEALS, "text", "plain", filename="meals.txt")
    (tmp_path / "mail.eml").write_bytes(mail.as_bytes())
    mail.replace_header("Subject", "A mail alone")
    mail.clear_content()
    mail.set_content("Nothing is attached.")
    (tmp_path / "bare.eml").write_bytes(mail.as_bytes())
    paths = [tmp_path / "mail.eml", tmp_path / "bare.eml"]
    assert _counts(take_in(archive, *paths)) == (3, 0, 0, 0, 0)
    archive.catalogue.write_state("seals", None)
    archive.catalogue.remove_file(str(tmp_path / "mail.eml" / "meals.txt"))
    report = take_in(archive, *paths)
    assert (report.added + report.changed + report.duplicates, report.unchanged) == (1, 2)
    monkeypatch.setattr(Sandbox, "submit", lambda *_: pytest.fail("it was read again"))
    assert _counts(take_in(archive, *paths)) == (0, 0, 3, 0, 0)


def test_a_kill_at_any_moment_and_a_second_run_end_as_one_clean_run(tmp_path: Path, embedder: Embedder) -> None:
    """One moment in the everyday tests; KILLS sets another number."""
    notices = tmp_path / "notices"
    notices.mkdir()
    samples = sorted(path for path in (CORPUS / "samples").iterdir() if path.suffix != ".csv")
    (notices / "samples.zip").write_bytes(_zip({path.name: path.read_bytes() for path in samples[::2]}))
    mail = _mail()
    for path in samples[1::2]:
        mail.add_attachment(path.read_bytes(), "application", "octet-stream", filename=path.name)
    (notices / "mail.eml").write_bytes(mail.as_bytes())
    clean = Archive(tmp_path / "clean", embedder)
    assert take_in(clean, notices).failed == []
    expected = _state(clean)
    chance = random.Random(2024)  # noqa: S311
    for attempt in range(int(os.environ.get("KILLS", "1"))):
        store = tmp_path / f"killed-{attempt}"
        kill_ingest(notices, store, chance.uniform(2, 14))
        second = Archive(store, embedder)
        take_in(second, notices)
        assert _state(second) == expected
        assert _counts(take_in(second, notices))[2] == len(samples) + 1
        second.close()
    clean.close()


_NAMES = st.one_of(
    st.binary(max_size=20),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20).map(lambda name: f"{name}.txt"),
    st.lists(st.sampled_from(["..", ".", "a", "b.txt", "C:", "", "in.zip", "\u202e.md"]), max_size=4).map("/".join),
)
_CONTENTS = st.one_of(
    st.binary(max_size=60),
    st.text(max_size=60).map(str.encode),
    st.lists(st.tuples(_NAMES, st.just(MEALS)), max_size=3).map(lambda found: pack(*(Packed(*one) for one in found))),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(_NAMES, _CONTENTS), max_size=6))
def test_any_archive_ends_in_notices_of_safe_names_or_errors_that_name_it(
    archive: Archive, tmp_path: Path, entries: list[tuple[str | bytes, bytes]]
) -> None:
    shutil.rmtree(tmp_path / "any", ignore_errors=True)
    (tmp_path / "any").mkdir()
    (tmp_path / "any" / "x.zip").write_bytes(pack(*(Packed(*entry) for entry in entries)))
    report = take_in(archive, tmp_path / "any", prune=True)
    assert report.failed or archive.catalogue.cards()
    assert all(path == "x.zip" or path.startswith("x.zip/") for path, _ in report.failed)
    for record in archive.catalogue.files():
        assert record.path.startswith("x.zip/")
        assert record.location == str(tmp_path / "any" / record.path)
        assert not {"", ".", ".."} & set(record.path.split("/"))
        assert not any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for c in record.path)
    assert list((tmp_path / "any").iterdir()) == [tmp_path / "any" / "x.zip"]
    assert archive.check() == []
