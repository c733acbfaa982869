"""Where an upload is kept: below its digest, under a name that no system takes for anything but a file."""

from __future__ import annotations

import re
from pathlib import Path, PurePath

from ingest.files import TABLE
from ingest.readers.member_names import clean_name

FOLDER = "uploads"
# So many of the digest's 64 digits name the folder: no two files of one desk share them.
_DIGITS = 16
# Names that Windows takes for devices, whatever their ending.
_DEVICE = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)")
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_NAMELESS = "upload"


def make_harmless(written: str) -> str:
    """A name for the file that somebody calls so: its last part, without what a system would act on."""
    name = _FORBIDDEN.sub("_", clean_name(written)).rstrip(". ")
    if not name.strip("_"):
        return _NAMELESS
    stem = name.split(".", maxsplit=1)[0].rstrip()
    return f"_{name}" if _DEVICE.fullmatch(stem) or name.lower() == TABLE else name


def place(store: Path, digest: str, written: str) -> Path:
    """The location of an upload with this digest (64 digits) in a store; what is there already keeps its name."""
    folder = store.resolve() / FOLDER / digest[:_DIGITS]
    present = sorted(folder.iterdir()) if folder.is_dir() else []
    return present[0] if present else folder / make_harmless(written)


def list_uploads(store: Path) -> list[Path]:
    """The locations of all uploads of a store."""
    return sorted(file for file in (store.resolve() / FOLDER).glob("*/*") if file.is_file())


def name_upload(store: Path, location: Path) -> str:
    """The path of an upload as its notice bears it, relative to the store."""
    return location.relative_to(store.resolve()).as_posix()


def is_table(written: str) -> bool:
    """Whether a file is named as the table that describes others."""
    return PurePath(written.replace("\\", "/")).name.lower() == TABLE
