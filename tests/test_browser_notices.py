"""The page Notices in a real Chromium: a file is sent, asked about, cited, removed, brought back and taken away."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from store.archive import Archive
from tests.browsing import MARKS, WAIT, ask, open_page, serve_app, settle
from tests.conftest import CORPUS, take_in

pytestmark = MARKS
_TEXT = "On canteens\n\nCanteens must serve blue radishes every Friday."


@pytest.fixture(scope="module")
def own_address(desk: Archive, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app over a desk that the test may change: two samples, in a folder that is ingested."""
    folder = tmp_path_factory.mktemp("changing")
    (folder / "in").mkdir()
    for name in ("2018-school-charters.md", "2019-class-size.docx"):
        shutil.copy(CORPUS / "samples" / name, folder / "in")
    archive = Archive(folder / "store", desk.embedder)
    take_in(archive, folder / "in")
    try:
        with serve_app(archive) as url:
            yield url
    finally:
        archive.close()


def test_upload_ask_remove_and_undo(browser: Browser, own_address: str) -> None:
    with open_page(browser, f"{own_address}/notices") as page:
        items = page.locator(".notices .item")
        expect(items).to_have_count(2, timeout=WAIT)
        page.get_by_text("Add notices").click()
        upload = FilePayload(name="canteens.txt", mimeType="text/plain", buffer=_TEXT.encode())
        page.locator("input[type=file]").set_input_files([upload])
        page.get_by_role("button", name="Add to the desk").click()
        expect(page.get_by_text("canteens.txt: Added.")).to_be_visible(timeout=WAIT)
        expect(items).to_have_count(3, timeout=WAIT)
        page.get_by_role("link", name="Ask", exact=True).click()
        ask(page, "What must canteens serve every Friday?")
        expect(page.locator(".answer .quote").first).to_contain_text("blue radishes", timeout=WAIT)
        page.get_by_role("link", name="Notices", exact=True).click()
        # By keyboard alone: tick, and what is ticked stays so while the list is narrowed.
        box = page.get_by_role("checkbox", name="Choose: On canteens")
        settle(page)
        box.focus(timeout=WAIT)
        page.keyboard.press("Space")
        page.get_by_role("button", name="Remove (1)").wait_for(timeout=WAIT)
        expect(box).to_be_checked()
        expect(box).to_be_focused()
        settle(page)
        page.get_by_label("Find a notice").fill("canteens")
        page.keyboard.press("Enter")
        expect(items).to_have_count(1, timeout=WAIT)
        expect(box).to_be_checked()
        page.get_by_role("button", name="Remove (1)").click()
        page.get_by_role("button", name="Remove", exact=True).click(timeout=WAIT)
        expect(page.get_by_text("No notice fits")).to_be_visible(timeout=WAIT)
        page.get_by_role("button", name="Undo").click(timeout=WAIT)
        expect(page.get_by_text("On canteens: Restored.")).to_be_visible(timeout=WAIT)
        expect(items).to_have_count(1, timeout=WAIT)
        items.get_by_role("button", name="On canteens").click()
        expect(page.get_by_role("dialog")).to_contain_text("blue radishes every Friday", timeout=WAIT)
        with page.expect_download() as download:
            page.get_by_role("button", name="Download the file").click()
        assert download.value.path().read_bytes() == _TEXT.encode()
