"""Metrics: what happens is counted once, what Prometheus reads parses, and only who may reads it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import CollectorRegistry

from core.errors import BusyDeskError
from core.events import Answered, FileFailed, Rated, Served, Stage, StageEnded, stage, tell, tell_failure
from core.exposure import may_watch
from core.metrics import Metrics
from core.types import Fallback, Status
from scripts.sessions import ask_together
from serving.keys import make_key
from store.archive import Archive
from store.gauges import StoreGauges
from store.records import Records
from tests.browsing import serve_app
from tests.calling import serve_api
from tests.conftest import take_in

_LOOPBACK = {"Host": "127.0.0.1:8501"}
_FORWARDED = {"X-Forwarded-For": "192.0.2.7"}
_QUESTION = "How many full-time teachers did the province have in 2022?"
_UNKNOWN = "Who won the football cup in 2022?"
Sample = tuple[str, tuple[tuple[str, str], ...]]


@pytest.fixture
def metrics() -> Iterator[Metrics]:
    counting = Metrics()
    counting.open()
    yield counting
    counting.close()


def _read(exposed: str | bytes) -> dict[Sample, float]:
    """Each sample by its name and labels; none is told twice."""
    text = exposed if isinstance(exposed, str) else exposed.decode()
    found: dict[Sample, float] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            key = sample.name.removeprefix("policy_desk_"), tuple(sorted(sample.labels.items()))
            assert key not in found
            found[key] = sample.value
    return found


def _name(name: str, **labels: str) -> Sample:
    return name, tuple(sorted(labels.items()))


def _answered(question: str = "?", language: str = "en", **values: object) -> Answered:
    told: dict[str, object] = {
        "status": Status.answered.value,
        "seconds": 0.3,
        "first_seconds": 0.15,
        "notices": 3,
        "citations": 1,
        "model": "extractive",
        "fallback": "",
        "withheld": (),
        "answer": "",
    }
    return Answered(question=question, language=language, **(told | values))  # type: ignore[arg-type]


def test_each_event_is_counted_where_it_belongs(metrics: Metrics) -> None:
    tell(_answered(withheld=("figure", "figure", "negation")))
    tell(_answered(language="zh", status=Status.model_failed.value, fallback=Fallback.late.value, first_seconds=None))
    for count in (0, 10):
        with stage(Stage.search) as finding:
            finding.count = count
    tell(StageEnded(Stage.embedding, 0.004, None))
    tell(Served("ask", 200, 0.5))
    tell(Rated("bad"))
    tell_failure(BusyDeskError("too many"))
    tell_failure(KeyError("a word of a question"))
    found = _read(metrics.expose())
    assert found[_name("answers_total", status="answered", language="en")] == 1
    assert found[_name("answers_total", status="model_failed", language="zh")] == 1
    assert found[_name("answers_total", status="no_evidence", language="en")] == 0
    assert found[_name("withheld_sentences_total", reason="figure")] == 2
    assert found[_name("chat_failures_total", cause="late")] == 1
    assert (found[_name("answer_seconds_count")], found[_name("first_sentence_seconds_count")]) == (2, 1)
    assert found[_name("first_sentence_seconds_bucket", le="0.1")] == 0
    assert found[_name("first_sentence_seconds_bucket", le="0.2")] == 1
    assert (found[_name("searches_total")], found[_name("searches_without_hits_total")]) == (2, 1)
    assert found[_name("stage_seconds_count", stage="search")] == 2
    assert found[_name("embedding_seconds_sum")] == pytest.approx(0.004)
    assert found[_name("requests_total", verb="ask", status="200")] == 1
    assert found[_name("feedback_total", verdict="bad")] == 1
    assert found[_name("errors_total", error="BusyDeskError")] == 1
    assert found[_name("errors_total", error="unexpected")] == 1
    assert found[_name("requests_refused_total", reason="BusyDeskError")] == 1


def test_nothing_is_counted_before_or_after() -> None:
    counting = Metrics()
    tell(Rated("good"))
    counting.open()
    counting.close()
    tell(Rated("good"))
    assert _read(counting.expose())[_name("feedback_total", verdict="good")] == 0


@given(st.text(), st.text(max_size=20), st.text())
def test_no_words_of_anybody_are_in_a_label(question: str, language: str, path: str) -> None:
    counting = Metrics()
    counting.open()
    try:
        before = _read(counting.expose()).keys()
        tell(_answered(question, language, answer=question))
        tell(FileFailed(path, question, question))
        after = _read(counting.expose()).keys()
    finally:
        counting.close()
    added = {value for _, labels in after - before for _, value in labels}
    assert added <= {"other", "answered"}


# -- who may read ------------------------------------------------------------------------------


def test_without_a_token_only_this_machine_reads() -> None:
    assert may_watch(_LOOPBACK, "127.0.0.1", "")
    assert may_watch({"Host": "[::1]:8501"}, "::1", "")
    assert not may_watch(_LOOPBACK, "192.0.2.7", "")
    assert not may_watch(_LOOPBACK | _FORWARDED, "127.0.0.1", "")
    assert not may_watch({"Host": "desk.example"}, "127.0.0.1", "")
    assert not may_watch(_LOOPBACK | _FORWARDED | {"Authorization": "Bearer "}, "127.0.0.1", "")


def test_with_a_token_whoever_bears_it_reads_and_nobody_else() -> None:
    bearer = {"Host": "desk.example", "Authorization": "Bearer s3cret"} | _FORWARDED
    assert may_watch(bearer, "192.0.2.7", "s3cret")
    assert may_watch(bearer | {"Authorization": "bearer s3cret"}, None, "s3cret")
    # A proxy that does not say that it is one looks like this machine.
    assert not may_watch(_LOOPBACK, "127.0.0.1", "s3cret")
    for wrong in ("", "s3cret", "Basic s3cret", "Bearer", "Bearer S3cret", "Bearer s3cret2", "Bearer £"):
        assert not may_watch(bearer | {"Authorization": wrong}, "127.0.0.1", "s3cret")


# -- the store ---------------------------------------------------------------------------------


def _collect(gauges: StoreGauges) -> dict[Sample, float]:
    registry = CollectorRegistry()
    registry.register(gauges)
    return {
        (sample.name.removeprefix("policy_desk_"), tuple(sorted(sample.labels.items()))): sample.value
        for family in registry.collect()
        for sample in family.samples
    }


@pytest.mark.model
def test_the_gauges_follow_the_store(archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records = Records(archive.folder)
    gauges = StoreGauges(lambda: archive, lambda: records)
    found = _collect(gauges)
    assert (found[_name("store_up")], found[_name("notices")], found[_name("passages")]) == (1, 0, 0)
    assert _name("index_written_timestamp_seconds") not in found
    notice = tmp_path / "in" / "a.txt"
    notice.parent.mkdir()
    notice.write_text("Schools must report by May.", encoding="utf-8")
    take_in(archive, notice.parent)
    found = _collect(gauges)
    assert (found[_name("notices")], found[_name("passages")]) == (1, archive.catalogue.total_passages())
    assert found[_name("store_bytes")] > archive.catalogue_file.stat().st_size
    assert found[_name("index_written_timestamp_seconds")] > 1_600_000_000
    # What has not changed is not counted again.
    monkeypatch.setattr(archive.catalogue, "total_passages", lambda: pytest.fail("counted again"))
    assert _collect(gauges)[_name("passages")] == found[_name("passages")]
    records.close()


def test_a_store_that_cannot_be_opened_is_down() -> None:
    for error in (BusyDeskError("it cannot be opened"), OSError("gone"), RuntimeError("an engine")):

        def refuse(error: Exception = error) -> Archive:
            raise error

        assert _collect(StoreGauges(refuse, lambda: pytest.fail("not asked"))) == {_name("store_up"): 0}


# -- over HTTP ---------------------------------------------------------------------------------


@pytest.mark.model
def test_the_api_counts_what_it_is_asked(desk: Archive) -> None:
    with serve_api(desk.folder) as api:
        for question in (_QUESTION, _UNKNOWN):
            assert api.post("/ask", json={"question": question}).status_code == 200
        assert api.post("/ask", json={}).status_code == 422
        assert api.post("/ask", json={"question": " "}).status_code == 422
        assert api.get("/notices/none").status_code == 404
        assert api.get("/no-such-address").status_code == 404
        told = api.get("/metrics")
        assert api.get("/metrics", headers=_FORWARDED).status_code == 403
    assert told.headers["content-type"].startswith("text/plain; version=0.0.4")
    found = _read(told.text)
    assert found[_name("answers_total", status="answered", language="en")] == 1
    assert found[_name("answers_total", status="no_evidence", language="en")] == 1
    assert (found[_name("answer_seconds_count")], found[_name("first_sentence_seconds_count")]) == (2, 1)
    assert found[_name("searches_total")] >= 2
    assert found[_name("embedding_seconds_count")] >= 2
    assert found[_name("requests_total", verb="ask", status="200")] == 2
    assert found[_name("requests_total", verb="ask", status="422")] == 2
    assert found[_name("requests_total", verb="read_notice", status="404")] == 1
    assert found[_name("requests_total", verb="none", status="404")] == 1
    assert found[_name("errors_total", error="UsageError")] == 1
    assert found[_name("errors_total", error="UnknownNoticeError")] == 1
    assert found[_name("requests_underway", turns="answering")] == 0
    assert found[_name("notices")] == len(desk.catalogue.cards())
    assert found[_name("passages")] == desk.catalogue.total_passages()
    assert "football" not in told.text
    assert not any(card.title in told.text for card in desk.catalogue.cards())


@pytest.mark.model
def test_the_api_s_metrics_have_a_token_of_their_own(
    desk: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLICY_DESK_METRICS_TOKEN", "s3cret")
    key = make_key(tmp_path / "keys", "program")
    with serve_api(desk.folder, keys=str(tmp_path / "keys")) as api:
        for given_ in ({}, {"Authorization": "Bearer no"}, {"Authorization": f"Bearer {key}"}):
            refused = api.get("/metrics", headers=given_)
            assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
        assert api.get("/notices", headers={"Authorization": "Bearer s3cret"}).status_code == 401
        told = api.get("/metrics", headers={"Authorization": "Bearer s3cret", **_FORWARDED})
    assert _read(told.text)[_name("requests_refused_total", reason="NotAdmittedError")] == 4


@pytest.mark.model
def test_the_app_counts_the_answers_of_its_page(desk: Archive) -> None:
    with serve_app(desk) as url:
        asked, _ = asyncio.run(ask_together(f"{url.replace('http', 'ws')}/_stcore/stream", 1, 1, os.getpid()))
        told = httpx.get(f"{url}/metrics", timeout=60)
        assert httpx.get(f"{url}/metrics", headers=_FORWARDED).status_code == 403
        assert httpx.get(f"{url}/metrics", headers={"Host": "desk.example"}).status_code == 403
    assert len(asked) == 1
    found = _read(told.text)
    answers = {labels: value for (name, labels), value in found.items() if name == "answers_total"}
    assert sum(answers.values()) == 1
    assert found[_name("answer_seconds_count")] == 1
    assert (found[_name("store_up")], found[_name("notices")]) == (1, len(desk.catalogue.cards()))


@pytest.mark.model
def test_the_app_s_metrics_with_a_token(desk: Archive) -> None:
    with serve_app(desk, **{"POLICY_DESK_METRICS_TOKEN": "s3cret"}) as url:
        refused = httpx.get(f"{url}/metrics")
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
        told = httpx.get(f"{url}/metrics", headers={"Authorization": "Bearer s3cret"} | _FORWARDED, timeout=60)
    assert _read(told.text)[_name("build_info", version="0.1.0")] == 1
