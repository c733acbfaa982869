"""cite.bibtex, cite.ris, cite.csl: records that reference managers read back as they were meant."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
import rispy
from bibtexparser.entrypoint import parse_string as parse_again
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import parse_string
from pylatexenc.latex2text import LatexNodes2Text

from cite.bibtex import escape_latex, escape_url
from cite.entries import clean, read_entry
from cite.styles import write_bibliography, write_citation
from core.types import NoticeCard, Pinpoint
from tests.cards import CITED, cards, places, texts

_COMMAND = re.compile(r"\\text(backslash|braceleft|braceright|asciitilde|asciicircum)\{\}|\\([%&#$_])")
_NAMED = {"backslash": "\\", "braceleft": "{", "braceright": "}", "asciitilde": "~", "asciicircum": "^"}


def _unescape(latex: str) -> str:
    return _COMMAND.sub(lambda match: _NAMED.get(match[1] or "", match[2] or ""), latex)


def test_bibtex_of_a_notice() -> None:
    card, place = CITED["notice_en"]
    assert write_citation("bibtex", card, place, "100% of\nmeals") == (
        "@techreport{be2022-a1,\n"
        "    author = {{Bureau of Education}},\n"
        "    title = {{Warm Meals in Primary Schools}},\n"
        "    institution = {{Bureau of Education}},\n"
        "    type = {Notice},\n"
        "    number = {No. 7 [2022]},\n"
        "    year = {2022},\n"
        "    date = {2022-03-25},\n"
        "    url = {https://edu.example/7},\n"
        "    urldate = {2026-11-23},\n"
        "    langid = {english},\n"
        "    note = {para. 4, p. 2. “100\\% of meals”}\n"
        "}"
    )


def test_bibtex_of_a_law_of_two_bodies() -> None:
    card = replace(CITED["law_zh"][0], issuer="青湖市教育局、青湖市财政局", number="令第8号")
    record = parse_string(write_citation("bibtex", card, Pinpoint("第三条")), "bibtex").entries["notice2019-a4"]
    assert record.type == "misc"
    assert [person.last_names for person in record.persons["author"]] == [["{青湖市教育局}"], ["{青湖市财政局}"]]
    assert (record.fields["number"], record.fields["howpublished"]) == ("令第8号", "令第8号")
    assert record.fields["note"] == "第三条"
    assert "institution" not in record.fields


def test_ris_of_a_notice() -> None:
    card, place = CITED["notice_zh"]
    assert write_citation("ris", card, place, "应当供餐。") == (
        "TY  - GOVDOC\n"
        "ID  - notice2022-a2\n"
        "AU  - 青湖市教育局\n"
        "AU  - 青湖市财政局\n"
        "TI  - 青湖市教育局关于印发《学校供餐办法》的通知\n"
        "PB  - 青湖市教育局, 青湖市财政局\n"
        "PY  - 2022\n"
        "DA  - 2022/03/25/\n"
        "SN  - 青教〔2022〕18号\n"
        "SP  - 3\n"
        "UR  - https://edu.example/7\n"
        "Y2  - 2026/11/23/\n"
        "LA  - zh\n"
        "N1  - 第三条，第3页。“应当供餐。”\n"
        "ER  - "
    )


def test_csl_of_guidance() -> None:
    card, place = CITED["guidance_en"]
    assert json.loads(write_citation("csl-json", card, place, "Apply online.")) == [
        {
            "id": "dfms2024-a5",
            "type": "webpage",
            "title": "How do you apply for free meals?",
            "author": [{"literal": "Department for Families (Meals Service)"}],
            "issued": {"date-parts": [[2024]]},
            "accessed": {"date-parts": [[2026, 11, 23]]},
            "URL": "https://edu.example/7",
            "language": "en",
            "note": "para. 6. “Apply online.”",
        }
    ]


@pytest.mark.parametrize(
    ("name", "bibtex", "ris", "csl"),
    [
        ("notice_en", "techreport", "GOVDOC", "report"),
        ("law_en", "misc", "STAT", "legislation"),
        ("guidance_zh", "misc", "ELEC", "webpage"),
        ("meeting_zh", "techreport", "RPRT", "report"),
    ],
)
def test_the_type_of_each_kind(name: str, bibtex: str, ris: str, csl: str) -> None:
    card = CITED[name][0]
    assert write_citation("bibtex", card).startswith(f"@{bibtex}{{")
    assert write_citation("ris", card).startswith(f"TY  - {ris}\n")
    assert json.loads(write_citation("csl-json", card))[0]["type"] == csl


def test_a_page_is_in_every_record() -> None:
    card = CITED["law_en"][0]
    assert "p. 31" in write_citation("bibtex", card, Pinpoint(page=31))
    assert "SP  - 31\n" in write_citation("ris", card, Pinpoint(page=31))
    assert json.loads(write_citation("csl-json", card, Pinpoint(page=31)))[0]["page"] == "31"


def test_latex_says_what_was_written() -> None:
    nasty = r"100% of a\b_c #1 & $5 ~3"
    assert LatexNodes2Text().latex_to_text(escape_latex(nasty)) == nasty
    # These two it does not know, as LaTeX does.
    assert escape_latex("{a}^") == r"\textbraceleft{}a\textbraceright{}\textasciicircum{}"
    assert escape_url("https://x.example/a_b?c=%20{d}\\") == "https://x.example/a_b?c=%20%7Bd%7D%5C"


def test_a_bibliography_is_one_file() -> None:
    chosen = [card for card, _ in CITED.values()]
    chosen.append(chosen[0])
    assert len(parse_string(write_bibliography("bibtex", chosen), "bibtex").entries) == len(CITED)
    assert len(rispy.loads(write_bibliography("ris", chosen))) == len(CITED)
    assert len(json.loads(write_bibliography("csl-json", chosen))) == len(CITED)
    assert write_bibliography("ris", chosen).endswith("ER  - \n")
    assert write_bibliography("bibtex", []) == write_bibliography("ris", []) == ""
    assert json.loads(write_bibliography("csl-json", [])) == []


@given(cards, places, texts)
def test_bibtex_is_read_back_by_two_parsers(card: NoticeCard, place: Pinpoint, quote: str) -> None:
    entry, written = read_entry(card), write_citation("bibtex", card, place, quote)
    (first,) = parse_string(written, "bibtex").entries.values()
    library = parse_again(written)
    (second,) = library.entries
    assert not library.failed_blocks
    assert first.key == second.key == entry.key
    fields = {name: _unescape(value) for name, value in first.fields.items()}
    assert fields.get("title", "{}") == f"{{{entry.title}}}"
    assert fields.get("number", "") == entry.number
    authors = [" ".join(person.last_names) for person in first.persons.get("author", [])]
    assert tuple(_unescape(author[1:-1]) for author in authors) == entry.issuers
    assert clean(quote) in fields.get("note", "")
    assert {field.key: field.value for field in second.fields if field.key != "author"} == dict(first.fields)
    assert written.encode()


@given(cards, places, texts)
def test_ris_is_read_back(card: NoticeCard, place: Pinpoint, quote: str) -> None:
    entry = read_entry(card)
    (record,) = rispy.loads(write_citation("ris", card, place, quote) + "\n")
    assert record.get("title", "") == entry.title
    assert tuple(record.get("authors", [])) == entry.issuers
    assert record.get("issn", record.get("note", "")) == entry.number
    # rispy, not RIS, parts addresses at semicolons.
    assert ";".join(record.get("urls", [])) == entry.url
    assert clean(quote) in "".join(record.get("notes", []))
    assert record.get("start_page", "") == (str(place.page) if place.page else "")
    assert record["id"] == entry.key


@given(cards, places, texts)
def test_csl_is_read_back(card: NoticeCard, place: Pinpoint, quote: str) -> None:
    entry = read_entry(card)
    (item,) = json.loads(write_citation("csl-json", card, place, quote))
    assert item.get("title", "") == entry.title
    assert tuple(author["literal"] for author in item.get("author", [])) == entry.issuers
    assert item.get("number", "") == entry.number
    assert clean(quote) in item.get("note", "")


@given(st.sets(texts, min_size=2, max_size=5))
def test_each_notice_has_a_key_of_its_own(ids: set[str]) -> None:
    keys = {read_entry(NoticeCard(notice_id, "a.txt", "On Meals")).key for notice_id in ids}
    assert len(keys) == len(ids)
    assert all(re.fullmatch(r"[a-z0-9-]+", key) for key in keys)
