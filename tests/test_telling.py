"""cite.telling: what every export tells of an exchange, and what it leaves out."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from assistant import wording
from cite.export import Exchange
from cite.telling import Shape, tell
from core.types import Answer, AnswerSentence, Caveat, CaveatKind
from tests.exchanges import NEW, OLD, POINT, ROW, SAID, exchanges, make_answer, make_english


def _with(answer: Answer, *caveats: Caveat) -> Exchange:
    return Exchange("Asked", replace(answer, caveats=caveats))


def test_runs_of_points_and_rows_are_one_block_each_sentence_its_own() -> None:
    chapter = tell(make_english(), wording, each_use=True).chapters[0]
    assert [(block.shape, len(block.lines)) for block in chapter.blocks] == [
        (Shape.text, 1),
        (Shape.points, 2),
        (Shape.table, 2),
        (Shape.text, 1),
    ]
    assert chapter.blocks[1].lines[0].text == "name the person in charge;"
    assert chapter.blocks[2].lines[1].cells == ("1–3", "800")
    assert [line.is_head for line in chapter.blocks[2].lines] == [True, False]
    assert [block.name.partition(" (")[0] for block in chapter.blocks] == [OLD.title, "", NEW.title, ""]


def test_two_tables_that_touch_are_two() -> None:
    answer = make_answer((OLD, "a\tb", ROW), (OLD, "c\td", ROW), (OLD, "e\tf", ROW))
    blocks = tell([Exchange("Asked", answer, frozenset({1, 3}))], wording, each_use=True).chapters[0].blocks
    assert [len(block.lines) for block in blocks] == [2, 1]


def test_each_use_has_its_note_and_a_second_one_names_the_first() -> None:
    told = tell(make_english(), wording, each_use=True)
    assert [note.number for note in told.notes] == list(range(1, 9))
    assert [note.first for note in told.notes] == [None] * 6 + [1, 6]
    assert [bool(note.quote) for note in told.notes] == [False] * 6 + [True, True]
    assert [card.notice_id for card in told.cards] == ["old", "new"]


def test_without_each_use_a_citation_has_one_note_with_the_quote_that_a_drafted_sentence_needs() -> None:
    told = tell(make_english(), wording, each_use=False)
    assert len(told.notes) == 6
    assert [note.quote for note in told.notes] == [OLD_QUOTE, "", "", "", "", "No. 7 [2019] is repealed."]


OLD_QUOTE = "Each school serves a warm meal."


def test_a_caveat_stands_below_the_sentence_that_it_is_about_with_the_numbers_of_notes() -> None:
    first, *others = tell(make_english(), wording, each_use=True).chapters[0].blocks
    assert [piece for piece in first.remarks[0] if isinstance(piece, int)] == [1, 2, 3, 6]
    assert not any(block.remarks for block in others)


def test_a_difference_is_told_below_the_last_of_what_differs() -> None:
    answer = make_answer((OLD, "It is 20 yuan.", SAID), (NEW, "It is 30 yuan.", SAID))
    blocks = tell([_with(answer, Caveat(CaveatKind.differ, (1, 2)))], wording, each_use=True).chapters[0].blocks
    assert [len(block.remarks) for block in blocks] == [0, 1]


def test_a_label_in_a_name_that_was_typed_is_no_number_of_a_note() -> None:
    answer = make_answer((OLD, "It is 20 yuan.", SAID))
    chapter = tell(
        [_with(answer, Caveat(CaveatKind.respelt, (), None, ("Lee [1]", "Li")))], wording, each_use=True
    ).chapters[0]
    assert chapter.opening == ("No notice has “Lee [1]”; it was read as “Li”.",)


def test_a_caveat_that_points_to_what_is_left_out_names_the_notice() -> None:
    answer = make_answer((OLD, "It is 20 yuan.", SAID), (NEW, "No. 7 is repealed.", SAID))
    broken = replace(answer, sentences=(answer.sentences[0], AnswerSentence("No. 7 is void.", (2,))))
    block = tell([_with(broken, Caveat(CaveatKind.superseded, (1,), 2))], wording, each_use=True).chapters[0].blocks[0]
    assert "see Notice on free meals (Bureau" in "".join(map(str, block.remarks[0]))


def test_a_sentence_whose_words_are_not_its_quote_is_left_out_and_said_to_be() -> None:
    answer = make_answer((OLD, "It is 20 yuan.", SAID), (OLD, "It is\n 30  yuan.", SAID), (OLD, "a", POINT))
    changed = (
        AnswerSentence("It is 21 yuan.", (1,)),
        AnswerSentence("It is 30 yuan.", (2,)),
        AnswerSentence("b", (3,), POINT),
        AnswerSentence("No label.", ()),
        AnswerSentence("No citation.", (9,), quoted=False),
    )
    chapter = tell([Exchange("Asked", replace(answer, sentences=changed))], wording, each_use=True).chapters[0]
    assert [line.text for block in chapter.blocks for line in block.lines] == ["It is 30 yuan."]
    assert chapter.closing[-1].startswith("4 of the sentences are left out")


def test_a_refusal_says_that_it_is_one_and_what_was_searched() -> None:
    chapter = tell(make_english(), wording, each_use=True).chapters[1]
    assert chapter.opening[0] == "The notices do not say. 29 notices were searched, of 2018–2019, 2022."
    assert not chapter.blocks and not chapter.closing


@given(exchanges())
def test_notes_are_numbered_in_order_and_every_line_has_its_own(made: list[Exchange]) -> None:
    told = tell(made, wording, each_use=True)
    used = [number for c in told.chapters for b in c.blocks for line in b.lines for number in line.notes]
    assert used == [note.number for note in told.notes] == list(range(1, len(used) + 1))
    once = tell(made, wording, each_use=False)
    first = dict.fromkeys(n for c in once.chapters for b in c.blocks for line in b.lines for n in line.notes)
    assert list(first) == [note.number for note in once.notes]
