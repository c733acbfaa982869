"""What the tests share: the real embedding model, and a desk with the sample notices, made once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings

from core.place import Place
from core.types import Notice, NoticeCard, Page
from ingest.obligations import take_obligations
from ingest.pipeline import Report, ingest
from ingest.readers import Limits
from ingest.relations import trace_notice
from ingest.sentences import parse_sentences, split_paragraphs
from ingest.splitter import split_notice
from ingest.structure import parse_structure
from store.archive import Archive
from store.catalogue import Entry, digest_text, name_notice
from store.embedder import Embedder

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from playwright.sync_api import Page as BrowserPage

    from tests.services import Postgres

# A busy machine is no fault of what is tested.
settings.register_profile("desk", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("desk")

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "corpus"
LIMITS = Limits(file_bytes=50_000_000, unpacked_bytes=200_000_000, pages=5000)


class Silence:
    """A progress that shows nothing."""

    def start(self, stage: str, total: int) -> None:
        """A stage begins."""

    def step(self, done: int) -> None:
        """Steps are done."""


def take_in(archive: Archive, *paths: Path, prune: bool = False) -> Report:
    """Ingest without a bar."""
    return ingest(paths, archive, LIMITS, prune=prune, progress=Silence())


def make_entry(text: str, pages: tuple[Page, ...] = (), **card: object) -> Entry:
    """A notice with this text, cut as the pipeline cuts it."""
    values: dict[str, object] = {"path": "a.txt", "title": "A notice", "year": 2023, "accessed_on": "2024-05-06"} | card
    notice_id = name_notice(text)
    known = NoticeCard(notice_id=notice_id, digest=digest_text(text), **values)  # type: ignore[arg-type]
    lines = split_paragraphs(text)
    sentences = parse_sentences(text, lines)
    trace = trace_notice(known, text, sentences)
    notice = Notice(known, text, pages, tuple(parse_structure(lines, sentences, text)))
    obligations = take_obligations(known, text, sentences)
    return Entry(notice, tuple(split_notice(notice_id, text, sentences)), tuple(sentences), trace, obligations)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL for the session; who stops it starts it again."""
    from tests.services import start_postgres

    with start_postgres() as server:
        yield server


def make_place(request: pytest.FixtureRequest, folder: Path, kind: str) -> Place:
    """The place of a new store whose tables are in files, or in a database of its own."""
    if kind == "files":
        return Place(folder)
    server: Postgres = request.getfixturevalue("postgres")
    return Place(folder, server.make_database(f"desk-{uuid4().hex}"))


@pytest.fixture(params=["files", pytest.param("postgres", marks=pytest.mark.services)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where a new store is: each test runs for tables in files and for tables in PostgreSQL."""
    return make_place(request, tmp_path, request.param)


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The bundled model; it is loaded at its first use and then kept."""
    return Embedder()


@pytest.fixture(scope="session")
def desk_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the desk of the session lives."""
    return tmp_path_factory.mktemp("desk")


@pytest.fixture(scope="session")
def desk(desk_folder: Path, embedder: Embedder) -> Iterator[Archive]:
    """A desk with the corpus on it; tests only read it."""
    archive = Archive(desk_folder, embedder)
    report = take_in(archive, CORPUS)
    assert not report.failed
    yield archive
    archive.close()


@pytest.fixture
def archive(tmp_path: Path, embedder: Embedder) -> Iterator[Archive]:
    """An empty desk of the test's own."""
    made = Archive(tmp_path / "store", embedder)
    yield made
    made.close()


@pytest.fixture(scope="module")
def address(desk: Archive) -> Iterator[str]:
    """The address of the app over the desk of the session."""
    from tests.browsing import serve_app

    with serve_app(desk) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    from tests.browsing import launch

    with launch() as launched:
        yield launched


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[BrowserPage]:
    """A page at the desk, which asks nobody else."""
    from tests.browsing import open_page

    with open_page(browser, address) as opened:
        yield opened
