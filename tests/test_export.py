"""cite.export: what LibreOffice, as another reader of Word files, finds in one."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from assistant import wording
from cite.export import write_docx
from tests.exchanges import make_chinese, make_english

_OFFICE = shutil.which("soffice")
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"

pytestmark = pytest.mark.skipif(_OFFICE is None, reason="LibreOffice (soffice) is not on this machine")


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> dict[str, etree._Element]:
    """The body of each file, as LibreOffice saves it in its own format."""
    folder = tmp_path_factory.mktemp("office")
    for name, made in (("english", make_english()), ("chinese", make_chinese())):
        content = write_docx(made, "plain", said=wording, title="Meals", address="http://desk.example")
        (folder / f"{name}.docx").write_bytes(content)
    files = [str(folder / f"{name}.docx") for name in ("english", "chinese")]
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [str(_OFFICE), profile, "--headless", "--convert-to", "odt", "--outdir", str(folder), *files]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return {Path(file).stem: _read_body(Path(file).with_suffix(".odt")) for file in files}


def _read_body(file: Path) -> etree._Element:
    with zipfile.ZipFile(file) as package:
        return etree.fromstring(package.read("content.xml"))


def _list_notes(body: etree._Element) -> list[tuple[str, str]]:
    """The number and the words of each footnote, in the order of the text."""
    notes = body.iter(f"{_TEXT}note")
    found = []
    for note in notes:
        assert note.get(f"{_TEXT}note-class") == "footnote"
        number, words = note
        found.append(("".join(number.itertext()), "".join(words.itertext()).strip()))
    return found


def test_english_footnotes(opened: dict[str, etree._Element]) -> None:
    notes = _list_notes(opened["english"])
    assert [number for number, _ in notes] == list("12345678")
    assert notes[2][1] == "Notice on school meals. Bureau, No. 7 [2019], 1 March 2019, para. 3, p. 2. Source text"
    assert notes[6][1] == "See note 1. “Each school serves a warm meal.” Source text"


def test_chinese_footnotes(opened: dict[str, etree._Element]) -> None:
    notes = _list_notes(opened["chinese"])
    assert [number for number, _ in notes] == list("12345")
    assert notes[1][1] == (
        "《关于做好供餐工作的通知》，某市教育局，青教〔2022〕18号，2022年4月11日，第2段，第2页。 查看原文"
    )


def test_sentences_stand_before_their_notes(opened: dict[str, etree._Element]) -> None:
    before = [
        "".join(note.getparent().xpath("./text()|./*[not(self::text:note)]/text()", namespaces={"text": _TEXT[1:-1]}))
        for note in opened["chinese"].iter(f"{_TEXT}note")
    ]
    assert [words.strip() for words in before] == [
        "学校应当公布“食谱”。",
        "（一）每道菜留样四十八小时；",
        "（二）明确责任人。",
        "补助标准",
        "800元",
    ]
