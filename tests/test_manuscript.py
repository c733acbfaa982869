"""assistant.manuscript: what a draft quotes and claims, and what it names."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.manuscript import (
    LONGEST_DRAFT,
    MOST_STATEMENTS,
    Statement,
    StatementKind,
    open_manuscript,
    read_draft,
    read_manuscript,
)
from assistant.references import ReferenceKind
from core.errors import UsageError

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _quotations(draft: str) -> list[str]:
    return [one.text for one in read_manuscript(draft).statements if one.kind is StatementKind.quotation]


def _claims(draft: str) -> list[str]:
    return [one.text for one in read_manuscript(draft).statements if one.kind is StatementKind.claim]


def _kinds(statement: Statement) -> set[ReferenceKind]:
    return {one.kind for one in statement.references}


@pytest.mark.parametrize(
    ("draft", "quoted"),
    [
        ("It says “schools must report” here.", ["schools must report"]),
        ('It says "schools must report" here.', ["schools must report"]),
        ("It says «schools must report» here.", ["schools must report"]),
        ("It says ‘the schools’ heads must report each year’ here.", ["the schools’ heads must report each year"]),
        ("The so-called “smart class” isn't new; it’s the schools’ own.", []),
        ("It’s said that schools’ heads don’t report.", []),
        ('A 5" pipe and a 6" pipe are used here.', []),
        ("“One rule. Another rule.” Then comes more.", ["One rule. Another rule."]),
        ("“Schools say ‘we must report it’ often.”", ["Schools say ‘we must report it’ often."]),
        ("It says “pupils follow this Admissions Policy” here.", ["pupils follow this Admissions Policy"]),
        ("It is in the “Notice on Class Size” of that year.", []),
        ("It says “Contact: Finance Division, Department”.", ["Contact: Finance Division, Department"]),
        ("An open “mark that never ends.\n\nAnother “that does end here”.", ["that does end here"]),
        ("“Schools must report.\n\n“They must do so yearly.”", ["Schools must report.", "They must do so yearly."]),
        (
            "It says “schools must report.\n\nThey must do so.\n\nAll of them.” So be it.",
            ["schools must report.", "They must do so.", "All of them."],
        ),
        ("通知要求“学校应当按时报告情况”。", ["学校应当按时报告情况"]),
        ("通知要求「学校应当按时『如实』报告」。", ["学校应当按时『如实』报告"]),
        ("落实“双减”政策，见《关于课后服务的通知》一文。", ["双减"]),
        ("继续落实“双减”政策。", []),
        ("Before it.\n\n> Schools must report\n> every year.\n\nBehind it.", ["Schools must report\nevery year."]),
        ("> “Schools must report.”\n> — Ministry of Education, 2022", ["Schools must report."]),
    ],
)
def test_what_is_quoted(draft: str, quoted: list[str]) -> None:
    assert _quotations(draft) == quoted


@pytest.mark.parametrize(
    "draft",
    [
        "Pupils may bring phones to school (Ministry of Education, 2022).",
        "Under Education Notice No. 7 [2019], classes have 45 pupils.",
        "According to the Notice on Class Size, classes have 45 pupils.",
        "The Notice on Class Size states that classes have 45 pupils.",
        "班额不超过45人（云教发〔2019〕20号）。",
        "《关于课后服务的通知》规定，每学期收费不超过180元。",
        "根据省教育厅关于课后服务的通知，每学期收费不超过180元。",
        "Classes have 45 pupils, see /?notice=0123456789abcdef&at=10-20 for it.",
    ],
)
def test_what_is_claimed(draft: str) -> None:
    assert _claims(draft) == [draft]


@pytest.mark.parametrize(
    "draft", ["Classes are small.", "《关于课后服务的通知》", "各校应当重视此项工作。", "See above [3]."]
)
def test_what_claims_nothing_of_a_notice(draft: str) -> None:
    assert _claims(draft) == []


def test_a_cited_quotation_has_its_references_and_is_no_claim_besides() -> None:
    draft = "According to No. 7 [2019], “classes have at most 45 pupils” (Ministry of Education, 2019)."
    statement = read_manuscript(draft).statements
    assert [one.kind for one in statement] == [StatementKind.quotation]
    assert {ReferenceKind.number, ReferenceKind.issued} <= _kinds(statement[0])
    assert statement[0].span.of(draft) == "classes have at most 45 pupils"


def test_of_two_quotations_each_has_the_citation_behind_it() -> None:
    draft = "It says “classes are quite small” (No. 7 [2019]) and “pupils must not be late” (No. 8 [2020])."
    first, second = read_manuscript(draft).statements
    assert [one.named for one in first.references if one.kind is ReferenceKind.number] == ["No. 7 [2019]"]
    assert [one.named for one in second.references if one.kind is ReferenceKind.number] == ["No. 8 [2020]"]


def test_a_reference_inside_the_quoted_words_is_the_source_s_own() -> None:
    statement = read_manuscript("It reads “this notice replaces No. 7 [2019] wholly”.").statements[0]
    assert ReferenceKind.number not in _kinds(statement)


def test_what_leads_in_to_a_block_quote_names_its_source() -> None:
    draft = "Education Notice No. 7 [2019] says:\n\n> Classes have at most 45 pupils.\n"
    statement = read_manuscript(draft).statements[-1]
    assert [one.named for one in statement.references if one.kind is ReferenceKind.number] == ["No. 7 [2019]"]


def test_notes_and_a_bibliography_are_tied_to_their_place() -> None:
    draft = (
        "Classes have at most 45 pupils.[1] “Pupils must not be late”[^a].\n\n"
        "[1] Ministry of Education, Notice on Class Size, No. 7 [2019].\n\n[^a]: Education Notice No. 8 [2020].\n"
    )
    claim, quotation = read_manuscript(draft).statements
    assert "No. 7 [2019]" in claim.references[0].named
    assert [one.named for one in quotation.references] == ["Education Notice No. 8 [2020]."]


def test_a_deep_link_names_a_place() -> None:
    statement = read_manuscript("Classes are small: /?notice=0123456789abcdef&at=10-20 says so.").statements[0]
    link = next(one for one in statement.references if one.kind is ReferenceKind.link)
    assert (link.notice_id, link.at and (link.at.start, link.at.end)) == ("0123456789abcdef", (10, 20))


def _word(body: str, notes: str = "", styles: str = "") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("word/document.xml", f"<w:document {_W}><w:body>{body}</w:body></w:document>")
        package.writestr("word/footnotes.xml", f"<w:footnotes {_W}>{notes}</w:footnotes>")
        package.writestr("word/styles.xml", f"<w:styles {_W}>{styles}</w:styles>")
    return stream.getvalue()


def test_word_gives_quotes_tables_boxes_and_notes() -> None:
    body = (
        "<w:p><w:r><w:t>Classes have 45 pupils.</w:t></w:r><w:r><w:footnoteReference w:id='2'/></w:r></w:p>"
        "<w:p><w:pPr><w:pStyle w:val='Q1'/></w:pPr><w:r><w:t>Pupils must not be late.</w:t></w:r></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>A “cell that is quoted”</w:t></w:r></w:p></w:tc>"
        "<w:tc><w:p><w:r><w:t>B</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
        "<w:p><w:r><w:t>Beside </w:t></w:r><w:del><w:r><w:delText>gone </w:delText></w:r></w:del><w:r><w:t>it.</w:t></w:r>"  # noqa: E501
        "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>A “box that is quoted”.</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>"  # noqa: E501
    )
    notes = (
        "<w:footnote w:type='separator' w:id='0'><w:p><w:r><w:t>-</w:t></w:r></w:p></w:footnote>"
        "<w:footnote w:id='2'><w:p><w:r><w:t>Education Notice No. 7 [2019].</w:t></w:r></w:p></w:footnote>"
    )
    style = "<w:style w:styleId='Q1'><w:name w:val='Intense Quote'/></w:style>"
    text = read_draft("a.docx", _word(body, notes, style))
    assert text == (
        "Classes have 45 pupils.[^2]\n\n> Pupils must not be late.\n\nA “cell that is quoted”\tB\n\nBeside it.\n\n"
        "A “box that is quoted”.\n\n[^2]: Education Notice No. 7 [2019]."
    )
    statements = read_manuscript(text).statements
    assert [one.text for one in statements if one.kind is StatementKind.quotation] == [
        "Pupils must not be late.",
        "cell that is quoted",
        "box that is quoted",
    ]
    assert _kinds(statements[0]) == {ReferenceKind.note}


def test_word_as_word_writes_it(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_paragraph("The notice says:")
    made.add_paragraph("Schools must report every year.", style="Quote")
    made.save(str(tmp_path / "draft.docx"))
    assert [one.text for one in open_manuscript(tmp_path / "draft.docx").statements] == [
        "Schools must report every year."
    ]


def test_word_that_does_harm_is_refused() -> None:
    entity = f'<!DOCTYPE w [<!ENTITY a "b">]><w:document {_W}><w:body/></w:document>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("word/document.xml", entity)
    for content in (stream.getvalue(), b"PK\x03\x04 broken", _word("<w:p>")[:200]):
        with pytest.raises(UsageError):
            read_draft("a.docx", content)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", " " * 60_000_000)
    with pytest.raises(UsageError, match="unpacks"):
        read_draft("a.docx", stream.getvalue())


def test_what_cannot_be_read_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="a draft is a file"):
        open_manuscript(tmp_path / "a.pdf")
    with pytest.raises(UsageError, match="cannot be read"):
        open_manuscript(tmp_path / "a.txt")
    title = "关于做好课后服务工作的通知。"
    assert read_draft("a.txt", title.encode("gb18030")) == title
    assert read_draft("a.txt", "通知".encode("utf-16")) == "通知"


def test_what_is_too_long_says_so() -> None:
    assert not read_manuscript("a" * LONGEST_DRAFT).statements
    with pytest.raises(UsageError, match="200,001"):
        read_manuscript("a" * (LONGEST_DRAFT + 1))
    with pytest.raises(UsageError, match="1,000"):
        read_manuscript("“one two three four” " * (MOST_STATEMENTS + 1))


_PIECES = [
    "“",
    "”",
    '"',
    "‘",
    "’",
    "「",
    "」",
    "> ",
    "\n",
    "\n\n",
    ". ",
    "。",
    "《",
    "》",
    "(A, 2022)",
    "[1]",
    "word ",
    "学",
    " ",
]


@given(st.lists(st.sampled_from(_PIECES), max_size=60).map("".join))
def test_statements_lie_in_the_draft_in_order(draft: str) -> None:
    manuscript = read_manuscript(draft)
    starts = [one.span.start for one in manuscript.statements]
    assert starts == sorted(starts)
    assert all(0 <= one.span.start < one.span.end <= len(manuscript.text) for one in manuscript.statements)
    assert all(one.text for one in manuscript.statements)


@pytest.mark.parametrize(
    "unit",
    [
        '"',
        "“",
        "”",
        "“”",
        "‘s’ a",
        "「『",
        "a",
        "(A ",
        "A-",
        "《",
        "[1]",
        "> ",
        ">\n",
        "The notice ",
        "根据",
        ". ",
        "No. 1 [2",
        "?notice=",
        "\n",
    ],
)
def test_hostile_drafts_end(unit: str) -> None:
    draft = (unit * LONGEST_DRAFT)[:LONGEST_DRAFT]
    assert len(read_manuscript(draft).statements) <= MOST_STATEMENTS
