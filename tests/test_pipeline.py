"""ingest.pipeline: incremental by digest, honest about failures, and the same after a kill as without."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import StaleIndexError, UsageError
from core.types import Origin
from ingest.pipeline import ingest
from store.archive import Archive
from store.embedder import Embedder
from store.weights import E5_NAME, locate_minilm
from tests.conftest import CORPUS, LIMITS, ROOT, Silence, take_in
from tests.killing import kill_ingest

pytestmark = pytest.mark.model


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with three notices and a sources.csv."""
    made = tmp_path / "notices"
    (made / "deep").mkdir(parents=True)
    (made / "meals.txt").write_text("On meals\n\nSchools must serve a warm meal every day.", encoding="utf-8")
    (made / "deep" / "buses.md").write_text("# On buses\n\nPupils may use the bus free of charge.", encoding="utf-8")
    (made / "安全.txt").write_text("关于安全的通知\n\n学校应当每月开展一次演练。", encoding="gb18030")
    (made / "sources.csv").write_text("path,title,issued_on\nmeals.txt,Meals at school,2021-05\n", encoding="utf-8")
    return made


def _state(archive: Archive) -> dict[str, object]:
    """All that a user could see of a store."""
    return {card.notice_id: archive.entry(card.notice_id) for card in archive.catalogue.cards()} | {
        "files": archive.catalogue.files(),
        "differences": archive.check(),
        "links": archive.catalogue.links(),
    }


def test_a_second_run_changes_nothing_and_embeds_nothing(archive: Archive, folder: Path) -> None:
    first = take_in(archive, folder)
    assert (first.added, first.failed, first.embedding_model) == (3, [], E5_NAME)
    assert first.passages == 3
    before, generation = _state(archive), archive.catalogue.generation
    second = take_in(archive, folder)
    assert (second.added, second.changed, second.unchanged, second.passages) == (0, 0, 3, 0)
    assert _state(archive) == before
    assert archive.catalogue.generation == generation


def test_metadata_of_sources(archive: Archive, folder: Path) -> None:
    take_in(archive, folder)
    card = next(card for card in archive.catalogue.cards() if card.path == "meals.txt")
    assert (card.title, card.issued_on, card.year) == ("Meals at school", "2021-05", 2021)
    (folder / "sources.csv").write_text("path,title\nmeals.txt,Dinners\n", encoding="utf-8")
    report = take_in(archive, folder)
    assert (report.changed, report.unchanged, report.passages) == (1, 2, 0)
    assert archive.catalogue.card(card.notice_id).title == "Dinners"
    assert archive.best_by_words({"dinner": 1.0}, 3)
    assert archive.check() == []


def test_dates_of_issue_that_disagree_are_warned_of(archive: Archive, folder: Path) -> None:
    (folder / "odd.md").write_text("---\ndate: 1970-01-01\n---\n# Odd\n\nIssued on 5 March 2021.", encoding="utf-8")
    report = take_in(archive, folder)
    (told,) = [reason for path, reason in report.warnings if path == "odd.md"]
    assert "1970-01-01" in told
    card = next(card for card in archive.catalogue.cards() if card.path == "odd.md")
    assert (card.year, card.provenance.year) == (2021, Origin.text)


