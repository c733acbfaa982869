"""store.words: what a question and a notice have in common as terms."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.words import content_terms, find_numbers, index_terms, locate_terms, name_language


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("by 教基厅〔2021〕3号 it is", "教基厅〔2021〕3号"),
        ("教基厅[2021] 3号", "教基厅〔2021〕3号"),
        ("Notice No. 12 [2021] says", "no.12〔2021〕"),
        ("3,600 yuan", "3600"),
        ("2.5 yuan", "2.5"),
        ("requirements", "requir"),
        ("the school’s charter", "school"),
        ("会议由马丽芳主持", "主持"),
    ],
)
def test_terms(text: str, term: str) -> None:
    assert term in index_terms(text)


def test_a_run_of_chinese_without_end_is_cut_like_a_short_one() -> None:
    # jieba alone takes minutes for this one: its time grows with the square of the run.
    run = "学校必须报告" * 20_000
    assert set(index_terms(run)) == set(index_terms(run[:600])) | set(index_terms(run[996:1000]))
    places = locate_terms(run)
    assert all(run[start:end] == term for term, start, end in places)
    assert [start for _, start, _ in places] == [0, *(end for _, _, end in places[:-1])]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("KD-REV", ["kd-rev", "kd", "rev"]),
        ("COVID-19", ["covid-19", "covid", "19"]),
        ("COVID‑19疫情", ["covid-19", "covid", "19", "疫情"]),
        ("EN-2022-031", ["en-2022-031", "en", "2022", "031"]),
        ("HB 2417", ["hb2417", "hb", "2417"]),
        ("HB2417", ["hb2417", "hb", "2417"]),
        ("House Bill 2417", ["hb2417", "hous", "bill", "2417"]),
        ("No. 15 of 2021", ["no.15〔2021〕", "no", "15", "of", "2021"]),
        ("教育部令第50号", ["令50号", "教育", "教育部", "令", "第", "50", "号"]),
        ("２０２１", ["2021", "２０２１"]),
        ("full-time", ["full", "time"]),
        ("PISA 2018", ["pisa", "2018"]),
        ("RMB 3600", ["rmb", "3600"]),
    ],
)
def test_codes_stand_whole_beside_their_parts(text: str, terms: list[str]) -> None:
    assert index_terms(text) == terms


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("教基厅〔2021〕3号", ["教基厅〔2021〕3号"]),
        ("根据教基厅[2021] 3号文件", ["教基厅〔2021〕3号"]),
        ("关于贯彻云政办发﹝2016﹞40号文件", ["云政办发〔2016〕40号"]),
        ("教基厅（2021）第3号", ["教基厅〔2021〕3号"]),
        ("公告2024年第6号", ["〔2024〕6号"]),
        ("Notice No. 12 [2021] and [2018] No. 4", ["no.12〔2021〕", "no.4〔2018〕"]),
        ("Notice No. 12 of 2021", ["no.12〔2021〕"]),
        ("HB 2417 and Senate Bill 6120", ["hb2417", "sb6120"]),
        ("policy KDCA, policy KDCA-R", ["kdca", "kdca-r"]),
        ("EN-2022-031", ["en-2022-031"]),
        ("COVID-19, K-12, part-time, 3,600, 2021年第1学期", []),
    ],
)
def test_numbers_of_notices(text: str, numbers: list[str]) -> None:
    found = find_numbers(text)
    assert [number.terms[0] for number in found] == numbers
    # What a question names is a term of the index.
    assert set(numbers) <= set(index_terms(text))
    assert all(text[number.start : number.end].strip() for number in found)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_has_terms(text: str) -> None:
    assert all(term and not term.isspace() for term in index_terms(text))
    assert set(content_terms(text)) <= set(index_terms(text))


def test_a_question_keeps_what_carries_meaning() -> None:
    assert content_terms("Who presided over the meeting?") == ["presid", "meet"]
    assert content_terms("会议由谁主持？") == ["会议", "主持"]
    assert content_terms("What is the?") == []


@pytest.mark.parametrize(
    ("text", "language"),
    [("Who presided?", "en"), ("会议由谁主持？", "zh"), ("IRP试点从哪一天开始？", "zh"), ("2023", "en"), ("", "en")],
)
def test_language(text: str, language: str) -> None:
    assert name_language(text) == language


@given(st.text(alphabet="abcdeXYZ .,;:-_()[]/\n", max_size=60))
def test_plain_english_is_cut_as_all_else_is(text: str) -> None:
    assert index_terms(f"{text} 教")[:-1] == index_terms(text)
