"""The page What was required: the requirements of a year, each with its source; beside it what changed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import groupby
from typing import Any

import pandas as pd
import streamlit as st

from assistant.exporting import make_exchange, write_export
from assistant.required import (
    Required,
    cite_required,
    count_by_year,
    list_topics,
    make_answer,
    search_obligations,
)
from assistant.wording import name_notice_of
from cite.legible import measure_bullet
from cite.styles import write_date, write_place, write_plain
from cite.tables import write_csv, write_xlsx
from core.errors import PolicyDeskError
from core.types import Citation, Strength
from store.archive import Archive
from views.address import link_source, read_address
from views.admission import guard
from views.changed import show_changed
from views.choices import read_choices
from views.language import read_locale
from views.listed import A_PAGE, describe_source, draw_groups
from views.pieces import show_turns
from views.style import choose_style
from views.wording import escape_markdown, read_words


def show_required_page(archive: Archive) -> None:
    """Choose what is wanted; draw what was required, or what changed."""
    words = read_words(read_locale())
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
            show_changed(archive, style, words)
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
    shown = st.session_state.setdefault("required_shown", A_PAGE)
    citations = cite_required(archive, binding[:shown])
    _draw_list(archive, binding[:shown], citations, style, words)
    if shown < len(binding) and st.button(escape_markdown(words["show_more"].format(count=len(binding) - shown))):
        st.session_state["required_shown"] = shown + A_PAGE
        st.rerun()


def _choose(archive: Archive, years: Sequence[int], topics: Sequence[str], words: dict[str, str]) -> list[Required]:
    """Draw the choices; the requirements that fit them."""
    first, last, issuer = st.columns([1, 1, 3])
    known = {card.year for card in archive.shelf.cards.values()}
    newest = max((year for year in years if year in known), default=years[-1])
    chosen = read_choices(years, newest)
    low, high = years.index(chosen.first), years.index(chosen.last)
    start = first.selectbox(words["from_year"], years, index=low, key="required_from", on_change=_begin_anew)
    end = last.selectbox(words["to_year"], years, index=high, key="required_to", on_change=_begin_anew)
    issuers = ["", *sorted({card.issuer for card in archive.shelf.cards.values() if card.issuer})]
    body = issuer.selectbox(
        words["issuer"],
        issuers,
        format_func=lambda name: show_turns(name) or words["all_issuers"],
        on_change=_begin_anew,
    )
    matter, whom, when = st.columns([3, 2, 2])
    topic = matter.selectbox(
        words["topic"],
        ["", *topics],
        format_func=lambda name: show_turns(name) or words["all_topics"],
        on_change=_begin_anew,
    )
    bound = whom.text_input(words["bound"], chosen.bound, placeholder=words["bound_example"], on_change=_begin_anew)
    day = when.date_input(
        words["as_of"], value=None, format="YYYY-MM-DD", help=words["as_of_help"], on_change=_begin_anew
    )
    strengths = st.pills(
        words["strength"],
        list(Strength),
        default=chosen.strengths,
        selection_mode="multi",
        format_func=lambda strength: words[f"strength_{strength}"],
        on_change=_begin_anew,
    )
    return search_obligations(
        archive,
        years=[year for year in years if min(start, end) <= year <= max(start, end)],
        issuer=body,
        as_of=day.isoformat() if day else "",
        topic=topic,
        strengths=strengths,
        bound=bound.strip(),
    )


def _begin_anew() -> None:
    st.session_state["required_shown"] = A_PAGE


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
    draw_groups(archive, groups, citations, style, words, "required")


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
        "sources": [describe_source(citation, citation.label, style)],
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
                data=guard(make),
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
