"""ingest.readers.charset: whatever a text was saved as, its characters are those that were typed, or it is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import WrongEncodingError
from ingest.readers.charset import decode

_ENGLISH = "Schools must publish the menu each Monday – parents’ questions are answered. Meals cost £5 a place.\n"
_SIMPLIFIED = "各学校应当于每周一公示菜单，并答复家长提出的问题。餐费标准为每人每天十二元。\n"
_TRADITIONAL = "各學校應當於每週一公示菜單，並答覆家長提出的問題。餐費標準為每人每天十二元，學校不得另收費用。\n"


@pytest.mark.parametrize(
    ("text", "encoding", "warns"),
    [
        (_ENGLISH, "utf-8", False),
        (_ENGLISH, "utf-8-sig", False),
        (_ENGLISH, "utf-16", False),
        (_ENGLISH, "utf-16-le", True),
        (_ENGLISH, "utf-16-be", True),
        (_ENGLISH * 3, "cp1252", True),
        (_SIMPLIFIED, "utf-8", False),
        (_SIMPLIFIED, "gb18030", False),
        (_SIMPLIFIED + _ENGLISH, "gb18030", False),
        (_SIMPLIFIED, "utf-16-be", True),
        (_SIMPLIFIED, "utf-16-le", True),
        (_TRADITIONAL, "big5", True),
        (_TRADITIONAL, "big5hkscs", True),
    ],
)
def test_what_was_typed_is_read(text: str, encoding: str, warns: bool) -> None:
    decoded = decode("a.txt", text.encode(encoding))
    assert decoded.text == text
    assert bool(decoded.warnings) is warns


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("학교는 매주 월요일에 식단을 공개하여야 한다. 급식비는 하루에 십이 원이다.\n", "euc-kr"),
        ("学校は毎週月曜日に献立を公表しなければならない。給食費は一日につき十二円とする。\n", "shift-jis"),
        ("Школы обязаны публиковать меню каждый понедельник.\n", "cp1251"),
    ],
)
def test_what_cannot_be_told_is_refused(text: str, encoding: str) -> None:
    with pytest.raises(WrongEncodingError, match=r"^a\.txt: "):
        decode("a.txt", text.encode(encoding))


def test_lines_of_two_encodings_are_read_and_told() -> None:
    content = _SIMPLIFIED.encode() + _ENGLISH.encode() + _SIMPLIFIED.encode("gb18030")
    decoded = decode("a.txt", content)
    assert decoded.text == _SIMPLIFIED + _ENGLISH + _SIMPLIFIED
    assert "line 3 as GB18030" in decoded.warnings[0]


def test_nuls_are_left_out_and_told() -> None:
    content = b"\xef\xbb\xbf" + (_ENGLISH * 3).encode().replace(b"menu", b"me\x00nu", 1)
    decoded = decode("a.txt", content)
    assert (decoded.text, len(decoded.warnings)) == (_ENGLISH * 3, 1)
    with pytest.raises(WrongEncodingError):
        decode("a.txt", b"PK\x00\x01\x02\x00\x00\xff\x00\x10" * 20)


@given(st.binary(max_size=80))
def test_any_bytes_become_text_without_nuls_or_an_error(content: bytes) -> None:
    try:
        decoded = decode("a.txt", content)
    except WrongEncodingError as error:
        assert error.path == "a.txt"
    else:
        assert "\x00" not in decoded.text


@given(st.text(alphabet="学校应当每周公示菜单，。一二三 abc\n", min_size=4, max_size=60))
def test_utf_8_stays_what_it_is(text: str) -> None:
    assert decode("a.txt", text.encode()).text == text
