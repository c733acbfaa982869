"""ingest.metadata: what sources.csv says wins, then the file, then the text."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import SourcesError
from ingest.metadata import dates_in, describe, find_date, find_issuer, find_number, find_title, find_year, read_sources
from ingest.readers import Reading

_NOTICE = (
    "Notice on Meals\n\nDongmu City Education Bureau\n\nDongmu Education Notice No. 7 [2022]\n\n"
    "Date of issue: 16 March 2022. In force from 1 September 2022.\n\nSchools must serve meals."
)
_CHINESE = (
    "云岚省教育厅关于做好供餐工作的通知\n\n云教发〔2021〕9号\n\n各市教育局：\n\n"
    "学校应当供餐。自2022年1月1日起施行。\n\n2021年11月9日"
)


def test_an_english_notice_describes_itself() -> None:
    card = describe("x/meals.txt", "id", Reading(_NOTICE), {})
    assert (card.title, card.issuer) == ("Notice on Meals", "Dongmu City Education Bureau")
    assert card.number == "Dongmu Education Notice No. 7 [2022]"
    assert (card.issued_on, card.year, card.language) == ("2022-03-16", 2022, "en")


def test_a_chinese_notice_describes_itself() -> None:
    card = describe("meals.txt", "id", Reading(_CHINESE), {})
    assert (card.issuer, card.number) == ("云岚省教育厅", "云教发〔2021〕9号")
    assert (card.issued_on, card.year, card.language) == ("2021-11-09", 2021, "zh")


def test_sources_win_over_the_file_and_the_file_over_the_text() -> None:
    reading = Reading(_NOTICE, properties={"title": "From the file", "issuer": "File"})
    card = describe("a.txt", "id", reading, {"title": "From sources", "issuer": "", "issued_on": "2019"})
    assert (card.title, card.issuer, card.issued_on, card.year) == ("From sources", "File", "2019", 2019)


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("on 5 May 2021 and March 3, 2022", ["2021-05-05", "2022-03-03"]),
        ("二〇二四年六月三十日", ["2024-06-30"]),
        ("2023年 3 月 15 日", ["2023-03-15"]),
        ("99 May 2021, 2021-13-01, 5.5.2021", []),
    ],
)
def test_dates(text: str, dates: list[str]) -> None:
    assert dates_in(text) == dates


def test_a_date_of_effect_is_no_date_of_issue() -> None:
    assert find_date("Notice\n\nIn force from 1 September 2022.") == ""


def test_a_report_without_a_date_belongs_to_the_year_that_it_names_most() -> None:
    assert find_year("a.txt", "It summed up 2022 and deployed the tasks of 2023. The year 2023 is crucial." * 9) == 2023
    assert find_year("en/2021/a.txt", "No year here.") == 2021
    assert find_year("a.txt", "word " * 300 + "2020") is None


@pytest.mark.parametrize(
    ("path", "text", "title"),
    [
        ("a.txt", "On meals\n\nSchools must serve.", "On meals"),
        ("a.txt", "Dongmu City Education Bureau\n\nNotice on Meals\n\nDongmu Notice No. 5 [2025]", "Notice on Meals"),
        ("notes/school meals policy 2020.txt", "Schools must serve meals to all pupils.", "school meals policy 2020"),
        (
            "000_a5347d.txt",
            "Schools must serve meals to all pupils, every day.",
            "Schools must serve meals to all pupils, every …",
        ),
    ],
)
def test_titles(path: str, text: str, title: str) -> None:
    assert find_title(path, text) == title


def test_no_issuer_or_number_is_made_up() -> None:
    assert find_issuer("Schools must report.\n\nThey may ask.") == ""
    assert find_number("Schools must report under No. 4.") == ""


def test_sources_with_faults(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    table = tmp_path / "sources.csv"
    table.write_text("path,issued_on\na.txt,15/03/2023\ngone.txt,2023\n", encoding="utf-8-sig")
    found = read_sources(table)
    assert found.rows[tmp_path / "a.txt"]["issued_on"] == ""
    assert {path for path, _ in found.warnings} == {"a.txt", "gone.txt"}
    table.write_text("name;title\n")
    with pytest.raises(SourcesError, match="column 'path'"):
        read_sources(table)
