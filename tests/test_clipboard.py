"""cite.clipboard: an answer to paste, as HTML and as plain text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from assistant import wording
from cite.export import Exchange, write_answer_bare, write_answer_rich
from cite.styles import PROSE
from cite.telling import tell
from tests.exchanges import exchanges, make_chinese, make_english


def test_plain_text() -> None:
    first, refusal, drafted = (write_answer_bare(exchange, "plain", wording) for exchange in make_english())
    assert first.splitlines()[1:6] == [
        "Each school serves a warm meal. [1]",
        "What is quoted in [1], [2], [3] was repealed or replaced by a later notice: see [6].",
        "• name the person in charge; [2]",
        "• keep samples for 48 hours [3]",
        "Notice on free meals (Bureau, No. 9 [2022], 2022-03-01)",
    ]
    assert "\nGrade\tAllowance [4]\n1–3\t800 [5]\n" in first
    assert "\n\nSources\n[1] Notice on school meals. Bureau, No. 7 [2019], 1 March 2019, para. 1, p. 2.\n[2] " in first
    assert refusal.startswith("The notices do not say. 29 notices were searched") and "Sources" not in refusal
    assert "Meals are warm and free. [1][2]" in drafted
    assert "p. 2. “Each school serves a warm meal.”\n" in drafted


def test_html() -> None:
    written = write_answer_rich(make_chinese()[0], "plain", wording)
    assert written.startswith('<div lang="zh-CN"><p>学校应当公布“食谱”。 [1]</p>\n<ul><li>（一）每道菜留样')
    assert "<tr><th>年级</th><th>补助标准 [4]</th></tr><tr><td>一至三年级</td><td>800元 [5]</td></tr>" in written
    assert "<p><b>出处</b></p>\n<p>[1] 《关于做好供餐工作的通知》，某市教育局" in written


@given(exchanges(), st.sampled_from([*PROSE, "bibtex"]))
def test_html_holds_the_words_and_no_markup_of_a_notice(made: list[Exchange], style: str) -> None:
    element = html.fragment_fromstring(write_answer_rich(made[0], style, wording))
    tags = {str(child.tag) for child in element.iter()}
    assert tags <= {"div", "p", "b", "i", "small", "ul", "li", "table", "tbody", "tr", "th", "td"}
    chapter = tell(made[:1], wording, each_use=False).chapters[0]
    shown = "".join(element.itertext())
    bare = write_answer_bare(made[0], "plain", wording)
    for line in (line for block in chapter.blocks for line in block.lines):
        assert all(text in shown and text in bare for text in line.cells or (line.text,))
