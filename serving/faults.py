"""Everything that can go wrong, as other programs are told: a status, what happened, what to do; no secrets of ours."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from http import HTTPStatus
from typing import cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from core.errors import (
    BusyDeskError,
    ForeignRequestError,
    LargeRequestError,
    ModelError,
    NotAdmittedError,
    PolicyDeskError,
    StaleIndexError,
    StoreError,
    TooManyRequestsError,
    UnknownNoticeError,
    UnreachableStoreError,
    UsageError,
)
from core.events import tell_failure

_LOG = logging.getLogger(__name__)
_RETRY_SECONDS = 5
_LONGEST = 400
_SEE = "GET /openapi.json says what each address takes."
_TELL = "Tell whoever keeps the desk: its log says what happened."
_HELP = {
    HTTPStatus.NOT_FOUND: _SEE,
    HTTPStatus.METHOD_NOT_ALLOWED: _SEE,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: LargeRequestError.help,
}


@dataclass(frozen=True, slots=True)
class Explained:
    """An error as another program is told it."""

    status: int
    error: str
    help: str
    retry_seconds: int | None = None

    def respond(self) -> Response:
        """The answer over HTTP."""
        headers = {"Retry-After": str(self.retry_seconds)} if self.retry_seconds else {}
        if self.status == HTTPStatus.UNAUTHORIZED:
            headers["WWW-Authenticate"] = "Bearer"
        return JSONResponse({"error": self.error, "help": self.help}, self.status, headers)


def explain(error: Exception) -> Explained:
    """What to tell of an error; what lies in our own files and folders goes to the log alone."""
    tell_failure(error)
    match error:
        case UnknownNoticeError():
            return Explained(404, _shorten(str(error)), "The list of notices has their ids.")
        case UsageError():
            return Explained(422, _shorten(str(error)), error.help)
        case NotAdmittedError():
            return Explained(401, str(error), error.help)
        case ForeignRequestError():
            return Explained(403, str(error), error.help)
        case LargeRequestError():
            return Explained(413, str(error), error.help)
        case TooManyRequestsError():
            return Explained(429, str(error), error.help, max(1, math.ceil(error.seconds)))
        case BusyDeskError():
            return Explained(503, str(error), error.help, _RETRY_SECONDS)
    _LOG.error("%s", error, exc_info=None if isinstance(error, PolicyDeskError) else error)
    match error:
        case StaleIndexError():
            return Explained(409, "the index of this desk has to be made anew", "Run `python -m ingest` on it once.")
        case UnreachableStoreError():
            return Explained(503, "a server of this desk's store does not answer", error.help, _RETRY_SECONDS)
        case StoreError() | ModelError():
            return Explained(503, "the store or the model of this desk cannot be used", _TELL, _RETRY_SECONDS)
    return Explained(500, "the desk failed", _TELL)


def add_handlers(app: FastAPI) -> None:
    """Have every error of an app answered as `explain` says."""
    app.add_exception_handler(PolicyDeskError, _answer_error)
    app.add_exception_handler(RequestValidationError, _answer_invalid)
    app.add_exception_handler(HTTPException, _answer_http)
    app.add_exception_handler(Exception, _answer_error)


async def _answer_error(request: Request, error: Exception) -> Response:
    return explain(error).respond()


async def _answer_invalid(request: Request, error: Exception) -> Response:
    """The first fault of a request; what was sent is not repeated."""
    fault = cast(RequestValidationError, error).errors()[0]
    if fault["type"] == "json_invalid":
        return Explained(400, "the body is no JSON", "Send JSON in UTF-8.").respond()
    place = ".".join(str(part) for part in fault["loc"])
    return Explained(422, _shorten(f"{place}: {fault['msg']}"), _SEE).respond()


async def _answer_http(request: Request, error: Exception) -> Response:
    raised = cast(HTTPException, error)
    status = HTTPStatus(raised.status_code)
    response = Explained(status, status.phrase, _HELP.get(status, _SEE)).respond()
    response.headers.update(raised.headers or {})
    return response


def _shorten(message: str) -> str:
    return message if len(message) <= _LONGEST else message[:_LONGEST] + "…"
