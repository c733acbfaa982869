"""ingest.files: every regular file once, nothing else opened, all that is odd reported by a name that prints."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import NoticeTooLargeError, UnreadableNoticeError
from ingest import files
from ingest.files import find_files, read_bytes
from ingest.readers import Limits
from tests.conftest import LIMITS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one notice in it, and one beside it that must not be reached."""
    (tmp_path / "outside.txt").write_text("Outside.")
    made = tmp_path / "notices"
    made.mkdir()
    (made / "a.txt").write_text("Schools must report.")
    return made


def _failed(folder: Path) -> dict[str, str]:
    found = find_files([folder], {})
    assert [file.path for file in found.files] == ["a.txt"]
    names = [name for name, _ in found.failed]
    assert len(names) == len(set(names)), "each is reported once"
    return dict(found.failed)


def test_links_and_loops_are_reported_and_not_followed(folder: Path) -> None:
    (folder / "loop").symlink_to(folder)
    (folder / "up").symlink_to("..")
    (folder / "self.txt").symlink_to("self.txt")
    (folder / "out.txt").symlink_to(folder.parent / "outside.txt")
    (folder / "nowhere.txt").symlink_to("missing.txt")
    failed = _failed(folder)
    assert set(failed) == {"loop", "up", "self.txt", "out.txt", "nowhere.txt"}
    assert all("link" in reason for reason in failed.values())


def test_pipes_sockets_and_devices_are_reported_and_not_opened(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(folder / "pipe.txt")
    monkeypatch.chdir(folder)  # the path of a socket may have a hundred characters only
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.txt")
        assert set(_failed(folder)) == {"pipe.txt", "socket.txt"}
    (found,) = find_files([Path("/dev/zero")], {}).files
    with pytest.raises(UnreadableNoticeError, match="no regular file"):
        read_bytes(found.path, found.location, LIMITS)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_what_may_not_be_read_is_reported(folder: Path) -> None:
    (folder / "closed").mkdir(mode=0)
    (folder / "secret.txt").write_text("Schools.")
    (folder / "secret.txt").chmod(0)
    found = find_files([folder], {})
    assert [name for name, _ in found.failed] == ["closed"]
    assert found.unseen == [folder / "closed"]
    with pytest.raises(UnreadableNoticeError, match="cannot be opened") as caught:
        read_bytes("secret.txt", folder / "secret.txt", LIMITS)
    assert "permissions" in caught.value.help


def test_a_folder_that_refuses_is_reported_to_root_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root is let in everywhere, so the refusal of the system is put in its place."""
    (folder / "closed").mkdir()
    ask = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return ask(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert _failed(folder) == {"closed": "the folder cannot be opened (Permission denied)"}


def test_a_name_that_is_no_text_is_reported_by_one_that_is(folder: Path) -> None:
    (Path(os.fsdecode(os.fsencode(folder) + b"/b\xff.txt"))).write_text("Schools.")
    deep = Path(os.fsdecode(os.fsencode(folder) + b"/d\xfe"))
    deep.mkdir()
    (deep / "c.txt").write_text("Schools.")
    failed = _failed(folder)
    assert set(failed) == {"b?.txt", "d?/c.txt"}
    assert all("UTF-8" in reason for reason in failed.values())


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1, max_size=60))
def test_any_name_is_found_as_it_is(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    name = f"x{name}"  # a dot before it would hide it
    folder = tmp_path_factory.mktemp("names")
    (folder / name).write_text("Schools must report.")
    found = find_files([folder], {})
    assert [(file.path, read_bytes(file.path, file.location, LIMITS)) for file in found.files] == [
        (name, b"Schools must report.")
    ]
    assert found.failed == []


@pytest.mark.parametrize("name", ["-rf $(touch x) '\";&.txt", "a\nb.txt", "\u202etxt.a", "名" * 83 + ".txt"])
def test_odd_names_are_names(folder: Path, name: str) -> None:
    (folder / name).write_text("Schools must report.")
    assert {file.path for file in find_files([folder], {}).files} == {"a.txt", name}


def test_a_folder_below_the_longest_path_ends_the_walk_and_not_the_run(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    for _ in range(25):
        os.mkdir("d" * 200)  # noqa: PTH102 - a path of its own would be too long
        os.chdir("d" * 200)
    Path("deep.txt").write_text("Schools.")
    found = find_files([folder], {})
    monkeypatch.chdir(folder)
    assert [file.path for file in found.files] == ["a.txt"]
    assert len(found.failed) == 1
    assert "too long" in found.failed[0][1]


def test_a_table_is_not_read_through_a_link_nor_from_a_pipe(folder: Path) -> None:
    (folder.parent / "outside.csv").write_text("path,title\na.txt,From outside\n")
    (folder / "sources.csv").symlink_to(folder.parent / "outside.csv")
    (folder / "deep").mkdir()
    os.mkfifo(folder / "deep" / "sources.csv")
    assert set(_failed(folder)) == {"sources.csv", "deep/sources.csv"}
    # None: what an earlier table said of it stays.
    assert find_files([folder], {}).files[0].row is None


def test_a_table_that_is_far_too_large_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_LARGEST_TABLE", 20)
    (folder / "sources.csv").write_text("path,title\na.txt,A title of some length\n")
    assert "larger" in _failed(folder)["sources.csv"]


def test_what_takes_the_place_of_a_file_is_not_opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is looked at, then exchanged, then opened."""
    monkeypatch.setattr(files, "_find_fault", lambda location: "")
    os.mkfifo(folder / "pipe.txt")
    (folder / "out.txt").symlink_to(folder.parent / "outside.txt")
    for name in ("pipe.txt", "out.txt"):
        with pytest.raises(UnreadableNoticeError, match="cannot be opened"):
            read_bytes(name, folder / name, LIMITS)


def test_no_more_than_the_limit_is_read(folder: Path) -> None:
    with (folder / "huge.txt").open("wb") as stream:
        stream.truncate(10**12)
    with pytest.raises(NoticeTooLargeError, match="larger"):
        read_bytes("huge.txt", folder / "huge.txt", Limits(1000, 1000, 10))
