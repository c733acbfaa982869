"""assistant.matching: what is a quotation of a text, what nearly is one, and what is none."""

from __future__ import annotations

import random
import string
import textwrap
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assistant.difference import write_difference
from assistant.folding import fold
from assistant.matching import Match, PieceKind, match_quotation, says_exactly
from ingest.sentences import parse_sentences
from tests.conftest import CORPUS

_ENGLISH = (CORPUS / "samples" / "2024-rural-teacher-bursaries.txt").read_text("utf-8")
_CHINESE = (CORPUS / "samples" / "2022-teacher-training-funds-zh.txt").read_text("utf-8")
_TEXT = (
    "Schools must report every year. Every school must not sell snacks, unless the principal agrees. "
    "Meals cost 1,500 yuan or 30% of 5-10 units; non-compliance is recorded.\n\n"
    "第三条　学校不得开除学生，但法律另有规定的除外。“双减”政策要求2019年完成5万元。"
)


def _sentences(text: str) -> list[str]:
    found = [one.span.of(text) for one in parse_sentences(text)]
    return [one for one in found if sum(character.isalpha() for character in one) >= 8]


_IN_ENGLISH, _IN_CHINESE = _sentences(_ENGLISH), _sentences(_CHINESE)


def _match(quote: str, text: str = _TEXT) -> Match:
    found = match_quotation(quote, text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "quote",
    [
        "Schools must report every year.",
        "schools must\n  report every\tyear,",
        "• Schools must report every year",
        "- Schools must report every year",
        "• Schools must report every year •",
        "[S]chools must report every year",
        "[S]chools must report [sic] every year [2].",
        "Schools must re\u00adport every\u200b year",
        "Every school … snacks",
        "Schools must report every year. [...] Every school must not sell snacks",
        "Meals cost 1,500 yuan or 30％ of 5–10 units；non‑compliance is recorded",
        "学校不得\n开除学生",
        "学校不得开除学生,但法律另有规定的除外.",
        "「双减」政策要求2019年完成",
        "'双减'政策要求20\n19年完成",
        "学校不得……另有规定的除外",
    ],
)
def test_what_is_no_alteration(quote: str) -> None:
    found = _match(quote)
    assert found.exact
    assert write_difference(found.pieces) == ""
    assert says_exactly(quote, [span.of(_TEXT) for span in found.spans])


@pytest.mark.parametrize(
    ("quote", "difference"),
    [
        ("Schools may report every year", "Schools [-must-] {+may+} report every year"),
        ("Every school must sell snacks", "Every school must [-not-] sell snacks"),
        ("Every school must not sell sweet snacks", "… school must not sell {+sweet+} snacks"),
        ("Schools report every year", "Schools [-must-] report every year"),
        ("Meals cost 1,600 yuan or 30% of 5-10 units", "Meals cost [-1,500-] {+1,600+} yuan or 30% of 5-10 …"),
        ("Schools must report; every year", "Schools must report {+;+} every year"),
        ("Schools Must report every year", "Schools [-must-] {+Must+} report every year"),
        ("Schools must report every year and every school must not sell", "[-. Every-] {+and every+}"),
        ("yuan or 30% of 5-10 unit", "{+unit+}"),
        ("学校得开除学生", "学校 [-不-] 得开除学生"),
        ("学校不得开除学员，但法律另有规定的除外", "[-生-] {+员+}"),
        ("得开除学生，但法律另有规定的除外", "[-不-] 得"),
        ("政策要求2018年完成5万元", "[-2019-] {+2018+}"),
        ("Every school must not sell [any] snacks", "{+[any]+}"),
    ],
)
def test_what_is_one_is_shown(quote: str, difference: str) -> None:
    found = _match(quote)
    assert not found.exact
    assert difference in write_difference(found.pieces)
    assert not says_exactly(quote, [span.of(_TEXT) for span in found.spans])


