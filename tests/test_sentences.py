"""ingest.sentences: paragraphs, sentences, points and tables as spans of the canonical text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.types import SentenceKind, Span
from ingest.readers.reading import make_canonical
from ingest.sentences import parse_sentences, split_paragraphs, split_sentences

# Text in which stops, quotation marks, markers and line ends are frequent enough to collide.
_ALPHABET = st.sampled_from(list('aAb .。！?？;；:：“”（）()\n\t1一二三是、第条No“’"𠀀'))
_TEXTS = st.one_of(st.text(_ALPHABET, max_size=200), st.text(max_size=200)).map(make_canonical)


@given(_TEXTS)
def test_paragraphs_cover_all_but_white_space(text: str) -> None:
    _assert_partition(text, Span(0, len(text)), split_paragraphs(text))


@given(_TEXTS)
def test_sentences_partition_their_paragraph(text: str) -> None:
    for paragraph in split_paragraphs(text):
        _assert_partition(text, paragraph, split_sentences(text, paragraph))


@given(_TEXTS)
def test_everything_is_in_exactly_one_sentence(text: str) -> None:
    found = parse_sentences(text)
    _assert_partition(text, Span(0, len(text)), [sentence.span for sentence in found])
    assert [sentence.ordinal for sentence in found] == list(range(len(found)))
    assert all(sentence.head is None or sentence.head < sentence.ordinal for sentence in found)


def _assert_partition(text: str, whole: Span, parts: list[Span]) -> None:
    position = whole.start
    for part in parts:
        assert not text[position : part.start].strip()
        assert part.start >= position
        assert part.of(text).strip() == part.of(text) != ""
        position = part.end
    assert not text[position : whole.end].strip()


def _cut(text: str) -> list[str]:
    return [span.of(text) for span in split_sentences(text, Span(0, len(text)))]


@pytest.mark.parametrize(
    "sentence",
    [
        "Dr. Chen of St. Mary's school spoke for approx. 20 minutes.",
        "See Notice No. 12 [2021] and Art. 3 of the law.",
        "The share rose by 2.5 % to 91.4 % in the U.S. and elsewhere.",
        "1. Every school must have a charter.",
        "“3. Every school must have a charter.”",
        "J. R. Smith presided.",
        "他说：“要办好学校。要办好教育。”并提出要求。",
        "依照《条例》（2021年修订。以下简称条例）执行。",
    ],
)
def test_what_does_not_end_a_sentence(sentence: str) -> None:
    assert _cut(sentence) == [sentence]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Schools open. Pupils come.", ["Schools open.", "Pupils come."]),
        ("Really? Yes! Good.", ["Really?", "Yes!", "Good."]),
        ("会议召开。省厅要求！对吗？对。", ["会议召开。", "省厅要求！", "对吗？", "对。"]),
        ('He said "Go." Then he left.', ['He said "Go."', "Then he left."]),
        ("Books, pens, etc. Schools pay.", ["Books, pens, etc.", "Schools pay."]),
    ],
)
def test_what_ends_a_sentence(text: str, sentences: list[str]) -> None:
    assert _cut(text) == sentences


def test_points_inside_a_sentence_have_its_lead_in_as_head() -> None:
    text = "He put forward three requirements: first, be calm; Second, be quick; Third, be kind. Then he left."
    found = parse_sentences(text)
    assert [s.kind for s in found] == [
        SentenceKind.sentence,
        SentenceKind.point,
        SentenceKind.point,
        SentenceKind.point,
        SentenceKind.sentence,
    ]
    assert [s.head for s in found] == [None, 0, 0, 0, None]
    assert [s.item for s in found] == [None, 0, 1, 2, None]
    assert found[2].span.of(text) == "Second, be quick;"


def test_chinese_points_over_sentences() -> None:
    text = "会议提出三点要求：一是抓好落实。各校要自查。二是强化监督；三是加强宣传。"
    found = parse_sentences(text)
    assert [s.item for s in found] == [None, 0, 0, 1, 2]
    assert {s.head for s in found[1:]} == {0}


def test_numbered_lines_nest_and_go_on_after_the_nested_list() -> None:
    text = "The duties are:\n1. Schools must:\n(a) teach;\n(b) report.\n2. Bureaus must check.\n\nContact the office."
    found = parse_sentences(text)
    by_text = {s.span.of(text): s for s in found}
    assert by_text["1. Schools must:"].head == 0
    assert by_text["(a) teach;"].head == by_text["1. Schools must:"].ordinal
    assert by_text["2. Bureaus must check."].head == 0
    assert by_text["2. Bureaus must check."].item == 1
    assert by_text["Contact the office."].head is None


def test_rows_of_a_table_have_its_first_row_as_head() -> None:
    text = "Limits\n\nStage\tPupils\nPrimary\t50\n\nOther words."
    kinds = [(s.kind, s.head) for s in parse_sentences(text)]
    assert kinds == [
        (SentenceKind.heading, None),
        (SentenceKind.row, None),
        (SentenceKind.row, 1),
        (SentenceKind.sentence, None),
    ]


def test_lines_wrapped_at_a_margin_are_one_paragraph() -> None:
    lines = [
        "Every school in the province must keep a written record of each of the",
        "drills that it holds, and must send a copy of the record to the bureau",
        "within ten days of the drill.",
    ]
    text = "\n".join(lines)
    assert split_paragraphs(text) == [Span(0, len(text))]
