"""cite.word and cite.footnotes: a Word file whose footnotes are Word's own."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from assistant import wording
from cite.export import Exchange, write_docx
from cite.legible import fold_line
from cite.styles import PROSE
from cite.telling import tell
from tests.exchanges import OLD, ROW, exchanges, make_answer, make_chinese, make_english

_ADDRESS = "http://desk.example:8501"


def _write(made: list[Exchange], address: str = "", title: str = "Meals") -> bytes:
    return write_docx(made, "plain", said=wording, title=title, address=address)


def _read_parts(content: bytes) -> dict[str, Any]:
    """Each XML part of the package, parsed."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        assert len(package.namelist()) == len(set(package.namelist()))
        return {
            name: etree.fromstring(package.read(name))
            for name in package.namelist()
            if name.endswith((".xml", ".rels"))
        }


def _read_notes(parts: dict[str, Any]) -> dict[int, str]:
    """The words of each footnote by its id, the separators left out."""
    notes = parts["word/footnotes.xml"].findall(qn("w:footnote"))
    return {
        int(note.get(qn("w:id"))): "".join(note.itertext()).strip() for note in notes if note.get(qn("w:type")) is None
    }


def _read_words(paragraph: Any) -> str:
    return "".join(words.text or "" for words in paragraph.iter(qn("w:t")))


def _list_references(parts: dict[str, Any]) -> list[int]:
    return [int(e.get(qn("w:id"))) for e in parts["word/document.xml"].iter(qn("w:footnoteReference"))]


def test_a_conversation_has_its_headings_lists_and_tables() -> None:
    document = docx.Document(BytesIO(_write(make_english())))
    styled = [(p.style.name if p.style else None, p.text) for p in document.paragraphs if p.text]
    assert styled[0] == ("Title", "Meals")
    assert [text for name, text in styled if name == "Heading 1"] == [
        "What about meals?",
        "And who pays?",
        "In short?",
        "References",
    ]
    assert ("List Bullet", "name the person in charge;") in styled
    assert ("Remark", "Drafted by ollama:small; every sentence proved against its source.") in styled
    assert [[cell.text.strip() for cell in row.cells] for row in document.tables[0].rows] == [
        ["Grade", "Allowance"],
        ["1–3", "800"],
    ]
    at = styled.index(("Heading 1", "References"))
    assert [text for _, text in styled[at + 1 :]] == [
        "Notice on school meals. Bureau, No. 7 [2019], 1 March 2019.",
        "Notice on free meals. Bureau, No. 9 [2022], 1 March 2022.",
    ]


def test_each_use_of_a_citation_has_a_footnote_in_order() -> None:
    parts = _read_parts(_write(make_english()))
    notes = _read_notes(parts)
    assert _list_references(parts) == list(notes) == list(range(1, 9))
    assert notes[1] == "Notice on school meals. Bureau, No. 7 [2019], 1 March 2019, para. 1, p. 2."
    assert notes[7] == "See note 1. “Each school serves a warm meal.”"
    assert notes[8] == "See note 6. “No. 7 [2019] is repealed.”"


def test_a_reference_stands_behind_its_sentence_and_apart_from_a_figure() -> None:
    body = _read_parts(_write(make_english()))["word/document.xml"]
    paragraphs = [etree.tostring(p, encoding="unicode") for p in body.iter(qn("w:p"))]
    [drafted] = [p for p in paragraphs if "warm and free." in p]
    assert re.findall(r"<w:t [^>]*>([^<]*)</w:t>|footnoteReference [^>]*w:id=\"(\d+)\"", drafted) == [
        ("Meals are warm and free.", ""),
        ("", "7"),
        (",", ""),
        ("", "8"),
    ]
    assert "800\u00a0" in [_read_words(paragraph) for paragraph in body.iter(qn("w:p"))]


def test_links_lead_to_the_words_cited() -> None:
    parts = _read_parts(_write(make_english(), _ADDRESS))
    relations = {r.get("Id"): r for r in parts["word/_rels/footnotes.xml.rels"]}
    links = list(parts["word/footnotes.xml"].iter(qn("w:hyperlink")))
    assert len(links) == 8
    assert relations[links[0].get(qn("r:id"))].get("Target") == f"{_ADDRESS}/?notice=old&at=100-131"
    assert relations[links[0].get(qn("r:id"))].get("TargetMode") == "External"
    assert "word/_rels/footnotes.xml.rels" not in _read_parts(_write(make_english()))


