"""ingest.readers.attachments: the files of a mail, not its own words, its signature or its logo."""

from __future__ import annotations

import base64
import unicodedata
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import IngestError, NoticeTooLargeError
from ingest.readers import Contents, Reading, Room, read_file, unpack_file
from tests.conftest import LIMITS

ROOM = Room(1_000_000, 20)


def _mail(words: str | None = "Schools must report.") -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["Date"] = "A notice", "office@example.org", "Wed, 15 Mar 2023 09:30:00 +0800"
    if words is not None:
        mail.set_content(words)
    return mail


def _open(mail: EmailMessage, room: Room = ROOM) -> tuple[Reading, Contents]:
    content = mail.as_bytes()
    return read_file("a.eml", content, LIMITS), unpack_file("a.eml", content, LIMITS, room)


def _names(mail: EmailMessage) -> list[str]:
    reading, contents = _open(mail)
    names = [member.name for member in contents.members]
    assert reading.holds_members == bool(names)
    return names


def test_a_mail_of_words_alone_holds_nothing() -> None:
    mail = _mail()
    mail.add_alternative("<p>Schools must report.</p>", subtype="html")
    assert _names(mail) == []


def test_files_come_out_as_they_were_attached() -> None:
    mail = _mail()
    mail.add_alternative("<p>Schools must report.</p>", subtype="html")
    mail.add_attachment(b"%PDF-1.4 \x00\xff", "application", "pdf", filename="附件一.pdf")
    mail.add_attachment("Words.\n", filename="annex.txt")
    mail.add_attachment("<p>Words.</p>", subtype="html", filename="page.html")
    reading, contents = _open(mail)
    assert reading.text.endswith("\n\nSchools must report.")
    assert reading.warnings == ()
    assert [(member.name, member.content) for member in contents.members] == [
        ("附件一.pdf", b"%PDF-1.4 \x00\xff"),
        ("annex.txt", b"Words.\n"),
        ("page.html", b"<p>Words.</p>\n"),
    ]


def test_a_mail_that_is_a_file_and_nothing_else() -> None:
    mail = _mail(None)
    mail.set_content(b"%PDF-1.4", "application", "pdf", disposition="attachment", filename="a.pdf")
    assert _names(mail) == ["a.pdf"]


def test_names_are_those_of_files_and_none_stands_twice() -> None:
    mail = _mail()
    for given_name in (
        "C:\\docs\\a.pdf",
        "../../a.pdf",
        "a.pdf",
        "..",
        ".hidden.pdf",
        "b\u202efdp.pdf",
        "/",
        "名" * 200,
    ):
        mail.add_attachment(b"%PDF-1.4", "application", "pdf", filename=given_name)
    mail.add_attachment(b"%PDF-1.4", "application", "pdf")
    names = _names(mail)
    assert names[:3] == ["a.pdf", "a (2).pdf", "a (3).pdf"]
    assert names[3:7] == ["attachment-4.pdf", "hidden.pdf", "bfdp.pdf", "attachment-7.pdf"]
    assert names[8] == "attachment-9.pdf"
    assert len(names[7].encode()) <= 255


@pytest.mark.parametrize(
    "written",
    [
        '; filename="附件一.pdf"'.encode("gbk"),
        '; filename="附件一.pdf"'.encode(),
        b'; filename="=?GBK?B?' + base64.b64encode("附件一.pdf".encode("gbk")) + b'?="',
        b"; filename*=GBK''%B8%BD%BC%FE%D2%BB.pdf",
        b'; filename="' + "附件一".encode("gbk") + b'"',
    ],
)
def test_names_in_chinese_however_they_are_written(written: bytes) -> None:
    content = b"From: a@b.c\r\nSubject: s\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n"
    content += (
        b"Content-Type: application/pdf\r\nContent-Disposition: attachment" + written + b"\r\n\r\n%PDF\r\n--B--\r\n"
    )
    assert [member.name for member in unpack_file("a.eml", content, LIMITS, ROOM).members] == ["附件一.pdf"]


def test_logos_and_signatures_are_no_files_and_large_pictures_are_told() -> None:
    mail = _mail()
    mail.add_alternative('<p>Schools must report. <img src="cid:one"></p>', subtype="html")
    page = mail.get_body(("html",))
    assert page is not None
    page.add_related(b"\x89PNG logo", "image", "png", cid="<one>", filename="logo.png")
    page.add_related(b"\x89PNG" + bytes(40_000), "image", "png", cid="<two>", filename="page.png")
    mail.add_attachment(b"\x89PNG scan", "image", "png", filename="scan.png")
    mail.add_attachment(b"signed", "application", "pkcs7-signature", filename="smime.p7s")
    reading, contents = _open(mail)
    assert [member.name for member in contents.members] == ["scan.png"]
    assert reading.warnings == ("these parts of it are not read: page.png",)


def test_words_after_an_attachment_are_told() -> None:
    mail = _mail()
    mail.add_attachment(b"%PDF-1.4", "application", "pdf", filename="a.pdf")
    mail.add_attachment("More words.")
    part = list(mail.iter_attachments())[-1]
    del part["Content-Disposition"]
    reading, contents = _open(mail)
    assert [member.name for member in contents.members] == ["a.pdf"]
    assert reading.warnings == ("these parts of it are not read: text/plain",)


def test_a_mail_that_was_passed_on_is_one_file_with_what_is_attached_to_it() -> None:
    inner = _mail("Pupils may use the bus.")
    inner.replace_header("Subject", "On buses/trains")
    inner.add_attachment(b"%PDF-1.4", "application", "pdf", filename="a.pdf")
    mail = _mail()
    mail.add_attachment(inner)
    (member,) = _open(mail)[1].members
    assert member.name == "On buses trains.eml"
    again = read_file(member.name, member.content, LIMITS)
    assert again.text.endswith("Pupils may use the bus.")
    assert again.holds_members


def test_what_is_attached_has_its_limits() -> None:
    mail = _mail()
    for number in range(3):
        mail.add_attachment(bytes(100), "application", "pdf", filename=f"{number}.pdf")
    for room in (Room(250, 20), Room(1000, 2)):
        with pytest.raises(NoticeTooLargeError, match=r"a\.eml"):
            _open(mail, room)


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=20),
            st.sampled_from(["application/pdf", "text/plain", "image/png", "message/rfc822", "multipart/mixed", "x/y"]),
            st.sampled_from(["attachment", "inline", ""]),
            st.binary(max_size=40),
        ),
        max_size=4,
    )
)
def test_any_parts_come_out_by_safe_names_or_are_told(parts: list[tuple[str, str, str, bytes]]) -> None:
    content = b"From: a@b.c\r\nSubject: s\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n"
    for name, kind, disposition, payload in parts:
        head = f'Content-Type: {kind}; name="{name}"\r\nContent-Disposition: {disposition}; filename="{name}"\r\n\r\n'
        content += b"--B\r\n" + head.encode() + payload + b"\r\n"
    try:
        contents = unpack_file("a.eml", content + b"--B--\r\n", LIMITS, ROOM)
    except IngestError as error:
        assert error.path == "a.eml"
        return
    names = [member.name for member in contents.members]
    assert len(set(names)) == len(names)
    for name in names:
        assert name not in {"", ".", ".."}
        assert not {"/", "\\"} & set(name)
        assert not any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for character in name)
    assert all(error.path.startswith("a.eml/") for error in contents.failed)
