"""cite.styles: the plain citation, as a report takes it."""

from __future__ import annotations

import pytest

from cite.styles import write_date, write_place, write_plain
from core.types import NoticeCard, Pinpoint


@pytest.mark.parametrize(
    ("issued_on", "language", "written"),
    [
        ("2023-03-15", "en", "15 March 2023"),
        ("2023-03", "en", "March 2023"),
        ("2023", "en", "2023"),
        ("", "en", ""),
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
    ],
)
def test_places(place: Pinpoint, english: str, chinese: str) -> None:
    assert (write_place(place, "en"), write_place(place, "zh")) == (english, chinese)
