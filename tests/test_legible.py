"""cite.legible: text as it may stand in a file."""

from __future__ import annotations

import pytest
from hypothesis import given
from lxml import etree

from cite.legible import fold_line, fold_piece
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
