"""ingest.structure: which paragraph of a notice is which, and the clause that it stands in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.types import Notice, NoticeCard, Paragraph, Pinpoint, Span
from ingest.sentences import parse_sentences, split_paragraphs
from ingest.structure import parse_structure


def _read(text: str) -> list[Paragraph]:
    lines = split_paragraphs(text)
    return parse_structure(lines, parse_sentences(text, lines), text)


def _clauses(text: str) -> list[str]:
    return [paragraph.clause for paragraph in _read(text)]


def test_paragraphs_are_counted_as_a_reader_counts() -> None:
    text = "Notice on meals\n\nMeals must be warm.\n\nPlace\tTime\nHall\t12:00\n\nPupils must be seated. They eat."
    assert [paragraph.number for paragraph in _read(text)] == [None, 1, None, None, 2]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "第一章 总则\n第一条 学校应当制定章程。\n第二条 章程包括下列事项：\n（一）名称；\n（二）地址。\n"
            "章程报教育局备案。\n"
            "第二章 附则\n第三条 本办法自发布之日起施行。",
            ["第一章", "第一条", "第二条", "第二条（一）", "第二条（二）", "第二条", "第二章", "第三条"],
            id="a Chinese regulation",
        ),
        pytest.param(
            "一、总体要求\n各校应当重视美育。\n二、主要任务\n（一）开齐课程。\n1.小学每周两节。\n2.初中每周一节。\n（二）配齐教师。\n"
            "各地应当统筹。",
            ["一", "一", "二", "二、（一）", "二、（一）1", "二、（一）2", "二、（二）", "二、（二）"],
            id="a Chinese circular",
        ),
        pytest.param(
            "Section 5 Charters\n(1) A school must have a charter.\n(a) It must name the school.\n(b) "
            "It must be public.\n(2) A charter must be renewed.\nSection 6 Meals\nMeals must be warm.",
            [f"Section {clause}" for clause in ("5", "5(1)", "5(1)(a)", "5(1)(b)", "5(2)", "6", "6")],
            id="an act",
        ),
        pytest.param(
            "§ 1001. Purpose\n(a) In general the Secretary must report.\n(1) Reports must be public.\n"
            "(i) They must be free.\n(ii) They must be short.\n(b) Reports are yearly.",
            ["§ 1001", "§ 1001(a)", "§ 1001(a)(1)", "§ 1001(a)(1)(i)", "§ 1001(a)(1)(ii)", "§ 1001(b)"],
            id="a code",
        ),
        pytest.param(
            "3.1 Schools must report absence.\n3.2 Reports must say:\n(a) who was absent; and\n"
            "(b) why.\n3.3 Reports are kept.",
            ["3.1", "3.2", "3.2(a)", "3.2(b)", "3.3"],
            id="guidance with decimal numbers",
        ),
        pytest.param(
            "Schools must:\n1. Keep a list.\n2. Show it.\nParents may see the list.\nMeals\nMeals must be warm.",
            ["", "1", "2", "", "", ""],
            id="a list ends with its last item",
        ),
        pytest.param(
            "(g) Seven rules hold.\n(h) Eight rules hold.\n(i) Nine rules hold.\n(j) Ten rules hold.",
            ["(g)", "(h)", "(i)", "(j)"],
            id="a letter that looks like a Roman number",
        ),
        pytest.param(
            "In 2023 the rate rose.\n3.5 per cent of pupils left.\n12.30 is the time of lunch.",
            ["", "", ""],
            id="figures are no clauses",
        ),
    ],
)
def test_clauses(text: str, expected: list[str]) -> None:
    assert _clauses(text) == expected


def test_a_span_is_located_by_where_it_begins() -> None:
    text = "Notice on meals\n\n3.1 Meals must be warm. They must be free.\n\nPupils sit."
    notice = Notice(NoticeCard("id", "a.txt", "A"), text, (), tuple(_read(text)))
    free = text.index("They")
    assert notice.locate(Span(free, free + 5)) == Pinpoint("3.1", 1, None)
    assert notice.cite(2, Span(free, free + 4)).quote == "They"
    assert notice.locate(Span(len(text) - 1, len(text))) == Pinpoint("3.1", 2, None)
    assert Notice(notice.card, text).locate(Span(free, free + 5)) == Pinpoint()


@given(
    st.lists(
        st.sampled_from(
            ["一、总则", "（一）", "1. Do it.", "(a) x", "(i) y", "Section 2", "3.2 Zed", "a\tb", "Go.", ""]
        )
    )
)
def test_any_notice_has_its_paragraphs_numbered_in_order(lines: list[str]) -> None:
    text = "\n".join(lines).strip()
    paragraphs = _read(text)
    assert [paragraph.span for paragraph in paragraphs] == split_paragraphs(text)
    numbers = [paragraph.number for paragraph in paragraphs if paragraph.number is not None]
    assert numbers == list(range(1, len(numbers) + 1))
