"""ingest.relations: what a notice says of others, and of which."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.types import LinkKind, NoticeCard
from ingest.relations import find_relations
from ingest.sentences import parse_sentences

_CARD = NoticeCard("a", "a.txt", "Another notice")


def _said(text: str, title: str = _CARD.title) -> list[tuple[str, str]]:
    card = NoticeCard("a", "a.txt", title)
    return [(r.kind.value, r.named) for r in find_relations(card, text, parse_sentences(text))]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Health Circular No. 8 [2016] is rescinded.", [("repeals", "Health Circular No. 8 [2016]")]),
        ("This notice takes the place of Circular No. 8 [2016].", [("replaces", "Circular No. 8 [2016]")]),
        (
            "The Circular on Swimming Lessons (Health Circular No. 8 [2016]) is withdrawn.",
            [("repeals", "Circular on Swimming Lessons (Health Circular No. 8 [2016])")],
        ),
        ("“Circular on swimming lessons” ceases to apply.", [("repeals", "“Circular on swimming lessons”")]),
        ("‘Circular on swimming lessons’ is withdrawn.", [("repeals", "‘Circular on swimming lessons’")]),
        ("Supersedes: Circular No. 8 [2016]", [("replaces", "Circular No. 8 [2016]")]),
        ("Clause 2 of Circular No. 8 [2016] is repealed.", [("amends", "Circular No. 8 [2016]")]),
        ("The limits in Circular No. 8 [2016] are abolished.", [("amends", "Circular No. 8 [2016]")]),
        ("Circular No. 8 [2016] is amended as follows.", [("amends", "Circular No. 8 [2016]")]),
        ("This order amends Circular No. 8 [2016].", [("amends", "Circular No. 8 [2016]")]),
        ("Circular No. 8 [2016] is hereby forwarded to all schools.", [("forwards", "Circular No. 8 [2016]")]),
        ("A permit issued under Circular No. 8 [2016] is withdrawn.", []),
        ("Circular No. 8 [2016] applies until it is repealed.", []),
        ("Circular No. 8 [2016] may be repealed.", []),
        ("Schools report as Circular No. 8 [2016], as amended, says.", []),
        ("Schools forward the form in Circular No. 8 [2016].", []),
        (
            "The following circulars are repealed:\n\n1. Circular No. 8 [2016];\n2. Circular No. 9 [2017].",
            [("repeals", "Circular No. 8 [2016]"), ("repeals", "Circular No. 9 [2017]")],
        ),
    ],
)
def test_what_is_said_of_others(text: str, said: list[tuple[str, str]]) -> None:
    assert [(kind, named) for kind, named in _said(text) if "o." in named or "wim" in named] == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "原市教育局发布的《游泳课暂行规定》和《游泳池暂行规定(试行)》同时废止。",
            [("repeals", "《游泳课暂行规定》"), ("repeals", "《游泳池暂行规定(试行)》")],
        ),
        ("本办法代替《游泳课暂行规定》。", [("replaces", "《游泳课暂行规定》")]),
        ("现将《省教育厅关于游泳课的通知》（山教发〔2016〕8号）转发给你们。",
         [("forwards", "《省教育厅关于游泳课的通知》（山教发〔2016〕8号）")]),
        ("《游泳课实施方案》已经市政府同意，现印发给你们，请认真执行。", [("forwards", "《游泳课实施方案》")]),
        ("对《游泳课暂行规定》作如下修改：", [("amends", "《游泳课暂行规定》")]),
        ("将《游泳课暂行规定》第三条修改为：“每周一次。”", [("amends", "《游泳课暂行规定》")]),
        ("下列文件同时废止：\n\n1. 《游泳课暂行规定》；\n2. 《游泳池暂行规定》。",
         [("repeals", "《游泳课暂行规定》"), ("repeals", "《游泳池暂行规定》")]),
        ("根据教育部印发的《游泳课工作规程》，制定本办法。", []),
        ("根据2011年《国务院关于废止和修改部分行政法规的决定》修订", []),
        ("拟废止《游泳课暂行规定》。", []),
        ("依照《游泳课暂行规定》发放的许可证同时废止。", []),
    ],
)  # fmt: skip
def test_what_is_said_of_others_in_chinese(text: str, said: list[tuple[str, str]]) -> None:
    assert _said(text) == said


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("东沐市教育局转发省教育厅关于游泳课的通知", [("forwards", "省教育厅关于游泳课")]),
        ("关于修改《游泳课暂行规定》的决定", [("amends", "《游泳课暂行规定》")]),
        ("关于废止《游泳课暂行规定》的通知", [("repeals", "《游泳课暂行规定》")]),
        ("关于游泳课的通知", []),
    ],
)
def test_what_a_title_says(title: str, said: list[tuple[str, str]]) -> None:
    assert _said(f"{title}\n\n各学校：请认真执行。", title) == said


@given(st.text(alphabet="《》〔〕()2018 号令No.[]废止转发现将 isrepealdy云教发,，。\n", max_size=200))
def test_whatever_a_text_says_its_relations_lie_in_it(text: str) -> None:
    for relation in find_relations(_CARD, text, parse_sentences(text)):
        assert relation.named in text
        assert relation.named in relation.span.of(text)
        assert relation.terms
        assert relation.kind is not LinkKind.resembles
