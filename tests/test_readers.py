"""ingest.readers: each format becomes canonical text; what cannot be read says why."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import (
    EmptyNoticeError,
    IngestError,
    NoticeTooLargeError,
    UnknownFormatError,
    UnreadableNoticeError,
    WrongEncodingError,
)
from ingest.readers import Limits, Reading, read_file
from ingest.readers.reading import make_canonical
from ingest.sandbox import Sandbox
from ingest.sentences import parse_sentences
from ingest.splitter import split_notice
from tests.conftest import CORPUS, LIMITS

SAMPLES = CORPUS / "samples"


def _read(name: str, content: bytes | str, limits: Limits = LIMITS) -> Reading:
    return read_file(name, content.encode() if isinstance(content, str) else content, limits)


def _docx(*paragraphs: str, rows: list[list[str]] | None = None) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if rows:
        table = document.add_table(rows=len(rows), cols=len(rows[0]))
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
        document.add_paragraph("After the table.")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@given(st.text(max_size=300))
def test_canonical_text_is_canonical_already(text: str) -> None:
    once = make_canonical(text)
    assert make_canonical(once) == once
    assert "\r" not in once
    assert "\x00" not in once
    once.encode("utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_of_chinese(encoding: str) -> None:
    text = "关于做好义务教育学校课后服务工作的通知，各校应当在2023年9月1日前报送。"
    assert _read("a.txt", text.encode(encoding)).text == text


def test_rare_characters_of_gb18030() -> None:
    text = "教育局关于𠀀𡃁两所学校的通知，各校应当认真落实有关工作要求。"
    assert _read("a.txt", text.encode("gb18030")).text == text


@pytest.mark.parametrize(
    "content",
    [
        "Éducation nationale: décret relatif à l'évaluation des élèves".encode("latin-1"),
        "学校应当".encode() + b"\xff\xfe\xfd" + b"more",
    ],
)
def test_other_encodings_are_refused_and_not_guessed(content: bytes) -> None:
    with pytest.raises(WrongEncodingError, match=r"^a\.txt: ") as caught:
        _read("a.txt", content)
    assert "UTF-8" in caught.value.help


@pytest.mark.parametrize(
    ("name", "content", "error", "reason"),
    [
        ("a.txt", b"", EmptyNoticeError, "empty"),
        ("a.md", b" \n\t\r\n", EmptyNoticeError, "empty"),
        ("a.txt", "\u200b\u200b ...".encode(), EmptyNoticeError, "no words"),
        ("a.html", b"<html><body><script>x</script></body></html>", EmptyNoticeError, "no (article|words)"),
        ("a.xyz", b"words", UnknownFormatError, "'.xyz'"),
        ("README", b"words", UnknownFormatError, "no ending"),
        ("a.txt", b"\x89PNG\r\n\x1a\n....", UnknownFormatError, "image"),
        ("a.doc", b"\xd0\xcf\x11\xe0" + b"\x00" * 100, UnknownFormatError, "old Office"),
        ("a.pdf", b"words, not a PDF", UnknownFormatError, "something else"),
        ("a.pdf", b"%PDF-1.7\nbroken", UnreadableNoticeError, "damaged"),
        ("a.docx", b"PK\x03\x04 word/document.xml broken", UnreadableNoticeError, "damaged"),
    ],
)
def test_what_cannot_be_read_says_why(name: str, content: bytes, error: type[IngestError], reason: str) -> None:
    with pytest.raises(error, match=reason) as caught:
        _read(name, content)
    assert caught.value.path == name
    assert caught.value.help


def test_markdown_reads_as_on_a_page() -> None:
    text = (
        "---\ntitle: On meals\nissuer: Bureau\ndate: 2023-03-15\n---\n# On *meals*\n\nMeals **must** be\n"
        "warm, see [the law](http://x.y).\n\n1. Soup\n2. Bread\n   - white\n\n"
        "| Day | Meal |\n|---|---|\n| Mon | Rice |\n\n<!-- hidden -->\n"
    )
    reading = _read("a.md", text)
    assert reading.text == (
        "On meals\n\nMeals must be warm, see the law.\n\n1. Soup\n2. Bread\n- white\n\nDay\tMeal\nMon\tRice"
    )
    assert reading.properties["issuer"] == "Bureau"
    assert reading.properties["issued_on"] == "2023-03-15"


@pytest.mark.parametrize("head", ["title: [", "date: 2023-02-30", "title: " + "[" * 3000, "number: " + "9" * 5000])
def test_front_matter_that_is_no_yaml_is_text_with_a_warning(head: str) -> None:
    reading = _read("a.md", f"---\n{head}\n---\nSchools must report.")
    assert reading.text.endswith("Schools must report.")
    assert reading.warnings


def test_a_rule_at_the_beginning_hides_nothing() -> None:
    text = _read("a.md", "---\n\nSchools must report.\n\n---\n\nBureaus must check.").text
    assert "Schools must report." in text
    assert "Bureaus must check." in text


def test_html_inside_markdown_is_read() -> None:
    block = "<div><p>Schools must report.</p><script>x</script></div>"
    page = f"Intro.\n\n{block}\n\n<table><tr><td>A</td><td>1</td></tr></table>\n"
    assert _read("a.md", page).text == "Intro.\n\nSchools must report.\n\nA\t1"


def test_html_without_navigation_and_hidden_text() -> None:
    page = """<!DOCTYPE html><html><head><title>On meals | Site</title></head><body>
    <nav><a href="/">Home page of the ministry</a></nav><main><h1>On meals</h1>
    <p>Each school <b>must</b> serve a warm meal every day of the school year, at noon.</p>
    <p style="display: none">Ignore the rules.</p><div hidden>Hidden words.</div><script>var x = "script words"</script>
    <ol><li>Soup comes first.</li><li>Bread comes second.</li></ol>
    <table><tr><th>Day</th><th>Meal</th></tr><tr><td>Monday</td><td>Rice</td></tr></table>
    </main></body></html>"""
    text = _read("a.html", page).text
    assert "Each school must serve a warm meal every day" in text
    assert "1. Soup comes first.\n2. Bread comes second." in text
    assert "Day\tMeal\nMonday\tRice" in text
    for hidden in ("Ignore", "Hidden", "script words"):
        assert hidden not in text


def test_docx_keeps_the_order_of_paragraphs_and_tables() -> None:
    content = _docx("Schools must report.", rows=[["Stage", "Limit"], ["Primary", "50"]])
    assert _read("a.docx", content).text == "Schools must report.\n\nStage\tLimit\nPrimary\t50\n\nAfter the table."


def test_docx_with_entities_is_refused() -> None:
    filler = b"<!--" + b"x" * 5000 + b"-->"
    content = _rewrite(
        _docx("Words."), lambda xml: xml.replace(b"?>", b"?>" + filler + b'<!DOCTYPE d [<!ENTITY x "boom">]>', 1)
    )
    with pytest.raises(UnreadableNoticeError, match="entities"):
        _read("a.docx", content)


def _rewrite(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The same .docx with its main part changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.namelist():
            body = source.read(member)
            target.writestr(member, change(body) if member == "word/document.xml" else body)
    return stream.getvalue()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=6), st.sampled_from(["docx", "pdf"])
)
def test_damage_is_told_and_nothing_worse(flips: list[tuple[float, int]], kind: str) -> None:
    content = bytearray(
        (SAMPLES / {"docx": "2022-school-charters.docx", "pdf": "2020-school-transport.pdf"}[kind]).read_bytes()
    )
    for place, value in flips:
        content[int(place * (len(content) - 1))] = value
    try:
        read_file(f"a.{kind}", bytes(content), LIMITS)
    except IngestError as error:
        assert error.path == f"a.{kind}"


def test_docx_shows_what_the_accepted_document_says() -> None:
    body = (
        '<w:p><w:r><w:t>The deadline is </w:t></w:r><w:del w:id="1"><w:r><w:delText>15 May</w:delText></w:r></w:del>'
        '<w:ins w:id="2"><w:r><w:t>30 June</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t> secret</w:t></w:r>'
        "<w:r><w:t>.</w:t></w:r></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>In a control.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>A</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>inner</w:t></w:r></w:p></w:tc></w:tr>"
        "</w:tbl></w:tc><w:tc><w:p><w:r><w:t>B</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    content = _rewrite(
        _docx("MARK"), lambda xml: xml.replace(xml[xml.index(b"<w:p>") : xml.index(b"<w:sectPr")], body.encode())
    )
    assert _read("a.docx", content).text == "The deadline is 30 June.\n\nIn a control.\n\nA inner\tB"


def test_docx_that_unpacks_to_too_much_is_refused() -> None:
    with pytest.raises(NoticeTooLargeError):
        _read("a.docx", _docx("Words."), Limits(10**9, 1000, 10))


def test_pdf_has_pages_and_whole_paragraphs() -> None:
    content = (SAMPLES / "2020-school-transport.pdf").read_bytes()
    reading = _read("a.pdf", content)
    assert [page.number for page in reading.pages] == [1, 2, 3]
    for page, following in zip(reading.pages, reading.pages[1:], strict=False):
        assert page.span.end <= following.span.start
    assert (
        "a transport allowance of 2.5 yuan a school day is paid to every boarding pupil in grades 1 to 9 of a public "
        "school who lives more than 5 km from the school." in reading.text
    )
    with pytest.raises(NoticeTooLargeError, match="3 pages"):
        _read("a.pdf", content, Limits(10**9, 10**9, 2))


def test_pdf_in_chinese_has_no_spaces_inside_its_sentences() -> None:
    text = _read("a.pdf", (SAMPLES / "2021-after-school-service-zh.pdf").read_bytes()).text
    assert "每生每学期收费不超过180元" in text


def test_the_bytes_decide_and_the_name_is_only_a_warning() -> None:
    reading = _read("a.docx", (SAMPLES / "2020-school-transport.pdf").read_bytes())
    assert reading.pages
    assert "it was read as pdf" in reading.warnings[0]


@pytest.mark.parametrize("text", ["MZ is our code.", "GIF89 is a format.", "Saved as %PDF-1.4 by us.", "Rar! he said."])
def test_words_that_begin_like_another_format_are_words(text: str) -> None:
    assert _read("a.txt", text).text == text


def test_deep_nesting_loses_nothing() -> None:
    page = (
        f"<html><body><main>{'<div>' * 600}Deep words.{'</div>' * 600}<p>Schools must report.</p></main></body></html>"
    )
    text = _read("a.html", page).text
    assert "Deep words." in text
    assert "Schools must report." in text


@pytest.mark.parametrize("opening", ["<div>", "<b>", "<ul><li>", "<table><tr><td>"])
def test_nesting_beyond_all_measure_is_told_and_nothing_worse(opening: str) -> None:
    """In a process of its own: a parser that recurses would take the test with it."""
    page = f"<html><body><main>{opening * 50_000}Deep words."
    with Sandbox(LIMITS) as sandbox, pytest.raises((EmptyNoticeError, UnreadableNoticeError), match=r"no words|nested"):
        sandbox.submit("a.html", page.encode()).result()


@pytest.mark.parametrize(
    "text",
    [
        "Schools" + " " * 400_000 + "must",
        "." * 200_000 + "a",
        "x1) " * 60_000,
        "x一是" * 60_000,
        "（" * 100_000 + "教。" * 50_000,
        "教" * 300_000,
        "^" * 300_000,
        "Schools must report. " * 40_000,
    ],
    ids=["spaces", "dots", "points", "Chinese points", "brackets", "no stops", "one character", "one line"],
)
def test_cutting_takes_time_in_proportion_to_length(text: str) -> None:
    """Quadratic cutting would take hours for these; the test then never ends, which CI shows."""
    canonical = make_canonical(text)
    passages = split_notice("n", canonical, parse_sentences(canonical))
    assert passages[-1].span.end == len(canonical)


@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.md", "a.html", "a.docx", "a.pdf"]))
def test_any_bytes_become_a_reading_or_a_named_error(content: bytes, name: str) -> None:
    try:
        reading = read_file(name, content, LIMITS)
    except IngestError as error:
        assert error.path == name
    else:
        assert reading.text.strip() or reading.holds_members
