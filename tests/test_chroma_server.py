"""store.chroma_server: the vectors on a real server, with its faults, as they are in a folder."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from assistant.ask import ask
from core.errors import BrokenStoreError, PolicyDeskError, StaleIndexError, UnreachableStoreError, UsageError
from core.place import Place
from core.types import Passage, Span
from store import chroma_api, chroma_server
from store.archive import Archive
from store.embedder import Embedder, Vectors
from store.vectors import VectorIndex
from tests.calling import serve_api
from tests.chroma_server import Door, Server, open_door, serve_chroma, write_certificate
from tests.conftest import CORPUS, ROOT, take_in

pytestmark = pytest.mark.services

_TOKEN = "a-token-of-nobody"  # noqa: S105
_QUESTIONS = (
    "Who presided over the Sichuan meeting?",
    "四川会议由谁主持？",
    "What must teachers not do with AI tools?",
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that the tests of this file share; each has a desk of its own on it."""
    with serve_chroma(tmp_path_factory.mktemp("chroma")) as started:
        yield started


@pytest.fixture
def place(server: Server, tmp_path: Path) -> Place:
    return Place(tmp_path / "desk", chroma_url=server.url)


@pytest.fixture
def index(place: Place, tmp_path: Path) -> Iterator[VectorIndex]:
    """An index on the server, with the first 40 vectors in it."""
    opened = VectorIndex(place, "a model", tmp_path.name)
    opened.add(_passages(40), _vectors(40))
    yield opened
    opened.close()


@pytest.fixture
def door(server: Server) -> Iterator[Door]:
    with open_door(server.url, _TOKEN) as opened:
        yield opened


def _beyond(door: Door, tmp_path: Path, token: str = _TOKEN) -> VectorIndex:
    place = Place(tmp_path, chroma_url=f"http://127.0.0.1:{door.port}", chroma_token=token)
    return VectorIndex(place, "a model", tmp_path.name)


def _passages(count: int, first: int = 0) -> list[Passage]:
    return [Passage(f"n{i:05}:0", f"n{i:05}", 0, Span(0, 1), "a") for i in range(first, first + count)]


def _vectors(count: int, seed: int = 0) -> Vectors:
    """Unit vectors in groups, as those of passages are."""
    chance = np.random.default_rng(seed)
    centres = chance.normal(size=(20, 64))
    made = centres[chance.integers(20, size=count)] + chance.normal(size=(count, 64))
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), dtype=np.float32)


def _tell(error: PolicyDeskError) -> str:
    return f"{error} {error.help}"


# -- the same as in a folder -------------------------------------------------------------------


def test_a_server_finds_what_a_folder_finds(index: VectorIndex, place: Place) -> None:
    folder = VectorIndex(replace(place, chroma_url=""), "a model")
    folder.add(_passages(40), _vectors(40))
    for opened in (index, folder):
        opened.add(_passages(190), _vectors(190, seed=1))
        opened.remove([passage.passage_id for passage in _passages(60, 80)] + ["unknown"])
        opened.add(_passages(10, 100), _vectors(10, seed=2))
    assert index.count() == folder.count() == 140
    assert index.ids() == folder.ids()
    for asked in _vectors(30, seed=3):
        there, here = index.nearest(asked, 50), folder.nearest(asked, 50)
        assert [name for name, _ in there] == [name for name, _ in here]
        assert np.allclose([cosine for _, cosine in there], [cosine for _, cosine in here], atol=1e-5)
    folder.close()


def test_vectors_that_are_replaced_are_all_still_found(place: Place, tmp_path: Path) -> None:
    # Moved within the graph, one was lost in 5 of 100 collections: in 16 that shows two times of three.
    for number in range(16):
        index = VectorIndex(place, "a model", f"{number}{tmp_path.name}")
        index.add(_passages(40), _vectors(40))
        index.add(_passages(190), _vectors(190, seed=1))
        assert len(index.nearest(_vectors(1, seed=3)[0], 190)) == 190
        index.close()


def test_a_server_finds_nearly_all_of_many(index: VectorIndex) -> None:
    # The graph is drawn by lot, in a folder as on a server: two of them differ in a passage here and there.
    vectors = _vectors(2000, seed=1)
    index.add(_passages(2000), vectors)
    missed = 0
    for asked in _vectors(30, seed=3):
        found, cosines = index.nearest(asked, 50), vectors @ asked
        places = [int(name[1:6]) for name, _ in found]
        missed += len(set(np.argsort(-cosines)[:50]) - set(places))
        assert np.allclose([cosine for _, cosine in found], cosines[places], atol=1e-5)
        assert [cosine for _, cosine in found] == sorted((cosine for _, cosine in found), reverse=True)
    assert missed < 30


