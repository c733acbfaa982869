"""Makes docs/performance.md of what the benchmarks have measured: its tables, and its plots beside it."""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.contest import FIGURES

_OURS, _RECIPE = "#0072B2", "#E69F00"
_UNFILTERED = "no filter"
_RECIPE_WAY = "tutorial recipe, no filter"


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the measurements in a folder; write the page and its plots."""
    parser = argparse.ArgumentParser(prog="python -m evals.performance", description=__doc__)
    parser.add_argument("measured", type=Path, help="the folder with speed.json, contest.json, ceiling.json")
    parser.add_argument("page", type=Path, help="such as docs/performance.md")
    parser.add_argument("--note", default="", help="what a reader must know of this run")
    options = parser.parse_args(arguments)
    measured = {file.stem: json.loads(file.read_text("utf-8")) for file in options.measured.glob("*.json")}
    options.page.write_text(write_page(measured, options.page.stem, options.note), encoding="utf-8")
    if "speed" in measured:
        draw_growth(measured["speed"], options.page.with_name(f"{options.page.stem}-growth.svg"))
    return 0


def write_page(measured: Mapping[str, Any], name: str, note: str = "") -> str:
    """The page in Markdown; a part that was not measured says so."""
    introduction = (
        "# Performance\n\nWritten by `make bench`, all figures of one run on one machine "
        f"({platform.machine()}, Python {platform.python_version()}); the ratios tell more than the times. "
        "Medians throughout." + (f"\n\n{note}" if note else "")
    )
    parts: list[tuple[str, str, Callable[[Any], str]]] = [
        ("Beside others, over the same notices with the same weights", "contest", _write_contest),
        ("As the desk grows", "speed", lambda rows: _write_growth(rows, name) + _reckon_ingest(rows, measured)),
        ("How far from what the machine can do", "ceiling", _write_ceiling),
        ("Many at once", "sessions", _write_sessions),
        ("Spread over a cluster", "cluster", _write_cluster),
    ]
    told = [
        f"## {title}\n\n{write(measured[key]) if key in measured else 'Not measured in this run.'}"
        for title, key, write in parts
    ]
    return "\n\n".join([introduction, *told]) + "\n"


def _write_contest(contest: Mapping[str, Any]) -> str:
    rows = contest["rows"]
    table = [["", *(row["system"] for row in rows)]]
    for key, label, digits in FIGURES:
        first = rows[0][key]
        ratios = ["", *(f" (×{row[key] / first:.2f})" for row in rows[1:])]
        table.append([label, *(f"{row[key]:,.{digits}f}{ratio}" for row, ratio in zip(rows, ratios, strict=True))])
    table += [[key, *(f"{row['quality'][key]:.3f}" for row in rows)] for key in ("hit@1", "hit@5", "nDCG@10")]
    return (
        f"Notices and questions of `{contest['dataset']}`. Each system takes them in, and is asked, in processes of "
        "its own. The desk's ingest also reads the files, finds dates, links and requirements, and makes vectors of "
        "each sentence; the others are given the text.\n\n" + _as_table(table)
    )


def _write_growth(rows: Sequence[Mapping[str, Any]], name: str) -> str:
    ways = list(rows[0]["medians_ms"])
    heads = [f"{row['passages']:,}" for row in rows]
    table = [["passages", *heads]]
    for way in ways:
        values = [row["medians_ms"].get(way) for row in rows]
        table.append([f"{way}, ms", *(f"{value:,.1f}" if value is not None else "–" for value in values)])
    for key, label in (("cold_seconds", "opened and asked, s"), ("peak_mb", "memory while asked, MB")):
        table.append([label, *(f"{row[key]:,.1f}" for row in rows)])
    table.append(["memory while ingesting, MB", *(f"{row['ingest']['peak_mb']:,.0f}" for row in rows)])
    table.append(["on disk, MB", *(f"{sum(row['disk_mb'].values()):,.0f}" for row in rows)])
    for way in rows[0]["recall_at_10"]:
        table.append([f"recall@10, {way}", *(f"{row['recall_at_10'][way]:.3f}" for row in rows)])
    rates = rows[-1]["ingest"]["rates"]
    growth = rows[-1]["medians_ms"][_UNFILTERED] / rows[0]["medians_ms"][_UNFILTERED]
    worst = max(
        value / rows[-1]["medians_ms"][_UNFILTERED]
        for way, value in rows[-1]["medians_ms"].items()
        if way.startswith("filter")
    )
    return (
        "One made-up desk, grown: real vectors of the samples, disturbed, since to embed so many would take days. What "
        "is timed goes from the question as typed to the passages found, the embedding of the question in it.\n\n"
        f"{_as_table(table)}\n\n"
        f"From {heads[0]} to {heads[-1]} passages a question takes {growth:.2f} times as long; the slowest filter by "
        f"year takes {worst:.2f} times as long as none; the last {rates[-1]['passages']:,} passages are written at "
        f"{rates[-1]['a_second'] / rates[0]['a_second']:.2f} of the rate of the first "
        f"({rates[-1]['a_cpu_second'] / rates[0]['a_cpu_second']:.2f} by the processor's time).\n\n"
        f"![How it grows]({name}-growth.svg)"
    )


def _reckon_ingest(rows: Sequence[Mapping[str, Any]], measured: Mapping[str, Any]) -> str:
    """What dearer writing means for an ingest that also reads and embeds: reckoned, for to embed a million takes hours.

    A passage's time is that of a whole ingest of the samples, and what writing takes longer at the end than at first.
    """
    if "ceiling" not in measured:
        return ""
    rates = [rate["a_second"] for rate in rows[-1]["ingest"]["rates"]]
    whole = measured["ceiling"]["whole_ingest_passages_a_second"]
    later = 1 / (1 / whole + 1 / rates[-1] - 1 / rates[0])
    return (
        f"\n\nWriting is a small part of an ingest, which reads and embeds {whole:,.0f} passages a second. With what "
        f"writing takes longer at the end, the last passages would be taken in at {later / whole:.2f} of that rate: "
        "reckoned from the two, not measured."
    )


def _write_ceiling(found: Mapping[str, float]) -> str:
    table = [
        ["ingest, passages a second", ""],
        ["the model's arithmetic at the peak of the machine", f"{found['at_the_peak_passages_a_second']:,.0f}"],
        ["embedding alone", f"{found['embedding_passages_a_second']:,.1f}"],
        ["embedding as a share of the peak", f"{found['embedding_share_of_the_peak']:.2f}"],
        ["a whole ingest of the samples", f"{found['whole_ingest_passages_a_second']:,.1f}"],
        ["**a question, ms**", ""],
        ["one embedding", f"{found['embedding_ms']:,.1f}"],
        ["one search of the graph", f"{found['graph_ms']:,.1f}"],
        ["the whole search", f"{found['search_ms']:,.1f}"],
        ["the whole to the two", f"{found['search_to_its_least']:.2f}"],
    ]
    peak = found["peak_operations_a_second_1e9"]
    return (
        f"The peak is that of the fastest matrix product seen here, {peak:,.0f} · 10⁹ operations a second; a passage "
        f"of the samples takes {found['operations_a_passage_1e9']:.1f} · 10⁹.\n\n{_as_table(table)}"
    )


def _write_sessions(found: Mapping[str, Any]) -> str:
    return _as_table([["", ""], *([name.replace("_", " "), f"{value}"] for name, value in found.items())])


def _write_cluster(found: Mapping[str, Any]) -> str:
    return _as_table([["", ""], *([name.replace("_", " "), f"{value}"] for name, value in found.items())])


def _as_table(rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], f"| {' | '.join('---' for _ in rows[0])} |", *lines[1:]])


def draw_growth(rows: Sequence[Mapping[str, Any]], file: Path) -> None:
    """Write the plot as SVG: the time of a question by size, and the rate of ingest. Raises OSError."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.hashsalt": "policy-desk", "svg.fonttype": "none", "font.size": 9}):
        figure = Figure(figsize=(10, 3.8), layout="constrained")
        times, rates = figure.subplots(1, 2)
        sizes = [row["passages"] for row in rows]
        for way in rows[-1]["medians_ms"]:
            if way == _UNFILTERED or way.startswith("filter"):
                style = (
                    {"color": _OURS, "linewidth": 2.0} if way == _UNFILTERED else {"linewidth": 0.9, "linestyle": "--"}
                )
                times.plot(sizes, [row["medians_ms"][way] for row in rows], marker="o", label=way, **style)
        recipe = [(row["passages"], row["medians_ms"][_RECIPE_WAY]) for row in rows if _RECIPE_WAY in row["medians_ms"]]
        if recipe:
            times.plot(*zip(*recipe, strict=True), marker="s", color=_RECIPE, label=_RECIPE_WAY)
        times.set(xscale="log", yscale="log", xlabel="passages", ylabel="ms, median", title="A question")
        times.legend(frameon=False, fontsize=7)
        stretches = rows[-1]["ingest"]["rates"]
        ends = [stretch["from"] + stretch["passages"] for stretch in stretches]
        rates.plot(ends, [stretch["a_second"] for stretch in stretches], marker="o", color=_OURS, label="by the clock")
        by_processor = [stretch["a_cpu_second"] for stretch in stretches]
        rates.plot(ends, by_processor, marker=".", color="grey", linestyle=":", label="a second of processor")
        rates.set(xlabel="passages", ylabel="passages a second", title="Written to the store", ylim=(0, None))
        rates.legend(frameon=False, fontsize=7)
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})


if __name__ == "__main__":
    sys.exit(main())