@pytest.mark.parametrize(
    "quote", ["500 yuan", "30", "compliance is recorded", "Meals cost 1", "完成5", "and", "。。", ""]
)
def test_a_part_of_a_word_or_figure_is_no_quotation(quote: str) -> None:
    found = match_quotation(quote, _TEXT)
    assert found is None or not found.exact


def test_only_punctuation_is_said_to_be_only_that() -> None:
    assert _match("Schools must report; every year").only_marks
    assert not _match("Schools must report each year").only_marks
    assert not _match("Meals cost 1,500 yuan or 30 of 5-10 units").only_marks


@pytest.mark.parametrize(
    ("quote", "difference"),
    [
        ("Schools must [...] sell snacks", "[-report every year. Every school must not-]"),
        ("Schools must report ... [e]very school must not sell snacks", "[-every year.-]"),
        ("Schools must report [these figures] every year", "{+[these figures]+}"),
        ("Schools must [not] report every year", "{+[not]+}"),
        ("Meals cost 1,50[0] yuan", ""),
    ],
)
def test_what_an_ellipsis_joins_and_a_bracket_adds_is_told(quote: str, difference: str) -> None:
    found = _match(quote)
    assert not found.exact
    assert difference in write_difference(found.pieces)


def test_what_bounds_a_quotation_is_told() -> None:
    assert _match("Every school must not sell snacks").limited_by == "unless the principal agrees"
    assert _match("学校不得开除学生").limited_by == "但法律另有规定的除外"
    assert _match("sell snacks").denied_by == "must not"
    assert _match("开除学生").denied_by == "不得"
    assert _match("Every school … snacks").passes_denial
    assert _match("Schools must report every year").limited_by == ""
    assert _match("Schools must [now] report").inserted == ("now",)


def test_brackets_that_change_what_is_said_are_no_insertion() -> None:
    assert not _match("Every school must not sell [unhealthy] snacks [on 5 days]").exact


def test_the_parts_around_an_ellipsis_stand_in_order_and_near() -> None:
    assert not _match("Every school must not sell … must report every year").exact
    far = "The first rule is here. " + "Words between them. " * 200 + "The last rule stands there."
    found = match_quotation("The first rule is here … The last rule stands there", far)
    assert found is None or not found.exact


def test_spans_are_those_of_the_words() -> None:
    found = _match("“every year … must not sell snacks.”")
    assert [span.of(_TEXT) for span in found.spans] == ["every year", "must not sell snacks"]
    assert found.span.of(_TEXT).startswith("every year. Every")


@given(st.sampled_from(_IN_ENGLISH), st.integers(12, 70), st.sampled_from(["“{}”", '"{}"', "‘{}’", "«{}»", "{}"]))
@settings(deadline=None)
def test_any_sentence_rewrapped_and_requoted_is_exact(sentence: str, width: int, marks: str) -> None:
    wrapped = textwrap.fill(" ".join(sentence.split()), width, break_long_words=False, break_on_hyphens=False)
    for quote in (marks.format(wrapped), marks.format(wrapped.replace('"', "'"))):
        found = _match(quote, _ENGLISH)
        assert found.exact
        assert says_exactly(quote, [span.of(_ENGLISH) for span in found.spans])


@given(st.sampled_from(_IN_CHINESE), st.integers(3, 40), st.sampled_from(["“{}”", "「{}」", '"{}"']))
@settings(deadline=None)
def test_any_chinese_sentence_rewrapped_and_requoted_is_exact(sentence: str, width: int, marks: str) -> None:
    plain = "".join(sentence.split())
    wrapped = "\n".join(plain[at : at + width] for at in range(0, len(plain), width))
    assert _match(marks.format(wrapped), _CHINESE).exact


