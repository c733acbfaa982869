"""The addresses of the API: each asks one verb."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any, cast

from fastapi import APIRouter, Path, Query, Security
from fastapi.security import HTTPBearer
from fastapi.sse import format_sse_event
from starlette.responses import JSONResponse, Response, StreamingResponse

from serving import told
from serving.asked import (
    LONGEST_NAME,
    AskBody,
    ChangesQuery,
    CheckBody,
    CiteQuery,
    NoticesQuery,
    RequirementsQuery,
    SearchBody,
)
from serving.desk import Desk
from serving.faults import explain
from serving.guard import HEALTH

Line = dict[str, object]
NoticeId = Annotated[str, Path(max_length=LONGEST_NAME, description="The id of a notice.")]
WithText = Annotated[bool, Query(description="With its text.")]
_FAULTS: dict[int | str, dict[str, Any]] = {
    400: {"model": told.Fault, "description": "The body is no JSON."},
    401: {"model": told.Fault, "description": "No key, or one that is not known."},
    403: {"model": told.Fault, "description": "Asked through a name or a page of somebody else."},
    409: {"model": told.Fault, "description": "The index must be made anew first."},
    413: {"model": told.Fault, "description": "The body is too large."},
    422: {"model": told.Fault, "description": "What was asked makes no sense."},
    429: {"model": told.Fault, "description": "Too many requests within a minute; see Retry-After."},
    503: {"model": told.Fault, "description": "Too many are asking, or it took too long; see Retry-After."},
}
_UNKNOWN: dict[int | str, dict[str, Any]] = {404: {"model": told.Fault, "description": "No notice has this id."}}
_EVENT = {
    "type": "object",
    "description": "`data` is JSON: a sentence, the answer, or a fault.",
    "properties": {"event": {"enum": ["sentence", "answer", "error"]}, "data": {"type": "string"}},
    "required": ["event", "data"],
}
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The answer. With `stream`, events: `sentence` for each as it is proved, then `answer`, which "
        "holds all and replaces them; `error` where it failed midway.",
        "content": {"text/event-stream": {"schema": _EVENT}},
    }
}


def make_router(desk: Desk) -> APIRouter:
    """The verbs of a desk as addresses."""
    # The guard has seen the key; this only says in the description that there is one.
    router = APIRouter(responses=_FAULTS, dependencies=[Security(HTTPBearer(auto_error=False, description="A key."))])
    _add_answers(router, desk)
    _add_notices(router, desk)
    _add_requirements(router, desk)
    return router


def _add_answers(router: APIRouter, desk: Desk) -> None:
    @router.post("/ask", response_model=told.Answer, responses=_STREAM, summary="Answer a question")
    async def ask(body: AskBody) -> Line | Response:
        """Every sentence of the answer is proved by citations; or the notices do not say (status `no_evidence`)."""
        if body.stream:
            return await _stream(desk, body)
        return await desk.answer(lambda verbs: verbs.ask(body))

    @router.post("/search", response_model=told.Passages, summary="Find passages")
    async def search(body: SearchBody) -> Line:
        """The passages that fit a question best, with their spans."""
        return await desk.answer(lambda verbs: verbs.search(body))

    @router.post("/check", response_model=told.Draft, summary="Check a draft")
    async def check(body: CheckBody) -> Line:
        """Each quotation and each cited claim of a draft, held against the notices."""
        return await desk.answer(lambda verbs: verbs.check(body.draft))


def _add_notices(router: APIRouter, desk: Desk) -> None:
    @router.get("/notices", response_model=told.Notices, summary="List notices")
    async def list_notices(asked: Annotated[NoticesQuery, Query()]) -> Line:
        """The notices, oldest first."""
        return await desk.look_up(lambda verbs: verbs.list_notices(asked))

    @router.get("/notices/{notice_id}", response_model=told.Notice, responses=_UNKNOWN, summary="Read a notice")
    async def read_notice(notice_id: NoticeId, text: WithText = False) -> Line:
        """What is known of a notice, and its canonical text, in which all spans count code points."""
        return await desk.look_up(lambda verbs: verbs.read_notice(notice_id, with_text=text))

    @router.get("/cite", response_model=told.Cited, responses=_UNKNOWN, summary="Cite a notice or a span of it")
    async def cite(asked: Annotated[CiteQuery, Query()]) -> Line:
        """A citation, ready to paste."""
        return await desk.look_up(lambda verbs: verbs.cite(asked.notice, asked.span, asked.style))

    @router.get(HEALTH, response_model=told.Health, summary="Is the desk there?")
    async def show_health() -> Line:
        """Whether the desk can answer; it asks for no key."""
        return {"status": "ok", "notices": await desk.look_up(lambda verbs: verbs.count())}


def _add_requirements(router: APIRouter, desk: Desk) -> None:
    @router.get(
        "/notices/{notice_id}/requirements",
        response_model=told.Requirements,
        responses=_UNKNOWN,
        summary="What a notice requires",
    )
    async def list_own(notice_id: NoticeId, asked: Annotated[RequirementsQuery, Query()]) -> Line:
        """What the sentences of one notice ask of whom, and by when."""
        return await desk.answer(lambda verbs: verbs.list_requirements(asked, notice_id))

    @router.get("/requirements", response_model=told.Requirements, summary="What was required")
    async def list_requirements(asked: Annotated[RequirementsQuery, Query()]) -> Line:
        """What the notices ask of whom, by year, issuer, topic, or as it held on a day."""
        return await desk.answer(lambda verbs: verbs.list_requirements(asked))

    @router.get("/changes", response_model=told.Changes, summary="What changed between two years")
    async def list_changes(asked: Annotated[ChangesQuery, Query()]) -> Line:
        """What notices of the later year require otherwise than those of the earlier whose place they take."""
        return await desk.answer(lambda verbs: verbs.list_changes(asked))


async def _stream(desk: Desk, body: AskBody) -> Response:
    """The steps of an answer as events; an error before the first of them is an answer with its own status."""
    steps = desk.follow(lambda verbs: verbs.ask_in_steps(body))
    first = await anext(steps)
    return StreamingResponse(
        _write_events(first, steps), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
    )


async def _write_events(first: Line, others: AsyncIterator[Line]) -> AsyncIterator[bytes]:
    try:
        yield _write_event(first)
        async for step in others:
            yield _write_event(step)
    except Exception as error:
        # The status has been sent: only an event can tell.
        explained = explain(error)
        fault = {"error": explained.error, "help": explained.help}
        yield format_sse_event(event="error", data_str=_write_json(fault))
    finally:
        await cast(Any, others).aclose()


def _write_event(step: Line) -> bytes:
    return format_sse_event(event="answer" if "status" in step else "sentence", data_str=_write_json(step))


def _write_json(value: object) -> str:
    return bytes(JSONResponse(value).body).decode()
