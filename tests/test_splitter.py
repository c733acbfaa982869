"""ingest.splitter: passages are spans, cover the notice, and stay under the limit."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.readers.reading import make_canonical
from ingest.sentences import parse_sentences
from ingest.splitter import split_notice
from store.tokens import count_tokens

_WORDS = st.lists(
    st.sampled_from(
        ["school", "must", "教育", "学校应当", "report.", "。", "\n", "\n\n", "\t", "3,600", "𠀀𡃁", "first, "]
    ),
    max_size=400,
).map(lambda words: make_canonical(" ".join(words)))


@settings(max_examples=60, deadline=None)
@given(st.one_of(_WORDS, st.text(max_size=300).map(make_canonical)))
def test_passages_are_spans_that_cover_the_notice(text: str) -> None:
    passages = split_notice("n", text, parse_sentences(text))
    position = 0
    for ordinal, passage in enumerate(passages):
        assert passage.ordinal == ordinal
        assert text[passage.span.start : passage.span.end] == passage.text
        assert passage.span.start >= position
        assert not text[position : passage.span.start].strip()
        assert count_tokens(passage.text) <= 250
        position = passage.span.end
    assert not text[position:].strip()


def test_a_sentence_over_the_limit_is_cut_between_words() -> None:
    text = "Schools must report " + "the name, " * 400 + "at once."
    passages = split_notice("n", text, parse_sentences(text))
    assert len(passages) > 3
    assert " ".join(passage.text for passage in passages) == text


def test_a_run_without_a_break_is_cut_and_no_character_is_lost() -> None:
    text = "教" * 3000
    passages = split_notice("n", text, parse_sentences(text))
    assert "".join(passage.text for passage in passages) == text


def test_a_heading_goes_with_what_follows_it() -> None:
    text = "Scope\n\nThis notice applies to every school of the province.\n\n" + "It is long. " * 60
    assert split_notice("n", text, parse_sentences(text))[0].text.startswith("Scope\n\nThis notice")
