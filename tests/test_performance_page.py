"""evals.performance: the page holds what was measured, and says what was not."""

from __future__ import annotations

from typing import Any

from evals.performance import write_page

_SPEED: list[dict[str, Any]] = [
    {
        "passages": size,
        "ingest": {
            "peak_mb": 100,
            "rates": [
                {"from": 0, "passages": 1000, "a_second": 500.0, "a_cpu_second": 800.0},
                {"from": 1000, "passages": 1000, "a_second": 250.0, "a_cpu_second": 600.0},
            ],
        },
        "medians_ms": {"no filter": time, "filter by year, keeps 3 %": 1.5 * time},
        "cold_seconds": 1.0,
        "peak_mb": 200,
        "disk_mb": {"catalogue": 1.0},
        "recall_at_10": {"no filter": 0.995},
    }
    for size, time in ((10_000, 20.0), (1_000_000, 50.0))
]


def test_nothing_measured_is_said_of_each_part() -> None:
    assert write_page({}, "performance").count("Not measured in this run.") == 5


def test_growth_is_told_in_ratios() -> None:
    page = write_page({"speed": _SPEED}, "performance", "A note.")
    assert "A note." in page
    assert "takes 2.50 times as long" in page
    assert "takes 1.50 times as long as none" in page
    assert "at 0.50 of the rate of the first (0.75 by the processor's time)" in page
    assert "reckoned" not in page


def test_what_an_ingest_loses_is_reckoned_from_both_measurements() -> None:
    ceiling = dict.fromkeys(
        (
            "peak_operations_a_second_1e9",
            "operations_a_passage_1e9",
            "at_the_peak_passages_a_second",
            "embedding_passages_a_second",
            "embedding_share_of_the_peak",
            "embedding_ms",
            "graph_ms",
            "search_ms",
            "search_to_its_least",
        ),
        1.0,
    )
    page = write_page({"speed": _SPEED, "ceiling": ceiling | {"whole_ingest_passages_a_second": 50.0}}, "performance")
    # 20 ms a passage, and 2 ms more at the end.
    assert "taken in at 0.91 of that rate" in page
