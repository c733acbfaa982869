"""The store: catalogue and index agree, whatever was added, renewed or removed, and however a run ended."""

from __future__ import annotations

import hashlib
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import BrokenStoreError, StaleIndexError, StoreBusyError, UnknownNoticeError
from core.types import Origin, Page, Provenance, Span
from store.archive import Archive
from store.catalogue import Catalogue, Entry, FileRecord
from store.embedder import Detail, Embedded, Embedder
from store.shelf import Scope
from store.tables import SCHEMA_VERSION
from tests.conftest import make_entry

_GENERATOR = np.random.default_rng(7)


def _embed(entry: Entry) -> Embedded:
    """Vectors of the model's size: these tests ask where things are kept, not what they mean."""
    rows = _GENERATOR.normal(size=(len(entry.passages), 384)).astype(np.float32)
    detail = Detail(np.ones((1, 384), np.int8), np.zeros((3, 48), np.uint8), np.zeros(3, np.uint16))
    return Embedded(rows / np.linalg.norm(rows, axis=1, keepdims=True), (detail,) * len(rows))


def _put(archive: Archive, entry: Entry, location: str = "") -> None:
    card = entry.notice.card
    record = FileRecord(location or f"at:{card.notice_id}", card.path, "f", "r", card.notice_id)
    archive.add([entry], _embed(entry), [record])


def test_what_was_written_is_read_back(archive: Archive) -> None:
    text = "Schools must report. 𠀀教育。\n\nStage\tLimit\nPrimary\t50"
    entry = make_entry(text, (Page(1, Span(0, len(text))),), issuer="Bureau", issued_on="2023-03-15")
    _put(archive, entry)
    assert archive.entry(entry.notice.card.notice_id) == entry
    assert archive.catalogue.quote(entry.notice.card.notice_id, Span(21, 24)) == "𠀀教育"


def test_passages_are_of_the_text_whatever_their_order(archive: Archive) -> None:
    entries = [make_entry(f"第{n}条：学校必须报告。𠀀 Schools must report. " * 40) for n in range(3)]
    for entry in entries:
        _put(archive, entry)
    passages = {passage.passage_id: passage for entry in entries for passage in entry.passages}
    assert len(passages) > 6
    found = archive.catalogue.passages([*reversed(passages), "nope"])
    assert {name: passage for name, (passage, _) in found.items()} == passages
    assert all(card.notice_id == passage.notice_id for passage, card in found.values())


@pytest.mark.parametrize(
    ("years", "issuer", "count"), [((2023,), "", 1), ((1999,), "", 0), ((), "bur", 1), ((), "%", 0)]
)
def test_filters(archive: Archive, years: tuple[int, ...], issuer: str, count: int) -> None:
    _put(archive, make_entry("Schools must report.", issuer="Bureau"))
    assert len(archive.shelf.cards_in(Scope(years, issuer=issuer))) == count


def test_an_unknown_notice_is_an_error_that_says_so(archive: Archive) -> None:
    for ask in (archive.catalogue.notice, archive.catalogue.card, archive.remove):
        with pytest.raises(UnknownNoticeError, match="nope"):
            ask("nope")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["put", "drop"]), st.integers(0, 5)), max_size=12))
