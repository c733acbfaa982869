"""GET /health: whether the desk answers, for who watches over it; it names no notice and nobody."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import JSONResponse

from core.errors import PolicyDeskError, UnreachableStoreError
from store.archive import Archive
from store.condition import UNREACHABLE, UNREADABLE, Health, read_condition


def answer_health(open_archive: Callable[[], Archive]) -> JSONResponse:
    """The condition of the archive as JSON: status 200 where the desk answers questions, 503 where it does not."""
    try:
        condition = read_condition(open_archive())
    except UnreachableStoreError:
        condition = UNREACHABLE
    except PolicyDeskError:
        condition = UNREADABLE
    told = {
        "status": condition.health.value,
        "notices": condition.notices,
        "passages": condition.passages,
        "embedding_model": condition.embedding_model,
        "problems": [problem.value for problem in condition.problems],
    }
    status = 503 if condition.health is Health.down else 200
    return JSONResponse(told, status_code=status, headers={"Cache-Control": "no-store"})