@given(st.sampled_from([(one, _ENGLISH) for one in _IN_ENGLISH] + [(one, _CHINESE) for one in _IN_CHINESE]), st.data())
@settings(deadline=None, max_examples=200)
def test_a_changed_letter_or_digit_is_never_exact(pair: tuple[str, str], data: st.DataObject) -> None:
    sentence, text = pair
    places = [at for at, character in enumerate(sentence) if character.isalnum()]
    at = data.draw(st.sampled_from(places))
    other = data.draw(
        st.sampled_from("0123456789" if sentence[at].isdigit() else string.ascii_lowercase + "的学不未可")
    )
    quote = sentence[:at] + other + sentence[at + 1 :]
    # Only the case of the first letter may change; and what also stands in the text is a quotation of it.
    assume(other.lower() != sentence[at].lower() and quote not in text)
    found = match_quotation(quote, text)
    assert found is None or not found.exact
    assert found is None or write_difference(found.pieces)


@given(st.sampled_from([(one, _ENGLISH) for one in _IN_ENGLISH] + [(one, _CHINESE) for one in _IN_CHINESE]), st.data())
@settings(deadline=None, max_examples=200)
def test_what_is_called_exact_has_the_words_of_its_span(pair: tuple[str, str], data: st.DataObject) -> None:
    sentence, text = pair
    first, end = sorted(data.draw(st.tuples(st.integers(0, len(sentence)), st.integers(0, len(sentence)))))
    quote = (
        sentence[:first]
        + data.draw(st.sampled_from(["", "…", " ", "\n", "not ", "不", "[", "]", "[x]", "”"]))
        + sentence[end:]
    )
    found = match_quotation(quote, text)
    if found is not None and found.exact:
        assert says_exactly(quote, [span.of(text) for span in found.spans])
        assert all(one.end <= other.start for one, other in pairwise(found.spans))
        assert all(piece.kind in (PieceKind.kept, PieceKind.passed) for piece in found.pieces)


_WORDS = st.text(alphabet=string.ascii_letters + string.digits + "学不校未éü", min_size=1, max_size=8)


@given(_WORDS, _WORDS)
def test_folding_makes_no_two_words_equal(one: str, other: str) -> None:
    assert (fold(one).tokens == fold(other).tokens) == (one == other)


@given(st.text(max_size=60))
def test_folding_any_text_keeps_its_places(text: str) -> None:
    folded = fold(text)
    assert len(folded.tokens) == len(folded.starts) == len(folded.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(folded.starts, folded.ends, strict=True))
    assert list(folded.starts) == sorted(folded.starts)


@given(st.text(max_size=60), st.text(max_size=80))
@settings(deadline=None)
def test_any_two_texts_can_be_matched(quote: str, text: str) -> None:
    found = match_quotation(quote, text)
    assert found is None or all(0 <= span.start < span.end <= len(text) for span in found.spans)


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("a" * 200_000, "a" * 200_000 + "b"),
        ("a " * 100_000, "a " * 99_000 + "b " + "a " * 1000),
        ("不" * 100_000, "不" * 99_000 + "未" + "不" * 300),
        ("… a " * 50_000, "a b " * 50_000),
        ("[" * 100_000, "x [" * 1000),
        ("“" * 100_000 + "a", "a b"),
        ("a b … c " * 30, "a b " * 50_000),
    ],
)
def test_hostile_quotations_end(quote: str, text: str) -> None:
    found = match_quotation(quote, text)
    assert found is None or found.spans


def test_a_long_notice_is_searched_whole() -> None:
    chance = random.Random(1)  # noqa: S311
    words = ["".join(chance.choices(string.ascii_lowercase, k=6)) for _ in range(30_000)]
    text = " ".join(words)
    quote = words[29_000:29_020]
    assert _match(" ".join(quote), text).exact
    found = _match(" ".join([*quote[:10], "not", *quote[10:]]), text)
    assert not found.exact
    assert [piece.text for piece in found.pieces if piece.kind is PieceKind.put_in] == ["not"]


@pytest.mark.parametrize(
    ("quote", "limit"), [("应当报告", "但不满三人的除外"), ("学校应当及时公开", ""), ("教师必须", "")]
)
def test_a_word_that_only_contains_a_limit_is_none(quote: str, limit: str) -> None:
    text = "学校应当报告，但不满三人的除外。学校应当及时公开，不但公开，而且说明。教师必须到校。"
    assert _match(quote, text).limited_by == limit