def test_cosines_are_those_of_the_vectors(index: VectorIndex) -> None:
    vectors, asked = _vectors(40), _vectors(1, seed=5)[0]
    found = dict(index.nearest(asked, 100))
    assert len(found) == 40
    assert np.allclose([found[passage.passage_id] for passage in _passages(40)], vectors @ asked, atol=1e-5)


def test_an_empty_server_has_nothing(place: Place) -> None:
    index = VectorIndex(place, "a model", "empty")
    index.remove(["unknown"])
    assert (index.count(), index.ids(), index.nearest(_vectors(1)[0], 10)) == (0, set(), [])


def test_the_server_honours_the_graph(index: VectorIndex, server: Server) -> None:
    collections = f"{server.url}/api/v2/tenants/default_tenant/databases/default_database/collections"
    graph = httpx.get(collections, trust_env=False).json()[0]["configuration_json"]["hnsw"]
    assert graph["space"] == "cosine"
    assert (graph["max_neighbors"], graph["ef_construction"], graph["ef_search"]) == (32, 200, 200)


def test_what_another_writes_is_seen_at_once(index: VectorIndex, place: Place, tmp_path: Path) -> None:
    other, new = VectorIndex(place, "a model", tmp_path.name), _vectors(1, seed=7)
    assert len(other.nearest(new[0], 100)) == other.count() == 40
    index.add(_passages(1, 900), new)
    assert other.nearest(new[0], 1)[0][0] == "n00900:0"
    assert len(other.nearest(new[0], 100)) == other.count() == 41


def test_many_threads_open_and_ask_at_once(index: VectorIndex, place: Place, tmp_path: Path) -> None:
    for desk in (tmp_path.name, "unmade"):
        shared, counts = VectorIndex(place, "a model", desk), list[int]()
        threads = [threading.Thread(target=lambda: counts.append(shared.count())) for _ in range(8)]  # noqa: B023
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert counts == [40 if desk == tmp_path.name else 0] * 8


# -- desks beside each other -------------------------------------------------------------------


def test_desks_on_one_server_do_not_meet(index: VectorIndex, place: Place, tmp_path: Path) -> None:
    other, later = VectorIndex(place, "a model", "other"), VectorIndex(place, "another model", tmp_path.name)
    other.add(_passages(3), _vectors(3))
    later.add(_passages(2), _vectors(2))
    later.drop_others()
    assert (other.count(), later.count()) == (3, 2)
    with pytest.raises(StaleIndexError, match="missing"):
        index.count()
    index.reopen()
    assert index.count() == 0


def test_a_database_of_ones_own_is_made(place: Place, server: Server, tmp_path: Path) -> None:
    inside = replace(place, chroma_url=f"{server.url}/?database=desk-two")
    for _ in range(2):
        index = VectorIndex(inside, "a model", tmp_path.name)
        index.add(_passages(3), _vectors(3))
        assert index.count() == 3
    assert VectorIndex(place, "a model", tmp_path.name).count() == 0
    with pytest.raises(BrokenStoreError, match="refuses what it is asked"):
        VectorIndex(replace(place, chroma_url=f"{server.url}/?database=ab"), "a model").count()


@pytest.mark.parametrize(
    "url", ["chroma:8000", "ftp://chroma", "http://", "http://h:port", "http://me:pw@h?base=x", "http://h?tenant=a/b"]
)
def test_a_wrong_address_is_told(url: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="POLICY_DESK_CHROMA_URL") as raised:
        VectorIndex(Place(tmp_path, chroma_url=url), "a model")
    assert "pw" not in _tell(raised.value)


# -- faults ------------------------------------------------------------------------------------


def test_a_server_that_is_gone_is_told_and_comes_back(tmp_path: Path) -> None:
    with serve_chroma(tmp_path / "chroma") as server:
        index = VectorIndex(Place(tmp_path, chroma_url=server.url), "a model", "desk")
        index.add(_passages(40), _vectors(40))
        before = index.nearest(_vectors(1, seed=3)[0], 10)
        server.kill()
        for work in (index.count, index.ids, index.reach, lambda: index.nearest(_vectors(1)[0], 3)):
            with pytest.raises(UnreachableStoreError, match=r"127\.0\.0\.1:\d+ does not answer"):
                work()
        server.start()
        assert index.nearest(_vectors(1, seed=3)[0], 10) == before
        threading.Timer(1.5, server.start).start()
        server.kill()
        index.add(_passages(5, 40), _vectors(5, seed=1))
        assert index.count() == 45


