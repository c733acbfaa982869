"""The language of the pages in a real Chromium: chosen, kept by the browser, told to those who read the page aloud."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.browsing import MARKS, WAIT, choose

pytestmark = MARKS


def _choose(page: Page, name: str) -> None:
    choose(page.get_by_test_id("stSidebar"), "Language · 语言", name)


def test_a_language_is_chosen_and_kept_by_the_browser(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 1200, "height": 900}, locale="en-GB")
    page = context.new_page()
    page.goto(f"{address}/check")
    expect(page.get_by_role("heading", name="Check my draft")).to_be_visible(timeout=WAIT)
    assert page.evaluate("document.documentElement.lang") == "en"
    _choose(page, "中文")
    expect(page.get_by_role("heading", name="核对我的文稿")).to_be_visible(timeout=WAIT)
    expect(page.locator("html[lang=zh-CN]")).to_have_count(1, timeout=WAIT)
    # On another page, and in another window of this browser, from the first moment.
    page.get_by_role("link", name="设置与状态").click()
    expect(page.get_by_role("heading", name="设置与状态")).to_be_visible(timeout=WAIT)
    other = context.new_page()
    shown: list[str] = []
    # The browser's driver marks what it is given: it must be a function of Python.
    other.expose_function("seen", lambda title: shown.append(title))  # noqa: PLW0108
    other.add_init_script(
        "new MutationObserver(() => document.querySelectorAll('h1').forEach(h => seen(h.innerText)))"
        ".observe(document, { childList: true, subtree: true, characterData: true });"
    )
    other.goto(f"{address}/check")
    expect(other.get_by_role("heading", name="核对我的文稿")).to_be_visible(timeout=WAIT)
    assert "Check my draft" not in shown
    # The browser's own language is had back, and the cookie goes.
    _choose(other, "随浏览器")
    expect(other.get_by_role("heading", name="Check my draft")).to_be_visible(timeout=WAIT)
    expect(other.locator("html[lang=en]")).to_have_count(1, timeout=WAIT)
    assert [cookie for cookie in context.cookies() if cookie.get("name") == "policy-desk-language"] == []
    context.close()


def test_a_chinese_browser_reads_chinese(browser: Browser, address: str) -> None:
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(f"{address}/status")
    expect(page.get_by_role("heading", name="设置与状态")).to_be_visible(timeout=WAIT)
    expect(page.locator("html[lang=zh-CN]")).to_have_count(1, timeout=WAIT)
    context.close()
