"""Conversations on the page Ask: kept, shown again by their address, one's own, and no answer's hindrance."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from hypothesis import given, settings, strategies
from streamlit.testing.v1 import AppTest

from assistant.permanence import Fate, look_up
from core.errors import UnknownConversationError
from core.people import Person, Role
from core.types import Answer, Searched, Status
from store.archive import Archive
from store.conversations import Conversations, Turn
from store.records import Records
from tests.conftest import ROOT, take_in
from views import identity
from views.wording import read_words

CHARTERS = "# School charters\n\nEvery school files its charter with the county office by 1 June.\n\n{more}\n"
LOCKERS = "A locker costs 20 yuan a term."
ASKED = "What does a locker cost?"
WORDS = read_words("en")
Open = Callable[..., AppTest]


@pytest.fixture
def store(archive: Archive, tmp_path: Path) -> Iterator[Path]:
    """A desk of one notice."""
    (tmp_path / "notices").mkdir()
    (tmp_path / "notices" / "charters.md").write_text(CHARTERS.format(more=LOCKERS), encoding="utf-8")
    assert not take_in(archive, tmp_path / "notices").failed
    yield archive.folder
    st.cache_resource.clear()


@pytest.fixture
def visit(store: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Begins a session at the desk, as a person, with a conversation in the address."""
    monkeypatch.setenv("POLICY_DESK_STORE", str(store))

    def begin(talk: str = "", person: str = "a") -> AppTest:
        monkeypatch.setattr(identity, "identify", lambda _access: Person(person, "", Role.reader))
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        if talk:
            app.query_params["talk"] = talk
        return app.run()

    return begin


def _ask(app: AppTest, question: str) -> AppTest:
    app.chat_input[0].set_value(question).run()
    assert not app.exception
    return app


def _list_titles(app: AppTest) -> list[str]:
    return [menu.label.partition(": ")[2] for menu in app.menu_button]


def _list_captions(app: AppTest) -> list[str]:
    return [caption.value.replace("\\", "") for caption in app.caption]


def _press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


def _read_talk(app: AppTest) -> str:
    named = app.query_params["talk"]
    return named if isinstance(named, str) else named[0]


def _drawn(app: AppTest) -> list[dict[str, object]]:
    """What the answers' component is given to draw."""
    given = [element.proto for element in app.get("bidi_component")]
    return [json.loads(proto.json) for proto in given if '"groups"' in proto.json]


@pytest.mark.model
def test_a_conversation_is_there_again_at_its_address_and_after_a_restart(visit: Open) -> None:
    app = visit()
    assert WORDS["no_talks"] in _list_captions(app)
    assert "talk" not in app.query_params
    _ask(_ask(app, ASKED), "When are charters filed?")
    answers = [turn.answer for turn in app.session_state["turns"]]
    st.cache_resource.clear()
    again = visit(_read_talk(app))
    assert [turn.answer for turn in again.session_state["turns"]] == answers
    assert [message.name for message in again.chat_message] == ["user", "assistant"] * 2
    _ask(again, "Who files the charter?")
    assert len(visit(_read_talk(app)).session_state["turns"]) == 3


@pytest.mark.model
def test_renamed_searched_left_and_opened(visit: Open) -> None:
    app = _ask(visit(), ASKED)
    first = _read_talk(app)
    _press(app, WORDS["new"])
    assert "talk" not in app.query_params
    _ask(app, "When are charters filed?")
    assert _list_titles(app)[0].startswith("When are charters")
    next(menu for menu in app.menu_button if first in (menu.key or "")).click("rename").run()
    title = next(box for box in app.text_input if box.label == WORDS["talk_title"])
    title.set_value("*Lockers* <b>")
    _press(app, WORDS["save_title"])
    assert "\\*Lockers\\* &lt;b&gt;" in _list_titles(app)
    app.text_input(key="talk_search").set_value("LOCKER yuan").run()
    assert len(_list_titles(app)) == 1
    app.text_input(key="talk_search").set_value("zebra").run()
    assert WORDS["no_talk_found"] in _list_captions(app)
    app.text_input(key="talk_search").set_value("").run()
    app.button(key=f"talk-{first}").click().run()
    assert _read_talk(app) == first
    assert [turn.question for turn in app.session_state["turns"]] == [ASKED]
    app.menu_button(key=f"talk-menu-{first}").click("delete").run()
    assert "deleted for good" in app.markdown[-1].value


@pytest.mark.model
def test_the_conversation_of_another_is_not_there(visit: Open) -> None:
    mine = _ask(visit(person="a"), ASKED)
    theirs = visit(_read_talk(mine), person="b")
    assert "no such conversation" in theirs.warning[0].value
    assert theirs.session_state["turns"] == []
    assert _list_titles(theirs) == []
    assert ASKED not in str(theirs)


