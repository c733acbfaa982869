"""ingest.readers: what the reader of a page, a Word file or Markdown does not see, is not read."""

from __future__ import annotations

import io
from collections.abc import Callable

import docx
import pytest
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.shared import Pt, RGBColor
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers import read_file
from ingest.readers.colours import are_alike, read_colour
from ingest.readers.hidden import hides, read_style
from ingest.readers.lookalikes import find_lookalikes
from ingest.readers.reading import is_borne_out, make_canonical
from tests.conftest import LIMITS

_RULE = "The lunch fee is 12 yuan a day for every pupil in all schools of the county."


def _page(body: str, head: str = "") -> str:
    content = f"<!DOCTYPE html><html><head>{head}</head><body><main><p>{_RULE}</p>{body}</main></body></html>"
    return read_file("a.html", content.encode(), LIMITS).text


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("<style>.h{display:none}</style>", "<p class=h>planted</p>"),
        ("<style>/* a { */ @media screen { #q { visibility : hidden } }</style>", "<p id=q>planted</p>"),
        ("<style>main > p.x, b {opacity: 0.0 !important}</style>", "<p class='y x'>planted</p>"),
        ("<style>.h{font-size:0.01em}</style>", "<p>a <span class=h>planted</span></p>"),
        ("", "<p style='color:#fff;background:white'>planted</p>"),
        ("", "<p><font color='#FFFFFF'>planted</font></p>"),
        ("", "<div style='background:#003366'><p style='color: rgb(0,51,102)'>planted</p></div>"),
        ("", "<p style='color:rgba(0,0,0,0)'>planted</p>"),
        ("", "<p style='position:absolute;left:-9999px'>planted</p>"),
        ("", "<p style='text-indent:-9999px'>planted</p>"),
        ("", "<p style='display:/**/none'>planted</p>"),
        ("", "<p style='transform:scale(0)'>planted</p>"),
        ("", "<div style='height:0;overflow:hidden'>planted</div>"),
        ("", "<dialog>planted</dialog><video>planted</video><textarea>planted</textarea>"),
        ("", "<p>The fee is <del>planted</del> 12 yuan.</p>"),
    ],
)
def test_what_a_page_hides_is_not_read(head: str, body: str) -> None:
    text = _page(body, head)
    assert _RULE in text
    assert "planted" not in text


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (
            "<style>@media print{.a{display:none}} @media (max-width:600px){.a{display:none}}</style>",
            "<p class=a>seen</p>",
        ),
        ("<style>.a{display:none} p.a{display:block}</style>", "<p class=a>seen</p>"),
        ("<style>#b .a{display:none}</style>", "<p class=a>seen</p>"),
        ("<style>body{visibility:hidden}</style>", "<p>seen</p>"),
        ("<style>ul{font-size:0} li{font-size:16px}</style>", "<ul><li>seen</li></ul>"),
        ("", "<table><tr style='background:#036'><th style='color:white'>seen</th></tr></table>"),
        ("", "<div style='background:url(a.png)'><p style='color:white'>seen</p></div>"),
        ("", "<p style='color:#fff;background:navy'>seen</p>"),
    ],
)
def test_what_a_page_shows_is_read(head: str, body: str) -> None:
    assert "seen" in _page(body, head)


def test_white_words_of_a_page_whose_sheet_is_elsewhere_are_read_with_a_warning() -> None:
    page = f"<html><head><link rel=stylesheet href=a.css></head><body><main><p>{_RULE}</p>{{}}</main></body></html>"
    reading = read_file("a.html", page.format("<p style='color:white'>in doubt</p>").encode(), LIMITS)
    assert "in doubt" in reading.text
    assert "colour" in reading.warnings[0]


def test_much_that_is_hidden_is_told() -> None:
    page = f"<html><body><main><p>{_RULE}</p><div style='display:none'>{'planted ' * 40}</div></main></body></html>"
    assert "hidden" in read_file("a.html", page.encode(), LIMITS).warnings[0]


@given(st.text(alphabet="{}@;:/*.#ab display none", max_size=200))
def test_any_style_sheet_is_read(sheet: str) -> None:
    assert _RULE in _page("", f"<style>{sheet.replace('<', '')}</style>") or "display" in sheet


@pytest.mark.parametrize(
    "text",
    [
        "A rule <span style='display:none'>planted</span> stands.",
        "A rule <!-- planted --> stands.",
        "A rule <script>planted</script> stands.",
        "A rule stands.\n\n<div hidden>\n\nplanted\n\n</div>\nMore stands.",
        "A rule stands.\n\n<!--\n\nplanted\n\n-->\n",
        "A rule stands.\n\n[//]: # (planted)\n",
        "A rule stands.\n\n<div style='color:white'>\n\n- planted\n\n```\nplanted\n```\n</div>",
    ],
)
def test_what_markdown_hides_is_not_read(text: str) -> None:
    read = read_file("a.md", text.encode(), LIMITS).text
    assert "planted" not in read
    assert "stands." in read
    assert ("More stands." in read) == ("More stands." in text)


def test_a_word_in_angle_brackets_hides_no_other_paragraph() -> None:
    assert "seen" in read_file("a.md", b"Write <title> and <object> here.\n\nThis is seen.", LIMITS).text


def _white(document: Document) -> None:
    document.add_paragraph().add_run("planted").font.color.rgb = RGBColor(255, 255, 255)


def _tiny(document: Document) -> None:
    document.add_paragraph().add_run("planted").font.size = Pt(1)


def _struck(document: Document) -> None:
    document.add_paragraph().add_run("planted").font.strike = True


