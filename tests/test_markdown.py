"""cite.markdown: a conversation as Markdown, in which nothing of a notice becomes markup."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant import wording
from cite.export import Exchange, write_markdown
from cite.legible import fold_line
from cite.markdown import escape
from cite.styles import PROSE
from cite.telling import tell
from tests.exchanges import any_texts, exchanges, make_chinese, make_english

_ADDRESS = "http://desk.example:8501"


def _parse(text: str) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(text)


def _inner(tokens: list[Token]) -> list[Token]:
    return [child for token in tokens if token.type == "inline" for child in token.children or []]


def _words(token: Token) -> str:
    return "".join(child.content for child in token.children or [])


def test_a_conversation() -> None:
    written = write_markdown(make_english(), "plain", said=wording, title="Meals", address=_ADDRESS)
    assert written.startswith("# Meals\n\nExported on ")
    assert "\n- name the person in charge;[^2]\n- keep samples for 48 hours[^3]\n" in written
    assert "| Grade | Allowance[^4] |\n| --- | --- |\n| 1–3 | 800 [^5] |\n" in written
    assert "> What is quoted in note 1, note 2, note 3 was repealed or replaced by a later" in written
    assert " notice: see note 6.\n" in written
    assert "\n\nMeals are warm and free.[^1] [^6]\n" in written
    assert (
        "\n[^1]: Notice on school meals. Bureau, No. 7 \\[2019\\], 1 March 2019, para. 1, p. 2. “Each school serves a "
        f"warm meal.” [Source text](<{_ADDRESS}/?notice=old&at=100-131>)\n"
    ) in written
    assert written.count("\n- Notice on school meals. Bureau") == 1


def test_a_chinese_conversation_needs_no_bullets_before_numbers_and_has_no_link_without_an_address() -> None:
    written = write_markdown(make_chinese(), "plain", said=wording, title="供餐")
    assert "\n\n（一）每道菜留样四十八小时；[^2]\n\n（二）明确责任人。[^3]\n" in written
    assert "\n## 参考文献\n" in written
    assert not [token for token in _inner(_parse(written)) if token.type == "link_open"]


def test_a_table_without_a_head_has_an_empty_one() -> None:
    exchange = make_chinese()[0]
    written = write_markdown([Exchange("", exchange.answer)], "plain", said=wording, title="")
    assert "|  |  |\n| --- | --- |\n| 年级 |" in written


@pytest.mark.parametrize(
    "text",
    [
        "1. x",
        "1) x",
        "- x",
        "+ x",
        "# x",
        "C #",
        "=",
        "---",
        ": x",
        '"x"',
        "'x'",
        "(x)",
        "12345. x",
        "1986. A great year",
    ],
)
def test_words_at_the_beginning_of_a_line_stay_words(text: str) -> None:
    [opening, inline, closing] = _parse(escape(text))
    assert (opening.type, _words(inline), closing.type) == ("paragraph_open", text, "paragraph_close")


@given(any_texts)
def test_any_text_stays_what_it_is(text: str) -> None:
    parsed = _parse(escape(text))
    assert [_words(token) for token in parsed if token.type == "inline"] == (
        [fold_line(text)] if fold_line(text) else []
    )
    assert {child.type for child in _inner(parsed)} <= {"text", "text_special"}


@given(exchanges(), st.sampled_from(["", _ADDRESS]), st.sampled_from([*PROSE, "bibtex"]))
def test_no_link_picture_or_html_comes_out_of_a_notice(made: list[Exchange], address: str, style: str) -> None:
    parsed = _parse(write_markdown(made, style, said=wording, title="x", address=address))
    inner = _inner(parsed)
    assert {token.type for token in inner} <= {
        "text",
        "text_special",
        "strong_open",
        "strong_close",
        "em_open",
        "em_close",
    } | ({"link_open", "link_close"} if address else set())
    targets = [str(token.attrs["href"]) for token in inner if token.type == "link_open"]
    assert all(target.startswith(f"{_ADDRESS}/?notice=") for target in targets)
    told = tell(made, wording, each_use=False)
    assert len(targets) == (len(told.notes) if address else 0)
    assert not {token.type for token in parsed} & {"html_block", "code_block", "fence", "hr", "ordered_list_open"}
    # Every sentence is there, whole and in order, and nothing else bears the mark of a note at its end.
    shown = [re.sub(r"( ?\[\^\d+\])+$", "", _words(t)) for t in parsed if t.type == "inline" and t.level <= 8]
    texts = [cell for c in told.chapters for b in c.blocks for line in b.lines for cell in line.cells or (line.text,)]
    at = iter(shown)
    assert all(any(text == found for found in at) for text in texts if text)
