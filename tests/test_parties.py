"""retriever.parties: who is meant by the name of a party, in English and Chinese."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retriever.parties import fits_party, is_known, list_names, name_plainly, names_same, split_parties, translate_party


@pytest.mark.parametrize(
    ("said", "asked", "fits"),
    [
        ("A school", "schools", True),
        ("Every school in Yunlan Province", "schools", True),
        ("Each of the schools", "schools", True),
        ("the governing body of a school", "schools", True),
        ("Secondary schools and universities", "universities", True),
        ("Pupils in primary school", "schools", False),
        ("School bus drivers", "schools", False),
        ("Staff of schools", "a school", False),
        ("the county education bureau", "local authorities", True),
        ("Village primary schools", "primary schools", True),
        ("Secondary schools", "primary schools", False),
        ("A teacher", "schools and teachers", True),
        ("各级各类学校", "学校", True),
        ("中小学校", "各学校", True),
        ("各校", "学校", True),
        ("教师", "学校", False),
        ("教师", "学校和教师", True),
        ("Schools", "学校", False),
        ("学校", "schools", False),
        ("anybody", "", True),
    ],
)
def test_who_is_meant(said: str, asked: str, fits: bool) -> None:
    assert fits_party(said, asked) is fits


@given(st.sampled_from(list_names("en") + list_names("zh")), st.text(max_size=20), st.text(max_size=20))
def test_a_part_of_the_name_always_fits(name: str, before: str, after: str) -> None:
    assert fits_party(before + name + after, name)


def test_known_parties_have_a_plain_name_and_one_in_the_other_language() -> None:
    assert is_known("rural schools")
    assert is_known("schools and teachers")
    assert is_known("民办学校")
    assert not is_known("school charters")
    assert not is_known("")
    assert name_plainly("a governing body") == "governing bodies"
    assert name_plainly("school bus drivers") == "school bus drivers"
    assert (translate_party("schools"), translate_party("学校")) == ("学校", "schools")
    assert translate_party("rural schools") == translate_party("schools and teachers") == ""
    assert split_parties("各级各类学校和教师") == ["学校", "教师"]


def test_the_very_name_is_the_same_without_what_says_all_of_them() -> None:
    assert names_same("The Superintendent", "superintendent")
    assert not names_same("The Assistant Superintendent", "superintendent")
    assert not names_same("the", "of")
    assert names_same("各区县", "区县")
    assert not names_same("区县教研员", "区县")
