"""A notice in a drawer: what is known of it and where from, what links it with others, its file and its text."""

from __future__ import annotations

from functools import partial
from pathlib import PurePosixPath
from urllib.parse import quote

import streamlit as st

from assistant.register import Relation, list_relations
from cite.legible import drop_turns
from cite.styles import write_date
from core.errors import UnknownNoticeError
from core.types import Notice
from store.archive import Archive
from store.originals import find_originals
from views.address import link_source, read_address
from views.admission import guard, insist
from views.components import draw_viewer
from views.language import read_locale
from views.pieces import show_turns
from views.wording import escape_markdown, read_words

_SHOWN = "notices_shown"
# A browser shows so many characters at once; the notice's own page shows where a citation points further on.
_MOST_CHARACTERS = 60_000
# What stands in an address as it is; a bracket would end the link.
_IN_ADDRESSES = ":/?#@!$&'*+,;=%"


def open_notice(archive: Archive, notice_id: str) -> None:
    """Open the drawer with this notice; from it, those that are linked with it can be opened in its place."""
    words = read_words(read_locale())
    st.session_state[_SHOWN] = notice_id

    @st.dialog(words["of_a_notice"], width="medium", position="right")
    def drawer() -> None:
        insist()
        _show(archive, str(st.session_state[_SHOWN]), words)

    drawer()


def _show(archive: Archive, notice_id: str, words: dict[str, str]) -> None:
    try:
        notice = archive.catalogue.notice(notice_id)
    except UnknownNoticeError:
        st.error(escape_markdown(words["gone"]))
        return
    st.subheader(_on_one_line(notice.card.title), anchor=False)
    st.markdown(_write_facts(notice, words))
    files = [record.path for record in archive.catalogue.files() if record.notice_id == notice_id]
    others = [path for path in files if path != notice.card.path]
    if others:
        st.caption(f"{escape_markdown(words['other_files'])}: {_on_one_line(' · '.join(others))}")
    _show_links(archive, notice_id, words)
    binding = [one for one in archive.catalogue.obligations([notice_id]).get(notice_id, ()) if not one.exhorts]
    required = escape_markdown(words["requirements_in"].format(count=len(binding)))
    st.markdown(f"{required} · [{escape_markdown(words['required'])} ↗]({read_address()}/required)")
    _show_original(archive, notice, words)
    st.markdown(f"**{escape_markdown(words['read_text'])}**")
    _draw_text(notice, words)
    st.markdown(f"[{escape_markdown(words['own_page'])} ↗]({link_source(notice_id)})")


def _write_facts(notice: Notice, words: dict[str, str]) -> str:
    """A line for each thing that is known, with where it is from."""
    card, said = notice.card, notice.card.provenance
    language = card.language

    def date(value: str) -> str:
        return write_date(value, language)

    facts = [
        ("name_title", card.title, said.title),
        ("issuer", card.issuer, said.issuer),
        ("number", card.number, said.number),
        ("year", str(card.year or ""), said.year),
        ("met", date(card.meeting_on), said.meeting_on),
        ("issued_on", date(card.issued_on), said.issued_on),
        ("in_force_on", date(card.in_force_on), said.in_force_on),
        ("repealed_on", date(card.repealed_on), said.repealed_on),
        ("language", words.get(f"language_{language}", language), ""),
        ("file", card.path, ""),
        ("accessed_on", date(card.accessed_on), ""),
        ("licence", card.licence, ""),
        ("link", card.url, ""),
    ]
    origins = {"sources.csv": "from_sources", "file": "from_file", "text": "from_text", "path": "from_path"}
    return "  \n".join(
        f"**{escape_markdown(words[name])}:** {_link(value) if name == 'link' else _on_one_line(value)}"
        + (f" :gray[({escape_markdown(words[origins[origin]])})]" if origin else "")
        for name, value, origin in facts
        if value
    )


def _show_links(archive: Archive, notice_id: str, words: dict[str, str]) -> None:
    st.markdown(f"**{escape_markdown(words['links'])}**")
    relations = list_relations(archive, notice_id)
    if not relations:
        st.caption(escape_markdown(words["no_links"]))
    for place, relation in enumerate(relations):
        _show_link(notice_id, place, relation, words)


def _show_link(notice_id: str, place: int, relation: Relation, words: dict[str, str]) -> None:
    said = words[f"{'out' if relation.is_outgoing else 'in'}_{relation.kind}"]
    if relation.card is None:
        st.markdown(f"{escape_markdown(said)}: {_on_one_line(relation.named)} ({escape_markdown(words['not_here'])})")
        return
    year = f" ({relation.card.year})" if relation.card.year else ""
    label = f"{escape_markdown(said)}: {_on_one_line(relation.card.title)}{year}"
    if st.button(label, key=f"linked-{notice_id}-{place}", width="stretch"):
        st.session_state[_SHOWN] = relation.card.notice_id
        st.rerun(scope="fragment")


def _show_original(archive: Archive, notice: Notice, words: dict[str, str]) -> None:
    original = find_originals(archive.catalogue, [notice.card.notice_id]).get(notice.card.notice_id)
    if original is None:
        st.caption(escape_markdown(words["original_gone"]))
        return
    name = PurePosixPath(original.path).name
    st.download_button(
        words["download_original"],
        data=guard(partial(bytes, original.content)),
        file_name=drop_turns(name),
        mime="application/octet-stream",
        on_click="ignore",
        key=f"original-{notice.card.notice_id}",
    )


def _draw_text(notice: Notice, words: dict[str, str]) -> None:
    text = notice.text
    values = {
        "before": "",
        "quote": "",
        "after": show_turns(text[:_MOST_CHARACTERS]),
        "cut_before": False,
        "cut_after": len(text) > _MOST_CHARACTERS,
        "citation": "",
        "copy": "",
        "html": "",
        "link": link_source(notice.card.notice_id),
        "difference": [],
        "compact": True,
        "words": words,
    }
    draw_viewer(values, f"notice-{notice.card.notice_id}")


def _link(url: str) -> str:
    """The address of a notice, to be clicked where it leads to a page: what is read is where it leads."""
    said = _on_one_line(url)
    return f"[{said}]({quote(url, safe=_IN_ADDRESSES)})" if url.startswith(("https://", "http://")) else said


def _on_one_line(text: str) -> str:
    return escape_markdown(" ".join(text.split()))
