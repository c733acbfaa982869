"""The state of the store as gauges of Prometheus, read when they are asked for, each at little cost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from threading import Lock

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from store.archive import Archive
from store.audit import Action
from store.condition import measure_folder
from store.records import Records
from store.runs import read_run

# Counting the bytes of a store looks at each file: so many seconds one count is told again.
_SIZE_SECONDS = 60.0


class StoreGauges(Collector):
    """Notices, passages, bytes, age of the index, and the last runs; what cannot be read is left out, and `up` is 0."""

    def __init__(self, open_archive: Callable[[], Archive], open_records: Callable[[], Records]) -> None:
        """Both are opened when they are first needed; what they raise means that the store is down."""
        self._open_archive, self._open_records = open_archive, open_records
        self._lock = Lock()
        self._counted: tuple[int, int, int] | None = None
        self._measured: tuple[float, int] | None = None

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing: nothing is read before it is asked for."""
        return ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The gauges as they are now."""
        with self._lock:
            gauges, is_up = self._read()
        yield _make("policy_desk_store_up", "Whether the store can be read.", float(is_up))
        yield from gauges

    def _read(self) -> tuple[list[GaugeMetricFamily], bool]:
        gauges: list[GaugeMetricFamily] = []
        try:
            archive = self._open_archive()
            gauges += self._read_archive(archive)
            gauges += _read_runs(self._open_records())
        except Exception:
            # Each engine says in its own way that its files are broken or gone, and the counters are read all the same.
            return gauges, False
        return gauges, True

    def _read_archive(self, archive: Archive) -> Iterator[GaugeMetricFamily]:
        notices, passages = self._count(archive)
        yield _make("policy_desk_notices", "Notices in the store.", notices)
        yield _make("policy_desk_passages", "Passages in the store.", passages)
        yield _make("policy_desk_store_bytes", "Bytes of the store's folder.", self._measure(archive))
        if notices:
            written = _to_seconds(archive.index_changed_at)
            yield _make("policy_desk_index_written_timestamp_seconds", "When the index was last written.", written)

    def _count(self, archive: Archive) -> tuple[int, int]:
        """(notices, passages), counted once for each state of the notices."""
        generation = archive.catalogue.generation
        if self._counted is None or self._counted[0] != generation:
            archive.refresh()
            self._counted = generation, len(archive.shelf.cards), archive.catalogue.total_passages()
        return self._counted[1:]

    def _measure(self, archive: Archive) -> int:
        if self._measured is None or time.monotonic() - self._measured[0] > _SIZE_SECONDS:
            self._measured = time.monotonic(), sum(measure_folder(archive.folder))
        return self._measured[1]


def _read_runs(records: Records) -> Iterator[GaugeMetricFamily]:
    """When files were last read, from folders or from the page, and what became of them."""
    ended = GaugeMetricFamily("policy_desk_last_run_timestamp_seconds", "When it ended.", labels=["kind"])
    added = GaugeMetricFamily("policy_desk_last_run_added", "Notices that it added.", labels=["kind"])
    failed = GaugeMetricFamily("policy_desk_last_run_failed", "Files that failed in it.", labels=["kind"])
    for action in (Action.ingest, Action.upload):
        run = read_run(records, action)
        if run is not None:
            ended.add_metric([action.value], _to_seconds(run.at))
            added.add_metric([action.value], run.added)
            failed.add_metric([action.value], len(run.failures))
    yield from (ended, added, failed)


def _make(name: str, about: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, about, value=value)


def _to_seconds(at: str) -> float:
    return datetime.fromisoformat(at).timestamp()
