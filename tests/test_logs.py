"""Logs: in JSON each event is one line that says what happened, and no words of people unless they are wanted."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.watched import ask_watched
from core.errors import StaleIndexError
from core.events import FileFailed, Stage, StageEnded, begin_request, listen, stop_listening, tell, tell_failure
from core.logs import JsonLines
from core.types import Answer
from core.version import VERSION
from store.archive import Archive
from tests.calling import serve_api
from tests.conftest import ROOT

_QUESTION = "How many full-time teachers did the province have in 2022?"
Lines = Callable[[], list[dict[str, Any]]]


def _listen(with_words: bool) -> tuple[logging.Handler, Lines]:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines(with_words=with_words))
    handler.setLevel(logging.INFO)
    listen(handler)
    return handler, lambda: [json.loads(line) for line in written.getvalue().splitlines()]


@pytest.fixture(params=[False, True], ids=["without words", "with words"])
def logged(request: pytest.FixtureRequest) -> Iterator[tuple[bool, Lines]]:
    handler, read = _listen(request.param)
    yield request.param, read
    stop_listening(handler)


def _format(message: object, *arguments: object, error: Exception | None = None, with_words: bool = False) -> str:
    trace = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("store", logging.ERROR, __file__, 1, message, arguments, trace)
    return JsonLines(with_words=with_words).format(record)


@given(st.text(st.characters(codec=None)), st.text())
def test_a_line_is_one_line_whatever_a_file_is_called(path: str, reason: str) -> None:
    line = _format(FileFailed(path, reason, "Mend it."))
    assert line.isascii()
    assert line.isprintable()
    told = json.loads(line)
    assert (told["event"], told["path"], told["reason"]) == ("file_failed", path, reason)


def test_a_line_says_when_what_and_of_which_version() -> None:
    told = json.loads(_format("%s\n{}", "the store has gone"))
    assert datetime.fromisoformat(told["at"]).utcoffset() == timedelta(0)
    assert (told["level"], told["event"], told["version"]) == ("error", "message", VERSION)
    assert (told["logger"], told["message"]) == ("store", "the store has gone\n{}")


def test_what_an_unforeseen_error_says_is_left_out() -> None:
    try:
        raise KeyError("a word of a question")
    except KeyError as raised:
        error = raised
    line = _format("%s", error, error=error)
    assert "word" not in line
    told = json.loads(line)
    assert told["error"] == "KeyError"
    assert told["where"][0].endswith("test_what_an_unforeseen_error_says_is_left_out")
    assert "a word of a question" in _format("%s", error, error=error, with_words=True)


@pytest.mark.model
def test_an_answer_is_a_line_with_its_request(desk: Archive, logged: tuple[bool, Lines]) -> None:
    with_words, read = logged
    request = begin_request()
    answer = list(ask_watched(desk, _QUESTION))[-1]
    assert isinstance(answer, Answer)
    (line,) = read()
    assert (line["event"], line["request"], line["status"]) == ("answered", request, "answered")
    assert line["notices"] == len(desk.catalogue.cards())
    assert line["citations"] == len(answer.citations)
    assert 0 < line["first_seconds"] <= line["seconds"]
    if with_words:
        assert line["question"] == _QUESTION
        assert line["answer"].startswith(answer.sentences[0].text)
    else:
        words = json.dumps(line, ensure_ascii=False)
        assert "question" not in line
        assert "teachers" not in words
        assert answer.sentences[0].text not in words


def test_stages_are_not_written_and_errors_are_by_class(logged: tuple[bool, Lines]) -> None:
    _, read = logged
    tell(StageEnded(Stage.search, 0.1, 3))
    tell_failure(StaleIndexError("of another model"))
    tell_failure(ValueError("words"))
    assert [(line["error"], line["known"], line["level"]) for line in read()] == [
        ("StaleIndexError", True, "warning"),
        ("ValueError", False, "warning"),
    ]


# -- whole programs ----------------------------------------------------------------------------


def _ingest(folder: Path, store: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ingest", str(folder), "--json", "--store", str(store)],
        cwd=ROOT,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.model
def test_an_ingest_logs_each_file_that_failed_and_its_report(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    name = 'broken\n{"event": "forged"}.pdf'
    (folder / name).write_bytes(b"%PDF-1.4 nothing")
    (folder / "good.txt").write_text("Schools must report by May.", encoding="utf-8")
    ended = _ingest(folder, tmp_path / "store", POLICY_DESK_LOG="json")
    assert ended.returncode == 1
    assert json.loads(ended.stdout)["added"] == 1
    failed, run = (json.loads(line) for line in ended.stderr.splitlines())
    assert (failed["event"], failed["level"], failed["path"]) == ("file_failed", "warning", name)
    assert failed["reason"]
    assert failed["help"]
    assert (run["event"], run["kind"], run["added"], run["failed"]) == ("run_ended", "ingest", 1, 1)
    (missing,) = _ingest(tmp_path / "no\nsuch", tmp_path / "store", POLICY_DESK_LOG="json").stderr.splitlines()[-1:]
    assert "there is no such file" in json.loads(missing)["message"]


@pytest.mark.model
def test_a_server_writes_nothing_but_json(desk: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICY_DESK_LOG", "json")
    said: list[str] = []
    with serve_api(desk.folder, said=said) as api:
        asked = api.post("/ask", json={"question": _QUESTION})
        assert api.get("/notices/none").status_code == 404
        other = api.get("/health")
    lines = [json.loads(line) for line in said]
    assert lines[0]["event"] == "listening"
    assert asked.headers["x-request-id"] != other.headers["x-request-id"]
    mine = [line for line in lines if line.get("request") == asked.headers["x-request-id"]]
    assert [line["event"] for line in mine] == ["answered", "served"]
    assert [line["error"] for line in lines if line["event"] == "failed"] == ["UnknownNoticeError"]
    assert "teachers" not in json.dumps(lines)


def test_an_unknown_kind_of_log_is_refused(tmp_path: Path) -> None:
    ended = _ingest(tmp_path, tmp_path / "store", POLICY_DESK_LOG="xml")
    assert ended.returncode == 2
    assert "POLICY_DESK_LOG" in ended.stderr