def test_notices_that_were_described_in_another_way_are_described_again(
    archive: Archive, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr("ingest.pipeline.DESCRIBING_VERSION", "0")
        before.setattr("ingest.metadata.find_title", lambda path, edges: ("Once", Origin.text))
        take_in(archive, folder)
    report = take_in(archive, folder)
    assert (report.changed, report.passages) == (3, 0)
    assert "Once" not in {card.title for card in archive.catalogue.cards()}
    assert archive.check() == []


def test_a_changed_file_takes_the_place_of_the_old_one(archive: Archive, folder: Path) -> None:
    take_in(archive, folder)
    old = next(card for card in archive.catalogue.cards() if card.path == "meals.txt")
    (folder / "meals.txt").write_text("On meals\n\nSchools must serve two meals.", encoding="utf-8")
    report = take_in(archive, folder)
    assert (report.changed, report.unchanged) == (1, 2)
    new = next(card for card in archive.catalogue.cards() if card.path == "meals.txt")
    assert new.notice_id != old.notice_id
    assert archive.catalogue.succession(old.notice_id) == ("meals.txt", new.notice_id)
    assert archive.check() == []


def test_copies_are_kept_once_and_survive_their_first_file(archive: Archive, folder: Path) -> None:
    take_in(archive, folder)
    text = (folder / "meals.txt").read_bytes()
    (folder / "copy.txt").write_bytes(b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n"))
    report = take_in(archive, folder)
    assert (report.added, report.duplicates) == (0, 1)
    (folder / "meals.txt").unlink()
    report = take_in(archive, folder, prune=True)
    assert (report.removed, len(archive.catalogue.cards())) == (0, 3)
    (folder / "copy.txt").unlink()
    report = take_in(archive, folder, prune=True)
    assert (report.removed, len(archive.catalogue.cards())) == (1, 2)
    assert archive.check() == []


def test_a_file_that_becomes_a_copy_leaves_nothing_behind(archive: Archive, folder: Path) -> None:
    take_in(archive, folder)
    old = next(card for card in archive.catalogue.cards() if card.path == "meals.txt")
    (folder / "meals.txt").write_bytes((folder / "安全.txt").read_bytes())
    report = take_in(archive, folder)
    assert report.duplicates == 1
    assert old.notice_id not in {card.notice_id for card in archive.catalogue.cards()}
    assert archive.catalogue.succession(old.notice_id) is not None
    assert archive.check() == []


def test_two_files_that_swap_their_contents_swap_their_descriptions(archive: Archive, folder: Path) -> None:
    take_in(archive, folder)
    meals, safety = folder / "meals.txt", folder / "安全.txt"
    first, second = meals.read_bytes(), safety.read_bytes()
    meals.write_bytes(second)
    safety.write_bytes(first)
    take_in(archive, folder)
    titles = {card.path: (card.title, card.language) for card in archive.catalogue.cards()}
    assert titles["meals.txt"] == ("Meals at school", "zh")
    assert titles["安全.txt"] == ("On meals", "en")


def test_a_moved_file_takes_its_new_path_and_row(archive: Archive, folder: Path) -> None:
    take_in(archive, folder)
    (folder / "meals.txt").rename(folder / "deep" / "dinner.txt")
    (folder / "sources.csv").write_text("path,title\ndeep/dinner.txt,Dinner\n", encoding="utf-8")
    take_in(archive, folder, prune=True)
    card = next(card for card in archive.catalogue.cards() if card.path == "deep/dinner.txt")
    assert card.title == "Dinner"
    assert len(archive.catalogue.cards()) == 3
    second = take_in(archive, folder, prune=True)
    assert (second.unchanged, second.removed) == (3, 0)


def test_a_file_named_alone_keeps_its_path_and_row(archive: Archive, folder: Path) -> None:
    take_in(archive, folder)
    assert take_in(archive, folder / "deep" / "buses.md").unchanged == 1
    assert take_in(archive, folder / "meals.txt").unchanged == 1
    assert take_in(archive, folder / "deep").unchanged == 1
    assert take_in(archive, folder).unchanged == 3


def test_a_table_that_breaks_does_not_wipe_what_it_said(archive: Archive, folder: Path) -> None:
    take_in(archive, folder)
    (folder / "sources.csv").write_bytes(b"\xff\xfe\xfd broken")
    report = take_in(archive, folder)
    assert (report.unchanged, report.changed) == (3, 0)
    assert report.failed[0][0] == "sources.csv"
    assert any(card.title == "Meals at school" for card in archive.catalogue.cards())


def test_a_parser_that_fails_in_its_own_way_costs_one_file(archive: Archive, folder: Path) -> None:
    damaged = bytearray((CORPUS / "samples" / "2022-school-charters.docx").read_bytes())
    for place in range(3000, len(damaged), 701):
        damaged[place] ^= 0xFF
    (folder / "damaged.docx").write_bytes(bytes(damaged))
    (Path(os.fsdecode(os.fsencode(folder) + b"/a\xff.txt"))).write_text("Schools must report.")
    report = take_in(archive, folder)
    assert report.added == 3
    assert {path for path, _ in report.failed} == {"damaged.docx", "a?.txt"}


def test_an_index_that_was_lost_is_told_and_made_anew(archive: Archive, folder: Path, embedder: Embedder) -> None:
    take_in(archive, folder)
    archive.close()
    shutil.rmtree(archive.folder / "words-2")
    shutil.rmtree(archive.folder / "chroma")
    for file in archive.folder.glob("details-*"):
        file.unlink()
    opened = Archive(archive.folder, embedder)
    with pytest.raises(StaleIndexError, match="missing"):
        opened.check_model()
    take_in(opened, folder)
    opened.check_model()
    assert opened.check() == []
    opened.close()


def test_without_prune_a_notice_outlives_its_file_and_prune_keeps_other_folders(
    archive: Archive, folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "own.txt").write_text("Our own notice. Schools must sing.")
    take_in(archive, folder, other)
    (folder / "meals.txt").unlink()
    assert take_in(archive, folder).removed == 0
    assert take_in(archive, folder, prune=True).removed == 1
    assert len(archive.catalogue.cards()) == 3


def test_the_bad_are_named_and_the_others_are_in(archive: Archive, folder: Path) -> None:
    (folder / "empty.txt").write_bytes(b"")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 broken")
    (folder / "sheet.xyz").write_text("words")
    (folder / "latin.txt").write_bytes("Décret relatif à l'été".encode("latin-1"))
    (folder / "link.txt").symlink_to("/etc/hostname")
    os.mkfifo(folder / "pipe.txt")
    report = take_in(archive, folder)
    assert report.added == 3
    assert {path for path, _ in report.failed} == {
        "empty.txt", "broken.pdf", "sheet.xyz", "latin.txt", "link.txt", "pipe.txt",
    }  # fmt: skip
    assert all(reason for _, reason in report.failed)


def test_a_page_that_takes_hours_to_read_costs_itself_only(archive: Archive, folder: Path) -> None:
    attributes = " ".join(f"a{number}=1" for number in range(400_000))
    (folder / "endless.html").write_text(f"<html><body><p {attributes}>Schools must report.</p></body></html>")
    report = ingest([folder], archive, replace(LIMITS, seconds=5), prune=False, progress=Silence())
    assert report.added == 3
    assert report.failed == [("endless.html", "reading it takes longer than the limit of 5 seconds")]
    assert any("POLICY_DESK_MAX_SECONDS" in advice for advice in report.advice)


def test_a_broken_sources_csv_does_not_keep_the_notices_out(archive: Archive, folder: Path) -> None:
    (folder / "sources.csv").write_text("title;path\n")
    report = take_in(archive, folder)
    assert report.added == 3
    assert report.failed[0][0] == "sources.csv"


def test_a_path_that_is_not_there_is_wrong_use(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nowhere"):
        take_in(archive, tmp_path / "nowhere")
    with pytest.raises(UsageError, match="no such"):
        take_in(archive, tmp_path / ("n" * 5000))


def test_a_pipe_named_directly_is_refused(archive: Archive, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert take_in(archive, tmp_path / "pipe.txt").failed == [("pipe.txt", "it is no regular file")]


def test_another_model_makes_the_index_anew(tmp_path: Path, folder: Path, embedder: Embedder) -> None:
    store = tmp_path / "store"
    first = Archive(store, embedder)
    take_in(first, folder)
    first.close()
    copy = shutil.copytree(locate_minilm(), tmp_path / "model")
    second = Archive(store, Embedder(str(copy)))
    assert second.is_stale
    report = take_in(second, folder)
    assert (report.unchanged, report.embedding_model) == (3, str(copy))
    assert not second.is_stale
    assert second.check() == []
    second.check_model()
    second.close()


def test_a_kill_at_any_moment_and_a_second_run_end_as_one_clean_run(tmp_path: Path, embedder: Embedder) -> None:
    """Two moments in the everyday tests; KILLS sets another number."""
    notices = tmp_path / "notices"
    shutil.copytree(CORPUS / "samples", notices)
    clean = Archive(tmp_path / "clean", embedder)
    take_in(clean, notices)
    expected = _state(clean)
    chance = random.Random(2023)  # noqa: S311
    for attempt in range(int(os.environ.get("KILLS", "2"))):
        store = tmp_path / f"killed-{attempt}"
        kill_ingest(notices, store, chance.uniform(0, 14))
        second = Archive(store, embedder)
        take_in(second, notices)
        assert _state(second) == expected
        second.close()
    clean.close()


def test_the_command_line_reports_in_json(folder: Path, tmp_path: Path) -> None:
    (folder / "empty.txt").write_bytes(b"")
    run = subprocess.run(
        [sys.executable, "-m", "ingest", str(folder), "--json", "--store", str(tmp_path / "store")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    report = json.loads(run.stdout)
    assert set(report) == {
        "added", "changed", "unchanged", "removed", "duplicates", "passages", "seconds", "embedding_model",
        "warnings", "failed",
    }  # fmt: skip
    assert report["failed"] == [{"path": "empty.txt", "reason": "the file is empty"}]