def test_catalogue_and_index_agree_after_any_run(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    archive = Archive(tmp_path_factory.mktemp("run"), Embedder())
    texts = [f"Notice {n}. Schools must report {n} times.\n\n" * (n + 1) for n in range(6)]
    present: set[int] = set()
    for step, number in steps:
        entry = make_entry(texts[number].strip())
        if step == "put":
            _put(archive, entry)
            present.add(number)
        elif number in present:
            archive.remove(entry.notice.card.notice_id)
            present.discard(number)
    assert archive.check() == []
    assert len(archive.catalogue.cards()) == len(present)
    archive.close()


@pytest.mark.model
def test_what_a_killed_run_left_is_never_shown_and_is_mended_by_the_next(archive: Archive) -> None:
    kept, lost = make_entry("Schools must report."), make_entry("Schools must rest. " * 40)
    _put(archive, kept)
    archive.begin()
    # The index was written, the catalogue was not: a kill between the two.
    embedded = _embed(lost)
    archive._details.add(lost.passages, embedded)
    archive._vectors.add(lost.passages, embedded.vectors)
    archive._lexical.write([(lost.notice.card, lost.passages)])
    found = archive.best_by_words({"rest": 1.0}, 5)
    assert found
    assert archive.catalogue.passages([name for name, _ in found]) == {}
    assert len(archive.check()) == 3 * len(lost.passages)
    archive.begin()
    assert archive.check() == []


def test_the_words_of_an_older_version_go_when_they_are_indexed_anew(archive: Archive) -> None:
    entry = make_entry("Schools must report.")
    _put(archive, entry)
    archive.close()
    # As an older version leaves a store: its words in a folder that this one does not read.
    (archive.folder / "words-2").rename(archive.folder / "tantivy")
    (archive.folder / "words").mkdir()
    renewed = Archive(archive.folder, archive.embedder)
    assert renewed.best_by_words({"report": 1.0}, 5) == []
    renewed.begin()
    assert (renewed.folder / "tantivy").is_dir(), "a run that ended half-way has deleted nothing"
    renewed.end()
    assert not (renewed.folder / "tantivy").exists()
    assert (renewed.folder / "words").is_dir(), "what is not the desk's is left alone"
    assert [name for name, _ in renewed.best_by_words({"report": 1.0}, 5)] == [entry.passages[0].passage_id]
    renewed.close()


@pytest.mark.model
def test_the_vectors_of_an_older_version_are_rounded_when_the_store_is_opened(archive: Archive) -> None:
    entry, other = make_entry("Schools must report every year."), make_entry("Schools must rest.")
    _put(archive, entry)
    _put(archive, other)
    vector, ids = _embed(entry).vectors[0], frozenset(archive.shelf.cards)
    near = archive._details.nearest(vector, 2, ids)
    with archive._details._database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE notice_steps RENAME TO notice_signs")
    archive.close()
    renewed = Archive(archive.folder, archive.embedder)
    assert renewed._details.nearest(vector, 2, ids) == near
    assert len(near) == 2
    renewed.close()
    with sqlite3.connect(next(archive.folder.glob("details-*.sqlite"))) as connection:
        assert not connection.execute("SELECT * FROM sqlite_master WHERE name = 'notice_signs'").fetchall()


@pytest.mark.model
def test_repair_puts_back_what_the_index_lost(archive: Archive) -> None:
    entry = make_entry("Schools must report every year.")
    _put(archive, entry)
    archive._vectors.remove([passage.passage_id for passage in entry.passages])
    archive._details.remove([passage.passage_id for passage in entry.passages])
    archive._lexical.write(removed=[entry.notice.card.notice_id])
    assert {difference.index for difference in archive.check()} == {"vectors", "details", "words"}
    assert archive.repair() == 3
    assert archive.check() == []
    assert archive.best_by_words({"report": 1.0}, 1)


def test_an_index_of_another_model_is_refused(tmp_path: Path) -> None:
    first = Archive(tmp_path, Embedder())
    first.begin()
    _put(first, make_entry("Schools must report."))
    first.end()
    first.close()
    second = Archive(tmp_path, Embedder("another/model"))
    assert second.is_stale
    with pytest.raises(StaleIndexError, match=r"made with .*, the settings name another/model") as caught:
        second.check_model()
    assert "python -m ingest" in caught.value.help
    second.close()


def test_only_one_may_write(archive: Archive) -> None:
    with archive.claim():
        other = Archive(archive.folder, archive.embedder)
        with pytest.raises(StoreBusyError, match="another ingest"), other.claim():
            raise AssertionError("two wrote at once")
        other.close()
    with archive.claim():
        pass


def test_a_file_that_is_no_catalogue_is_named(tmp_path: Path) -> None:
    (tmp_path / "catalogue.sqlite").write_bytes(b"this is no database " * 100)
    with pytest.raises(BrokenStoreError, match="catalogue"):
        Catalogue(tmp_path)


def test_a_catalogue_of_another_version_is_refused(tmp_path: Path) -> None:
    made = Catalogue(tmp_path)
    made.write_state("schema", "99")
    made.close()
    with pytest.raises(BrokenStoreError, match="another version"):
        Catalogue(tmp_path)


def test_a_catalogue_of_an_older_version_keeps_its_notices(tmp_path: Path) -> None:
    made = Catalogue(tmp_path)
    entry = make_entry("Schools must report.", meeting_on="2021-03-05")
    made.add([entry], [])
    made.close()
    connection = sqlite3.connect(tmp_path / "catalogue.sqlite")
    for name in ("meeting_on", "in_force_on", "repealed_on", "provenance"):
        connection.execute(f"ALTER TABLE notices DROP COLUMN {name}")
    connection.execute("UPDATE state SET value = '1' WHERE key = 'schema'")
    connection.commit()
    connection.close()
    opened = Catalogue(tmp_path)
    card = opened.card(entry.notice.card.notice_id)
    assert (card.title, card.meeting_on, card.provenance) == ("A notice", "", Provenance())
    assert opened.text(card.notice_id) == "Schools must report."
    assert opened.read_state("schema") == SCHEMA_VERSION
    opened.add([entry], [])
    assert opened.card(card.notice_id).meeting_on == "2021-03-05"
    opened.close()


def test_a_catalogue_from_before_withdrawals_can_keep_them(tmp_path: Path) -> None:
    made = Catalogue(tmp_path)
    entry = make_entry("Schools must report.")
    notice_id = entry.notice.card.notice_id
    made.add([entry], [FileRecord("/in/a.txt", "a.txt", "d", "r", notice_id)])
    made.close()
    connection = sqlite3.connect(tmp_path / "catalogue.sqlite")
    connection.execute("DROP TABLE withdrawn")
    connection.execute("UPDATE state SET value = '4' WHERE key = 'schema'")
    connection.commit()
    connection.close()
    opened = Catalogue(tmp_path)
    assert opened.read_state("schema") == SCHEMA_VERSION
    opened.remove(notice_id, "Wei Lan")
    assert [(one.notice_id, one.path, one.person) for one in opened.withdrawn()] == [(notice_id, "a.txt", "Wei Lan")]
    opened.add([entry], [])
    assert opened.withdrawn() == []
    opened.close()


def test_what_is_known_of_a_notice_comes_back_with_where_it_is_from(tmp_path: Path) -> None:
    known = Provenance(title=Origin.text, meeting_on=Origin.sources)
    entry = make_entry("Schools must report.", in_force_on="2021-05", repealed_on="2030", provenance=known)
    made = Catalogue(tmp_path)
    made.add([entry], [])
    assert made.cards() == [entry.notice.card]
    made.close()


def test_the_tables_are_those_of_the_version_that_they_name(tmp_path: Path) -> None:
    Catalogue(tmp_path).close()
    connection = sqlite3.connect(tmp_path / "catalogue.sqlite")
    rows = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").fetchall()
    connection.close()
    made = hashlib.sha256("\n".join(" ".join(sql.split()) for (sql,) in rows).encode()).hexdigest()[:16]
    # Other tables need another SCHEMA_VERSION: a store of this one would be opened, and fail later.
    assert (SCHEMA_VERSION, made) == ("5", "f11c9f95ceab7747")


def test_a_folder_may_have_any_name(tmp_path: Path, embedder: Embedder) -> None:
    folder = tmp_path / "通知? 50% #1"
    archive = Archive(folder, embedder)
    _put(archive, make_entry("Schools must report."))
    archive.close()
    assert (folder / "catalogue.sqlite").is_file()
    assert list(folder.glob("details-*.sqlite"))


def test_an_open_archive_sees_what_another_process_wrote(archive: Archive) -> None:
    assert archive.best_by_words({"report": 1.0}, 5) == []
    other = Archive(archive.folder, archive.embedder)
    entry = make_entry("Schools must report.")
    _put(other, entry)
    other.close()
    archive.refresh()
    vector = np.ones(384, dtype=np.float32)
    assert [name for name, _ in archive.best_by_words({"report": 1.0}, 5)] == [entry.passages[0].passage_id]
    assert [name for name, _ in archive.nearest_by_meaning(vector, 5)] == [entry.passages[0].passage_id]


def test_many_may_read_while_the_index_is_opened_anew(archive: Archive) -> None:
    entry = make_entry("Schools must report.")
    _put(archive, entry)
    vector = _embed(entry).vectors[0]
    over = Event()

    def read() -> list[list[tuple[str, float]]]:
        found = []
        while not over.is_set():
            archive.check_model()
            found.append(archive.nearest_by_meaning(vector, 5))
        return found

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read) for _ in range(4)]
        try:
            for _ in range(10):
                # What another process does to the catalogue when it has written.
                archive.catalogue.move_generation()
                archive.refresh()
        finally:
            over.set()
        answers = [found for reader in readers for found in reader.result()]
    assert len(answers) >= 4
    assert all([name for name, _ in found] == [entry.passages[0].passage_id] for found in answers)


