"""Conversations: each person's own, whole after a round trip, found, renamed, deleted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant.ask import ask
from core.errors import UnknownConversationError
from core.place import Place
from core.types import Answer, Searched, Status
from store.archive import Archive
from store.conversations import Conversations, Turn
from store.records import Records


@pytest.fixture
def records(place: Place) -> Iterator[Records]:
    opened = Records(place)
    yield opened
    opened.close()


def _answer(question: str) -> Answer:
    return Answer(question, "en", Status.no_evidence, Searched(3, (2022, 2023)))


def _start(mine: Conversations, *questions: str) -> str:
    name = mine.start(questions[0])
    for place, question in enumerate(questions):
        mine.put(name, place, Turn(question, _answer(question)))
    return name


def test_an_answer_comes_back_as_it_was(records: Records, desk: Archive) -> None:
    answers = [ask(desk, question) for question in ("Who chaired the meeting?", "What is the price of gold?")]
    assert answers[0].citations
    assert answers[1].nearest
    mine = Conversations(records, "a")
    name = mine.start("Who chaired the meeting?")
    for place, answer in enumerate(answers):
        mine.put(name, place, Turn(answer.question, answer))
    assert [turn.answer for turn in Conversations(records, "a").read(name)] == answers


def test_nobody_reaches_a_conversation_of_another(records: Records) -> None:
    mine, theirs = Conversations(records, "a"), Conversations(records, "b")
    name = _start(mine, "What was required of schools?")
    assert theirs.find() == []
    turn = Turn("x", _answer("x"))
    for reach in (
        lambda: theirs.read(name),
        lambda: theirs.rename(name, "theirs"),
        lambda: theirs.put(name, 0, turn),
        lambda: theirs.delete([name]),
    ):
        with pytest.raises(UnknownConversationError):
            reach()
    assert [turn.question for turn in mine.read(name)] == ["What was required of schools?"]


def test_an_edited_question_takes_the_place_of_what_followed(records: Records) -> None:
    mine = Conversations(records, "a")
    name = _start(mine, "one", "two", "three")
    mine.put(name, 1, Turn("other", _answer("other")))
    assert [turn.question for turn in mine.read(name)] == ["one", "other"]


def test_search_finds_all_words_in_what_was_asked_and_answered(records: Records, desk: Archive) -> None:
    mine = Conversations(records, "a")
    first = _start(mine, "100% of schools?", "学校美育有哪些要求？")
    second = _start(mine, "What of universities?")
    answered = ask(desk, "Who chaired the meeting?")
    mine.put(second, 1, Turn(answered.question, answered))
    word = max(answered.sentences[0].text.split(), key=len)
    assert [one.conversation_id for one in mine.find(word.upper())] == [second]
    assert [one.conversation_id for one in mine.find("schools 美育")] == [first]
    assert [one.conversation_id for one in mine.find("100%")] == [first]
    assert mine.find("_") == []


def test_the_newest_comes_first_within_one_second_too(records: Records) -> None:
    mine = Conversations(records, "a")
    begun = [mine.start(str(number)) for number in range(8)]
    assert [one.conversation_id for one in mine.find()] == begun[::-1]


def test_names_and_deletion(records: Records) -> None:
    mine = Conversations(records, "a")
    first, second = _start(mine, "  one\n line "), _start(mine, "two")
    assert {one.title for one in mine.find()} == {"one line", "two"}
    mine.rename(first, "charters")
    mine.rename(first, "  ")
    assert {one.title: one.turns for one in mine.find()} == {"charters": 1, "two": 1}
    with pytest.raises(UnknownConversationError):
        mine.delete([first, "gone"])
    assert len(mine.find()) == 2
    mine.delete([first, second])
    assert mine.find() == []
    with pytest.raises(UnknownConversationError):
        mine.read(first)


def test_the_words_of_an_answer_are_kept_to_the_letter(records: Records) -> None:
    mine = Conversations(records, "a")
    strange = replace(_answer("ａ\u202e𠀀 \x01 'quote' \"; DROP"), missing=("𝔘", "\u0000"))
    name = mine.start(strange.question)
    mine.put(name, 0, Turn(strange.question, strange))
    assert mine.read(name)[0].answer == strange
