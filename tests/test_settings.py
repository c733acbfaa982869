"""core.settings: the environment is read once, faults are named."""

from pathlib import Path

import pytest

from core.errors import PolicyDeskError, UsageError
from core.settings import read_settings


def test_the_environment_sets_and_the_option_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICY_DESK_STORE", "elsewhere")
    assert read_settings().store == Path("elsewhere")
    assert read_settings(Path("here")).store == Path("here")


def test_the_chat_model_of_the_option_wins_and_its_key_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings().chat_model == "extractive"
    monkeypatch.setenv("POLICY_DESK_CHAT_MODEL", "ollama:qwen3:8b")
    monkeypatch.setenv("POLICY_DESK_CHAT_KEY", "sk-secret")
    settings = read_settings()
    assert settings.chat_model == "ollama:qwen3:8b"
    assert read_settings(chat_model="extractive").chat_model == "extractive"
    assert "sk-secret" not in f"{settings!r} {settings}"


def test_the_limits_of_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"MAX_SECONDS": "2.5", "MAX_MEMORY_MB": "512", "READING_PROCESSES": "1"}.items():
        monkeypatch.setenv(f"POLICY_DESK_{name}", value)
    settings = read_settings()
    assert (settings.max_seconds, settings.max_memory_mb, settings.reading_processes) == (2.5, 512, 1)


def test_the_limits_of_the_api(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings().api_keys is None
    for name, value in {"KEYS": "keys", "PER_MINUTE": "9", "AT_ONCE": "2", "WAITING": "0", "SECONDS": "1.5"}.items():
        monkeypatch.setenv(f"POLICY_DESK_API_{name}", value)
    settings = read_settings()
    assert settings.api_keys == Path("keys")
    limits = settings.api_per_minute, settings.api_at_once, settings.api_waiting, settings.api_seconds
    assert limits == (9, 2, 0, 1.5)


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
