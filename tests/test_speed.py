"""The desk that is made to be timed: the same at each call, in the shares that it tells, and left off anywhere."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from core.errors import UsageError
from evals.speed import grow, sum_rates
from evals.speed_asking import find_exactly
from evals.speed_desk import BATCH, NOTICE, SHARES, Stock, make_batch
from ingest.progress import ProgressBar
from ingest.sentences import parse_sentences
from store.archive import Archive
from store.embedder import Detail, Embedded, Embedder

_TEXTS = [f"Article {n} of the act. Schools shall keep {n} places free." for n in range(12)]
_TEXTS += [f"第{n}条规定。学校应当保留{n}个名额。" for n in range(12)]


@pytest.fixture(scope="module")
def stock() -> Stock:
    random = np.random.default_rng(5)
    vectors = random.normal(0, 1, (len(_TEXTS), 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    details = tuple(
        Detail(
            random.integers(-127, 128, (2, 384), dtype=np.int8),
            random.integers(0, 256, (7, 48), dtype=np.uint8),
            np.array([0, 0, 0, 1, 1, 1, 1], dtype=np.uint16),
        )
        for _ in _TEXTS
    )
    languages = ["en"] * 12 + ["zh"] * 12
    return Stock(_TEXTS, [parse_sentences(text) for text in _TEXTS], languages, Embedded(vectors, details))


def test_a_batch_is_the_same_at_each_call(stock: Stock) -> None:
    entries, embedded = make_batch(stock, BATCH)
    again, embedded_again = make_batch(stock, BATCH)
    assert entries == again
    assert np.array_equal(embedded.vectors, embedded_again.vectors)
    assert entries[0].notice.card.notice_id != make_batch(stock, 0)[0][0].notice.card.notice_id


def test_passages_and_sentences_stand_where_they_say(stock: Stock) -> None:
    for entry in make_batch(stock, 0)[0][:30]:
        text = entry.notice.text
        assert [passage.text for passage in entry.passages] == [passage.span.of(text) for passage in entry.passages]
        assert [sentence.ordinal for sentence in entry.sentences] == list(range(len(entry.sentences)))
        assert [sentence.span for sentence in entry.sentences] == [sentence.span for sentence in parse_sentences(text)]


def test_each_thousand_notices_hold_each_share_exactly(stock: Stock) -> None:
    thousand = 1000 * NOTICE // BATCH
    years = Counter(
        entry.notice.card.year for batch in range(thousand) for entry in make_batch(stock, batch * BATCH)[0]
    )
    assert {year: years[year] for year, _ in SHARES} == {year: round(1000 * share) for year, share in SHARES}


def test_a_desk_that_was_left_off_is_gone_on_with(stock: Stock, tmp_path: Path) -> None:
    archive = Archive(tmp_path / "desk", Embedder())
    grow(tmp_path, archive, BATCH, lambda: stock, None, ProgressBar())
    archive.close()
    # As a kill leaves it that came between the desk and the vectors kept beside it.
    with (tmp_path / "vectors.f32").open("ab") as file:
        file.write(b"half of a batch")
    archive = Archive(tmp_path / "desk", Embedder())
    grow(tmp_path, archive, 2 * BATCH, lambda: stock, None, ProgressBar())
    kept = np.fromfile(tmp_path / "vectors.f32", dtype=np.float32).reshape(-1, 384)
    made = np.concatenate([make_batch(stock, first)[1].vectors for first in (0, BATCH)])
    assert np.array_equal(kept, made)
    assert archive.catalogue.total_passages() == 2 * BATCH
    assert len((tmp_path / "rates.jsonl").read_text().splitlines()) == 2
    with pytest.raises(UsageError):
        grow(tmp_path, archive, BATCH, lambda: stock, None, ProgressBar())
    archive.close()


def test_the_nearest_of_some_rows_are_found_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evals.speed_asking._BLOCK", 70)
    random = np.random.default_rng(2)
    vectors, asked = (random.normal(0, 1, (n, 16)).astype(np.float32) for n in (500, 4))
    rows = np.flatnonzero(random.random(500) < 0.6)
    found = find_exactly(vectors, asked, 10, rows)
    for one, each in zip(asked, found, strict=True):
        assert set(each.tolist()) == set(rows[np.argsort(-(vectors[rows] @ one))[:10]].tolist())
    assert find_exactly(vectors, asked, 10, rows[:3]).shape == (4, 3)


def test_rates_are_told_by_stretch_and_up_to_a_size() -> None:
    rates = [
        {"first": 0, "seconds": 2.0, "cpu_seconds": 1.0, "peak_mb": 10.0},
        {"first": BATCH, "seconds": 3.0, "cpu_seconds": 1.0, "peak_mb": 30.0},
        {"first": 100_000, "seconds": 10.0, "cpu_seconds": 4.0, "peak_mb": 20.0},
        {"first": 200_000, "seconds": 1.0, "cpu_seconds": 1.0, "peak_mb": 90.0},
    ]
    told = sum_rates(rates, 200_000)
    assert told["peak_mb"] == 30
    assert [(row["from"], row["passages"]) for row in told["rates"]] == [(0, 2 * BATCH), (100_000, BATCH)]
    assert told["rates"][0]["a_second"] == pytest.approx(2 * BATCH / 5.0)
    assert told["rates"][1]["a_cpu_second"] == pytest.approx(BATCH / 4.0)
