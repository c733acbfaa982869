"""Files that are ZIP archives of XML parts, opened under limits: unpacked and parsed without harm."""

from __future__ import annotations

import io
import zipfile

from lxml import etree

from core.errors import NoticeTooLargeError, UnreadableNoticeError

_PROTECTED = "it is protected by a password"
_ASK = "Ask its sender for a copy without a password."
_ENCRYPTED = 0x1


def open_package(path: str, content: bytes, unpacked_bytes: int) -> zipfile.ZipFile:
    """The archive, to be closed by the caller; none of its parts is longer than it says.

    Raises NoticeTooLargeError where it unpacks to more than `unpacked_bytes`, UnreadableNoticeError where
    it is damaged or protected by a password.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UnreadableNoticeError(path, "the file is damaged or incomplete") from error
    if sum(member.file_size for member in archive.infolist()) > unpacked_bytes:
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
