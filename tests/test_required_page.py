"""views.required in the app: requirements of a year with their sources, and what changed between two."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from playwright.sync_api import Page, expect

from assistant.required import cite_required, count_by_year, list_topics, make_answer, search_obligations
from core.types import Status, Strength
from store.archive import Archive
from tests.browsing import MARKS, WAIT, ask, assert_marked_in_view, choose
from views.required import _write_table
from views.wording import read_words

pytestmark = MARKS


def test_what_is_listed_is_cited_in_the_words_of_its_notice(desk: Archive) -> None:
    required = search_obligations(desk, years=[2022])
    citations = cite_required(desk, required)
    assert [citation.label for citation in citations] == list(range(1, len(required) + 1))
    for one, citation in zip(required, citations, strict=True):
        assert citation.quote == one.quote == desk.catalogue.quote(one.card.notice_id, one.obligation.span)
    counts = count_by_year(required)
    assert list(counts) == [2022]
    assert sum(counts[2022].values()) == len(required)
    assert counts[2022][Strength.must] > 0
    assert list_topics(desk)


def test_as_an_answer_it_can_be_exported_and_nothing_found_is_no_evidence(desk: Archive) -> None:
    required = search_obligations(desk, years=[2022])[:3]
    answer = make_answer(desk, "What was required?", "en", required)
    assert answer.status is Status.answered
    assert [sentence.text for sentence in answer.sentences] == [one.quote for one in required]
    assert make_answer(desk, "What was required?", "en", []).status is Status.no_evidence


def test_the_table_has_a_row_for_each_with_its_citation(desk: Archive) -> None:
    required = search_obligations(desk, years=[2022])[:4]
    required = [replace(required[0], superseded_by=required[-1].card), *required[1:]]
    rows = list(
        csv.DictReader(io.StringIO(_write_table(desk, required, read_words("en"), "x", ".csv").decode("utf-8-sig")))
    )
    assert len(rows) == 4
    assert rows[0]["Superseded by"] == required[-1].card.title
    assert all(one.card.title in row["Citation"] for one, row in zip(required, rows, strict=True))


def test_requirements_open_their_source_and_filters_narrow_them(page: Page, address: str) -> None:
    page.goto(f"{address}/required")
    items = page.locator(".required .item")
    expect(items.first).to_be_visible(timeout=WAIT)
    quote = items.first.locator(".quote").inner_text()
    items.first.get_by_role("button", name="Open").click()
    assert_marked_in_view(page, quote)
    page.keyboard.press("Escape")
    expect(page.locator(".viewer")).to_have_count(0, timeout=WAIT)
    page.get_by_label("Who is bound").fill("nobody of this name")
    page.get_by_label("Who is bound").press("Enter")
    expect(page.get_by_text("29 notices were searched; no such requirement was found.")).to_be_visible(timeout=WAIT)


def test_two_years_are_compared_with_the_difference_marked(page: Page, address: str) -> None:
    page.goto(f"{address}/required")
    page.get_by_role("tab", name="Compare two years").click(timeout=WAIT)
    choose(page, "Earlier year", "2019")
    page.get_by_role("textbox", name="About").fill("bursary")
    page.get_by_role("textbox", name="About").press("Enter")
    changed = page.locator(".required .item.changed", has_text="4,800 yuan")
    expect(changed.first.locator("del").first).to_contain_text("3,600", timeout=WAIT)
    expect(changed.first.get_by_role("button", name="Open")).to_have_count(2)


def test_an_answer_leads_to_the_page_with_its_year_and_party_chosen(page: Page, address: str) -> None:
    ask(page, "What was required of schools in 2022?")
    page.get_by_test_id("stPageLink").get_by_role("link").click()
    expect(page.get_by_label("Who is bound")).to_have_value("schools", timeout=WAIT)
    expect(page.get_by_role("combobox", name="From year")).to_have_value("2022")
    expect(page.locator(".required .item").first).to_be_visible(timeout=WAIT)
    page.get_by_role("link", name="Ask").click()
    expect(page.locator(".answer:not(:empty)")).to_have_count(1, timeout=WAIT)
