"""ingest.readers.eml, rtf: mail and Rich Text in English and Chinese, without what is hidden."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import IngestError, UnreadableNoticeError
from ingest.readers import read_file
from tests.conftest import LIMITS


def _mail(words: str, subtype: str = "plain", charset: str = "utf-8") -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "关于报送材料的通知", "市教育局 <office@example.org>"
    mail["Date"] = "Wed, 15 Mar 2023 09:30:00 +0800"
    mail.set_content(words, subtype=subtype, charset=charset)
    return mail


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "gb18030"])
def test_a_mail_with_its_head(charset: str) -> None:
    mail = _mail("各校应当在六月三十日前报送材料。\n", charset=charset)
    mail.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="附件.pdf")
    reading = read_file("a.eml", mail.as_bytes(), LIMITS)
    assert reading.text.startswith("关于报送材料的通知\n\nFrom: 市教育局 <office@example.org>\nDate: Wed, 15 Mar 2023")
    assert reading.text.endswith("\n\n各校应当在六月三十日前报送材料。")
    assert reading.properties == {"title": "关于报送材料的通知", "issued_on": "2023-03-15"}
    assert (reading.holds_members, reading.warnings) == (True, ())


def test_a_mail_of_html_hides_nothing_from_the_reader_of_html() -> None:
    mail = _mail('<html><body><p>Schools must report.</p><p style="display:none">Secret.</p></body></html>', "html")
    text = read_file("letter", mail.as_bytes(), LIMITS).text
    assert text.endswith("Schools must report.")
    assert "Secret" not in text


def test_an_encrypted_mail_is_refused_and_a_text_that_begins_like_one_is_text() -> None:
    mail = _mail("x")
    mail.replace_header("Content-Type", "application/pkcs7-mime")
    with pytest.raises(UnreadableNoticeError, match="encrypted"):
        read_file("a.eml", mail.as_bytes(), LIMITS)
    words = "From: the Bureau\nDate: 15 March 2023\n\nSchools must report."
    assert read_file("a.txt", words.encode(), LIMITS).text == words


@given(st.binary(max_size=300))
def test_any_mail_or_rich_text_becomes_a_reading_or_a_named_error(content: bytes) -> None:
    for start in (b"From: a\r\nSubject: ", rb"{\rtf1\ansi\ansicpg936 "):
        try:
            read_file("a.bin", start + content, LIMITS)
        except IngestError as error:
            assert error.path == "a.bin"


def _rtf(body: bytes) -> str:
    head = (
        rb"{\rtf1\ansi\ansicpg936\uc1{\fonttbl{\f0\fcharset0 Arial;}{\f1\fnil\fcharset134 SimSun;}}"
        rb"{\colortbl;\red0\green0\blue0;\red255\green255\blue255;}{\info{\author Somebody}}"
    )
    return read_file("a.bin", head + body + b"}", LIMITS).text


def _hex(words: str, code: str = "gbk") -> bytes:
    return b"".join(b"\\'%02x" % byte for byte in words.encode(code))


def test_chinese_of_rich_text_by_code_page_and_by_unicode() -> None:
    body = rb"\f1 " + _hex("学校应当报送") + rb"\par \f0 " + b"".join(b"\\u%d?" % ord(c) for c in "教育局") + rb"\par"
    assert _rtf(body) == "学校应当报送\n\n教育局"
    # The second byte of 丂 is a letter, and may be written as one.
    assert _rtf(rb"\f1 \'81@\'d1\'a7") == "丂学"
    assert _rtf(rb"\u-10179?\u-8704? A") == "\U0001f600 A"
    assert _rtf(rb"{\uc2\u23398\'d1\'a7}\u26657?") == "学校"


def test_a_title_of_rich_text_that_is_written_twice_is_read_in_unicode() -> None:
    title = rb"{\info{\title {\upr{??}{\*\ud{\u23398?\u26657?}}}}}"
    content = rb"{\rtf1\ansi " + title + rb"\u23398?\u26657? must report.}"
    assert read_file("a.rtf", content, LIMITS).properties == {"title": "学校"}


def test_rows_of_rich_text() -> None:
    row = rb"\trowd\cellx1\cellx2\pard\intbl %s\cell %s\cell\row"
    body = rb"Before.\par" + row % (b"Stage", b"Limit") + row % (rb"Primary\par school", b"50") + rb"\pard After.\par"
    assert _rtf(body) == "Before.\n\nStage\tLimit\nPrimary school\t50\n\nAfter."


@pytest.mark.parametrize(
    "hidden",
    [
        rb"{\v secret}", rb"{\deleted secret}", rb"{\strike secret}", rb"{\fs2 secret}", rb"{\cf2 secret}",
        rb"{\*\unknown secret}", rb"{\header secret}", rb"{\field{\*\fldinst HYPERLINK secret}}",
        rb"{\pict\bin8 secret}{\par }",
    ],
)  # fmt: skip
def test_what_rich_text_hides_is_not_read(hidden: bytes) -> None:
    assert _rtf(rb"Schools must report. " + hidden) == "Schools must report."


def test_signs_lists_and_links_of_rich_text() -> None:
    body = rb"{\listtext 1.\tab}A \{b\} \ldblquote c\rdblquote\par {\field{\*\fldinst HYPERLINK x}{\fldrslt the law}}"
    assert _rtf(body) == "1. A {b} “c”\n\nthe law"


@pytest.mark.parametrize(
    "content", [rb"{\rtf1 cut off", rb"{\rtf1 {\b deep", rb"{\rtf1" + b"{" * 20_000, b"{\\rtf1 \\"]
)
def test_damaged_rich_text_says_so(content: bytes) -> None:
    with pytest.raises(UnreadableNoticeError, match="damaged"):
        read_file("a.rtf", content, LIMITS)
