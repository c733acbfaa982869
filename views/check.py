"""The page Check my draft: each quotation and each cited claim of a draft, held against the notices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from assistant.checking import Checked, Verdict, check_draft
from assistant.manuscript import StatementKind, read_draft, read_manuscript
from assistant.verify import still_holds
from cite.legible import drop_turns, measure_bullet
from cite.styles import write_citation, write_citation_rich, write_plain
from core.errors import PolicyDeskError
from store.archive import Archive
from views.components import draw_checked
from views.difference import describe_pieces
from views.language import read_locale
from views.pieces import show_turns
from views.source import open_source
from views.style import choose_style
from views.wording import escape_markdown, read_words

_CHECKED = "checked"
_LONGEST = 200_000
_SIGNS = {
    Verdict.exact: "✓",
    Verdict.altered: "≠",
    Verdict.other_notice: "↪",
    Verdict.not_found: "?",
    Verdict.superseded: "⚠",
}
_DRAWN = ("open", "copied", "not_copied", "copy_citation", "copy_correction")


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a draft was found to hold, and the state of the notices that it was held against."""

    checked: tuple[Checked, ...]
    generation: int


def show_check_page(archive: Archive) -> None:
    """Take a draft, check it, draw what was found."""
    words = read_words(read_locale())
    archive.refresh()
    with st.sidebar:
        style = choose_style(words)
    st.title(words["check"], anchor=False)
    st.markdown(escape_markdown(words["check_tagline"]))
    with st.form("draft", border=False):
        pasted = st.text_area(
            words["paste_draft"], height=220, max_chars=_LONGEST, placeholder=words["draft_example"], key="pasted"
        )
        uploaded = st.file_uploader(words["upload_draft"], type=["docx", "txt", "md"], key="uploaded")
        asked = st.form_submit_button(words["check_now"], type="primary")
    if asked:
        _check(archive, pasted or "", uploaded, words)
    outcome: _Outcome | None = st.session_state.get(_CHECKED)
    if outcome is not None:
        _draw(archive, outcome, style, words)


def _check(archive: Archive, pasted: str, uploaded: UploadedFile | None, words: dict[str, str]) -> None:
    st.session_state.pop(_CHECKED, None)
    try:
        text = pasted
        if uploaded is not None:
            text = "\n\n".join(part for part in (pasted, read_draft(uploaded.name, uploaded.getvalue())) if part)
        if not text.strip():
            st.info(escape_markdown(words["no_draft"]))
            return
        with st.spinner(words["checking"]):
            checked = check_draft(archive, read_manuscript(text))
    except PolicyDeskError as error:
        st.error(escape_markdown(f"{words['check_failed']}: {error}"))
        st.caption(escape_markdown(error.help))
        return
    st.session_state[_CHECKED] = _Outcome(tuple(checked), archive.catalogue.generation)


def _draw(archive: Archive, outcome: _Outcome, style: str, words: dict[str, str]) -> None:
    if not outcome.checked:
        st.info(escape_markdown(words["nothing_to_check"]))
        return
    if outcome.generation != archive.catalogue.generation:
        st.warning(escape_markdown(words["check_again"]))
    st.subheader(_summarise(outcome.checked, words), anchor=False)
    if any(one.difference and one.pieces for one in outcome.checked):
        st.caption(escape_markdown(words["difference_key"]))
    items = [_describe(archive, place, one, style, words) for place, one in enumerate(outcome.checked)]
    opened = draw_checked({"items": items, "words": {name: words[name] for name in _DRAWN}}, "checked")
    if opened is not None and 0 <= opened < len(outcome.checked):
        citation = outcome.checked[opened].citation
        if citation is not None:
            open_source(archive, citation.card.notice_id, citation.span, style)


def _summarise(checked: Sequence[Checked], words: dict[str, str]) -> str:
    """Such as "4 statements checked: 2 exact, 1 altered, 1 not found"."""
    counts = Counter(one.verdict for one in checked)
    parts = [f"{counts[verdict]} {words[f'count_{verdict}']}" for verdict in Verdict if counts[verdict]]
    name = "checked_one" if len(checked) == 1 else "checked_many"
    return escape_markdown(words[name].format(count=len(checked)) + words["comma"].join(parts))


def _describe(archive: Archive, place: int, one: Checked, style: str, words: dict[str, str]) -> dict[str, Any]:
    """What the component draws of a statement; a citation that holds no more is not offered."""
    is_claim = one.kind is StatementKind.claim
    name = f"claim_{one.verdict}" if is_claim and f"claim_{one.verdict}" in words else f"verdict_{one.verdict}"
    described: dict[str, Any] = {
        "verdict": one.verdict.value,
        "verdict_label": words[name],
        "sign": _SIGNS[one.verdict],
        "pieces": describe_pieces(one.pieces) or [{"text": show_turns(one.text), "change": ""}],
        "note": show_turns(one.note),
    }
    citation = one.citation
    if citation is None or not still_holds(archive.catalogue, citation):
        return described
    quote = citation.quote[measure_bullet(citation.quote) :]
    is_wrong = one.difference and not is_claim
    return described | {
        "found": {
            "number": place,
            "citation": show_turns(write_plain(citation.card, citation.place)),
            "copy": drop_turns(write_citation(style, citation.card, citation.place, quote)),
            "html": drop_turns(write_citation_rich(style, citation.card, citation.place, quote)),
            "correction": drop_turns(" ".join(quote.split())) if is_wrong else "",
        }
    }
