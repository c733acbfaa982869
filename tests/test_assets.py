"""The scripts and styles of the pages: they fetch nothing, and move nothing for those who want no movement."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

_ASSETS = sorted((ROOT / "views" / "assets").glob("*.*"))


@pytest.mark.parametrize("path", _ASSETS, ids=lambda path: path.name)
def test_an_asset_fetches_nothing(path: Path) -> None:
    said = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.search(r"url\s*\(|@import|@font-face|https?:|\bfetch\s*\(|XMLHttpRequest|WebSocket|\bimport\b", said)


@pytest.mark.parametrize("path", _ASSETS, ids=lambda path: path.name)
def test_an_asset_moves_nothing(path: Path) -> None:
    said = path.read_text(encoding="utf-8")
    # What stands within a query for less movement takes movement away.
    said = re.sub(r"@media \(prefers-reduced-motion: reduce\) \{.*?\n\}", "", said, flags=re.DOTALL)
    assert not re.search(r"smooth|@keyframes|\banimat|transition|<marquee", said)
