"""The page Ask in a real Chromium: citations one after the other, the page of a PDF, filters, a draft stopped."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from store.archive import Archive
from tests.browsing import MARKS, WAIT, ask, assert_marked_in_view, choose, serve_app
from tests.endpoint import serve

pytestmark = MARKS

_ALLOWANCE = "How much is the school transport allowance for boarding pupils?"


def test_the_drawer_goes_from_citation_to_citation_by_keyboard(page: Page) -> None:
    ask(page, _ALLOWANCE)
    quotes = page.locator(".answer .quote").all_inner_texts()
    count = len(quotes)
    assert count > 2
    page.locator(".answer button.label").and_(page.get_by_text("[1]", exact=True)).first.click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text(f"1 of {count}")).to_be_visible(timeout=WAIT)
    following = drawer.get_by_role("button", name="Next")
    following.focus()
    page.keyboard.press("Enter")
    expect(drawer.get_by_text(f"2 of {count}")).to_be_visible(timeout=WAIT)
    expect(page.locator(".viewer mark")).to_contain_text(quotes[1][-30:], timeout=WAIT)
    assert_marked_in_view(page, page.locator(".viewer mark").inner_text())
    expect(following).to_be_focused()
    drawer.get_by_role("button", name="Previous").click()
    expect(drawer.get_by_text(f"1 of {count}")).to_be_visible(timeout=WAIT)
    drawer.get_by_role("button", name="Previous").click()
    expect(drawer.get_by_text(f"{count} of {count}")).to_be_visible(timeout=WAIT)
    expect(drawer.get_by_text("Notice on Raising the School Transport Allowance").first).to_be_visible(timeout=WAIT)


def test_the_page_of_a_pdf_is_shown_with_its_words_marked(page: Page) -> None:
    ask(page, _ALLOWANCE)
    page.locator(".answer button.label").and_(page.get_by_text("[1]", exact=True)).first.click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_text("Show the page of the PDF").click(timeout=WAIT)
    image = drawer.get_by_role("img", name="Page 1 of the PDF “Notice on a School Transport Allowance")
    expect(image).to_be_visible(timeout=WAIT)
    expect(drawer.get_by_text("the words cited are marked")).to_be_visible(timeout=WAIT)
    page.wait_for_function("element => element.naturalWidth > 600", arg=image.element_handle(), timeout=WAIT)


def test_filters_outlive_a_visit_to_another_page_and_end_with_one_click(page: Page) -> None:
    choose(page, "Years to search", "2019")
    told = page.get_by_text("Only 3 of 29 notices are searched:")
    expect(told).to_be_visible(timeout=WAIT)
    # While its list is open, nothing else can be reached.
    page.keyboard.press("Tab")
    page.get_by_role("link", name="Check my draft").click(timeout=WAIT)
    expect(page.get_by_role("heading", name="Check my draft")).to_be_visible(timeout=WAIT)
    page.get_by_role("link", name="Ask", exact=True).click()
    expect(told).to_be_visible(timeout=WAIT)
    page.get_by_role("button", name="2019 ✕").click()
    expect(told).to_have_count(0, timeout=WAIT)


def test_a_draft_that_is_stopped_keeps_what_was_proved_and_says_that_it_is_not_whole(
    desk: Archive, browser: Browser
) -> None:
    first, second = "Teachers must not let an AI tool decide a mark.", "Teachers must not enter the name of a pupil."
    with serve() as endpoint:
        endpoint.reply = lambda _: f"{first} [1]\n{second} [1]\n" + "Nothing more is said. " * 3
        # The first sentence is out, the second is not.
        endpoint.pause = len(f"{first} [1]\n") // 7 + 2
        settings = {"POLICY_DESK_CHAT_MODEL": "openai:scripted", "POLICY_DESK_CHAT_URL": endpoint.url}
        with serve_app(desk, **settings) as url:
            page = browser.new_context(locale="en-GB").new_page()
            page.goto(url)
            box = page.get_by_test_id("stChatInputTextArea")
            expect(box).to_be_enabled(timeout=WAIT)
            box.fill("What must teachers not do with AI tools?")
            box.press("Enter")
            message = page.get_by_test_id("stChatMessage").last
            expect(message.locator("p", has_text=first)).to_be_visible(timeout=WAIT)
            message.get_by_role("button", name="Stop").click()
            status = page.locator(".answer .status")
            expect(status).to_have_text(
                "Stopped: this answer is not whole. What is shown was proved before.", timeout=WAIT
            )
            assert not endpoint.released.is_set()
            expect(page.locator(".answer .sentence")).to_have_count(1)
            expect(page.locator(".answer .quote")).to_have_text(first)
            expect(page.get_by_role("button", name="Stop")).to_have_count(0, timeout=WAIT)
            page.locator(".answer button.label").first.click()
            expect(page.locator(".viewer mark")).to_contain_text("mark", timeout=WAIT)
            page.context.close()
