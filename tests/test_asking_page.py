"""The page Ask as Streamlit runs it: filters, a question edited and asked again, thumbs with a reason."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.types import Answer, Status
from store.archive import Archive
from store.feedback import Reason, read_feedback
from store.records import Records
from tests.conftest import ROOT

pytestmark = pytest.mark.model

_CHARTERS = "What was required about school charters?"
_PRESIDED = "Who presided over the Sichuan meeting?"
_FINANCE = "Yunlan Provincial Department of Education; Yunlan Provincial Department of Finance"


@pytest.fixture
def folder(desk: Archive, tmp_path: Path) -> Path:
    """A copy of the desk of the session, so that records are the test's own."""
    copied = tmp_path / "desk"
    shutil.copytree(desk.folder, copied, ignore=shutil.ignore_patterns("records.sqlite*"))
    return copied


@pytest.fixture
def app(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The app over that desk, opened."""
    monkeypatch.setenv("POLICY_DESK_STORE", str(folder))
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()


def _ask(app: AppTest, question: str) -> Answer:
    app.chat_input[0].set_value(question).run()
    assert not app.exception
    answer: Answer = app.session_state["turns"][-1].answer
    return answer


def _press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label.replace("\\", "") == label).click().run()
    assert not app.exception


def _labels(app: AppTest) -> list[str]:
    return [button.label.replace("\\", "") for button in app.button]


def test_filters_are_used_seen_and_cleared(app: AppTest) -> None:
    app.multiselect(key="years").set_value([2019, 2020]).run()
    app.multiselect(key="issuers").set_value([_FINANCE]).run()
    app.selectbox(key="only_language").set_value("en").run()
    assert {"2019 ✕", "2020 ✕", "English ✕", "Clear all filters"} <= set(_labels(app))
    assert any("Only 2 of 29 notices" in markdown.value for markdown in app.markdown)
    answer = _ask(app, "How much is the bursary?")
    assert answer.status is Status.answered
    assert (answer.searched.notices, answer.searched.years) == (2, (2019, 2020))
    assert answer.searched.issuers == (_FINANCE,)
    assert answer.citations[0].card.year == 2019
    _press(app, "2019 ✕")
    assert app.multiselect(key="years").value == [2020]
    assert _ask(app, "Who pays the rural teacher bursary?").searched.notices == 1
    _press(app, "Clear all filters")
    assert app.multiselect(key="issuers").value == []
    assert app.selectbox(key="only_language").value == ""
    assert not any("✕" in label for label in _labels(app))
    assert _ask(app, _CHARTERS).searched.notices == 29


def test_an_edited_question_takes_the_place_of_the_turn_and_of_those_after_it(app: AppTest) -> None:
    _ask(app, _CHARTERS)
    _ask(app, _PRESIDED)
    _ask(app, "What are the class size limits by stage?")
    app.button(key="edit-1").click().run()
    assert app.text_area(key="edited-1").value == _PRESIDED
    app.text_area(key="edited-1").set_value("How much was the rural teacher bursary in 2019?")
    _press(app, "Ask again")
    turns = app.session_state["turns"]
    assert [turn.question for turn in turns] == [_CHARTERS, "How much was the rural teacher bursary in 2019?"]
    assert turns[1].answer.status is Status.answered
    assert not app.text_area
    assert [message.name for message in app.chat_message] == ["user", "assistant"] * 2


def test_an_edit_that_is_cancelled_or_emptied_changes_nothing(app: AppTest) -> None:
    _ask(app, _PRESIDED)
    before = app.session_state["turns"][0]
    app.button(key="edit-0").click().run()
    _press(app, "Cancel")
    assert not app.text_area
    app.button(key="edit-0").click().run()
    app.text_area(key="edited-0").set_value(" … ")
    _press(app, "Ask again")
    assert app.session_state["turns"] == [before]


def test_thumbs_are_kept_with_a_reason_and_taken_back(app: AppTest, folder: Path) -> None:
    _ask(app, _CHARTERS)
    answer = _ask(app, _PRESIDED)
    records = Records(folder)
    thumbs = app.feedback[1]
    thumbs.set_value(1).run()
    assert [(one.good, one.question, one.history) for one in read_feedback(records)] == [
        (True, _PRESIDED, (_CHARTERS,))
    ]
    assert any("Thank you" in caption.value for caption in app.caption)
    app.feedback[1].set_value(0).run()
    assert [one.good for one in read_feedback(records)] == [False]
    app.radio[0].set_value(Reason.wrong_year)
    app.text_area[0].set_value("It was in 2022.")
    _press(app, "Send")
    (kept,) = read_feedback(records)
    assert (kept.good, kept.reason, kept.comment, kept.answer) == (False, "wrong_year", "It was in 2022.", answer)
    assert not app.radio
    app.feedback[1].set_value(None).run()
    assert read_feedback(records) == []
    records.close()


@pytest.mark.parametrize("question", ["How much was the rural teacher bursary in 2019?", "学校章程修订有哪些要求？"])
def test_each_follow_up_that_is_shown_is_answered(app: AppTest, question: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # How many are tried hangs on how fast the machine is: here, all.
    monkeypatch.setattr("assistant.follow_ups._LATEST", 600.0)
    before = _ask(app, question)
    shown = [button.label for button in app.button if (button.key or "").startswith("follow-up-")]
    assert 2 <= len(shown) <= 3
    for number in range(len(shown)):
        app.button(key=f"follow-up-{number}").click().run()
        turns = app.session_state["turns"]
        assert [turn.question for turn in turns] == [question, turns[1].question]
        answer = turns[1].answer
        assert answer.status is Status.answered
        assert answer.language == before.language
        assert {c.span for c in answer.citations} - {c.span for c in before.citations}
        # Back to the first answer, below which the same questions stand.
        del turns[1:]
        app.run()
        assert [b.label for b in app.button if (b.key or "").startswith("follow-up-")] == shown


def test_a_refusal_suggests_nothing(app: AppTest) -> None:
    assert _ask(app, "Who won the football cup of Antarctica?").status is Status.no_evidence
    assert not any((button.key or "").startswith("follow-up-") for button in app.button)
