"""ingest.readers.radicals: radicals that a file holds for characters are read as these."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.radicals import replace_radicals
from ingest.readers.reading import make_canonical

_RADICALS = st.text(st.characters(min_codepoint=0x2E7F, max_codepoint=0x2FDF))


@pytest.mark.parametrize(
    ("held", "seen"),
    [
        ("教育⽅案⾯向⼩学⽣", "教育方案面向小学生"),
        ("⻓期⻔户⻅习⻚码", "长期门户见习页码"),
        ("⺠办⻘年⻛险⻩⻰⻬", "民办青年风险黄龙齐"),
        ("丶方 〇 〻 A", "丶方 〇 〻 A"),
    ],
)
def test_a_radical_is_the_character_of_its_shape(held: str, seen: str) -> None:
    assert replace_radicals(held) == seen
    assert make_canonical(held) == seen


def test_every_kangxi_radical_has_a_character() -> None:
    radicals = "".join(map(chr, range(0x2F00, 0x2FD6)))
    assert all(unicodedata.name(sign).startswith("CJK UNIFIED") for sign in replace_radicals(radicals))


@given(_RADICALS)
def test_the_length_stays_and_nothing_is_replaced_twice(text: str) -> None:
    once = replace_radicals(text)
    assert len(once) == len(text)
    assert replace_radicals(once) == once
