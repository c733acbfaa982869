"""How many notices there are of each year and issuer: plots, and the same as tables for who cannot see them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import altair as alt
import pandas as pd
import streamlit as st

from assistant.register import count_by_year, find_top_issuers
from core.types import NoticeCard
from views.pieces import show_turns
from views.wording import escape_markdown

# In pixels: the names of issuers beside their bars, and the height of a bar.
_LONGEST_NAME, _BAR = 240, 34


def show_figures(cards: Sequence[NoticeCard], words: dict[str, str]) -> None:
    """The notices by year and by issuer; nothing where there is nothing to compare."""
    if len(cards) < 2:
        return
    with st.expander(escape_markdown(words["figures"])):
        ways = ["by_language", "by_issuer"]
        way = st.segmented_control(
            words["figures_by"], ways, default=ways[0], format_func=lambda name: words[name], required=True
        )
        name_issuer = _by_issuer(cards, words)
        by_year = count_by_year(cards, name_issuer if way == "by_issuer" else _by_language(words))
        if len(by_year) > 1:
            rows = [(str(year), kind, count) for year, counts in by_year.items() for kind, count in counts.items()]
            _draw_years(rows, words, words[way or ways[0]])
        issuers = Counter(map(name_issuer, cards))
        if len(issuers) > 1:
            _draw_issuers(issuers.most_common(), words)


def _draw_years(rows: Sequence[tuple[str, str, int]], words: dict[str, str], kind: str) -> None:
    """A bar for each year, stacked of what `rows` count: (year, kind, how many)."""
    frame = pd.DataFrame(rows, columns=["year", "kind", "count"])
    bars = alt.Chart(frame).mark_bar()
    chart = bars.encode(
        x=alt.X("year:N", title=None, axis=alt.Axis(labelAngle=0)),
        y=alt.Y("count:Q", title=words["count_of_notices"], axis=alt.Axis(tickMinStep=1)),
        color=alt.Color("kind:N", title=None, legend=alt.Legend(orient="bottom", columns=1, labelLimit=_LONGEST_NAME)),
        tooltip=["year", "kind", "count"],
    )
    st.altair_chart(chart.properties(height=300))
    _draw_table([words["year"], kind, words["count_of_notices"]], rows, words)


def _draw_issuers(rows: Sequence[tuple[str, int]], words: dict[str, str]) -> None:
    """A bar for each issuer, the one with most notices first."""
    frame = pd.DataFrame(rows, columns=["issuer", "count"])
    names = alt.Axis(labelLimit=_LONGEST_NAME)
    bars = alt.Chart(frame).mark_bar()
    chart = bars.encode(
        x=alt.X("count:Q", title=words["count_of_notices"], axis=alt.Axis(tickMinStep=1)),
        y=alt.Y("issuer:N", title=None, sort=None, axis=names),
        tooltip=["issuer", "count"],
    )
    st.altair_chart(chart.properties(height=70 + _BAR * len(rows)))
    _draw_table([words["issuer"], words["count_of_notices"]], rows, words)


def _draw_table(head: Sequence[str], rows: Sequence[Sequence[object]], words: dict[str, str]) -> None:
    with st.popover(escape_markdown(words["as_table"])):
        lines = [" | ".join(escape_markdown(f"{cell}") for cell in row) for row in (head, *rows)]
        st.markdown("\n".join(f"| {line} |" for line in (lines[0], " | ".join("---" for _ in head), *lines[1:])))


def _by_language(words: dict[str, str]) -> Callable[[NoticeCard], str]:
    return lambda card: words.get(f"language_{card.language}", card.language)


def _by_issuer(cards: Sequence[NoticeCard], words: dict[str, str]) -> Callable[[NoticeCard], str]:
    """Its issuer by name, where that is one of the eight with most notices."""
    top = frozenset(find_top_issuers(cards))

    def name(card: NoticeCard) -> str:
        if not card.issuer:
            return words["no_issuer"]
        return show_turns(" ".join(card.issuer.split())) if card.issuer in top else words["other_issuers"]

    return name
