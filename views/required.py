"""The page What was required: the requirements of a year, or what changed between two, each with its source."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import groupby
from typing import Any

import pandas as pd
import streamlit as st

from assistant.difference import compare_words
from assistant.exporting import make_exchange, write_export
from assistant.required import (
    Change,
    Required,
    cite_required,
    compare_years,
    count_by_year,
    list_topics,
    make_answer,
    search_obligations,
)
from assistant.wording import name_notice_of
from cite.legible import drop_turns, measure_bullet
from cite.styles import write_citation, write_citation_rich, write_date, write_place, write_plain
from cite.tables import write_csv, write_xlsx
from core.errors import PolicyDeskError
from core.types import Citation, Strength
from store.archive import Archive
from views.address import link_source, read_address
from views.components import draw_required
from views.difference import describe_pieces
from views.pieces import show_turns
from views.source import open_source
from views.style import choose_style
from views.wording import escape_markdown, read_words

_A_PAGE = 50
_DRAWN = ("open", "copied", "not_copied", "copy_citation")


def show_required_page(archive: Archive) -> None:
    """Choose what is wanted; draw what was required, or what changed."""
    words = read_words(st.context.locale)
    archive.refresh()
    with st.sidebar:
        style = choose_style(words)
    st.title(words["required"], anchor=False)
    st.markdown(escape_markdown(words["required_tagline"]))
    try:
        years = sorted(archive.catalogue.obligation_years())
        if not years:
            st.info(escape_markdown(words["nothing_required_yet"]))
            return
        wanted, changed = st.tabs([words["of_years_tab"], words["compare_tab"]])
        with wanted:
            _show_wanted(archive, years, style, words)
        with changed:
            _show_changed(archive, style, words)
    except PolicyDeskError as error:
        st.error(escape_markdown(f"{error}"))
        st.caption(escape_markdown(error.help))


# -- what was required -------------------------------------------------------------------------


def _show_wanted(archive: Archive, years: Sequence[int], style: str, words: dict[str, str]) -> None:
    # On a large desk the topics take some seconds after each change of the notices.
    with st.spinner(words["finding"]):
        topics = list_topics(archive)
    required = _choose(archive, years, topics, words)
    binding = [one for one in required if not one.obligation.exhorts]
    if not binding:
        searched = len(archive.shelf.cards)
        st.info(escape_markdown(words["none_required"].format(count=searched)))
        return
    notices = len({one.card.notice_id for one in binding})
    st.subheader(escape_markdown(words["found_required"].format(count=len(binding), notices=notices)), anchor=False)
    counts = count_by_year(binding)
    if len(counts) > 1:
        named = {words[f"strength_{strength}"]: [by[strength] for by in counts.values()] for strength in Strength}
        frame = pd.DataFrame(named, index=[str(year) for year in counts])
        st.bar_chart(frame, height=180, y_label=words["required_count"])
    _draw_files(archive, binding, style, words)
    shown = st.session_state.setdefault("required_shown", _A_PAGE)
    citations = cite_required(archive, binding[:shown])
    _draw_list(archive, binding[:shown], citations, style, words)
    if shown < len(binding) and st.button(escape_markdown(words["show_more"].format(count=len(binding) - shown))):
        st.session_state["required_shown"] = shown + _A_PAGE
        st.rerun()


def _choose(archive: Archive, years: Sequence[int], topics: Sequence[str], words: dict[str, str]) -> list[Required]:
    """Draw the choices; the requirements that fit them."""
    first, last, issuer = st.columns([1, 1, 3])
    known = {card.year for card in archive.shelf.cards.values()}
    newest = max((place for place, year in enumerate(years) if year in known), default=len(years) - 1)
    start = first.selectbox(words["from_year"], years, index=newest, key="required_from", on_change=_begin_anew)
    end = last.selectbox(words["to_year"], years, index=newest, key="required_to", on_change=_begin_anew)
    issuers = ["", *sorted({card.issuer for card in archive.shelf.cards.values() if card.issuer})]
    body = issuer.selectbox(
        words["issuer"], issuers, format_func=lambda name: name or words["all_issuers"], on_change=_begin_anew
    )
    matter, whom, when = st.columns([3, 2, 2])
    topic = matter.selectbox(
        words["topic"],
        ["", *topics],
        format_func=lambda name: name or words["all_topics"],
        on_change=_begin_anew,
    )
    bound = whom.text_input(words["bound"], placeholder=words["bound_example"], on_change=_begin_anew)
    day = when.date_input(
        words["as_of"], value=None, format="YYYY-MM-DD", help=words["as_of_help"], on_change=_begin_anew
    )
    strengths = st.pills(
        words["strength"],
        list(Strength),
        selection_mode="multi",
        format_func=lambda strength: words[f"strength_{strength}"],
        on_change=_begin_anew,
    )
    low, high = min(start, end), max(start, end)
    return search_obligations(
        archive,
        years=[year for year in years if low <= year <= high],
        issuer=body,
        as_of=day.isoformat() if day else "",
        topic=topic,
        strengths=strengths,
        bound=bound.strip(),
    )


def _begin_anew() -> None:
    st.session_state["required_shown"] = _A_PAGE


def _draw_list(
    archive: Archive,
    required: Sequence[Required],
    citations: Sequence[Citation],
    style: str,
    words: dict[str, str],
) -> None:
    groups = []
    pairs = zip(required, citations, strict=True)
    for _, run in groupby(pairs, key=lambda pair: (pair[0].obligation.year, pair[0].card.notice_id)):
        members = list(run)
        one, citation = members[0]
        by = one.superseded_by
        groups.append(
            {
                "heading": show_turns(name_notice_of(citation)),
                "replaced": show_turns(f"{words['superseded_by']} {by.title}") if by else "",
                "items": [_describe_required(each, cited, style, words) for each, cited in members],
            }
        )
    opened = draw_required({"groups": groups, "words": {name: words[name] for name in _DRAWN}}, "required")
    if opened is not None and 0 < opened <= len(citations):
        chosen = citations[opened - 1]
        open_source(archive, chosen.card.notice_id, chosen.span, style)


def _describe_required(one: Required, citation: Citation, style: str, words: dict[str, str]) -> dict[str, Any]:
    obligation = one.obligation
    facts = [
        f"{words['who']}: {obligation.bound}" if obligation.bound else "",
        f"{words['due']}: {write_date(obligation.due, citation.card.language)}" if obligation.due else "",
        f"{words['for_year']}: {obligation.year}" if obligation.year not in (None, one.card.year) else "",
    ]
    quote = citation.quote[measure_bullet(citation.quote) :]
    return {
        "kind": obligation.strength.value,
        "label": words[f"strength_{obligation.strength}"],
        "facts": [show_turns(fact) for fact in facts if fact],
        "pieces": [{"text": show_turns(quote), "change": ""}],
        "sources": [_describe_source(citation, citation.label, style)],
    }


def _describe_source(citation: Citation, number: int, style: str) -> dict[str, Any]:
    quote = citation.quote[measure_bullet(citation.quote) :]
    return {
        "number": number,
        "title": show_turns(citation.card.title),
        "place": show_turns(write_place(citation.place, citation.card.language)),
        "copy": drop_turns(write_citation(style, citation.card, citation.place, quote)),
        "html": drop_turns(write_citation_rich(style, citation.card, citation.place, quote)),
    }


# -- files -------------------------------------------------------------------------------------


def _draw_files(archive: Archive, required: Sequence[Required], style: str, words: dict[str, str]) -> None:
    """All that was found, as files; each is made when it is chosen."""
    address = read_address()
    title = words["required"]
    files = (
        (".xlsx", "as_sheet", partial(_write_table, archive, tuple(required), words, title, ".xlsx")),
        (".csv", "as_csv", partial(_write_table, archive, tuple(required), words, title, ".csv")),
        (".docx", "as_word", partial(_write_word, archive, tuple(required), words, style, address)),
    )
    with st.popover(words["export"], icon="⬇️"):
        for ending, name, make in files:
            st.download_button(
                words[name],
                data=make,
                file_name=f"requirements{ending}",
                on_click="ignore",
                key=f"required{ending}",
                width="stretch",
            )


def _write_table(
    archive: Archive, required: Sequence[Required], words: dict[str, str], title: str, ending: str
) -> bytes:
    names = ("for_year", "strength", "who", "due", "quote", "place", "notice", "issuer", "number", "issued", "topic")
    head = [words[name] for name in (*names, "superseded_by", "citation", "link")]
    rows = [
        [
            str(one.obligation.year or ""),
            words[f"strength_{one.obligation.strength}"],
            one.obligation.bound,
            one.obligation.due,
            cited.quote[measure_bullet(cited.quote) :],
            write_place(cited.place, cited.card.language),
            cited.card.title,
            cited.card.issuer,
            cited.card.number,
            cited.card.issued_on,
            one.topic,
            one.superseded_by.title if one.superseded_by else "",
            write_plain(cited.card, cited.place),
            link_source(cited.card.notice_id, cited.span),
        ]
        for one, cited in zip(required, cite_required(archive, required), strict=True)
    ]
    return write_xlsx(head, rows, title) if ending == ".xlsx" else write_csv(head, rows)


def _write_word(
    archive: Archive, required: Sequence[Required], words: dict[str, str], style: str, address: str
) -> bytes:
    language = "zh" if words is read_words("zh") else "en"
    answer = make_answer(archive, words["required"], language, required)
    exchange = make_exchange(archive.catalogue, answer.question, answer)
    return write_export(archive.catalogue, [exchange], ".docx", style, address=address)


# -- what changed ------------------------------------------------------------------------------


def _show_changed(archive: Archive, style: str, words: dict[str, str]) -> None:
    years = sorted({card.year for card in archive.shelf.cards.values() if card.year is not None})
    first, last, about = st.columns([1, 1, 3])
    before = first.selectbox(words["year_before"], years, index=max(0, len(years) - 2), key="changed_from")
    after = last.selectbox(words["year_after"], years, index=max(0, len(years) - 1), key="changed_to")
    topic = about.text_input(words["about"], placeholder=words["about_example"], key="changed_about")
    if before == after:
        st.info(escape_markdown(words["same_year"]))
        return
    with st.spinner(words["comparing"]):
        changes = compare_years(archive.catalogue, min(before, after), max(before, after), topic=topic.strip())
    if not changes:
        st.info(escape_markdown(words["nothing_changed"]))
        return
    st.subheader(escape_markdown(words["found_changes"].format(count=len(changes))), anchor=False)
    st.caption(escape_markdown(words["changes_key"]))
    _draw_changes(archive, changes[: _A_PAGE * 4], style, words)


def _draw_changes(archive: Archive, changes: Sequence[Change], style: str, words: dict[str, str]) -> None:
    sources: list[Citation] = []
    groups: list[dict[str, Any]] = []
    for change in changes:
        shown = [citation for citation in (change.before, change.after) if citation is not None]
        heading = show_turns(name_notice_of(shown[-1]))
        if not groups or groups[-1]["heading"] != heading:
            groups.append({"heading": heading, "replaced": "", "items": []})
        groups[-1]["items"].append(
            {
                "kind": change.kind.value,
                "label": words[f"change_{change.kind}"],
                "facts": [],
                "pieces": _describe_change(change),
                "sources": [
                    _describe_source(citation, len(sources) + place, style)
                    | {"place": show_turns(_name_version(citation))}
                    for place, citation in enumerate(shown, start=1)
                ],
            }
        )
        sources += shown
    opened = draw_required({"groups": groups, "words": {name: words[name] for name in _DRAWN}}, "changes")
    if opened is not None and 0 < opened <= len(sources):
        chosen = sources[opened - 1]
        open_source(archive, chosen.card.notice_id, chosen.span, style)


def _name_version(citation: Citation) -> str:
    place = write_place(citation.place, citation.card.language)
    return f"{citation.card.year}" + (f", {place}" if place else "")


def _describe_change(change: Change) -> list[dict[str, str]]:
    """The words of the later version, with what it put in the place of the earlier one's."""
    before, after = (
        citation.quote[measure_bullet(citation.quote) :] if citation else ""
        for citation in (change.before, change.after)
    )
    if not before or not after:
        return [{"text": show_turns(before or after), "change": "in" if after else "out"}]
    return describe_pieces(compare_words(before, after))
