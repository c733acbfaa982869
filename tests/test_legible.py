"""cite.legible: text as it may stand in a file."""

from __future__ import annotations

import pytest
from hypothesis import given
from lxml import etree

from cite.legible import drop_turns, fold_line, fold_piece, is_numbered, measure_bullet
from tests.exchanges import any_texts


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Meals  are\n warm.\t", "Meals are warm."),
        ("pay \u202e005\u202c yuan\u2067", "pay 005 yuan"),
        ("a\x00b\x0bc\x85d\ufffee", "ab c de"),
        ("供餐\ufeff。", "供餐。"),
        ("\u200f \u200f", ""),
        ("नमस्\u200dते", "नमस्\u200dते"),
    ],
)
def test_lines(text: str, line: str) -> None:
    assert fold_line(text) == line


def test_a_piece_keeps_the_space_at_its_edges() -> None:
    assert [fold_piece(text) for text in ("  see ", "", " ", "\x00a ")] == [" see ", "", " ", "a "]


@given(any_texts)
def test_any_text_becomes_a_line_that_xml_holds(text: str) -> None:
    line = fold_line(text)
    assert fold_line(line) == line
    element = etree.Element("t")
    element.text = line
    assert etree.fromstring(etree.tostring(element)).text == (line or None)


def test_controls_of_direction_are_never_pasted() -> None:
    assert drop_turns("pay \u202e005\u202c  yuan\u2067\n") == "pay 005  yuan\n"


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("* radishes", "radishes"),
        ("•\u3000萝卜", "萝卜"),
        ("- 5 schools", "5 schools"),
        ("– report", "report"),
        ("-5 degrees", "-5 degrees"),
        ("*bold*", "*bold*"),
        ("1. report", "1. report"),
    ],
)
def test_a_bullet_is_no_part_of_the_words(text: str, rest: str) -> None:
    assert text[measure_bullet(text) :] == rest


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("9. Teachers must", True),
        ("(a) the name", True),
        ("（二）校长", True),
        ("一是落实", True),
        ("第三条 本法", True),
        ("① 报告", True),
        ("First, report", True),
        ("Article 1.", True),
        ("A lesson given", False),
        ("radishes", False),
        ("学校应当", False),
        ("Firstly put", True),
        ("Firstborn children", False),
    ],
)
def test_points_with_a_number_of_their_own(text: str, does: bool) -> None:
    assert is_numbered(text) is does