def test_a_desk_opens_before_its_server(tmp_path: Path) -> None:
    with serve_chroma(tmp_path / "chroma") as server:
        server.kill()
        index = VectorIndex(Place(tmp_path, chroma_url=server.url), "a model", "desk")
        with pytest.raises(UnreachableStoreError):
            index.count()
        server.start()
        assert index.count() == 0


def test_a_server_that_hangs_does_not_hang_the_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve_chroma(tmp_path / "chroma") as server:
        index = VectorIndex(Place(tmp_path, chroma_url=server.url), "a model", "desk")
        index.add(_passages(5), _vectors(5))
        monkeypatch.setattr(chroma_api, "_READING", 0.5)
        monkeypatch.setattr(chroma_api, "_WRITING", 0.5)
        monkeypatch.setattr(chroma_server, "_PATIENCE", 1)
        server.signal(signal.SIGSTOP)
        with pytest.raises(UnreachableStoreError, match="ReadTimeout"):
            index.nearest(_vectors(1)[0], 3)
        with pytest.raises(UnreachableStoreError, match="ReadTimeout"):
            index.add(_passages(5), _vectors(5))
        server.signal(signal.SIGCONT)
        monkeypatch.undo()
        assert index.count() == 5


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_token_is_told_and_not_shown(door: Door, tmp_path: Path, status: int) -> None:
    door.status = 0 if status == 401 else status
    index = _beyond(door, tmp_path, "a-wrong-token")
    with pytest.raises(UnreachableStoreError, match=f"refuses the desk's token .{status}") as raised:
        index.count()
    assert "POLICY_DESK_CHROMA_TOKEN" in raised.value.help
    assert "a-wrong-token" not in _tell(raised.value)
    with pytest.raises(UnreachableStoreError):
        index.add(_passages(1), _vectors(1))
    assert len(door.asked) == 2


def test_a_failing_proxy_is_asked_again(door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = _beyond(door, tmp_path)
    index.add(_passages(5), _vectors(5))
    door.status, door.times = 502, 1
    assert index.count() == 5
    door.times = 3
    index.add(_passages(5, 5), _vectors(5))
    door.times = 1_000_000
    door.asked.clear()
    with pytest.raises(UnreachableStoreError, match=r"fails \(502"):
        index.count()
    assert len(door.asked) == 2
    monkeypatch.setattr(chroma_server, "_PATIENCE", 1)
    with pytest.raises(UnreachableStoreError, match=r"fails \(502"):
        index.remove(["n00000:0"])
    door.status = 0
    assert index.count() == 10


@pytest.mark.parametrize("status", [200, 302, 404])
def test_another_program_is_not_taken_for_chroma(door: Door, tmp_path: Path, status: int) -> None:
    door.status = status
    with pytest.raises(UnreachableStoreError) as raised:
        _beyond(door, tmp_path).count()
    assert "POLICY_DESK_CHROMA_URL" in raised.value.help


def test_a_collection_that_has_gone_is_told(index: VectorIndex, server: Server) -> None:
    base = f"{server.url}/api/v2/tenants/default_tenant/databases/default_database/collections"
    for collection in httpx.get(base, trust_env=False).json():
        httpx.delete(f"{base}/{collection['name']}", trust_env=False)
    with pytest.raises(StaleIndexError, match="missing"):
        index.nearest(_vectors(1)[0], 3)


def test_tls_with_a_private_authority_and_a_token(server: Server, tmp_path: Path) -> None:
    ours, certificate = write_certificate(tmp_path, "ours")
    theirs, _ = write_certificate(tmp_path, "theirs")
    with open_door(server.url, _TOKEN, certificate) as door:
        place = Place(tmp_path, chroma_url=f"https://127.0.0.1:{door.port}", chroma_token=_TOKEN)
        index = VectorIndex(replace(place, chroma_certificate=ours), "a model", "tls")
        index.add(_passages(5), _vectors(5))
        assert index.count() == 5
        for wrong in (theirs, None):
            with pytest.raises(UnreachableStoreError, match="not trusted") as raised:
                VectorIndex(replace(place, chroma_certificate=wrong), "a model", "tls").add(_passages(1), _vectors(1))
            assert "POLICY_DESK_CHROMA_CERTIFICATE" in raised.value.help
    with pytest.raises(UsageError, match="POLICY_DESK_CHROMA_CERTIFICATE"):
        VectorIndex(replace(place, chroma_certificate=tmp_path / "none.pem"), "a model")
    with pytest.raises(UsageError, match="POLICY_DESK_CHROMA_TOKEN") as refused:
        VectorIndex(replace(place, chroma_token="a token\n"), "a model")  # noqa: S106
    assert "a token\n" not in _tell(refused.value)


# -- the whole story ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def story(
    server: Server, tmp_path_factory: pytest.TempPathFactory, embedder: Embedder
) -> Iterator[tuple[Server, Archive]]:
    """A desk with the corpus on it, its vectors on a server of its own, which a test may kill."""
    with serve_chroma(tmp_path_factory.mktemp("chroma")) as own:
        archive = Archive(Place(tmp_path_factory.mktemp("desk"), chroma_url=own.url), embedder)
        assert not take_in(archive, CORPUS).failed
        yield own, archive
        archive.close()


