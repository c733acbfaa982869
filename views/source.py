"""The source of a citation: the notice's text with the words marked, and what became of them since."""

from __future__ import annotations

import re
from collections.abc import Sequence

import streamlit as st

from assistant.matching import Piece
from assistant.permanence import Fate, Standing, look_up
from cite.legible import drop_turns, measure_bullet
from cite.styles import write_citation, write_citation_rich, write_date, write_plain
from core.types import Notice, Place, Span
from store.archive import Archive
from views.address import link_source
from views.admission import insist
from views.components import draw_viewer
from views.difference import describe_pieces
from views.language import read_locale
from views.page_image import draw_page_image
from views.pieces import show_turns
from views.style import choose_style
from views.wording import escape_markdown, read_words

# A browser shows so many characters around the mark at once; a law of a thousand pages has more.
_AROUND = 60_000
# Which of the citations of the drawer is shown, from 0.
_AT = "drawer_at"


def show_source_page(archive: Archive, notice_id: str, at: str) -> None:
    """The page behind the permanent link /?notice=…&at=START-END."""
    words = read_words(read_locale())
    with st.sidebar:
        style = choose_style(words)
    if st.button("← " + words["back"]):
        st.query_params.clear()
        st.rerun()
    span = _read_place(archive, notice_id, at)
    standing = look_up(archive.catalogue, notice_id, span)
    notice = standing.cited or standing.present
    if notice is not None:
        st.subheader(escape_markdown(notice.card.title), anchor=False)
    if at and span is None and standing.cited is not None:
        st.warning(words["bad_span"])
    _show(standing, span, words, style, f"page-{notice_id}-{at}")


def open_source(archive: Archive, notice_id: str, span: Span, style: str, among: Sequence[Place] = ()) -> None:
    """The drawer beside the answer with a citation's source; `among` are the citations to go through in it."""
    words = read_words(read_locale())
    places = tuple(among) or (Place(notice_id, span),)
    st.session_state[_AT] = next((at for at, place in enumerate(places) if place == Place(notice_id, span)), 0)

    @st.dialog(words["source"], width="medium", position="right")
    def drawer() -> None:
        insist()
        if len(places) > 1:
            _draw_steps(len(places), words)
        place = places[min(st.session_state.get(_AT, 0), len(places) - 1)]
        _draw_place(archive, place, words, style)

    drawer()


def _draw_steps(count: int, words: dict[str, str]) -> None:
    """Buttons to the citation before and the one after, and which it is; behind the last comes the first."""
    with st.container(horizontal=True, vertical_alignment="center", key="steps"):
        st.button(words["previous"], key="previous", on_click=_step, args=(-1, count))
        st.markdown(
            escape_markdown(words["of_citations"].format(place=st.session_state.get(_AT, 0) + 1, count=count)),
            width="content",
        )
        st.button(words["next"], key="next", on_click=_step, args=(1, count))


def _step(by: int, count: int) -> None:
    st.session_state[_AT] = (st.session_state.get(_AT, 0) + by) % count


def _draw_place(archive: Archive, place: Place, words: dict[str, str], style: str) -> None:
    """The title of a notice, its text with the words cited, the page on which they stand, the link to keep."""
    standing = look_up(archive.catalogue, place.notice_id, place.span)
    notice = standing.cited or standing.present
    if notice is not None:
        st.markdown(f"**{escape_markdown(notice.card.title)}**")
    if standing.cited is not None:
        draw_page_image(archive, standing.cited, place.span, words)
    _show(standing, place.span, words, style, f"drawer-{place.notice_id}-{place.span.start}-{place.span.end}")
    if notice is not None:
        st.markdown(f"[{escape_markdown(words['own_page'])} ↗]({link_source(place.notice_id, place.span)})")


def _read_place(archive: Archive, notice_id: str, at: str) -> Span | None:
    """The span that a link names, where the notice that it names has it, on the desk or among the departed."""
    cited = look_up(archive.catalogue, notice_id, None).cited
    return read_place(at, len(cited.text)) if cited else None


def read_place(at: str, length: int) -> Span | None:
    """START-END from a link as a span of a text with `length` code points; None where it is none."""
    match = re.fullmatch(r"(\d{1,12})-(\d{1,12})", at)
    if not match:
        return None
    start, end = int(match.group(1)), int(match.group(2))
    return Span(start, end) if start < end <= length else None


def _show(standing: Standing, span: Span | None, words: dict[str, str], style: str, key: str) -> None:
    """The words cited; where their notice has changed since, what stands there now too."""
    match standing.fate:
        case Fate.unknown:
            st.error(words["gone"])
            return
        case Fate.moved:
            st.info(escape_markdown(words["moved"]))
        case Fate.changed:
            st.warning(escape_markdown(words["changed_since" if standing.cited else "replaced"]))
        case Fate.removed:
            st.warning(escape_markdown(words["removed_since"]))
    if standing.fate in (Fate.moved, Fate.changed) and standing.cited and standing.present:
        st.markdown(f"**{escape_markdown(words['as_cited'])}**")
        _draw(standing.cited, span, words, style, key + "-then", is_compact=True)
        is_lost = standing.now is None and span is not None
        st.markdown(f"**{escape_markdown(words['as_now'])}**")
        if is_lost:
            st.caption(escape_markdown(words["not_there_now"]))
        _draw(standing.present, standing.now, words, style, key + "-now", standing.pieces, is_compact=True)
        return
    notice = standing.cited or standing.present
    if notice is not None:
        _draw(notice, span if standing.cited else None, words, style, key)


def _draw(
    notice: Notice,
    span: Span | None,
    words: dict[str, str],
    style: str,
    key: str,
    pieces: Sequence[Piece] = (),
    *,
    is_compact: bool = False,
) -> None:
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
    bare = quote[measure_bullet(quote) :]
    place = notice.locate(marked)
    difference = describe_pieces(pieces)
    draw_viewer(
        {
            "before": show_turns(notice.text[first : marked.start]),
            "quote": show_turns(quote),
            "after": show_turns(notice.text[marked.end : last]),
            "cut_before": first > 0,
            "cut_after": last < len(notice.text),
            "citation": show_turns(write_plain(card, place)) if quote else "",
            "copy": drop_turns(write_citation(style, card, place, bare)) if quote else "",
            "html": drop_turns(write_citation_rich(style, card, place, bare)) if quote else "",
            "link": link_source(card.notice_id, span),
            "difference": difference if any(piece["change"] for piece in difference) else [],
            "compact": is_compact,
            "words": words,
        },
        key,
    )
