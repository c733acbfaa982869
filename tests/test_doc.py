"""ingest.readers.doc: an old Word file is converted in a process of its own, or refused in plain words."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import docx
import pytest

from core.errors import IngestError, UnknownFormatError, UnreadableNoticeError
from ingest.readers import doc, read_file
from tests.conftest import LIMITS

_SECTOR = 512


def _storage(stream: str, body: bytes = b"\x00" * 4096) -> bytes:
    """A compound file with one stream of 4,096 bytes, as [MS-CFB] lays it out."""
    header = bytearray(_SECTOR)
    header[:8] = doc.MAGIC
    header[24:34] = bytes.fromhex("3e000300feff09000600")
    for place, number in ((44, 1), (48, 1), (56, 4096), (60, 0xFFFFFFFE), (68, 0xFFFFFFFE), (76, 0)):
        header[place : place + 4] = number.to_bytes(4, "little")
    header[80:] = b"\xff" * 432
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 10), 0xFFFFFFFE]
    table = b"".join(number.to_bytes(4, "little") for number in chain).ljust(_SECTOR, b"\xff")

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        written = name.encode("utf-16-le")
        head = written.ljust(64, b"\x00") + (len(written) + 2).to_bytes(2, "little") + bytes([kind, 1])
        links = b"\xff" * 8 + child.to_bytes(4, "little") + b"\x00" * 36
        return head + links + start.to_bytes(4, "little") + size.to_bytes(8, "little")

    folder = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry(stream, 2, 0xFFFFFFFF, 2, 4096) + b"\x00" * 256
    return bytes(header) + table + folder + body


def _install(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, script: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_without_a_program_it_is_refused_with_advice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnknownFormatError, match="no program") as caught:
        read_file("a.doc", _storage("WordDocument"), LIMITS)
    assert ".docx" in caught.value.help


def test_the_words_are_those_of_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _install(tmp_path, monkeypatch, "antiword", 'test -f notice.doc && echo "Schools must report. $*"')
    text = read_file("; touch x.doc", _storage("WordDocument"), LIMITS).text
    assert text == "Schools must report. -w 0 -m UTF-8.txt notice.doc"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed on this machine")
def test_libreoffice_reads_its_paragraphs_and_tables(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_paragraph("学校应当报告。 Schools must report.")
    table = made.add_table(rows=1, cols=2, style="Table Grid")
    table.cell(0, 0).text, table.cell(0, 1).text = "Grade", "Minutes"
    made.add_paragraph("The end.")
    made.save(str(tmp_path / "notice.docx"))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    order = ["soffice", profile, "--headless", "--convert-to", "doc", "notice.docx"]
    subprocess.run(order, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    reading = read_file("notice.doc", (tmp_path / "notice.doc").read_bytes(), LIMITS)
    assert reading.text == "学校应当报告。 Schools must report.\n\nGrade\tMinutes\n\nThe end."


@pytest.mark.parametrize("script", ["exit 1", "sleep 60 & sleep 60"])
def test_a_program_that_fails_or_hangs_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    _install(tmp_path, monkeypatch, "antiword", script)
    monkeypatch.setattr(doc, "_SECONDS", 0.3)
    with pytest.raises(UnreadableNoticeError, match="could not be converted"):
        read_file("a.doc", _storage("WordDocument"), LIMITS)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (_storage("EncryptedPackage"), "password"),
        (_storage("WordDocument", b"\x00" * 11 + b"\x01" + b"\x00" * 4084), "password"),
        (_storage("Workbook"), "xls"),
        (doc.MAGIC + b"\x00" * 600, "damaged"),
    ],
)
def test_what_is_protected_or_something_else_says_so(content: bytes, reason: str) -> None:
    with pytest.raises(IngestError, match=reason):
        read_file("a.doc", content, LIMITS)
