"""Documents that are ZIP archives of XML parts: which kind one is, its parts unpacked and parsed without harm."""

from __future__ import annotations

import io
import zipfile

from lxml import etree

from core.errors import NoticeTooLargeError, UnreadableNoticeError
from ingest.readers.reading import Limits

# The part that only a document of the kind has.
_TELLING_PARTS = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "ofd": "OFD.xml",
}
# What marks a package of another kind: slides, drawings, OpenDocument, e-books, programs.
_OTHER_PARTS = frozenset({"[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF", "AndroidManifest.xml"})
_PROTECTED = "it is protected by a password"
_ASK = "Ask its sender for a copy without a password."
_ENCRYPTED = 0x1


def name_package(content: bytes) -> str:
    """What begins as a ZIP archive does: docx, xlsx, ofd, or zip for files that were packed; '' for other packages."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        # A truncated archive has lost its list of names, but not those names themselves.
        names = {part for part in _TELLING_PARTS.values() if part[:4].encode() in content}
        names |= {part for part in _OTHER_PARTS if part.encode() in content}
    other = "" if names & _OTHER_PARTS else "zip"
    return next((kind for kind, part in _TELLING_PARTS.items() if part in names), other)


def open_package(path: str, content: bytes, limits: Limits) -> zipfile.ZipFile:
    """The archive, to be closed by the caller; none of its parts is longer than it says.

    Raises NoticeTooLargeError where it unpacks to more than the limit, UnreadableNoticeError where
    it is damaged or protected by a password.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UnreadableNoticeError(path, "the file is damaged or incomplete") from error
    if sum(member.file_size for member in archive.infolist()) > limits.unpacked_bytes:
        raise NoticeTooLargeError(path, "it unpacks to more than the desk reads")
    if any(member.flag_bits & _ENCRYPTED for member in archive.infolist()):
        raise UnreadableNoticeError(path, _PROTECTED, _ASK)
    return archive


def parse_part(path: str, part: bytes) -> etree._Element:
    """The root of an XML part: nothing is fetched, and no entity resolved.

    Raises UnreadableNoticeError where the part declares any, or is no XML.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(part, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableNoticeError(path, "a part of it is damaged") from error
    if root.getroottree().docinfo.doctype:
        raise UnreadableNoticeError(path, "its XML declares entities, which no such document does")
    return root


def refuse_entities(path: str, part: bytes) -> None:
    """Raise UnreadableNoticeError where an XML part has a document type, in which entities are declared.

    Reads no further than the first element, before which it must stand.
    """
    steps = etree.iterparse(
        io.BytesIO(part), events=("start",), resolve_entities=False, no_network=True, load_dtd=False
    )
    try:
        _, root = next(iter(steps))
    except (etree.XMLSyntaxError, StopIteration) as error:
        raise UnreadableNoticeError(path, "a part of it is damaged") from error
    if root.getroottree().docinfo.doctype:
        raise UnreadableNoticeError(path, "its XML declares entities, which no such document does")
