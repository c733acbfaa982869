"""Sign-in with a real provider of identities on the loopback, in a real Chromium: who sees what, and nobody what."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from oidc_provider_mock import User, run_server_in_thread
from playwright.sync_api import Browser, Page, expect

from store.archive import Archive
from store.audit import Action, record_event
from store.records import Records
from store.runs import Failure, Run, keep_run
from tests.browsing import MARKS, PLAIN_HOST, WAIT, ask, assert_marked_in_view, serve_app

pytestmark = MARKS

_PEOPLE = {
    "reader": {"email": "rui@school.example", "name": "Rui *Reader*"},
    "editor": {"email": "ed@office.example", "name": "Ed Editor"},
    "admin": {"email": "", "name": "Ada Admin", "groups": ["desk admins"]},
    "stranger": {"email": "ada@elsewhere.example", "name": "Sam Stranger"},
    "unverified": {"email": "rui@school.example", "email_verified": False, "name": "Uma Unverified"},
}
_SECRETS = """
[auth]
redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
cookie_secret = "a secret that is long enough for a test"
client_id = "desk"
client_secret = "a client's secret"
server_metadata_url = "{provider}/.well-known/openid-configuration"
"""


@pytest.fixture(scope="module")
def closed(desk: Archive, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a desk with sign-in, on which a run has failed."""
    records = Records(desk.folder)
    failure = Failure("broken.pdf", "it is damaged", "Save a fresh copy.")
    keep_run(records, Action.ingest, Run("2026-11-23T10:00:00+00:00", "command line", 1, 0, 0, 0, (failure,)))
    record_event(records, "command line", Action.ingest, "the folder of a test", "1 added, 1 failed")
    users = [User(sub=name, claims=claims) for name, claims in _PEOPLE.items()]
    secrets = tmp_path_factory.mktemp("secrets") / "secrets.toml"
    with run_server_in_thread(user_claims=users) as server:
        secrets.write_text(_SECRETS.format(provider=f"http://localhost:{server.server_port}"), encoding="utf-8")
        with serve_app(
            desk,
            STREAMLIT_SECRETS_FILES=str(secrets),
            POLICY_DESK_READERS="rui@school.example",
            POLICY_DESK_EDITORS="@office.example",
            POLICY_DESK_ADMINS="group:desk admins",
        ) as url:
            yield url
    records.close()


@contextmanager
def _open(browser: Browser, address: str) -> Iterator[Page]:
    """A page of a browser in which nobody has signed in."""
    context = browser.new_context(viewport={"width": 1200, "height": 900}, locale="en-GB")
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


def _sign_in(page: Page, name: str) -> None:
    page.get_by_role("button", name="Sign in").click(timeout=WAIT)
    page.get_by_role("button", name=name, exact=True).first.click(timeout=WAIT)
    expect(page.get_by_role("button", name="Sign out")).to_be_visible(timeout=WAIT)


def test_nobody_sees_anything_before_they_have_signed_in(browser: Browser, closed: str, desk: Archive) -> None:
    notice_id = desk.catalogue.cards()[0].notice_id
    for path in ("/", "/required", "/check", "/notices", "/status", f"/?notice={notice_id}"):
        with _open(browser, closed + path) as page:
            expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=WAIT)
            said = page.locator("body").inner_text()
            assert not [card.title for card in desk.catalogue.cards() if card.title in said]
            assert "2018" not in said
            assert page.get_by_test_id("stSidebarNavLink").count() == 0
            assert page.get_by_test_id("stChatInput").count() == 0


def test_a_reader_asks_and_sees_neither_failures_nor_the_trail(browser: Browser, closed: str) -> None:
    with _open(browser, closed) as page:
        _sign_in(page, "reader")
        # The name is text, whatever is in it.
        expect(page.get_by_text("Rui *Reader* · may ask")).to_be_visible(timeout=WAIT)
        ask(page, "Who presided over the Sichuan meeting?")
        assert "Zhong Junmin" in page.locator(".answer .quote").first.inner_text()
        page.get_by_role("link", name="Settings and status").click()
        expect(page.get_by_text("1 file could not be read")).to_be_visible(timeout=WAIT)
        expect(page.get_by_text("broken.pdf")).to_have_count(0)
        expect(page.get_by_text("Trail of changes")).to_have_count(0)


def test_a_reader_adds_no_notice_where_an_editor_does(browser: Browser, closed: str) -> None:
    for name, boxes in (("reader", 0), ("editor", 1)):
        with _open(browser, f"{closed}/notices") as page:
            _sign_in(page, name)
            page.get_by_role("link", name="Notices", exact=True).click(timeout=WAIT)
            expect(page.get_by_role("heading", name="29 of 29 notices")).to_be_visible(timeout=WAIT)
            expect(page.get_by_text("Only an editor")).to_have_count(1 - boxes, timeout=WAIT)
            expect(page.locator("input[type=file]")).to_have_count(boxes, timeout=WAIT)


def test_an_editor_sees_failures_but_not_the_trail_and_an_admin_both(browser: Browser, closed: str) -> None:
    for name, trails in (("editor", 0), ("admin", 1)):
        with _open(browser, f"{closed}/status") as page:
            _sign_in(page, name)
            expect(page.get_by_text("Save a fresh copy.")).to_be_visible(timeout=WAIT)
            expect(page.get_by_text("Free disk space")).to_be_visible(timeout=WAIT)
            expect(page.get_by_role("heading", name="Trail of changes")).to_have_count(trails, timeout=WAIT)
            expect(page.get_by_text("the folder of a test")).to_have_count(trails, timeout=WAIT)


def test_a_link_to_a_source_is_opened_after_the_sign_in(browser: Browser, closed: str, desk: Archive) -> None:
    card = next(card for card in desk.catalogue.cards() if card.path.endswith("preschool-regulations-zh.pdf"))
    span = desk.catalogue.sentences(card.notice_id)[-4].span
    with _open(browser, f"{closed}/?notice={card.notice_id}&at={span.start}-{span.end}") as page:
        _sign_in(page, "reader")
        assert_marked_in_view(page, desk.catalogue.quote(card.notice_id, span))


@pytest.mark.parametrize("name", ["stranger", "unverified"])
def test_who_is_not_named_is_told_so_and_sees_nothing(browser: Browser, closed: str, name: str) -> None:
    with _open(browser, closed) as page:
        _sign_in(page, name)
        expect(page.get_by_text("you are not among those who may use this desk")).to_be_visible(timeout=WAIT)
        assert page.get_by_test_id("stChatInput").count() == 0


def test_signing_out_shuts_the_desk(browser: Browser, closed: str) -> None:
    with _open(browser, closed) as page:
        _sign_in(page, "editor")
        page.get_by_role("button", name="Sign out").click()
        # It leads through the provider, which ends its own session too.
        page.wait_for_url(lambda url: not url.startswith(closed), timeout=WAIT)
        page.goto(closed)
        expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=WAIT)
        expect(page.get_by_test_id("stChatInput")).to_have_count(0)


def test_a_foreign_host_is_refused_where_nobody_signs_in(browser: Browser, address: str) -> None:
    with _open(browser, address.replace("127.0.0.1", PLAIN_HOST)) as page:
        expect(page.get_by_text("This desk is shut")).to_be_visible(timeout=WAIT)
        expect(page.get_by_text("本咨询台已关闭")).to_be_visible(timeout=WAIT)
        assert page.get_by_test_id("stChatInput").count() == 0
