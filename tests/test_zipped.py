"""ingest.readers.zipped: archives of notices, honest and hostile, come out under limits, each member by a safe name."""

from __future__ import annotations

import io
import stat
import tracemalloc
import unicodedata
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import EmptyNoticeError, IngestError, NoticeTooLargeError, UnknownFormatError, UnreadableNoticeError
from ingest.readers import Contents, Limits, Room, read_file, unpack_file
from tests.conftest import LIMITS
from tests.packing import ENCRYPTED, Packed, pack

ROOM = Room(1_000_000, 100)


def _unpack(content: bytes, room: Room = ROOM, limits: Limits = LIMITS) -> Contents:
    return unpack_file("a.zip", content, limits, room)


def _names(content: bytes) -> list[str]:
    return [member.name for member in _unpack(content).members]


def _failures(content: bytes) -> dict[str, str]:
    contents = _unpack(content)
    assert len({error.path for error in contents.failed}) == len(contents.failed)
    return {error.path: error.reason for error in contents.failed}


def test_an_archive_is_a_reading_that_holds_members() -> None:
    reading = read_file("a.zip", pack(Packed("a.txt")), LIMITS)
    assert (reading.holds_members, reading.text, reading.warnings) == (True, "", ())


def test_members_come_out_in_their_order_without_clutter() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_LZMA) as archive:
        for name in ("b.txt", "folder/", "folder/a.txt", "__MACOSX/._b.txt", ".DS_Store", "x/Thumbs.db", ".git/a.txt"):
            archive.writestr(name, f"{name} is here")
    contents = _unpack(stream.getvalue())
    assert [(member.name, member.content) for member in contents.members] == [
        ("b.txt", b"b.txt is here"),
        ("folder/a.txt", b"folder/a.txt is here"),
    ]
    assert contents.failed == ()


@pytest.mark.parametrize(
    "name",
    [
        "../a.txt", "x/../../a.txt", "..", "/etc/a.txt", "\\\\server\\a.txt", "C:\\a.txt", "c:a.txt", "..\\a.txt",
        "__MACOSX/../a.txt", "a\nb.txt", "a\x00.txt", "a\x1b[31m.txt", "\u202etxt.a", "a\u2028b.txt", "x" * 300,
        "d/" * 600 + "a.txt", "", " ", "./",
    ],
)  # fmt: skip
def test_a_name_that_is_none_is_refused_and_told_in_characters_that_are_seen(name: str) -> None:
    content = pack(Packed("good.txt"), Packed(name))
    assert _names(content) == ["good.txt"]
    failed = _failures(content)
    assert len(failed) == (0 if name.endswith("/") else 1)
    for path, reason in failed.items():
        assert path.startswith("a.zip/")
        assert reason
        assert not {"Cc", "Cf", "Zl"} & {unicodedata.category(character) for character in path}


def test_separators_of_windows_part_folders_and_dots_say_nothing() -> None:
    assert _names(pack(Packed("a\\b.txt"), Packed("./c//d.txt"), Packed("e\\"))) == ["a/b.txt", "c/d.txt"]


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "gb18030"])
def test_chinese_names_without_a_mark(encoding: str) -> None:
    # The second byte of 乗 is a backslash in GBK.
    name = "关于招生的通知/乗车.txt"
    assert _names(pack(Packed(name.encode(encoding)))) == [name]


def test_a_western_name_of_old_dos() -> None:
    assert _names(pack(Packed("café.txt".encode("cp437")))) == ["café.txt"]


def test_links_pipes_and_devices_are_refused() -> None:
    failed = _failures(
        pack(
            Packed("a.txt", mode=stat.S_IFREG | 0o644),
            Packed("link.txt", b"/etc/passwd", mode=stat.S_IFLNK | 0o777),
            Packed("pipe.txt", mode=stat.S_IFIFO | 0o644),
            Packed("folder", mode=stat.S_IFDIR | 0o755),
        )
    )
    assert set(failed) == {"a.zip/link.txt", "a.zip/pipe.txt"}
    assert "link" in failed["a.zip/link.txt"]


def test_one_name_for_several_members_is_refused_but_for_copies() -> None:
    content = pack(Packed("a.txt"), Packed("b.txt", b"One."), Packed("./b.txt", b"Two."), Packed("a.txt"))
    assert _names(content) == ["a.txt"]
    assert set(_failures(content)) == {"a.zip/b.txt"}


def test_a_folder_with_the_name_of_a_member_is_refused() -> None:
    content = pack(Packed("in.zip/a.txt"), Packed("in.zip", pack(Packed("a.txt"))))
    assert _names(content) == ["in.zip"]
    assert set(_failures(content)) == {"a.zip/in.zip/a.txt"}


