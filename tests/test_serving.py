"""serving: a real server asked over HTTP tells what the commands tell, and withstands what programs send."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from assistant import __main__ as assistant
from cite.styles import STYLES
from ingest import __main__ as ingest
from retriever import __main__ as retriever
from serving.asked import Style
from store.archive import Archive
from tests.calling import serve_api
from tests.conftest import ROOT, take_in

pytestmark = pytest.mark.model

_QUESTION = "How many full-time teachers did the province have in 2022?"
_CHINESE = "2021年课后服务每天不少于几小时？"
_UNKNOWN = "Who won the football cup in 2022?"


@pytest.fixture(scope="module")
def api(desk: Archive) -> Iterator[httpx.Client]:
    """The API over the desk of the session."""
    with serve_api(desk.folder) as client:
        yield client


def _get(api: httpx.Client, address: str, **parameters: str | int) -> Any:
    response = api.get(address, params=parameters)
    assert response.status_code == 200, response.text
    return response.json()


def _post(api: httpx.Client, address: str, **body: object) -> Any:
    response = api.post(address, json=body)
    assert response.status_code == 200, response.text
    return response.json()


def _says_what_to_do(response: httpx.Response, status: int) -> str:
    """The error of a response of this status, after checking that it says what to do and shows nothing of ours."""
    assert response.status_code == status, response.text
    told = response.json()
    assert set(told) == {"error", "help"}
    assert told["error"]
    assert told["help"]
    assert "Traceback" not in response.text
    assert str(ROOT) not in response.text
    return str(told["error"])


def _read_lines(written: str) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in written.splitlines()]
    for line in lines:
        line.pop("seconds", None)
    return lines


@pytest.mark.parametrize("question", [_QUESTION, _CHINESE, _UNKNOWN, "What was decided in 1950?"])
def test_an_answer_is_that_of_the_command(
    api: httpx.Client, desk: Archive, capsys: pytest.CaptureFixture[str], question: str
) -> None:
    told = _post(api, "/ask", question=question)
    assistant.main([question, "--json", "--store", str(desk.folder)])
    (line,) = _read_lines(capsys.readouterr().out)
    assert told.pop("seconds") >= 0
    assert told == line
    for citation in told["citations"]:
        text = _get(api, f"/notices/{citation['notice_id']}", text="true")["text"]
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_filters_history_and_language(api: httpx.Client) -> None:
    assert _post(api, "/ask", question=_QUESTION, **{"from": 2018, "to": 2020})["searched"]["years"] == [
        2018,
        2019,
        2020,
    ]
    assert _post(api, "/ask", question=_QUESTION, issuer="yunlan", year=2022)["searched"]["years"] == [2022]
    earlier = [{"question": "How many schools did the province have in 2021?", "answer": "Some."}]
    followed = _post(api, "/ask", question="And in 2022?", history=earlier)
    assert {citation["notice_id"] for citation in followed["citations"]} & {
        citation["notice_id"] for citation in _post(api, "/ask", question=_QUESTION)["citations"]
    }
    assert "文件没有说明" in _post(api, "/ask", question=_UNKNOWN, language="zh")["answer"]


def test_a_stream_sends_each_sentence_then_the_whole_answer(api: httpx.Client) -> None:
    events: list[tuple[str, Any]] = []
    with api.stream("POST", "/ask", json={"question": _QUESTION, "stream": True}) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        name = ""
        for line in response.iter_lines():
            kind, _, words = line.partition(": ")
            if kind == "event":
                name = words
            elif kind == "data":
                events.append((name, json.loads(words)))
    (kind, answer), sentences = events[-1], [told for name, told in events[:-1] if name == "sentence"]
    assert kind == "answer"
    assert sentences == answer["sentences"]
    assert len(sentences) == len(events) - 1 >= 1
    whole = _post(api, "/ask", question=_QUESTION)
    assert {**answer, "seconds": 0} == {**whole, "seconds": 0}


def test_a_stream_that_cannot_begin_has_the_status_of_its_error(api: httpx.Client) -> None:
    _says_what_to_do(api.post("/ask", json={"question": "?!", "stream": True}), 422)


def test_a_stream_that_is_left_does_not_hold_its_turn(desk: Archive) -> None:
    with serve_api(desk.folder, at_once="1", waiting="0") as api:
        for _ in range(3):
            with api.stream("POST", "/ask", json={"question": _QUESTION, "stream": True}) as response:
                next(response.iter_lines())
            for _ in range(1000):
                again = api.post("/ask", json={"question": _QUESTION})
                if again.status_code != 503:
                    break
            assert again.json()["status"] == "answered"


def test_what_was_found_is_that_of_the_command(
    api: httpx.Client, desk: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    told = _post(api, "/search", question=_CHINESE, k=5, year=2021)
    retriever.main([_CHINESE, "--k", "5", "--year", "2021", "--json", "--store", str(desk.folder)])
    told.pop("seconds")
    assert [told] == _read_lines(capsys.readouterr().out)
    assert len(told["hits"]) == 5


def test_the_notices_are_those_of_the_command(
    api: httpx.Client, desk: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    ingest.main(["--list", "--json", "--store", str(desk.folder)])
    lines = _read_lines(capsys.readouterr().out)
    told = _get(api, "/notices")
    assert told == {"total": len(lines), "notices": lines}
    paged = [_get(api, "/notices", limit=7, offset=at)["notices"] for at in range(0, len(lines), 7)]
    assert [line for page in paged for line in page] == lines
    assert {line["year"] for line in _get(api, "/notices", year=2022)["notices"]} == {2022}
    worded = _get(api, "/notices", words="charters 2022")["notices"]
    assert worded
    assert all("charters" in line["title"].lower() for line in worded)
    one = _get(api, f"/notices/{lines[0]['notice_id']}")
    assert one == {**lines[0], "text": None}


def test_requirements_and_changes_are_those_of_the_commands(
    api: httpx.Client, desk: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    store = ["--json", "--store", str(desk.folder)]
    retriever.main(["--obligations", "--year", "2022", "--as-of", "2022-12-31", *store])
    lines = _read_lines(capsys.readouterr().out)
    assert lines
    told = _get(api, "/requirements", year=2022, as_of="2022-12-31", limit=1000)
    assert told == {"total": len(lines), "requirements": lines}
    notice = lines[0]["notice_id"]
    own = _get(api, f"/notices/{notice}/requirements", limit=1000)["requirements"]
    assert lines[0] in own
    assert {line["notice_id"] for line in own} == {notice}
    retriever.main(["--changes", "2021", "2022", *store])
    changes = _read_lines(capsys.readouterr().out)
    assert changes
    assert _get(api, "/changes", **{"from": 2021, "to": 2022, "limit": 1000}) == {
        "total": len(changes),
        "changes": changes,
    }


def test_a_citation_is_that_of_the_command(
    api: httpx.Client, desk: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    assert get_args(Style) == STYLES
    notice = _get(api, "/notices", limit=1)["notices"][0]["notice_id"]
    for style in STYLES:
        told = _get(api, "/cite", notice=notice, span="0-20", style=style)
        assistant.main(["--cite", notice, "--span", "0-20", "--style", style, "--store", str(desk.folder)])
        assert told["citation"] == capsys.readouterr().out.removesuffix("\n")
        assert told["quote"] == _get(api, f"/notices/{notice}", text="true")["text"][:20]


def test_a_draft_is_checked_as_the_command_checks_it(
    api: httpx.Client, desk: Archive, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    quote = _post(api, "/ask", question=_QUESTION)["citations"][0]["quote"]
    draft = f"The bulletin says: “{quote}” It also says “that each of the moons is made of green cheese”.\n"
    told = _post(api, "/check", draft=draft)["statements"]
    assert [one["verdict"] for one in told] == ["exact", "not_found"]
    (tmp_path / "draft.txt").write_text(draft, encoding="utf-8")
    assistant.main(["--check", str(tmp_path / "draft.txt"), "--json", "--store", str(desk.folder)])
    assert told == _read_lines(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("method", "address", "body", "status"),
    [
        ("POST", "/ask", b'{"question": ', 400),
        ("POST", "/ask", b"\xff\xfe\x00", 400),
        ("POST", "/ask", b'{"question": "\\ud800"}', 422),
        ("POST", "/ask", b'{"question": ""}', 422),
        ("POST", "/ask", b'{"question": " \\u0000 "}', 422),
        ("POST", "/ask", b'{"question": "x", "yaer": 2022}', 422),
        ("POST", "/ask", b'{"question": "x", "from": 2023, "to": 2020}', 422),
        ("POST", "/ask", b'{"question": "What was decided?", "issuer": "no such body"}', 422),
        ("POST", "/ask", b'{"question": "' + b"x" * 2001 + b'"}', 422),
        ("POST", "/ask", b"[" * 100_000, 400),
        ("POST", "/check", b'{"draft": "' + b"x" * 200_001 + b'"}', 422),
        ("POST", "/ask", b"x" * 3_000_001, 413),
        ("POST", "/mcp", b"x" * 3_000_001, 413),
        ("DELETE", "/ask", b"", 405),
        ("GET", "/mcp", b"", 405),
        ("GET", "/nothing", b"", 404),
        ("GET", "/notices/../../etc/passwd", b"", 404),
        ("GET", "/notices/%2e%2e%2fcatalogue.sqlite", b"", 404),
        ("GET", "/notices/%00", b"", 404),
        ("GET", "/notices/' OR 1=1 --", b"", 404),
        ("GET", "/notices?offset=-1", b"", 422),
        ("GET", "/notices?limit=999999999999999999999999", b"", 422),
        ("GET", "/changes?from=2023&to=2022", b"", 422),
        ("GET", "/requirements?as_of=yesterday", b"", 422),
        ("GET", "/cite?notice=x&style=plain", b"", 404),
        ("GET", "/cite?notice=x&style=harvard", b"", 422),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_to_do(
    api: httpx.Client, method: str, address: str, body: bytes, status: int
) -> None:
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    _says_what_to_do(api.request(method, address, content=body, headers=headers), status)
    # The same where the length is not stated.
    if status == 413:
        _says_what_to_do(api.request(method, address, content=iter([body]), headers=headers), status)


def test_a_span_outside_the_notice_is_refused(api: httpx.Client) -> None:
    notice = _get(api, "/notices", limit=1)["notices"][0]
    _says_what_to_do(api.get("/cite", params={"notice": notice["notice_id"], "span": "5-5"}), 422)
    beyond = f"0-{notice['characters'] + 1}"
    _says_what_to_do(api.get("/cite", params={"notice": notice["notice_id"], "span": beyond}), 422)


@pytest.mark.parametrize(
    "headers", [{"Host": "desk.example"}, {"Host": "127.0.0.1.example"}, {"Origin": "https://a.example"}, {"Host": "["}]
)
def test_a_page_of_another_site_reads_nothing(api: httpx.Client, headers: dict[str, str]) -> None:
    for address in ("/health", "/notices", "/mcp"):
        response = api.get(address, headers=headers)
        _says_what_to_do(response, 403)
        assert "access-control-allow-origin" not in response.headers
    assert api.get("/health", headers={"Host": "localhost:8600", "Origin": "http://localhost"}).status_code == 200


def test_many_ask_at_once_and_each_has_the_answer(api: httpx.Client) -> None:
    expected = _post(api, "/ask", question=_QUESTION)["answer"]
    with ThreadPoolExecutor(12) as pool:
        told = list(pool.map(lambda _: _post(api, "/ask", question=_QUESTION)["answer"], range(12)))
    assert told == [expected] * 12


def test_who_finds_no_place_is_told_to_come_again(desk: Archive) -> None:
    with serve_api(desk.folder, at_once="1", waiting="0") as api, ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: api.post("/ask", json={"question": _QUESTION}), range(8)))
    statuses = sorted(response.status_code for response in told)
    assert set(statuses) == {200, 503}
    for response in told:
        if response.status_code == 503:
            _says_what_to_do(response, 503)
            assert int(response.headers["Retry-After"]) > 0


def test_what_takes_too_long_is_given_up(desk: Archive) -> None:
    with serve_api(desk.folder, seconds="0.01") as api:
        for stream in (False, True):
            response = api.post("/ask", json={"question": _QUESTION, "stream": stream})
            _says_what_to_do(response, 503)
            assert int(response.headers["Retry-After"]) > 0


def test_a_notice_that_comes_meanwhile_is_there(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Meals\n\nIn 2022 the county served 315 meals a day.\n", encoding="utf-8")
    take_in(archive, tmp_path / "a.txt")
    with serve_api(archive.folder) as api:
        assert _post(api, "/ask", question="How many pupils rode the bus in 2023?")["status"] != "answered"
        (tmp_path / "b.txt").write_text("Buses\n\nIn 2023 some 4,120 pupils rode the bus.\n", encoding="utf-8")
        take_in(archive, tmp_path / "b.txt")
        assert _get(api, "/health") == {"status": "ok", "notices": 2}
        assert "4,120" in _post(api, "/ask", question="How many pupils rode the bus in 2023?")["answer"]


def test_an_index_of_another_model_is_a_conflict(archive: Archive) -> None:
    archive.catalogue.write_state("embedding_model", "/models/secret")
    with serve_api(archive.folder) as api:
        for response in (api.get("/health"), api.post("/ask", json={"question": _QUESTION})):
            assert "secret" not in _says_what_to_do(response, 409)


def test_it_starts_without_its_engines() -> None:
    told = "import sys, serving.api, serving.mcp, serving.__main__; print(sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "'fastapi'" in loaded
    for engine in ("chromadb", "torch", "tantivy", "sqlalchemy", "openvino", "numpy", "langchain_core", "streamlit"):
        assert f"'{engine}'" not in loaded


@pytest.mark.parametrize(
    ("options", "variables"),
    [
        (["--host", "0.0.0.0"], {}),  # noqa: S104
        (["--host", "::"], {}),
        (["--port", "70000"], {}),
        (["--make-key", "a"], {}),
        (["--store", str(Path(__file__))], {}),
        ([], {"POLICY_DESK_CHAT_MODEL": "nobody:knows"}),
        ([], {"POLICY_DESK_API_KEYS": "missing"}),
    ],
)
def test_it_refuses_to_begin(tmp_path: Path, options: list[str], variables: dict[str, str]) -> None:
    known = {name: value for name, value in os.environ.items() if not name.startswith("POLICY_DESK_")}
    command = [sys.executable, "-m", "serving", "--port", "0", "--store", str(tmp_path), *options]
    ended = subprocess.run(
        command, cwd=ROOT, env=known | variables, capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.returncode == 2, ended.stderr
    assert ended.stderr.startswith("serving: ")
    assert "Traceback" not in ended.stderr


_CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def _ask_as_described(operation: APIOperation[Any, Any, Any, Any], generation: GenerationMode) -> None:
    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(case=operation.as_strategy(generation_mode=generation))
    def ask(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(checks=_CHECKS)

    ask()


@pytest.mark.parametrize("generation", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_whatever_is_asked_the_answer_is_as_described(api: httpx.Client, generation: GenerationMode) -> None:
    described = schemathesis.openapi.from_url(str(api.base_url.join("/openapi.json")))
    operations = [found.ok() for found in described.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) == 10
    for operation in operations:
        # Nothing that is not as described can be sent to an address without parameters.
        if generation is GenerationMode.POSITIVE or operation.path != "/health":
            _ask_as_described(operation, generation)
