"""Citations ready to paste; in this version the plain style, which every report can take."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from core.types import NoticeCard, Pinpoint

STYLES = ("plain",)
_ANYWHERE = Pinpoint()


def write_plain(card: NoticeCard, place: Pinpoint = _ANYWHERE, quote: str = "") -> str:
    """One line: the quote, then title, issuer, number, date, place and address, as far as known.

    English: “quote” Title. Issuer, Number, date, para. 4, p. 2. URL.
    Chinese: “引文”《标题》，发布机关，文号，日期，第三条，第2页。
    """
    folded = " ".join(quote.split())
    if card.language == "zh":
        parts = [f"《{card.title.strip('《》')}》", card.issuer, card.number, write_date(card.issued_on, "zh")]
        parts += [write_place(place, "zh")]
        line = "，".join(part for part in parts if part) + "。"
        return (f"“{folded}”" if folded else "") + line + card.url
    about = [card.issuer, card.number, write_date(card.issued_on, "en"), write_place(place, "en")]
    line = f"{card.title.rstrip('.')}. " + ", ".join(part for part in about if part)
    line = line.strip().rstrip(".") + "."
    return (f"“{folded}” " if folded else "") + line + (f" {card.url}" if card.url else "")


def write_place(place: Pinpoint, language: str) -> str:
    """Where in a notice, in the words of a language: its clause, else its paragraph; its page.

    "Section 5(1), p. 2", "para. 3.2", "item 3", "para. 4"; 第三条，第2页, 一、（二）, 第3项, 第4段.
    """
    if language == "zh":
        counted = f"第{place.paragraph}段" if place.paragraph else ""
        clause = f"第{place.clause}项" if place.clause[:1].isdecimal() else place.clause
        return "，".join(part for part in (clause or counted, f"第{place.page}页" if place.page else "") if part)
    counted = f"para. {place.paragraph}" if place.paragraph else ""
    # A paragraph that the notice numbers by itself, 3.2, is called so; the place in a list is another thing.
    named = "para. " if re.match(r"\d+\.\d", place.clause) else "item " if re.match(r"[\d(]", place.clause) else ""
    clause = named + place.clause
    return ", ".join(part for part in (clause or counted, f"p. {place.page}" if place.page else "") if part)


def write_date(issued_on: str, language: str) -> str:
    """An ISO date, complete or not, as the language writes it: 15 March 2023, 2023年3月15日."""
    parts = [int(part) for part in issued_on.split("-")] if issued_on else []
    if language == "zh":
        return "".join(f"{value}{unit}" for value, unit in zip(parts, "年月日", strict=False))
    months = (
        "January", "February", "March", "April", "May", "June", "July",
        "August", "September", "October", "November", "December",
    )  # fmt: skip
    words = [str(parts[2])] if len(parts) > 2 else []
    words += [months[parts[1] - 1]] if len(parts) > 1 else []
    return " ".join([*words, str(parts[0])]) if parts else ""


PROSE = ("plain",)


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a written reference."""

    text: str
    italic: bool = False


def write_note(style: str, card: NoticeCard, place: Pinpoint = _ANYWHERE) -> tuple[Run, ...]:
    """A footnote: the whole reference with the pinpoint."""
    return (Run(write_plain(card, place)),)


def write_reference(style: str, card: NoticeCard) -> tuple[Run, ...]:
    """The entry of a bibliography."""
    return (Run(write_plain(card)),)


def write_rich(runs: Iterable[Run]) -> str:
    """The runs as HTML, escaped."""
    return "".join(f"<i>{escape(run.text)}</i>" if run.italic else escape(run.text) for run in runs)


def write_bare(runs: Iterable[Run]) -> str:
    """The text of the runs."""
    return "".join(run.text for run in runs)
