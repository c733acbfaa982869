"""cite.originals: the cited originals in one archive."""

from __future__ import annotations

import unicodedata
import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cite import originals
from cite.export import Original, pack_originals
from cite.originals import name_member
from core.types import Citation, Pinpoint, Span
from tests.exchanges import CHINESE, OLD

_CITED = Citation(1, OLD, Span(0, 15), "Meals\nare warm.", Pinpoint("3.2", 4, 2))


def _open(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_file_as_it_was_read_and_the_text_of_one_that_is_gone() -> None:
    members = _open(
        pack_originals(
            [
                Original("2019/meals.pdf", b"%PDF", "Meals are warm.", OLD, (_CITED,)),
                Original("供餐.docx", None, "应当供餐。", CHINESE),
            ]
        )
    )
    assert members["originals/meals.pdf"] == b"%PDF"
    assert members["originals/供餐.docx.txt"].decode() == "应当供餐。"
    readme = members["README.txt"].decode()
    assert "originals/meals.pdf: the file as it was read.\n" in readme
    assert "originals/供餐.docx.txt: the text that the desk read from 供餐.docx;" in readme
    assert members["citations.txt"].decode().splitlines()[:4] == [
        "Notice on school meals. Bureau, No. 7 [2019], 1 March 2019.",
        "    “Meals are warm.” (para. 3.2, p. 2)",
        "",
        "《关于做好供餐工作的通知》，某市教育局，青教〔2022〕18号，2022年4月11日。",
    ]


def test_what_is_too_much_is_left_out_and_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(originals, "_MOST", 10)
    files = [Original(f"{name}.txt", bytes(size), "", OLD) for name, size in (("a", 6), ("b", 5), ("c", 4))]
    members = _open(pack_originals(files, language="zh"))
    assert sorted(members) == ["README.txt", "citations.txt", "originals/a.txt", "originals/c.txt"]
    assert "b.txt：因原件总量超过100 MB而未收入。" in members["README.txt"].decode()


def test_the_same_originals_give_the_same_bytes() -> None:
    files = [Original("a.pdf", b"x" * 1000, "", OLD, (_CITED,))]
    assert pack_originals(files) == pack_originals(files)
    with zipfile.ZipFile(BytesIO(pack_originals(files))) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("/etc/passwd", "passwd"),
        ("C:\\Windows\\x.dll", "x.dll"),
        ("..", "notice"),
        ("a/", "notice"),
        ("con.txt", "_con.txt"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("what?<b>:1|.pdf", "what__b__1_.pdf"),
        ("archive.zip/2019/meals.pdf", "meals.pdf"),
        ("notice. ", "notice"),
    ],
)
def test_names(path: str, name: str) -> None:
    assert name_member(path, set()) == f"originals/{name}"


def test_names_that_differ_by_case_or_composition_only_are_numbered() -> None:
    taken: set[str] = set()
    names = [name_member(path, taken) for path in ("a/é.pdf", "b/E\u0301.PDF", "é.pdf")]
    assert names == ["originals/é.pdf", "originals/É (2).PDF", "originals/é (3).pdf"]


@given(st.lists(st.one_of(st.text(max_size=80), st.sampled_from(["文" * 200 + ".pdf", "a.PDF", "A.pdf"])), max_size=12))
def test_any_paths_become_safe_names(paths: list[str]) -> None:
    members = _open(pack_originals([Original(path, b"x", "x", OLD) for path in paths]))
    names = [name for name in members if name.startswith("originals/")]
    assert len(names) == len(paths) == len({unicodedata.normalize("NFC", name).casefold() for name in names})
    for name in names:
        assert len(name.encode()) <= 150
        assert name.count("/") == 1 and "\\" not in name and name.removeprefix("originals/").strip(" .")
        assert not {unicodedata.category(character) for character in name} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
