"""The desk by keyboard alone, in a real Chromium: asked, opened, closed, chosen, with the focus always to be seen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browsing import MARKS, WAIT, settle
from tests.walking import Look, open_as

pytestmark = MARKS

# The element that has the focus, within the components too.
_FOCUSED = """() => {
  let one = document.activeElement;
  while (one.shadowRoot && one.shadowRoot.activeElement) one = one.shadowRoot.activeElement;
  return one;
}"""
_MOST_TABS = 80


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """The desk, light and dark."""
    with open_as(browser, Look("en-GB", request.param, 1280), address) as opened:
        yield opened


def _tab_to(page: Page, target: Locator, key: str = "Tab") -> None:
    """Press the key until this element has the focus, as often as a person might."""
    for _ in range(_MOST_TABS):
        page.keyboard.press(key)
        if target.evaluate(f"(element) => element === ({_FOCUSED})()"):
            return
    pytest.fail(f"{target} is not reached by {_MOST_TABS} times {key}")


def _assert_ring(target: Locator) -> None:
    """The focus is drawn: a line around the element, or around that which holds its words."""
    style, width = target.evaluate(
        "(element) => { const style = getComputedStyle(element); return [style.outlineStyle, style.outlineWidth]; }"
    )
    assert (style, width) == ("solid", "2px")


def test_ask_open_a_source_and_come_back(page: Page) -> None:
    box = page.get_by_test_id("stChatInputTextArea")
    expect(box).to_be_enabled(timeout=WAIT)
    settle(page)
    _tab_to(page, box)
    page.keyboard.type("What are the class size limits by stage?")
    page.keyboard.press("Enter")
    label = page.locator(".answer button.label").first
    expect(label).to_be_visible(timeout=WAIT)
    settle(page)
    _tab_to(page, label, "Shift+Tab")
    _assert_ring(label)
    page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog")
    expect(drawer.locator(".viewer mark")).to_be_visible(timeout=WAIT)
    settle(page)
    assert drawer.evaluate("(drawer) => drawer.contains(document.activeElement)")
    text = drawer.locator(".viewer .text")
    _tab_to(page, text)
    _assert_ring(text)
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0, timeout=WAIT)
    expect(label).to_be_focused(timeout=WAIT)
    _assert_ring(label)


def test_choose_and_open_a_notice(page: Page, address: str) -> None:
    page.goto(f"{address}/notices")
    box, notice = page.locator(".notices .choose").first, page.locator(".notices .open").first
    expect(box).to_be_visible(timeout=WAIT)
    settle(page)
    _tab_to(page, box)
    _assert_ring(box)
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Remove (1)")).to_be_visible(timeout=WAIT)
    settle(page)
    _tab_to(page, notice)
    _assert_ring(notice)
    page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog")
    expect(drawer.locator(".viewer .text")).to_be_visible(timeout=WAIT)
    settle(page)
    assert drawer.evaluate("(drawer) => drawer.contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0, timeout=WAIT)
    expect(notice).to_be_focused(timeout=WAIT)


def test_open_the_source_of_a_requirement(page: Page, address: str) -> None:
    page.goto(f"{address}/required")
    source = page.locator(".required .open").first
    expect(source).to_be_visible(timeout=WAIT)
    settle(page)
    _tab_to(page, source)
    _assert_ring(source)
    page.keyboard.press("Enter")
    expect(page.locator(".viewer mark")).to_be_visible(timeout=WAIT)
    settle(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=WAIT)
    expect(source).to_be_focused(timeout=WAIT)
