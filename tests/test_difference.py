"""views.difference: what was changed, as an official reads it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.difference import compare_words
from assistant.matching import match_quotation
from views.difference import describe_pieces


def _write(quote: str, source: str) -> str:
    match = match_quotation(quote, source)
    assert match is not None
    marks = {"out": "<-{}>", "in": "<+{}>", "": "{}"}
    return "".join(marks[piece["change"]].format(piece["text"]) for piece in describe_pieces(match.pieces))


@pytest.mark.parametrize(
    ("quote", "source", "drawn"),
    [
        (
            "Schools must review charters by 31 November 2022.",
            "Schools must review charters by 30 November 2022.",
            "Schools must review charters by <-31> <+30> November 2022",
        ),
        (
            "Schools must sell sweets to their pupils.",
            "Schools must not sell sweets to their pupils.",
            "Schools must <+not> sell sweets to their pupils",
        ),
        ("学校应当每年审查章程。", "学校必须每年审查章程。", "学校<-应当><+必须>每年审查章程"),
    ],
)
def test_what_the_notice_lacks_is_struck_out_and_what_it_has_put_in(quote: str, source: str, drawn: str) -> None:
    assert _write(quote, source) == drawn


_WORDS = st.lists(st.sampled_from("all schools must review their charter before May and report".split()), min_size=6)


@given(_WORDS, st.integers(0, 5))
def test_without_what_was_put_in_the_words_are_the_quotation(words: list[str], place: int) -> None:
    source = " ".join([*words[:place], "never", *words[place:]])
    match = match_quotation(" ".join(words), source)
    if match is None:
        return
    mine = "".join(piece["text"] for piece in describe_pieces(match.pieces) if piece["change"] != "in")
    assert mine.split() == words


@given(_WORDS, _WORDS)
def test_two_statements_compared_are_both_there_whole(one: list[str], other: list[str]) -> None:
    pieces = describe_pieces(compare_words(" ".join(one), " ".join(other)))
    assert "".join(piece["text"] for piece in pieces if piece["change"] != "in").split() == one
    assert "".join(piece["text"] for piece in pieces if piece["change"] != "out").split() == other
