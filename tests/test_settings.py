"""core.settings: the environment is read once, faults are named."""

from pathlib import Path

import pytest

from core.errors import PolicyDeskError, UsageError
from core.settings import read_settings


def test_the_environment_sets_and_the_option_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICY_DESK_STORE", "elsewhere")
    assert read_settings().store == Path("elsewhere")
    assert read_settings(Path("here")).store == Path("here")


def test_a_fault_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICY_DESK_MAX_PAGES", "many")
    with pytest.raises(UsageError, match="POLICY_DESK_MAX_PAGES"):
        read_settings()


def test_every_error_says_what_to_do() -> None:
    pending: list[type[PolicyDeskError]] = [PolicyDeskError]
    while pending:
        error = pending.pop()
        pending += error.__subclasses__()
        assert len(error.help.split()) >= 3, error
        assert error.__doc__
