"""Answers as the desk gives them, for what is exported."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from cite.export import Exchange
from core.types import (
    Answer,
    AnswerSentence,
    Caveat,
    CaveatKind,
    Citation,
    NoticeCard,
    Pinpoint,
    Searched,
    SentenceKind,
    Span,
    Status,
)

SAID, POINT, ROW, HEADING = SentenceKind.sentence, SentenceKind.point, SentenceKind.row, SentenceKind.heading
OLD = NoticeCard("old", "old.md", "Notice on school meals", "Bureau", "No. 7 [2019]", "2019-03-01", 2019)
NEW = NoticeCard("new", "new.md", "Notice on free meals", "Bureau", "No. 9 [2022]", "2022-03-01", 2022)
CHINESE = NoticeCard(
    "zh", "zh.md", "关于做好供餐工作的通知", "某市教育局", "青教〔2022〕18号", "2022-04-11", 2022, "zh"
)
_SEARCHED = Searched(29, (2018, 2019, 2022))


def make_answer(*quotes: tuple[NoticeCard, str, SentenceKind], language: str = "en") -> Answer:
    """An answer of these quotes, labelled in their order."""
    citations = tuple(
        Citation(place, card, Span(place * 100, place * 100 + len(text)), text, Pinpoint("", place, 2))
        for place, (card, text, _) in enumerate(quotes, 1)
    )
    sentences = tuple(AnswerSentence(text, (place,), kind) for place, (_, text, kind) in enumerate(quotes, 1))
    return Answer("Asked", language, Status.answered, _SEARCHED, sentences, citations)


def make_english() -> list[Exchange]:
    """A conversation: quotes of two notices, one repealed by the other; a refusal; a drafted sentence."""
    answer = make_answer(
        (OLD, "Each school serves a warm meal.", SAID),
        (OLD, "• name the person in charge;", POINT),
        (OLD, "• keep samples for 48 hours", POINT),
        (NEW, "Grade\tAllowance", ROW),
        (NEW, "1–3\t800", ROW),
        (NEW, "No. 7 [2019] is repealed.", SAID),
    )
    answer = replace(answer, caveats=(Caveat(CaveatKind.superseded, (1, 2, 3), 6),))
    refusal = Answer("And who pays?", "en", Status.no_evidence, _SEARCHED)
    drafted = replace(
        answer,
        sentences=(AnswerSentence("Meals are warm and free.", (1, 2), quoted=False),),
        citations=(answer.citations[0], replace(answer.citations[5], label=2)),
        caveats=(),
        model="ollama:small",
    )
    return [
        Exchange("What about meals?", answer, frozenset({4})),
        Exchange("And who pays?", refusal),
        Exchange("In short?", drafted),
    ]


def make_chinese() -> list[Exchange]:
    """One Chinese answer: a sentence with quotation marks, two numbered points, a table."""
    answer = make_answer(
        (CHINESE, "学校应当公布“食谱”。", SAID),
        (CHINESE, "（一）每道菜留样四十八小时；", POINT),
        (CHINESE, "（二）明确责任人。", POINT),
        (CHINESE, "年级\t补助标准", ROW),
        (CHINESE, "一至三年级\t800元", ROW),
        language="zh",
    )
    return [Exchange("学校供餐有哪些要求？", answer, frozenset({4}))]


# What files dislike: controls, turns of the writing direction, marks of XML and Markdown, and plain words.
_MARKS = (
    *("]]>", "<b>", "&amp;", "\u202e", "\u200f", "\x00", "\x0b", "\ufffe", "\t", "\n\n", "|", "# x", "1. x", "- x"),
    *("![a](b)", "[a](http://b.c)", "<http://b.c>", "http://b.c", "www.b.c", "`x`", "***", "---", "[^1]: x", "\\"),
    *("[1]", "> x", "    x", "=", "===", "~~~", "$x$", "a@b.c", "'x'", '"x"', "(x)", "年", "。", "_x_", "😀"),
)
_UGLY = st.one_of(st.text(max_size=12), st.sampled_from(_MARKS))
ugly_texts = st.lists(_UGLY, min_size=1, max_size=5).map(lambda parts: "a" + " ".join(parts))
any_texts = st.lists(_UGLY, min_size=1, max_size=5).map("".join)


@st.composite
def exchanges(draw: st.DrawFn) -> list[Exchange]:
    """Conversations whose notices, sentences and questions hold anything."""
    cards = [replace(card, title=draw(any_texts), issuer=draw(any_texts)) for card in (OLD, CHINESE)]
    kinds = st.sampled_from(list(SentenceKind))
    made = []
    for _ in range(draw(st.integers(1, 2))):
        quotes = draw(st.lists(st.tuples(st.sampled_from(cards), any_texts, kinds), max_size=5))
        answer = make_answer(*quotes, language=draw(st.sampled_from(["en", "zh"])))
        is_drafted: bool = draw(st.booleans())
        if answer.sentences and is_drafted:
            words: str = draw(ugly_texts)
            last = AnswerSentence(words, tuple(c.label for c in answer.citations[:2]), quoted=False)
            caveat = Caveat(draw(st.sampled_from(list(CaveatKind))), (1,), 1, (draw(any_texts), "read"))
            answer = replace(answer, sentences=(*answer.sentences, last), caveats=(caveat,))
        made.append(Exchange(draw(any_texts), answer, frozenset({draw(st.integers(1, 3))})))
    return made
