"""A store whose tables are in PostgreSQL: the same answers as from files, and nothing lost with the server."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest

from assistant.ask import ask
from core.errors import (
    BrokenStoreError,
    FullDiskError,
    StoreBusyError,
    StoreError,
    UnknownConversationError,
    UnreachableStoreError,
    UsageError,
)
from core.people import Person, Role
from core.place import Place
from core.types import Answer, Searched, Status
from ingest.pipeline import ingest
from store.archive import Archive
from store.catalogue import Catalogue, FileRecord
from store.condition import Health, read_condition
from store.conversations import Conversations, Turn
from store.database import Database
from store.details import DetailIndex
from store.embedder import Embedder
from store.erasure import Erased, forget_person
from store.feedback import give_feedback, read_feedback
from store.people import read_people, remember_person
from store.postgres import name_lock, read_url
from store.records import Records
from tests.alike import read_alike
from tests.conftest import CORPUS, LIMITS, ROOT, Silence, make_entry, take_in
from tests.services import PASSWORD, Postgres

pytestmark = pytest.mark.services

PRIVATE = "Who reported the school at Qinghe?"
QUESTIONS = (
    "Who chaired the meeting?",
    "What is the price of gold?",
    "What must schools do by May?",
    "What changed between 2022 and 2023?",
    "学校应当做什么？",
    "哪些文件已经废止？",
)
# Its first characters differ in the orders of bytes and of languages.
PATHS = ("b.txt", "B.txt", "a.txt", "Ä.txt", "_.txt", "中.txt", "é.txt", "Z.txt", "1.txt", "-.txt")


@pytest.fixture
def server(postgres: Postgres) -> Iterator[Postgres]:
    """The server, which the test may kill."""
    yield postgres
    if not postgres.is_running:
        postgres.start()


@pytest.fixture
def desk_url(postgres: Postgres) -> str:
    return postgres.make_database(f"desk-{uuid4().hex}")


@pytest.fixture
def remote(desk_url: str, tmp_path: Path) -> Place:
    return Place(tmp_path / "store", desk_url)


@pytest.fixture
def catalogue(remote: Place) -> Iterator[Catalogue]:
    opened = Catalogue(remote)
    yield opened
    opened.close()


@pytest.fixture
def records(remote: Place) -> Iterator[Records]:
    opened = Records(remote)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def remote_desk(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Archive]:
    """As `desk`, in PostgreSQL."""
    url = postgres.make_database(f"desk-{uuid4().hex}")
    archive = Archive(Place(tmp_path_factory.mktemp("remote"), url), embedder)
    assert not take_in(archive, CORPUS).failed
    yield archive
    archive.close()


def _state(archive: Archive) -> dict[str, object]:
    """All that a store says of its notices, but for when they were read."""
    catalogue = archive.catalogue
    cards = [replace(card, accessed_on="") for card in catalogue.cards()]
    return {
        "cards": cards,
        "links": catalogue.links(),
        "endings": catalogue.endings(),
        "lineage": [catalogue.lineage([card.notice_id]) for card in cards],
        "obligations": catalogue.obligations(),
        "obligation years": catalogue.obligation_years(),
        "files": catalogue.files(),
        "passages": catalogue.passage_ids(),
        "sentences": {card.notice_id: catalogue.sentences(card.notice_id) for card in cards},
        "paragraphs": {card.notice_id: catalogue.notice(card.notice_id).paragraphs for card in cards},
        "characters": catalogue.count_characters(),
        "orphans": catalogue.orphans(),
        "differences": archive.check(),
    }


# -- the same as from files --------------------------------------------------------------------


@pytest.mark.model
def test_the_notices_of_both_are_the_same(desk: Archive, remote_desk: Archive) -> None:
    assert _state(remote_desk) == _state(desk)
    assert remote_desk.catalogue.cards()
    assert not list(remote_desk.folder.glob("*.sqlite"))


@pytest.mark.model
@pytest.mark.parametrize("question", QUESTIONS)
def test_the_answers_of_both_are_the_same(desk: Archive, remote_desk: Archive, question: str) -> None:
    assert read_alike(ask(remote_desk, question)) == read_alike(ask(desk, question))
    narrowed = ask(remote_desk, question, years=(2023,))
    assert read_alike(narrowed) == read_alike(ask(desk, question, years=(2023,)))


@pytest.mark.model
def test_the_details_of_both_are_the_same(desk: Archive, remote_desk: Archive, embedder: Embedder) -> None:
    vector = embedder.embed_question("What must schools report?").vector
    ids = frozenset(card.notice_id for card in desk.catalogue.cards())
    assert remote_desk._details.nearest(vector, 20, ids) == desk._details.nearest(vector, 20, ids)


def test_texts_are_in_the_order_of_their_bytes(catalogue: Catalogue, postgres: Postgres) -> None:
    entries = [make_entry(f"Notice {number}.", path=path) for number, path in enumerate(PATHS)]
    files = [FileRecord(entry.notice.card.path, "", "", "", entry.notice.card.notice_id) for entry in entries]
    catalogue.add(entries, files)
    assert [card.path for card in catalogue.cards()] == sorted(PATHS)
    assert [file.location for file in catalogue.files()] == sorted(PATHS)
    # Without being told, this server orders as a language does.
    listed = ", ".join(f"('{path}')" for path in PATHS)
    ordered = postgres.run_sql(f"SELECT x FROM (VALUES {listed}) AS t(x) ORDER BY x").split()  # noqa: S608
    assert ordered != sorted(PATHS)


def test_long_titles_and_odd_characters_are_kept(catalogue: Catalogue) -> None:
    # Random, so that nothing makes it shorter: an index of PostgreSQL takes 2,704 bytes.
    drawn = np.random.default_rng(0).integers(0x4E00, 0x9F00, 3000)
    title = "关于" + "".join(map(chr, drawn))
    older = make_entry("去年的通知。", title=title, issuer="教育局", year=2022, issued_on="2022")
    newer = make_entry("今年的通知。", title=title, issuer="教育局", year=2023, issued_on="2023")
    catalogue.add([older, newer], [])
    assert {link.to_id for link in catalogue.links()} == {older.notice.card.notice_id}
    odd = make_entry("Line one.\n\nA 𝔘 and a \\x00 and a 'quote' %s :name ;", title="no\0thing", path="x")
    catalogue.add([odd], [])
    kept = catalogue.notice(odd.notice.card.notice_id)
    assert (kept.text, kept.card.title) == (odd.notice.text, "nothing")


def test_a_place_too_long_for_the_index_is_said(catalogue: Catalogue) -> None:
    entry = make_entry("A notice.")
    location = "/" + "".join(map(chr, np.random.default_rng(0).integers(0x4E00, 0x9F00, 2000)))

    with pytest.raises(StoreError, match="longer than the database keeps") as raised:
        catalogue.add([entry], [FileRecord(location, "", "", "", entry.notice.card.notice_id)])
    assert "shorter names" in raised.value.help
    assert catalogue.cards() == []


# -- several at once ---------------------------------------------------------------------------


def test_many_open_a_new_store_at_once(remote: Place) -> None:
    def open_both(_number: int) -> None:
        Catalogue(remote).close()
        Records(remote).close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(open_both, range(12)))


def test_many_answers_hold_a_connection_each_and_see_one_moment(catalogue: Catalogue) -> None:
    catalogue.add([make_entry("Schools must report.")], [])
    with ExitStack() as stack:
        held = [stack.enter_context(catalogue.begin_reading()) for _ in range(12)]
        before = [connection.exec_driver_sql("SELECT count(*) FROM notices").scalar_one() for connection in held]
        catalogue.add([make_entry("Parents may ask.")], [])
        after = [connection.exec_driver_sql("SELECT count(*) FROM notices").scalar_one() for connection in held]
    assert before == after == [1] * 12
    assert len(catalogue.cards()) == 2


def test_one_name_written_by_many_is_kept_once(records: Records) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: remember_person(records, Person("key", f"Name {number}", Role.reader)), range(40)))
    assert list(read_people(records)) == ["key"]


def test_one_turn_written_by_many_is_kept_once(records: Records) -> None:
    mine = Conversations(records, "a")
    name = mine.start("A question")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: mine.put(name, 0, Turn(f"Question {number}", None)), range(40)))
    assert len(mine.read(name)) == 1


def test_only_one_host_may_write(remote: Place, catalogue: Catalogue, tmp_path: Path) -> None:
    other = Catalogue(replace(remote, folder=tmp_path / "another host"))
    with catalogue.claim():
        with pytest.raises(StoreBusyError, match="another ingest"), other.claim():
            pass
        catalogue.add([make_entry("Schools must report.")], [])
    with other.claim():
        assert len(other.cards()) == 1
    other.close()


def test_the_claim_of_a_process_that_was_killed_is_free(remote: Place, catalogue: Catalogue) -> None:
    lines = (
        "import sys, time; from pathlib import Path; from core.place import Place",
        "from store.catalogue import Catalogue",
        "with Catalogue(Place(Path(sys.argv[1]), sys.argv[2])).claim():",
        "    print('claimed', flush=True); time.sleep(600)",
    )
    command = [sys.executable, "-c", "\n".join(lines), str(remote.folder), remote.database_url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"claimed\n"
        with pytest.raises(StoreBusyError), catalogue.claim():
            pass
        writer.kill()
    for _ in range(1000):
        try:
            with catalogue.claim():
                return
        except StoreBusyError:
            # The server has not seen yet that it has gone.
            time.sleep(0.01)
    raise AssertionError("the claim is still held")


# -- a server that goes ------------------------------------------------------------------------


def test_a_writer_that_lost_its_connection_writes_no_more(
    remote: Place, catalogue: Catalogue, server: Postgres, tmp_path: Path
) -> None:
    other = Catalogue(replace(remote, folder=tmp_path / "another host"))
    with catalogue.claim():
        server.kill()
        with pytest.raises(UnreachableStoreError):
            catalogue.move_generation()
        server.start()
        assert catalogue.cards() == []
        with other.claim():
            for write in (catalogue.move_generation, catalogue.confirm_claim):
                with pytest.raises(UnreachableStoreError, match="right to write"):
                    write()
            other.move_generation()
    with catalogue.claim():
        catalogue.move_generation()
    assert catalogue.generation == other.generation == 2
    other.close()


def test_one_connection_cut_by_the_server_takes_the_claim_with_it(catalogue: Catalogue, postgres: Postgres) -> None:
    holder = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
    with catalogue.claim():
        assert postgres.run_sql(holder) == "t\n"
        with pytest.raises(UnreachableStoreError):
            catalogue.move_generation()
        assert catalogue.generation == 0
        with pytest.raises(UnreachableStoreError):
            catalogue.move_generation()


class _Killing(Silence):
    """A progress at whose steps, so many in, the server is killed."""

    def __init__(self, server: Postgres, after: int) -> None:
        self.server = server
        self.left = after

    def step(self, done: int) -> None:
        self.left -= done
        if self.left < 0 and self.server.is_running:
            self.server.kill()


@pytest.mark.model
def test_a_server_killed_in_an_ingest_costs_nothing_that_was_in(
    desk: Archive, remote: Place, server: Postgres, embedder: Embedder
) -> None:
    archive = Archive(remote, embedder)
    for after in (0, 40):
        with pytest.raises(UnreachableStoreError) as raised:
            ingest([CORPUS], archive, LIMITS, prune=False, progress=_Killing(server, after))
        assert PASSWORD not in str(raised.value)
        server.start()
    assert not take_in(archive, CORPUS).failed
    assert _state(archive) == _state(desk)
    archive.close()


@pytest.mark.model
def test_a_server_killed_in_a_question_is_said_and_the_next_is_answered(
    desk: Archive, remote_desk: Archive, server: Postgres
) -> None:
    expected = read_alike(ask(desk, QUESTIONS[0]))
    with remote_desk.hold() as held:
        server.kill()
        with pytest.raises(UnreachableStoreError) as raised:
            held.catalogue.passages(desk.catalogue.passage_ids())
    with pytest.raises(UnreachableStoreError):
        ask(remote_desk, QUESTIONS[0])
    assert "127.0.0.1" in str(raised.value)
    assert PASSWORD not in str(raised.value)
    assert read_condition(remote_desk).health is Health.down
    server.start()
    assert read_alike(ask(remote_desk, QUESTIONS[0])) == expected
    assert read_condition(remote_desk).health is Health.ok


def test_records_outlive_the_server(records: Records, server: Postgres) -> None:
    mine = Conversations(records, "a")
    name = mine.start("Who?")
    server.kill()
    with pytest.raises(UnreachableStoreError):
        mine.find()
    with pytest.raises(UnreachableStoreError):
        mine.put(name, 0, Turn("Who?", None))
    server.start()
    mine.put(name, 0, Turn("Who?", None))
    assert [one.turns for one in mine.find()] == [1]
    with pytest.raises(UnknownConversationError):
        Conversations(records, "b").read(name)


@pytest.mark.parametrize(
    "change", [{"port": 1}, {"password": "another"}, {"database": "nowhere"}, {"username": "nobody"}]
)
def test_a_server_that_cannot_be_had_is_named_without_the_password(
    remote: Place, change: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    url = read_url(remote.database_url).set(**change)  # type: ignore[arg-type]
    place = replace(remote, database_url=url.render_as_string(hide_password=False))
    with caplog.at_level("DEBUG"), pytest.raises(UnreachableStoreError, match=r"127\.0\.0\.1") as raised:
        Catalogue(place)
    told = f"{raised.value} {raised.value.__cause__!r} {place!r} {Database(place, 'x').engine!r} {caplog.text}"
    assert PASSWORD not in told
    assert str(change.get("password", PASSWORD)) not in told


@pytest.mark.parametrize("written", ["mysql://a:secret@b/c", "no url, but secret", "postgresql://a:secret@b:port/c"])
def test_a_url_that_is_none_is_told_without_what_is_in_it(written: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        Catalogue(Place(tmp_path, written))
    assert "secret" not in f"{raised.value} {raised.value.__cause__}"
    assert "POLICY_DESK_DATABASE_URL" in raised.value.help


def test_both_spellings_of_the_url_are_one(remote: Place) -> None:
    assert read_url(remote.database_url) == read_url(remote.database_url.replace("postgresql:", "postgres:"))


def test_a_full_disk_of_the_server_is_said(catalogue: Catalogue) -> None:
    raising = "DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$"
    with pytest.raises(FullDiskError, match="database"), catalogue._database.begin() as connection:
        connection.exec_driver_sql(raising)


def test_a_database_that_cannot_hold_every_character_is_refused(postgres: Postgres, tmp_path: Path) -> None:
    name = f"desk-{uuid4().hex}"
    how = "ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C' LOCALE_PROVIDER libc"
    postgres.run_sql(f'CREATE DATABASE "{name}" {how}')
    with pytest.raises(BrokenStoreError, match="LATIN1") as raised:
        Catalogue(Place(tmp_path, postgres.url.removesuffix("desk") + name))
    assert "createdb -E UTF8" in raised.value.help


def test_a_catalogue_of_another_version_is_refused(remote: Place, catalogue: Catalogue) -> None:
    catalogue.write_state("schema", "99")
    with pytest.raises(BrokenStoreError, match=r"database desk-.*99") as raised:
        Catalogue(remote)
    assert "folder" not in raised.value.help


# -- what is erased, and what is left ----------------------------------------------------------


def _read_tables(postgres: Postgres) -> bytes:
    """All bytes of the server's tables, as they are on its disk; its journal is not among them."""
    postgres.run_sql("CHECKPOINT")
    return b"".join(
        file.read_bytes() for file in sorted((postgres.folder / "data" / "base").rglob("*")) if file.is_file()
    )


