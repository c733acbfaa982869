"""serving.mcp, serving.tools: a real client lists the tools and asks, over stdio and over HTTP."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import httpx
import pytest
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult, TextContent

from store.archive import Archive
from tests.calling import serve_api
from tests.conftest import ROOT

pytestmark = pytest.mark.model

_TOOLS = {"ask", "search", "list_notices", "read_notice", "cite", "what_was_required", "what_changed"}
_QUESTION = "How many full-time teachers did the province have in 2022?"


@pytest.fixture(scope="module")
def api(desk: Archive) -> Iterator[httpx.Client]:
    """The API over the desk of the session."""
    with serve_api(desk.folder) as client:
        yield client


def _over_stdio(desk: Archive) -> StdioServerParameters:
    return StdioServerParameters(
        command=sys.executable, args=["-m", "serving.mcp", "--store", str(desk.folder)], cwd=ROOT
    )


def _tell(server: StdioServerParameters | str, story: Callable[[Client], Awaitable[None]]) -> None:
    async def run() -> None:
        async with Client(server) as client:
            await story(client)

    asyncio.run(run())


async def _call(client: Client, tool: str, **arguments: object) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    assert isinstance(result, CallToolResult)
    assert not result.is_error, result.content
    told = result.structured_content
    assert isinstance(told, dict)
    return told


async def _refuse(client: Client, tool: str, **arguments: object) -> str:
    result = await client.call_tool(tool, arguments)
    assert isinstance(result, CallToolResult)
    assert result.is_error
    (said,) = result.content
    assert isinstance(said, TextContent)
    assert str(ROOT) not in said.text
    return said.text


async def _ask_everything(client: Client) -> None:
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert set(tools) == _TOOLS
    for tool in tools.values():
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint
        assert tool.output_schema is not None
    assert "notices do not say" in str(tools["ask"].description)
    assert "quotation" in str(tools["ask"].description)

    answer = await _call(client, "ask", question=_QUESTION)
    assert answer["status"] == "answered"
    notice = answer["citations"][0]["notice_id"]
    for citation, reference in zip(answer["citations"], answer["references"], strict=True):
        place = {"start": citation["start"], "length": citation["end"] - citation["start"]}
        part = await _call(client, "read_notice", notice_id=citation["notice_id"], **place)
        assert part["text"] == citation["quote"]
        assert citation["title"] in reference["citation"]
        assert (reference["start"], reference["end"]) == (citation["start"], citation["end"])
    refused = await _call(client, "ask", question="Who won the football cup in 2022?", history=[_QUESTION])
    assert refused["status"] == "no_evidence"
    assert refused["answer"].startswith("The notices do not say.")

    found = await _call(client, "search", question=_QUESTION, k=3)
    assert len(found["hits"]) == len(found["references"]) == 3
    listed = await _call(client, "list_notices", words="bulletin", year=2022)
    assert notice in {line["notice_id"] for line in listed["notices"]}
    required = await _call(client, "what_was_required", from_year=2021, to_year=2022, limit=5)
    assert len(required["requirements"]) == len(required["references"]) == 5
    changed = await _call(client, "what_changed", from_year=2021, to_year=2022, limit=3)
    assert changed["changes"]
    cited = await _call(client, "cite", notice_id=notice, span="0-10", style="gbt7714")
    assert cited["quote"] in cited["citation"]

    assert "has their ids" in await _refuse(client, "read_notice", notice_id="../../etc/passwd")
    assert "earlier year" in await _refuse(client, "what_changed", from_year=2022, to_year=2021)
    await _refuse(client, "ask", question="")
    await _refuse(client, "ask", question="x" * 2001)
    await _refuse(client, "cite", notice_id=notice, style="harvard")


def test_a_client_over_stdio_asks(desk: Archive) -> None:
    _tell(_over_stdio(desk), _ask_everything)


def test_a_client_over_http_asks(api: httpx.Client) -> None:
    _tell(str(api.base_url.join("/mcp")), _ask_everything)


def test_the_answer_is_that_of_the_api(api: httpx.Client) -> None:
    async def story(client: Client) -> None:
        told = await _call(client, "ask", question=_QUESTION)
        whole = api.post("/ask", json={"question": _QUESTION}).json()
        assert {**told, "seconds": 0} == {**whole, "seconds": 0, "references": told["references"]}

    _tell(str(api.base_url.join("/mcp")), story)
