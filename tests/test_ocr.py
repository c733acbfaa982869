"""ingest.readers.ocr, scan, image, garbage: pictures of notices are read, and said to be."""

from __future__ import annotations

import difflib
import io
import subprocess
import sys
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageDraw, ImageFont

from core.errors import EmptyNoticeError, IngestError, NoticeTooLargeError, UnknownFormatError, UnreadableNoticeError
from ingest.readers import Limits, Reading, ocr, read_file
from ingest.readers.garbage import is_garbage
from tests.conftest import CORPUS, LIMITS

ENGLISH = (
    "Notice on school transport in winter",
    "Each district must reserve 5 places on every bus for pupils who live more",
    "than 3 km from their school. Plans must be filed by 30 June 2024.",
    "Contact: the Office of Basic Education, extension 204.",
)
CHINESE = (
    "关于做好冬季校车工作的通知",
    "各县（区）教育局：",
    "一、每校须预留5个座位给离校3公里以上的学生。",
    "二、各校须于2024年6月30日前报送计划。",
)
NOISE = "l1|I!1 ~~ rn m vv w 0O0 ;;:: _-_ "


def _draw(lines: tuple[str, ...], font: ImageFont.FreeTypeFont | ImageFont.ImageFont | None = None) -> Image.Image:
    """A page of A4 at 150 dpi with these lines."""
    page = Image.new("RGB", (1240, 1754), "white")
    pen = ImageDraw.Draw(page)
    for place, line in enumerate(lines):
        pen.text((120, 150 + 60 * place), line, fill="black", font=font or ImageFont.load_default(28))
    return page


def _save(form: str, first: Image.Image, *rest: Image.Image) -> bytes:
    stream = io.BytesIO()
    if rest:
        first.save(stream, form, save_all=True, append_images=rest, resolution=150)
    else:
        first.save(stream, form, resolution=150)
    return stream.getvalue()


def _read(name: str, content: bytes, limits: Limits = LIMITS) -> Reading:
    return read_file(name, content, limits)


def _likeness(text: str, lines: tuple[str, ...]) -> float:
    return difflib.SequenceMatcher(None, "".join("".join(lines).split()), "".join(text.split()), False).ratio()


def _write_pdf(layer: str, picture: Image.Image) -> bytes:
    """A PDF of one page: a picture over all of it, and a layer of text."""
    shown = b"BT /F1 10 Tf 40 700 Td 12 TL " + b" ".join(
        b"(" + layer[start : start + 80].encode("latin-1") + b") Tj T*" for start in range(0, len(layer), 80)
    )
    shown += b" ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(shown), shown),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj%s endobj\n" % (n, o) for n, o in enumerate(objects, start=1))
    document = pdfium.PdfDocument(body + b"trailer<</Root 1 0 R/Size 6>>\n%%EOF")
    page = document[0]
    image = pdfium.PdfImage.new(document)
    image.load_jpeg(io.BytesIO(_save("JPEG", picture)), inline=True)
    image.set_matrix(pdfium.PdfMatrix().scale(595, 842))
    page.insert_obj(image)
    page.gen_content()
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF"])
def test_an_image_is_read(form: str) -> None:
    reading = _read(f"scan.{form.lower()}", _save(form, _draw(ENGLISH)))
    assert _likeness(reading.text, ENGLISH) > 0.97
    assert "for pupils who live more than 3 km from their school." in reading.text
    assert "read by OCR from page 1 on (1 of 1 pages), mean confidence" in reading.warnings[0]


def test_chinese_is_read() -> None:
    fonts = sorted(Path("/usr/share/fonts").rglob("*CJK*Regular*"))
    if not fonts:
        pytest.skip("no Chinese font is installed to draw a page with")
    reading = _read("scan.png", _save("PNG", _draw(CHINESE, ImageFont.truetype(str(fonts[0]), 28))))
    assert _likeness(reading.text, CHINESE) > 0.97
    assert "\n\n二、" in reading.text


def test_each_frame_is_a_page_and_an_empty_one_is_named() -> None:
    reading = _read("scan.tif", _save("TIFF", _draw(ENGLISH[:1]), _draw(()), _draw(ENGLISH[3:])))
    assert [page.number for page in reading.pages] == [1, 2, 3]
    assert "extension 204" in reading.text[reading.pages[2].span.start : reading.pages[2].span.end]
    assert any("on page 2" in warning for warning in reading.warnings)
    with pytest.raises(NoticeTooLargeError):
        _read("scan.tif", _save("TIFF", _draw(()), _draw(())), Limits(10**9, 10**9, 1))


def test_a_scanned_pdf_is_read() -> None:
    reading = _read("scan.pdf", _save("PDF", _draw(ENGLISH), _draw(ENGLISH[:2])))
    assert len(reading.pages) == 2
    assert "Plans must be filed by 30 June 2024." in reading.text
    assert "(2 of 2 pages)" in reading.warnings[0]


