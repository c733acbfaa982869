"""assistant.drafted: whatever a chat model writes becomes sentences with labels, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.chat import Ending
from assistant.drafted import DraftedSentence, Restart, cut_sentences, read_sentence
from core.errors import ChatFailedError


def _cut(text: str, size: int = 5, full: bool = False) -> list[tuple[str, tuple[int, ...]]]:
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    found = [part for part in cut_sentences([*pieces, Ending(full)]) if isinstance(part, DraftedSentence)]
    return [(part.text, part.labels) for part in found]


@pytest.mark.parametrize("size", [1, 4, 1000])
@pytest.mark.parametrize(
    ("written", "sentences"),
    [
        ("One must report. [1] Two may ask [2].", [("One must report.", (1,)), ("Two may ask.", (2,))]),
        ("One must report.[1][3] Two may ask.[1, 2]", [("One must report.", (1, 3)), ("Two may ask.", (1, 2))]),
        (
            "学校应当报告。[1]可以申请【2】。费用30元［3］。",
            [("学校应当报告。", (1,)), ("可以申请。", (2,)), ("费用30元。", (3,))],
        ),
        ("It says so [Passage 2]. 见[段落3]。", [("It says so.", (2,)), ("见。", (3,))]),
        ("All say so [1-3].", [("All say so.", (1, 2, 3))]),
        (
            "- **First**: report [1]\n* second [2]\n3. third [3]",
            [("First: report", (1,)), ("second", (2,)), ("third", (3,))],
        ),
        ("# Answer\n> Schools `must` report.", [("Answer", ()), ("Schools must report.", ())]),
        ("Answer: Schools must report. [1]", [("Schools must report.", (1,))]),
        ("See [the notice](http://x.example/a) now.", [("See the notice now.", ())]),
        (
            "Dr. Li of No. 5 paid 3.5 by 4 p.m. today. Ma left.",
            [("Dr. Li of No. 5 paid 3.5 by 4 p.m. today.", ()), ("Ma left.", ())],
        ),
        ("The sum is 30. It rises to 40.", [("The sum is 30.", ()), ("It rises to 40.", ())]),
        ("教办[2021]5号文件规定30元。[1]", [("教办[2021]5号文件规定30元。", (1,))]),
        ("<think>Perhaps 5 yuan. [1]</think>It is 4 yuan. [2]", [("It is 4 yuan.", (2,))]),
        ("<THINKING>a\nb</THINKING>\n\nIt is 4 yuan.", [("It is 4 yuan.", ())]),
        ("<think>Perhaps it is 5 yuan and never", []),
        ("If n < 5, none. Else <b>one</b>.", [("If n < 5, none.", ()), ("Else <b>one</b>.", ())]),
        ("Once. Once. ONCE.", [("Once.", ())]),
        ("", []),
        (" \n\n[1] . ** ", []),
    ],
)
def test_sentences_and_their_labels(written: str, sentences: list[tuple[str, tuple[int, ...]]], size: int) -> None:
    assert _cut(written, size) == sentences


def test_a_thought_without_a_beginning_takes_back_what_stood_before_it() -> None:
    parts = list(cut_sentences(["It may be 5 yuan. Or 6 yuan. ", "Hm.</think>", "It is 4 yuan. [1]", Ending(False)]))
    assert parts[-2:] == [Restart(), DraftedSentence("It is 4 yuan.", (1,))]


def test_a_sentence_that_broke_off_for_want_of_room_is_left_out() -> None:
    assert _cut("Schools must report. [1] They may not, except", full=True) == [("Schools must report.", (1,))]
    assert _cut("Schools must report. They may ask. [2]", full=True)[-1] == ("They may ask.", (2,))


@pytest.mark.parametrize("written", ["One must report. [1]\n" * 9, "and so on " * 400, "1. " + "x " * 30000])
def test_a_model_that_runs_in_circles_has_failed(written: str) -> None:
    with pytest.raises(ChatFailedError):
        _cut(written, 50)


def test_a_sentence_is_there_before_the_next_is_complete() -> None:
    pieces = iter(["One must report. ", "[1] ", "Two may", AssertionError()])

    def feed() -> object:
        for piece in pieces:
            if isinstance(piece, AssertionError):
                raise piece
            yield piece

    assert next(iter(cut_sentences(feed()))) == DraftedSentence("One must report.", (1,))  # type: ignore[arg-type]


_WRITTEN = st.text(st.sampled_from("ab A1.。!?[]【】<>/think\n *#-`|:"), max_size=120) | st.text(max_size=80)


@given(_WRITTEN, st.integers(1, 9))
def test_any_text_becomes_sentences_that_say_something(written: str, size: int) -> None:
    try:
        found = _cut(written, size)
    except ChatFailedError:
        return
    for text, labels in found:
        assert any(character.isalnum() for character in text)
        assert text == text.strip()
        assert all(0 <= label < 1000 for label in labels)


@given(
    st.lists(st.sampled_from(["Schools must report.", "They may ask.", "学校应当报告。", "费用为30元。"]), unique=True)
)
def test_how_a_stream_is_cut_into_pieces_changes_nothing(sentences: list[str]) -> None:
    written = "\n".join(f"{text} [{place}]" for place, text in enumerate(sentences, start=1))
    expected = [(text, (place,)) for place, text in enumerate(sentences, start=1)]
    assert _cut(written, 1) == _cut(written, 3) == _cut(written, 999) == expected


def test_labels_of_absurd_size_are_no_labels() -> None:
    assert read_sentence(f"So it is [{'9' * 5000}].").labels == ()