@pytest.mark.model
def test_the_same_questions_get_the_same_answers(story: tuple[Server, Archive], desk: Archive) -> None:
    _, archive = story
    assert archive.check() == []
    assert not (archive.folder / "chroma").exists()
    for question in _QUESTIONS:
        assert ask(archive, question) == ask(desk, question)
    report = take_in(archive, CORPUS)
    assert (report.added, report.changed, report.passages) == (0, 0, 0)


@pytest.mark.model
def test_a_question_without_the_server_is_told_everywhere(
    story: tuple[Server, Archive], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, archive = story
    question = _QUESTIONS[0]
    monkeypatch.setenv("POLICY_DESK_CHROMA_URL", server.url)
    monkeypatch.setenv("POLICY_DESK_CHROMA_TOKEN", _TOKEN)
    monkeypatch.setenv("POLICY_DESK_STORE", str(archive.folder))
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    before = ask(archive, question)
    with serve_api(archive.folder) as client:
        answered = client.post("/ask", json={"question": question})
        server.kill()
        with pytest.raises(UnreachableStoreError):
            ask(archive, question)
        refused, health = client.post("/ask", json={"question": question}), client.get("/health")
        page.chat_input[0].set_value(question).run()
        command = [sys.executable, "-m", "assistant", question]
        told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        server.start()
        assert ask(archive, question) == before
        assert client.post("/ask", json={"question": question}).json()["answer"] == answered.json()["answer"]
    assert (answered.status_code, refused.status_code, health.status_code) == (200, 503, 503)
    assert refused.json()["error"] == "a server of this desk's store does not answer"
    assert refused.json()["help"] == UnreachableStoreError.help
    assert (told.returncode, told.stdout) == (2, "")
    shown = "\n".join(str(element.value) for element in (*page.error, *page.caption))
    for words in (shown.replace("\\", ""), told.stderr):
        assert "does not answer" in words
        assert "Nothing is lost." in words
        assert _TOKEN not in words
    assert "Traceback" not in told.stderr
    assert not page.exception
    page.chat_input[0].set_value(question).run()
    assert page.session_state["turns"][-1].answer.sentences == before.sentences


@pytest.mark.model
def test_a_server_killed_in_an_ingest_loses_nothing(
    tmp_path: Path, desk: Archive, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.pipeline._BATCH_PASSAGES", 32)
    monkeypatch.setattr(chroma_server, "_PATIENCE", 1)
    with serve_chroma(tmp_path / "chroma") as server, open_door(server.url, _TOKEN) as door:
        place = Place(tmp_path / "desk", chroma_url=f"http://127.0.0.1:{door.port}", chroma_token=_TOKEN)
        archive = Archive(place, embedder)
        door.look = lambda _: server.kill() if _count_writes(door) == 3 else None
        with pytest.raises(UnreachableStoreError, match="does not answer"):
            take_in(archive, CORPUS)
        assert 0 < archive.catalogue.total_passages() < desk.catalogue.total_passages()
        door.look = lambda _: None
        server.start()
        # A new process, as after any other end of an ingest; what was acknowledged is there.
        opened = Archive(place, embedder)
        assert set(opened.catalogue.passage_ids()) <= opened._vectors.ids()
        assert not take_in(opened, CORPUS).failed
        assert opened.check() == []
        assert set(opened.catalogue.passage_ids()) == set(desk.catalogue.passage_ids())
        # Vectors of smaller batches differ in their last bits, and so does how sure the desk is.
        answer, clean = ask(opened, _QUESTIONS[0]), ask(desk, _QUESTIONS[0])
        assert (answer.sentences, answer.citations) == (clean.sentences, clean.citations)
        opened.close()
        archive.close()


def _count_writes(door: Door) -> int:
    return sum(path.endswith("/upsert") for path in door.asked)