@pytest.mark.parametrize(
    "scope",
    [
        Scope(years=(2022,)),
        Scope(language="zh"),
        Scope(issuer="bUREAU"),
        Scope(years=(2022, 1999), language="zh", issuer="Bureau"),
    ],
)
def test_filters_keep_the_search_to_the_notices_permitted(archive: Archive, scope: Scope) -> None:
    wanted = make_entry("Schools must report 7 times.", year=2022, language="zh", issuer="The Bureau")
    for entry in [wanted, *(make_entry(f"Schools must report {n} times.") for n in range(4))]:
        _put(archive, entry)
    name = wanted.passages[0].passage_id
    vector = _embed(wanted).vectors[0]
    assert [found for found, _ in archive.best_by_words({"report": 1.0}, 5, scope)] == [name]
    assert [found for found, _ in archive.nearest_by_meaning(vector, 5, scope)] == [name]
    nowhere = replace(scope, years=(1999,))
    assert archive.best_by_words({"report": 1.0}, 5, nowhere) == archive.nearest_by_meaning(vector, 5, nowhere) == []


@pytest.mark.parametrize("scored", [18, 1000])
def test_a_filtered_search_agrees_with_the_graph(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, scored: int
) -> None:
    # A desk on which the signs decide who is scored has thousands of passages; so sixty are enough.
    monkeypatch.setattr("store.marks._FEWEST", scored)
    entries = [make_entry(f"Schools must report {n} times.", year=2020 + n % 3) for n in range(60)]
    for entry in entries:
        _put(archive, entry)
    vector = _embed(entries[0]).vectors[0]
    permitted = {entry.notice.card.notice_id for entry in entries[::3]}
    near = [pair for pair in archive.nearest_by_meaning(vector, 60) if pair[0].split(":")[0] in permitted]
    for k in (2, 10):
        found = archive.nearest_by_meaning(vector, k, Scope(years=(2020,)))
        assert [name for name, _ in near[:k]] == [name for name, _ in found]
        assert [score for _, score in near[:k]] == pytest.approx([score for _, score in found], abs=1e-3)