def test_what_is_kept_of_a_person_is_gone_from_the_tables(records: Records, postgres: Postgres) -> None:
    answer = Answer(PRIVATE, "en", Status.no_evidence, Searched(3, (2022,)))
    for person in ("a", "b"):
        question = PRIVATE if person == "a" else "What is required?"
        mine = Conversations(records, person)
        mine.put(mine.start(question), 0, Turn(question, answer if person == "a" else None))
        give_feedback(records, person, replace(answer, question=question), [], good=False, comment=question)
    assert PRIVATE.encode() in _read_tables(postgres)
    assert forget_person(records, "a") == Erased(1, 1)
    assert PRIVATE.encode() not in _read_tables(postgres)
    assert [one.person for one in read_feedback(records)] == ["b"]
    assert [one.turns for one in Conversations(records, "b").find()] == [1]


@pytest.mark.model
def test_the_vectors_of_an_older_version_are_rounded_when_they_are_opened(
    remote_desk: Archive, embedder: Embedder
) -> None:
    vector, ids = embedder.embed_question("school meals").vector, frozenset(remote_desk.shelf.cards)
    near = remote_desk._details.nearest(vector, 20, ids)
    with remote_desk._details._database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE notice_steps RENAME TO notice_signs")
    renewed = DetailIndex(remote_desk.place, embedder.fingerprint)
    assert renewed.nearest(vector, 20, ids) == near
    renewed.close()


def test_details_of_two_models_are_kept_apart_until_one_is_dropped(remote: Place, catalogue: Catalogue) -> None:
    old, new = DetailIndex(remote, "one model"), DetailIndex(remote, "another")
    assert (old.count(), new.count()) == (0, 0)
    new.drop_others()
    assert new.count() == 0
    schemas = [schema for schema in _list_schemas(catalogue) if schema.startswith("policy_desk_details")]
    assert len(schemas) == 1
    assert catalogue.cards() == []
    for index in (old, new):
        index.close()


def _list_schemas(catalogue: Catalogue) -> list[str]:
    with catalogue._connect() as connection:
        return list(connection.exec_driver_sql("SELECT nspname FROM pg_namespace").scalars())


def test_the_room_that_the_tables_take_grows(catalogue: Catalogue) -> None:
    before = catalogue.measure()
    catalogue.add([make_entry(f"Schools must report {number}. " * 200) for number in range(20)], [])
    assert catalogue.measure() > before > 0
    assert catalogue.is_there


def test_locks_have_numbers_of_their_own() -> None:
    assert name_lock("writing") != name_lock("opening")
    assert -(2**63) <= name_lock("writing") < 2**63
