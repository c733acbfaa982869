"""assistant.dating: days from which something applies."""

from __future__ import annotations

import pytest

from assistant.dating import read_effect_dates


@pytest.mark.parametrize(
    ("question", "text", "found"),
    [
        ("What pay applies from 1 September 2024?", "Figures apply from 1 September 2024.", True),
        ("What pay applies from 1 September 2024?", "in force from September 2024", True),
        ("What pay applies from 1 September 2024?", "自2024年9月1日起施行", True),
        ("What pay applies from 1 September 2024?", "Figures apply from 1 September 2023.", False),
        ("自2024年9月1日起工资是多少？", "These apply from September 1, 2024.", True),
    ],
)
def test_the_day_is_found_however_it_is_written(question: str, text: str, found: bool) -> None:
    dates = read_effect_dates(question)
    assert len(dates) == 1
    assert (dates[0].search(text) is not None) is found


@pytest.mark.parametrize("question", ["What was required in 2024?", "Who met on 1 September 2024?", "何时施行？"])
def test_other_days_are_not_meant(question: str) -> None:
    assert read_effect_dates(question) == []
