"""What the head of an HTML page says of it: Dublin Core, Open Graph, what GOV.UK and Chinese government sites add."""

from __future__ import annotations

from lxml import etree

from ingest.readers.reading import fold_spaces

# The names of <meta>, without their letters' case, the most exact first.
_NAMES = {
    "title": ("articletitle", "dcterms.title", "dc.title", "citation_title", "og:title"),
    "author": (
        "govuk:primary-publishing-organisation", "dcterms.publisher", "dc.publisher", "citation_publisher",
        "dcterms.creator", "dc.creator", "article:author", "author",
    ),
    "site": ("contentsource", "source", "og:site_name", "sitename", "application-name"),
    "issued_on": ("dcterms.issued", "dc.date.issued", "citation_publication_date"),
    "published_on": (
        "article:published_time", "govuk:first-published-at", "govuk:public-updated-at", "pubdate", "publishdate",
        "publish_date", "datepublished", "dcterms.date", "dc.date", "date",
    ),
}  # fmt: skip
_LONGEST = 300


def read_meta(tree: etree._Element) -> dict[str, str]:
    """The properties that a page's <meta> elements give, unchecked; those that they leave empty are left out.

    `author` is who wrote or published it, `site` whose site it is on or whence it was taken,
    `published_on` when it was put there, which may be long after its issue.
    """
    given: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = (element.get("name") or element.get("property") or element.get("itemprop") or "").lower()
        value = fold_spaces(element.get("content") or "")
        if value and len(value) <= _LONGEST:
            given.setdefault(name.strip(), value)
    said = {name: next((given[key] for key in keys if key in given), "") for name, keys in _NAMES.items()}
    return {name: value for name, value in said.items() if value}
