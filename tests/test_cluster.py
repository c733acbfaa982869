"""ingest.cluster: a Ray cluster does what this machine would, whatever dies there, and nothing else is written."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ClusterError, MissingModelError, NoticeTooLargeError, UnreadableNoticeError
from ingest.cluster import Cluster
from ingest.pipeline import Report, ingest
from ingest.readers import Limits
from store.archive import Archive, list_texts
from store.embedder import Embedder, pack
from tests.conftest import CORPUS, LIMITS, ROOT, Silence, make_entry, take_in
from tests.ray_cluster import Nodes, run_ray

services = pytest.mark.services
# Read for longer than _SECONDS, with more memory than _MEGABYTES; another file needs little of both.
_MANY_ROWS = b"meal,school\n" + b"".join(b"%d,%d\n" % (row, row) for row in range(2_000_000))
_SECONDS, _MEGABYTES = 4, 400


@pytest.fixture(scope="module")
def nodes() -> Iterator[Nodes]:
    """Two nodes with a core each."""
    with run_ray(2) as cluster:
        yield cluster


def _open(nodes: Nodes, embedder: Embedder, limits: Limits = LIMITS) -> Cluster:
    return Cluster(nodes.address, limits, "bundled", embedder.fingerprint)


def _write_notices(folder: Path, count: int) -> Path:
    """Notices of ten different paragraphs each, in both languages."""
    folder.mkdir()
    for place in range(count):
        words = [f"School {place} must serve warm meal {part} on day {part + place}." for part in range(9)]
        text = "\n\n".join([f"Notice {place} on meals", *(word * 6 for word in words), f"学校应当每月演练{place}次。"])
        (folder / f"{place}.txt").write_text(text, encoding="utf-8")
    return folder


def _spread(nodes: Nodes, archive: Archive, folder: Path, limits: Limits = LIMITS) -> Report:
    with _open(nodes, archive.embedder, limits) as cluster:
        return ingest([folder], archive, limits, prune=False, progress=Silence(), cluster=cluster)


def _state(archive: Archive) -> dict[str, object]:
    """All that a user could see of a store."""
    return {card.notice_id: archive.entry(card.notice_id) for card in archive.catalogue.cards()} | {
        "files": archive.catalogue.files(),
        "differences": archive.check(),
        "links": archive.catalogue.links(),
    }


def _told(report: Report) -> Report:
    return replace(report, seconds=0.0)


@pytest.fixture
def elsewhere(tmp_path: Path, embedder: Embedder) -> Iterator[Archive]:
    """Another empty desk, to compare with."""
    made = Archive(tmp_path / "elsewhere", embedder)
    yield made
    made.close()


def _kill_workers(nodes: Nodes, is_over: Callable[[], bool], most: int) -> threading.Thread:
    """A thread that kills the workers which it sees at work, so many in all."""

    def kill() -> None:
        killed: set[int] = set()
        while len(killed) < most and not is_over():
            for pid in set(nodes.find_workers()) - killed:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                killed.add(pid)
            time.sleep(0.05)

    thread = threading.Thread(target=kill)
    thread.start()
    return thread


@given(st.lists(st.text(max_size=40), max_size=400))
def test_texts_are_packed_alike_however_often(texts: list[str]) -> None:
    lots = pack(texts)
    assert sorted(place for lot in lots for place in lot) == list(range(len(texts)))
    for lot in lots:
        assert pack([texts[place] for place in lot]) == [list(range(len(lot)))]


@services
@pytest.mark.model
def test_a_cluster_makes_the_same_store(nodes: Nodes, archive: Archive, elsewhere: Archive) -> None:
    spread, alone = _spread(nodes, archive, CORPUS), take_in(elsewhere, CORPUS)
    assert _told(spread) == _told(alone)
    assert spread.added > 20
    assert _state(archive) == _state(elsewhere)
    again = _spread(nodes, archive, CORPUS)
    assert (again.added, again.unchanged, again.passages) == (0, spread.added, 0)


@services
@pytest.mark.model
def test_a_cluster_makes_the_same_vectors(nodes: Nodes, embedder: Embedder) -> None:
    texts, cuts = list_texts([make_entry(f"Notice {n}\n\nA meal is warm. It has {n} parts." * 3) for n in range(140)])
    done: list[int] = []
    with _open(nodes, embedder) as cluster:
        spread = cluster.embed(texts, cuts).wait(done.append)
        nothing = cluster.embed([], []).wait(done.append)
    alone = embedder.embed_in_detail(texts, cuts)
    assert sum(done) == len(texts) > 128
    assert len(nothing.vectors) == len(nothing.details) == 0
    np.testing.assert_array_equal(spread.vectors, alone.vectors)
    for one, other in zip(spread.details, alone.details, strict=True):
        np.testing.assert_array_equal(one.sentences, other.sentences)
        np.testing.assert_array_equal(one.signs, other.signs)
        np.testing.assert_array_equal(one.owners, other.owners)


@services
@pytest.mark.model
def test_what_a_killed_worker_did_is_done_again(
    nodes: Nodes, archive: Archive, elsewhere: Archive, tmp_path: Path
) -> None:
    folder = _write_notices(tmp_path / "notices", 30)
    over = threading.Event()
    killer = _kill_workers(nodes, over.is_set, 2)
    try:
        spread = _spread(nodes, archive, folder)
    finally:
        was_busy = not killer.is_alive()
        over.set()
        killer.join()
    assert was_busy, "no worker was killed"
    assert _told(spread) == _told(take_in(elsewhere, folder))
    assert _state(archive) == _state(elsewhere)


@services
def test_a_file_that_kills_each_worker_is_named(nodes: Nodes, embedder: Embedder) -> None:
    with _open(nodes, embedder) as cluster:
        reading = cluster.submit("rows.csv", _MANY_ROWS)
        killer = _kill_workers(nodes, reading.done, 10)
        with pytest.raises(UnreadableNoticeError, match=r"rows\.csv: each of 3 workers"):
            reading.result(timeout=300)
        killer.join()
        assert cluster.submit("next.txt", b"The next one.").result(timeout=300).text == "The next one."


@services
@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (replace(LIMITS, seconds=_SECONDS), f"longer than the limit of {_SECONDS} seconds"),
        (replace(LIMITS, memory_mb=_MEGABYTES), f"more memory than the limit of {_MEGABYTES} MB"),
    ],
)
def test_a_hostile_file_costs_itself_only(nodes: Nodes, embedder: Embedder, limits: Limits, reason: str) -> None:
    with _open(nodes, embedder, limits) as cluster:
        contents = {"first.txt": b"One.", "rows.csv": _MANY_ROWS, "last.txt": b"Three."}
        first, rows, last = [cluster.submit(path, content) for path, content in contents.items()]
        with pytest.raises(NoticeTooLargeError, match=rf"rows\.csv: .*{reason}"):
            rows.result(timeout=300)
        assert (first.result(timeout=300).text, last.result(timeout=300).text) == ("One.", "Three.")


@services
def test_a_worker_with_another_model_is_refused(nodes: Nodes) -> None:
    with Cluster(nodes.address, LIMITS, "bundled", "another model") as cluster:
        embedding = cluster.embed(["A text."], [[(0, 7)]])
        with pytest.raises(ClusterError, match="this desk with another model") as told:
            embedding.wait(lambda _: None)
    assert "requirements.txt" in told.value.help


@services
@pytest.mark.model
def test_what_was_written_stands_when_the_cluster_goes(archive: Archive, tmp_path: Path) -> None:
    folder = _write_notices(tmp_path / "notices", 80)
    with run_ray(1) as nodes, _open(nodes, archive.embedder) as cluster:

        class Fuse(Silence):
            """Ends the cluster when the first batch of notices is in the store, and the second is waited for."""

            stages = 0

            def start(self, stage: str, total: int) -> None:
                self.stages += stage == "Embedding"
                if self.stages == 2:
                    nodes.kill()

        with pytest.raises(ClusterError, match="does not answer any more"):
            ingest([folder], archive, LIMITS, prune=False, progress=Fuse(), cluster=cluster)
    written = len(archive.catalogue.cards())
    assert 0 < written < 80
    rest = take_in(archive, folder)
    assert (rest.added, rest.unchanged, rest.failed) == (80 - written, written, [])
    assert archive.check() == []


def test_a_cluster_without_ray_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    # So a module is marked as one that cannot be imported.
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingModelError, match="package ray") as told:
        Cluster("127.0.0.1:6379", LIMITS, "bundled", "a model")
    assert "requirements-cluster.txt" in told.value.help


@services
@pytest.mark.parametrize(("address", "by_option"), [("127.0.0.1:1", True), ("nowhere", True), ("127.0.0.1:x", False)])
def test_an_address_without_a_cluster_is_told(address: str, by_option: bool, tmp_path: Path) -> None:
    if find_spec("ray") is None:
        pytest.skip("Ray is not installed: pip install -r requirements-cluster.txt")
    (tmp_path / "a.txt").write_text("A notice.", encoding="utf-8")
    option, variable = (["--ray", address], {}) if by_option else ([], {"POLICY_DESK_RAY_ADDRESS": address})
    command = [sys.executable, "-m", "ingest", *option, "--store", str(tmp_path / "desk"), str(tmp_path)]
    run = subprocess.run(
        command, cwd=ROOT, env=os.environ | variable, capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 2
    assert f"there is no Ray cluster at {address}" in run.stderr
    assert "ray start --address" in run.stderr
