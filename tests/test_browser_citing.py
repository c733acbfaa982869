"""Taking citations away from the page: copied in the user's style, exported, checked in a draft, opened years later."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from store.archive import Archive
from store.catalogue import name_notice
from tests.browsing import MARKS, PLAIN_HOST, WAIT, ask, assert_marked_in_view, choose, serve_app
from tests.conftest import make_entry

pytestmark = MARKS

_QUESTION = "Who presided over the Sichuan meeting?"
_PASTE_AREA = """() => {
  const area = document.createElement("div");
  area.id = "pasted";
  area.contentEditable = "true";
  document.body.prepend(area);
  area.focus();
}"""


def _paste(page: Page) -> Locator:
    """What the clipboard holds, pasted as a word processor would."""
    page.evaluate(_PASTE_AREA)
    page.keyboard.press("Control+V")
    return page.locator("#pasted")


def _copy(page: Page, name: str) -> None:
    button = page.locator(".answer").get_by_role("button", name=name).first
    button.click()
    expect(page.locator(".answer").get_by_role("button", name="Copied")).to_be_visible(timeout=WAIT)


def test_an_answer_is_copied_with_its_form_on_loopback(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, _QUESTION)
    assert page.evaluate("window.isSecureContext")
    _copy(page, "Copy answer with citations")
    kinds = page.evaluate("navigator.clipboard.read().then((items) => items.flatMap((item) => item.types))")
    assert {"text/plain", "text/html"} <= set(kinds)
    plain = page.evaluate("navigator.clipboard.readText()")
    assert "Zhong Junmin presided over the meeting. [1]" in plain
    assert "Record of the 2023 Sichuan" in plain
    expect(_paste(page)).to_contain_text("Zhong Junmin presided over the meeting.")


@pytest.fixture(scope="module")
def open_address(desk: Archive) -> Iterator[str]:
    """A desk that may be asked for by another name than this machine's."""
    with serve_app(desk, POLICY_DESK_OPEN_WITHOUT_SIGN_IN="true") as url:
        yield url


def test_copying_on_plain_http(browser: Browser, open_address: str) -> None:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(open_address.replace("127.0.0.1", PLAIN_HOST))
    ask(page, _QUESTION)
    assert page.evaluate("[window.isSecureContext, typeof navigator.clipboard]") == [False, "undefined"]
    choose(page, "Citation style", "APA 7")
    expect(page.locator(".answer[data-style=apa]")).to_be_visible(timeout=WAIT)
    _copy(page, "Copy answer with citations")
    pasted = _paste(page)
    expect(pasted).to_contain_text("Zhong Junmin presided over the meeting. [1]")
    assert pasted.locator("i").count() >= 1, "the title in italics was lost"
    expect(page.locator(".answer").get_by_role("button", name="Copied")).to_have_count(0, timeout=WAIT)
    page.evaluate("document.getElementById('pasted').remove()")
    _copy(page, "Copy citation")
    expect(_paste(page)).to_contain_text("“Zhong Junmin presided over the meeting.” (")
    context.close()


def test_the_style_is_remembered_by_the_browser(browser: Browser, address: str) -> None:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(address)
    expect(page.get_by_role("combobox", name="Citation style")).to_be_visible(timeout=WAIT)
    choose(page, "Citation style", "GB/T 7714-2015")
    page.wait_for_function("() => localStorage.getItem('policy-desk-style') === 'gbt7714'", timeout=WAIT)
    page.close()
    page = context.new_page()
    page.goto(f"{address}/check")
    expect(page.get_by_role("combobox", name="Citation style")).to_have_value("GB/T 7714-2015", timeout=WAIT)
    page.get_by_role("link", name="Ask").click()
    expect(page.get_by_role("combobox", name="Citation style")).to_have_value("GB/T 7714-2015", timeout=WAIT)
    ask(page, _QUESTION)
    _copy(page, "Copy citation")
    expect(_paste(page)).to_contain_text("[A")
    context.close()


