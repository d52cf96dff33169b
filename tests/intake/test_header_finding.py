"""Heading cells found in IM-TQA's real tables, beside those that its annotators marked.

A table's identifier decides its half: the reader was tuned on the even half, the odd one is
reported. The relational tables are those that IM-TQA calls vertical.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import pytest

from tests.paths import ROOT, SHARED_DATA
from wuhao.intake.reader.layout import find_tables
from wuhao.intake.reader.model import Merged, Sheet

TABLES = SHARED_DATA / "im-tqa" / "train_tables.json"
PAGE = ROOT / "docs" / "intake" / "reading.md"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not TABLES.exists(), reason="IM-TQA does not lie beside the project"),
]


@dataclass
class Score:
    """Heading cells found and marked, found alone, marked alone; tables."""

    both: int = 0
    found: int = 0
    marked: int = 0
    tables: int = 0

    @property
    def precision(self) -> float:
        return self.both / self.found

    @property
    def recall(self) -> float:
        return self.both / self.marked


def half(table: dict[str, Any]) -> str:
    digest = hashlib.sha256(table["table_id"].encode()).digest()
    return "tuned" if digest[0] % 2 == 0 else "reported"


def as_sheet(table: dict[str, Any]) -> Sheet:
    """The cells of a table, each in its first place, with the ranges over which it is merged."""
    places: dict[int, tuple[int, int, int, int]] = {}
    for row, line in enumerate(table["cell_ID_matrix"]):
        for column, cell in enumerate(line):
            top, left, bottom, right = places.get(cell, (row, column, row, column))
            places[cell] = (top, left, max(bottom, row), max(right, column))
    texts = table["chinese_cell_value_list"]
    cells = [
        [
            texts[c] or None if places[c][:2] == (row, column) else None
            for column, c in enumerate(line)
        ]
        for row, line in enumerate(table["cell_ID_matrix"])
    ]
    merged = [Merged(*place) for place in places.values() if place[:2] != place[2:]]
    return Sheet("表", cells, merged)


def measure(kind: str, wanted: str) -> Score:
    score = Score()
    for table in json.loads(TABLES.read_text(encoding="utf-8")):
        if table["table_type"] != kind or half(table) != wanted:
            continue
        texts, lines = table["chinese_cell_value_list"], table["cell_ID_matrix"]
        rows = [
            row
            for found in find_tables(as_sheet(table))
            for row in range(found.header_rows[0] - 1, found.header_rows[1])
        ]
        found = {cell for row in rows for cell in lines[row] if texts[cell].strip()}
        marked = {cell for cell in table["column_attribute"] if texts[cell].strip()}
        score.both += len(found & marked)
        score.found += len(found)
        score.marked += len(marked)
        score.tables += 1
    return score


@pytest.mark.parametrize("wanted", ["tuned", "reported"])
def test_headings_of_relational_tables_are_found(wanted: str) -> None:
    score = measure("vertical", wanted)
    assert score.tables > 90
    assert min(score.precision, score.recall) >= 0.95


def line(kind: str, label: str) -> str:
    score = measure(kind, "reported")
    return f"| {label} | {score.tables} | {score.precision:.3f} | {score.recall:.3f} |"


@pytest.mark.parametrize(
    ("kind", "label"), [("vertical", "relational"), ("hierarchical", "with levels")]
)
def test_the_page_gives_the_figures_that_are_measured(kind: str, label: str) -> None:
    assert line(kind, label) in PAGE.read_text(encoding="utf-8").splitlines()
