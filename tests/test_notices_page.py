"""views.notices as Streamlit runs it: editors restore what was removed, readers are told why they may not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.intake import Fate, Outcome
from core.people import Person, Role
from ingest.uploads import Door
from store.archive import Archive
from store.catalogue import name_notice
from store.records import Records
from tests.conftest import CORPUS, LIMITS, take_in
from views.notices_intake import _describe_outcome
from views.wording import read_words

pytestmark = pytest.mark.model
_TEXT = "On canteens\n\nCanteens must serve blue radishes every Friday."


def _draw(archive: object, door: object, person: object) -> None:
    from views.notices import show_notices_page

    show_notices_page(archive, door, person)  # type: ignore[arg-type]


@pytest.fixture
def door(archive: Archive) -> Iterator[Door]:
    records = Records(archive.folder)
    yield Door(archive, records, LIMITS)
    records.close()


def _open(archive: Archive, door: Door, role: Role) -> AppTest:
    person = Person("w", "Wei Lan", role)
    app = AppTest.from_function(_draw, args=(archive, door, person), default_timeout=120).run()
    assert not app.exception
    return app


def _labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def test_a_reader_finds_no_way_to_change_anything_and_is_told(archive: Archive, door: Door) -> None:
    app = _open(archive, door, Role.reader)
    assert "Add to the desk" not in _labels(app)
    assert any("Only an editor" in caption.value for caption in app.caption)
    assert "no notices on the desk" in app.info[0].value
    assert "Add to the desk" in _labels(_open(archive, door, Role.editor))


def test_what_was_removed_is_restored_by_an_editor_only(archive: Archive, door: Door, tmp_path: Path) -> None:
    file = tmp_path / "canteens.txt"
    file.write_text(_TEXT, encoding="utf-8")
    take_in(archive, file)
    door.remove(Person("e", "Wei Lan", Role.editor), [name_notice(_TEXT)])
    assert "Restore" not in _labels(_open(archive, door, Role.reader))
    app = _open(archive, door, Role.editor)
    next(button for button in app.button if button.label == "Restore").click().run()
    assert not app.exception
    assert [card.path for card in archive.catalogue.cards()] == ["canteens.txt"]
    assert any("On canteens: Restored" in line.value.replace("*", "") for line in app.markdown)
    assert "Restore" not in _labels(app)
    next(button for button in app.button if button.label == "Close this list").click().run()
    assert not any("Restored" in line.value for line in app.markdown)


def test_a_search_without_a_hit_says_so_and_both_languages_have_words(archive: Archive, door: Door) -> None:
    take_in(archive, CORPUS / "samples" / "2018-school-charters.md", CORPUS / "samples" / "2019-class-size.docx")
    app = _open(archive, door, Role.reader)
    assert app.subheader[0].value == "2 of 2 notices"
    app.text_input[0].set_value("charters").run()
    assert app.subheader[0].value == "1 of 2 notices"
    app.text_input[0].set_value("zebra").run()
    assert "No notice fits" in app.info[0].value
    app.session_state["language"] = "zh"
    app.run()
    assert not app.exception
    assert app.title[0].value == "文件库"


def test_nothing_in_a_name_is_markup() -> None:
    hostile = "a](http://evil.example)\n\n# <img src=x>\u202e|.txt"
    outcome = Outcome(hostile, Fate.duplicate, "0" * 16, hostile, f"x/{hostile}", hostile, hostile, (hostile,))
    for line in _describe_outcome(outcome, read_words("en")).split("\n"):
        assert line.lstrip().startswith("- ")
        assert "](http://evil" not in line
        assert "<img" not in line
        assert "\u202e" not in line