def test_an_answer_is_exported_as_word_and_with_its_originals(page: Page, tmp_path: Path) -> None:
    ask(page, _QUESTION)
    page.get_by_role("button", name="Export").last.click()
    for name, ending in (("Word", ".docx"), ("The cited notices", ".zip")):
        with page.expect_download(timeout=WAIT) as started:
            page.get_by_role("button", name=name).click()
        assert started.value.suggested_filename.endswith(ending)
        started.value.save_as(tmp_path / f"export{ending}")
    written = docx.Document(str(tmp_path / "export.docx"))
    assert any("Zhong Junmin presided over the meeting." in paragraph.text for paragraph in written.paragraphs)
    with zipfile.ZipFile(tmp_path / "export.docx") as package:
        assert b"Record of the 2023 Sichuan" in package.read("word/footnotes.xml")
    with zipfile.ZipFile(io.BytesIO((tmp_path / "export.zip").read_bytes())) as originals:
        assert {"README.txt", "citations.txt"} <= set(originals.namelist())
        assert len(originals.namelist()) == 3


def test_a_draft_is_checked_and_its_source_opens(page: Page, address: str) -> None:
    page.goto(f"{address}/check")
    draft = page.get_by_label("Your draft")
    draft.fill(
        "It says: “Every school in Yunlan Province must review its charter in 2022 and complete the review by "
        "31 November 2022.” It also says: “A school that still has no approved charter must adopt one within the "
        "same time limit.” And: “Every pupil is given a <b>horse</b> on the first of May.”"
    )
    page.get_by_role("button", name="Check", exact=True).click()
    items = page.locator(".checked .item")
    expect(items).to_have_count(3, timeout=WAIT)
    expect(page.get_by_role("heading", name="3 statements checked")).to_have_text(
        "3 statements checked: 1 exact, 1 altered, 1 not found"
    )
    expect(items.nth(0).locator("del")).to_have_text("31")
    expect(items.nth(0).locator("ins")).to_have_text("30")
    expect(items.nth(1).locator(".head")).to_contain_text("Exact")
    expect(items.nth(2).locator(".said")).to_contain_text("<b>horse</b>")
    expect(items.nth(2).get_by_role("button")).to_have_count(0)
    items.nth(1).get_by_role("button", name="Open").click()
    assert_marked_in_view(
        page, "A school that still has no approved charter must adopt one within the same time limit."
    )


def test_a_draft_in_word_is_checked(page: Page, address: str, tmp_path: Path) -> None:
    draft = docx.Document()
    draft.add_paragraph("The record says: “Zhong Junmin presided over the meeting.”")
    draft.save(str(tmp_path / "draft.docx"))
    page.goto(f"{address}/check")
    expect(page.get_by_label("Your draft")).to_be_visible(timeout=WAIT)
    page.locator("input[type=file]").set_input_files(tmp_path / "draft.docx")
    expect(page.get_by_text("draft.docx")).to_be_visible(timeout=WAIT)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator(".checked .item .head")).to_contain_text("Exact", timeout=WAIT)


def test_a_link_to_words_that_have_changed_since_shows_both(page: Page, address: str, desk: Archive) -> None:
    old = "Notice on gardens.\n\nEach school garden must be watered twice a day from 1 May."
    new = old.replace("twice", "three times")
    entries = [make_entry(text, title="Gardens", path="gardens.txt") for text in (old, new)]
    ids = [name_notice(text) for text in (old, new)]
    desk.add(entries[:1], desk.embed(entries[:1]), [])
    desk.add(entries[1:], desk.embed(entries[1:]), [], {ids[0]: ids[1]})
    desk.remove(ids[0])
    start = old.index("Each")
    try:
        page.goto(f"{address}/?notice={ids[0]}&at={start}-{len(old)}")
        expect(page.get_by_text("The source has changed since this citation was made.")).to_be_visible(timeout=WAIT)
        marks = page.locator(".viewer mark")
        expect(marks).to_have_count(2, timeout=WAIT)
        expect(marks.nth(0)).to_have_text("Each school garden must be watered twice a day from 1 May.")
        expect(marks.nth(1)).to_contain_text("three times a day")
        expect(page.locator(".viewer .difference del")).to_have_text("twice")
        expect(page.locator(".viewer .difference ins")).to_have_text("three times")
    finally:
        desk.remove(ids[1])
        for notice_id in ids:
            desk.catalogue.erase(notice_id)
