"""What the browser tests share: the app served, Chromium started, a question asked, a mark seen."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from scripts.find_browser import find_browser
from store.archive import Archive
from tests.conftest import ROOT

MARKS = [
    pytest.mark.browser,
    pytest.mark.model,
    pytest.mark.skipif(find_browser() is None, reason="no Chromium was found on this machine"),
]
# A name under which the desk is reached over plain http: for a browser only loopback itself is as safe as https.
PLAIN_HOST = "desk.example"
_FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
WAIT = 60_000


@contextmanager
def serve_app(desk: Archive, **settings: str) -> Iterator[str]:
    """The address of the app, served from the desk of the session, with these variables set."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    process = subprocess.Popen(
        [*command, "--server.port", str(port)],
        cwd=ROOT,
        env=os.environ | {"POLICY_DESK_STORE": str(desk.folder)} | settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):  # noqa: S310
                break
        except OSError:
            time.sleep(0.2)
    try:
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)


@contextmanager
def launch() -> Iterator[Browser]:
    """Debian's Chromium, headless; it finds the desk at PLAIN_HOST too."""
    # A busy machine draws a page late; what never comes is still missed.
    expect.set_options(timeout=WAIT)
    flags = [*_FLAGS, f"--host-resolver-rules=MAP {PLAIN_HOST} 127.0.0.1"]
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=find_browser(), args=flags)
        yield launched
        launched.close()


@contextmanager
def open_page(browser: Browser, address: str) -> Iterator[Page]:
    """A page at the desk; afterwards, no request has left the machine and no script has failed."""
    context = browser.new_context(viewport={"width": 1200, "height": 900}, locale="en-GB")
    context.set_default_timeout(WAIT)
    opened = context.new_page()
    asked: list[str] = []
    faults: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.goto(address)
    yield opened
    assert {re.split("[/:]+", url)[1] for url in asked if not url.startswith(("data:", "blob:"))} == {"127.0.0.1"}
    assert faults == []
    context.close()


def ask(page: Page, question: str) -> None:
    box = page.get_by_test_id("stChatInputTextArea")
    expect(box).to_be_enabled(timeout=WAIT)
    # The place of an answer is there, empty, before the answer is.
    drawn = page.locator(".answer:not(:empty)")
    before = drawn.count()
    box.fill(question)
    box.press("Enter")
    expect(drawn).to_have_count(before + 1, timeout=WAIT)


def choose(within: Page | Locator, name: str, option: str) -> None:
    """Choose from a list by its label. A list closes when anything slides, so that is over first."""
    box = within.get_by_role("combobox", name=name)
    box.scroll_into_view_if_needed(timeout=WAIT)
    settle(box.page)
    box.click(timeout=WAIT)
    box.page.get_by_role("option", name=option).click(timeout=WAIT)


def settle(page: Page) -> None:
    """Wait until the script has run, nothing slides or fades, and nothing is drawn any more."""
    page.wait_for_function(_HAS_SETTLED, timeout=WAIT)


# Streamlit greys out what is of an earlier run; a bar or a drawer slides in.
_HAS_SETTLED = """() => new Promise((resolve) => {
  const runs = () => !document.querySelector('[data-test-script-state="notRunning"]')
    || document.querySelector('[data-testid="stSkeleton"]')
    || document.getAnimations().some((one) => one.playState === "running" && one.effect.getTiming().iterations === 1);
  const look = () => document.body.innerText.length;
  const first = look();
  setTimeout(() => resolve(!runs() && look() === first), 400);
})"""


def assert_marked_in_view(page: Page, quote: str) -> None:
    mark = page.locator(".viewer mark")
    expect(mark).to_be_visible(timeout=WAIT)
    assert mark.inner_text().split() == quote.split()
    expect(mark).to_be_in_viewport(ratio=0.9)
    frame, box = page.locator(".viewer .text").bounding_box(), mark.bounding_box()
    assert frame
    assert box
    assert frame["y"] <= box["y"]
    assert box["y"] + box["height"] <= frame["y"] + frame["height"]
