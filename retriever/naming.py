"""Years as a person names them, in English and Chinese."""

from __future__ import annotations

from collections.abc import Collection

from retriever.periods import EARLIEST_YEAR


def name_years(
    years: Collection[int], language: str, named: Collection[int] = (), school_years: Collection[int] = ()
) -> str:
    """The name of a period, or of any years, in a language ('en', 'zh'); "" where there are none.

    A run is named by its ends ("2019–2026", 2019–2026年), one that is open towards the past by its last
    ("the years before 1950", 1950年以前), a school year by both years ("2022/23", 2022–2023学年).
    `named`: the years that stood in the words; `school_years`: those in which school years begin.
    """
    runs = _cut_runs(years)
    if len(runs) == 1 and len(runs[0]) == 2 and runs[0][0] in school_years:
        return _name_school_year(runs[0][0], language)
    names = [_name_run(run, language, named) for run in runs]
    return ("、" if language == "zh" else ", ").join(names)


def _cut_runs(years: Collection[int]) -> list[list[int]]:
    """The years in order, cut where one is left out."""
    runs: list[list[int]] = []
    for year in sorted(set(years)):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return runs


def _name_school_year(first: int, language: str) -> str:
    if language == "zh":
        return f"{first}–{first + 1}学年"
    return f"{first}/{first + 1}" if first % 100 == 99 else f"{first}/{(first + 1) % 100:02}"


def _name_run(run: list[int], language: str, named: Collection[int]) -> str:
    first, last = run[0], run[-1]
    # No question names the earliest year: a run from there on is one of which only the end was said.
    if first == EARLIEST_YEAR and first not in named:
        if language == "zh":
            return f"{last}年及以前" if last in named else f"{last + 1}年以前"
        return f"the years until {last}" if last in named else f"the years before {last + 1}"
    name = str(first) if first == last else f"{first}–{last}"
    return f"{name}年" if language == "zh" else name
