"""What is attached to a mail: files, and mails that were passed on; not its own words, nor what decorates them."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterator
from email.message import EmailMessage, MIMEPart
from pathlib import PurePosixPath
from typing import cast

from core.errors import IngestError, NoticeTooLargeError
from ingest.readers.contents import Contents, Member, Room
from ingest.readers.member_names import clean_name, refuse
from ingest.readers.reading import fold_spaces

# A logo or a rule is smaller; a photograph of a page is larger.
_LARGEST_DECORATION = 30_000
_FILENAME = re.compile(r'(?i)name\s*=\s*"?([^";]+)')
_SIGNATURES = frozenset({"pgp-signature", "pkcs7-signature", "x-pkcs7-signature"})
_MAILS = frozenset({"rfc822", "global"})
# The standard library knows several endings for these, and the first is an odd one, or none.
_ENDINGS = {"text/plain": ".txt", "text/html": ".html", "image/jpeg": ".jpg", "image/tiff": ".tif"}


def find_attachments(mail: EmailMessage) -> list[MIMEPart]:
    """The parts that are files of their own, in their order."""
    return [part for part, kind in _sort_parts(mail) if kind == "file"]


def name_unread(mail: EmailMessage) -> list[str]:
    """What a reader of the mail sees and the desk does not read: large pictures, further parts of its words."""
    return [
        fold_spaces(part.get_filename() or part.get_content_type())
        for part, kind in _sort_parts(mail)
        if len(_payload(part).strip()) > (_LARGEST_DECORATION if kind == "picture" else 0) and kind != "file"
    ]


def unpack_mail(path: str, mail: EmailMessage, room: Room) -> Contents:
    """The files that are attached; raises NoticeTooLargeError where there are more than there is room for."""
    attachments = find_attachments(mail)
    if len(attachments) > room.members:
        raise NoticeTooLargeError(path, "too many files are attached to it", "Save what is attached, and ingest that.")
    members: list[Member] = []
    failed: list[IngestError] = []
    left = room.size
    taken: set[str] = set()
    for number, part in enumerate(attachments, 1):
        name = _number_name(_name_part(part, number), taken)
        taken.add(name)
        try:
            content = _payload(part)
        except MemoryError:
            raise
        except Exception:
            # The library writes a mail that was passed on anew, and fails on broken fields in ways of its own.
            failed.append(refuse(path, name, "it is damaged in the mail", "Ask its sender for it again."))
            continue
        left -= len(content)
        if left < 0:
            raise NoticeTooLargeError(path, "more is attached to it than the desk reads at once")
        members.append(Member(name, content))
    return Contents(tuple(members), tuple(failed))


def _sort_parts(mail: EmailMessage) -> Iterator[tuple[MIMEPart, str]]:
    """Each part that holds something, and what it is: words, picture, file."""
    body = mail.get_body(("plain", "html"))
    for part, above in _leaves(mail, ""):
        if part is body:
            continue
        kind = _name_kind(part, above)
        if kind:
            yield part, kind


def _name_kind(part: MIMEPart, above: str) -> str:
    """What a part is that is not the body, below a multipart of the kind `above`; '' for what says nothing."""
    main, sub = part.get_content_maintype(), part.get_content_subtype()
    attached = part.get_content_disposition() == "attachment"
    if main == "message":
        return "file" if sub in _MAILS else ""
    if sub in _SIGNATURES:
        return ""
    if main == "text" and not attached and part.get_filename() is None:
        return "" if above in ("alternative", "related") else "words"
    if main == "image" and (above == "related" or (not attached and (part["content-id"] or _is_inline(part)))):
        return "picture"
    return "file"


def _is_inline(part: MIMEPart) -> bool:
    return part.get_content_disposition() == "inline"


def _leaves(part: MIMEPart, above: str) -> Iterator[tuple[MIMEPart, str]]:
    """The parts that are not made of parts, each with the kind of the multipart that it lies in."""
    if part.get_content_maintype() != "multipart":
        yield part, above
    elif part.is_multipart():
        for inner in cast(list[MIMEPart], part.get_payload()):
            yield from _leaves(inner, part.get_content_subtype())


def _payload(part: MIMEPart) -> bytes:
    if part.get_content_maintype() == "message":
        return cast(list[MIMEPart], part.get_payload())[0].as_bytes()
    return cast(bytes | None, part.get_payload(decode=True)) or b""


def _name_part(part: MIMEPart, number: int) -> str:
    """The name of an attachment: its own, the subject of a mail, else a number."""
    given = clean_name(fold_spaces(_find_filename(part)))
    if part.get_content_maintype() == "message":
        inner = cast(list[MIMEPart], part.get_payload())
        subject = str(inner[0]["subject"] or "") if part.is_multipart() and inner else ""
        given = given or clean_name(fold_spaces(subject).replace("/", " ").replace("\\", " "))
        return given if given.lower().endswith(".eml") else f"{given or f'mail-{number}'}.eml"
    kind = part.get_content_type()
    ending = _ENDINGS.get(kind) or mimetypes.guess_extension(kind) or ""
    return (given or f"attachment-{number}") + ("" if PurePosixPath(given).suffix else ending)


def _find_filename(part: MIMEPart) -> str:
    """The name that a part gives itself; old mailboxes write it in GBK, as no mail should."""
    named = part.get_filename() or ""
    if "\ufffd" not in named:
        return named
    for field, value in part.raw_items():
        if field.lower() in ("content-disposition", "content-type"):
            written = str(value).encode("ascii", "surrogateescape").decode("gb18030", "replace")
            if found := _FILENAME.search(written):
                return found.group(1)
    return named


def _number_name(name: str, taken: set[str]) -> str:
    """The name, or one with a number where another attachment has it."""
    file = PurePosixPath(name)
    numbered, number = name, 1
    while numbered in taken:
        number += 1
        numbered = f"{file.stem} ({number}){file.suffix}"
    return numbered
