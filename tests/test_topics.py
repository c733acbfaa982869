"""store.topics and retriever.topics: what obligations are about is found once, kept, and never of other notices."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retriever import topics
from retriever.topics import TOPICS_RULES, find_topics
from store.archive import Archive
from store.catalogue import Entry
from store.embedder import Embedder
from store.topics import read_topics, write_topics
from tests.conftest import make_entry

_FILE = "topics.json"


def _many() -> list[Entry]:
    themes = ("the school bus and its driver", "lunch in the school kitchen", "the swimming pool and the lifeguard")
    texts = [f"Schools must inspect {theme} in week {week}." for theme in themes for week in range(1, 13)]
    return [make_entry(text, path=f"{place}.txt") for place, text in enumerate(texts)]


def _open(folder: Path, embedder: Embedder) -> Archive:
    """The store as another process has it: nothing of it is in memory."""
    topics._known.clear()
    return Archive(folder, embedder)


@pytest.fixture
def folder(tmp_path: Path, embedder: Embedder) -> Path:
    """A store whose topics have been found once."""
    archive = _open(tmp_path / "store", embedder)
    archive.catalogue.add(_many(), [])
    find_topics(archive)
    archive.close()
    return archive.folder


def test_another_process_reads_what_was_found(
    folder: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = _open(folder, embedder)
    expected = topics._name_topics(archive)
    monkeypatch.setattr(topics, "_name_topics", lambda _: pytest.fail("found anew"))
    assert find_topics(archive) == expected
    archive.close()


def test_they_are_found_anew_once_the_notices_change(folder: Path, embedder: Embedder) -> None:
    archive = _open(folder, embedder)
    kept = (folder / _FILE).read_bytes()
    archive.catalogue.remove(_many()[0].notice.card.notice_id)
    assert len(find_topics(archive)) == len(_many()) - 1
    assert (folder / _FILE).read_bytes() != kept
    assert read_topics(folder, TOPICS_RULES, archive.catalogue.generation) == find_topics(archive)
    archive.close()


def test_those_of_other_obligations_at_the_same_generation_are_thrown_away(folder: Path, embedder: Embedder) -> None:
    archive = _open(folder, embedder)
    write_topics(folder, TOPICS_RULES, archive.catalogue.generation, {("another", 0): "bus"})
    assert find_topics(archive) == topics._name_topics(archive)
    archive.close()


def test_those_found_while_another_wrote_are_not_kept(
    folder: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = _open(folder, embedder)
    archive.catalogue.move_generation()
    find = topics._name_topics

    def find_meanwhile(opened: Archive) -> dict[tuple[str, int], str]:
        opened.catalogue.move_generation()
        return find(opened)

    monkeypatch.setattr(topics, "_name_topics", find_meanwhile)
    kept = (folder / _FILE).read_bytes()
    find_topics(archive)
    assert (folder / _FILE).read_bytes() == kept
    archive.close()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b"null",
        json.dumps({"rules": "1", "generation": 1}).encode(),
        json.dumps({"rules": "1", "generation": 1, "names": [], "notices": {"a": [[0, 3]]}}).encode(),
        json.dumps({"rules": "1", "generation": 1, "names": ["x"], "notices": [1]}).encode(),
        json.dumps({"rules": "1", "generation": 1, "names": ["x"], "notices": {"a": [0]}}).encode(),
    ],
)
def test_a_file_that_cannot_be_understood_counts_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / _FILE).write_bytes(content)
    assert read_topics(tmp_path, "1", 1) is None


def test_topics_of_other_rules_or_another_generation_are_not_read(tmp_path: Path) -> None:
    write_topics(tmp_path, "1", 7, {("a", 0): "bus, driver"})
    assert read_topics(tmp_path, "1", 7) == {("a", 0): "bus, driver"}
    assert read_topics(tmp_path, "2", 7) is None
    assert read_topics(tmp_path, "1", 8) is None


def test_where_nothing_can_be_written_none_are_kept_and_nothing_is_left(tmp_path: Path) -> None:
    write_topics(tmp_path / "gone", "1", 1, {("a", 0): "bus"})
    (tmp_path / _FILE).mkdir()
    write_topics(tmp_path, "1", 1, {("a", 0): "bus"})
    assert [file.name for file in tmp_path.iterdir()] == [_FILE]
    assert read_topics(tmp_path, "1", 1) is None


@given(st.dictionaries(st.tuples(st.text(min_size=1, max_size=8), st.integers(0, 9)), st.text(max_size=8), max_size=20))
def test_what_is_kept_is_read_back(tmp_path_factory: pytest.TempPathFactory, found: dict[tuple[str, int], str]) -> None:
    folder = tmp_path_factory.mktemp("kept")
    write_topics(folder, "1", 1, found)
    assert read_topics(folder, "1", 1) == found
