"""What the address of the page What was required chooses: years, who is bound, strengths."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from core.types import Further, Strength

_YEAR = re.compile(r"\d{4}")
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Choices:
    """The first year and the last one, who is bound ('' for anybody), the strengths (all if empty)."""

    first: int
    last: int
    bound: str = ""
    strengths: tuple[Strength, ...] = ()


def write_choices(further: Further) -> dict[str, str | list[str]]:
    """What was asked for, as the query of the page's address; years with others between them as a run."""
    choices: dict[str, str | list[str]] = {"strength": [strength.value for strength in further.strengths]}
    if further.years:
        choices |= {"from": str(min(further.years)), "to": str(max(further.years))}
    if further.bound:
        choices["bound"] = further.bound
    return choices


def read_choices(years: Sequence[int], newest: int) -> Choices:
    """What the address chooses of `years`, ascending; anybody may have written it.

    Without years in it all are chosen, and `newest` alone where it chooses nothing that there is.
    """
    given = st.query_params
    named = [int(value) for value in (given.get("from", ""), given.get("to", "")) if _YEAR.fullmatch(value)]
    strengths = tuple(strength for strength in Strength if strength in given.get_all("strength"))
    bound = given.get("bound", "")[:_LONGEST_NAME]
    if not named and (bound or strengths):
        return Choices(years[0], years[-1], bound, strengths)
    kept = [year for year in years if named and min(named) <= year <= max(named)] or [newest]
    return Choices(kept[0], kept[-1], bound, strengths)
