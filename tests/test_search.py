"""retriever.search: words and meaning together, the asked year first, filters that exclude."""

from __future__ import annotations

import pytest

from retriever.langchain import NoticeRetriever
from retriever.question import read_question
from retriever.search import search
from store.archive import Archive

pytestmark = pytest.mark.model


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
