"""views.pieces: text as the page draws it, whole and in its true order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.types import Span
from views.pieces import cut_emphasis, cut_labels, find_cells, show_turns


def test_controls_of_direction_are_seen() -> None:
    assert show_turns("pay \u202e005\u202c yuan\u2067") == "pay ⟨U+202E⟩005⟨U+202C⟩ yuan⟨U+2067⟩"


@given(st.text(max_size=60), st.lists(st.integers(0, 60), max_size=8, unique=True))
def test_pieces_are_the_whole_text_and_the_bold_is_bold(text: str, cuts: list[int]) -> None:
    ends = sorted(cut for cut in cuts if cut <= len(text))
    spans = [Span(a, b) for a, b in zip(ends[::2], ends[1::2], strict=False)]
    pieces = cut_emphasis(text, spans)
    assert "".join(str(piece["text"]) for piece in pieces) == show_turns(text)
    assert [piece["text"] for piece in pieces if piece["strong"]] == [show_turns(span.of(text)) for span in spans]


def test_offsets_count_code_points() -> None:
    text = "𝟙😀 pays 40 yuan"
    bold = [piece["text"] for piece in cut_emphasis(text, [Span(8, 15)]) if piece["strong"]]
    assert bold == ["40 yuan"]


@given(st.lists(st.text(st.characters(exclude_characters="\t"), max_size=9), min_size=1, max_size=6))
def test_cells_are_what_tabs_divide(cells: list[str]) -> None:
    row = "\t".join(cells)
    assert [span.of(row) for span in find_cells(row)] == cells


def test_labels_in_a_sentence_of_the_desk() -> None:
    assert cut_labels("Compare [1] (2019), [12].") == [
        {"text": "Compare "},
        {"text": "[1]", "label": 1},
        {"text": " (2019), "},
        {"text": "[12]", "label": 12},
        {"text": "."},
    ]
