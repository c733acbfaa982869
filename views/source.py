"""The source of a sentence: the notice's text with the sentence marked and in view."""

from __future__ import annotations

import re

import streamlit as st

from cite.legible import drop_turns, measure_bullet
from cite.styles import write_date, write_plain
from core.errors import UnknownNoticeError
from core.types import Notice, Span
from store.archive import Archive
from views.components import draw_viewer
from views.pieces import show_turns
from views.wording import escape_markdown, read_words

# A browser shows so many characters around the mark at once; a law of a thousand pages has more.
_AROUND = 60_000


def show_source_page(archive: Archive, notice_id: str, at: str) -> None:
    """The page behind the deep link /?notice=…&at=START-END."""
    words = read_words(st.context.locale)
    if st.button("← " + words["back"]):
        st.query_params.clear()
        st.rerun()
    notice = _find(archive, notice_id, words)
    if notice is None:
        return
    span = read_place(at, len(notice.text)) if notice.card.notice_id == notice_id else None
    if at and span is None and notice.card.notice_id == notice_id:
        st.warning(words["bad_span"])
    st.subheader(escape_markdown(notice.card.title), anchor=False)
    _draw(notice, span, words, f"page-{notice_id}-{at}")


def open_source(archive: Archive, notice_id: str, span: Span) -> None:
    """The drawer beside the answer with a citation's source."""
    words = read_words(st.context.locale)
    notice = _find(archive, notice_id, words)
    if notice is None:
        return

    @st.dialog(escape_markdown(notice.card.title) or words["source"], width="medium", position="right")
    def drawer() -> None:
        _draw(notice, span, words, f"drawer-{notice_id}-{span.start}-{span.end}")
        link = f"?notice={notice_id}&at={span.start}-{span.end}"
        st.markdown(f"[{escape_markdown(words['own_page'])} ↗]({link})")

    drawer()


def _find(archive: Archive, notice_id: str, words: dict[str, str]) -> Notice | None:
    """The notice, or the one that took its place with a word about it, or None with a message."""
    try:
        return archive.catalogue.notice(notice_id)
    except UnknownNoticeError:
        pass
    succession = archive.catalogue.succession(notice_id)
    if succession is not None and succession[1] is not None:
        try:
            notice = archive.catalogue.notice(succession[1])
        except UnknownNoticeError:
            pass
        else:
            st.warning(words["replaced"])
            return notice
    st.error(words["gone"])
    return None


def read_place(at: str, length: int) -> Span | None:
    """START-END from a link as a span of a text with `length` code points; None where it is none."""
    match = re.fullmatch(r"(\d{1,12})-(\d{1,12})", at)
    if not match:
        return None
    start, end = int(match.group(1)), int(match.group(2))
    return Span(start, end) if start < end <= length else None


def _draw(notice: Notice, span: Span | None, words: dict[str, str], key: str) -> None:
    card = notice.card
    facts = [
        (words["issuer"], card.issuer),
        (words["number"], card.number),
        (words["issued"], write_date(card.issued_on, card.language)),
        (words["file"], card.path),
        (words["licence"], card.licence),
    ]
    st.caption(" · ".join(f"{name}: {escape_markdown(value)}" for name, value in facts if value))
    marked = span or Span(0, 0)
    first = max(0, marked.start - _AROUND)
    last = min(len(notice.text), marked.end + _AROUND)
    quote = marked.of(notice.text)
    place = notice.locate(marked)
    draw_viewer(
        {
            "before": show_turns(notice.text[first : marked.start]),
            "quote": show_turns(quote),
            "after": show_turns(notice.text[marked.end : last]),
            "cut_before": first > 0,
            "cut_after": last < len(notice.text),
            "citation": show_turns(write_plain(card, place)) if quote else "",
            "copy": drop_turns(write_plain(card, place, quote[measure_bullet(quote) :])) if quote else "",
            "words": words,
        },
        key,
    )
