"""What a backup says of itself: who wrote it, when, of which store, and the digest of every file in it."""

from __future__ import annotations

from pathlib import PurePosixPath

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import BrokenBackupError

MANIFEST = "manifest.json"
FORMAT = 1


class KeptFile(BaseModel):
    """A file in a backup: its path in the store, its size in bytes, its SHA-256 as 64 hexadecimal digits."""

    model_config = ConfigDict(frozen=True)

    path: str
    size: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Manifest(BaseModel):
    """The last file of a backup. `folder` is where the store was, `made_at` in UTC as ISO 8601 to the second.

    `embedding_model` is None where nothing was embedded yet; without the index the vectors are to be made anew.
    """

    model_config = ConfigDict(frozen=True)

    format: int
    version: str
    made_at: str
    folder: str
    schema_version: str
    embedding_model: str | None
    with_index: bool
    files: tuple[KeptFile, ...]


def read_manifest(written: bytes, name: str) -> Manifest:
    """The manifest of the backup with this name; raises BrokenBackupError."""
    try:
        manifest = Manifest.model_validate_json(written)
    except ValidationError as error:
        raise BrokenBackupError(f"{name}: its {MANIFEST} makes no sense") from error
    if manifest.format != FORMAT:
        raise BrokenBackupError(
            f"{name}: written by Policy Desk {manifest.version}, in a form that this version does not know",
            f"Nothing was changed. Restore it with Policy Desk {manifest.version}.",
        )
    return manifest


def is_inside(path: str) -> bool:
    """Whether the path of a file in a backup stays in the folder that it is unpacked to, on every system."""
    parts = PurePosixPath(path).parts
    plain = "/".join(parts) == path and not any(mark in path for mark in "\\:\0")
    return bool(parts) and plain and not path.startswith("/") and ".." not in parts
