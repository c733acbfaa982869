"""cite.styles: the plain citation, as a report takes it."""

from __future__ import annotations

import pytest

from cite.styles import write_date, write_plain
from core.types import NoticeCard


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
    assert write_plain(card, 2, "Meals  are\nwarm.") == (
        "“Meals are warm.” On Meals. Bureau, No. 7 [2022], 16 March 2022, p. 2. https://x.y/z"
    )


def test_a_chinese_notice() -> None:
    card = NoticeCard("id", "a.pdf", "关于供餐的通知", "教育局", "青教〔2022〕18号", "2022-04-11", 2022, "zh")
    assert (
        write_plain(card, 3, "应当供餐。")
        == "“应当供餐。”《关于供餐的通知》，教育局，青教〔2022〕18号，2022年4月11日，第3页。"
    )


def test_what_is_not_known_is_left_out() -> None:
    assert write_plain(NoticeCard("id", "a.txt", "On Meals"), None) == "On Meals."
