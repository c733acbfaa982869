"""The page Settings and status, as Streamlit runs it: language, condition, the trail with its file."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from core.people import Person, Role
from core.version import VERSION
from store.archive import Archive
from store.audit import Action, record_event
from store.condition import Problem
from store.embedder import Embedder
from store.feedback import Reason, count_feedback, give_feedback
from store.people import remember_person
from store.records import Records
from store.runs import Failure, Run, keep_run
from tests.conftest import ROOT
from tests.test_conversations import _answer
from views.identity import Refusal
from views.trail import name_person
from views.wording import read_words

pytestmark = pytest.mark.model


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return Records(tmp_path / "store")


@pytest.fixture
def app(tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The page over an empty desk of the test's own."""
    Archive(tmp_path / "store", embedder).close()
    monkeypatch.setenv("POLICY_DESK_STORE", str(tmp_path / "store"))
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)


def _show(app: AppTest) -> str:
    """The words of the page."""
    _open(app, "status")
    return _read(app)


def _open(app: AppTest, path: str) -> None:
    # AppTest itself switches to pages that are files only.
    app._page_hash = calc_hash(path)
    app.run()


def _read(app: AppTest) -> str:
    assert not app.exception
    kinds = (app.title, app.subheader, app.markdown, app.caption, app.warning, app.success, app.info)
    return "\n".join(str(element.value).replace("\\", "") for kind in kinds for element in kind)


def test_what_is_wrong_is_said_with_what_to_do_and_in_chinese_where_it_is_chosen(app: AppTest) -> None:
    said = _show(app)
    assert "Put some into a folder and run `python -m ingest FOLDER`" in said
    assert f"**Version**: {VERSION}" in said
    assert "Nothing has been ingested" in said
    app.selectbox(key="language_on_page").set_value("zh").run()
    assert "设置与状态" in _read(app)
    assert f"**版本**：{VERSION}" in _read(app)
    # It holds on the other pages, and the browser's is had back.
    _open(app, "check")
    assert app.title[0].value == read_words("zh")["check"]
    app.selectbox(key="language_choice").set_value("browser").run()
    assert app.title[0].value == read_words("en")["check"]


def test_a_run_is_shown_with_what_failed_and_names_are_text(app: AppTest, records: Records) -> None:
    failure = Failure("a*b*.pdf", "it is [damaged](http://x)", "Save a fresh copy.")
    keep_run(records, Action.ingest, Run("2026-11-23T10:00:00+00:00", "command line", 1, 2, 3, 4, (failure,)))
    said = _show(app)
    assert "2026-11-23 10:00 UTC, by the command line" in said
    assert "1 added, 2 changed, 3 removed, 4 unchanged" in said
    assert "1 file could not be read" in said
    assert "Save a fresh copy." in said
    drawn = next(element.value for element in app.markdown if "damaged" in element.value)
    assert r"a\*b\*" in drawn
    assert r"\[damaged\]" in drawn


def test_the_trail_names_people_and_is_filtered(app: AppTest, records: Records) -> None:
    remember_person(records, Person("https://id.example 1", "Li Wei", Role.editor))
    record_event(records, "https://id.example 1", Action.upload, "=a.pdf", "1 added")
    record_event(records, "local", Action.remove, "b.pdf", "removed")
    _show(app)
    rows = app.table[0].value.to_dict("records")
    assert [(row["Who"], row["What"].replace("\\", "")) for row in rows] == [
        ("the user of this machine", "Removed: b.pdf – removed"),
        ("Li Wei", "Upload: =a.pdf – 1 added"),
    ]
    kind = next(box for box in app.selectbox if box.label == "Kind of change")
    kind.set_value(Action.upload).run()
    assert [row["Who"] for row in app.table[0].value.to_dict("records")] == ["Li Wei"]


def test_feedback_is_counted_by_reason(app: AppTest, records: Records) -> None:
    give_feedback(records, "a", _answer("Who?"), [], good=True)
    give_feedback(records, "b", _answer("Who?"), [], good=False, reason=Reason.wrong_year)
    give_feedback(records, "c", _answer("Where?"), [], good=False, reason=Reason.wrong_year)
    assert count_feedback(records) == (1, {Reason.wrong_year: 2})
    assert "wrong year: 2" in _show(app)


def test_a_reader_sees_neither_the_trail_nor_the_files_that_failed(
    app: AppTest, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    failure = Failure("a.pdf", "it is damaged", "Save a fresh copy.")
    keep_run(records, Action.ingest, Run("2026-11-23T10:00:00+00:00", "local", 1, 2, 3, 4, (failure,)))
    monkeypatch.setenv("POLICY_DESK_OPEN_WITHOUT_SIGN_IN", "true")
    said = _show(app)
    assert "1 file could not be read" in said
    assert "a.pdf" not in said
    assert "Trail of changes" not in said


def test_the_version_is_the_project_s() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == VERSION


def test_a_guest_and_somebody_unknown() -> None:
    words = read_words("en")
    assert name_person("guest 0af3", {}, words) == "a guest"
    assert name_person("https://id.example 1", {}, words) == "https://id.example 1"


def test_every_problem_every_kind_of_change_every_reason_and_every_role_has_its_words() -> None:
    names = [f"problem_{p.value}" for p in Problem] + [f"action_{a.value}" for a in Action]
    names += [f"opinion_{r.value}" for r in Reason] + [f"role_{r.value}" for r in Role]
    names += [f"door_{r.value}" for r in Refusal]
    assert [name for name in names if name not in read_words("zh")] == []
