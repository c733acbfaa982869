"""views.beside: what leads on from an answer, as the page has it and in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.types import Answer, NoticeCard, Searched, Status
from store.archive import Archive
from tests.conftest import ROOT
from views.beside import list_searched, name_searched
from views.wording import read_words


def _searched(count: int, years: tuple[int, ...], of: int | None = 2022) -> Answer:
    cards = tuple(NoticeCard(f"n{place}", "a.md", f"Notice [{place}]", year=of) for place in range(count))
    return Answer("?", "en", Status.no_evidence, Searched(60, (2022,), years, cards))


@pytest.mark.parametrize(
    ("locale", "answer", "said"),
    [
        ("en", _searched(3, (2022,)), "3 notices of 2022 were searched"),
        ("en", _searched(1, (2022,)), "1 notice of 2022 was searched"),
        ("en", _searched(3, (2019, 2020, 2022)), "3 notices of 2019–2020, 2022 were searched"),
        ("en", _searched(3, (2031,)), "3 notices were searched, none of 2031"),
        ("en", _searched(1, (2031,)), "1 notice was searched, not of 2031"),
        ("zh", _searched(3, (2022,)), "已检索2022年的3份文件"),
        ("zh", _searched(3, (2031,)), "已检索3份文件，其中没有2031年的"),
    ],
)
def test_how_many_were_searched_is_said(locale: str, answer: Answer, said: str) -> None:
    assert name_searched(answer, read_words(locale)) == said


def test_fifty_are_listed_and_the_others_counted() -> None:
    lines = list_searched(_searched(53, (2022,)).searched.listed, read_words("en")).split("\n")
    assert len(lines) == 51
    assert lines[0] == "- [Notice \\[0\\]](/?notice=n0)"
    assert lines[-1] == "- and 3 more"
    assert len(list_searched(_searched(50, (2022,)).searched.listed, read_words("en")).split("\n")) == 50


@pytest.fixture
def app(desk: Archive, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The app over the desk of the session."""
    monkeypatch.setenv("POLICY_DESK_STORE", str(desk.folder))
    return AppTest.from_file(str(Path(ROOT) / "app.py"), default_timeout=120)


@pytest.mark.model
def test_an_answer_leads_to_the_other_requirements_with_the_same_choices(app: AppTest) -> None:
    app.run()
    app.chat_input[0].set_value("What was required of schools in 2022?").run()
    assert not app.exception
    further = app.session_state["turns"][0].answer.further
    [link] = app.get("page_link")
    assert link.proto.label.startswith(f"{further.requirements} more requirement")
    assert "from=2022" in link.proto.query_string
    assert "bound=schools" in link.proto.query_string
    assert not app.expander


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "label", "count"),
    [
        ("What must teachers not do in 2018?", "3 notices of 2018 were searched", 3),
        ("What did the notices say about swimming pools in 2018?", "3 notices of 2018 were searched", 3),
        ("What was required of schools in 2031?", "29 notices were searched, none of 2031", 29),
    ],
)
def test_what_was_searched_in_vain_is_listed(app: AppTest, question: str, label: str, count: int) -> None:
    app.run()
    app.chat_input[0].set_value(question).run()
    assert not app.exception
    [listed] = app.expander
    assert listed.label == label
    assert listed.markdown[0].value.count("/?notice=") == count
    assert not app.get("page_link")


@pytest.mark.model
def test_without_a_year_nothing_is_listed(app: AppTest) -> None:
    app.run()
    app.chat_input[0].set_value("Who won the football cup?").run()
    assert app.session_state["turns"][0].answer.status is Status.no_evidence
    assert not app.expander
