"""ingest.readers.pdf_tables: ruled tables are rows of cells, once, in their place."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ingest.readers import read_file
from ingest.sentences import parse_sentences
from tests.conftest import CORPUS, LIMITS
from tests.pdf_pages import HEIGHT, Page, Rule, Words, column, grid, write_pdf

FEES = [["Area", "Fee"], ["London fringe", "3,200 yuan"], ["Wales", ""], ["Scotland", "2,100 yuan"]]


def _read(*pages: Page, turned: int = 0) -> str:
    return read_file("a.pdf", write_pdf(*pages, turned=turned), LIMITS).text


@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("turned", [0, 90])
def test_a_table_is_rows_in_its_place_wherever_it_is_stored(last: bool, turned: int) -> None:
    rows = [["Area", "Fee"], ["London fringe", "3,200 yuan"], ["Scotland", "2,100 yuan"]]
    words = [Words("These are the fees.", 72, 500), Words("They are paid in May.", 72, 350)]
    table = grid(rows, 72, 480, 150)
    page = [*words, *table] if last else [*table, *words]
    assert _read(page, turned=turned) == (
        "These are the fees.\n\nArea\tFee\nLondon fringe\t3,200 yuan\nScotland\t2,100 yuan\n\nThey are paid in May."
    )


def test_the_first_row_is_the_head_of_the_others() -> None:
    text = _read([*grid(FEES[:2] + FEES[3:], 72, 700, 150)])
    assert [(sentence.kind.value, sentence.head) for sentence in parse_sentences(text)] == [
        ("row", None),
        ("row", 0),
        ("row", 0),
    ]


def test_the_lines_of_a_cell_are_one() -> None:
    table = grid([["Duty", "Who"], ["", ""], ["Meals", "Heads"]], 72, 700, 150, height=40)
    cells = column(["Report on educa-", "tion and fees"], 76, 646, 12, 10)
    cells += column(["每所学校", "校长负责"], 226, 646, 12, 10)
    assert _read([*table, *cells]) == "Duty\tWho\nReport on education and fees\t每所学校校长负责\nMeals\tHeads"


def test_cells_that_are_merged_are_one() -> None:
    rules = [Rule(72, 700 - 20 * row, 372, 700 - 20 * row) for row in range(4)]
    rules += [Rule(72, 640, 72, 700), Rule(372, 640, 372, 700), Rule(222, 640, 222, 680)]
    words = [Words("Fees of 2023", 76, 686), Words("Area", 76, 666), Words("Fee", 226, 666)]
    words += [Words("Wales", 76, 646), Words("100", 226, 646)]
    assert _read([*rules, *words]) == "Fees of 2023\n\nArea\tFee\nWales\t100"


def test_frames_underlines_and_grids_of_charts_are_no_tables() -> None:
    lines = ["Every school reports to its district by the end of", "May, and the district answers it in June."]
    frame = [Rule(60, 600, 60, 760), Rule(500, 600, 500, 760), Rule(60, 600, 500, 600), Rule(60, 760, 500, 760)]
    assert _read([*frame, *column(lines)]) == " ".join(lines)
    chart = [*grid([[""] * 6] * 6, 72, 600, 50), Words("2023", 80, 590)]
    assert _read([*column(lines), *chart]) == " ".join(lines) + "\n\n2023"


def test_a_table_at_the_edge_of_each_page_is_no_header() -> None:
    pages = [[*grid([["Area", "Fee"], [f"Area {name}", "100"]], 72, HEIGHT - 20, 150)] for name in ("one", "two")]
    assert _read(*pages) == "Area\tFee\nArea one\t100\n\nArea\tFee\nArea two\t100"


def test_nothing_is_built_at_import() -> None:
    script = "import sys, ingest.readers; sys.exit('pdfplumber' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False, cwd=CORPUS.parent).returncode == 0
