"""assistant.demanded: a question for the requirements of a year or of somebody, answered by those recorded."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from assistant.__main__ import main
from assistant.ask import ask
from assistant.chat import open_chat
from assistant.exporting import make_exchange, write_export
from assistant.wording import say_further, say_status, write_answer
from core.settings import EXTRACTIVE
from core.types import CaveatKind, SentenceKind, Status, Strength
from retriever.obligations import search_obligations
from store.archive import Archive
from tests.conftest import take_in
from tests.endpoint import serve

pytestmark = pytest.mark.model


@pytest.mark.parametrize(
    ("question", "year", "bound", "strengths"),
    [
        ("What was required of schools in 2022?", 2022, "schools", (Strength.must, Strength.must_not)),
        ("What must schools not do in 2024?", 2024, "schools", (Strength.must_not,)),
        ("What may teachers do in 2024?", 2024, "teachers", (Strength.may,)),
        ("2021年对学校提出了哪些要求？", 2021, "学校", (Strength.must, Strength.must_not)),
        ("学校在2022年不得做什么？", 2022, "学校", (Strength.must_not,)),
        ("What was required in 2019?", 2019, "", (Strength.must, Strength.must_not)),
    ],
)
def test_the_recorded_requirements_are_quoted_and_the_rest_counted(
    desk: Archive, question: str, year: int, bound: str, strengths: tuple[Strength, ...]
) -> None:
    answer = ask(desk, question)
    recorded = search_obligations(desk, years=[year], strengths=strengths, bound=bound)
    places = {(one.card.notice_id, one.obligation.span.start): one for one in recorded if not one.obligation.exhorts}
    own = {citation.label for citation in answer.citations} - {caveat.by for caveat in answer.caveats}
    quoted = [c for c in answer.citations if c.label in own]
    required = [c for c in quoted if (c.card.notice_id, c.span.start) in places]
    # What is quoted beside them leads in to them.
    assert all(c.quote.endswith((":", "：")) for c in quoted if c not in required)
    assert answer.status is Status.answered
    assert 1 <= len(required) <= 8
    assert answer.further is not None
    assert answer.further.requirements == len(places) - len(required)
    assert (answer.further.years, answer.further.bound, answer.further.strengths) == ((year,), bound, strengths)
    spread = Counter(c.card.notice_id for c in required)
    assert len(spread) >= min(len({notice for notice, _ in places}), 2)
    order = [c.card.notice_id for c in quoted]
    assert order == sorted(order, key=order.index), "the requirements of a notice stand together"
    for notice_id in spread:
        starts = [c.span.start for c in quoted if c.card.notice_id == notice_id]
        assert starts == sorted(starts)


def test_how_much_more_there_is_is_said_wherever_the_answer_is(desk: Archive) -> None:
    answer = ask(desk, "What was required in 2019?")
    assert answer.further is not None
    said = say_further(answer)
    assert said.startswith(f"{answer.further.requirements} more requirements of {answer.further.notices} notice")
    assert said.endswith("What was required.")
    assert write_answer(answer).endswith(said)
    chinese = ask(desk, "2021年对学校提出了哪些要求？")
    assert chinese.further is not None
    assert f"{chinese.further.requirements}项要求" in say_further(chinese)


def test_an_export_says_how_much_more_there_is(desk: Archive) -> None:
    answer = ask(desk, "What was required in 2019?")
    exchange = make_exchange(desk.catalogue, answer.question, answer)
    written = write_export(desk.catalogue, [exchange], ".md", "plain").decode()
    assert say_further(answer).rstrip(".") in written


def test_no_model_chooses_among_requirements(desk: Archive) -> None:
    with serve() as endpoint:
        chat = open_chat("openai:scripted", url=endpoint.url, key="sk-1", seconds=30)
        answer = ask(desk, "What must schools not do in 2024?", chat=chat)
    assert answer.status is Status.answered
    assert answer.model == EXTRACTIVE
    assert endpoint.prompts == []


def test_what_was_repealed_since_is_said_beside_it(desk: Archive) -> None:
    answer = ask(desk, "What was required in 2019?")
    assert {CaveatKind.superseded, CaveatKind.amended} <= {caveat.kind for caveat in answer.caveats}


@pytest.mark.parametrize("question", ["What was required about school charters in 2022?", "What is the bursary?"])
def test_a_question_with_a_topic_is_asked_of_the_notices(desk: Archive, question: str) -> None:
    answer = ask(desk, question)
    assert answer.sentences
    assert answer.further is None
    assert say_further(answer) == ""


def test_a_name_that_no_notice_binds_is_a_topic(desk: Archive) -> None:
    assert ask(desk, "What must the moon do in 2022?").further is None


def test_no_absence_is_claimed_that_the_rules_cannot_see(desk: Archive) -> None:
    answer = ask(desk, "What must teachers not do in 2018?")
    assert answer.status is Status.no_evidence
    assert say_status(answer).startswith("No such requirement was found. One in unusual words may be missed.")
    assert answer.nearest
    assert answer.confidence == 0.0
    chinese = ask(desk, "教师在2018年不得做什么？")
    assert say_status(chinese).startswith("未找到此类要求；措辞特殊的可能遗漏。")
    partly = ask(desk, "What was required of universities in 2019, 2030 and 2031?")
    assert partly.status is Status.partly
    assert partly.missing == ("2030", "2031")
    assert say_status(partly) == ("No such requirement was found for 2030, 2031. One in unusual words may be missed.")


def test_each_year_that_is_asked_for_has_its_own(desk: Archive) -> None:
    answer = ask(desk, "What was required of schools in 2021 and 2022?")
    years = [citation.card.year for citation in answer.citations]
    assert set(years) == {2021, 2022}
    assert years == sorted(years)  # type: ignore[type-var]


def test_only_notices_of_the_filter_are_quoted(desk: Archive) -> None:
    answer = ask(desk, "What must schools do?", years=[2021])
    ends = {caveat.by for caveat in answer.caveats}
    assert {citation.card.year for citation in answer.citations if citation.label not in ends} == {2021}
    assert answer.further is not None
    assert answer.further.years == (2021,)


def test_a_party_is_found_in_the_other_language_and_a_point_with_what_leads_in(
    tmp_path: Path, archive: Archive
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "zh.txt").write_text("关于借阅的通知\n\n学校应当免费借阅图书。\n", encoding="utf-8")
    points = "Parents must:\n\n- keep a list of absences;\n- send it to the school each week.\n"
    (folder / "en.txt").write_text(f"Notice on lists\n\n{points}", encoding="utf-8")
    dates = "path,issued_on\nzh.txt,2016-03-01\nen.txt,2017-03-01\n"
    (folder / "sources.csv").write_text(dates, encoding="utf-8")
    take_in(archive, folder)
    answer = ask(archive, "What was required of schools in 2016?")
    assert [sentence.text for sentence in answer.sentences] == ["学校应当免费借阅图书。"]
    assert answer.further is not None
    assert answer.further.bound == "学校"
    answer = ask(archive, "家长在2017年必须做什么？")
    assert [(sentence.kind, sentence.text) for sentence in answer.sentences] == [
        (SentenceKind.sentence, "Parents must:"),
        (SentenceKind.point, "- keep a list of absences"),
        (SentenceKind.point, "- send it to the school each week."),
    ]


def test_the_command_line_tells_what_is_left_and_what_was_searched_in_vain(
    desk: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    def ask_line(question: str) -> dict[str, object]:
        assert main([question, "--json", "--store", str(desk.folder)]) == 0
        return dict(json.loads(capsys.readouterr().out))

    line = ask_line("What must schools not do in 2024?")
    assert line["further"] == {
        "requirements": 0, "notices": 0, "years": [2024], "strengths": ["must_not"], "bound": "schools",
    }  # fmt: skip
    assert line["searched"]["listed"] == []  # type: ignore[index]
    line = ask_line("What must teachers not do in 2018?")
    searched = line["searched"]
    assert isinstance(searched, dict)
    of_year = [card for card in desk.catalogue.cards() if card.year == 2018]
    assert searched["notices"] == len(desk.catalogue.cards())
    assert {one["notice_id"] for one in searched["listed"]} == {card.notice_id for card in of_year}
    assert all(one["title"] for one in searched["listed"])


def test_what_many_notices_say_alike_is_quoted_once_and_another_figure_is_another_rule(
    tmp_path: Path, archive: Archive
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for town, hours in (("Ashby", 2), ("Barton", 2), ("Corby", 3)):
        rule = f"Schools must open their library and reading room to all pupils for {hours} hours each school day."
        (folder / f"{town}.txt").write_text(f"Notice of {town} on libraries\n\n{rule}\n", encoding="utf-8")
    towns = ("Ashby", "Barton", "Corby")
    rows = "".join(f"{town}.txt,2017-03-0{day}\n" for day, town in enumerate(towns, start=1))
    (folder / "sources.csv").write_text(f"path,issued_on\n{rows}", encoding="utf-8")
    take_in(archive, folder)
    answer = ask(archive, "What was required of schools in 2017?")
    assert sorted("2 hours" in sentence.text for sentence in answer.sentences) == [False, True]
    assert answer.further is not None
    assert (answer.further.requirements, answer.further.notices) == (1, 1)
    assert say_further(answer).startswith("1 more requirement of 1 notice:")


def test_one_of_a_longer_name_is_another(tmp_path: Path, archive: Archive) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    text = "Notice on offices\n\nThe Superintendent must keep a list.\n\nThe Assistant Superintendent must read it.\n"
    (folder / "a.txt").write_text(text, encoding="utf-8")
    take_in(archive, folder)
    answer = ask(archive, "What must the superintendent do?")
    assert [sentence.text for sentence in answer.sentences] == ["The Superintendent must keep a list."]
