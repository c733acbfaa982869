"""Every page in a real Chromium, held against WCAG 2.1 A and AA by axe-core, which a package brings along."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from store.archive import Archive
from tests.browsing import MARKS, PLAIN_HOST, serve_app, settle
from tests.walking import LOOKS, Look, list_overflow, open_as, walk

pytestmark = MARKS

_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}


@pytest.fixture(scope="module")
def source(desk: Archive) -> str:
    """The address of a citation's source, below that of the desk."""
    card = next(card for card in desk.catalogue.cards() if card.path.endswith("preschool-regulations-zh.pdf"))
    span = desk.catalogue.sentences(card.notice_id)[-4].span
    return f"/?notice={card.notice_id}&at={span.start}-{span.end}"


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_page_is_accessible_fits_the_window_and_asks_nobody_else(
    browser: Browser, address: str, source: str, look: Look
) -> None:
    faults: list[str] = []
    requests: list[str] = []
    states = []
    with open_as(browser, look, address, requests) as page:
        for state in walk(page, look, address, source):
            states.append(state)
            faults += [f"{state}: {fault}" for fault in (*_find_violations(page), *list_overflow(page))]
    assert faults == []
    assert {"ask", "answer", "refusal", "drawer", "talks", "required", "compared", "check", "notices"} < set(states)
    assert {"figures", "notice", "status", "source", "door"} < set(states)
    _assert_all_to_the_desk(requests)


def test_the_door_with_sign_in_is_accessible(browser: Browser, desk: Archive, tmp_path: Path) -> None:
    # Nobody signs in here: the provider is never asked.
    secrets = tmp_path / "secrets.toml"
    secrets.write_text(
        '[auth]\nredirect_uri = "http://127.0.0.1/oauth2callback"\ncookie_secret = "a secret long enough for a test"\n'
        'client_id = "desk"\nclient_secret = "s"\nserver_metadata_url = "http://127.0.0.1:9/none"\n',
        encoding="utf-8",
    )
    with serve_app(desk, STREAMLIT_SECRETS_FILES=str(secrets)) as url:
        for look in LOOKS:
            with open_as(browser, look, url) as page:
                page.get_by_role("button", name=look.words["sign_in"]).wait_for()
                settle(page)
                assert [*_find_violations(page), *list_overflow(page)] == []


def _find_violations(page: Page) -> Iterator[str]:
    """What axe finds: the rule, the element, what is wrong with it."""
    for violation in Axe().run(page, options=_RULES).response["violations"]:
        for node in violation["nodes"]:
            told = "; ".join(check["message"] for check in (*node["any"], *node["all"], *node["none"]))
            yield f"{violation['id']} {node['target'][-1]} {told}"


def _assert_all_to_the_desk(requests: list[str]) -> None:
    """Not one request, nor a socket, to another host; the desk bears two names here."""
    hosts = {re.split("[/:]+", url)[1] for url in requests if not url.startswith(("data:", "blob:"))}
    assert hosts == {"127.0.0.1", PLAIN_HOST}
