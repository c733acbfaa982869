"""The page of Policy Desk: wires settings, store and views, and holds no rules.

Streamlit runs this file for each session; the server imports it, once, and finds `app`.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from streamlit.navigation.page import StreamlitPage

from core.access import Access, read_names
from core.errors import PolicyDeskError
from core.events import tell_failure
from core.exposure import is_exposed
from core.logs import start_logs
from core.people import Person
from core.settings import Settings, read_settings
from store.archive import Archive
from store.records import Records
from views.admission import admit, dismiss, is_admitted
from views.chat import show_chat_page
from views.check import show_check_page
from views.door import draw_account, show_door
from views.dress import dress_page
from views.gate import Gate
from views.health import answer_health
from views.identity import Refusal, find_providers, greet, identify
from views.language import announce_language, choose_language, read_locale
from views.metrics import answer_metrics, open_metrics
from views.notices import show_notices_page
from views.opening import open_archive, open_drafter, open_records, open_traces
from views.required import show_required_page
from views.source import show_source_page
from views.status import show_status_page
from views.wording import escape_markdown, read_words

# The path of each page, in the order of the menu, and the word that names it.
_PAGES = {"ask": "ask_page", "required": "required", "check": "check", "notices": "notices_page", "status": "status"}


def main() -> None:
    """Draw the page that the address asks for, to whom it may be shown."""
    st.set_page_config(page_title="Policy Desk", page_icon="📑", layout="centered")
    dress_page()
    words = read_words(read_locale())
    try:
        settings = read_settings()
        person = identify(_read_access(settings))
        if isinstance(person, Refusal):
            dismiss()
            # Whatever page was asked for, and no menu.
            door = partial(show_door, person, words)
            shut = _list_pages(dict.fromkeys(_PAGES, door), words)
            st.navigation(list(shut.values()), position="hidden").run()
        else:
            admit(person, lambda: _read_access(read_settings()))
            _draw_desk(settings, person, words)
    except PolicyDeskError as error:
        st.error(escape_markdown(f"{error}"))
        # Its words are the desk's own, with commands in them.
        st.caption(error.help)
        tell_failure(error)


def _draw_desk(settings: Settings, person: Person, words: dict[str, str]) -> None:
    """What is on every page, then the page."""
    archive = open_archive(settings.place, settings.embedding_model)
    records = open_records(settings.place)
    greet(records, person)
    pages: dict[str, StreamlitPage] = {}
    showing: dict[str, Callable[[], None]] = {
        "ask": lambda: _show_asking(archive, records, person, settings, pages["required"]),
        "required": partial(show_required_page, archive),
        "check": partial(show_check_page, archive),
        "notices": partial(_show_notices, archive, records, person, settings),
        "status": partial(show_status_page, archive, records, person, settings.chat_model),
    }
    pages |= _list_pages(showing, words)
    page = st.navigation(list(pages.values()))
    with st.sidebar:
        draw_account(person, words)
        announce_language()
        choose_language(words)
    if page is not pages["status"]:
        # A desk that cannot answer says so on every page but the one that says what to do.
        archive.check_model()
    page.run()


def _list_pages(showing: Mapping[str, Callable[[], None]], words: dict[str, str]) -> dict[str, StreamlitPage]:
    return {
        path: st.Page(showing[path], title=words[name], url_path=path, default=path == "ask")
        for path, name in _PAGES.items()
    }


def _show_asking(
    archive: Archive, records: Records, person: Person, settings: Settings, required: StreamlitPage
) -> None:
    """The source that a link names, else the conversation."""
    notice_id = st.query_params.get("notice", "")
    if notice_id:
        show_source_page(archive, notice_id, st.query_params.get("at", ""))
        return
    key = settings.chat_key.get_secret_value() if settings.chat_key else ""
    limits = settings.chat_timeout, settings.chat_tokens
    drafter = open_drafter(settings.chat_model, settings.chat_url, key, *limits)
    tracing = open_traces(settings.otlp_endpoint, settings.log_questions)
    show_chat_page(archive, records, person, drafter, required, tracing)


def _show_notices(archive: Archive, records: Records, person: Person, settings: Settings) -> None:
    """The notices, with the door through which editors change them."""
    # The readers of all formats are needed on this page only.
    from ingest.limits import read_limits
    from ingest.uploads import Door

    show_notices_page(archive, Door(archive, records, read_limits(settings)), person)


def _read_access(settings: Settings) -> Access:
    return Access(
        read_names(settings.readers, "POLICY_DESK_READERS"),
        read_names(settings.editors, "POLICY_DESK_EDITORS"),
        read_names(settings.admins, "POLICY_DESK_ADMINS"),
        settings.groups_claim,
        settings.sign_in_hours,
        settings.open_without_sign_in,
    )


def _answer_health(_: Request) -> JSONResponse:
    def open_() -> Archive:
        settings = read_settings()
        return open_archive(settings.place, settings.embedding_model)

    return answer_health(open_)


def _answer_metrics(request: Request) -> Response:
    try:
        token = read_settings().metrics_token
    except PolicyDeskError:
        # Without the settings nobody knows who may read.
        return PlainTextResponse("The settings cannot be read", 503)
    return answer_metrics(request, token.get_secret_value() if token else "")


@asynccontextmanager
async def _start(_: st.App) -> AsyncIterator[None]:
    """Begin to count and to log; say at the start, on stderr, what each page would say."""
    log = logging.getLogger("policy_desk")
    open_metrics()
    try:
        settings = read_settings()
        start_logs(settings.log, with_words=settings.log_questions)
        _read_access(settings)
        if is_exposed(st.get_option("server.address"), {}) and not find_providers():
            shut = "door_is_open" if settings.open_without_sign_in else "door_exposed"
            log.warning(read_words("en")[shut])
    except PolicyDeskError as error:
        log.warning("%s\n  %s", error, error.help)
    yield


if __name__ == "__main__":
    main()
else:
    app = st.App(
        __file__,
        routes=[Route("/health", _answer_health), Route("/metrics", _answer_metrics)],
        middleware=[Middleware(Gate, is_admitted=is_admitted)],
        lifespan=_start,
    )
