"""What became of each file of a run, told by what the catalogue knew before and knows after it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from core.intake import Fate, Outcome
from ingest.pipeline import Report
from store.catalogue import Catalogue, FileRecord


class Before:
    """What the catalogue knows before a run: the notices, and which file leads to which."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.notices = {card.notice_id for card in catalogue.cards()}
        self.files = {record.location: record.notice_id for record in catalogue.files()}


def tell_outcomes(
    catalogue: Catalogue, before: Before, report: Report, name: str, location: Path, path: str
) -> list[Outcome]:
    """The outcomes of the file that was read at a location, and of what lies in it.

    `path` is its name in the report; `name` is what it is called in the outcomes.
    """

    def shown(inner: str) -> str:
        return name + inner[len(path) :]

    failed = {inner for inner, _ in report.failed}
    told = [
        _tell_file(catalogue, before, record, shown(record.path))
        for record in catalogue.files()
        if Path(record.location).is_relative_to(location) and record.path not in failed
    ]
    told += [
        Outcome(
            shown(inner),
            Fate.withheld,
            withdrawal.notice_id,
            reason=f"{withdrawal.person} removed this notice on {withdrawal.at[:10]}",
            help="Restore it under “Recently removed”.",
        )
        for inner, withdrawal in report.withheld
        if _is_within(inner, path)
    ]
    told += [
        Outcome(shown(inner), Fate.failed, reason=reason, help=_find_advice(report, inner))
        for inner, reason in report.failed
        if _is_within(inner, path)
    ]
    warnings = tuple(reason for inner, reason in report.warnings if _is_within(inner, path))
    if len(told) == 1 and told[0].fate not in (Fate.withheld, Fate.failed):
        return [replace(told[0], warnings=warnings)]
    return told


def _tell_file(catalogue: Catalogue, before: Before, record: FileRecord, name: str) -> Outcome:
    card = catalogue.card(record.notice_id)
    if before.files.get(record.location) == record.notice_id:
        return Outcome(name, Fate.unchanged, card.notice_id, card.title)
    if card.path == record.path and record.notice_id not in before.notices:
        return Outcome(name, Fate.added, card.notice_id, card.title)
    return Outcome(name, Fate.duplicate, card.notice_id, card.title, card.path)


def _is_within(inner: str, path: str) -> bool:
    return inner == path or inner.startswith(f"{path}/")


def _find_advice(report: Report, path: str) -> str:
    return next((line[len(path) + 2 :] for line in report.advice if line.startswith(f"{path}: ")), "")