@pytest.mark.model
def test_who_signs_in_after_another_finds_nothing_of_theirs(visit: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    app = _ask(visit(person="a"), ASKED)
    monkeypatch.setattr(identity, "identify", lambda _access: Person("b", "", Role.reader))
    app.run()
    assert app.session_state["turns"] == []


@pytest.mark.model
def test_a_citation_outlives_its_notice_and_never_shows_other_words(visit: Open, store: Path, archive: Archive) -> None:
    app = _ask(visit(), ASKED)
    citation = app.session_state["turns"][0].answer.citations[0]
    notices = store.parent / "notices"
    (notices / "charters.md").write_text(CHARTERS.format(more="A locker costs 35 yuan a term."), encoding="utf-8")
    take_in(archive, notices)
    st.cache_resource.clear()
    again = visit(_read_talk(app))
    assert not again.exception
    [values] = _drawn(again)
    assert "20 yuan" not in json.dumps(values)
    sentence = values["groups"][0]["blocks"][0]["sentences"][0]  # type: ignore[index]
    assert sentence["changed"] == WORDS["changed"]
    assert [label["number"] for label in sentence["labels"]] == [citation.label]
    standing = look_up(archive.catalogue, citation.card.notice_id, citation.span)
    assert standing.fate is Fate.changed
    assert standing.cited is not None
    assert citation.span.of(standing.cited.text) == citation.quote
    assert standing.present is not None
    assert "35 yuan" in standing.present.text


@pytest.mark.model
def test_an_answer_that_cannot_be_read_hides_no_other(visit: Open, store: Path) -> None:
    app = _ask(_ask(visit(), ASKED), "When are charters filed?")
    with sqlite3.connect(store / "records.sqlite") as connection:
        connection.execute("UPDATE turns SET answer = '{}' WHERE place = 0")
    again = visit(_read_talk(app))
    assert not again.exception
    assert [turn.answer is None for turn in again.session_state["turns"]] == [True, False]
    assert ASKED in again.chat_message[0].markdown[0].value.replace("\\", "")
    assert "cannot read" in again.chat_message[1].info[0].value
    assert len(_drawn(again)) == 1


@pytest.mark.model
def test_a_full_disk_costs_no_answer_and_is_told_until_there_is_room(visit: Open, store: Path) -> None:
    app = visit()
    with sqlite3.connect(store / "records.sqlite") as connection:
        connection.execute(
            "CREATE TRIGGER full BEFORE INSERT ON turns BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END"
        )
    _ask(app, ASKED)
    assert len(app.session_state["turns"]) == 1
    assert "no room" in app.warning[0].value
    with sqlite3.connect(store / "records.sqlite") as connection:
        connection.execute("DROP TRIGGER full")
    _ask(app, "When are charters filed?")
    assert not app.warning
    kept = visit(_read_talk(app)).session_state["turns"]
    assert [turn.question for turn in kept] == [ASKED, "When are charters filed?"]


@pytest.mark.model
def test_two_windows_on_one_conversation_lose_nothing(visit: Open) -> None:
    one = _ask(visit(), ASKED)
    other = visit(_read_talk(one))
    _ask(one, "When are charters filed?")
    _ask(other, "Who files the charter?")
    assert _read_talk(other) != _read_talk(one)
    asked = [[turn.question for turn in visit(_read_talk(app)).session_state["turns"]] for app in (one, other)]
    assert asked == [[ASKED, "When are charters filed?"], [ASKED, "Who files the charter?"]]


_STEPS = strategies.lists(
    strategies.tuples(
        strategies.sampled_from(["a", "b"]),
        strategies.sampled_from(["start", "put", "rename", "delete", "read"]),
        strategies.integers(0, 5),
    ),
    max_size=20,
)


@settings(max_examples=25, deadline=None)
@given(_STEPS)
def test_whatever_two_persons_do_each_has_their_own(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, int]]
) -> None:
    records = Records(tmp_path_factory.mktemp("records"))
    known: list[tuple[str, str]] = []
    own: dict[str, dict[str, list[str]]] = {"a": {}, "b": {}}
    for number, (person, step, chosen) in enumerate(steps):
        desk, words = Conversations(records, person), f"{person} {number}"
        if step == "start" or not known:
            name = desk.start(words)
            known.append((person, name))
            own[person][name] = []
            continue
        owner, name = known[chosen % len(known)]
        turn = Turn(words, Answer(words, "en", Status.no_evidence, Searched(1, ())))
        try:
            if step == "put":
                desk.put(name, len(own[owner].get(name, [])), turn)
                own[person][name].append(words)
            elif step == "rename":
                desk.rename(name, words)
            elif step == "delete":
                desk.delete([name])
                del own[person][name]
            else:
                desk.read(name)
            assert person == owner
        except UnknownConversationError:
            assert name not in own[person]
    for person, talks in own.items():
        desk = Conversations(records, person)
        assert {talk.conversation_id for talk in desk.find()} == set(talks)
        assert all(talk.title.startswith(person) for talk in desk.find())
        assert {name: [turn.question for turn in desk.read(name)] for name in talks} == talks
    records.close()


@pytest.mark.model
def test_what_was_deleted_in_another_window_is_not_brought_back_by_the_next_answer(visit: Open, store: Path) -> None:
    app = _ask(visit(), ASKED)
    records = Records(store)
    mine = Conversations(records, "a")
    mine.delete([_read_talk(app)])
    _ask(app, "When are charters filed?")
    assert mine.find() == []
    assert WORDS["not_kept_deleted"] in [warning.value.replace("\\", "") for warning in app.warning]
    records.close()
