"""store.condition: what is in a store is counted, what keeps it from answering is found; health says it over HTTP."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from core.errors import BrokenStoreError
from store.archive import Archive
from store.condition import Condition, Health, Problem, read_condition
from store.embedder import Embedder
from tests.browsing import serve_app
from tests.conftest import ROOT, make_entry, take_in
from views.health import answer_health


def _add(archive: Archive, text: str) -> None:
    entry = make_entry(text)
    with archive.claim():
        archive.begin()
        archive.add([entry], archive.embed([entry]), [])
        archive.end()


@pytest.mark.model
def test_what_is_in_the_store_is_counted(desk: Archive) -> None:
    found = read_condition(desk)
    assert (found.notices, found.passages) == (len(desk.catalogue.cards()), desk.catalogue.total_passages())
    assert found.embedding_model == desk.embedder.name
    assert found.store_bytes > desk.catalogue_file.stat().st_size
    assert found.free_bytes > 0
    assert found.changed_at.endswith("+00:00")
    assert (found.health, found.problems) == (Health.ok, ())


def test_an_empty_desk_answers_less_well(archive: Archive) -> None:
    found = read_condition(archive)
    assert (found.health, found.problems, found.changed_at) == (Health.degraded, (Problem.empty,), "")


@pytest.mark.model
def test_an_index_of_another_model_is_down_and_is_seen_at_once(archive: Archive) -> None:
    _add(archive, "Schools must report by May.")
    assert read_condition(archive).health is Health.ok
    other = Archive(archive.folder, Embedder("another/model"))
    assert read_condition(other).problems == (Problem.stale_index,)
    assert read_condition(other).health is Health.down
    other.close()


@pytest.mark.model
def test_a_store_that_goes_while_it_is_open_is_down(archive: Archive) -> None:
    _add(archive, "Schools must report by May.")
    for file in archive.folder.glob("catalogue.sqlite*"):
        file.unlink()
    assert read_condition(archive).problems == (Problem.unreadable,)
    assert answer_health(lambda: archive).status_code == 503


def test_the_worst_problem_is_the_health() -> None:
    assert Condition(problems=(Problem.empty, Problem.unreadable)).health is Health.down
    assert Condition(problems=(Problem.low_disk,)).health is Health.degraded


def test_a_store_that_cannot_be_opened_is_told_without_its_place() -> None:
    def refuse() -> Archive:
        raise BrokenStoreError("/srv/secret: broken")

    answer = answer_health(refuse)
    assert answer.status_code == 503
    assert b"secret" not in bytes(answer.body)


# -- over HTTP ---------------------------------------------------------------------------------


def _ask_health(url: str) -> tuple[int, dict[str, object]]:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=60) as answer:  # noqa: S310
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


@pytest.mark.model
def test_the_running_app_says_how_it_fares(tmp_path: Path, embedder: Embedder) -> None:
    archive = Archive(tmp_path / "store", embedder)
    notice = tmp_path / "in" / "a.txt"
    notice.parent.mkdir()
    notice.write_text("Schools must report by May.", encoding="utf-8")
    with serve_app(archive) as url:
        assert _ask_health(url) == (200, _told("degraded", archive, 0, ["empty"]))
        take_in(archive, notice.parent)
        assert _ask_health(url) == (200, _told("ok", archive, 1, []))
        archive.close()
        archive.catalogue_file.unlink()
        assert _ask_health(url) == (503, _told("down", None, 0, ["unreadable"]))


@pytest.mark.model
def test_a_broken_store_is_503_from_the_start(archive: Archive) -> None:
    archive.close()
    for file in archive.folder.glob("catalogue.sqlite-*"):
        file.unlink()
    archive.catalogue_file.write_bytes(b"this is no database" * 400)
    with serve_app(archive) as url:
        assert _ask_health(url) == (503, _told("down", None, 0, ["unreadable"]))


def test_a_desk_that_others_may_reach_says_at_its_start_that_it_is_shut(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    # With a name of its own Streamlit asks nobody outside for the machine's address.
    options = ["--server.address", "0.0.0.0", "--browser.serverAddress", "desk.example", "--server.port", port]  # noqa: S104
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true", *options],
        cwd=ROOT,
        env=os.environ | {"POLICY_DESK_STORE": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr
    try:
        assert any("This desk is shut" in line for line in process.stderr)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _told(status: str, archive: Archive | None, count: int, problems: list[str]) -> dict[str, object]:
    model = archive.embedder.name if archive else ""
    return {"status": status, "notices": count, "passages": count, "embedding_model": model, "problems": problems}
