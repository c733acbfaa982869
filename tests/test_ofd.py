"""ingest.readers.ofd: pages in their order, lines by where they stand, nothing that is invisible or hostile."""

from __future__ import annotations

import io
import zipfile

import pytest

from core.errors import EmptyNoticeError, NoticeTooLargeError, UnreadableNoticeError
from ingest.readers import Limits, read_file
from tests.conftest import LIMITS

_NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_TITLE = "关于做好课后服务工作的通知"


def _text(words: str, x: float, y: float, inside: str = "", **attributes: str) -> str:
    said = "".join(f' {name}="{value}"' for name, value in ({"Size": "5"} | attributes).items())
    return (
        f'<ofd:TextObject ID="9" Boundary="{x} {y} 150 7" Font="1"{said}>{inside}'
        f'<ofd:TextCode X="0" Y="5" DeltaX="g {len(words) - 1} 5">{words}</ofd:TextCode></ofd:TextObject>'
    )


def _page(*objects: str, before: str = "") -> str:
    layer = f'<ofd:Content><ofd:Layer ID="2">{"".join(objects)}</ofd:Layer></ofd:Content>'
    return f'<?xml version="1.0" encoding="UTF-8"?>{before}<ofd:Page {_NAMESPACE}>{layer}</ofd:Page>'


def _ofd(*pages: str, title: str = _TITLE, extra: dict[str, str] | None = None) -> bytes:
    """An OFD file; its pages are stored in the opposite order under names that say nothing."""
    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/P{9 - n}/Content.xml"/>' for n in range(len(pages)))
    parts = {
        "OFD.xml": f"<ofd:OFD {_NAMESPACE}><ofd:DocBody><ofd:DocInfo><ofd:Title>{title}</ofd:Title></ofd:DocInfo>"
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {_NAMESPACE}><ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
    }
    parts |= {f"Doc_0/Pages/P{9 - n}/Content.xml": page for n, page in enumerate(pages)} | (extra or {})
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(parts):
            archive.writestr(name, parts[name])
    return stream.getvalue()


def test_pages_lines_and_paragraphs_in_the_order_of_a_reader() -> None:
    first = _page(
        _text("务，每周五天，每天不少于两小时。", 20, 58),
        _text("义务教育学校应当提供课后服务，每周服", 30, 50),
        _text(_TITLE, 40, 20, Size="5"),
        _text("学校不得收取其他费用。", 30, 66),
    )
    second = _page(_text("本通知自2023年9月1日起", 30, 20), _text("施行。", 140, 20))
    reading = read_file("a.bin", _ofd(first, second), LIMITS)
    assert reading.text == (
        f"{_TITLE}\n\n义务教育学校应当提供课后服务，每周服务，每周五天，每天不少于两小时。\n\n"
        "学校不得收取其他费用。\n\n本通知自2023年9月1日起 施行。"
    )
    assert [(page.number, page.span.of(reading.text)[:4]) for page in reading.pages] == [
        (1, "关于做好"),
        (2, "本通知自"),
    ]
    assert reading.properties["title"] == _TITLE


def test_a_marker_or_another_size_opens_a_paragraph() -> None:
    lines = [_text("关于课后服务的工作通知", 20, 13, Size="7"), _text("一、招生计划须于六月前备案。", 20, 20)]
    page = _page(*lines, _text("二、每校须预留五个学位给后来的。", 20, 27))
    text = read_file("a.ofd", _ofd(page), LIMITS).text
    assert text == "关于课后服务的工作通知\n\n一、招生计划须于六月前备案。\n\n二、每校须预留五个学位给后来的。"


def test_what_is_set_apart_stays_apart_and_what_touches_does_not() -> None:
    page = _page(_text("学校", 20, 20), _text("应当", 30, 20), _text("报送", 90, 20))
    assert read_file("a.ofd", _ofd(page), LIMITS).text == "学校应当 报送"


@pytest.mark.parametrize(
    "hidden",
    [
        _text("秘密文字", 20, 40, Visible="false"),
        _text("秘密文字", 20, 40, Alpha="0"),
        _text("秘密文字", 20, 40, Fill="false"),
        _text("秘密文字", 20, 40, Size="0.2"),
        _text("秘密文字", 20, 40, CTM="0.01 0 0 0.01 0 0"),
        f'<ofd:PageBlock ID="7" Visible="false">{_text("秘密文字", 20, 40)}</ofd:PageBlock>',
    ],
)
def test_what_nobody_sees_is_not_read(hidden: str) -> None:
    assert read_file("a.ofd", _ofd(_page(_text("学校应当报送", 20, 20), hidden)), LIMITS).text == "学校应当报送"


def test_white_words_are_told() -> None:
    white = _text("白" * 40, 20, 40, inside='<ofd:FillColor Value="255 255 255"/>')
    assert "page 1 are white" in read_file("a.ofd", _ofd(_page(white)), LIMITS).warnings[0]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (_ofd(_page(_text("&a;", 1, 1), before='<!DOCTYPE x [<!ENTITY a "ha">]>')), "entities"),
        (_ofd(_page(_text("&a;", 1, 1), before='<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/a">]>')), "entities"),
        (_ofd(_page(_text("学校", 1, 1))[:-9]), "damaged"),
        (_ofd(_page('<ofd:TextObject Boundary="x y"><ofd:TextCode>学校</ofd:TextCode></ofd:TextObject>')), "damaged"),
        (_ofd(_page(_text("学校", 1, 1)))[:-100], "damaged"),
        (_ofd(_page(_text("学校", 1, 1)), extra={"Doc_0/Document.xml": "<Document><Pages><Page/></Pages></Document>"}),
         "missing"),
        (_ofd(_page(_text("学校", 1, 1)), extra={"Encryptions.xml": "<x/>"}), "password"),
    ],
)  # fmt: skip
def test_what_is_damaged_hostile_or_protected_says_so(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableNoticeError, match=reason):
        read_file("a.ofd", content, LIMITS)


def test_limits() -> None:
    page = _page(_text("学校应当报送", 20, 20))
    with pytest.raises(NoticeTooLargeError, match="2 pages"):
        read_file("a.ofd", _ofd(page, page), Limits(10**6, 10**6, 1))
    with pytest.raises(NoticeTooLargeError, match="unpacks"):
        read_file("a.ofd", _ofd(page + " " * 10**6), Limits(10**6, 10**6, 10))
    with pytest.raises(EmptyNoticeError, match="scan"):
        read_file("a.ofd", _ofd(_page()), LIMITS)
    steps = _text("学校", 20, 20).replace("g 1 5", "g 999999999 5 " * 1000)
    assert read_file("a.ofd", _ofd(_page(steps)), LIMITS).text == "学校"