def test_what_word_wants_to_know_of_footnotes() -> None:
    parts = _read_parts(_write(make_chinese()))
    types = {e.get("PartName"): e.get("ContentType") for e in parts["[Content_Types].xml"]}
    assert types["/word/footnotes.xml"].endswith("wordprocessingml.footnotes+xml")
    relations = [r.get("Target") for r in parts["word/_rels/document.xml.rels"] if r.get("Type").endswith("/footnotes")]
    assert relations == ["footnotes.xml"]
    separators = {n.get(qn("w:id")): n.get(qn("w:type")) for n in parts["word/footnotes.xml"][:2]}
    assert separators == {"-1": "separator", "0": "continuationSeparator"}
    settings_ = parts["word/settings.xml"]
    declared = settings_.find(qn("w:footnotePr"))
    assert [e.get(qn("w:id")) for e in declared.findall(qn("w:footnote"))] == ["-1", "0"]
    assert list(settings_).index(declared) < list(settings_).index(settings_.find(qn("w:compat")))
    styles = {s.get(qn("w:styleId")) for s in parts["word/styles.xml"].iter(qn("w:style"))}
    used = {e.get(qn("w:val")) for name in ("document", "footnotes") for tag in ("w:pStyle", "w:rStyle")
            for e in parts[f"word/{name}.xml"].iter(qn(tag))}  # fmt: skip
    assert {"FootnoteText", "FootnoteReference"} <= used <= styles


def test_chinese_has_fonts_and_a_language() -> None:
    styles = _read_parts(_write(make_chinese()))["word/styles.xml"]
    normal = styles.find(f"{qn('w:style')}[@{qn('w:styleId')}='Normal']")
    assert normal.find(f".//{qn('w:rFonts')}").get(qn("w:eastAsia")) == "SimSun"
    assert styles.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}").get(qn("w:eastAsia")) == "zh-CN"
    # A style's own font wins over the theme's only where the theme's is not named beside it.
    titled = [s for s in styles.iter(qn("w:style")) if s.get(qn("w:styleId")) in {"Normal", "Title", "Heading1"}]
    assert not [a for s in titled for f in s.iter(qn("w:rFonts")) for a in f.attrib if a.endswith("Theme")]


def test_the_file_says_its_title_and_names_no_author() -> None:
    content = _write(make_english(), title="Meals \x00 in  schools")
    properties = docx.Document(BytesIO(content)).core_properties
    assert (properties.title, properties.author, properties.comments) == ("Meals in schools", "", "")
    with zipfile.ZipFile(BytesIO(content)) as package:
        assert not [name for name in package.namelist() if b"python-docx" in package.read(name)]


def test_a_row_of_more_cells_than_word_has_columns_is_a_line_of_text() -> None:
    row = "\t".join(map(str, range(70)))
    document = docx.Document(BytesIO(_write([Exchange("Asked", make_answer((OLD, row, ROW)))])))
    assert not document.tables
    assert any(row.replace("\t", " ") in paragraph.text for paragraph in document.paragraphs)


@pytest.mark.parametrize("made", [[], [Exchange("", make_answer())]])
def test_nothing_to_say_is_a_file_all_the_same(made: list[Exchange]) -> None:
    assert docx.Document(BytesIO(_write(made))).paragraphs[0].text == "Meals"


@settings(max_examples=60)
@given(exchanges(), st.sampled_from([*PROSE, "bibtex"]))
def test_whatever_notices_hold_every_reference_has_its_footnote(made: list[Exchange], style: str) -> None:
    content = write_docx(made, style, said=wording, title="Meals", address=_ADDRESS)
    parts = _read_parts(content)
    notes = _read_notes(parts)
    assert _list_references(parts) == list(notes) == list(range(1, len(notes) + 1))
    for name in ("w:bookmarkStart", "w:bookmarkEnd"):
        assert [int(e.get(qn("w:id"))) for e in parts["word/document.xml"].iter(qn(name))] == list(notes)
    told = tell(made, wording, each_use=True)
    assert len(notes) == len(told.notes)
    for note in told.notes:
        assert fold_line(note.quote) in notes[note.number]
    elements = [e for part in ("document", "footnotes") for e in parts[f"word/{part}.xml"].iter(qn("w:fldSimple"))]
    fields = " ".join(element.get(qn("w:instr")) for element in elements)
    assert {int(number) for number in re.findall(r"_RefNote(\d+)", fields)} <= set(notes)
    # Every sentence stands whole in a paragraph or a cell.
    shown = {_read_words(paragraph) for paragraph in parts["word/document.xml"].iter(qn("w:p"))}
    for line in (line for c in told.chapters for b in c.blocks for line in b.lines):
        assert all(any(text in words for words in shown) for text in line.cells or (line.text,))
