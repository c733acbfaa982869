"""Conversations in a real Chromium: asked, reloaded by address, renamed, searched, deleted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from store.archive import Archive
from store.embedder import Embedder
from tests.browsing import MARKS, WAIT, ask, open_page, serve_app
from tests.conftest import take_in

pytestmark = MARKS


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[str]:
    """A desk of one notice, with no conversation yet."""
    folder = tmp_path_factory.mktemp("talks")
    (folder / "lockers.md").write_text("# Lockers\n\nA locker costs 20 yuan a term.\n", encoding="utf-8")
    archive = Archive(folder / "store", embedder)
    assert not take_in(archive, folder / "lockers.md").failed
    with serve_app(archive) as url:
        yield url
    archive.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with open_page(browser, address) as opened:
        yield opened


def test_ask_reload_rename_search_export_and_delete(page: Page, tmp_path: Path) -> None:
    ask(page, "What does a locker cost?")
    expect(page).to_have_url(re.compile(r"\?talk=[0-9a-f]{32}$"), timeout=WAIT)
    address, sidebar = page.url, page.get_by_test_id("stSidebar")
    page.reload()
    expect(page.locator(".answer .quote").first).to_contain_text("20 yuan", timeout=WAIT)

    menu = sidebar.get_by_role("button", name=re.compile("^Rename, export or delete"))
    menu.focus()
    page.keyboard.press("Enter")
    page.get_by_text("Rename", exact=True).last.click()
    page.get_by_label("Title").fill("Lockers in 2023")
    page.get_by_role("button", name="Save").click()
    expect(sidebar.get_by_role("button", name="Lockers in 2023", exact=True)).to_be_visible(timeout=WAIT)

    search = page.get_by_label("Search questions and answers")
    search.fill("zebra")
    search.press("Enter")
    expect(sidebar.get_by_text("No conversation has all these words.")).to_be_visible(timeout=WAIT)
    search.fill("20 YUAN")
    search.press("Enter")
    expect(sidebar.get_by_role("button", name="Lockers in 2023", exact=True)).to_be_visible(timeout=WAIT)

    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".answer:not(:empty)")).to_have_count(0, timeout=WAIT)
    expect(page).not_to_have_url(address)
    sidebar.get_by_role("button", name="Lockers in 2023", exact=True).click()
    expect(page).to_have_url(address, timeout=WAIT)
    expect(page.locator(".answer .quote").first).to_contain_text("20 yuan", timeout=WAIT)

    menu.click()
    page.get_by_text("Delete", exact=True).last.click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.locator(".answer:not(:empty)")).to_have_count(0, timeout=WAIT)
    expect(sidebar.get_by_text("What you ask is kept here")).to_be_visible(timeout=WAIT)
    page.goto(address)
    expect(page.get_by_text("There is no such conversation")).to_be_visible(timeout=WAIT)


def test_all_conversations_are_saved_as_one_archive_and_deleted(page: Page) -> None:
    sidebar = page.get_by_test_id("stSidebar")
    for question in ("What does a locker cost?", "Who won the football cup?"):
        ask(page, question)
        page.get_by_role("button", name="New conversation").click()
        expect(page.locator(".answer:not(:empty)")).to_have_count(0, timeout=WAIT)
    sidebar.get_by_role("button", name="Export all conversations").click()
    with page.expect_download(timeout=WAIT) as saved:
        page.get_by_role("dialog").get_by_role("button", name="All as Markdown").click()
    assert saved.value.suggested_filename.endswith("-conversations.zip")
    assert Path(saved.value.path()).read_bytes().count(b"conversations/") == 4
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    sidebar.get_by_role("button", name="Delete all conversations").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    expect(sidebar.get_by_text("What you ask is kept here")).to_be_visible(timeout=WAIT)
