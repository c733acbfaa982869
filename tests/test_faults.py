"""serving.faults: every error has a status and tells what to do, and nothing of our own files."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import core.errors
from core.errors import (
    BrokenStoreError,
    BusyDeskError,
    ChatFailedError,
    ForeignRequestError,
    IngestError,
    LargeRequestError,
    MissingModelError,
    NotAdmittedError,
    PolicyDeskError,
    StaleIndexError,
    TooManyRequestsError,
    UnknownNoticeError,
    UsageError,
)
from core.types import Fallback
from serving.faults import explain

_OURS = "/srv/desk/var"


def _list_errors() -> Iterator[PolicyDeskError]:
    for kind in vars(core.errors).values():
        if isinstance(kind, type) and issubclass(kind, PolicyDeskError):
            if kind is ChatFailedError:
                yield ChatFailedError(Fallback.late)
            elif kind is TooManyRequestsError:
                yield TooManyRequestsError(0)
            elif issubclass(kind, IngestError):
                yield kind(_OURS, "it is damaged")
            else:
                yield kind(f"{_OURS}: it failed")


def test_every_error_of_the_tree_is_explained() -> None:
    for error in _list_errors():
        explained = explain(error)
        assert 400 <= explained.status < 600
        assert explained.error
        assert explained.help
        if not isinstance(error, UsageError | UnknownNoticeError | core.errors.ServingError):
            assert _OURS not in explained.error + explained.help


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UnknownNoticeError("x"), 404),
        (UsageError("x"), 422),
        (NotAdmittedError("x"), 401),
        (ForeignRequestError("x"), 403),
        (LargeRequestError("x"), 413),
        (TooManyRequestsError(7), 429),
        (BusyDeskError("x"), 503),
        (StaleIndexError("x"), 409),
        (BrokenStoreError("x"), 503),
        (MissingModelError("x"), 503),
        (RuntimeError("x"), 500),
    ],
)
def test_each_has_its_status(error: Exception, status: int) -> None:
    assert explain(error).status == status
    assert explain(error).respond().status_code == status


def test_what_is_passing_says_when_to_come_again() -> None:
    assert explain(TooManyRequestsError(7)).respond().headers["Retry-After"] == "7"
    assert int(explain(BusyDeskError("x")).respond().headers["Retry-After"]) > 0
    assert "Retry-After" not in explain(UsageError("x")).respond().headers


def test_what_nobody_foresaw_goes_to_the_log_alone(caplog: pytest.LogCaptureFixture) -> None:
    explained = explain(RuntimeError(_OURS))
    assert _OURS not in explained.error + explained.help
    assert _OURS in caplog.text


def test_a_long_message_is_cut() -> None:
    assert len(explain(UsageError("x" * 100_000)).error) < 1000
