"""The words in PostgreSQL: the same results as Tantivy's, odd terms, whole writes, a server that goes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import BrokenStoreError, UnreachableStoreError
from core.types import NoticeCard, Passage, Span
from store import lexical_ranking
from store.lexemes import make_vector, quantise, spell_alike
from store.lexical import LexicalIndex
from store.lexical_postgres import PostgresWordIndex
from store.lexical_tables import SCHEMA
from store.shelf import Scope
from store.words import index_terms
from tests.services import Postgres, start_postgres

services = pytest.mark.services
_ALL = Scope()
_VOCABULARY = ["school", "meal", "rest", "teacher", "zebra", "hours", "2021", "教育部", "通知", "HB 2417", "o'neil"]
Written = list[tuple[NoticeCard, list[Passage]]]

_texts = st.lists(st.sampled_from(_VOCABULARY), max_size=120).map(" ".join)
_notices = st.lists(
    st.tuples(
        _texts.map(lambda text: text[:60]),
        st.sampled_from(["", "Ministry of Education", "教育部"]),
        st.sampled_from([None, 2020, 2021]),
        st.sampled_from(["en", "zh"]),
        st.lists(_texts, min_size=1, max_size=6),
    ),
    min_size=1,
    max_size=5,
)
_questions = st.dictionaries(
    st.sampled_from([term for text in _VOCABULARY for term in index_terms(text)] + ["nowhere"]),
    st.floats(0.25, 2.0),
    min_size=1,
    max_size=6,
)


def _make(notices: list[tuple[str, str, int | None, str, list[str]]]) -> Written:
    return [
        (
            NoticeCard(f"n{number}", "a.txt", title, issuer=issuer, year=year, language=language),
            [Passage(f"n{number}:{place}", f"n{number}", place, Span(0, 1), text) for place, text in enumerate(texts)],
        )
        for number, (title, issuer, year, language, texts) in enumerate(notices)
    ]


def _write_one(*texts: str, notice_id: str = "n", title: str = "", year: int | None = None) -> Written:
    card = NoticeCard(notice_id, "a.txt", title, year=year)
    parts = [Passage(f"{notice_id}:{place}", notice_id, place, Span(0, 1), text) for place, text in enumerate(texts)]
    return [(card, parts)]


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with start_postgres() as server:
        yield server


def _open(url: str) -> sa.Engine:
    return sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg"))


@pytest.fixture(scope="module")
def engine(server: Postgres) -> Iterator[sa.Engine]:
    engine = _open(server.url)
    yield engine
    engine.dispose()


@pytest.fixture
def index(engine: sa.Engine) -> PostgresWordIndex:
    return _make_empty(engine)


def _make_empty(engine: sa.Engine) -> PostgresWordIndex:
    index = PostgresWordIndex(engine)
    index.write(removed=sorted({name.rpartition(":")[0] for name in index.ids()}))
    return index


def _assert_same(found: list[tuple[str, float]], expected: list[tuple[str, float]]) -> None:
    """The same scores in the same order; where two are equal but for rounding, either may come first."""
    assert [score for _, score in found] == pytest.approx([score for _, score in expected], abs=1e-4)
    assert len(dict(found)) == len(found)
    known = dict(expected)
    least = expected[-1][1] if expected else 0.0
    assert all(known.get(name, least) == pytest.approx(score, abs=1e-4) for name, score in found)


def test_lengths_are_kept_as_in_a_byte() -> None:
    assert [quantise(length) for length in (0, 1, 39, 40, 41, 42, 55, 56, 59, 60, 87, 88, 95, 96, 1000)] == [
        0, 1, 39, 40, 40, 42, 54, 56, 56, 60, 84, 88, 88, 88 + 8, 984,
    ]  # fmt: skip
    kept = [quantise(length) for length in range(100_000)]
    assert kept == sorted(kept)
    assert len(set(kept)) < 256


def test_a_vector_says_where_each_term_of_a_field_stands() -> None:
    assert make_vector({"body": ["a", "b", "a"], "title": ["a"]}) == "'ba':1,3 'bb':2 'ta':1"
    assert make_vector({"body": ["it's", "a\\b"]}) == r"'bit''s':1 'ba\\b':2"
    assert make_vector({"body": []}) == ""


def test_what_is_spelt_alike_is_an_edit_away() -> None:
    spellings, patterns = spell_alike("ab%")
    assert spellings == ["ab%", "b%", "a%", "ab", "ba%", "a%b"]
    assert {"_ab\\%", "ab\\%_", "_b\\%", "ab_"} <= set(patterns)


@services
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(_notices, st.lists(_questions, min_size=1, max_size=3), st.integers(1, 12), st.data())
def test_results_are_those_of_tantivy(
    engine: sa.Engine,
    notices: list[tuple[str, str, int | None, str, list[str]]],
    questions: list[dict[str, float]],
    k: int,
    data: st.DataObject,
) -> None:
    index, written = _make_empty(engine), _make(notices)
    scope = Scope(
        years=data.draw(st.sampled_from([(), (2021,), (2020, 2021)])), language=data.draw(st.sampled_from(["", "en"]))
    )
    permitted = data.draw(st.none() | st.sets(st.sampled_from(["n0", "n1", "n9"])))
    with TemporaryDirectory() as folder:
        tantivy = LexicalIndex(Path(folder))
        index.write(written)
        tantivy.write(written)
        assert (index.count(), index.ids()) == (tantivy.count(), tantivy.ids())
        for terms in questions:
            _assert_same(index.best(terms, k, scope, permitted), tantivy.best(terms, k, scope, permitted))
            among = sorted(index.ids())[:7]
            covered, beside = index.cover(terms, list(pairwise(terms)), among)
            expected, expected_beside = tantivy.cover(terms, list(pairwise(terms)), among)
            assert covered == pytest.approx(expected)
            assert beside == expected_beside
            for term in terms:
                assert index.holds(term) == tantivy.holds(term)
                assert index.weight(term) == pytest.approx(tantivy.weight(term))


@services
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.text(st.sampled_from("abç教育"), min_size=1, max_size=6), min_size=1, max_size=12, unique=True),
    st.text(st.sampled_from("abç教育%_"), min_size=1, max_size=6),
)
def test_what_is_spelt_alike_is_what_tantivy_finds(engine: sa.Engine, texts: list[str], term: str) -> None:
    index, written = _make_empty(engine), _write_one(*texts)
    with TemporaryDirectory() as folder:
        tantivy = LexicalIndex(Path(folder))
        index.write(written)
        tantivy.write(written)
        assert index.find_alike(term, 50) == tantivy.find_alike(term, 50)


@services
def test_of_equal_scores_the_one_written_first_comes_first(index: PostgresWordIndex) -> None:
    index.write(_write_one(*["school meal"] * 12))
    assert [name for name, _ in index.best({"meal": 1.0}, 5, _ALL)] == [f"n:{place}" for place in range(5)]


@services
def test_a_notice_written_again_takes_the_place_of_what_it_was(engine: sa.Engine, index: PostgresWordIndex) -> None:
    index.write([*_write_one("goats came", "school meal", title="Goats"), *_write_one("a zebra", notice_id="m")])
    before = index.changed_at
    index.write(_write_one("school rest", title="Rest"))
    assert index.changed_at > before
    assert index.ids() == {"n:0", "m:0"}
    assert not index.holds("goat")
    assert index.best({"goat": 1.0}, 5, _ALL) == []
    assert [name for name, _ in index.best({"rest": 1.0}, 5, _ALL)] == ["n:0"]
    index.write(removed=["n", "m", "never"])
    assert (index.count(), index.ids()) == (0, set())
    with engine.connect() as connection:
        assert connection.scalar(sa.text(f"select count(*) from {SCHEMA}.lexemes")) == 0  # noqa: S608
        assert connection.scalar(sa.text(f"select lengths from {SCHEMA}.totals")) == [0, 0, 0]  # noqa: S608


@services
def test_rewriting_leaves_the_scores_of_a_fresh_index(index: PostgresWordIndex) -> None:
    index.write(_write_one("school school meal", "zebra", title="Old"))
    index.write([*_write_one("goats", notice_id="m"), *_write_one("school meal", "rest", title="New rest")])
    index.write(removed=["m"])
    questions = [{"school": 1.0}, {"rest": 1.0, "new": 0.5}, {"old": 1.0}]
    found = [index.best(terms, 5, _ALL) for terms in questions]
    index.write(removed=["n"])
    index.write(_write_one("school meal", "rest", title="New rest"))
    assert found == [index.best(terms, 5, _ALL) for terms in questions]


@services
@pytest.mark.parametrize(
    "term", ["it's", "a\\b", "'", "\\", "a:1", "a & b", "%", "!", "y" * 3000, "教" * 3000, "😀", ""]
)
def test_no_term_breaks_a_search(index: PostgresWordIndex, term: str) -> None:
    index.write(_write_one("school meal", ""))
    assert index.best({term: 1.0, "meal": 1.0}, 5, _ALL)[0][0] == "n:0"
    assert not index.holds(term)
    assert index.find_alike(term, 5) == []
    assert index.cover({term: 1.0}, [(term, term)], ["n:0"]) == ({}, {})
    assert index.weight(term) > 1.0


@services
def test_a_term_of_any_length_is_found_beside_others(index: PostgresWordIndex) -> None:
    long = "w" * 3000
    index.write(_write_one(f"a {long} {long}b", f"{long}b", "\\ ' : 𠮷野家 o'neil's"))
    assert {name for name, _ in index.best({f"{long}b": 1.0}, 5, _ALL)} == {"n:0", "n:1"}
    assert index.cover({long: 2.0}, [(long, f"{long}b")], ["n:0", "n:1"]) == ({"n:0": 2.0}, {"n:0": 1.0})
    assert all(index.best({term: 1.0}, 5, _ALL)[0][0] == "n:2" for term in index_terms("𠮷野家 o'neil's"))


@services
def test_of_many_terms_the_weightiest_are_sought(index: PostgresWordIndex) -> None:
    index.write(_write_one("zebra", *["common"] * 3))
    terms = {**{f"nowhere{number}": 0.5 for number in range(200)}, "zebra": 2.0}
    assert [name for name, _ in index.best(terms, 5, _ALL)] == ["n:0"]
    assert index.cover(terms, [], ["n:0"]) == ({"n:0": 2.0}, {})


@services
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(_texts, min_size=10, max_size=30),
    st.lists(_questions, min_size=1, max_size=3),
    st.integers(1, 5),
    st.sampled_from([0, 5]),
)
def test_what_is_left_unread_would_not_have_been_among_the_best(
    engine: sa.Engine, texts: list[str], questions: list[dict[str, float]], k: int, first: int
) -> None:
    index = _make_empty(engine)
    index.write(_write_one(*texts))
    expected = [index.best(terms, k, _ALL) for terms in questions]
    with pytest.MonkeyPatch.context() as patch:
        # As on a desk on which every word is common.
        patch.setattr(lexical_ranking, "_FIRST_READ", first)
        for terms, found in zip(questions, expected, strict=True):
            assert index.best(terms, k, _ALL) == found


@services
def test_no_more_is_read_than_may_be(index: PostgresWordIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    index.write(_write_one(*["school meal"] * 30))
    monkeypatch.setattr(lexical_ranking, "_FIRST_READ", 0)
    monkeypatch.setattr(lexical_ranking, "MOST_READ", 7)
    assert len(index.best({"school": 1.0, "meal": 1.0}, 30, _ALL)) == 7


@services
def test_a_reader_sees_a_write_whole_or_not_at_all(engine: sa.Engine, index: PostgresWordIndex) -> None:
    first, second = (_write_one(*[f"{word} school"] * 8) for word in ("goat", "zebra"))
    index.write(first)
    done = threading.Event()
    seen: list[tuple[int, int]] = []

    def read() -> None:
        reader = PostgresWordIndex(engine)
        while not done.is_set():
            found = reader.best({"goat": 1.0, "zebra": 2.0}, 50, _ALL)
            seen.append((len(found), len({score for _, score in found})))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        for _ in range(15):
            index.write(second)
            index.write(first)
    finally:
        done.set()
        for reader in readers:
            reader.join()
    assert set(seen) == {(8, 1)}


@services
def test_a_write_that_fails_leaves_the_index_as_it_was(index: PostgresWordIndex) -> None:
    index.write(_write_one("goats came"))
    twice = _write_one("school", notice_id="m") * 2
    with pytest.raises(BrokenStoreError) as raised:
        index.write([*_write_one("zebra"), *twice])
    assert "runs the database" in raised.value.help
    assert (index.ids(), index.holds("goat"), index.holds("zebra")) == ({"n:0"}, True, False)


@services
def test_writers_at_the_same_time_wait_for_one_another(engine: sa.Engine, index: PostgresWordIndex) -> None:
    def write(name: str) -> None:
        own = PostgresWordIndex(engine)
        for _ in range(5):
            own.write(_write_one("school meal", "rest", notice_id=name))

    writers = [threading.Thread(target=write, args=(f"n{number}",)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert index.count() == len(index.ids()) == 8
    assert len({score for _, score in index.best({"meal": 1.0}, 8, _ALL)}) == 1


@services
def test_several_may_open_a_new_index_at_once(server: Postgres) -> None:
    engine = _open(server.make_database("fresh"))
    opened: list[int] = []
    openers = [threading.Thread(target=lambda: opened.append(PostgresWordIndex(engine).count())) for _ in range(4)]
    for opener in openers:
        opener.start()
    for opener in openers:
        opener.join()
    engine.dispose()
    assert opened == [0, 0, 0, 0]


@services
def test_a_server_that_is_gone_is_said_to_be_unreachable() -> None:
    with start_postgres() as server:
        engine = _open(server.url)
        index = PostgresWordIndex(engine)
        index.write(_write_one("school meal"))
        server.kill()
        with pytest.raises(UnreachableStoreError):
            index.best({"school": 1.0}, 5, _ALL)
        with pytest.raises(UnreachableStoreError):
            index.write(_write_one("rest"))
        server.start()
        assert [name for name, _ in index.best({"school": 1.0}, 5, _ALL)] == ["n:0"]
        engine.dispose()


@services
def test_tables_that_are_gone_are_said_to_be_broken(server: Postgres) -> None:
    engine = _open(server.make_database("broken"))
    index = PostgresWordIndex(engine)
    with engine.begin() as connection:
        connection.execute(sa.schema.DropSchema(SCHEMA, cascade=True))
    with pytest.raises(BrokenStoreError):
        index.best({"school": 1.0}, 5, _ALL)
    engine.dispose()