def _hidden_by_style(document: Document) -> None:
    base = document.styles.add_style("Base", WD_STYLE_TYPE.PARAGRAPH)
    base.font.hidden = True
    style = document.styles.add_style("Below", WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = base
    document.add_paragraph("planted", style="Below")


def _white_on_auto(document: Document) -> None:
    _white(document)
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    shading = parse_xml(f'<w:shd xmlns:w="{space}" w:val="clear" w:fill="auto"/>')
    document.paragraphs[-1]._p.get_or_add_pPr().append(shading)


def _fallback(document: Document) -> None:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    other = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    document.element.body.insert(
        0,
        parse_xml(
            f'<w:p xmlns:w="{space}" xmlns:m="{other}"><w:r><m:AlternateContent><m:Choice Requires="x"><w:r><w:t>Seen.'
            "</w:t></w:r></m:Choice><m:Fallback><w:r><w:t>planted</w:t></w:r></m:Fallback></m:AlternateContent></w:r></w:p>"
        ),
    )


def _titled(document: Document) -> None:
    document.core_properties.title = "planted orders"


def _read_docx(change: Callable[[Document], None]) -> str:
    document = docx.Document()
    document.add_paragraph(_RULE)
    change(document)
    stream = io.BytesIO()
    document.save(stream)
    reading = read_file("a.docx", stream.getvalue(), LIMITS)
    return f"{reading.text}\n{dict(reading.properties)}\n{reading.warnings}"


@pytest.mark.parametrize("change", [_white, _tiny, _struck, _hidden_by_style, _white_on_auto, _fallback, _titled])
def test_what_a_word_file_hides_is_not_read(change: Callable[[Document], None]) -> None:
    read = _read_docx(change)
    assert _RULE in read
    assert "planted" not in read


@pytest.mark.parametrize(("change", "does"), [(_struck, True), (_white, True), (_titled, False)])
def test_what_was_left_out_of_a_word_file_is_told(change: Callable[[Document], None], does: bool) -> None:
    assert ("left out" in _read_docx(change)) is does


def _not_hidden(document: Document) -> None:
    document.add_paragraph().add_run("seen").font.hidden = False


def _white_on_blue(document: Document) -> None:
    _white(document)
    document.paragraphs[-1].runs[0].text = "seen"
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    shading = parse_xml(f'<w:shd xmlns:w="{space}" w:val="clear" w:fill="003366"/>')
    document.paragraphs[-1]._p.get_or_add_pPr().append(shading)


@pytest.mark.parametrize("change", [_not_hidden, _white_on_blue])
def test_what_a_word_file_shows_is_read(change: Callable[[Document], None]) -> None:
    assert "seen" in _read_docx(change)


def _pdf(words: str) -> bytes:
    """A page with a line of black words, and others as `words` draws them."""
    drawn = f"BT /F 12 Tf 72 700 Td ({_RULE}) Tj ET BT /F 12 Tf 72 600 Td {words} ET".encode()
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body = b"".join(b"%d 0 obj%s endobj\n" % (place, part) for place, part in enumerate(parts, start=1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF"


@pytest.mark.parametrize(("ink", "told"), [("1 g", True), ("3 Tr", True), ("0 g", False), ("0.5 g", False)])
def test_white_words_of_a_pdf_and_words_without_ink_are_told(ink: str, told: bool) -> None:
    reading = read_file("a.pdf", _pdf(f"{ink} (Lunch is free of charge for everyone in the county.) Tj"), LIMITS)
    assert _RULE in reading.text
    assert bool(reading.warnings) == told


def test_a_scan_that_was_made_searchable_is_not_told() -> None:
    scan = _pdf("").replace(b"BT /F 12 Tf 72 700", b"BT 3 Tr /F 9 Tf 72 700")
    assert not read_file("a.pdf", scan, LIMITS).warnings


def test_characters_that_nobody_sees_are_left_out() -> None:
    assert make_canonical("Home\u200bwo\u00adrk\u2060 fee\U000e0041\U000e0042") == "Homework fee"
    assert make_canonical("12 yuan\ufe01\U000e0101\U000e0102") == "12 yuan"
    assert make_canonical("葛\U000e0100城 ☎\ufe0f") == "葛\U000e0100城 ☎\ufe0f"


def test_words_whose_direction_is_overridden_stand_as_they_are_seen() -> None:
    assert make_canonical("The fee is \u202e001\u202c yuan.") == "The fee is 100 yuan."


@given(
    st.text(alphabet="a字 \n\u200b\u200d\u202a\u202c\u202e\u2066\u2069\ufe00\ufe0f\U000e0041\U000e0100\r☎", max_size=40)
)
def test_leaving_out_the_unseen_is_done_once(text: str) -> None:
    once = make_canonical(text)
    assert make_canonical(once) == once


def test_a_title_that_only_properties_give_must_be_borne_out() -> None:
    assert is_borne_out("Notice on the lunch fee", _RULE)
    assert not is_borne_out("Microsoft Word - final2.doc", _RULE)
    assert not is_borne_out("", _RULE)


def test_lookalikes_are_named() -> None:
    assert find_lookalikes("The Ministry of Educati\u043en and μm, Δt, Россия") == ["Educati\u043en"]
    warnings = read_file("a.txt", "The Educati\u043en Bureau".encode(), LIMITS).warnings
    assert "Educati\u043en" in warnings[0]


def test_styles_and_colours() -> None:
    assert read_style("COLOR: Red; display:none !important; display:block; x:y") == {"color": "red", "display": "none"}
    assert hides({"display": "none"})
    assert not hides({"opacity": "0.5", "height": "0"})
    assert read_colour("#fff", None) == read_colour("white", None) == read_colour("rgb(255, 255, 255)", None)
    assert read_colour("var(--x)", None) is None
    assert not are_alike((255, 255, 255, 1), None)
