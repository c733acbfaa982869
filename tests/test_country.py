"""A desk of a country, on PostgreSQL, Chroma's server and Ray, tells what a desk in a folder tells, to all alike."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from assistant.ask import ask
from core.place import Place
from ingest.cluster import Cluster
from ingest.pipeline import ingest
from store.archive import Archive
from store.condition import Problem, read_condition
from store.conversations import Conversations, Turn
from store.embedder import Embedder
from store.records import Records
from tests.alike import read_alike
from tests.calling import serve_api
from tests.chroma_server import Server, serve_chroma
from tests.conftest import CORPUS, LIMITS, ROOT, Silence, take_in
from tests.ray_cluster import run_ray
from tests.services import Postgres

pytestmark = [pytest.mark.services, pytest.mark.model]

_QUESTIONS = tuple(
    json.loads(line)["question"] for line in (ROOT / "corpus-questions.jsonl").read_text("utf-8").splitlines()
)
_CANTEENS = "What must canteens serve every Friday?"


@dataclass(frozen=True)
class Country:
    """A desk whose parts are on servers, and these servers; tests put back what they change."""

    place: Place
    archive: Archive
    chroma: Server
    postgres: Postgres

    def set_variables(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let programs that are started now have their store on these servers."""
        monkeypatch.setenv("POLICY_DESK_DATABASE_URL", self.place.database_url)
        monkeypatch.setenv("POLICY_DESK_CHROMA_URL", self.place.chroma_url)


@pytest.fixture(scope="module")
def country(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Country]:
    """The sample notices, read and embedded by a cluster of two nodes, kept on the two servers."""
    with ExitStack() as stack:
        chroma = stack.enter_context(serve_chroma(tmp_path_factory.mktemp("chroma")))
        url = postgres.make_database(f"desk-{uuid4().hex}")
        place = Place(tmp_path_factory.mktemp("first-host"), url, chroma.url)
        archive = Archive(place, embedder)
        stack.callback(archive.close)
        with (
            run_ray(2) as nodes,
            Cluster(nodes.address, LIMITS, "bundled", embedder.fingerprint) as cluster,
        ):
            report = ingest([CORPUS], archive, LIMITS, prune=False, progress=Silence(), cluster=cluster)
        assert not report.failed
        yield Country(place, archive, chroma, postgres)


def _tell_store(archive: Archive) -> dict[str, Any]:
    """All that a desk says of its notices but for when they were read."""
    catalogue = archive.catalogue
    return {
        "cards": [replace(card, accessed_on="") for card in catalogue.cards()],
        "links": catalogue.links(),
        "obligations": catalogue.obligations(),
        "files": catalogue.files(),
        "passages": catalogue.passage_ids(),
        "differences": archive.check(),
    }


def _run(module: str, *arguments: str, store: Path) -> tuple[int, list[dict[str, Any]]]:
    """How a command ends, and the lines of JSON that it prints, without times."""
    command = [sys.executable, "-m", module, *arguments, "--store", str(store)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=dict(os.environ))
    told = [json.loads(line) for line in ended.stdout.splitlines()]
    for line in told:
        line.pop("seconds", None)
    assert "Traceback" not in ended.stderr
    return ended.returncode, told


def _ask(client: httpx.Client, question: str) -> dict[str, Any]:
    told: dict[str, Any] = client.post("/ask", json={"question": question}).json()
    return told


def test_the_notices_are_the_same(country: Country, desk: Archive) -> None:
    assert _tell_store(country.archive) == _tell_store(desk)
    kept = {file.name for file in country.place.folder.rglob("*") if file.suffix in {".sqlite", ".sqlite3", ".bin"}}
    assert kept == set()


@pytest.mark.parametrize("question", _QUESTIONS)
def test_every_answer_is_the_same(country: Country, desk: Archive, question: str) -> None:
    assert read_alike(ask(country.archive, question)) == read_alike(ask(desk, question))


def test_the_commands_tell_the_same(country: Country, desk: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = [
        ("retriever", "--obligations", "--year", "2022", "--json"),
        ("ingest", "--list", "--json"),
        ("assistant", "What was required about school charters in 2022?", "--json"),
    ]
    in_folder = [_run(*call, store=desk.folder) for call in calls]
    country.set_variables(monkeypatch)
    on_servers = [_run(*call, store=country.place.folder) for call in calls]
    for ours, theirs in zip(on_servers, in_folder, strict=True):
        assert ours[0] == theirs[0] == 0
        assert ours[1]
        assert _round(ours[1]) == _round(theirs[1])


def _round(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _round(one) for name, one in value.items() if name != "accessed_on"}
    if isinstance(value, list):
        return [_round(one) for one in value]
    return round(value, 4) if isinstance(value, float) else value


def test_hosts_share_nothing_but_the_servers(
    country: Country, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, embedder: Embedder
) -> None:
    country.set_variables(monkeypatch)
    notice = tmp_path / "canteens.txt"
    notice.write_text("On canteens\n\nCanteens must serve blue radishes every Friday.", encoding="utf-8")
    with serve_api(tmp_path / "second-host") as second, serve_api(tmp_path / "third-host") as third:
        before = [_ask(client, _QUESTIONS[0])["answer"] for client in (second, third)]
        assert before[0] == before[1]
        assert _ask(third, _CANTEENS)["status"] != "answered"
        # One host reads a notice, the others answer from it at once, and what one removes is gone for all.
        writer = Archive(replace(country.place, folder=tmp_path / "fourth-host"), embedder)
        assert take_in(writer, notice).added == 1
        for client in (second, third):
            assert "blue radishes" in _ask(client, _CANTEENS)["answer"]
        (card,) = [card for card in writer.catalogue.cards() if card.title == "On canteens"]
        writer.close()
        command = [sys.executable, "-m", "ingest", "--remove", card.notice_id, "--store", str(tmp_path / "fifth-host")]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        for client in (second, third):
            assert _ask(client, _CANTEENS)["status"] != "answered"


def test_a_conversation_follows_its_reader_to_another_host(country: Country, tmp_path: Path) -> None:
    first, second = (Records(replace(country.place, folder=tmp_path / name)) for name in ("a", "b"))
    answer = ask(country.archive, _QUESTIONS[0])
    name = Conversations(first, "reader").start(_QUESTIONS[0])
    Conversations(first, "reader").put(name, 0, Turn(_QUESTIONS[0], answer))
    (turn,) = Conversations(second, "reader").read(name)
    assert turn.answer == answer
    assert Conversations(second, "another").find() == []
    first.close()
    second.close()


def test_what_does_not_answer_is_named_until_it_does(country: Country) -> None:
    expected = read_alike(ask(country.archive, _QUESTIONS[0]))
    for server in (country.chroma, country.postgres):
        server.kill()
        found = read_condition(country.archive)
        assert found.problems == (Problem.unreachable,)
        server.start()
        assert read_condition(country.archive).problems == ()
        assert read_alike(ask(country.archive, _QUESTIONS[0])) == expected
