"""The picture of a comparison: both systems measure by measure, and the difference group by group."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from evals.comparison import Comparison
from evals.measures import METRICS, Estimate
from evals.report import BASELINE, OURS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Blue and orange of Okabe & Ito: told apart by readers who do not see all colours, and in grey.
_COLOURS = {OURS: "#0072B2", BASELINE: "#E69F00"}


def draw(comparison: Comparison, file: Path) -> None:
    """Write the picture as SVG; equal figures give equal bytes. Raises OSError."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    groups = len(comparison.groups)
    # Words stay words, so that the viewer's own fonts show any script; ids come from a fixed salt.
    with mpl.rc_context({"svg.hashsalt": "policy-desk", "svg.fonttype": "none", "font.size": 9}):
        figure = Figure(figsize=(11 if groups > 1 else 5.5, max(3.6, 1.2 + 0.28 * groups)), layout="constrained")
        panels = figure.subplots(1, 2 if groups > 1 else 1, squeeze=False)[0]
        _draw_measures(panels[0], comparison)
        figure.legend(loc="outside lower left", ncols=2, frameon=False)
        if groups > 1:
            _draw_differences(panels[1], comparison)
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})


def _draw_measures(panel: Axes, comparison: Comparison) -> None:
    whole = comparison.groups[0]
    for shift, (name, row) in zip((-0.2, 0.2), {OURS: whole.ours, BASELINE: whole.baseline}.items(), strict=True):
        estimates = [row[metric] for metric in METRICS]
        places = [place + shift for place in range(len(METRICS))]
        means = [estimate.mean for estimate in estimates]
        panel.bar(places, means, 0.38, label=name, color=_COLOURS[name])
        panel.errorbar(places, means, _reach(estimates), fmt="none", ecolor="black", elinewidth=0.8, capsize=2)
    panel.set_xticks(range(len(METRICS)), METRICS)
    panel.set_ylim(0, 1.02)
    panel.set_title(f"{comparison.dataset.name}, {whole.questions:,} questions")


def _draw_differences(panel: Axes, comparison: Comparison) -> None:
    estimates = [group.difference["nDCG@10"] for group in comparison.groups]
    places = list(range(len(estimates)))
    means = [estimate.mean for estimate in estimates]
    panel.axvline(0, color="grey", linewidth=0.8)
    panel.errorbar(means, places, xerr=_reach(estimates), fmt="o", color=_COLOURS[OURS], capsize=2)
    panel.set_yticks(places, [f"{group.name} ({group.questions:,})" for group in comparison.groups])
    panel.invert_yaxis()
    panel.set_title(f"nDCG@10: {OURS} minus {BASELINE}")


def _reach(estimates: list[Estimate]) -> list[list[float]]:
    """How far the intervals reach below and above their means."""
    below = [max(0.0, estimate.mean - estimate.low) for estimate in estimates]
    return [below, [max(0.0, estimate.high - estimate.mean) for estimate in estimates]]
