"""The desk under attack in a real Chromium: by pages elsewhere, by hostile files, by links made for a click."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from store.archive import Archive
from tests.browsing import MARKS, WAIT, open_page, serve_app

pytestmark = MARKS
_TITLE = (
    "<img src=http://elsewhere.example/a.png onerror=alert(1)> ![x](http://elsewhere.example/b.png) "
    "[click](javascript:alert(1)) :red[boo] $x^2$ :material/home: \u202eevil"
)
_NAME = "![x](http://elsewhere.example/c.png) :red[boo] $x$ <b>.html"
_HTML = f"""<html><head><title>{_TITLE}</title><script>alert(1)</script></head><body>
<h1>On canteens</h1><svg onload="alert(1)"></svg><p>Canteens must serve blue radishes every Friday.</p>
<p>![x](http://elsewhere.example/d.png) :red[boo] canteens must show $y^2$, &lt;script&gt;alert(1)&lt;/script&gt;.</p>
</body></html>"""
_LINKS = (
    "/?notice=javascript:alert(1)&at=0-1",
    f"/?notice={quote('<img src=x onerror=alert(1)>')}",
    f"/?notice={'a' * 8000}&at={'9' * 5000}",
    "/?talk=../../records&talk=x",
    f"/?talk={'%00' * 9}",
    "/required?from=99999999&to=-1&strength=x&bound=%00%ED%A0%80",
    f"/required?from=²³²³&to=٢٠٢٣&bound={'[x](javascript:alert(1))' * 200}",
    "/check?notice=x",
    "/notices?notice=x",
    "/status?language=x",
)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def own_address(desk: Archive, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app over an empty desk that the test may change."""
    archive = Archive(tmp_path_factory.mktemp("attacked") / "store", desk.embedder)
    try:
        with serve_app(archive) as url:
            yield url
    finally:
        archive.close()


def _is_quiet(page: Page) -> None:
    """No page failed, and nothing in it is an image or a link from what was sent."""
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert page.locator("[src*='elsewhere'], [href*='elsewhere'], [href^='javascript'], .katex").count() == 0


def test_a_page_elsewhere_does_not_frame_the_desk(browser: Browser, address: str, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(f'<iframe src="{address}"></iframe>', encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    context = browser.new_context()
    page = context.new_page()
    refused = []
    page.on("console", lambda message: refused.append(message.text) if "frame-ancestors" in message.text else None)
    page.goto(f"http://127.0.0.1:{server.server_port}/")
    page.wait_for_load_state("load")
    expect(page.frame_locator("iframe").get_by_test_id("stApp")).to_have_count(0)
    page.wait_for_function("true")
    assert refused
    context.close()
    server.shutdown()


def test_a_script_in_the_page_loads_nothing_from_elsewhere(browser: Browser, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    expect(page.get_by_test_id("stChatInputTextArea")).to_be_enabled(timeout=WAIT)
    for load in ("new Image().src = url", "fetch(url).catch(() => 0)", "new WebSocket(url.replace('http', 'ws'))"):
        refused = page.evaluate(
            """() => new Promise(end => {
                document.addEventListener("securitypolicyviolation", (event) => end(event.blockedURI), { once: true });
                const url = "http://elsewhere.example/a";
                LOAD;
            })""".replace("LOAD", load)
        )
        assert "elsewhere.example" in refused
    context.close()


def test_a_hostile_file_is_shown_as_text_wherever_it_is_named(browser: Browser, own_address: str) -> None:
    with open_page(browser, f"{own_address}/notices") as page:
        page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
        page.get_by_text("Add notices").click(timeout=WAIT)
        upload = FilePayload(name=_NAME, mimeType="text/html", buffer=_HTML.encode())
        page.locator("input[type=file]").set_input_files([upload])
        page.get_by_role("button", name="Add to the desk").click(timeout=WAIT)
        expect(page.locator(".notices .item")).to_have_count(1, timeout=WAIT)
        _is_quiet(page)
        page.locator(".notices .item button.open").click()
        expect(page.get_by_role("dialog")).to_contain_text("blue radishes", timeout=WAIT)
        _is_quiet(page)
        page.keyboard.press("Escape")
        page.get_by_role("checkbox", name="Choose:").check(force=True)
        page.get_by_role("button", name="Remove (1)").click(timeout=WAIT)
        expect(page.get_by_role("dialog")).to_be_visible(timeout=WAIT)
        _is_quiet(page)
        page.get_by_role("button", name="Remove", exact=True).click()
        page.get_by_text("Recently removed").click(timeout=WAIT)
        _is_quiet(page)
        page.get_by_role("button", name="Undo").click(timeout=WAIT)
        expect(page.locator(".notices .item")).to_have_count(1, timeout=WAIT)
        for path in ("", "required", "status"):
            page.goto(f"{own_address}/{path}")
            expect(page.get_by_role("heading", level=1).first).to_be_visible(timeout=WAIT)
            expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=WAIT)
            _is_quiet(page)


@pytest.mark.parametrize("link", _LINKS)
def test_a_link_made_for_a_click_does_nothing(browser: Browser, address: str, link: str) -> None:
    with open_page(browser, address + link) as page:
        page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
        expect(page.get_by_test_id("stSidebarNavLink").first).to_be_visible(timeout=WAIT)
        expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=WAIT)
        _is_quiet(page)
