"""ingest.readers.meta and what the readers of pages, front matter and Office files hand up of a notice."""

from __future__ import annotations

import io

import docx

from ingest.metadata import describe
from ingest.readers import read_file
from tests.conftest import LIMITS


def _read(name: str, content: str | bytes) -> dict[str, str]:
    return dict(read_file(name, content.encode() if isinstance(content, str) else content, LIMITS).properties)


def test_a_page_says_what_it_is_by_the_conventions_of_sites() -> None:
    page = """<html><head><title>供餐办法_云岚省人民政府网</title><meta name="PubDate" content="2021-03-09 10:00">
    <meta name="ContentSource" content="云岚省教育厅"><meta name="Author" content="李四">
    <meta name="ColumnName" content="文件">
    </head><body><div><p>供餐办法</p><p>学校应当供餐，每天一餐，不得少于三个品种。</p></div></body></html>"""
    said = _read("a.html", page)
    assert said["published_on"] == "2021-03-09 10:00"
    assert (said["site"], said["author"]) == ("云岚省教育厅", "李四")
    assert describe("a.html", "id", read_file("a.html", page.encode(), LIMITS), {})[0].title == "供餐办法"


def test_the_most_exact_name_counts_and_an_empty_one_does_not() -> None:
    page = """<html><head><meta name="author" content="Jane"><meta name="dcterms.creator" content="Ministry of Meals">
    <meta name="DC.publisher" content=" "><meta property="article:published_time" content="2021-03-05T10:00:00Z">
    <meta property="og:site_name" content="GOV.UK"></head><body><main>
    <h1>Meals</h1><p>Serve them.</p></main></body></html>"""
    said = _read("a.html", page)
    assert said == {
        "title": "Meals",
        "author": "Ministry of Meals",
        "site": "GOV.UK",
        "published_on": "2021-03-05T10:00:00Z",
    }


def test_a_title_in_the_head_of_a_page_must_be_borne_out() -> None:
    page = "<html><head><meta property='og:title' content='Cheap loans'></head><body><p>Serve meals.</p></body></html>"
    assert "title" not in _read("a.html", page)


def test_front_matter_by_the_names_that_it_is_given() -> None:
    head = "type: policy\ncode: EFA\nTitle: Meals\ndate-adoption:\n"
    head += "date-second-reading: 2014-11-18\nauthor: Jane\nEffective_Date: 2015-01-01"
    said = _read("a.md", f"---\n{head}\n---\nServe meals.")
    assert said == {
        "title": "Meals",
        "author": "Jane",
        "number": "Policy EFA",
        "issued_on": "2014-11-18",
        "in_force_on": "2015-01-01",
    }


def test_a_heading_far_down_is_no_title() -> None:
    paragraphs = "\n\n".join(f"Paragraph {number} says something." for number in range(9))
    assert "title" not in _read("a.md", f"{paragraphs}\n\n## Who may apply\n\nAll.")


def test_the_author_of_an_office_file() -> None:
    document, word = docx.Document(), io.BytesIO()
    document.add_paragraph("Serve meals.")
    document.core_properties.author = "Ministry of Meals"
    document.save(word)
    assert _read("a.docx", word.getvalue())["author"] == "Ministry of Meals"
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length 44>>stream\nBT /F 12 Tf 72 700 Td (Serve warm meals.) Tj ET\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Author(Ministry of Meals)>>",
    ]
    body = b"".join(b"%d 0 obj%s endobj\n" % (place, part) for place, part in enumerate(parts, start=1))
    pdf = b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R/Info 6 0 R>>\n%%EOF"
    assert _read("a.pdf", pdf)["author"] == "Ministry of Meals"
