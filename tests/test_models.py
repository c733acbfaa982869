"""store.models: a desk is asked with the old embedding model while the new one is made, and with both afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant.ask import ask
from core.errors import StaleIndexError
from core.types import Status
from ingest.__main__ import main
from store.answers import write_answer
from store.archive import Archive
from store.embedder import Embedder
from store.models import read_models
from store.weights import locate_minilm
from tests.conftest import CORPUS, ROOT, take_in

pytestmark = pytest.mark.model
QUESTION = "What must schools serve every day?"


@pytest.fixture(scope="module")
def minilm(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    """Another model than the bundled one, by its path."""
    return Embedder(str(shutil.copytree(locate_minilm(), tmp_path_factory.mktemp("models") / "minilm")))


@pytest.fixture
def notices(tmp_path: Path) -> Path:
    """A folder with two notices."""
    folder = tmp_path / "notices"
    folder.mkdir()
    (folder / "meals.txt").write_text("On meals\n\nSchools must serve a warm meal every day.", encoding="utf-8")
    (folder / "buses.txt").write_text("On buses\n\nPupils may use the bus free of charge.", encoding="utf-8")
    return folder


@pytest.fixture
def old(archive: Archive, notices: Path) -> Archive:
    """A desk with the bundled model, and the two notices."""
    take_in(archive, notices)
    return archive


@pytest.fixture
def new(old: Archive, notices: Path, minilm: Embedder) -> Iterator[Archive]:
    """The same store, embedded again with the other model."""
    made = Archive(old.folder, minilm)
    assert take_in(made, notices).unchanged == 2
    yield made
    made.close()


def _is_answered(archive: Archive) -> bool:
    answer = ask(archive, QUESTION)
    return answer.status is Status.answered and "warm meal" in answer.sentences[0].text


def test_both_models_answer_after_the_change_until_one_is_dropped(old: Archive, new: Archive, notices: Path) -> None:
    before = write_answer(ask(old, QUESTION))
    assert read_models(new.catalogue) == {old.embedder.fingerprint: True, new.embedder.fingerprint: True}
    old.refresh()
    assert write_answer(ask(old, QUESTION)) == before
    assert _is_answered(new)
    assert old.check() == new.check() == []
    advice = take_in(new, notices).advice
    assert any(old.embedder.fingerprint in line and "--drop-other-models" in line for line in advice)
    with pytest.raises(StaleIndexError, match="the desk is kept with"):
        old.drop_other_models()
    assert new.drop_other_models() == [old.embedder.fingerprint]
    assert _is_answered(new)
    with pytest.raises(StaleIndexError, match="the index was made with"):
        ask(old, QUESTION)
    assert len(list(new.folder.glob("details-*.sqlite"))) == 1
    assert new.other_models == []
    assert take_in(new, notices).advice == []


def test_a_desk_of_the_old_model_says_so_once_a_notice_came_in(old: Archive, new: Archive, notices: Path) -> None:
    (notices / "libraries.txt").write_text("On libraries\n\nEach school keeps a library.", encoding="utf-8")
    assert take_in(new, notices).added == 1
    assert _is_answered(new)
    with pytest.raises(StaleIndexError, match="notices have come in since") as caught:
        ask(old, QUESTION)
    assert new.embedder.fingerprint in str(caught.value)


def test_a_notice_removed_and_another_added_are_not_taken_for_a_whole_index(
    old: Archive, new: Archive, notices: Path
) -> None:
    (notices / "buses.txt").unlink()
    take_in(new, notices, prune=True)
    assert _is_answered(old), "what is gone is missed by nobody"
    (notices / "libraries.txt").write_text("On libraries\n\nEach school keeps a library.", encoding="utf-8")
    take_in(new, notices)
    assert new.catalogue.total_passages() == 2
    old.refresh()
    with pytest.raises(StaleIndexError, match="notices have come in since"):
        old.check_model()


def test_the_way_back_embeds_only_what_is_missing(old: Archive, new: Archive, notices: Path) -> None:
    (notices / "libraries.txt").write_text("On libraries\n\nEach school keeps a library.", encoding="utf-8")
    take_in(new, notices)
    embedded: list[int] = []
    old.refresh()
    with old.claim():
        old.begin()
        old.reembed(embedded.append)
        old.end()
    assert sum(embedded) == 1
    for archive in (old, new):
        archive.refresh()
        assert archive.check() == []
        assert _is_answered(archive)


def test_a_store_from_before_models_were_noted_is_read(old: Archive) -> None:
    with closing(sqlite3.connect(old.catalogue_file)) as connection:
        rows = dict(connection.execute("SELECT key, value FROM state").fetchall())
    assert "embedding_models" not in rows, "a store with one model is as older versions wrote it"
    assert read_models(old.catalogue) == {old.embedder.fingerprint: True}


def test_the_command_line_drops_a_replaced_model(
    old: Archive, new: Archive, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["--drop-other-models", "--store", str(new.folder)]
    assert main(command) == 2, "the settings still name the old one"
    assert "the desk is kept with" in capsys.readouterr().err
    monkeypatch.setenv("POLICY_DESK_EMBEDDING_MODEL", new.embedder.name)
    assert main(command) == 0
    assert capsys.readouterr().out == f"deleted: the index of {old.embedder.fingerprint}\n"
    assert main(command) == 0
    assert "no index but that of" in capsys.readouterr().out


def _start_ingest(store: Path, model: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "ingest", str(CORPUS), "--store", str(store)],
        cwd=ROOT,
        env=os.environ | {"POLICY_DESK_EMBEDDING_MODEL": model},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _count_made(store: Path, known: set[Path]) -> int:
    """How many passages have details of a model whose file was not there before."""
    for file in set(store.glob("details-*.sqlite")) - known:
        try:
            with closing(sqlite3.connect(file)) as connection:
                return int(connection.execute("SELECT count(*) FROM token_signs").fetchone()[0])
        except sqlite3.OperationalError:
            continue
    return 0


def test_questions_are_answered_while_it_is_embedded_again_and_after_a_kill(
    desk: Archive, embedder: Embedder, minilm: Embedder, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    shutil.copytree(desk.folder, store)
    old = Archive(store, embedder)
    expected, known = write_answer(ask(old, QUESTION)), set(store.glob("details-*.sqlite"))
    process = _start_ingest(store, minilm.name)
    while not _count_made(store, known):
        assert process.poll() is None, "it must be killed while it embeds"
        assert write_answer(ask(old, QUESTION)) == expected
    process.send_signal(signal.SIGKILL)
    process.wait()
    made, total = _count_made(store, known), old.catalogue.total_passages()
    assert 0 < made < total
    assert write_answer(ask(old, QUESTION)) == expected
    unready = Archive(store, minilm)
    with pytest.raises(StaleIndexError, match="the index was made with"):
        unready.check_model()
    unready.close()
    process = _start_ingest(store, minilm.name)
    while process.poll() is None:
        assert write_answer(ask(old, QUESTION)) == expected
        time.sleep(0.05)
    new = Archive(store, minilm)
    new.check_model()
    assert new.check() == []
    assert new.nearest_by_meaning(minilm.embed_question(QUESTION).vector, 1)
    old.refresh()
    assert write_answer(ask(old, QUESTION)) == expected
    assert old.check() == []
    old.close()
    new.close()
