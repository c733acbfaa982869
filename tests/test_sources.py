"""ingest.sources: what people say of the files of a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import SourcesError
from ingest.sources import read_sources


def test_sources_with_faults(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    table = tmp_path / "sources.csv"
    table.write_text("path,issued_on\na.txt,15/03/2023\ngone.txt,2023\n", encoding="utf-8-sig")
    found = read_sources(table)
    assert found.rows[tmp_path / "a.txt"]["issued_on"] == ""
    assert {path for path, _ in found.warnings} == {"a.txt", "gone.txt"}
    table.write_text("name;title\n")
    with pytest.raises(SourcesError, match="column 'path'"):
        read_sources(table)


def test_the_optional_days_are_read_and_checked(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    table = tmp_path / "sources.csv"
    table.write_text("path,meeting_on,in_force_on,repealed_on\na.txt,2021-03-05,2021-05,soon\n", encoding="utf-8")
    found = read_sources(table)
    row = found.rows[tmp_path / "a.txt"]
    assert (row["meeting_on"], row["in_force_on"], row["repealed_on"], row["issued_on"]) == (
        "2021-03-05",
        "2021-05",
        "",
        "",
    )
    assert [path for path, _ in found.warnings] == ["a.txt"]
