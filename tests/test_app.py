"""app.py as Streamlit runs it: the first impression, a question, a refusal, faults told plainly."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from streamlit.testing.v1 import AppTest

from core.types import Status
from store.archive import Archive
from tests.conftest import ROOT
from tests.endpoint import serve
from views.description import describe_answer
from views.source import read_place
from views.wording import escape_markdown, read_words

pytestmark = pytest.mark.model


@pytest.fixture
def app(desk: Archive, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The app over the desk of the session."""
    monkeypatch.setenv("POLICY_DESK_STORE", str(desk.folder))
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)


def _said(app: AppTest) -> str:
    """All the words of the page that AppTest can see."""
    return "\n".join(
        str(element.value) for kind in (app.markdown, app.caption, app.error, app.info) for element in kind
    )


def test_the_first_impression(app: AppTest) -> None:
    app.run()
    assert not app.exception
    assert [metric.value for metric in app.metric] == ["29", "2018–2024", "9"]
    assert "28 of these notices are samples" in _said(app)
    starters = [button for button in app.button if (button.key or "").startswith("starter-")]
    assert len(starters) == 4


def test_a_question_is_added_to_the_conversation(app: AppTest) -> None:
    app.run()
    app.chat_input[0].set_value("Who presided over the Sichuan meeting?").run()
    assert not app.exception
    turns = app.session_state["turns"]
    assert turns[0].answer.status == "answered"
    assert "Zhong Junmin" in turns[0].answer.sentences[0].text
    assert [message.name for message in app.chat_message] == ["user", "assistant"]
    next(button for button in app.button if button.label == "New conversation").click().run()
    assert len(app.metric) == 3


def test_a_chat_model_drafts_and_one_that_fails_is_told(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    true, false = "Teachers must not let an AI tool decide a mark.", "Teachers must not accuse anybody in Paris."
    with serve() as endpoint:
        endpoint.reply = lambda _: f"{true} [1]\n{false} [1]"
        monkeypatch.setenv("POLICY_DESK_CHAT_MODEL", "openai:scripted")
        monkeypatch.setenv("POLICY_DESK_CHAT_URL", endpoint.url)
        app.run()
        app.chat_input[0].set_value("What must teachers not do with AI tools?").run()
        endpoint.status = 500
        app.chat_input[0].set_value("What must teachers not do with AI tools?").run()
    assert not app.exception
    drafted, failed = (turn.answer for turn in app.session_state["turns"])
    assert (drafted.status, drafted.model) == (Status.answered, "openai:scripted")
    assert drafted.sentences[0].text == true
    values = describe_answer(drafted, {citation.label for citation in drafted.citations}, read_words("zh-CN"))
    assert values["drafted"].startswith("Drafted by openai:scripted")
    assert "9. Teachers must not let" in values["sources"][0]["citations"][0]["quote"]
    assert values["withheld_title"] == "未予显示的句子：1句"
    assert values["withheld"][0]["text"] == false
    assert values["withheld"][0]["reason"]
    assert failed.status is Status.model_failed
    values = describe_answer(failed, {citation.label for citation in failed.citations}, read_words("en"))
    assert values["kind"] == "model_failed"
    assert values["status"] == "The chat model broke off or failed. These are the notices' own sentences."
    assert not values["drafted"]
    assert not any(citation["quote"] for source in values["sources"] for citation in source["citations"])


def test_a_chat_model_that_is_not_installed_is_told(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICY_DESK_CHAT_MODEL", "anthropic:claude")
    app.run()
    assert not app.exception
    assert "langchain-anthropic is not installed" in app.error[0].value.replace("\\", "")


def test_a_question_without_words_says_so_and_keeps_the_conversation(app: AppTest) -> None:
    app.run()
    app.chat_input[0].set_value("???").run()
    assert not app.exception
    assert "question is empty" in app.error[0].value.replace("\\", "")
    assert not app.session_state["turns"]


def test_the_filter_of_years_reaches_the_answer(app: AppTest) -> None:
    app.run()
    app.multiselect[0].set_value([2018]).run()
    app.chat_input[0].set_value("What was required about school charters?").run()
    answer = app.session_state["turns"][0].answer
    # What a later notice replaced is said beside it, with that notice's words.
    later = {caveat.by for caveat in answer.caveats}
    assert {citation.card.year for citation in answer.citations if citation.label not in later} == {2018}


def test_a_link_to_a_notice_that_is_gone(app: AppTest) -> None:
    app.query_params["notice"] = "../../etc/passwd"
    app.run()
    assert not app.exception
    assert "not on the desk" in app.error[0].value


def test_a_link_to_a_place_that_is_not_there(app: AppTest, desk: Archive) -> None:
    app.query_params["notice"] = desk.catalogue.cards()[0].notice_id
    app.query_params["at"] = "5-999999999"
    app.run()
    assert not app.exception
    assert "place that this notice does not have" in app.warning[0].value


def test_an_empty_desk(app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICY_DESK_STORE", str(tmp_path / "empty"))
    app.run()
    assert not app.exception
    assert "desk is empty" in app.info[0].value
    assert app.chat_input[0].disabled


def test_a_stale_index_is_told_with_what_to_do(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICY_DESK_EMBEDDING_MODEL", "another/model")
    app.run()
    assert not app.exception
    assert "another/model" in app.error[0].value
    assert any("python -m ingest" in caption.value for caption in app.caption)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=80))
def test_escaped_text_is_shown_as_it_stands(text: str) -> None:
    """CommonMark, the base of what Streamlit renders, finds no mark, link, image or HTML in it."""
    line = " ".join(text.split())
    tokens = MarkdownIt("commonmark", {"html": True}).parseInline(escape_markdown(line))
    kinds = {child.type for token in tokens for child in token.children or []}
    assert kinds <= {"text", "text_special"}
    if "&" not in line:
        assert "".join(child.content for token in tokens for child in token.children or []) == line


@pytest.mark.parametrize(
    ("at", "place"), [("3-5", (3, 5)), ("5-3", None), ("3-11", None), ("", None), ("a-b", None), ("-1-2", None)]
)
def test_places_of_links(at: str, place: tuple[int, int] | None) -> None:
    span = read_place(at, 10)
    assert (None if span is None else (span.start, span.end)) == place


def test_both_languages_have_the_same_words() -> None:
    assert read_words("zh-CN").keys() == read_words("en-GB").keys() == read_words(None).keys()
    assert read_words("zh-CN") is not read_words("en")
