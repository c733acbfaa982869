"""Mail (.eml) by the standard library: subject, sender, date and the words; what is attached is unpacked."""

from __future__ import annotations

import codecs
import re
from email import policy
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from typing import cast

from core.errors import IngestError, UnreadableNoticeError
from ingest.readers import html
from ingest.readers.attachments import find_attachments, name_unread, unpack_mail
from ingest.readers.charset import decode
from ingest.readers.contents import Contents, Room
from ingest.readers.reading import Limits, Reading, fold_spaces, make_canonical

_UNREAD = "these parts of it are not read: {}"
_FIELD = re.compile(rb"([A-Za-z][A-Za-z0-9-]*):[ \t]*\S?")
# A mail has one of each group at its head.
_SENDERS = {b"from", b"sender", b"return-path", b"received", b"delivered-to"}
_MARKS = {b"date", b"subject", b"message-id", b"mime-version", b"to", b"received"}
_SEALED = {"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"}
# A mailbox calls the wider code by the name of the narrower.
_CHARSETS = {"gb2312": "gb18030", "gbk": "gb18030", "us-ascii": "", "ascii": ""}


def is_mail(content: bytes) -> bool:
    """Whether the bytes begin with the fields of a mail: who sent it, and its date, subject or the like."""
    head = re.split(rb"\r?\n\r?\n", content[:20_000].lstrip(b"\xef\xbb\xbf\r\n"), maxsplit=1)[0]
    names: set[bytes] = set()
    for line in head.splitlines():
        field = _FIELD.match(line)
        if field is None and not (names and line.startswith((b" ", b"\t"))):
            return False
        names |= {field.group(1).lower()} if field else set()
    return bool(names & _SENDERS) and len(names & (_SENDERS | _MARKS)) >= 2 and bool(names & _MARKS)


def read(path: str, content: bytes, limits: Limits) -> Reading:
    """An .eml file; raises UnreadableNoticeError where it is damaged or encrypted, WrongEncodingError."""
    try:
        return _read_mail(path, _parse(content), limits)
    except IngestError:
        raise
    except Exception as error:
        # The parser of fields fails on broken ones in ways of its own.
        raise UnreadableNoticeError(path, "the mail is damaged") from error


def unpack(path: str, content: bytes, limits: Limits, room: Room) -> Contents:
    """What is attached to an .eml file; raises UnreadableNoticeError, NoticeTooLargeError."""
    try:
        return unpack_mail(path, _parse(content), room)
    except IngestError:
        raise
    except Exception as error:
        raise UnreadableNoticeError(path, "the mail is damaged") from error


def _parse(content: bytes) -> EmailMessage:
    return BytesParser(policy=policy.default).parsebytes(content)


def _read_mail(path: str, mail: EmailMessage, limits: Limits) -> Reading:
    if mail.get_content_type() in _SEALED:
        raise UnreadableNoticeError(path, "the mail is encrypted", "Save it without encryption, then ingest that.")
    subject, sender = (_read_field(mail, name) for name in ("subject", "from"))
    sent = _read_field(mail, "date")
    date = getattr(mail["date"], "datetime", None)
    stamp = f"{date:%Y-%m-%d}" if date is not None else ""
    head = "\n".join(f"{name}: {said}" for name, said in (("From", sender), ("Date", sent)) if said)
    body, warnings = _read_body(path, mail, limits)
    unread = name_unread(mail)
    if unread:
        warnings = (*warnings, _UNREAD.format(", ".join(unread)))
    text = make_canonical("\n\n".join(part for part in (subject, head, body) if part))
    properties = {"title": subject, "issued_on": stamp}
    said_of_it = {name: said for name, said in properties.items() if said}
    return Reading(text, (), said_of_it, warnings, holds_members=bool(find_attachments(mail)))


def _read_field(mail: EmailMessage, name: str) -> str:
    return fold_spaces(make_canonical(str(mail[name] or "")))


def _read_body(path: str, mail: EmailMessage, limits: Limits) -> tuple[str, tuple[str, ...]]:
    """(words, warnings) of the part that a reader sees: the plain one where there is one."""
    part = mail.get_body(("plain", "html"))
    if part is None:
        return "", ()
    written = _decode(path, part)
    if part.get_content_subtype() == "html":
        if not re.search(r"\w", re.sub(r"<[^>]*>", "", written)):
            return "", ()
        page = html.read(path, codecs.BOM_UTF8 + written.encode("utf-8", "replace"), limits)
        return page.text, page.warnings
    if part.get_param("format") == "flowed":
        # RFC 3676: a line that ends in a space goes on, but that above a signature.
        written = re.sub(r"(?<!\n--) \r?\n(?!>)", " ", written)
    return written, ()


def _decode(path: str, part: MIMEPart) -> str:
    """The words of a part by the code that it names, else as any text file."""
    payload = cast(bytes, part.get_payload(decode=True))
    named = (part.get_content_charset() or "").lower()
    try:
        return payload.decode(_CHARSETS.get(named, named))
    except (LookupError, UnicodeDecodeError):
        return decode(path, payload).text
