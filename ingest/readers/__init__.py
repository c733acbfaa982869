"""One reader a format: the bytes of a file become canonical text, pages and what the file says of itself.

What a file is, is decided by its bytes; the ending of its name only tells plain text, Markdown and CSV apart.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

from core.errors import EmptyNoticeError, UnknownFormatError
from ingest.readers import csv_rows, doc, docx, eml, html, image, markdown, ofd, pdf, plain, rtf, xlsx, zipped
from ingest.readers.contents import Contents, Room
from ingest.readers.lookalikes import warn_of_lookalikes
from ingest.readers.package import name_package
from ingest.readers.reading import Limits, Reading

# Raised by one whenever a reader's canonical text changes: the notices are then read again.
READERS_VERSION = "5"

_Reader = Callable[[str, bytes, Limits], Reading]
_READERS: dict[str, _Reader] = {
    "pdf": pdf.read,
    "doc": doc.read,
    "docx": docx.read,
    "xlsx": xlsx.read,
    "ofd": ofd.read,
    "zip": zipped.read,
    "rtf": rtf.read,
    "eml": eml.read,
    "image": image.read,
    "html": html.read,
    "markdown": markdown.read,
    "csv": csv_rows.read,
    "plain": plain.read,
}
_SUFFIXES = {
    ".txt": "plain",
    ".text": "plain",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".doc": "doc",
    ".docx": "docx",
    ".pdf": "pdf",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".ofd": "ofd",
    ".zip": "zip",
    ".rtf": "rtf",
    ".eml": "eml",
    ".csv": "csv",
    ".tsv": "csv",
    ".png": "image",
    ".jpg": "image",
    ".jpeg": "image",
    ".tif": "image",
    ".tiff": "image",
}
_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")
# What is text whatever it begins with, where its name says so; the others are known by their bytes alone.
_TEXTS = frozenset({"plain", "markdown", "csv"})
_ANY_TEXT = _TEXTS | {"html"}
# A ZIP archive begins with a member, with the end of its list where it is empty, or with a mark of parts.
_ZIPS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_PACKAGES = frozenset({"docx", "xlsx", "ofd"})
_SAVE = "Save a document as .docx, .xlsx or .pdf; name an archive of notices .zip."
_KNOWN_BYTES = (
    (b"\xd0\xcf\x11\xe0", "an old Office file (.doc, .xls, .ppt)", "Open it in Word and save it as .docx."),
    (b"GIF8", "a GIF image", "Save it as .png."),
    (b"\x1f\x8b", "an archive", "Unpack it and ingest what is in it."),
    (b"7z\xbc\xaf", "an archive", "Unpack it and ingest what is in it."),
    (b"Rar!", "an archive", "Unpack it and ingest what is in it."),
    (b"MZ", "a program", "Only documents can be ingested."),
    (b"\x7fELF", "a program", "Only documents can be ingested."),
)


def read_file(path: str, content: bytes, limits: Limits) -> Reading:
    """The canonical text of a file; `path` names it in errors and tells by its ending what text is.

    What holds files and no words, as an archive does, is a reading without text that says so.
    Raises the errors below IngestError; every one names the file and the reason.
    """
    if not content.strip(b"\x00 \t\r\n\x0b\x0c"):
        raise EmptyNoticeError(path, "the file is empty")
    suffix = PurePath(path).suffix.lower()
    kind = _name_kind(path, suffix, content)
    reading = warn_of_lookalikes(_READERS[kind](path, content, limits))
    if not reading.holds_members and not any(character.isalnum() for character in reading.text):
        raise EmptyNoticeError(path, "there are no words in it")
    named = _SUFFIXES.get(suffix)
    if named is not None and named not in _ANY_TEXT and named != kind:
        warning = f"named {suffix} but its content is {kind}; it was read as {kind}"
        return reading.with_warning(warning)
    return reading


def unpack_file(path: str, content: bytes, limits: Limits, room: Room) -> Contents:
    """What lies inside a file whose reading says that it holds members; raises an IngestError that names it."""
    unpack = zipped.unpack if content.startswith(_ZIPS) else eml.unpack
    return unpack(path, content, limits, room)


def _name_kind(path: str, suffix: str, content: bytes) -> str:
    named = _SUFFIXES.get(suffix)
    if named in _TEXTS and _is_utf8(content) and not content.startswith((b"%PDF-", b"{\\rtf")):
        # Words that happen to begin like another format are words.
        return named
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content.startswith(_ZIPS):
        kind = name_package(content)
        if not kind or (kind == "zip" and named in _PACKAGES):
            raise UnknownFormatError(path, "it is an Office file or a package other than .docx, .xlsx and .ofd", _SAVE)
        return kind
    if content.startswith(doc.MAGIC):
        return "doc"
    if content.startswith(b"{\\rtf"):
        return "rtf"
    if content.startswith(_IMAGES):
        if named not in {None, "image"}:
            raise UnknownFormatError(
                path, f"it is named {suffix}, but it is an image", "Name it as what it is: .jpg, .png or .tif."
            )
        return "image"
    for magic, name, advice in _KNOWN_BYTES:
        if content.startswith(magic):
            raise UnknownFormatError(path, f"it is {name}", advice)
    if html.is_html(content):
        return "html"
    if eml.is_mail(content):
        return "eml"
    if named is None:
        raise UnknownFormatError(path, f"files ending in '{suffix}' are not read" if suffix else "it has no ending")
    if named not in _ANY_TEXT:
        raise UnknownFormatError(path, f"it is named {suffix}, but it is damaged or something else")
    return named


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\x00" not in content


__all__ = ["READERS_VERSION", "Contents", "Limits", "Reading", "Room", "read_file", "unpack_file"]