@pytest.mark.parametrize("layer", [NOISE * 20, "Scanned by an app", ""])
def test_a_scan_whose_text_layer_says_nothing_is_read_by_ocr(layer: str) -> None:
    reading = _read("scan.pdf", _write_pdf(layer, _draw(ENGLISH)))
    assert "Plans must be filed by 30 June 2024." in reading.text
    assert "|I!" not in reading.text
    assert "read by OCR" in reading.warnings[0]


def test_a_text_layer_that_can_be_read_stays() -> None:
    layer = "The words of this layer are plain and are to be quoted as they stand in the file. "
    reading = _read("notice.pdf", _write_pdf(layer, _draw(ENGLISH)))
    assert "this layer are plain" in reading.text
    assert not any("OCR" in warning for warning in reading.warnings)


def test_a_scan_in_columns_is_read_column_by_column() -> None:
    left = (
        "Every school of the province reports",
        "to its district by the end of May, and",
        "the report names each of its teachers",
        "and says what they teach, and to how",
    )
    right = (
        "many pupils. The districts answer it",
        "in June. An answer says what is to be",
        "mended, and by what day. A school that",
        "disagrees writes to the ministry of it.",
    )
    page = _draw(left, ImageFont.load_default(26))
    page.paste(_draw(right, ImageFont.load_default(26)).crop((110, 0, 680, 1754)), (670, 0))
    assert _likeness(_read("scan.png", _save("PNG", page)).text, left + right) > 0.97


def test_a_page_askew_is_read_line_by_line() -> None:
    page = _draw(ENGLISH).rotate(1.5, fillcolor="white", resample=Image.Resampling.BICUBIC)
    assert _likeness(_read("scan.png", _save("PNG", page)).text, ENGLISH) > 0.97


def test_nothing_to_read_is_refused() -> None:
    with pytest.raises(EmptyNoticeError):
        _read("scan.pdf", _save("PDF", _draw(())))
    with pytest.raises(EmptyNoticeError):
        _read("scan.png", _save("PNG", _draw(())))
    with pytest.raises(UnreadableNoticeError, match="damaged"):
        _read("scan.png", _save("PNG", _draw(ENGLISH))[:2000])
    with pytest.raises(UnknownFormatError, match="it is an image"):
        _read("notice.txt", _save("JPEG", _draw(ENGLISH)))
    with pytest.raises(NoticeTooLargeError):
        _read("scan.png", _save("PNG", Image.new("1", (10_000, 10_000))))


def test_without_ocr_a_scan_is_refused_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    ocr._make_engine.cache_clear()
    with pytest.raises(EmptyNoticeError, match="a scan, or images only"):
        _read("scan.pdf", _save("PDF", _draw(ENGLISH)))
    with pytest.raises(EmptyNoticeError):
        _read("scan.pdf", _write_pdf(NOISE * 20, _draw(ENGLISH)))
    with pytest.raises(IngestError, match="it is an image"):
        _read("scan.png", _save("PNG", _draw(ENGLISH)))


def test_nothing_is_built_at_import() -> None:
    script = "import sys, ingest.readers; sys.exit('rapidocr' in sys.modules or 'onnxruntime' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False, cwd=CORPUS.parent).returncode == 0


@pytest.mark.parametrize(
    "raw",
    [
        NOISE * 5,
        "\x01\x04\x05\r\n\x06\x07\x08\t \x01\x01 \n\x0b\x0c\r\x0e\x0f\x10\x11\x12#$%&" * 3,
        "\ufffd\ufffd notice \ufffd\ufffd\ufffd\ufffd of \ufffd\ufffd\ufffd the year" * 3,
        "".join(chr(0x4E00 + 37 * place) for place in range(200)),
    ],
)
def test_what_is_no_text_is_garbage(raw: str) -> None:
    assert is_garbage(raw)


@pytest.mark.parametrize(
    "raw",
    [
        " ".join(ENGLISH),
        "".join(CHINESE) * 3,
        "各縣市教育局應於期限內提報計畫，並為離校三公里以上的學生保留座位，請查照辦理。" * 2,
        "Contents\r\n1 Scope ........................... 3\r\n2 Duties ........................... 4\r\n" * 3,
        "Area Minimum Maximum\r\nLondon £34,398 £52,490\r\nOuter London £37,870 £56,154 (-3.5%)\r\n" * 3,
        "2021 | 25,714 | 3.0%\r\n2022 | 28,000 | 8.9%\r\n2023 | 30,000 | 7.1%\r\n",
        "Przepisy dotyczące szkół podstawowych obowiązują od pierwszego września każdego roku szkolnego.",
    ],
)
def test_what_is_text_is_not_garbage(raw: str) -> None:
    assert not is_garbage(raw)
