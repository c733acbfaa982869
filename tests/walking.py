"""A walk through every page of the desk and its main states, by what a person clicks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browsing import PLAIN_HOST, WAIT, ask, settle
from views.wording import read_words


@dataclass(frozen=True, slots=True)
class Look:
    """How a browser shows the desk: its language, whether light or dark, the width of its window in pixels."""

    locale: str
    scheme: str
    width: int

    @property
    def words(self) -> dict[str, str]:
        """The words of the pages in this language."""
        return read_words(self.locale)

    @property
    def is_narrow(self) -> bool:
        """Whether the menu lies over the page, and is shut until it is asked for."""
        return self.width < 768


LOOKS = [
    Look("en-GB", "light", 1280),
    Look("zh-CN", "light", 1280),
    Look("en-GB", "dark", 1280),
    Look("zh-CN", "dark", 390),
    Look("en-GB", "light", 390),
]
_QUESTIONS = {
    "en": ("What are the class size limits by stage?", "Who won the football cup of Antarctica?"),
    "zh": ("2023年全省教育督导工作会议由谁主持？", "南极洲足球赛的冠军是谁？"),
}
_DRAFT = "“Teachers must not let an AI tool decide a mark.” And: “Teachers must not let a parrot decide a mark.”"


@contextmanager
def open_as(browser: Browser, look: Look, address: str, requests: list[str] | None = None) -> Iterator[Page]:
    """A page as this look shows it; `requests` takes the address of each thing that it asks for."""
    size = {"width": look.width, "height": 844 if look.is_narrow else 1800}
    context = browser.new_context(viewport=size, locale=look.locale, color_scheme=look.scheme)  # type: ignore[arg-type]
    page = context.new_page()
    if requests is not None:
        page.on("request", lambda request: requests.append(request.url))
        page.on("websocket", lambda socket: requests.append(socket.url))
    page.goto(address)
    yield page
    context.close()


def walk(page: Page, look: Look, address: str, source: str) -> Iterator[str]:
    """Go through the desk; yields the name of each state while the page is in it, and at rest.

    `source` is the address of a citation's source, below that of the desk.
    """
    for part in (_walk_asking, _walk_required, _walk_check, _walk_notices):
        for name in part(page, look, address):
            settle(page)
            yield name
    for name, path, sign in (("status", "/status", "stAlert"), ("source", source, "stHeading")):
        page.goto(address + path)
        expect(page.get_by_test_id(sign).first).to_be_visible(timeout=WAIT)
        settle(page)
        yield name
    # Nobody signs in on this desk: to whom it is not theirs it is shut.
    page.goto(address.replace("127.0.0.1", PLAIN_HOST))
    expect(page.get_by_test_id("stAlert").first).to_be_visible(timeout=WAIT)
    settle(page)
    yield "door"


def _walk_asking(page: Page, look: Look, address: str) -> Iterator[str]:
    page.goto(address)
    expect(page.get_by_text(look.words["try"])).to_be_visible(timeout=WAIT)
    expect(page.locator('[class*="st-key-starter"]').first).to_be_visible(timeout=WAIT)
    yield "ask"
    if look.is_narrow:
        open_menu(page)
        yield "menu"
        page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    for name, question in zip(("answer", "refusal"), _QUESTIONS[look.locale[:2]], strict=True):
        ask(page, question)
        yield name
    page.locator(".answer button.label").first.click()
    expect(page.locator(".viewer mark")).to_be_visible(timeout=WAIT)
    yield "drawer"
    page.keyboard.press("Escape")
    expect(page.locator(".viewer")).to_have_count(0, timeout=WAIT)
    if look.is_narrow:
        open_menu(page)
    page.locator('[class*="st-key-talk-menu"] button').first.click()
    expect(page.get_by_text(look.words["rename_talk"], exact=True)).to_be_visible(timeout=WAIT)
    yield "talks"
    page.keyboard.press("Escape")
    if look.is_narrow:
        # A browser remembers that it is open.
        page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()


def _walk_required(page: Page, look: Look, address: str) -> Iterator[str]:
    page.goto(f"{address}/required")
    expect(page.locator(".required .item").first).to_be_visible(timeout=WAIT)
    page.get_by_role("button", name=look.words["strength_must"], exact=True).click()
    yield "required"
    page.get_by_role("tab", name=look.words["compare_tab"]).click()
    expect(page.get_by_label(look.words["about"])).to_be_visible(timeout=WAIT)
    yield "compared"


def _walk_check(page: Page, look: Look, address: str) -> Iterator[str]:
    page.goto(f"{address}/check")
    page.get_by_label(look.words["paste_draft"]).fill(_DRAFT, timeout=WAIT)
    page.get_by_role("button", name=look.words["check_now"], exact=True).click()
    expect(page.locator(".checked .item")).to_have_count(2, timeout=WAIT)
    yield "check"


def _walk_notices(page: Page, look: Look, address: str) -> Iterator[str]:
    page.goto(f"{address}/notices")
    notices = page.locator(".notices .open")
    expect(notices.first).to_be_visible(timeout=WAIT)
    page.get_by_text(look.words["add_notices"], exact=True).click()
    expect(page.get_by_test_id("stFileUploader")).to_be_visible(timeout=WAIT)
    page.locator(".notices .choose").first.check()
    expect(page.get_by_role("button", name=re.compile(r"[(（]1[)）]"))).to_have_count(2, timeout=WAIT)
    yield "notices"
    page.get_by_text(look.words["figures"], exact=True).click()
    expect(page.get_by_test_id("stVegaLiteChart").first).to_be_visible(timeout=WAIT)
    yield "figures"
    notices.first.click()
    expect(page.get_by_role("dialog").locator(".viewer .text")).to_be_visible(timeout=WAIT)
    yield "notice"


def open_menu(page: Page) -> Locator:
    """The menu at the side, which a narrow window keeps shut."""
    page.get_by_test_id("stExpandSidebarButton").click()
    expect(page.get_by_test_id("stSidebarCollapseButton")).to_be_visible(timeout=WAIT)
    return page.get_by_test_id("stSidebar")


def list_overflow(page: Page) -> list[str]:
    """What is wider than the window, or than the page, so that it must be scrolled sideways."""
    found: list[str] = page.evaluate(_LIST_OVERFLOW)
    return found


_LIST_OVERFLOW = """() => {
  const frames = [document.documentElement, ...document.querySelectorAll('[data-testid="stMain"], [role="dialog"]')];
  return frames.filter((one) => one.scrollWidth > one.clientWidth + 1)
    .map((one) => `${one.dataset.testid || one.tagName} is ${one.scrollWidth - one.clientWidth} pixels too wide`);
}"""
