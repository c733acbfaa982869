"""store.departed: a notice that left the desk still opens, as it stood, until it is erased."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from core.errors import UnknownNoticeError
from core.place import Place
from core.types import Page, Span
from ingest.__main__ import main
from store.archive import Archive
from store.catalogue import Catalogue, name_notice
from store.embedder import Embedder
from tests.conftest import make_entry

_TEXT = "Article 1 Schools must report.\n\nArticle 2 Parents may ask."


def test_a_notice_that_left_stands_as_it_did(place: Place) -> None:
    catalogue = Catalogue(place)
    entry = make_entry(_TEXT, (Page(1, Span(0, 32)), Page(2, Span(32, len(_TEXT)))), in_force_on="2021-05")
    catalogue.add([entry], [])
    cited = entry.notice.cite(1, Span(32, 58))
    assert (cited.place.clause, cited.place.page) == ("Article 2", 2)
    catalogue.remove(entry.notice.card.notice_id)
    with pytest.raises(UnknownNoticeError):
        catalogue.notice(entry.notice.card.notice_id)
    kept = catalogue.departed(entry.notice.card.notice_id)
    assert kept == entry.notice
    assert kept.cite(1, Span(32, 58)) == cited
    catalogue.close()


def test_one_that_comes_back_has_not_left(place: Place) -> None:
    catalogue = Catalogue(place)
    entry = make_entry(_TEXT)
    catalogue.add([entry], [])
    catalogue.remove(entry.notice.card.notice_id)
    catalogue.add([entry], [])
    assert catalogue.notice(entry.notice.card.notice_id) == entry.notice
    with pytest.raises(UnknownNoticeError):
        catalogue.departed(entry.notice.card.notice_id)
    catalogue.close()


def test_successors_are_followed_to_the_one_on_the_desk(place: Place) -> None:
    catalogue = Catalogue(place)
    first, second, third = (make_entry(f"Schools must report {times}.") for times in ("once", "twice", "daily"))
    ids = [entry.notice.card.notice_id for entry in (first, second, third)]
    catalogue.add([first], [])
    catalogue.add([second], [], {ids[0]: ids[1]})
    catalogue.remove(ids[0])
    catalogue.add([third], [], {ids[1]: ids[2]})
    catalogue.remove(ids[1])
    assert catalogue.successor(ids[0]) == catalogue.successor(ids[1]) == ids[2]
    assert catalogue.departed(ids[0]).text == "Schools must report once."
    catalogue.remove(ids[2])
    assert catalogue.successor(ids[0]) is None
    catalogue.close()


def test_the_day_of_access_is_that_of_the_first_reading(place: Place) -> None:
    catalogue = Catalogue(place)
    entry = make_entry(_TEXT, accessed_on="")
    before = date.today().isoformat()
    catalogue.add([entry], [])
    stamped = catalogue.cards()[0].accessed_on
    assert before <= stamped <= date.today().isoformat()
    catalogue.add([make_entry(_TEXT, accessed_on="2022-03-04")], [])
    catalogue.add([entry], [])
    assert catalogue.cards()[0].accessed_on == "2022-03-04"
    catalogue.close()


@pytest.mark.model
def test_a_changed_file_a_removed_notice_and_an_erased_one(
    tmp_path: Path, embedder: Embedder, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, store = tmp_path / "in", tmp_path / "store"
    folder.mkdir()
    file = folder / "report.txt"
    (folder / "sources.csv").write_text("path,accessed_on\nreport.txt,2021-02-03\n", encoding="utf-8")
    run = ["--store", str(store)]
    for words in ("Schools must report in May.", "Schools must report in June."):
        file.write_text(words, encoding="utf-8")
        assert main([str(folder), *run]) == 0
    old, new = name_notice("Schools must report in May."), name_notice("Schools must report in June.")
    archive = Archive(store, embedder)
    assert archive.catalogue.successor(old) == new
    assert archive.catalogue.departed(old).text == "Schools must report in May."
    assert archive.catalogue.card(new).accessed_on == "2021-02-03"
    assert main(["--erase", old, *run]) == 0
    with pytest.raises(UnknownNoticeError):
        archive.catalogue.departed(old)
    assert main(["--remove", new, *run]) == 0
    assert archive.catalogue.departed(new).text == "Schools must report in June."
    assert main(["--erase", new, *run]) == 0
    assert main(["--erase", new, *run]) == 2
    assert re.search("no notice has the id", capsys.readouterr().err)
    archive.close()
