"""views.description: what the page draws of an answer, without a page."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from assistant.wording import say_advice, say_status
from core.types import (
    Answer,
    AnswerSentence,
    Caveat,
    CaveatKind,
    Citation,
    NoticeCard,
    Pinpoint,
    Place,
    Searched,
    SentenceKind,
    Span,
    Status,
    Withheld,
)
from views.description import TableRow, describe_answer
from views.wording import read_words

_OLD = NoticeCard("old", "old.md", "Notice on lockers", "Bureau", "No. 7 [2019]", "2019-03-01", 2019)
_NEW = NoticeCard("new", "new.md", "Notice on free lockers", "Bureau", "No. 9 [2022]", "2022-03-01", 2022)


def _answer(*quotes: tuple[NoticeCard, str, SentenceKind], question: str = "How much is a locker?") -> Answer:
    """An answer of these quotes, labelled in their order."""
    citations = tuple(
        Citation(place, card, Span(place * 100, place * 100 + len(text)), text)
        for place, (card, text, _) in enumerate(quotes, 1)
    )
    sentences = tuple(AnswerSentence(text, (place,), kind) for place, (_, text, kind) in enumerate(quotes, 1))
    return Answer(question, "en", Status.answered, Searched(2, (2019, 2022)), sentences, citations)


def _describe(answer: Answer, tables: dict[int, TableRow] | None = None) -> dict[str, Any]:
    return describe_answer(answer, {c.label for c in answer.citations}, read_words("en"), tables)


def _say(pieces: list[dict[str, Any]]) -> str:
    return "".join(str(piece.get("text") or f"[{piece['number']}]") for piece in pieces)


_SAID = SentenceKind.sentence


def test_a_replaced_notice_is_told_above_its_quotes_and_marked_at_label_and_source() -> None:
    answer = _answer((_OLD, "A locker is 20 yuan.", _SAID), (_NEW, "No. 7 [2019] is repealed.", _SAID))
    values = _describe(replace(answer, caveats=(Caveat(CaveatKind.superseded, (1,), 2),)))
    old, new = values["groups"]
    assert [caveat["kind"] for caveat in old["caveats"]] == ["superseded"]
    assert "[1] was repealed or replaced by a later notice: see [2]." in _say(old["caveats"][0]["pieces"])
    assert {piece["number"] for piece in old["caveats"][0]["pieces"] if "number" in piece} == {1, 2}
    assert old["blocks"][0]["sentences"][0]["labels"][0]["replaced"]
    assert new["heading"].startswith("Notice on free lockers")
    assert not new["caveats"]
    assert not new["blocks"][0]["sentences"][0]["labels"][0]["replaced"]
    assert [source["replaced"] for source in values["sources"]] == [True, False]
    assert values["words"]["replaced_since"] == "replaced since"


def test_what_repeals_stands_under_its_own_notice_wherever_that_stands() -> None:
    quotes = [(_NEW, "Lockers are free.", _SAID), (_OLD, "A locker is 20 yuan.", _SAID)]
    answer = _answer(*quotes, (_NEW, "No. 7 [2019] is repealed.", _SAID))
    values = _describe(replace(answer, caveats=(Caveat(CaveatKind.superseded, (2,), 3),)))
    assert [group["heading"].split(" (")[0] for group in values["groups"]] == [_NEW.title, _OLD.title]
    assert [s["labels"][0]["number"] for s in values["groups"][0]["blocks"][0]["sentences"]] == [1, 3]


def test_a_drafted_text_is_one_text_and_what_repeals_still_has_its_notice() -> None:
    answer = _answer((_OLD, "A.", _SAID), (_NEW, "B.", _SAID), (_OLD, "C.", _SAID), (_NEW, "It ends.", _SAID))
    answer = replace(answer, model="openai:m", caveats=(Caveat(CaveatKind.superseded, (1, 3), 4),))
    groups = _describe(answer)["groups"]
    assert [group["heading"].split(" (")[0] for group in groups] == ["", _NEW.title]
    assert len(groups[0]["blocks"][0]["sentences"]) == 3


def test_notices_that_differ_are_told_first_and_garbled_words_at_their_sentence() -> None:
    answer = _answer((_OLD, "A locker is 20 yuan.", _SAID), (_NEW, "A locker is 30 yuan 5.", _SAID))
    caveats = (Caveat(CaveatKind.differ, (1, 2)), Caveat(CaveatKind.garbled, (2,)))
    values = _describe(replace(answer, caveats=caveats))
    assert _say(values["caveats"][0]["pieces"]) == (
        "The notices give different figures: compare [1] (2019-03-01), [2] (2022-03-01)."
    )
    assert not values["groups"][0]["blocks"][0]["sentences"][0]["caveats"]
    assert "look garbled" in _say(values["groups"][1]["blocks"][0]["sentences"][0]["caveats"][0]["pieces"])


def test_a_label_of_a_caveat_whose_source_has_changed_opens_nothing() -> None:
    answer = _answer((_OLD, "A locker is 20 yuan.", _SAID), (_NEW, "It is repealed.", _SAID))
    answer = replace(answer, caveats=(Caveat(CaveatKind.superseded, (1,), 2),))
    values = describe_answer(answer, {1}, read_words("en"))
    assert {p["number"] for p in values["groups"][0]["caveats"][0]["pieces"] if "number" in p} == {1}
    changed = values["groups"][1]["blocks"][0]["sentences"][0]
    assert changed["changed"]
    assert not changed["pieces"]
    assert [source["line"][:17] for source in values["sources"]] == ["Notice on lockers"]


def test_what_was_asked_is_bold_in_a_quote_and_only_there() -> None:
    answer = _answer((_OLD, "A locker is 20 yuan.", _SAID))
    pieces = _describe(answer)["groups"][0]["blocks"][0]["sentences"][0]["pieces"]
    assert [piece["text"] for piece in pieces if piece["strong"]] == ["20 yuan"]
    drafted = replace(answer, sentences=(replace(answer.sentences[0], quoted=False),))
    pieces = _describe(drafted)["groups"][0]["blocks"][0]["sentences"][0]["pieces"]
    assert [piece["strong"] for piece in pieces] == [False]


def test_points_are_a_list_without_the_bullets_of_the_source() -> None:
    points = [(_OLD, "* Lockers are 20 yuan.", SentenceKind.point), (_OLD, "2. Keys are free.", SentenceKind.point)]
    values = _describe(_answer((_OLD, "Schools follow these rules:", _SAID), *points))
    blocks = values["groups"][0]["blocks"]
    assert [block["kind"] for block in blocks] == ["sentences", "points"]
    assert [_say(point["pieces"]) for point in blocks[1]["sentences"]] == ["Lockers are 20 yuan.", "2. Keys are free."]
    assert [piece["text"] for piece in blocks[1]["sentences"][0]["pieces"] if piece["strong"]] == ["20 yuan"]
    assert [point["numbered"] for point in blocks[1]["sentences"]] == [False, True]
    assert values["sources"][0]["citations"][1]["copy"].startswith("“Lockers are 20 yuan.” Notice on lockers.")


def test_rows_of_one_table_are_a_table_with_its_heads() -> None:
    row = SentenceKind.row
    answer = _answer(
        (_OLD, "Stage\tYuan", row), (_OLD, "Primary\t20", row), (_OLD, "Secondary\t30", row), (_OLD, "Kind\tKeys", row)
    )
    tables = {label: TableRow("old", 5 if label < 4 else 12, label in (1, 4)) for label in range(1, 5)}
    first, second = _describe(answer, tables)["groups"][0]["blocks"]
    assert [_say(cell) for cell in first["head"]["cells"]] == ["Stage", "Yuan"]
    assert [[_say(cell) for cell in row["cells"]] for row in first["sentences"]] == [
        ["Primary", "20"],
        ["Secondary", "30"],
    ]
    assert [row["labels"][0]["number"] for row in (first["head"], *first["sentences"])] == [1, 2, 3]
    assert second["head"] is None
    assert len(second["sentences"]) == 1


def test_each_notice_is_once_among_the_sources_with_its_labels() -> None:
    answer = _answer((_OLD, "A.", _SAID), (_NEW, "B.", _SAID), (_OLD, "C.", _SAID))
    paged = (replace(answer.citations[0], place=Pinpoint("", None, 3)), *answer.citations[1:])
    sources = _describe(replace(answer, citations=paged))["sources"]
    assert [[citation["number"] for citation in source["citations"]] for source in sources] == [[1, 3], [2]]
    assert sources[0]["line"] == "Notice on lockers. Bureau, No. 7 [2019], 1 March 2019."
    assert [citation["place"] for citation in sources[0]["citations"]] == ["p. 3", ""]
    assert sources[0]["citations"][0]["copy"].endswith("1 March 2019, p. 3.")


def test_controls_of_direction_reach_the_page_only_as_marks() -> None:
    answer = _answer((replace(_OLD, title="No\u202etice"), "A \u202elocker is 20 yuan.", _SAID))
    answer = replace(answer, withheld=(Withheld("x \u2066y", "z", nearest=Place("old", Span(0, 1))),))
    values = _describe(answer)
    assert not {"\u202e", "\u2066"} & set(json.dumps(values, ensure_ascii=False))
    assert "⟨U+202E⟩" in str(values["groups"])
    assert values["sources"][0]["citations"][0]["copy"].startswith("“A locker is 20 yuan.” Notice.")
    assert values["withheld"][0]["has_nearest"]


@pytest.mark.parametrize(
    ("language", "status", "missing", "advice"),
    [
        (
            "en",
            Status.no_evidence,
            (),
            "Ask in other words or about another year, or add the notice that says it.",
        ),
        ("zh", Status.no_evidence, (), "可换一种说法、换一个年份再问，或加入载有此内容的文件。"),
        ("en", Status.out_of_scope_year, ("1995",), "Ask about 2019, 2022, or add the notices of 1995."),
        ("zh", Status.out_of_scope_year, ("1995年",), "可改问2019, 2022年，或加入1995年的文件。"),
        ("en", Status.partly, ("2020",), ""),
    ],
)
def test_what_to_do_where_the_notices_do_not_answer(
    language: str, status: Status, missing: tuple[str, ...], advice: str
) -> None:
    answer = Answer("?", language, status, Searched(2, (2019, 2022)), missing=missing)
    assert say_advice(answer) == advice
    assert _describe(answer)["advice"] == advice
    assert say_advice(replace(answer, searched=Searched(0, ()))) == ""


def test_a_part_without_evidence_is_named_as_it_was_asked() -> None:
    answer = Answer("?", "en", Status.partly, Searched(2, (2019,)), missing=("who pays for the lockers?",))
    assert say_status(answer).endswith("They say nothing about who pays for the lockers.")
