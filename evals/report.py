"""A comparison as a table for people, as JSON, and as a report to keep: Markdown with its plot."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from core.errors import UsageError
from evals.baseline import CHUNK_OVERLAP, CHUNK_SIZE, SHOWN
from evals.comparison import Comparison, Group
from evals.measures import METRICS, Estimate

OURS, BASELINE = "Policy Desk", "tutorial recipe"
# These two are shown with their intervals; JSON has all.
HEADLINES = ("hit@1", "nDCG@10")
_PACKAGES = ("chromadb", "langchain-chroma", "langchain-text-splitters", "ir-measures")


def as_json(comparison: Comparison) -> dict[str, Any]:
    """Everything, rounded: measures to 4 digits, seconds to 6."""
    dataset, speed = comparison.dataset, comparison.speed
    return {
        "dataset": dataset.name,
        "kind": dataset.kind,
        "embedding_model": comparison.embedding_model,
        "packages": {name: version(name) for name in _PACKAGES},
        "counts": {
            "notices": comparison.notices,
            "passages": comparison.passages,
            "baseline_chunks": comparison.chunks,
            "questions": comparison.groups[0].questions,
            "left_out": dataset.left_out,
        },
        "groups": [_group_as_json(group) for group in comparison.groups],
        "speed": {
            "ours": round(speed.ours, 6),
            "baseline": round(speed.baseline, 6),
            "ratio": round(speed.ratio, 4),
            "searches": speed.questions,
        },
        "warnings": list(comparison.warnings),
        "questions": [
            {
                "id": asked.case.question_id,
                "form": asked.case.form.value,
                "type": asked.case.type,
                "lang": asked.case.language,
                "ours": asked.ours,
                "baseline": asked.baseline,
                "seconds": {"ours": round(asked.seconds[0], 6), "baseline": round(asked.seconds[1], 6)},
            }
            for asked in comparison.asked
        ],
    }


def _group_as_json(group: Group) -> dict[str, Any]:
    rows = {"ours": group.ours, "baseline": group.baseline, "difference": group.difference}
    return {
        "group": group.name,
        "questions": group.questions,
        **{name: {metric: round(row[metric].mean, 4) for metric in METRICS} for name, row in rows.items()},
        "intervals": {
            name: {metric: [round(row[metric].low, 4), round(row[metric].high, 4)] for metric in METRICS}
            for name, row in rows.items()
        },
    }


def as_table(comparison: Comparison) -> str:
    """The figures for a terminal: a block for each group of questions, then the speed."""
    lines = [_headline(comparison), ""]
    names = [_name(group) for group in comparison.groups]
    widths = [max(map(len, [BASELINE, *names])), *(22 if metric in HEADLINES else 6 for metric in METRICS)]
    for group, name in zip(comparison.groups, names, strict=True):
        lines += [_pad(row, widths) for row in [[name, *METRICS], *_rows(group)]]
        lines.append("")
    lines.append(_tell_speed(comparison))
    lines += [f"warning: {_on_one_line(warning)}" for warning in comparison.warnings]
    return "\n".join(lines)


def as_markdown(comparison: Comparison, plot: str) -> str:
    """The report: the figures, `plot` (the name of the picture beside it), and how they came about."""
    name = comparison.dataset.name
    packages = ", ".join(f"{package} {version(package)}" for package in _PACKAGES)
    table = [["questions", "", *METRICS], ["---"] * (len(METRICS) + 2)]
    for group in comparison.groups:
        rows = _rows(group)
        table += [[_name(group), *rows[0]], ["", *rows[1]], ["", *rows[2]]]
    return "\n".join(
        [
            f"# Retrieval on {name}",
            "",
            _headline(comparison),
            "",
            f"![Both systems, measure by measure]({plot})",
            "",
            *("| " + " | ".join(row) + " |" for row in table),
            "",
            _tell_speed(comparison),
            "",
            f"Made by `make eval DATA=…/{name} REPORT=…`. In brackets: 95 % intervals, by bootstrap over questions; "
            "“difference” is paired, question by question. Where a group is small, so is what its figures say. "
            f"The tutorial recipe splits into {CHUNK_SIZE:,} characters with {CHUNK_OVERLAP} of overlap, searches "
            f"Chroma with the same embedding model, and would show an answerer {SHOWN} chunks; its ranking is followed "
            f"further down for hit@5 and deeper. With {packages}.",
            # Without their names: a report is to be shown, and a set's files may not be.
            *(["", f"Warnings that the command printed: {len(comparison.warnings)}."] if comparison.warnings else []),
            "",
        ]
    )


def write_report(comparison: Comparison, stem: Path) -> None:
    """Write `stem`.md, .svg and .json (all figures but those of single questions); raises UsageError."""
    from evals.plot import draw

    figures = as_json(comparison) | {"warnings": len(comparison.warnings)}
    del figures["questions"]
    try:
        draw(comparison, _with_ending(stem, ".svg"))
        _with_ending(stem, ".md").write_text(as_markdown(comparison, stem.name + ".svg"), encoding="utf-8")
        written = json.dumps(figures, ensure_ascii=False, indent=1)
        _with_ending(stem, ".json").write_text(written + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{stem}: the report cannot be written ({error.strerror})", "Check the path.") from error


def _with_ending(stem: Path, ending: str) -> Path:
    """The file of that ending; a dot in the name stays what it is."""
    return stem.with_name(stem.name + ending)


def _headline(comparison: Comparison) -> str:
    dataset = comparison.dataset
    level = "records, each a notice" if dataset.kind == "public" else "notices"
    return (
        f"{dataset.name}: {comparison.groups[0].questions:,} questions over {comparison.notices:,} {level} "
        f"({comparison.passages:,} passages; {comparison.chunks:,} chunks of the baseline), "
        f"{dataset.left_out:,} questions without an answer left out. Embedding model: {comparison.embedding_model}."
    )


def _tell_speed(comparison: Comparison) -> str:
    speed = comparison.speed
    return (
        f"Median time a question, warm, asked in turns: {OURS} {speed.ours * 1000:.1f} ms, "
        f"{BASELINE} {speed.baseline * 1000:.1f} ms; ratio {speed.ratio:.2f}."
    )


def _rows(group: Group) -> list[list[str]]:
    """Three rows of cells: ours, the baseline, the difference."""
    return [
        [OURS, *_cells(group.ours, "")],
        [BASELINE, *_cells(group.baseline, "")],
        ["difference", *_cells(group.difference, "+")],
    ]


def _cells(row: Mapping[str, Estimate], sign: str) -> list[str]:
    cells: list[str] = []
    for metric in METRICS:
        value = row[metric]
        interval = f" [{value.low:{sign}.2f}, {value.high:{sign}.2f}]" if metric in HEADLINES else ""
        cells.append(f"{value.mean:{sign}.3f}{interval}")
    return cells


def _name(group: Group) -> str:
    return f"{group.name} ({group.questions:,})"


def _pad(row: list[str], widths: list[int]) -> str:
    return "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()


def _on_one_line(text: str) -> str:
    """Text without what could start a line or command a terminal: file names may hold anything."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)