def test_encrypted_members_are_refused_each_or_as_a_whole() -> None:
    content = pack(Packed("a.txt"), Packed("b.txt", flags=ENCRYPTED))
    assert _names(content) == ["a.txt"]
    assert "password" in _failures(content)["a.zip/b.txt"]
    with pytest.raises(UnreadableNoticeError, match=r"a\.zip: it is protected by a password") as caught:
        _unpack(pack(Packed("b.txt", flags=ENCRYPTED)))
    assert "Unpack it with its password" in caught.value.help


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (Packed("b.txt", crc=1), "damaged"),
        (Packed("b.txt", size=5), "damaged"),
        (Packed("b.txt", size=50), "damaged"),
        (Packed("b.txt", method=9), "Deflate64"),
        (Packed("b.txt", method=77), "number 77"),
        (Packed("b.txt", method=12), "damaged"),
        (Packed("b.txt", method=14), "damaged"),
        (Packed("b.txt", flags=0x20), "not read"),
        (Packed("b.txt", b"x" * 200), "larger than the limit"),
    ],
)
def test_a_member_that_cannot_be_unpacked_fails_alone(bad: Packed, reason: str) -> None:
    contents = _unpack(pack(Packed("a.txt"), bad, Packed("c.txt")), limits=Limits(100, 1000, 10))
    assert [member.name for member in contents.members] == ["a.txt", "c.txt"]
    (error,) = contents.failed
    assert error.path == "a.zip/b.txt"
    assert reason in error.reason


def test_a_bomb_is_not_unpacked() -> None:
    whole = pack(*(Packed(f"{number}.txt", b"0" * 300_000) for number in range(4)))
    assert len(whole) < 5000
    with pytest.raises(NoticeTooLargeError, match=r"a\.zip: it unpacks to more"):
        _unpack(whole)


def test_a_bomb_that_lies_of_its_size_takes_no_more_memory_than_it_says() -> None:
    bomb = pack(Packed("a.txt"), Packed("b.txt", b"0" * 50_000_000, size=1000))
    tracemalloc.start()
    assert "damaged" in _failures(bomb)["a.zip/b.txt"]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


def test_members_that_share_their_bytes_are_refused() -> None:
    kernel = Packed("a.txt", b"0" * 10_000)
    with pytest.raises(UnreadableNoticeError, match="overlap"):
        _unpack(pack(kernel, *(Packed(f"{number}.txt", b"0" * 10_000, offset=0) for number in range(20))))


def test_too_many_members_are_refused() -> None:
    with pytest.raises(NoticeTooLargeError, match="too many files"):
        _unpack(pack(*(Packed(f"{number}.txt") for number in range(101))))


def test_nothing_in_an_archive_is_an_error() -> None:
    for content in (pack(), pack(Packed("folder/"), Packed(".DS_Store"))):
        assert read_file("a.zip", content, LIMITS).holds_members
        with pytest.raises(EmptyNoticeError, match=r"a\.zip"):
            _unpack(content)


def test_a_broken_archive_is_named() -> None:
    content = pack(Packed("a.txt", b"Schools must report. " * 90), Packed("b.txt"))
    for cut in range(4, len(content), 7):
        with pytest.raises(UnreadableNoticeError, match=r"a\.zip: the archive is damaged"):
            _unpack(content[:cut])


@pytest.mark.parametrize("part", ["[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF"])
def test_packages_of_other_programs_are_no_archives_of_notices(part: str) -> None:
    with pytest.raises(UnknownFormatError, match="package"):
        read_file("a.pptx", pack(Packed(part), Packed("a.xml")), LIMITS)


def test_a_word_file_that_is_only_an_archive_is_refused() -> None:
    with pytest.raises(UnknownFormatError, match="package"):
        read_file("a.docx", pack(Packed("a.txt")), LIMITS)


_NAMES = st.one_of(
    st.binary(max_size=30),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    st.lists(st.sampled_from(["..", ".", "a", "b.txt", "C:", "", "~", " "]), max_size=4).map("/".join),
)


@given(st.lists(st.tuples(_NAMES, st.binary(max_size=50), st.sampled_from([0, 8])), min_size=1, max_size=5))
def test_whatever_the_names_are_those_that_come_out_are_safe(entries: list[tuple[str | bytes, bytes, int]]) -> None:
    try:
        contents = _unpack(pack(*(Packed(name, content, method=method) for name, content, method in entries)))
    except IngestError as error:
        assert error.path == "a.zip"
        return
    assert {member.content for member in contents.members} <= {content for _, content, _ in entries}
    names = [member.name for member in contents.members]
    assert len(set(names)) == len(names)
    for name in names:
        assert not {"", ".", ".."} & set(name.split("/"))
        assert not any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for character in name)
        assert "\\" not in name
    assert all(error.path.startswith("a.zip/") for error in contents.failed)


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_an_archive_with_any_bytes_changed_gives_members_or_named_errors(flips: list[tuple[float, int]]) -> None:
    content = bytearray(
        pack(Packed("a.txt", b"Schools must report. " * 9), Packed("甲/b.txt"), Packed("c.txt", method=0))
    )
    for place, value in flips:
        content[int(place * (len(content) - 1))] = value
    try:
        contents = _unpack(bytes(content))
    except IngestError as error:
        assert error.path == "a.zip"
    else:
        assert all(error.path.startswith("a.zip/") for error in contents.failed)