def test_rare_terms_weigh_more(archive: Archive) -> None:
    for text in ("Schools report.", "Schools rest.", "Schools sing."):
        _put(archive, make_entry(text))
    assert archive.weigh("sing") > archive.weigh("school") > 0
    assert archive.speaks_of("sing")
    assert not archive.speaks_of("dance")


def test_of_a_very_long_question_the_rarest_terms_are_sought(archive: Archive) -> None:
    common = [str(number) for number in range(3000, 3200)]
    for text in (" ".join(common), " ".join(reversed(common)), "A zebra came.", "Goats came."):
        _put(archive, make_entry(text))
    zebra, goats = (archive.best_by_words({term: 1.0}, 1)[0][0] for term in ("zebra", "goat"))
    found = dict(archive.best_by_words(dict.fromkeys([*common, "goat", "zebra"], 1.0), 50))
    assert zebra in found and goats in found, "rare words are sought wherever they stand in the question"
    names = archive.catalogue.passage_ids()
    weights = {"goat": 1.0, **dict.fromkeys(common, 2.0), "zebra": 3.0}
    covered, beside = archive.score_by_cover(weights, [*pairwise(common), ("goat", "came"), ("zebra", "came")], names)
    assert covered[zebra] == 3.0
    assert goats not in covered, "the lightest term is left out"
    assert sum(covered.values()) == 3.0 + 2 * 2.0 * 127
    assert zebra not in beside, "of its pair one term only has a weight"


def test_of_a_question_of_usual_length_every_term_counts(archive: Archive) -> None:
    terms = [str(number) for number in range(3000, 3128)]
    entry = make_entry(" ".join(terms))
    _put(archive, entry)
    names = [passage.passage_id for passage in entry.passages]
    covered, beside = archive.score_by_cover(dict.fromkeys(terms, 1.0), list(pairwise(terms)), names)
    assert sum(covered.values()) == 128
    assert sum(beside.values()) == 127 - (len(names) - 1), "a pair that a passage's end cuts stands in none"


def test_who_holds_an_archive_sees_it_as_it_was(archive: Archive) -> None:
    stays, goes, comes = (make_entry(f"Notice {n}. Schools must report.") for n in range(3))
    _put(archive, stays)
    _put(archive, goes)
    ids = [entry.notice.card.notice_id for entry in (stays, goes, comes)]
    with archive.hold() as held:
        archive.remove(ids[1])
        _put(archive, comes)
        assert {card.notice_id for card in held.catalogue.cards()} == set(ids[:2]) == set(held.shelf.cards)
        for entry in (stays, goes):
            name = entry.notice.card.notice_id
            assert held.catalogue.notice(name) == entry.notice
            assert held.catalogue.sentences(name) == list(entry.sentences)
            span = entry.passages[0].span
            assert held.catalogue.sentences(name, span) == [s for s in entry.sentences if s.span.overlaps(span)]
        with pytest.raises(UnknownNoticeError):
            held.catalogue.sentences(ids[2])
        held.refresh()
        assert ids[1] in held.shelf.cards
    assert {card.notice_id for card in archive.catalogue.cards()} == {ids[0], ids[2]} == set(archive.shelf.cards)
